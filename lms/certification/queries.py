"""Every SQL statement of certification. All of them need a transaction of the service."""

LOCK = "select pg_advisory_xact_lock(hashtextextended('callx.certificate ' || $1::uuid::text || $2::uuid::text, 0))"
"""Of two transactions that issue to the same person for the same product, one waits."""

STANDING = "select * from callx.certificate_standing($1, $2)"
MISSING = "select * from callx.what_is_missing($1, $2)"
PRODUCT_OF_LESSON = """
    select m.product_id from public.lessons l join public.modules m on m.id = l.module_id where l.id = $1
"""
NOT_YET_CERTIFIED = "select * from callx.probably_earned($1)"
"""Candidates only: whether they are certified is for STANDING to say."""

CERTIFICATION = """
    insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, $3)
    on conflict (user_id, product_id) do update set certificate_url = excluded.certificate_url
    returning id
"""
RENAME_OLD_OBJECT = "update storage.objects set name = $2 where bucket_id = 'certificates' and name = $1"
RENAME_OLD_ISSUE = "update public.certificate_issues set object_name = $2 where object_name = $1"
ISSUE = """
    insert into public.certificate_issues
      (certification_id, number, code, holder_name, product_title, issuer, score, issued_at, expires_at, object_name,
       pdf_sha256, printed_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $8)
    returning id
"""
NEWEST = """
    select c.id as certification_id, c.certificate_url, i.code, i.issued_at, i.expires_at, i.revoked_at
    from public.certifications c join public.certificate_issues i on i.certification_id = c.id
    where c.user_id = $1 and c.product_id = $2
    order by i.number desc limit 1
"""
BY_CODE = """
    select i.holder_name, i.product_title, i.issuer, i.score, i.issued_at, i.expires_at, i.revoked_at, i.pdf_sha256,
      i.earlier_pdf_sha256, c.shown_name,
      exists (select from public.certificate_badges b where b.issue_id = i.id) as has_badge,
      exists (
        select from public.certificate_issues n where n.certification_id = i.certification_id and n.number > i.number
      ) as is_renewed
    from public.certificate_issues i join public.certifications c on c.id = i.certification_id
    where i.code = $1
"""
PRODUCT_FOR_BACKGROUND = """
    select certificate_background from public.products where id = $1 and archived_at is null for update
"""
SET_BACKGROUND = "update public.products set certificate_background = $2 where id = $1"
"""By an admin, in whose name the audit log notes it."""
REMOVE_OBJECT = "delete from storage.objects where bucket_id = 'certificates' and name = $1"
VERSION_OF = "select version from storage.objects where bucket_id = 'certificates' and name = $1"

_BADGE_TO_MAKE = """
    select i.id as issue_id, i.code, i.certification_id, i.product_title, i.issuer, i.score, i.issued_at, i.printed_at,
      i.expires_at, c.product_id, p.description, u.email, b.status_number
    from public.certificate_issues i
    join public.certifications c on c.id = i.certification_id
    join public.products p on p.id = c.product_id
    join public.profiles u on u.id = c.user_id
    left join public.certificate_badges b on b.issue_id = i.id
    where (b.issue_id is null or b.printed_at < i.printed_at)
"""
BADGES_TO_MAKE = _BADGE_TO_MAKE + "order by i.issued_at limit $1"
BADGES_OF_ONE = _BADGE_TO_MAKE + "and c.id = $1"
NEXT_BADGE = "select nextval('callx.badge_numbers')"
IS_WITHDRAWN = "select exists (select from callx.withdrawn_badges where status_number = $1)"
KEEP_BADGE_KEY = """
    insert into callx.badge_keys (thumbprint, public_key) values ($1, $2) on conflict (thumbprint) do nothing
"""
BADGE_KEYS = "select public_key from callx.badge_keys order by first_used_at desc"
KEEP_BADGE = """
    insert into public.certificate_badges as b (issue_id, status_number, credential, printed_at)
    values ($1, $2, $3, $4)
    on conflict (issue_id) do update set credential = excluded.credential, printed_at = excluded.printed_at,
      made_at = now()
    where b.printed_at < excluded.printed_at and b.status_number = excluded.status_number
"""
"""What is there stays, but for the badge of a certificate that was printed anew."""
IS_LIST_USED = """
    select exists (select from public.certificate_badges where status_number >= $1 and status_number < $2)
      or exists (select from callx.withdrawn_badges where status_number >= $1 and status_number < $2)
"""
REVOKED_BADGES = "select status_number from callx.revoked_badges($1, $2)"
BADGE_BY_CODE = """
    select b.credential, b.made_at, i.product_title, i.issuer, i.issued_at
    from public.certificate_badges b join public.certificate_issues i on i.id = b.issue_id
    where i.code = $1
"""
