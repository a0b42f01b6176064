-- Recognition: badges, streaks and a leaderboard by improvement. Off until an admin allows it for the site and a
-- manager turns it on for a team; where it is off nothing is earned, and nobody sees anything.

alter table public.site_settings add column recognition boolean not null default false;
comment on column public.site_settings.recognition is 'Managers may turn recognition on for their teams.';
grant update (recognition) on public.site_settings to callx_admin;

alter table public.personal_settings add column off_leaderboards boolean not null default false;
comment on column public.personal_settings.off_leaderboards is
  'Teammates see neither this person''s place nor their badges.';
grant insert (off_leaderboards), update (off_leaderboards) on public.personal_settings to authenticated;

create table public.team_settings (
  manager_id uuid primary key default auth.uid() references public.profiles(id) on delete cascade,
  recognition boolean not null default false,
  updated_at timestamptz not null default now()
);
comment on table public.team_settings is 'What is decided about one manager''s team; without a row the defaults hold.';
create trigger team_settings_touch_updated_at before update on public.team_settings
  for each row execute function callx.touch_updated_at();
create trigger team_settings_audit after insert or update on public.team_settings
  for each row execute function callx.audit_change('team_settings', 'manager_id');

create table public.awards (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.profiles(id) on delete cascade,
  badge text not null check (badge ~ '^[a-z_]{1,40}$'),
  subject_kind text not null check (subject_kind in ('certification', 'simulation_attempt', 'quiz_attempt')),
  subject_id uuid not null,
  earned_at timestamptz not null,
  created_at timestamptz not null default now(),
  unique (user_id, badge)
);
comment on table public.awards is
  'Badges that people have earned, each once. A job writes them, and nothing takes them back, not even a later review.';
comment on column public.awards.badge is 'Which one: docs/recognition.md.';
comment on column public.awards.subject_id is 'What earned it; that may be gone by now.';

create function callx.teams_with_recognition() returns setof uuid
language sql stable
security definer
set search_path = ''
as $$
  select t.manager_id
  from public.team_settings t
  join public.user_roles r on r.user_id = t.manager_id and r.role = 'manager'
  where t.recognition and (select s.recognition from public.site_settings s)
$$;
comment on function callx.teams_with_recognition() is 'The managers of these teams. Who lost the role leads no team.';

create function callx.my_recognised_teams() returns uuid[]
language sql stable
security definer
set search_path = ''
as $$
  select coalesce(array_agg(t.id), '{}') from callx.teams_with_recognition() as t (id)
  where t.id = auth.uid() or callx.is_admin() or t.id = any (callx.my_managers())
$$;
comment on function callx.my_recognised_teams() is 'Those that the caller belongs to or leads; for admins all.';

create function callx.recognised_people() returns uuid[]
language sql stable
security definer
set search_path = ''
as $$
  select coalesce(array_agg(distinct a.trainee_id), '{}')
  from unnest(callx.my_recognised_teams()) as t (id)
  join public.manager_assignments a on a.manager_id = t.id
  join auth.users u on u.id = a.trainee_id and u.deactivated_at is null
  where a.trainee_id = auth.uid() or t.id = auth.uid() or callx.is_admin() or not exists (
    select from public.personal_settings p where p.user_id = a.trainee_id and p.off_leaderboards
  )
$$;
comment on function callx.recognised_people() is
  'Whose badges the caller may see: teammates'', unless they do not want it, one''s own, and those of one''s team.';

grant execute on function callx.my_recognised_teams(), callx.recognised_people() to authenticated, service_role;
grant execute on function callx.teams_with_recognition() to service_role;

select callx.protect('public.team_settings');
grant select on public.team_settings to authenticated;
grant insert (manager_id, recognition), update (recognition) on public.team_settings to callx_manager, callx_admin;
create policy "Teams can view their settings" on public.team_settings for select to authenticated
  using (manager_id = (select auth.uid()) or manager_id = any ((select callx.my_managers())::uuid[]));
create policy "Admins can view all teams' settings" on public.team_settings for select to callx_admin using (true);
create policy "Managers can decide about their team" on public.team_settings for insert to callx_manager
  with check (manager_id = (select auth.uid()));
create policy "Managers can change their team's settings" on public.team_settings for update to callx_manager
  using (manager_id = (select auth.uid())) with check (manager_id = (select auth.uid()));
create policy "Admins can decide about teams" on public.team_settings for insert to callx_admin with check (true);
create policy "Admins can change teams' settings" on public.team_settings for update to callx_admin
  using (true) with check (true);

select callx.protect('public.awards');
grant select on public.awards to authenticated;
create policy "Teams with recognition see each other's badges" on public.awards for select to authenticated
  using (user_id = any ((select callx.recognised_people())::uuid[]));

