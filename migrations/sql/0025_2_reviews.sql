-- People's word over the judge's: what they overrule, what trainees ask them to look at, and what was there before.
-- What counts stands where it always stood, in simulation_attempts and evaluations, so that every reader has it; what
-- the judge said stays beside it.

create table public.reviews (
  id uuid primary key default gen_random_uuid(),
  call_id uuid not null references public.calls(id) on delete cascade,
  user_id uuid not null references public.profiles(id) on delete cascade,
  reviewer_id uuid references public.profiles(id) on delete set null,
  reviewer_name text not null,
  state text not null default 'draft' check (state in ('draft', 'published')),
  decision text check (decision in ('confirmed', 'changed')),
  reason text not null default '' check (char_length(reason) <= 2000),
  overrides jsonb not null default '[]' check (jsonb_typeof(overrides) = 'array'),
  settles boolean not null default true,
  based_on uuid references public.reviews(id) on delete set null,
  result jsonb,
  certificate_stands boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  published_at timestamptz,
  check ((state = 'published') = (published_at is not null)),
  check (state = 'draft' or (reason <> '' and decision is not null and result is not null))
);
comment on table public.reviews is
  'Written by the function review-call alone. The newest published one of a call counts; drafts are their author''s.';
comment on column public.reviews.user_id is 'Whose call it is.';
comment on column public.reviews.overrides is
  'An array of {criterion, check, verdict, reason}; `check` is null for outcomes and measures.';
comment on column public.reviews.settles is 'Whether a provisional result becomes a result.';
comment on column public.reviews.based_on is 'The review that counted when this one was begun; null: the judge''s word.';
comment on column public.reviews.result is
  'When it was published: {machine, before, after}, each {overall_score, passed, provisional, script_adherence, '
  'empathy_score, call_flow_score}.';
comment on column public.reviews.certificate_stands is
  'The call is not passed any more, and the certificate it helped to earn was not taken back: that is for admins.';
create unique index reviews_draft_idx on public.reviews (call_id, reviewer_id) where state = 'draft';
create index reviews_call_id_idx on public.reviews (call_id, published_at);
create index reviews_user_id_idx on public.reviews (user_id);
create index reviews_reviewer_id_idx on public.reviews (reviewer_id);
create index reviews_based_on_idx on public.reviews (based_on);
create trigger reviews_touch_updated_at before update on public.reviews
  for each row execute function callx.touch_updated_at();

select callx.protect('public.reviews');
grant select on public.reviews to authenticated;
grant delete on public.reviews to callx_manager, callx_admin;
create policy "Users can view reviews of own calls" on public.reviews for select to authenticated
  using (user_id = (select auth.uid()) and state = 'published');
create policy "Managers can view reviews of trainee calls" on public.reviews for select to callx_manager
  using (
    user_id = any ((select callx.my_trainees())::uuid[])
    and (state = 'published' or reviewer_id = (select auth.uid()))
  );
create policy "Admins can view all reviews" on public.reviews for select to callx_admin
  using (state = 'published' or reviewer_id = (select auth.uid()));
create policy "Managers can discard own drafts" on public.reviews for delete to callx_manager
  using (
    state = 'draft' and reviewer_id = (select auth.uid()) and user_id = any ((select callx.my_trainees())::uuid[])
  );
create policy "Admins can discard own drafts" on public.reviews for delete to callx_admin
  using (state = 'draft' and reviewer_id = (select auth.uid()));

-- What was there before.

create table public.evaluation_versions (
  id uuid primary key default gen_random_uuid(),
  call_id uuid not null references public.calls(id) on delete cascade,
  number int not null check (number > 0),
  source text not null check (source in ('judge', 'review')),
  judge text,
  model text,
  report jsonb not null,
  review_id uuid references public.reviews(id) on delete set null,
  made_at timestamptz not null,
  replaced_at timestamptz not null default now(),
  unique (call_id, number)
);
comment on table public.evaluation_versions is
  'Reports that counted once, oldest first: nothing that a judge or a person has said is lost.';
