-- Open Badges: a signed credential for each certificate, the keys they were signed with, and what became of them.

alter table public.certificate_issues
  add column printed_at timestamptz not null default now(),
  add column earlier_pdf_sha256 text[] not null default '{}';
update public.certificate_issues set printed_at = issued_at;
comment on column public.certificate_issues.printed_at is 'When its PDF was printed; later than issued_at if anew.';
comment on column public.certificate_issues.earlier_pdf_sha256 is
  'The sums of the PDFs that were given out for this certificate before it was printed anew, the oldest first.';

create sequence callx.badge_numbers minvalue 0;
grant usage on sequence callx.badge_numbers to service_role;

create table public.certificate_badges (
  issue_id uuid primary key references public.certificate_issues(id) on delete cascade,
  status_number bigint not null unique check (status_number >= 0),
  credential text not null,
  printed_at timestamptz not null,
  made_at timestamptz not null default now()
);
comment on table public.certificate_badges is 'One Open Badges 3.0 credential for each certificate, as it was signed.';
comment on column public.certificate_badges.status_number is
  'Its place in the status lists, which nobody else ever has: a number of callx.badge_numbers.';
comment on column public.certificate_badges.credential is 'A VC-JWT. Whoever has it, has the badge.';
comment on column public.certificate_badges.printed_at is 'The printing of the certificate that it tells of.';

select callx.protect('public.certificate_badges');
grant select on public.certificate_badges to authenticated;
create policy "Badges are visible with their certificate" on public.certificate_badges for select to authenticated
  using (exists (select from public.certificate_issues i where i.id = issue_id));

create table callx.withdrawn_badges (
  status_number bigint primary key,
  withdrawn_at timestamptz not null default now()
);
comment on table callx.withdrawn_badges is
  'Badges whose certificate was deleted: nobody can vouch for them any more, so the status lists have them as revoked.';
select callx.protect('callx.withdrawn_badges');

create function callx.withdraw_badge() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into callx.withdrawn_badges (status_number) values (old.status_number) on conflict do nothing;
  return null;
end
$$;
create trigger certificate_badges_withdraw after delete on public.certificate_badges
  for each row execute function callx.withdraw_badge();

create function callx.revoked_badges(_from bigint, _to bigint) returns table (status_number bigint)
language sql stable
security definer
set search_path = ''
as $$
  select b.status_number
  from public.certificate_badges b join public.certificate_issues i on i.id = b.issue_id
  where b.status_number >= _from and b.status_number < _to and i.revoked_at is not null
  union all
  select w.status_number from callx.withdrawn_badges w where w.status_number >= _from and w.status_number < _to
$$;
comment on function callx.revoked_badges(bigint, bigint) is
  'The numbers from the first up to, but without, the second whose badges hold no more.';

create table callx.badge_keys (
  thumbprint text primary key check (thumbprint ~ '^[A-Za-z0-9_-]{43}$'),
  public_key jsonb not null,
  first_used_at timestamptz not null default now()
);
comment on table callx.badge_keys is
  'The public half of every key that badges were signed with. A row that is deleted makes its badges worthless.';
select callx.protect('callx.badge_keys');
grant select, insert on callx.badge_keys to service_role;

grant execute on function callx.revoked_badges(bigint, bigint) to service_role;