create function callx.emit_recognition_on() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform callx.emit_fact('RecognitionTurnedOn', '{}');
  return null;
end
$$;
comment on function callx.emit_recognition_on() is 'So that what was earned before is awarded at once.';
create trigger team_settings_recognition_on after insert or update of recognition on public.team_settings
  for each row when (new.recognition) execute function callx.emit_recognition_on();
create trigger site_settings_recognition_on after update of recognition on public.site_settings
  for each row when (new.recognition and not old.recognition) execute function callx.emit_recognition_on();

create function callx.learning_days(_user_id uuid) returns date[]
language sql stable
security definer
set search_path = ''
as $$
  select coalesce(array_agg(d.day order by d.day), '{}')
  from (
    select distinct (a.active_at at time zone coalesce(p.time_zone, s.time_zone))::date as day
    from public.site_settings s
    left join public.personal_settings p on p.user_id = _user_id
    cross join callx.activities a
    where a.user_id = _user_id
  ) d
$$;
comment on function callx.learning_days(uuid) is
  'The days, by the person''s clock, on which they completed a lesson, handed in a quiz or were in a call.';

create function callx.my_recognition(_now timestamptz) returns jsonb
language sql stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'teams', (
      select coalesce(jsonb_agg(jsonb_build_object('manager_id', m.id, 'manager_name', m.full_name)
        order by lower(m.full_name), m.id), '[]')
      from public.profiles m
      join public.manager_assignments a on a.manager_id = m.id and a.trainee_id = auth.uid()
      where m.id in (select callx.teams_with_recognition())
    ),
    'off_leaderboards', coalesce(p.off_leaderboards, false),
    'time_zone', coalesce(p.time_zone, s.time_zone),
    'today', (_now at time zone coalesce(p.time_zone, s.time_zone))::date,
    'learning_days', callx.learning_days(auth.uid()),
    'awards', (
      select coalesce(jsonb_agg(to_jsonb(w) - 'user_id' - 'created_at' order by w.earned_at, w.badge), '[]')
      from public.awards w where w.user_id = auth.uid()
    )
  )
  from public.site_settings s left join public.personal_settings p on p.user_id = auth.uid()
$$;

create function callx.improvements(_manager_id uuid, _since timestamptz, _until timestamptz) returns jsonb
language plpgsql stable
security definer
set search_path = ''
as $$
declare
  _teams uuid[] := callx.my_recognised_teams();
  _of uuid := coalesce(_manager_id, (
    select t.id from unnest(_teams) as t (id) join public.profiles p on p.id = t.id
    where t.id = auth.uid() or t.id = any (callx.my_managers())
    order by t.id = auth.uid() desc, lower(p.full_name), p.id limit 1
  ));
begin
  if _of is null or not _of = any (_teams) then
    raise exception 'There is no team of yours with recognition.' using errcode = '42501', detail = 'no_recognition';
  end if;
  return (
    with team as (
      select p.id as user_id, p.full_name, coalesce(h.off_leaderboards, false) as is_hidden
      from public.manager_assignments a
      join public.profiles p on p.id = a.trainee_id
      join auth.users u on u.id = p.id and u.deactivated_at is null
      left join public.personal_settings h on h.user_id = p.id
      where a.manager_id = _of
    ),
    tries as (
      select a.user_id, a.simulation_id, count(*) as attempts, max(a.overall_score) as best,
        (array_agg(a.overall_score order by a.attempted_at, a.id))[1] as first
      from public.simulation_attempts a
      join team t on t.user_id = a.user_id
      left join public.evaluations e on e.attempt_id = a.id
      where a.attempted_at >= _since and a.attempted_at < _until and e.provisional is not true
      group by a.user_id, a.simulation_id
    ),
    gains as (
      select t.user_id, round(avg(t.best - t.first))::int as gain, count(*) as simulations
      from tries t where t.attempts > 1 group by t.user_id
    )
    select jsonb_build_object(
      'manager_id', m.id, 'manager_name', m.full_name,
      'people', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'user_id', t.user_id, 'full_name', t.full_name, 'is_hidden', t.is_hidden, 'gain', coalesce(g.gain, 0)
        ) order by t.user_id), '[]')
        from team t left join gains g on g.user_id = t.user_id
      )
    )
    from public.profiles m where m.id = _of
  );
end
$$;
comment on function callx.improvements(uuid, timestamptz, timestamptz) is
  'Everybody in a team with the points that they gained: the best less the first attempt of that time, on average over '
  'the simulations tried more than once. Who is shown of them decides lms.recognition.leaderboard.';

grant execute on function callx.my_recognition(timestamptz), callx.improvements(uuid, timestamptz, timestamptz) to authenticated;
grant execute on function callx.learning_days(uuid) to service_role;