create index evaluation_versions_review_id_idx on public.evaluation_versions (review_id);
select callx.protect('public.evaluation_versions');
grant select on public.evaluation_versions to authenticated;
create policy "Versions are visible with their call" on public.evaluation_versions for select to authenticated
  using (exists (select from public.calls c where c.id = call_id));

create table callx.judgements (
  call_id uuid primary key references public.calls(id) on delete cascade,
  judgement jsonb not null
);
comment on table callx.judgements is
  'The verdicts that a judge gave, before they became a report: what a person overrules is computed again from them.';
select callx.protect('callx.judgements');

alter table public.evaluations
  add column review_id uuid references public.reviews(id) on delete set null,
  add column judged_times int not null default 1 check (judged_times > 0),
  add column passing_grade int generated always as (
    case jsonb_typeof(report -> 'passing_grade') when 'number' then (report ->> 'passing_grade')::numeric::int end
  ) stored,
  add column provisional boolean generated always as (coalesce(report @> '{"provisional": true}', false)) stored,
  add column needs_human boolean generated always as (
    coalesce(report @> '{"needs_human": true}', false)
    or case jsonb_typeof(report -> 'judge' -> 'agreement_with_rules')
      when 'number' then (report -> 'judge' ->> 'agreement_with_rules')::numeric < 0.6 else false end
  ) stored;
comment on column public.evaluations.review_id is 'The review that counts; null: nobody has looked, the judge''s word counts.';
comment on column public.evaluations.judged_times is 'How often a judge was asked: what rules judged alone is judged again.';
comment on column public.evaluations.needs_human is 'The judge asks for somebody to look, or judge and rules are far apart.';
create index evaluations_review_id_idx on public.evaluations (review_id);
create index evaluations_provisional_idx on public.evaluations (finished_at) where provisional and review_id is null;
create index evaluations_finished_at_idx on public.evaluations (finished_at) where state = 'done';

alter table public.simulation_attempts
  add column machine_score int check (machine_score between 0 and 100),
  add column machine_passed boolean,
  add column reviewed_at timestamptz,
  add column reviewed_by uuid references public.profiles(id) on delete set null;
comment on table public.simulation_attempts is
  'What counts: of a reviewed call what the person decided, and beside it what the judge had said.';
comment on column public.simulation_attempts.machine_score is 'What the judge had given; null: what counts is the judge''s.';
create index simulation_attempts_reviewed_by_idx on public.simulation_attempts (reviewed_by);

-- What trainees ask for.

create table public.review_requests (
  id uuid primary key default gen_random_uuid(),
  call_id uuid not null unique references public.calls(id) on delete cascade,
  user_id uuid not null default auth.uid() references public.profiles(id) on delete cascade,
  reason text not null check (char_length(reason) between 1 and 2000),
  state text not null default 'open' check (state in ('open', 'answered')),
  review_id uuid references public.reviews(id) on delete set null,
  created_at timestamptz not null default now(),
  answered_at timestamptz,
  check ((state = 'answered') = (answered_at is not null))
);
comment on table public.review_requests is
  'A trainee disagrees with the report on a call: once for each call, with a reason; a published review answers.';
create index review_requests_user_id_idx on public.review_requests (user_id);
create index review_requests_review_id_idx on public.review_requests (review_id);

create function callx.guard_review_request() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  new.reason := callx.trimmed(new.reason);
  if new.user_id is not distinct from auth.uid() and not exists (
    select from public.calls c join public.evaluations e on e.call_id = c.id
    where c.id = new.call_id and c.user_id = auth.uid() and e.state = 'done'
  ) then
    raise exception 'Only reports on own calls can be looked at again.' using errcode = '42501';
  end if;
  return new;
end
$$;
create trigger review_requests_guard before insert on public.review_requests
  for each row execute function callx.guard_review_request();

create function callx.emit_review_requested() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform callx.emit_fact('ReviewRequested', pg_catalog.jsonb_build_object('request_id', new.id));
  return null;
