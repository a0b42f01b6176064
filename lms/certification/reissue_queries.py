"""Every SQL statement of reissuing. All of them need a transaction of the service."""

PRODUCT = "select id from public.products where id = $1 and archived_at is null for update"
"""Locked, so that of two admins who ask at once the second finds what the first has begun."""
UNFINISHED = "select * from public.certificate_reissues where product_id = $1 and finished_at is null"
ALL_UNFINISHED = "select id from public.certificate_reissues where finished_at is null order by asked_at"

BEGIN = """
    with meant as materialized (
      select i.id
      from public.certifications c
      join lateral (
        select n.* from public.certificate_issues n where n.certification_id = c.id order by n.number desc limit 1
      ) i on true
      where c.product_id = $1 and i.revoked_at is null and case $3
        when 'valid' then i.expires_at is null or i.expires_at > $6
        when 'expired' then i.expires_at <= $6
        else true
      end
    ),
    work as (
      insert into public.certificate_reissues (product_id, how, which, reason, asked_by, asked_at, total, finished_at)
      select $1, $2, $3, $4, $5, $6, count(*), case when count(*) = 0 then $6 end from meant
      returning *
    ),
    items as (
      insert into public.certificate_reissue_items (reissue_id, issue_id)
      select w.id, m.id from work w, meant m
    )
    select * from work
"""
TO_DO = """
    select issue_id from public.certificate_reissue_items
    where reissue_id = $1 and outcome is null order by issue_id limit $2
"""
IS_LEFT = """
    select exists (select from public.certificate_reissue_items where reissue_id = $1 and outcome is null)
"""
FINISH = "update public.certificate_reissues set finished_at = $2 where id = $1 and finished_at is null"

_IS_OVER = """
    i.revoked_at is not null or exists (
      select from public.certificate_issues n where n.certification_id = i.certification_id and n.number > i.number
    )
"""
ITEM = f"""
    select w.how, t.issue_id, i.certification_id, i.number, i.code, i.holder_name, i.product_title, i.score,
      i.issued_at, i.expires_at, i.object_name, c.user_id, c.product_id, s.holder_name as name_today,
      s.product_title as title_today, s.score as score_today, s.valid_days, s.background, ({_IS_OVER}) as is_over
    from public.certificate_reissue_items t
    join public.certificate_reissues w on w.id = t.reissue_id
    join public.certificate_issues i on i.id = t.issue_id
    join public.certifications c on c.id = i.certification_id
    cross join lateral callx.certificate_standing(c.user_id, c.product_id) s
    where t.reissue_id = $1 and t.issue_id = $2 and t.outcome is null
"""  # noqa: S608 - put together from what stands here
TAKE = f"""
    select ({_IS_OVER}) as is_over
    from public.certificate_reissue_items t join public.certificate_issues i on i.id = t.issue_id
    where t.reissue_id = $1 and t.issue_id = $2 and t.outcome is null
    for update of t, i
"""  # noqa: S608
"""Of two workers one waits, and finds that it is settled."""
REPRINT = """
    update public.certificate_issues
    set earlier_pdf_sha256 = earlier_pdf_sha256 || pdf_sha256, pdf_sha256 = $2, issuer = $3,
      printed_at = greatest($4, printed_at + interval '1 second')
    where id = $1 and pdf_sha256 <> $2
    returning id
"""
NOTE = """
    update public.certificate_reissue_items set outcome = $3, problem = $4, settled_at = $5
    where reissue_id = $1 and issue_id = $2
"""
COUNT = {
    outcome: f"update public.certificate_reissues set {outcome} = {outcome} + 1 where id = $1"  # noqa: S608
    for outcome in ("done", "skipped", "failed")
}
