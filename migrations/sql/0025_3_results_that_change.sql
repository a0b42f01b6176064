-- A review may pass or fail a call afterwards: lesson, unlocks and certificate follow.

create trigger simulation_attempts_complete_lesson_later after update of passed on public.simulation_attempts
  for each row when (new.passed and not old.passed) execute function callx.complete_passed_simulation();
create trigger simulation_attempts_passed_later after update of passed on public.simulation_attempts
  for each row when (new.passed and not old.passed) execute function callx.emit_passed_again();

create function callx.certificate_of_lesson(_user_id uuid, _lesson_id uuid) returns uuid
language sql stable
security definer
set search_path = ''
as $$
  select c.id
  from callx.lesson_places l
  join public.certifications c on c.product_id = l.product_id and c.user_id = _user_id
  where l.lesson_id = _lesson_id and c.revoked_at is null
$$;
comment on function callx.certificate_of_lesson(uuid, uuid) is
  'The certification that a person holds in the course of a lesson, if it was not revoked.';
grant execute on function callx.certificate_of_lesson(uuid, uuid) to service_role;

create function callx.reopen_failed_simulation() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  _lesson_id uuid := (select s.lesson_id from public.simulations s where s.id = new.simulation_id);
  _product_id uuid := (select l.product_id from callx.lesson_places l where l.lesson_id = _lesson_id);
begin
  -- Whoever issues a certificate for this very completion is waited for, and waits for us.
  perform pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('callx.certificate ' || new.user_id::text || _product_id::text, 0)
  );
  if exists (
    select from public.simulation_attempts a
    where a.user_id = new.user_id and a.simulation_id = new.simulation_id and a.passed
  ) or callx.certificate_of_lesson(new.user_id, _lesson_id) is not null then
    return null;
  end if;
  delete from public.lesson_completions c where c.user_id = new.user_id and c.lesson_id = _lesson_id;
  if found then
    perform callx.emit_fact(
      'LessonReopened', pg_catalog.jsonb_build_object('user_id', new.user_id, 'lesson_id', _lesson_id)
    );
  end if;
  return null;
end
$$;
comment on function callx.reopen_failed_simulation() is
  'The lesson is to be passed again, unless another attempt has passed it. A certificate that was issued stands, and so '
  'does what it stands on: revoking it is an act of its own.';
create trigger simulation_attempts_reopen_lesson after update of passed on public.simulation_attempts
  for each row when (old.passed and not new.passed) execute function callx.reopen_failed_simulation();

create or replace view callx.exported_attempts with (security_barrier) as
  select a.id as attempt_id, a.user_id, u.full_name, u.email, p.id as product_id, p.title as product_title,
    a.simulation_id, coalesce(sc.title, l.title) as title, a.attempted_at, a.mode,
    round(a.duration_ms / 1000.0)::int as duration_s, a.overall_score, s.passing_grade, a.passed, a.script_adherence,
    a.empathy_score, a.call_flow_score, a.call_id, a.reviewed_at, a.machine_score, a.machine_passed
  from public.simulation_attempts a
  join public.profiles u on u.id = a.user_id
  join public.simulations s on s.id = a.simulation_id
  join public.lessons l on l.id = s.lesson_id
  join public.modules m on m.id = l.module_id
  join public.products p on p.id = m.product_id
  left join public.simulation_scenarios sc on sc.simulation_id = s.id
  where a.user_id in (select callx.people_in_reports());