end
$$;
create trigger review_requests_emit after insert on public.review_requests
  for each row execute function callx.emit_review_requested();

select callx.protect('public.review_requests');
grant select on public.review_requests to authenticated;
grant insert (call_id, user_id, reason) on public.review_requests to authenticated;
create policy "Users can view own requests" on public.review_requests for select to authenticated
  using (user_id = (select auth.uid()));
create policy "Managers can view trainee requests" on public.review_requests for select to callx_manager
  using (user_id = any ((select callx.my_trainees())::uuid[]));
create policy "Admins can view all requests" on public.review_requests for select to callx_admin
  using (true);
create policy "Users can ask for a review of own calls" on public.review_requests for insert to authenticated
  with check (user_id = (select auth.uid()));

-- Who looks at what.

create table public.review_claims (
  call_id uuid primary key references public.calls(id) on delete cascade,
  user_id uuid not null references public.profiles(id) on delete cascade,
  claimed_by uuid not null references public.profiles(id) on delete cascade,
  claimed_by_name text not null,
  claimed_at timestamptz not null default now()
);
comment on table public.review_claims is 'Who looks at a call, so that nobody does it twice; a claim takes no right from others.';
comment on column public.review_claims.user_id is 'Whose call it is.';
create index review_claims_user_id_idx on public.review_claims (user_id);
create index review_claims_claimed_by_idx on public.review_claims (claimed_by);
select callx.protect('public.review_claims');
grant select on public.review_claims to callx_manager, callx_admin;
create policy "Managers can view claims on trainee calls" on public.review_claims for select to callx_manager
  using (user_id = any ((select callx.my_trainees())::uuid[]));
create policy "Admins can view all claims" on public.review_claims for select to callx_admin
  using (true);

create function callx.call_to_review(_call_id uuid) returns uuid
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _user_id uuid := (select c.user_id from public.calls c where c.id = _call_id);
begin
  if not callx.may_review(_user_id) then
    raise exception 'This call is not yours to review.' using errcode = '42501', detail = 'not_a_reviewer';
  end if;
  return _user_id;
end
$$;
comment on function callx.call_to_review(uuid) is 'Whose call it is, for whoever may review it.';

create function public.claim_review(call_id uuid, assignee uuid default auth.uid(), take_over boolean default false)
returns void
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  _user_id uuid := callx.call_to_review(claim_review.call_id);
  _held text;
begin
  if assignee is distinct from auth.uid() and not exists (
    select from public.user_roles r
    where r.user_id = assignee and assignee <> _user_id and (
      r.role = 'admin'
      or r.role = 'manager' and exists (
        select from public.manager_assignments m where m.manager_id = assignee and m.trainee_id = _user_id
      )
    )
  ) then
    raise exception 'They may not review this call.' using errcode = '42501', detail = 'assignee_may_not_review';
  end if;
  insert into public.review_claims as held (call_id, user_id, claimed_by, claimed_by_name)
  select claim_review.call_id, _user_id, p.id, p.full_name from public.profiles p where p.id = assignee
  on conflict (call_id) do update
    set claimed_by = excluded.claimed_by, claimed_by_name = excluded.claimed_by_name, claimed_at = now()
    where take_over or held.claimed_by in (assignee, auth.uid());
  if not found then
    select c.claimed_by_name into _held from public.review_claims c where c.call_id = claim_review.call_id;
    raise exception '% looks at this call already.', _held using detail = 'already_claimed';
  end if;
  if assignee is distinct from auth.uid() then
    perform callx.emit_fact('ReviewAssigned', jsonb_build_object(
      'call_id', claim_review.call_id, 'user_id', assignee
    ));
  end if;
end
$$;
comment on function public.claim_review(uuid, uuid, boolean) is
  'For whoever may review the call: takes it, or gives it to somebody else who may. `take_over` takes it from another.';

