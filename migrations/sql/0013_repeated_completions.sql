-- Front ends complete a lesson again without knowing it, and some ask for the row: `.insert().select().single()`, or an
-- upsert. A trigger that skips the insert leaves nothing to return, so the row is put back instead.

create function callx.put_back_completion(_user_id uuid, _lesson_id uuid) returns public.lesson_completions
language plpgsql
security definer
set search_path = ''
as $$
declare
  _completion public.lesson_completions;
begin
  if pg_catalog.pg_trigger_depth() = 0 or _user_id is distinct from auth.uid() then
    raise exception 'Completions are not taken back.' using errcode = '42501';
  end if;
  -- One of this very transaction stays: it is new, and said twice in one request.
  delete from public.lesson_completions c
  where c.user_id = _user_id and c.lesson_id = _lesson_id and c.xmin <> pg_catalog.pg_current_xact_id()::xid
  returning * into _completion;
  if found then
    perform set_config(
      'callx.put_back', coalesce(current_setting('callx.put_back', true), '') || ' ' || _completion.id, true
    );
    return _completion;
  end if;
  return null;
end
$$;
comment on function callx.put_back_completion(uuid, uuid) is
  'For callx.guard_completion alone: takes out the row that the trigger then lets in again, as it was.';

create function callx.is_put_back(_completion_id uuid) returns boolean
language sql stable
set search_path = ''
as $$ select coalesce(position(_completion_id::text in current_setting('callx.put_back', true)) > 0, false) $$;

grant execute on function callx.put_back_completion(uuid, uuid), callx.is_put_back(uuid) to authenticated, service_role;

create or replace function callx.guard_completion() returns trigger
language plpgsql
set search_path = ''
as $$
declare
  _type public.lesson_type;
  _is_service boolean := current_user in ('service_role', 'callx_owner');
begin
  if not _is_service and new.user_id is distinct from auth.uid() then
    return new; -- for the policies to refuse: nothing may be learned here about another person
  end if;
  perform pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('callx.completion ' || new.user_id::text || new.lesson_id::text, 0)
  );
  if exists (
    select from public.lesson_completions c where c.user_id = new.user_id and c.lesson_id = new.lesson_id
  ) then
    -- What the policy would refuse now, because the lesson is hidden by now, is skipped as ever.
    if _is_service or not exists (select from public.lessons l where l.id = new.lesson_id) then
      return null;
    end if;
    return callx.put_back_completion(new.user_id, new.lesson_id);
  end if;
  select l.lesson_type into _type from public.lessons l where l.id = new.lesson_id;
  if _type = 'quiz' and not exists (
    select from public.quizzes q join public.quiz_attempts a on a.quiz_id = q.id
    where q.lesson_id = new.lesson_id and a.user_id = new.user_id and a.passed
  ) or _type = 'simulation' and not exists (
    select from public.simulations s join public.simulation_attempts a on a.simulation_id = s.id
    where s.lesson_id = new.lesson_id and a.user_id = new.user_id and a.passed
  ) then
    raise exception 'This lesson is completed by passing its %.', _type using errcode = '42501';
  end if;
  return new;
end
$$;
comment on function callx.guard_completion() is
  'Runs with the rights of whoever inserts. A repeated completion changes nothing and brings the row back, so that '
  'front ends which insert after a quiz that the database has completed already go on working.';

create or replace function callx.stamp_completion() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if current_user not in ('service_role', 'callx_owner') and not callx.is_put_back(new.id) then
    new.completed_at := now();
  end if;
  return new;
end
$$;

create or replace function callx.emit_lesson_completed() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if not callx.is_put_back(new.id) then
    perform callx.emit_fact(
      'LessonCompleted', pg_catalog.jsonb_build_object('user_id', new.user_id, 'lesson_id', new.lesson_id)
    );
  end if;
  return null;
end
$$;
