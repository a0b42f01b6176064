-- Printing and issuing the certificates of a product anew, all together, by admins.

create table public.certificate_reissues (
  id uuid primary key default gen_random_uuid(),
  product_id uuid not null references public.products(id) on delete cascade,
  how text not null check (how in ('reprint', 'reissue')),
  which text not null check (which in ('valid', 'expired', 'all')),
  reason text not null check (length(reason) between 1 and 1000),
  asked_by uuid references public.profiles(id) on delete set null,
  asked_at timestamptz not null default now(),
  total int not null check (total >= 0),
  done int not null default 0,
  skipped int not null default 0,
  failed int not null default 0,
  finished_at timestamptz
);
comment on table public.certificate_reissues is 'Work on all certificates of a product, and how far it is.';
comment on column public.certificate_reissues.how is
  'reprint: the same certificates, under their codes, on the page, by the name and with the signature of today; '
  'reissue: new certificates, with codes, names and titles of today, in the place of those.';
comment on column public.certificate_reissues.skipped is 'Certificates that were revoked, renewed or removed meanwhile.';
create index certificate_reissues_product_id_idx on public.certificate_reissues (product_id);
create index certificate_reissues_asked_by_idx on public.certificate_reissues (asked_by);
create unique index certificate_reissues_one_at_a_time on public.certificate_reissues (product_id)
  where finished_at is null;

create table public.certificate_reissue_items (
  reissue_id uuid not null references public.certificate_reissues(id) on delete cascade,
  issue_id uuid not null references public.certificate_issues(id) on delete cascade,
  outcome text check (outcome in ('done', 'skipped', 'failed')),
  problem text,
  settled_at timestamptz,
  primary key (reissue_id, issue_id),
  check ((outcome is null) = (settled_at is null))
);
comment on table public.certificate_reissue_items is 'The certificates that a reissue is about; outcome null: still to do.';
create index certificate_reissue_items_issue_id_idx on public.certificate_reissue_items (issue_id);
create index certificate_reissue_items_to_do_idx on public.certificate_reissue_items (reissue_id, issue_id)
  where outcome is null;

select callx.protect('public.certificate_reissues');
select callx.protect('public.certificate_reissue_items');
grant select on public.certificate_reissues, public.certificate_reissue_items to callx_admin;
create policy "Admins can view reissues" on public.certificate_reissues for select to callx_admin using (true);
create policy "Admins can view what a reissue is about" on public.certificate_reissue_items for select to callx_admin
  using (true);
