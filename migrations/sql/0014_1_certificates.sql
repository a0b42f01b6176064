-- Certificates: how long they hold, what each one that was ever issued said, and who took one back and why.

alter table public.products
  add column certificate_valid_days int check (certificate_valid_days between 1 and 36500),
  add column certificate_renewal_days int not null default 60 check (certificate_renewal_days between 0 and 3650),
  add column certificate_background text;
comment on column public.products.certificate_valid_days is 'How long a certificate holds; null: for ever.';
comment on column public.products.certificate_renewal_days is
  'So many days before a certificate expires it can be renewed: what is passed from then on counts anew.';
comment on column public.products.certificate_background is
  'An object in the bucket certificates: the page that certificates are printed on. Written by the server, which looks '
  'at a page before it takes it.';

grant select (certificate_valid_days, certificate_renewal_days) on public.products to authenticated;
grant select (certificate_background),
  insert (certificate_valid_days, certificate_renewal_days), update (certificate_valid_days, certificate_renewal_days)
  on public.products to callx_admin;

alter table public.certifications
  add column code text unique,
  add column expires_at timestamptz,
  add column revoked_at timestamptz,
  add column shown_name text not null default 'full' check (shown_name in ('full', 'initials'));
comment on table public.certifications is
  'Who is certified in what: one row for a person and a product, as its newest row of certificate_issues says.';
comment on column public.certifications.code is 'By which anybody may check the newest certificate, at /verify/<code>.';
comment on column public.certifications.shown_name is 'How the public page names the holder, who decides it.';

grant update (shown_name) on public.certifications to authenticated;
create policy "Users can choose how their certificate names them" on public.certifications for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

create table public.certificate_issues (
  id uuid primary key default gen_random_uuid(),
  certification_id uuid not null references public.certifications(id) on delete cascade,
  number int not null check (number > 0),
  code text not null unique check (code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
  holder_name text not null,
  product_title text not null,
  issuer text not null,
  score int check (score between 0 and 100),
  issued_at timestamptz not null,
  expires_at timestamptz check (expires_at > issued_at),
  object_name text not null unique,
  pdf_sha256 text not null check (pdf_sha256 ~ '^[0-9a-f]{64}$'),
  revoked_at timestamptz,
  revoked_by uuid references public.profiles(id) on delete set null,
  revocation_reason text,
  created_at timestamptz not null default now(),
  unique (certification_id, number),
  check ((revoked_at is null) = (revocation_reason is null))
);
comment on table public.certificate_issues is
  'Every certificate that was ever printed, as it was printed: names and titles may change later, this does not.';
comment on column public.certificate_issues.number is '1 for the first, one more for each renewal.';
comment on column public.certificate_issues.code is '80 random bits in Crockford''s base 32.';
comment on column public.certificate_issues.object_name is 'Where its PDF lies in the bucket certificates.';
create index certificate_issues_revoked_by_idx on public.certificate_issues (revoked_by);

select callx.protect('public.certificate_issues');
grant select on public.certificate_issues to authenticated;
create policy "Issues are visible with their certification" on public.certificate_issues for select to authenticated
  using (exists (select from public.certifications c where c.id = certification_id));

create function callx.follow_newest_issue() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.certifications c set
    code = new.code, issued_at = new.issued_at, expires_at = new.expires_at, revoked_at = new.revoked_at,
    certificate_url = new.object_name
  where c.id = new.certification_id and not exists (
    select from public.certificate_issues i where i.certification_id = c.id and i.number > new.number
  );
  return null;
end
$$;
comment on function callx.follow_newest_issue() is 'The one writer of what certifications repeats of its newest issue.';

create trigger certificate_issues_follow after insert or update on public.certificate_issues
  for each row execute function callx.follow_newest_issue();

create or replace view callx.valid_certifications as
  select c.user_id, c.product_id, c.issued_at from public.certifications c
  where c.revoked_at is null and (c.expires_at is null or c.expires_at > now());