create function public.release_review(call_id uuid) returns void
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform callx.call_to_review(release_review.call_id);
  delete from public.review_claims c
  where c.call_id = release_review.call_id and (c.claimed_by = auth.uid() or callx.is_admin());
end
$$;
comment on function public.release_review(uuid) is 'Somebody else may look at it.';

grant execute on function public.claim_review(uuid, uuid, boolean), public.release_review(uuid)
  to callx_manager, callx_admin;

alter table public.site_settings
  add column review_sample_percent int not null default 5 check (review_sample_percent between 0 and 100);
comment on column public.site_settings.review_sample_percent is
  'So many calls of a hundred come into the review queue by chance.';
grant update (review_sample_percent) on public.site_settings to callx_admin;

create function callx.is_sampled(_call_id uuid, _percent int) returns boolean
language sql immutable parallel safe
set search_path = ''
as $$ select ('x' || left(md5(_call_id::text), 7))::bit(28)::int % 100 < _percent $$;
comment on function callx.is_sampled(uuid, int) is 'By chance, and for the same call always the same.';
grant execute on function callx.is_sampled(uuid, int) to authenticated, service_role;

create view public.review_queue with (security_invoker = true) as
  select c.id as call_id, e.attempt_id, c.user_id, p.full_name, c.simulation_id,
    coalesce(sc.title, l.title, e.report ->> 'title') as title, c.mode, c.ended_at,
    a.overall_score, e.passing_grade, a.passed, e.provisional, e.needs_human,
    array_remove(array[
      case when q.state = 'open' then 'dispute' end,
      case when e.review_id is null and e.needs_human then 'needs_human' end,
      case when e.review_id is null and e.provisional then 'provisional' end,
      case when e.review_id is null and abs(a.overall_score - e.passing_grade) <= 5 then 'near_pass_mark' end,
      case when e.review_id is null and callx.is_sampled(c.id, s.review_sample_percent) then 'sample' end
    ], null) as reasons,
    case when q.state = 'open' then 1 when e.needs_human then 2 when e.provisional then 3
      when abs(a.overall_score - e.passing_grade) <= 5 then 4 else 5 end as priority,
    w.waiting_since,
    w.waiting_since + case when q.state = 'open' then interval '3 days' else interval '7 days' end as due_at,
    q.id as request_id, q.reason as request_reason,
    k.claimed_by, k.claimed_by_name, k.claimed_at,
    (
      select r.id from public.reviews r
      where r.call_id = c.id and r.state = 'draft' and r.reviewer_id = (select auth.uid())
    ) as draft_id
  from public.evaluations e
  join public.calls c on c.id = e.call_id
  join public.simulation_attempts a on a.id = e.attempt_id
  join public.profiles p on p.id = c.user_id
  cross join public.site_settings s
  left join public.review_requests q on q.call_id = c.id and q.state = 'open'
  left join public.review_claims k on k.call_id = c.id
  left join public.simulation_scenarios sc on sc.simulation_id = c.simulation_id
  left join public.simulations m on m.id = c.simulation_id
  left join public.lessons l on l.id = m.lesson_id
  cross join lateral (select coalesce(q.created_at, e.finished_at) as waiting_since) w
  where e.state = 'done' and c.user_id is distinct from (select auth.uid())
    and (
      q.state = 'open'
      or e.review_id is null and e.finished_at > now() - interval '60 days' and (
        e.needs_human or e.provisional or abs(a.overall_score - e.passing_grade) <= 5
        or callx.is_sampled(c.id, s.review_sample_percent)
      )
    );
comment on view public.review_queue is E'For managers and admins: calls that somebody should look at, and why. What was reviewed is not in it, unless its trainee has asked since.\n@primaryKey call_id\n@foreignKey (call_id) references calls (id)\n@foreignKey (user_id) references profiles (id)\n@foreignKey (simulation_id) references simulations (id)\n@foreignKey (attempt_id) references simulation_attempts (id)';
grant select on public.review_queue to callx_manager, callx_admin, service_role;
