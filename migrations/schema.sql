CREATE SCHEMA auth;

CREATE SCHEMA callx;

CREATE SCHEMA storage;

CREATE TYPE callx.pgqueuer_status AS ENUM (
    'queued',
    'picked',
    'successful',
    'exception',
    'canceled',
    'deleted',
    'failed'
);

CREATE TYPE public.app_role AS ENUM (
    'trainee',
    'manager',
    'admin'
);

COMMENT ON TYPE public.app_role IS 'In rising order: callx.database_role_of takes the greatest.';

CREATE TYPE public.lesson_type AS ENUM (
    'video',
    'text',
    'quiz',
    'simulation'
);

CREATE TYPE public.question_type AS ENUM (
    'multiple_choice',
    'true_false',
    'multi_select',
    'short_text',
    'numeric',
    'ordering'
);

CREATE FUNCTION auth.jwt() RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;

CREATE FUNCTION auth.role() RETURNS text
    LANGUAGE sql STABLE
    AS $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' $$;

CREATE FUNCTION auth.uid() RETURNS uuid
    LANGUAGE sql STABLE
    AS $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;

CREATE FUNCTION callx.abandon_object() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform callx.emit_fact('BlobAbandoned', jsonb_build_object('key', 'objects/' || old.version));
  return null;
end
$$;

CREATE FUNCTION callx.abandon_recording() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if old.object_key is not null then
    perform callx.emit_fact('BlobAbandoned', jsonb_build_object('key', old.object_key));
  end if;
  perform callx.emit_fact('RecordingAbandoned', jsonb_build_object('call_id', old.call_id));
  return null;
end
$$;

COMMENT ON FUNCTION callx.abandon_recording() IS 'RecordingAbandoned is for the journal, which may still lie on the disk of the server that held the call.';

CREATE FUNCTION callx.abandon_upload_parts() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform callx.emit_fact('UploadPartsAbandoned', jsonb_build_object('upload_id', old.id));
  return null;
end
$$;

COMMENT ON FUNCTION callx.abandon_upload_parts() IS 'One fact for all parts of an upload, and for what came too late to be one: a job removes everything below its prefix.';

CREATE FUNCTION callx.abridged(_value jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE STRICT
    SET search_path TO ''
    AS $$
  select case when octet_length(_value::text) <= 500 then _value
    else jsonb_build_object(
      'length', length(_value::text),
      'sha256', encode(pg_catalog.sha256(convert_to(_value::text, 'UTF8')), 'hex')
    ) end
$$;

COMMENT ON FUNCTION callx.abridged(_value jsonb) IS 'The log tells that a long text changed, and does not keep all its versions.';

CREATE FUNCTION callx.act_for(_user_id uuid, _login_id uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _role text := callx.database_role_of(_user_id, _login_id);
begin
  if _role in ('callx_admin', 'callx_manager', 'callx_trainee') then
    perform set_config('callx.actor', _user_id::text, true);
    perform set_config('callx.actor_role', substr(_role, 7), true);
  end if;
  return _role;
end
$$;

COMMENT ON FUNCTION callx.act_for(_user_id uuid, _login_id uuid) IS 'Says on whose behalf a transaction of the service runs, for the audit log; the database role of that person.';

CREATE FUNCTION callx.actor_id() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select coalesce(auth.uid(), nullif(current_setting('callx.actor', true), '')::uuid) $$;

COMMENT ON FUNCTION callx.actor_id() IS 'Who acts, or for whom the service does (callx.act_for); null for nobody known.';

CREATE FUNCTION callx.actor_role() RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select case current_setting('role')
    when 'callx_admin' then 'admin'
    when 'callx_manager' then 'manager'
    when 'callx_trainee' then 'trainee'
    when 'authenticated' then 'authenticated'
    when 'callx_owner' then 'migration'
    when 'service_role' then coalesce(nullif(current_setting('callx.actor_role', true), ''), 'service')
    else 'database'
  end
$$;

CREATE FUNCTION callx.analysed_people(_manager_id uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if _manager_id is null and callx.is_admin() then
    return query
    select p.id from public.profiles p where not exists (
      select from public.user_roles r where r.user_id = p.id and r.role in ('manager', 'admin')
    );
  else
    _manager_id := callx.require_team_of(_manager_id);
    return query select t.trainee_id from public.manager_assignments t where t.manager_id = _manager_id;
  end if;
end
$$;

COMMENT ON FUNCTION callx.analysed_people(_manager_id uuid) IS 'Whose results are counted: for admins all who are neither manager nor admin, or a manager''s team; for managers their own. Closed accounts count: what they did was done.';

CREATE FUNCTION callx.analysed_products(_product_id uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if _product_id is not null then
    perform callx.require_product(_product_id);
  end if;
  return query
  select p.id from public.products p
  where (_product_id is null or p.id = _product_id) and p.archived_at is null
    and (callx.is_admin() or p.id = any ((select callx.my_products())::uuid[]));
end
$$;

CREATE FUNCTION callx.announce_unlock(_user_id uuid, _lesson_id uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _module_id uuid;
begin
  with completed as (
    select p.product_id, m.order_index
    from callx.lesson_places p join public.modules m on m.id = p.module_id
    where p.lesson_id = _lesson_id and p.counts and p.product_id = any (callx.products_of(_user_id))
  ),
  later as (
    select s.*, m.is_prerequisite is true as is_linked
    from completed c, callx.module_states(_user_id, array[c.product_id]) s
    join public.modules m on m.id = s.module_id
    where s.order_index > c.order_index
  ),
  next as (
    select * from later l where l.completed_lessons < l.total_lessons order by l.order_index limit 1
  )
  insert into callx.module_unlocks (user_id, module_id)
  select p.id, n.module_id
  from next n join public.profiles p on p.id = _user_id
  where not n.is_locked and not callx.is_staff(_user_id)
    and not exists (select from later l where l.order_index <= n.order_index and not l.is_linked)
  on conflict do nothing
  returning module_id into _module_id;
  if _module_id is not null then
    perform callx.emit_fact(
      'ModuleUnlocked', pg_catalog.jsonb_build_object('user_id', _user_id, 'module_id', _module_id)
    );
  end if;
  return _module_id;
end
$$;

COMMENT ON FUNCTION callx.announce_unlock(_user_id uuid, _lesson_id uuid) IS 'After a lesson was completed: the first module behind it in its chain in which something is left to do, if it is open now and was not announced before. Run by a job after the completion: of two that complete a module at the same time neither sees the other in its own transaction.';

CREATE FUNCTION callx.archive(_id uuid, _kind text, _parent_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _now timestamptz := clock_timestamp();
begin
  if _kind = 'product' then
    update public.products p set archived_at = _now where p.id = _id;
    update public.modules m set archived_at = _now where m.product_id = _id and m.archived_at is null;
    update public.lessons l set archived_at = _now from public.modules m
    where m.id = l.module_id and m.product_id = _id and l.archived_at is null;
  elsif _kind = 'module' then
    perform callx.lock_order(_parent_id);
    update public.modules m set archived_at = _now, order_index = (
      select least(min(s.order_index), -1000000) - 1 from public.modules s where s.product_id = _parent_id
    ) where m.id = _id;
    update public.lessons l set archived_at = _now where l.module_id = _id and l.archived_at is null;
  else
    perform callx.lock_order(_parent_id);
    update public.lessons l set archived_at = _now, order_index = (
      select least(min(s.order_index), -1000000) - 1 from public.lessons s where s.module_id = _parent_id
    ) where l.id = _id;
  end if;
end
$$;

COMMENT ON FUNCTION callx.archive(_id uuid, _kind text, _parent_id uuid) IS 'What is archived leaves its place in the order to whoever comes next, and goes below all that front ends use: they swap two rows by way of -1.';

CREATE FUNCTION callx.archive_lesson_instead() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if not callx.have_results(array[old.id]) then
    return old;
  end if;
  perform callx.refuse_orphan(exists (select from public.modules m where m.id = old.module_id));
  if old.archived_at is null then
    perform callx.archive(old.id, 'lesson', old.module_id);
  end if;
  return null;
end
$$;

COMMENT ON FUNCTION callx.archive_lesson_instead() IS 'As callx.archive has it.';

CREATE FUNCTION callx.archive_lesson_part_instead() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
  _lesson public.lessons;
  _shell_id uuid;
begin
  if not (
    exists (select from public.quiz_attempts a where a.quiz_id = old.id)
    or exists (select from public.calls c where c.simulation_id = old.id)
    or exists (select from public.simulation_attempts a where a.simulation_id = old.id)
  ) then
    return old;
  end if;
  select * into _lesson from public.lessons l where l.id = old.lesson_id;
  perform callx.refuse_orphan(found);
  if _lesson.archived_at is null then
    perform callx.lock_order(_lesson.module_id);
    insert into public.lessons (module_id, title, lesson_type, archived_at, order_index)
    select _lesson.module_id, _lesson.title, _lesson.lesson_type, pg_catalog.clock_timestamp(),
      least(min(l.order_index), -1000000) - 1
    from public.lessons l where l.module_id = _lesson.module_id
    returning id into _shell_id;
    execute format('update public.%I set lesson_id = $1 where id = $2', tg_table_name) using _shell_id, old.id;
  end if;
  return null;
end
$_$;

COMMENT ON FUNCTION callx.archive_lesson_part_instead() IS 'A lesson has one quiz or simulation: the old one moves to an archived copy of its lesson and makes room for another.';

CREATE FUNCTION callx.archive_module_instead() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if not callx.have_results(array(select l.id from public.lessons l where l.module_id = old.id)) then
    return old;
  end if;
  perform callx.refuse_orphan(exists (select from public.products p where p.id = old.product_id));
  if old.archived_at is null then
    perform callx.archive(old.id, 'module', old.product_id);
  end if;
  return null;
end
$$;

CREATE FUNCTION callx.archive_product_instead() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if not (
    exists (select from public.certifications c where c.product_id = old.id)
    or callx.have_results(array(
      select l.id from public.lessons l join public.modules m on m.id = l.module_id where m.product_id = old.id
    ))
  ) then
    return old;
  end if;
  if old.archived_at is null then
    perform callx.archive(old.id, 'product', null);
  end if;
  return null;
end
$$;

CREATE FUNCTION callx.array_problem(_value jsonb, _schema jsonb, _root jsonb, _path text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  _length int;
  _problem text;
begin
  if jsonb_typeof(_value) <> 'array' then
    return _path || ' must be an array';
  end if;
  _length := jsonb_array_length(_value);
  if _length < (_schema ->> 'minItems')::int then
    return _path || ' must have at least ' || (_schema ->> 'minItems') || ' items';
  end if;
  if _length > (_schema ->> 'maxItems')::int then
    return _path || ' must have at most ' || (_schema ->> 'maxItems') || ' items';
  end if;
  for _i in 0 .. _length - 1 loop
    _problem := callx.schema_problem(
      _value -> _i, coalesce(_schema -> 'prefixItems' -> _i, _schema -> 'items'), _root, _path || '[' || _i || ']'
    );
    if _problem is not null then
      return _problem;
    end if;
  end loop;
  return null;
end
$$;

CREATE FUNCTION callx.audit(_action text, _kind text, _id uuid, _details jsonb DEFAULT '{}'::jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
  insert into callx.pending_audit_events (actor_id, actor_role, action, subject_kind, subject_id, details, request_id)
  values (
    coalesce(auth.uid(), nullif(current_setting('callx.actor', true), '')::uuid),
    callx.actor_role(), _action, _kind, _id, coalesce(_details, '{}'),
    nullif(nullif(current_setting('callx.request_id', true), ''), '-')
  )
$$;

COMMENT ON FUNCTION callx.audit(_action text, _kind text, _id uuid, _details jsonb) IS 'Notes what the person of this transaction does, if it is committed. Who that is cannot be chosen.';

CREATE FUNCTION callx.audit_account() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if tg_op = 'DELETE' then
    perform callx.audit('person.deleted', 'person', old.id, jsonb_build_object('email', old.email));
  elsif new.deactivated_at is null then
    perform callx.audit('person.reactivated', 'person', new.id);
  else
    perform callx.audit('person.deactivated', 'person', new.id);
    update auth.logins set revoked_at = new.deactivated_at where user_id = new.id and revoked_at is null;
  end if;
  return null;
end
$$;

COMMENT ON FUNCTION callx.audit_account() IS 'Also ends the logins of somebody deactivated, so that they do not come back to life with the account.';

CREATE FUNCTION callx.audit_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _old jsonb := coalesce(to_jsonb(old), '{}');
  _new jsonb := coalesce(to_jsonb(new), '{}');
  _changed jsonb;
begin
  select jsonb_object_agg(key, jsonb_build_array(callx.abridged(o.value), callx.abridged(n.value))) into _changed
  from jsonb_each(_old) o full join jsonb_each(_new) n using (key)
  where coalesce(o.value, 'null') <> coalesce(n.value, 'null') and key not in ('id', 'created_at', 'updated_at');
  if _changed is not null then
    perform callx.audit(
      tg_argv[0] || case tg_op when 'INSERT' then '.created' when 'UPDATE' then '.changed' else '.deleted' end,
      tg_argv[0],
      -- One row of site_settings has an id that is none.
      case when tg_argv[1] <> '' then (coalesce(_new ->> tg_argv[1], _old ->> tg_argv[1]))::uuid end,
      jsonb_build_object('changed', _changed)
    );
  end if;
  return null;
end
$$;

COMMENT ON FUNCTION callx.audit_change() IS 'Arguments: what a row is, and the column with its id. Details: {"changed": {column: [before, after]}}.';

CREATE FUNCTION callx.audit_deleted_comment() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform callx.audit('comment.deleted', 'call', new.call_id, jsonb_build_object(
    'comment_id', new.id, 'author_id', new.author_id, 'trainee_id', new.user_id
  ));
  return null;
end
$$;

CREATE FUNCTION callx.audit_export(_table text, _format text, _filters jsonb, _rows integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  -- Whoever is neither exports nothing but their own.
  if callx.is_staff(auth.uid()) then
    perform callx.audit('table.exported', 'table', null, jsonb_build_object(
      'table', _table, 'format', _format, 'filters', _filters, 'rows', _rows
    ));
  end if;
end
$$;

COMMENT ON FUNCTION callx.audit_export(_table text, _format text, _filters jsonb, _rows integer) IS 'Notes each export by a manager or an admin.';

CREATE TABLE public.audit_events (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id uuid,
    actor_role text NOT NULL,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    details jsonb NOT NULL,
    request_id text,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL
);

ALTER TABLE ONLY public.audit_events FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.audit_events IS 'Numbered without gaps in the order of the commits. No foreign keys: who and what was deleted stays named here.';

COMMENT ON COLUMN public.audit_events.actor_role IS 'In which right it was done: admin, manager, trainee; service, by a key or a job, where nobody is known; database, by somebody who went round the server.';

COMMENT ON COLUMN public.audit_events.hash IS 'SHA-256 of previous_hash and the rest of the row (callx.audit_hash).';

CREATE FUNCTION callx.audit_hash(_event public.audit_events) RETURNS bytea
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select pg_catalog.sha256(_event.previous_hash || convert_to(
    jsonb_build_array(
      _event.id, (extract(epoch from _event.at) * 1000000)::bigint, _event.actor_id, _event.actor_role, _event.action,
      _event.subject_kind, _event.subject_id, _event.details, _event.request_id
    )::text, 'UTF8'
  ))
$$;

CREATE FUNCTION callx.audit_read(_tables text[], _query text, _rows integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _what jsonb := jsonb_build_object('tables', to_jsonb(_tables), 'query', left(_query, 1000));
begin
  -- Whoever is neither sees nothing but their own.
  if current_setting('role') not in ('callx_manager', 'callx_admin') or exists (
    select from public.audit_events e
    where e.actor_id = auth.uid() and e.at > pg_catalog.clock_timestamp() - interval '10 minutes'
      and e.action = 'results.viewed' and e.details - 'rows' = _what
  ) then
    return;
  end if;
  perform callx.audit('results.viewed', 'tables', null, _what || jsonb_build_object('rows', _rows));
end
$$;

COMMENT ON FUNCTION callx.audit_read(_tables text[], _query text, _rows integer) IS 'Notes that a manager or an admin reads these tables over REST. The same question within ten minutes is the same look.';

CREATE FUNCTION callx.audit_role() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  -- The role that everybody begins with comes with the account.
  if tg_op = 'INSERT' and new.role = 'trainee' and pg_catalog.pg_trigger_depth() > 1 then
    return null;
  end if;
  if tg_op = 'UPDATE' and (old.user_id, old.role) = (new.user_id, new.role) then
    return null;
  end if;
  if tg_op <> 'INSERT' then
    perform callx.audit('role.taken', 'person', old.user_id, jsonb_build_object('role', old.role));
  end if;
  if tg_op <> 'DELETE' then
    perform callx.audit('role.granted', 'person', new.user_id, jsonb_build_object('role', new.role));
  end if;
  return null;
end
$$;

CREATE FUNCTION callx.audit_team() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if tg_op = 'UPDATE' and (old.trainee_id, old.manager_id) = (new.trainee_id, new.manager_id) then
    return null;
  end if;
  if tg_op <> 'INSERT' then
    perform callx.audit('manager.removed', 'person', old.trainee_id, jsonb_build_object('manager_id', old.manager_id));
  end if;
  if tg_op <> 'DELETE' then
    perform callx.audit('manager.assigned', 'person', new.trainee_id, jsonb_build_object('manager_id', new.manager_id));
  end if;
  return null;
end
$$;

CREATE FUNCTION callx.audit_view(_action text, _call_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _viewer uuid := coalesce(auth.uid(), nullif(current_setting('callx.actor', true), '')::uuid);
  _trainee uuid := (select c.user_id from public.calls c where c.id = _call_id);
begin
  if _trainee is null or _trainee = _viewer or exists (
    select from public.audit_events e
    where e.subject_id = _call_id and e.actor_id = _viewer and e.action = _action
      and e.at > pg_catalog.clock_timestamp() - interval '10 minutes'
  ) then
    return;
  end if;
  perform callx.audit(_action, 'call', _call_id, jsonb_build_object('trainee_id', _trainee));
end
$$;

COMMENT ON FUNCTION callx.audit_view(_action text, _call_id uuid) IS 'Notes that somebody looks at the call of another. A player asks for a recording piece by piece: what one person does again within ten minutes is the same look.';

CREATE FUNCTION callx.average_best_score(_user_id uuid, _product_id uuid) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select round(avg(b.best))::int
  from (
    select max(a.score) as best
    from callx.lesson_places l join public.quizzes q on q.lesson_id = l.lesson_id
    join public.quiz_attempts a on a.quiz_id = q.id and a.user_id = _user_id and a.passed
    where l.product_id = _product_id and l.counts group by q.id
    union all
    select max(a.overall_score)
    from callx.lesson_places l join public.simulations s on s.lesson_id = l.lesson_id
    join public.simulation_attempts a on a.simulation_id = s.id and a.user_id = _user_id and a.passed
    where l.product_id = _product_id and l.counts group by s.id
  ) b
$$;

COMMENT ON FUNCTION callx.average_best_score(_user_id uuid, _product_id uuid) IS 'The mean of the best passed result of each quiz and simulation; null where there is neither.';

CREATE TABLE public.calls (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    simulation_id uuid NOT NULL,
    mode text NOT NULL,
    state text DEFAULT 'created'::text NOT NULL,
    token_hash bytea NOT NULL,
    seed bigint NOT NULL,
    scenario_version integer,
    scenario jsonb,
    rubric jsonb,
    model text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    answered_at timestamp with time zone,
    ended_at timestamp with time zone,
    end_reason text,
    customer_outcome text,
    duration_ms integer,
    lease_holder uuid,
    lease_expires_at timestamp with time zone,
    usage jsonb DEFAULT '{}'::jsonb NOT NULL,
    hang_up_requested_at timestamp with time zone,
    medium text DEFAULT 'spoken'::text NOT NULL,
    call_script text,
    CONSTRAINT calls_duration_ms_check CHECK ((duration_ms >= 0)),
    CONSTRAINT calls_medium_check CHECK ((medium = ANY (ARRAY['spoken'::text, 'typed'::text]))),
    CONSTRAINT calls_mode_check CHECK ((mode = ANY (ARRAY['practice'::text, 'exam'::text]))),
    CONSTRAINT calls_state_check CHECK ((state = ANY (ARRAY['created'::text, 'ringing'::text, 'live'::text, 'ended'::text])))
);

ALTER TABLE ONLY public.calls FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.calls.token_hash IS 'Of the token that opens the call''s socket.';

COMMENT ON COLUMN public.calls.seed IS 'With the same seed the embedded customer behaves the same.';

COMMENT ON COLUMN public.calls.scenario IS 'The script as it was when the call was made.';

COMMENT ON COLUMN public.calls.rubric IS 'The rubric as it was when the call was made; one that could not be used is replaced by the mended one.';

COMMENT ON COLUMN public.calls.customer_outcome IS 'Why the customer ended the call, in the customer''s own word: resolved, angry, gave_up or another.';

COMMENT ON COLUMN public.calls.lease_holder IS 'The server that holds a spoken call. In a typed one: the request that is getting the customer''s answer.';

COMMENT ON COLUMN public.calls.lease_expires_at IS 'Who holds the call prolongs this. A spoken call whose lease ran out has lost its server and is closed; in a typed one the next request may get the answer.';

COMMENT ON COLUMN public.calls.hang_up_requested_at IS 'Its trainee wants to end the call and asked another server than the one that holds it; that one looks at each beat.';

COMMENT ON COLUMN public.calls.medium IS 'Whether it is spoken over a socket or typed, message by message.';

COMMENT ON COLUMN public.calls.call_script IS 'The text of the script as it was when the call began; only the service reads it.';

CREATE FUNCTION callx.beginning_of(_call public.calls) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object(
    'user_id', _call.user_id, 'simulation_id', _call.simulation_id, 'mode', _call.mode, 'medium', _call.medium,
    'seed', _call.seed, 'model', _call.model, 'scenario_version', _call.scenario_version,
    'scenario_sha256', callx.sha256_of(_call.scenario), 'rubric_sha256', callx.sha256_of(_call.rubric),
    'call_script_sha256', callx.sha256_of(to_jsonb(_call.call_script))
  )
$$;

CREATE TABLE public.call_events (
    call_id uuid NOT NULL,
    number integer NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    details jsonb NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT call_events_number_check CHECK ((number > 0))
);

ALTER TABLE ONLY public.call_events FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.call_events IS 'Numbered from 1 without gaps. Written by triggers alone, when the transaction that they tell of commits.';

COMMENT ON COLUMN public.call_events.kind IS 'begun, turn, mood, gap, ended, recorded, evaluated; and what should not happen: begun_changed, turn_changed, turn_removed.';

COMMENT ON COLUMN public.call_events.details IS 'Of begun and begun_changed not for the trainee: with its seed an embedded customer can be foreseen.';

COMMENT ON COLUMN public.call_events.hash IS 'SHA-256 of previous_hash and the rest of the row (callx.call_event_hash).';

CREATE FUNCTION callx.call_event_hash(_event public.call_events) RETURNS bytea
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select pg_catalog.sha256(_event.previous_hash || convert_to(
    jsonb_build_array(
      _event.call_id, _event.number, (extract(epoch from _event.at) * 1000000)::bigint, _event.kind, _event.details
    )::text, 'UTF8'
  ))
$$;

CREATE FUNCTION callx.call_script(_simulation_id uuid, _longest integer) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select nullif(left(string_agg(p.text, E'\n\n' order by p.number), _longest), '')
  from public.simulations s
  join storage.objects o on o.bucket_id = 'lesson-attachments' and s.call_script_path = any (callx.paths_of(o.bucket_id, o.name))
  join public.document_pages p on p.object_id = o.id
  where s.id = _simulation_id
$$;

CREATE FUNCTION callx.call_to_review(_call_id uuid) RETURNS uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _user_id uuid := (select c.user_id from public.calls c where c.id = _call_id);
begin
  if not callx.may_review(_user_id) then
    raise exception 'This call is not yours to review.' using errcode = '42501', detail = 'not_a_reviewer';
  end if;
  return _user_id;
end
$$;

COMMENT ON FUNCTION callx.call_to_review(_call_id uuid) IS 'Whose call it is, for whoever may review it.';

CREATE FUNCTION callx.certificate_of_lesson(_user_id uuid, _lesson_id uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select c.id
  from callx.lesson_places l
  join public.certifications c on c.product_id = l.product_id and c.user_id = _user_id
  where l.lesson_id = _lesson_id and c.revoked_at is null
$$;

COMMENT ON FUNCTION callx.certificate_of_lesson(_user_id uuid, _lesson_id uuid) IS 'The certification that a person holds in the course of a lesson, if it was not revoked.';

CREATE FUNCTION callx.certificate_standing(_user_id uuid, _product_id uuid) RETURNS TABLE(is_open boolean, is_complete boolean, is_assessed boolean, holder_name text, product_title text, score integer, valid_days integer, background text, certification_id uuid, number integer, issued_at timestamp with time zone, expires_at timestamp with time zone, revoked_at timestamp with time zone, renewal_opens_at timestamp with time zone, is_renewal_earned boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select
    p.id = any (callx.products_of(u.id)),
    coalesce((
      select sum(s.total_lessons) > 0 and bool_and(s.completed_lessons = s.total_lessons)
      from callx.module_states(u.id, array[p.id]) s
    ), false),
    callx.is_assessed(p.id), u.full_name, p.title, callx.average_best_score(u.id, p.id),
    p.certificate_valid_days, p.certificate_background,
    c.id, coalesce(i.number, 0), i.issued_at, i.expires_at, i.revoked_at, w.opens_at,
    coalesce(callx.renewal_open(u.id, p.id, w.opens_at), false)
  from public.profiles u
  cross join public.products p
  left join public.certifications c on c.user_id = u.id and c.product_id = p.id
  left join lateral (
    select n.* from public.certificate_issues n where n.certification_id = c.id order by n.number desc limit 1
  ) i on true
  -- Never before it was issued: what earned it the first time does not earn it a second time.
  cross join lateral (
    select greatest(i.expires_at - make_interval(days => p.certificate_renewal_days), i.issued_at)
    where i.expires_at is not null
    union all select null where i.expires_at is null
  ) w (opens_at)
  where u.id = _user_id and p.id = _product_id
$$;

COMMENT ON FUNCTION callx.certificate_standing(_user_id uuid, _product_id uuid) IS 'All that decides whether a person is given a certificate of a product now; no row when one of them is not there.';

CREATE FUNCTION callx.certificate_state(_expires_at timestamp with time zone, _revoked_at timestamp with time zone, _renewal_days integer) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select case
    when _revoked_at is not null then 'revoked'
    when _expires_at <= now() then 'expired'
    when _expires_at <= now() + make_interval(days => _renewal_days) then 'expiring'
    else 'valid'
  end
$$;

CREATE TABLE public.certifications (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    product_id uuid NOT NULL,
    certificate_url text NOT NULL,
    issued_at timestamp with time zone DEFAULT now(),
    code text,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    shown_name text DEFAULT 'full'::text NOT NULL,
    CONSTRAINT certifications_shown_name_check CHECK ((shown_name = ANY (ARRAY['full'::text, 'initials'::text])))
);

ALTER TABLE ONLY public.certifications FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.certifications IS 'Who is certified in what: one row for a person and a product, as its newest row of certificate_issues says.';

COMMENT ON COLUMN public.certifications.certificate_url IS 'A path in the bucket certificates.';

COMMENT ON COLUMN public.certifications.code IS 'By which anybody may check the newest certificate, at /verify/<code>.';

COMMENT ON COLUMN public.certifications.shown_name IS 'How the public page names the holder, who decides it.';

CREATE FUNCTION callx.certification_for_admin(_certification_id uuid) RETURNS public.certifications
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _certification public.certifications;
begin
  perform callx.require_admin();
  select * into _certification from public.certifications c where c.id = _certification_id for update;
  if not found then
    raise exception 'There is no such certification.' using errcode = 'P0002';
  end if;
  return _certification;
end
$$;

CREATE FUNCTION callx.certifying_times(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
  _products uuid[] := array(select callx.analysed_products(_product_id));
begin
  return (
    with certified as materialized (
      select f.user_id, f.product_id, f.issued_at
      from callx.first_certificates f
      where f.user_id = any (_people) and callx.is_between(f.issued_at, _since, _until)
        and f.product_id = any (_products)
    ),
    spans as (
      select c.product_id, 'began' as since, min(a.active_at) as began_at, c.issued_at
      from certified c
      join callx.lesson_places l on l.product_id = c.product_id
      join callx.activities a on a.lesson_id = l.lesson_id and a.user_id = c.user_id
      where a.user_id = any (_people)
      group by c.product_id, c.user_id, c.issued_at
      union all
      select c.product_id, 'assigned', e.assigned_at, c.issued_at
      from certified c join callx.enrolments e on e.user_id = c.user_id and e.product_id = c.product_id
      where e.assigned_at <= c.issued_at
    ),
    levels as (
      select v.product_id, v.since, jsonb_agg(jsonb_build_array(v.hours, v.people) order by v.hours) as levels
      from (
        select s.product_id, s.since, greatest(round(extract(epoch from s.issued_at - s.began_at) / 3600), 0) as hours,
          count(*) as people
        from spans s group by 1, 2, 3
      ) v
      group by v.product_id, v.since
    )
    select coalesce(jsonb_agg(jsonb_build_object(
      'product_id', p.id, 'title', p.title, 'certified', k.people,
      'since_began', coalesce((select v.levels from levels v where v.product_id = p.id and v.since = 'began'), '[]'),
      'since_assigned',
        coalesce((select v.levels from levels v where v.product_id = p.id and v.since = 'assigned'), '[]')
    ) order by lower(p.title), p.id), '[]')
    from (select c.product_id, count(*) as people from certified c group by c.product_id) k
    join public.products p on p.id = k.product_id
  );
end
$$;

COMMENT ON FUNCTION callx.certifying_times(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) IS 'Of first certificates of that time: how many people took how many hours, since they began and were assigned it.';

CREATE FUNCTION callx.check_quiz_answers(_answers jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
  if coalesce(jsonb_typeof(_answers), '') <> 'array' then
    raise exception 'Answers are an array.' using errcode = '22023', detail = 'answers_malformed';
  elsif octet_length(_answers::text) > 200000 then
    raise exception 'Answers are too long.' using errcode = '22023', detail = 'answers_too_long';
  end if;
end
$$;

CREATE FUNCTION callx.complete_comment() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _thread public.call_comments;
begin
  select c.user_id into new.user_id from public.calls c where c.id = new.call_id;
  if new.user_id is null or not (callx.may_review(new.user_id) or new.user_id is not distinct from auth.uid()) then
    raise exception 'There is no such call.' using errcode = '42501';
  end if;
  new.body := callx.trimmed(new.body);
  if new.body = '' then
    raise exception 'The comment is empty.' using errcode = '22023';
  end if;
  if new.reply_to is not null then
    select * into _thread from public.call_comments c where c.id = new.reply_to;
    if _thread.call_id is distinct from new.call_id or (
      _thread.visibility = 'managers' and new.user_id is not distinct from auth.uid()
    ) then
      raise exception 'There is no such comment on this call.' using errcode = '42501';
    end if;
    -- One level deep: an answer to an answer belongs to the same thread.
    new.reply_to := coalesce(_thread.reply_to, _thread.id);
    new.visibility := _thread.visibility;
  end if;
  perform pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('callx.comment ' || coalesce(auth.uid()::text, ''), 0)
  );
  if (
    select count(*) >= 30 from public.call_comments c
    where c.author_id = auth.uid() and c.created_at > pg_catalog.clock_timestamp() - interval '1 minute'
  ) or (select count(*) >= 1000 from public.call_comments c where c.call_id = new.call_id) then
    raise exception 'Too many comments: thirty a minute, and a thousand on one call.';
  end if;
  select p.full_name into new.author_name from public.profiles p where p.id = coalesce(auth.uid(), new.author_id);
  new.author_name := coalesce(new.author_name, '');
  new.author_role := case when new.user_id is not distinct from auth.uid() then 'trainee'
    when callx.is_admin() then 'admin' else 'manager' end;
  return new;
end
$$;

COMMENT ON FUNCTION callx.complete_comment() IS 'Whose call it is, who says it and in which role come from the database; a call that one may not see is no call.';

CREATE FUNCTION callx.complete_passed_quiz() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  insert into public.lesson_completions (user_id, lesson_id)
  select new.user_id, q.lesson_id from public.quizzes q where q.id = new.quiz_id;
  return null;
end
$$;

CREATE FUNCTION callx.complete_passed_simulation() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  insert into public.lesson_completions (user_id, lesson_id)
  select new.user_id, s.lesson_id from public.simulations s where s.id = new.simulation_id
  on conflict (user_id, lesson_id) do nothing;
  return null;
end
$$;

CREATE FUNCTION callx.content_findings(_product_id uuid, _with_drafts boolean) RETURNS TABLE(severity text, code text, kind text, content_id uuid, module_id uuid, title text, message text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  with products as (
    select p.* from public.products p where p.id = _product_id
  ),
  modules as (
    select m.* from public.modules m
    where m.product_id = _product_id and m.archived_at is null and (_with_drafts or m.status = 'published')
  ),
  lessons as (
    select l.* from public.lessons l join modules m on m.id = l.module_id
    where l.archived_at is null and (_with_drafts or l.status = 'published')
  ),
  found as (
    select 'error' as severity, 'title_missing' as code, 'product' as kind, p.id as content_id, null::uuid as module_id, p.title,
      'The course has no title.' as message, null::int as module_place, null::int as lesson_place
    from products p where btrim(p.title) = ''
    union all
    select 'error', 'no_modules', 'product', p.id, null, p.title, 'The course has no modules.', null, null
    from products p where not exists (select from modules)
    union all
    select 'warning', 'nothing_assessed', 'product', p.id, null, p.title,
      'Nothing has to be passed: the certificate comes for reading alone.', null, null
    from products p
    where exists (select from lessons)
      and not exists (select from lessons l where l.lesson_type in ('quiz', 'simulation'))
    union all
    select 'error', 'title_missing', 'module', m.id, m.id, m.title, 'The module has no title.', m.order_index, null
    from modules m where btrim(m.title) = ''
    union all
    select 'error', 'empty_module', 'module', m.id, m.id, m.title, 'The module has no lessons.', m.order_index, null
    from modules m where not exists (select from lessons l where l.module_id = m.id)
    union all
    select 'error', 'title_missing', 'lesson', l.id, l.module_id, l.title, 'The lesson has no title.', m.order_index,
      l.order_index
    from lessons l join modules m on m.id = l.module_id where btrim(l.title) = ''
    union all
    select f.severity, f.code, 'lesson', l.id, l.module_id, l.title, f.message, m.order_index, l.order_index
    from lessons l join modules m on m.id = l.module_id
    join public.lessons whole on whole.id = l.id
    cross join lateral callx.part_findings(whole) f
  )
  select f.severity, f.code, f.kind, f.content_id, f.module_id, f.title, f.message
  from found f
  order by f.module_place nulls first, f.lesson_place nulls first, f.severity, f.code, f.message
$$;

COMMENT ON FUNCTION callx.content_findings(_product_id uuid, _with_drafts boolean) IS 'What is wrong with what would be seen of a product, with its drafts or without them.';

CREATE FUNCTION callx.content_place(_id uuid) RETURNS TABLE(kind text, product_id uuid, module_id uuid, title text, status text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
begin
  perform callx.require_admin();
  return query
  select 'product', p.id, null::uuid, p.title, p.status from public.products p
  where p.id = _id and p.archived_at is null
  union all
  select 'module', m.product_id, m.id, m.title, m.status
  from public.modules m join public.products p on p.id = m.product_id and p.archived_at is null
  where m.id = _id and m.archived_at is null
  union all
  select 'lesson', m.product_id, m.id, l.title, l.status
  from public.lessons l
  join public.modules m on m.id = l.module_id and m.archived_at is null
  join public.products p on p.id = m.product_id and p.archived_at is null
  where l.id = _id and l.archived_at is null;
  if not found then
    raise exception 'There is nothing with this id.' using errcode = 'P0002', detail = 'content_not_found';
  end if;
end
$$;

COMMENT ON FUNCTION callx.content_place(_id uuid) IS 'For admins: what this is the id of, and where that is.';

CREATE FUNCTION callx.copy_lesson(_lesson_id uuid, _changes jsonb) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _new_id uuid := callx.copy_row('public.lessons', _lesson_id, _changes);
begin
  perform callx.copy_row('public.lesson_attachments', a.id, jsonb_build_object('lesson_id', _new_id))
  from public.lesson_attachments a where a.lesson_id = _lesson_id;
  perform callx.copy_quiz(q.id, _new_id) from public.quizzes q where q.lesson_id = _lesson_id;
  perform callx.copy_simulation(s.id, _new_id) from public.simulations s where s.lesson_id = _lesson_id;
  return _new_id;
end
$$;

COMMENT ON FUNCTION callx.copy_lesson(_lesson_id uuid, _changes jsonb) IS 'With all that hangs on it but results. Files are named by both; a file is there as long as its object is.';

CREATE FUNCTION callx.copy_module(_module_id uuid, _changes jsonb) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _new_id uuid := callx.copy_row('public.modules', _module_id, _changes);
begin
  perform callx.copy_lesson(l.id, jsonb_build_object('module_id', _new_id))
  from public.lessons l where l.module_id = _module_id and l.archived_at is null order by l.order_index;
  return _new_id;
end
$$;

CREATE FUNCTION callx.copy_quiz(_quiz_id uuid, _lesson_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _new_id uuid := callx.copy_row('public.quizzes', _quiz_id, jsonb_build_object('lesson_id', _lesson_id));
  _question_id uuid;
  _new_question_id uuid;
begin
  for _question_id in select q.id from public.quiz_questions q where q.quiz_id = _quiz_id order by q.order_index loop
    _new_question_id := callx.copy_row(
      'public.quiz_questions', _question_id, jsonb_build_object('quiz_id', _new_id)
    );
    perform callx.copy_row('public.quiz_answers', a.id, jsonb_build_object('question_id', _new_question_id))
    from public.quiz_answers a where a.question_id = _question_id;
  end loop;
end
$$;

CREATE FUNCTION callx.copy_row(_table regclass, _id uuid, _changes jsonb) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
  _new_id uuid := gen_random_uuid();
  _columns text;
begin
  -- By the catalog, so that columns which come later are copied too.
  select string_agg(quote_ident(a.attname), ', ') into _columns
  from pg_catalog.pg_attribute a
  where a.attrelid = _table and a.attnum > 0 and not a.attisdropped and a.attgenerated = '';
  execute format(
    'insert into %1$s (%2$s) select %2$s from jsonb_populate_record(
       null::%1$s, (select to_jsonb(t) from %1$s t where t.id = $1) || $2
     )', _table, _columns
  ) using _id, jsonb_build_object('id', _new_id, 'created_at', now(), 'updated_at', now()) || _changes;
  return _new_id;
end
$_$;

CREATE FUNCTION callx.copy_simulation(_simulation_id uuid, _lesson_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _new_id uuid := callx.copy_row('public.simulations', _simulation_id, jsonb_build_object('lesson_id', _lesson_id));
begin
  insert into public.simulation_scenarios (simulation_id, title, customer_name, customer_card, goals, script, rubric)
  select _new_id, c.title, c.customer_name, c.customer_card, c.goals, c.script, c.rubric
  from public.simulation_scenarios c where c.simulation_id = _simulation_id;
end
$$;

CREATE FUNCTION callx.count_scenario_version() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  new.version := old.version + 1;
  return new;
end
$$;

COMMENT ON FUNCTION callx.count_scenario_version() IS 'Language models are cached by version, calls remember it.';

CREATE FUNCTION callx.course_states(_user_ids uuid[], _product_ids uuid[]) RETURNS TABLE(user_id uuid, product_id uuid, total_lessons integer, completed_lessons integer, is_assigned boolean, due_at timestamp with time zone, completed_at timestamp with time zone, certified_at timestamp with time zone, last_activity timestamp with time zone, status text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
begin
  return query
  with places as materialized (
    select l.lesson_id, l.product_id, l.counts from callx.lesson_places l where l.product_id = any (_product_ids)
  ),
  totals as (
    select l.product_id, count(*)::int as lessons from places l where l.counts group by l.product_id
  ),
  completions as (
    select c.user_id, l.product_id, count(*) filter (where l.counts)::int as completed,
      max(c.completed_at) filter (where l.counts) as completed_at, max(c.completed_at) as active_at
    from public.lesson_completions c join places l on l.lesson_id = c.lesson_id
    where c.user_id = any (_user_ids)
    group by c.user_id, l.product_id
  ),
  -- Put under each other and grouped, not joined: that is linear in the team, whatever the planner expects of an array.
  parts (user_id, product_id, is_wanted, completed, completed_at, active_at, is_exhausted, is_of_team, team_due_at) as (
    select p.user_id, p.product_id, true, 0, null::timestamptz, null::timestamptz, false, false, null::timestamptz
    from unnest(_user_ids, _product_ids) as p (user_id, product_id)
    union all
    select c.user_id, c.product_id, false, c.completed, c.completed_at, c.active_at, false, false, null from completions c
    union all
    select a.user_id, l.product_id, false, 0, null, max(a.active_at), false, false, null
    from callx.activities a join places l on l.lesson_id = a.lesson_id
    where a.user_id = any (_user_ids) and not a.is_completion
    group by a.user_id, l.product_id
    union all
    select e.user_id, l.product_id, false, 0, null, null, true, false, null
    from callx.exhausted_quizzes e join places l on l.lesson_id = e.lesson_id and l.counts
    where e.user_id = any (_user_ids)
    union all
    select t.trainee_id, a.product_id, false, 0, null, null, false, true, a.due_at
    from public.manager_assignments t join public.assignments a on a.manager_id = t.manager_id
    where t.trainee_id = any (_user_ids) and a.product_id = any (_product_ids)
  ),
  joined as (
    select p.user_id, p.product_id, max(p.completed) as completed, max(p.completed_at) as last_completed_at,
      max(p.active_at) as last_activity, bool_or(p.is_exhausted) as is_exhausted, bool_or(p.is_of_team) as is_of_team,
      min(p.team_due_at) as team_due_at
    from parts p
    group by p.user_id, p.product_id
    having bool_or(p.is_wanted)
  ),
  known as (
    select j.*, coalesce(t.lessons, 0) as total, j.completed = t.lessons as is_complete,
      v.user_id is not null as is_certified, v.issued_at as certified_at,
      j.is_of_team or own.product_id is not null as is_assigned,
      case when own.product_id is null then j.team_due_at else own.due_at end as due_at
    from joined j
    left join totals t on t.product_id = j.product_id
    left join public.assignments own on own.user_id = j.user_id and own.product_id = j.product_id
    left join callx.valid_certifications v on v.user_id = j.user_id and v.product_id = j.product_id
  )
  select k.user_id, k.product_id, k.total, k.completed, k.is_assigned, k.due_at,
    case when k.is_complete then k.last_completed_at else k.certified_at end, k.certified_at, k.last_activity,
    case
      when k.is_complete or k.is_certified then 'Completed'
      when k.is_exhausted then 'Did not pass'
      when k.due_at < now() then 'Past due'
      when k.last_activity is not null or k.completed > 0 then 'In progress'
      else 'Not started'
    end
  from known k;
end
$$;

COMMENT ON FUNCTION callx.course_states(_user_ids uuid[], _product_ids uuid[]) IS 'How far _user_ids[i] is in _product_ids[i]. Completed is who has all lessons or a good certificate. A due date of one''s own goes before those of teams, even when it is none; of several teams'' the earliest counts.';

CREATE FUNCTION callx.courses_of(_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
  perform callx.require_progress_of(_user_id);
  return (
    with products as (
      select callx.products_of(_user_id) as ids
    ),
    next_lessons as (
      select distinct on (s.product_id) s.product_id, jsonb_build_object(
        'lesson_id', l.id, 'title', l.title, 'lesson_type', l.lesson_type, 'module_id', m.id, 'module_title', m.title
      ) as lesson
      from products, callx.module_states(_user_id, products.ids) s
      join public.modules m on m.id = s.module_id
      join callx.lesson_places p on p.module_id = s.module_id and p.counts
      join public.lessons l on l.id = p.lesson_id
      where not s.is_locked and s.completed_lessons < s.total_lessons and not exists (
        select from public.lesson_completions c where c.lesson_id = l.id and c.user_id = _user_id
      )
      order by s.product_id, s.order_index, l.order_index
    )
    select jsonb_build_object('user_id', _user_id, 'courses', coalesce(jsonb_agg(jsonb_build_object(
      'product_id', p.id, 'title', p.title, 'description', p.description,
      'overall_progress', callx.percentage(c.completed_lessons, c.total_lessons),
      'completed_lessons', c.completed_lessons, 'total_lessons', c.total_lessons, 'is_assigned', c.is_assigned,
      'status', c.status, 'due_at', c.due_at, 'completed_at', c.completed_at,
      'is_late', coalesce(c.completed_at > c.due_at, false), 'certified_at', c.certified_at,
      'last_activity', c.last_activity, 'next_lesson', n.lesson
    ) order by (c.status = 'Completed'), c.due_at nulls last, c.last_activity desc nulls last, lower(p.title), p.id), '[]'))
    from products,
      callx.course_states(array_fill(_user_id, array[cardinality(products.ids)]), products.ids) c
      join public.products p on p.id = c.product_id
      left join next_lessons n on n.product_id = c.product_id
  );
end
$$;

COMMENT ON FUNCTION callx.courses_of(_user_id uuid) IS 'What is to be done first comes first.';

CREATE FUNCTION callx.criterion_counts(_manager_id uuid, _product_id uuid, _simulation_id uuid, _since timestamp with time zone, _until timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
  _products uuid[] := array(select callx.analysed_products(_product_id));
begin
  if _simulation_id is not null then
    perform callx.require_simulation(_simulation_id);
  end if;
  return (
    with verdicts as (
      select a.user_id, a.simulation_id, s.section ->> 'title' as section_title, c.criterion ->> 'key' as key,
        c.criterion ->> 'title' as title, c.criterion ->> 'verdict' as verdict,
        (c.criterion ->> 'score')::numeric as score
      from public.simulation_attempts a
      join public.evaluations e on e.attempt_id = a.id and jsonb_typeof(e.marks) = 'array'
      join public.simulations x on x.id = a.simulation_id
      join callx.lesson_places l on l.lesson_id = x.lesson_id
      cross join jsonb_array_elements(e.marks) as s (section)
      cross join jsonb_array_elements(s.section -> 'criteria') as c (criterion)
      where a.user_id = any (_people) and callx.is_between(a.attempted_at, _since, _until)
        and (_simulation_id is null or a.simulation_id = _simulation_id)
        and l.product_id = any (_products)
    ),
    criteria as (
      select v.key, max(v.title) as title, max(v.section_title) as section_title,
        count(distinct v.simulation_id) as simulations, count(distinct v.user_id) as people,
        count(*) filter (where v.verdict = 'met') as met, count(*) filter (where v.verdict = 'partial') as partial,
        count(*) filter (where v.verdict = 'not_met') as not_met,
        count(*) filter (where v.verdict = 'not_applicable') as not_applicable,
        count(*) filter (where v.verdict = 'cannot_assess') as cannot_assess,
        round(avg(v.score), 2)::float8 as mean_score
      from verdicts v group by v.key
    )
    select coalesce(jsonb_agg(to_jsonb(c) order by c.mean_score nulls last, c.key), '[]') from criteria c
  );
end
$$;

CREATE FUNCTION callx.criterion_problem(_criterion jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select (_criterion ->> 'key') || ': ' || case
    when _criterion ->> 'kind' = 'checks'
      and jsonb_array_length(coalesce(_criterion -> 'checks', '[]')) not between 1 and 6
      then 'a criterion of kind checks has 1 to 6 checks'
    when _criterion ->> 'kind' = 'metric'
      and num_nulls(_criterion ->> 'metric', _criterion ->> 'band_ok', _criterion ->> 'band_warn') > 0
      then 'a metric needs its name, band_ok and band_warn'
    when _criterion ->> 'kind' = 'outcome' and _criterion ->> 'outcome' is null
      then 'an outcome needs the name of its fact'
    when (coalesce(_criterion ->> 'on_fail', 'none') = 'cap') <> (_criterion ->> 'cap' is not null)
      then 'cap goes with on_fail cap, and only with it'
    end
$$;

CREATE FUNCTION callx.database_role_of(_user_id uuid, _login_id uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select coalesce(
    (
      select coalesce(
        'callx_' || (select max(r.role) from public.user_roles r where r.user_id = u.id)::text,
        'authenticated'
      )
      from auth.users u
      where u.id = _user_id
        and u.deactivated_at is null
        and (
          _login_id is null
          or exists (
            select from auth.logins l where l.id = _login_id and l.user_id = u.id and l.revoked_at is null
          )
        )
    ),
    'anon'
  )
$$;

COMMENT ON FUNCTION callx.database_role_of(_user_id uuid, _login_id uuid) IS 'The database role that a request of this person runs as, looked up at each request: a role taken away, an account deactivated or a login ended counts at once, whatever the token says. anon: nobody to be trusted. Without a login it is the server itself that acts for somebody (a command, a job): every access token names one.';

CREATE FUNCTION callx.emit_comment_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform callx.emit_fact('CallCommentChanged', pg_catalog.jsonb_build_object('comment_id', new.id));
  return null;
end
$$;

CREATE FUNCTION callx.emit_commented() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform callx.emit_fact('CallCommented', pg_catalog.jsonb_build_object('comment_id', new.id));
  return null;
end
$$;

CREATE FUNCTION callx.emit_course_assigned() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform callx.emit_fact('CourseAssigned', pg_catalog.jsonb_build_object('assignment_id', new.id));
  return null;
end
$$;

CREATE FUNCTION callx.emit_fact(_kind text, _payload jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _fact_id bigint;
  _job_id bigint;
begin
  insert into callx.facts (kind, payload) values (_kind, _payload) returning id into _fact_id;
  insert into callx.pgqueuer (priority, entrypoint, payload, status)
  values (1, 'follow-fact', pg_catalog.convert_to(_fact_id::text, 'UTF8'), 'queued') returning id into _job_id;
  insert into callx.pgqueuer_log (job_id, status, priority, entrypoint)
  values (_job_id, 'queued', 1, 'follow-fact');
  return _fact_id;
end
$$;

COMMENT ON FUNCTION callx.emit_fact(_kind text, _payload jsonb) IS 'Writes a fact and queues the job that tells its subscribers (core.jobs); both happen only if the transaction commits.';

CREATE FUNCTION callx.emit_first_sign_in() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform callx.emit_fact('FirstSignIn', pg_catalog.jsonb_build_object('user_id', new.id));
  return null;
end
$$;

CREATE FUNCTION callx.emit_lesson_completed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if not callx.is_put_back(new.id) then
    perform callx.emit_fact(
      'LessonCompleted', pg_catalog.jsonb_build_object('user_id', new.user_id, 'lesson_id', new.lesson_id)
    );
  end if;
  return null;
end
$$;

COMMENT ON FUNCTION callx.emit_lesson_completed() IS 'In the database because a completion may come in over REST, where no Python sees it.';

CREATE FUNCTION callx.emit_passed_again() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _product_id uuid;
begin
  if tg_table_name = 'quiz_attempts' then
    select l.product_id into _product_id
    from public.quizzes q join callx.lesson_places l on l.lesson_id = q.lesson_id where q.id = new.quiz_id;
  else
    select l.product_id into _product_id
    from public.simulations s join callx.lesson_places l on l.lesson_id = s.lesson_id where s.id = new.simulation_id;
  end if;
  if exists (
    select from public.certifications c
    where c.user_id = new.user_id and c.product_id = _product_id and c.expires_at is not null
  ) then
    perform callx.emit_fact(
      'PassedAgain', pg_catalog.jsonb_build_object('user_id', new.user_id, 'product_id', _product_id)
    );
  end if;
  return null;
end
$$;

CREATE FUNCTION callx.emit_recognition_on() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform callx.emit_fact('RecognitionTurnedOn', '{}');
  return null;
end
$$;

COMMENT ON FUNCTION callx.emit_recognition_on() IS 'So that what was earned before is awarded at once.';

CREATE FUNCTION callx.emit_review_requested() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform callx.emit_fact('ReviewRequested', pg_catalog.jsonb_build_object('request_id', new.id));
  return null;
end
$$;

CREATE FUNCTION callx.emit_team_joined() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if exists (select from public.assignments a where a.manager_id = new.manager_id) then
    perform callx.emit_fact(
      'TeamJoined', pg_catalog.jsonb_build_object('user_id', new.trainee_id, 'manager_id', new.manager_id)
    );
  end if;
  return null;
end
$$;

COMMENT ON FUNCTION callx.emit_team_joined() IS 'Whoever joins a team has what it is assigned.';

CREATE FUNCTION callx.end_overdue_sittings(_at_most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _sitting callx.quiz_sittings;
  _ended int := 0;
begin
  for _sitting in
    select * from callx.quiz_sittings s
    where s.ended_at is null and s.deadline_at + callx.quiz_grace() < clock_timestamp()
    order by s.deadline_at limit _at_most for update skip locked
  loop
    perform callx.end_sitting(_sitting);
    _ended := _ended + 1;
  end loop;
  return _ended;
end
$$;

COMMENT ON FUNCTION callx.end_overdue_sittings(_at_most integer) IS 'Hands in what people left lying; run by a job.';

CREATE TABLE callx.quiz_sittings (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    quiz_id uuid NOT NULL,
    seed bigint NOT NULL,
    questions jsonb NOT NULL,
    answers jsonb DEFAULT '[]'::jsonb NOT NULL,
    time_limit_minutes integer,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    deadline_at timestamp with time zone,
    saved_at timestamp with time zone,
    ended_at timestamp with time zone,
    window_id uuid
);

ALTER TABLE ONLY callx.quiz_sittings FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE callx.quiz_sittings IS 'Attempts that were started. questions: as asked, with the right answers of that moment; so nobody reads this but functions. Ended: it became a row of quiz_attempts.';

COMMENT ON COLUMN callx.quiz_sittings.window_id IS 'The window (a tab, a device) that started it or went on with it last; others save nothing. Null: no window said which it is.';

CREATE FUNCTION callx.end_sitting(_sitting callx.quiz_sittings) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
  insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers, attempted_at)
  values (_sitting.user_id, _sitting.quiz_id, 0, false, '[]', _sitting.deadline_at)
$$;

COMMENT ON FUNCTION callx.end_sitting(_sitting callx.quiz_sittings) IS 'One whose time is over: what was saved is graded.';

CREATE FUNCTION callx.explained(_grading jsonb, _questions jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_agg(g.value || jsonb_build_object('explanation', q.value -> 'explanation', 'answers', (
    select coalesce(jsonb_object_agg(a.value ->> 'id', a.value -> 'explanation'), '{}')
    from jsonb_array_elements(q.value -> 'answers') a where a.value ->> 'explanation' is not null
  )) order by g.place), '[]')
  from jsonb_array_elements(_grading) with ordinality as g (value, place)
  join jsonb_array_elements(_questions) with ordinality as q (value, place) on q.place = g.place
$$;

CREATE FUNCTION callx.exported_progress(_user_id uuid, _product_id uuid) RETURNS TABLE(user_id uuid, full_name text, email text, product_id uuid, product_title text, status text, progress integer, completed_lessons integer, total_lessons integer, is_assigned boolean, due_at timestamp with time zone, completed_at timestamp with time zone, is_late boolean, certified_at timestamp with time zone, last_activity timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
begin
  return query
  with pairs as (
    select array_agg(u.id) as user_ids, array_agg(p.id) as product_ids
    from (
      select r.id from callx.people_in_reports() as r (id) where _user_id is null or r.id = _user_id
    ) u, public.products p
    where p.is_active and p.archived_at is null and (_product_id is null or p.id = _product_id)
  )
  select s.user_id, u.full_name, u.email, s.product_id, p.title, s.status,
    callx.percentage(s.completed_lessons, s.total_lessons), s.completed_lessons, s.total_lessons, s.is_assigned, s.due_at,
    s.completed_at, coalesce(s.completed_at > s.due_at, false), s.certified_at, s.last_activity
  from pairs
  cross join lateral callx.course_states(pairs.user_ids, pairs.product_ids) s
  join public.profiles u on u.id = s.user_id
  join public.products p on p.id = s.product_id
  where s.is_assigned or s.last_activity is not null or s.certified_at is not null;
end
$$;

COMMENT ON FUNCTION callx.exported_progress(_user_id uuid, _product_id uuid) IS 'One row for each person and product in which something is assigned, begun or certified.';

CREATE FUNCTION callx.extend_sittings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  update callx.quiz_sittings s
  set deadline_at = callx.quiz_deadline(s.user_id, s.quiz_id, s.time_limit_minutes, s.started_at)
  where s.user_id = new.user_id and s.ended_at is null and s.deadline_at > clock_timestamp()
    and coalesce(
      callx.quiz_deadline(s.user_id, s.quiz_id, s.time_limit_minutes, s.started_at) > s.deadline_at, true
    );
  return null;
end
$$;

COMMENT ON FUNCTION callx.extend_sittings() IS 'More time reaches whoever sits there already; less time does not.';

CREATE FUNCTION callx.finishers(_lesson_ids uuid[]) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select c.user_id from public.lesson_completions c where c.lesson_id = any (_lesson_ids)
  group by c.user_id having count(*) = cardinality(_lesson_ids)
$$;

CREATE FUNCTION callx.fn_pgqueuer_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    to_emit BOOLEAN := false;  -- Flag to decide whether to emit a notification
BEGIN
    -- Check operation type and set the emit flag accordingly
    IF TG_OP = 'UPDATE' AND OLD IS DISTINCT FROM NEW THEN
        to_emit := true;
    ELSIF TG_OP = 'DELETE' THEN
        to_emit := true;
    ELSIF TG_OP = 'INSERT' THEN
        to_emit := true;
    ELSIF TG_OP = 'TRUNCATE' THEN
        to_emit := true;
    END IF;

    -- Perform notification if the emit flag is set
    IF to_emit THEN
        PERFORM pg_notify(
            'ch_pgqueuer',
            json_build_object(
                'channel', 'ch_pgqueuer',
                'operation', lower(TG_OP),
                'sent_at', NOW(),
                'table', TG_TABLE_NAME,
                'type', 'table_changed_event'
            )::text
        );
    END IF;

    -- Return appropriate value based on the operation
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        RETURN OLD;
    ELSE
        RETURN NULL; -- For TRUNCATE and other non-row-specific contexts
    END IF;

END;
$$;

CREATE FUNCTION callx.folded(_text text, _match_case boolean, _match_accents boolean, _match_spaces boolean) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  -- Phones write these by themselves: quotes, apostrophes, dashes.
  _folded text := normalize(translate(_text, E'\u2018\u2019\u201B\u00B4`\u201C\u201D\u201E\u2010\u2011\u2012\u2013\u2014\u2212',
    '''''''''''"""------'), NFKC);
begin
  if not _match_accents then
    _folded := normalize(regexp_replace(normalize(_folded, NFKD), E'[\u0300-\u036F]', '', 'g'), NFKC);
    _folded := replace(replace(replace(_folded, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe');
    _folded := translate(replace(replace(_folded, 'Æ', 'AE'), 'Œ', 'OE'), 'øØłŁđĐı', 'oOlLdDi');
  end if;
  if not _match_case then
    _folded := lower(_folded);
  end if;
  if not _match_spaces then
    _folded := btrim(regexp_replace(_folded, E'[ \t\n\r\f\v\u0085\u2028\u2029]+', ' ', 'g'), ' ');
  end if;
  return _folded;
end
$$;

COMMENT ON FUNCTION callx.folded(_text text, _match_case boolean, _match_accents boolean, _match_spaces boolean) IS 'What short texts are compared as: without what need not match. Spaces that need not match are one where several are and none at the ends.';

CREATE FUNCTION callx.follow_newest_issue() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION callx.follow_newest_issue() IS 'The one writer of what certifications repeats of its newest issue.';

CREATE FUNCTION callx.forget_full_buckets(_now timestamp with time zone, _limit integer) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
  with gone as (
    delete from callx.rate_limits r where r.key in (
      select f.key from callx.rate_limits f where f.full_at < _now order by f.full_at limit _limit for update skip locked
    ) returning 1
  )
  select count(*)::int from gone
$$;

COMMENT ON FUNCTION callx.forget_full_buckets(_now timestamp with time zone, _limit integer) IS 'take_tokens forgets some now and then; this is for places where nobody asks for days.';

CREATE FUNCTION callx.found_in_lessons(_query text, _lesson_ids uuid[], _most integer) RETURNS TABLE(lesson_id uuid, attachment_id uuid, page integer, rank real, snippet jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
#variable_conflict use_column
declare
  -- Chinese, Japanese, Korean, Thai: no spaces between words, so there is no index of them.
  _is_unspaced boolean := _query ~ '[\u0E00-\u0E7F\u2E80-\u9FFF\uAC00-\uD7AF]';
begin
  return query
  with wanted as materialized (select w.language, w.wanted from callx.wanted_words(_query) w),
  in_lessons as (
    select t.lesson_id, null::uuid as attachment_id, null::int as page, null::uuid as object_id, t.language, w.wanted,
      ts_rank_cd(t.words, w.wanted, 1) as rank
    from wanted w join callx.lesson_texts t on t.language = w.language and t.words @@ w.wanted
    where t.lesson_id = any (_lesson_ids) and not _is_unspaced
    union all
    select t.lesson_id, null, null, null, t.language, null, 1.0
    from callx.lesson_texts t join public.lessons l on l.id = t.lesson_id
    where _is_unspaced and t.lesson_id = any (_lesson_ids) and strpos(l.title || ' ' || t.body, _query) > 0
  ),
  pages as (
    select p.number, p.object_id, p.language, w.wanted, ts_rank_cd(p.words, w.wanted, 1) as rank
    from wanted w join callx.page_words p on p.language = w.language and p.words @@ w.wanted
    where not _is_unspaced
    union all
    select p.number, p.object_id, 'pg_catalog.simple', null, 0.5
    from public.document_pages p where _is_unspaced and strpos(p.text, _query) > 0
  ),
  on_pages as (
    select distinct on (a.lesson_id, a.id) a.lesson_id, a.id as attachment_id, p.number as page, p.object_id, p.language,
      p.wanted, p.rank
    from pages p
    join storage.objects o on o.id = p.object_id and o.bucket_id = 'lesson-attachments'
    join public.lesson_attachments a on a.file_path = any (callx.paths_of(o.bucket_id, o.name))
    where a.lesson_id = any (_lesson_ids)
    order by a.lesson_id, a.id, 7 desc, p.number
  ),
  best as (
    select * from in_lessons union all select * from on_pages
    order by rank desc, lesson_id, page nulls first
    limit _most
  )
  select b.lesson_id, b.attachment_id, b.page, b.rank,
    callx.snippet(b.language, coalesce(p.text, t.body), b.wanted, _query)
  from best b
  left join public.document_pages p on p.object_id = b.object_id and p.number = b.page
  left join callx.lesson_texts t on t.lesson_id = b.lesson_id and b.object_id is null
  order by b.rank desc, b.lesson_id, b.page nulls first;
end
$$;

COMMENT ON FUNCTION callx.found_in_lessons(_query text, _lesson_ids uuid[], _most integer) IS 'Best first: lessons, and of each attachment its best page. Whether the lessons are the caller''s to see is for public.search_lessons to ask, which runs with the caller''s rights.';

CREATE FUNCTION callx.free_key() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _is_taken boolean;
begin
  if tg_table_name = 'products' then
    _is_taken := exists (
      select from public.products p where p.key = new.key and p.archived_at is null and p.id <> new.id
    );
  elsif tg_table_name = 'modules' then
    _is_taken := exists (
      select from public.modules m
      where m.product_id = new.product_id and m.key = new.key and m.archived_at is null and m.id <> new.id
    );
  else
    _is_taken := exists (
      select from public.lessons l
      where l.module_id = new.module_id and l.key = new.key and l.archived_at is null and l.id <> new.id
    );
  end if;
  if _is_taken then
    new.key := callx.new_key();
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION callx.free_key() IS 'What comes to siblings of which one has its key already gets another.';

CREATE FUNCTION callx.grade_choice(_question jsonb, _given jsonb, OUT kept jsonb, OUT earned integer, OUT possible integer) RETURNS record
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object('selected_answer_id', max(a.value ->> 'id')),
    coalesce(bool_or((a.value ->> 'is_correct')::boolean), false)::int, 1
  from jsonb_array_elements(_question -> 'answers') a
  where a.value ->> 'id' = lower(_given ->> 'selected_answer_id')
$$;

CREATE FUNCTION callx.grade_choices(_question jsonb, _given jsonb, OUT kept jsonb, OUT earned integer, OUT possible integer) RETURNS record
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  with options as (
    select a.value ->> 'id' as id, a.place, (a.value ->> 'is_correct')::boolean as is_right,
      (a.value ->> 'id')::uuid = any (callx.listed_ids(_given -> 'selected_answer_ids', _question -> 'answers'))
        as is_chosen
    from jsonb_array_elements(_question -> 'answers') with ordinality as a (value, place)
  ),
  counted as (
    select count(*) filter (where o.is_right)::int as of_right,
      count(*) filter (where o.is_right and o.is_chosen)::int as hits,
      count(*) filter (where not o.is_right and o.is_chosen)::int as misses,
      jsonb_build_object(
        'selected_answer_ids', coalesce(jsonb_agg(o.id order by o.place) filter (where o.is_chosen), '[]')
      ) as kept
    from options o
  )
  select c.kept,
    case
      when c.of_right = 0 then 0
      when (_question ->> 'partial_credit')::boolean then greatest(c.hits - c.misses, 0)
      else (c.hits = c.of_right and c.misses = 0)::int
    end,
    case when (_question ->> 'partial_credit')::boolean and c.of_right > 0 then c.of_right else 1 end
  from counted c
$$;

CREATE FUNCTION callx.grade_order(_question jsonb, _given jsonb, OUT kept jsonb, OUT earned integer, OUT possible integer) RETURNS record
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  with given as (
    select g.id, g.place from unnest(callx.listed_ids(_given -> 'ordered_answer_ids', _question -> 'answers'))
      with ordinality as g (id, place)
  ),
  rightly as (
    select a.value ->> 'id' as id, (a.value ->> 'right_place')::int as right_place,
      row_number() over (order by (a.value ->> 'right_place')::int) as place
    from jsonb_array_elements(_question -> 'answers') a
  ),
  counted as (
    select (select count(*)::int from rightly) as items,
      (
        select count(*)::int from given g join rightly own on own.id = g.id::text
        join rightly there on there.place = g.place and there.right_place = own.right_place
      ) as in_place
  )
  select jsonb_build_object('ordered_answer_ids', (select coalesce(jsonb_agg(g.id order by g.place), '[]') from given g)),
    case
      when c.items = 0 then 0
      when (_question ->> 'partial_credit')::boolean then c.in_place
      else (c.in_place = c.items)::int
    end,
    case when (_question ->> 'partial_credit')::boolean and c.items > 0 then c.items else 1 end
  from counted c
$$;

COMMENT ON FUNCTION callx.grade_order(_question jsonb, _given jsonb, OUT kept jsonb, OUT earned integer, OUT possible integer) IS 'Items with the same right place may stand in any order.';

CREATE FUNCTION callx.grade_quiz_attempt() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _sitting callx.quiz_sittings;
  _questions jsonb;
  _grade record;
begin
  select * into _sitting from callx.quiz_sittings s
  where s.user_id = new.user_id and s.quiz_id = new.quiz_id and s.ended_at is null for update;
  new.is_late := false;
  if _sitting.id is null then
    _questions := callx.quiz_questions_as_asked(new.quiz_id, null);
  else
    _questions := _sitting.questions;
    new.sitting_id := _sitting.id;
    new.started_at := _sitting.started_at;
    if clock_timestamp() > _sitting.deadline_at + callx.quiz_grace() then
      new.is_late := true;
      new.answers := _sitting.answers;
    end if;
    update callx.quiz_sittings set ended_at = clock_timestamp() where id = _sitting.id;
  end if;
  _grade := callx.graded_answers(_questions, new.answers);
  new.score := _grade.score;
  new.answers := _grade.answers;
  new.grading := callx.explained(_grade.grading, _questions);
  new.questions := callx.questions_to_show(_questions);
  new.answer_key := callx.right_answers(_questions);
  new.passed := callx.passes(new);
  if exists (select from public.quizzes q where q.id = new.quiz_id and q.review is not null) then
    select coalesce(jsonb_agg(a.value - 'is_correct' order by a.place), '[]') into new.answers
    from jsonb_array_elements(new.answers) with ordinality as a (value, place);
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION callx.grade_quiz_attempt() IS 'Grades, whatever was sent and by whom: by the questions of the open sitting, which it ends, or else by all questions as they are now. After the time, what was saved before is graded.';

CREATE FUNCTION callx.grade_text(_question jsonb, _given jsonb, OUT kept jsonb, OUT earned integer, OUT possible integer) RETURNS record
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  _text text := case when jsonb_typeof(_given -> 'text') in ('string', 'number') then left(_given ->> 'text', 500) end;
  _case boolean := (_question ->> 'match_case')::boolean;
  _accents boolean := (_question ->> 'match_accents')::boolean;
  _spaces boolean := (_question ->> 'match_spaces')::boolean;
  _folded text := callx.folded(_text, _case, _accents, _spaces);
begin
  kept := jsonb_build_object('text', _text);
  possible := 1;
  if _question ->> 'question_type' = 'numeric' then
    earned := exists (
      select from unnest(callx.number_readings(_text)) as n (reading)
      where abs(n.reading - (_question ->> 'numeric_value')::numeric) <= (_question ->> 'numeric_tolerance')::numeric
    )::int;
  else
    earned := coalesce(_folded <> '' and exists (
      select from jsonb_array_elements_text(_question -> 'accepted_texts') as a (accepted)
      where callx.folded(a.accepted, _case, _accents, _spaces) = _folded
    ), false)::int;
  end if;
end
$$;

CREATE FUNCTION callx.graded_answers(_questions jsonb, _answers jsonb, OUT score integer, OUT answers jsonb, OUT grading jsonb) RETURNS record
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  _first jsonb;
  _question jsonb;
  _given jsonb;
  _grade record;
  _parts numeric := 0;
  _part_of numeric := 1;
  _points int := 0;
begin
  answers := '[]';
  grading := '[]';
  select coalesce(jsonb_object_agg(g.question_id, g.item), '{}') into _first from (
    select distinct on (1) lower(i.item ->> 'question_id') as question_id, i.item
    from jsonb_array_elements(case jsonb_typeof(_answers) when 'array' then _answers else '[]' end)
      with ordinality as i (item, place)
    where jsonb_typeof(i.item) = 'object' and i.item ->> 'question_id' is not null
    order by 1, i.place
  ) g;
  for _question in select q.value from jsonb_array_elements(_questions) with ordinality as q (value, place)
    order by q.place
  loop
    _given := _first -> (_question ->> 'id');
    case
      when _question ->> 'question_type' = 'multi_select' then _grade := callx.grade_choices(_question, _given);
      when _question ->> 'question_type' in ('short_text', 'numeric') then
        _grade := callx.grade_text(_question, _given);
      when _question ->> 'question_type' = 'ordering' then _grade := callx.grade_order(_question, _given);
      else _grade := callx.grade_choice(_question, _given);
    end case;
    if _given is not null then
      answers := answers || (
        jsonb_build_object('question_id', _question -> 'id', 'is_correct', _grade.earned = _grade.possible)
        || _grade.kept
      );
    end if;
    grading := grading || jsonb_build_object(
      'question_id', _question -> 'id', 'is_correct', _grade.earned = _grade.possible,
      'points', round((_question ->> 'points')::numeric * _grade.earned / _grade.possible, 2),
      'of_points', (_question ->> 'points')::int
    );
    _parts := _parts * _grade.possible + (_question ->> 'points')::numeric * _grade.earned * _part_of;
    _part_of := _part_of * _grade.possible;
    _points := _points + (_question ->> 'points')::int;
  end loop;
  score := case when _points = 0 then 0 else div(_parts * 100, _part_of * _points)::int end;
end
$$;

COMMENT ON FUNCTION callx.graded_answers(_questions jsonb, _answers jsonb, OUT score integer, OUT answers jsonb, OUT grading jsonb) IS '_questions are those of callx.quiz_questions_as_asked. The first answer to each question counts, unknown questions and malformed items do not. Points are added as exact fractions, and the score is rounded down, so it reaches a grade only when the answers do.';

CREATE FUNCTION callx.guard_comment() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  _is_author boolean := old.author_id is not distinct from auth.uid();
begin
  if current_user in ('service_role', 'callx_owner') then
    return new; -- the author's account is being deleted
  end if;
  if old.deleted_at is not null then
    raise exception 'This comment was deleted.' using errcode = '42501';
  end if;
  if new.deleted_at is not null then
    if not (_is_author or callx.is_admin()) then
      raise exception 'Only its author and admins delete a comment.' using errcode = '42501';
    end if;
    new.deleted_at := now();
    new.body := '';
    new.resolved_at := old.resolved_at;
    return new;
  end if;
  new.body := callx.trimmed(new.body);
  if new.body <> old.body then
    if not _is_author then
      raise exception 'Only its author changes a comment.' using errcode = '42501';
    end if;
    if new.body = '' then
      raise exception 'The comment is empty.' using errcode = '22023';
    end if;
    new.edited_at := now();
  end if;
  if (new.resolved_at is null) <> (old.resolved_at is null) then
    if not callx.may_review(old.user_id) then
      raise exception 'Managers and admins say when a thread is done.' using errcode = '42501';
    end if;
    new.resolved_at := case when new.resolved_at is not null then now() end;
    new.resolved_by := case when new.resolved_at is not null then auth.uid() end;
  else
    new.resolved_at := old.resolved_at;
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION callx.guard_comment() IS 'Who may change what; times are the server''s, and of a deleted comment no word is kept.';

CREATE FUNCTION callx.guard_completion() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION callx.guard_completion() IS 'Runs with the rights of whoever inserts. A repeated completion changes nothing and brings the row back, so that front ends which insert after a quiz that the database has completed already go on working.';

CREATE FUNCTION callx.guard_publishing() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if current_user not in ('service_role', 'callx_owner') then
    raise exception 'Use publish_content, which looks at the content first.'
      using errcode = '42501', detail = 'publish_checks';
  end if;
  return new;
end
$$;

CREATE FUNCTION callx.guard_review_request() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

CREATE FUNCTION callx.has_access(_product_id uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$ select coalesce(_product_id = any (callx.my_products()), false) $$;

CREATE FUNCTION callx.has_open_sitting(_user_id uuid, _quiz_id uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select exists (
    select from callx.quiz_sittings s where s.user_id = _user_id and s.quiz_id = _quiz_id and s.ended_at is null
  )
$$;

CREATE FUNCTION callx.have_results(_lesson_ids uuid[]) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select exists (select from public.lesson_completions c where c.lesson_id = any (_lesson_ids))
    or exists (
      select from public.quizzes q join public.quiz_attempts a on a.quiz_id = q.id
      where q.lesson_id = any (_lesson_ids)
    )
    or exists (
      select from public.simulations s join public.calls c on c.simulation_id = s.id
      where s.lesson_id = any (_lesson_ids)
    )
    or exists (
      select from public.simulations s join public.simulation_attempts a on a.simulation_id = s.id
      where s.lesson_id = any (_lesson_ids)
    )
$$;

CREATE FUNCTION callx.hold_open_sitting(_user_id uuid, _quiz_id uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform from callx.quiz_sittings s
  where s.user_id = _user_id and s.quiz_id = _quiz_id and s.ended_at is null for update;
  return found;
end
$$;

COMMENT ON FUNCTION callx.hold_open_sitting(_user_id uuid, _quiz_id uuid) IS 'Whether there is one, and keeps the job from handing it in until the end of the transaction.';

CREATE FUNCTION callx.impact(_product_id uuid, _before uuid[], _after uuid[]) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  with removed as (
    select b.id from unnest(_before) b (id) where b.id <> all (_after)
  ),
  finished as (
    select * from callx.finishers(_before) as f (user_id)
  )
  select jsonb_build_object(
    'new_lessons', (select count(*) from unnest(_after) a (id) where a.id <> all (_before)),
    'removed_lessons', (select count(*) from removed),
    'people_begun', (
      select count(distinct c.user_id) from public.lesson_completions c where c.lesson_id = any (_before)
    ),
    'people_finished', (select count(*) from finished),
    'people_certified', (
      select count(*) from callx.valid_certifications v where v.product_id = _product_id
    ),
    'finished_with_more_to_do', (
      select count(*) from finished f
      where cardinality(_after) > 0 and f.user_id not in (select callx.finishers(_after))
    ),
    'finished_by_this', (
      select count(*) from callx.finishers(_after) as a (user_id)
      where cardinality(_before) > 0 and a.user_id not in (select f.user_id from finished f)
    ),
    'open_quiz_attempts', (
      select count(*) from callx.quiz_sittings s join public.quizzes q on q.id = s.quiz_id
      where s.ended_at is null and q.lesson_id in (select r.id from removed r)
    ),
    'open_calls', (
      select count(*) from public.calls c join public.simulations s on s.id = c.simulation_id
      where c.ended_at is null and s.lesson_id in (select r.id from removed r)
    )
  )
$$;

COMMENT ON FUNCTION callx.impact(_product_id uuid, _before uuid[], _after uuid[]) IS 'What it means for people when these lessons are live instead of those. Certificates stay in any case.';

CREATE FUNCTION callx.improvements(_manager_id uuid, _since timestamp with time zone, _until timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION callx.improvements(_manager_id uuid, _since timestamp with time zone, _until timestamp with time zone) IS 'Everybody in a team with the points that they gained: the best less the first attempt of that time, on average over the simulations tried more than once. Who is shown of them decides lms.recognition.leaderboard.';

CREATE FUNCTION callx.is_admin() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select coalesce(
    auth.role() = 'service_role'
    or exists (select from public.user_roles r where r.user_id = auth.uid() and r.role = 'admin'),
    false
  )
$$;

CREATE FUNCTION callx.is_assessed(_product_id uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select exists (
    select from callx.lesson_places l join public.lessons s on s.id = l.lesson_id
    where l.product_id = _product_id and l.counts and s.lesson_type in ('quiz', 'simulation')
  )
$$;

CREATE FUNCTION callx.is_between(_at timestamp with time zone, _since timestamp with time zone, _until timestamp with time zone) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select coalesce((_since is null or _at >= _since) and (_until is null or _at < _until), false) $$;

CREATE FUNCTION callx.is_module_locked(_module_id uuid, _user_id uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select coalesce(
    (
      select s.is_locked
      from public.modules m, callx.module_states(_user_id, array[m.product_id]) s
      where m.id = _module_id and s.module_id = m.id
    ),
    true
  )
$$;

COMMENT ON FUNCTION callx.is_module_locked(_module_id uuid, _user_id uuid) IS 'A module that does not exist is locked.';

CREATE FUNCTION callx.is_other_window(_window_id uuid, _of_sitting uuid) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select _window_id is not null and _window_id is distinct from _of_sitting $$;

CREATE FUNCTION callx.is_put_back(_completion_id uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select coalesce(position(_completion_id::text in current_setting('callx.put_back', true)) > 0, false) $$;

CREATE FUNCTION callx.is_safe_html(_html text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
  select coalesce(regexp_replace(
    _html,
    '<(?:/?(?:b|blockquote|caption|code|dd|del|dl|dt|em|h1|h2|h3|h4|i|ins|kbd|li|mark|ol|p|pre|s|small|strong|sub|sup'
    '|table|tbody|td|tfoot|th|thead|tr|u|ul)|br|hr|/a'
    '|a(?: href="(?:https?://|mailto:|tel:|#|/[^/\\"<>[:space:]])[^\\"<>[:space:]]*"| href="/"| title="[^"<>]*"'
    '| target="_blank")* rel="noopener noreferrer"'
    '|t[dh](?: (?:col|row)span="[0-9]{1,3}")+)>',
    ' ', 'g'
  ) !~ '<[a-zA-Z/!?]', true)
$$;

COMMENT ON FUNCTION callx.is_safe_html(_html text) IS 'Whether no markup is in a text but these tags, written as core/rich_text.py writes them. What is no such tag may not begin like a tag, so nothing else can be one: a tag that fits has no `<` inside.';

CREATE FUNCTION callx.is_sampled(_call_id uuid, _percent integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$ select ('x' || left(md5(_call_id::text), 7))::bit(28)::int % 100 < _percent $$;

COMMENT ON FUNCTION callx.is_sampled(_call_id uuid, _percent integer) IS 'By chance, and for the same call always the same.';

CREATE FUNCTION callx.is_staff(_user_id uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select exists (select from public.user_roles r where r.user_id = _user_id and r.role in ('manager', 'admin'))
$$;

CREATE FUNCTION callx.is_time_zone(_name text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $_$
begin
  if _name !~ '^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$' then
    return false;
  end if;
  perform timestamptz 'epoch' at time zone _name;
  return true;
exception when invalid_parameter_value then
  return false;
end
$_$;

CREATE FUNCTION callx.is_web_address(_text text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select _text ~* '^[a-z][a-z0-9+.-]*:' $$;

CREATE FUNCTION callx.judge_again() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _call_id uuid;
begin
  for _call_id in
    update public.calls c set rubric = new.rubric
    from public.evaluations e
    where c.simulation_id = new.simulation_id and e.call_id = c.id and e.state = 'failed'
      and callx.rubric_problem(coalesce(c.rubric, '{}')) is not null
    returning c.id
  loop
    perform callx.emit_fact('RubricMended', jsonb_build_object('call_id', _call_id));
  end loop;
  return null;
end
$$;

COMMENT ON FUNCTION callx.judge_again() IS 'Emits RubricMended {call_id} for each call whose evaluation failed because its rubric could not be used.';

CREATE FUNCTION callx.keep_an_admin() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if tg_table_schema = 'auth' and not exists (
    select from public.user_roles r where r.user_id = new.id and r.role = 'admin'
  ) then
    return null;
  end if;
  -- Two admins who remove each other at once would both see the other still there.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('callx.keep_an_admin', 0));
  if not exists (
    select from public.user_roles r join auth.users u on u.id = r.user_id
    where r.role = 'admin' and u.deactivated_at is null
  ) then
    raise exception 'The last admin stays an admin.'
      using hint = 'Make somebody else an admin first.', constraint = 'keep_an_admin';
  end if;
  return null;
end
$$;

COMMENT ON FUNCTION callx.keep_an_admin() IS 'Holds for the service too: without an admin nobody could make one.';

CREATE FUNCTION callx.keep_product_status() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if tg_op = 'INSERT' then
    if new.is_active is not true then
      new.status := 'draft';
    elsif new.status = 'draft' then
      new.is_active := false;
    end if;
  elsif new.is_active is distinct from old.is_active then
    new.status := case when new.is_active then 'published' else 'draft' end;
  elsif new.status is distinct from old.status then
    new.is_active := new.status = 'published';
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION callx.keep_product_status() IS 'Keeps status and is_active in step. Where a change says both, is_active counts: it is the older word.';

CREATE FUNCTION callx.learning_days(_user_id uuid) RETURNS date[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select coalesce(array_agg(d.day order by d.day), '{}')
  from (
    select distinct (a.active_at at time zone coalesce(p.time_zone, s.time_zone))::date as day
    from public.site_settings s
    left join public.personal_settings p on p.user_id = _user_id
    cross join callx.activities a
    where a.user_id = _user_id
  ) d
$$;

COMMENT ON FUNCTION callx.learning_days(_user_id uuid) IS 'The days, by the person''s clock, on which they completed a lesson, handed in a quiz or were in a call.';

CREATE FUNCTION callx.length_ms(_ranges int4multirange) RETURNS integer
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select coalesce(sum(upper(r) - lower(r)), 0)::int from unnest(_ranges) as r $$;

CREATE FUNCTION callx.lesson_stops(_manager_id uuid, _product_id uuid, _idle interval, _now timestamp with time zone, _since timestamp with time zone, _until timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
  _products uuid[] := array(select callx.analysed_products(_product_id));
begin
  return (
    with places as materialized (
      select l.id as lesson_id, l.title, l.lesson_type, m.id as module_id, m.title as module_title, k.counts,
        row_number() over (partition by k.counts order by m.order_index, m.id, l.order_index, l.id) as place
      from callx.lesson_places k
      join public.lessons l on l.id = k.lesson_id
      join public.modules m on m.id = k.module_id
      where k.product_id = any (_products)
    ),
    starters as (
      select a.user_id, min(a.active_at) as began_at, max(a.active_at) as last_at
      from callx.activities a join places l on l.lesson_id = a.lesson_id
      where a.user_id = any (_people)
      group by a.user_id
      having callx.is_between(min(a.active_at), _since, _until)
    ),
    done as (
      select c.user_id, l.place
      from public.lesson_completions c join places l on l.lesson_id = c.lesson_id and l.counts
      join starters s on s.user_id = c.user_id
    ),
    completed as (
      select d.place, count(*) as people from done d group by d.place
    ),
    -- The first gap: after as many places in a row as there are from the first one on.
    runs as (
      select r.user_id, count(*) as done
      from (select d.*, row_number() over (partition by d.user_id order by d.place) as nth from done d) r
      where r.place = r.nth
      group by r.user_id
    ),
    stops as (
      select s.user_id, s.last_at, coalesce(r.done, 0) + 1 as place
      from starters s left join runs r on r.user_id = s.user_id
    ),
    stopped as (
      select s.place, count(*) as people, count(*) filter (where s.last_at < _now - _idle) as idle
      from stops s group by s.place
    )
    select jsonb_build_object(
      'product_id', p.id, 'title', p.title, 'started', (select count(*) from starters),
      'finished', (
        select count(*) from stops s where s.place > (select count(*) from places l where l.counts)
      ),
      'lessons', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'lesson_id', l.lesson_id, 'title', l.title, 'lesson_type', l.lesson_type, 'module_id', l.module_id,
          'module_title', l.module_title, 'place', l.place, 'completed', coalesce(c.people, 0),
          'stopped', coalesce(s.people, 0), 'idle', coalesce(s.idle, 0)
        ) order by l.place), '[]')
        from places l
        left join completed c on c.place = l.place
        left join stopped s on s.place = l.place
        where l.counts
      )
    )
    from public.products p where p.id = _product_id
  );
end
$$;

COMMENT ON FUNCTION callx.lesson_stops(_manager_id uuid, _product_id uuid, _idle interval, _now timestamp with time zone, _since timestamp with time zone, _until timestamp with time zone) IS 'Of those who began in that time: how many completed each lesson, and whose first lesson that is missing it is.';

CREATE FUNCTION callx.limit_quiz_attempts() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if current_user in ('service_role', 'callx_owner') or new.user_id is distinct from auth.uid() then
    return new;
  end if;
  new.attempted_at := now();
  perform callx.lock_quiz(new.user_id, new.quiz_id);
  if callx.hold_open_sitting(new.user_id, new.quiz_id) then
    return new; -- the limits were held when it was started
  end if;
  if exists (select from public.quizzes q where q.id = new.quiz_id and q.needs_start) then
    raise exception 'This quiz has to be started first, by start_quiz.' using detail = 'start_first';
  end if;
  perform callx.refuse_quiz_attempt(new.user_id, new.quiz_id);
  return new;
end
$$;

COMMENT ON FUNCTION callx.limit_quiz_attempts() IS 'Stamps the time and holds the limits. Its trigger runs before that of the grading, which ends the open sitting.';

CREATE FUNCTION callx.lines_said_unasked(_script jsonb, _fact bigint) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select line from unnest(array[
    _script ->> 'opening', coalesce(_script ->> 'issue', 'my problem'), _script #>> '{resolution,agree}',
    _script #>> '{resolution,goodbye}', _script #>> '{mood,angry_goodbye}', _script #>> '{patience,give_up}'
  ]) as line
  union all
  select jsonb_array_elements_text(_script -> 'restatements')
  union all
  select jsonb_array_elements_text(_script #> '{patience,prompts}')
  union all
  select unnest(array[f.fact ->> 'say', f.fact ->> 'say_again'])
  from jsonb_array_elements(coalesce(_script -> 'facts', '[]')) with ordinality as f (fact, place)
  where f.place <> _fact
  union all
  select unnest(array[o ->> 'say', o ->> 'satisfied'])
  from jsonb_array_elements(coalesce(_script -> 'objections', '[]')) as o
  union all
  select w ->> 'say' from jsonb_array_elements(coalesce(_script -> 'wrong_solutions', '[]')) as w
$$;

COMMENT ON FUNCTION callx.lines_said_unasked(_script jsonb, _fact bigint) IS 'Every line that the customer may say before the fact at this place was asked for.';

CREATE FUNCTION callx.listed_ids(_ids jsonb, _known jsonb) RETURNS uuid[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select coalesce(array_agg(first.id order by first.place), '{}') from (
    select (k.value ->> 'id')::uuid as id, min(i.place) as place
    from jsonb_array_elements_text(case jsonb_typeof(_ids) when 'array' then _ids else '[]' end)
      with ordinality as i (id, place)
    join jsonb_array_elements(_known) k on k.value ->> 'id' = lower(i.id)
    group by k.value ->> 'id'
  ) as first
$$;

COMMENT ON FUNCTION callx.listed_ids(_ids jsonb, _known jsonb) IS 'Those of _ids that answers in _known have, each once, in the order in which they were given.';

CREATE FUNCTION callx.live_lessons(_product_id uuid) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select coalesce(array_agg(l.lesson_id), '{}')
  from callx.lesson_places l join public.products p on p.id = l.product_id
  where l.product_id = _product_id and l.counts and p.is_active and p.archived_at is null
$$;

CREATE FUNCTION callx.lock_order(_parent_id uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('callx.order ' || _parent_id::text, 0))
$$;

COMMENT ON FUNCTION callx.lock_order(_parent_id uuid) IS 'Whoever computes an order_index from its siblings holds this until the end of the transaction.';

CREATE FUNCTION callx.lock_quiz(_user_id uuid, _quiz_id uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
  select pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('callx.quiz_attempt ' || _user_id::text || _quiz_id::text, 0)
  )
$$;

COMMENT ON FUNCTION callx.lock_quiz(_user_id uuid, _quiz_id uuid) IS 'One thing at a time happens to somebody''s attempts at a quiz.';

CREATE FUNCTION callx.log_call(_call_id uuid, _kind text, _details jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET lock_timeout TO '30s'
    AS $$
declare
  _last record;
  _event public.call_events;
begin
  if not exists (select from public.calls c where c.id = _call_id) then
    return;
  end if;
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('callx.call_events:' || _call_id::text, 0));
  select e.number, e.hash into _last from public.call_events e where e.call_id = _call_id order by e.number desc limit 1;
  _event := row(
    _call_id, coalesce(_last.number, 0) + 1, pg_catalog.clock_timestamp(), _kind, jsonb_strip_nulls(_details),
    coalesce(_last.hash, decode(repeat('00', 32), 'hex')), null
  );
  _event.hash := callx.call_event_hash(_event);
  insert into public.call_events select _event.*;
end
$$;

COMMENT ON FUNCTION callx.log_call(_call_id uuid, _kind text, _details jsonb) IS 'For deferred triggers alone: the lock of the chain is the last one that a transaction takes.';

CREATE FUNCTION callx.log_of_call() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if tg_op = 'INSERT' or old.state is distinct from new.state then
    if new.state = 'live' then
      perform callx.log_call(new.id, 'begun', callx.beginning_of(new));
    elsif new.state = 'ended' then
      perform callx.log_call(new.id, 'ended', jsonb_build_object(
        'reason', new.end_reason, 'outcome', new.customer_outcome, 'duration_ms', new.duration_ms
      ));
    end if;
  elsif old.answered_at is not null and callx.beginning_of(new) is distinct from callx.beginning_of(old) then
    perform callx.log_call(new.id, 'begun_changed', callx.beginning_of(new));
  end if;
  return null;
end
$$;

CREATE FUNCTION callx.log_of_evaluation() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if tg_op = 'INSERT' or new.report is distinct from old.report then
    perform callx.log_call(new.call_id, 'evaluated', jsonb_build_object(
      'judge', new.judge, 'model', new.model, 'prompt_hash', new.prompt_hash, 'rubric_hash', new.rubric_hash,
      'overall_score', new.report -> 'overall_score', 'passed', new.report -> 'passed',
      'report_sha256', callx.sha256_of(new.report)
    ));
  end if;
  return null;
end
$$;

CREATE FUNCTION callx.log_of_part() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform callx.log_call(new.call_id, tg_argv[0], to_jsonb(new) - 'call_id');
  return null;
end
$$;

CREATE FUNCTION callx.log_of_recording() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform callx.log_call(new.call_id, 'recorded', jsonb_build_object(
    'sha256', new.sha256, 'size_bytes', new.size_bytes, 'duration_ms', new.duration_ms
  ));
  return null;
end
$$;

CREATE FUNCTION callx.log_of_turn() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if tg_op = 'INSERT' then
    perform callx.log_call(new.call_id, 'turn', callx.words_of(new));
  elsif tg_op = 'DELETE' then
    perform callx.log_call(old.call_id, 'turn_removed', jsonb_build_object('number', old.number));
  elsif callx.words_of(new) is distinct from callx.words_of(old) then
    perform callx.log_call(new.call_id, 'turn_changed', callx.words_of(new));
  end if;
  return null;
end
$$;

CREATE FUNCTION callx.marks_of(_report jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $_$
  select jsonb_agg(jsonb_build_object(
    'key', s.section -> 'key', 'title', s.section -> 'title',
    'score', case jsonb_typeof(s.section -> 'score') when 'number' then s.section -> 'score' end,
    'criteria', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'key', c.criterion -> 'key', 'title', c.criterion -> 'title', 'verdict', c.criterion -> 'verdict',
        'score', case jsonb_typeof(c.criterion -> 'score') when 'number' then c.criterion -> 'score' end
      ) order by c.place), '[]')
      from jsonb_path_query(s.section, '$.criteria[*] ? (@.key != null)') with ordinality as c (criterion, place)
    )
  ) order by s.place)
  from jsonb_path_query(_report, '$.sections[*] ? (@.key != null)') with ordinality as s (section, place)
$_$;

COMMENT ON FUNCTION callx.marks_of(_report jsonb) IS 'The scores of sections and the verdicts of criteria; null without any.';

CREATE FUNCTION callx.may_review(_user_id uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select _user_id is not null and _user_id is distinct from auth.uid()
    and (callx.is_admin() or _user_id = any (callx.my_trainees()))
$$;

COMMENT ON FUNCTION callx.may_review(_user_id uuid) IS 'Whether the caller may judge what this person did: their managers and admins; nobody what they did themselves.';

CREATE FUNCTION callx.merged_watching(_before int4multirange, _reported int4multirange, _length_ms integer) RETURNS int4multirange
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  with joined as (
    select range_agg(int4range(lower(r), upper(r) + 1000)) as ranges
    from unnest((_before + _reported) * int4multirange(int4range(0, _length_ms))) as r
  ),
  longest as (
    select int4range(lower(r), upper(r) - 1000) as r from joined j, unnest(j.ranges) as r
    order by upper(r) - lower(r) desc, r
    limit 300
  )
  select coalesce(range_agg(l.r), '{}') from longest l
$$;

COMMENT ON FUNCTION callx.merged_watching(_before int4multirange, _reported int4multirange, _length_ms integer) IS 'Both together, within the video. Gaps of up to a second are closed: players tell where they are a few times a second. Of more than 300 pieces the longest are kept.';

CREATE FUNCTION callx.module_states(_user_id uuid, _product_ids uuid[]) RETURNS TABLE(module_id uuid, product_id uuid, order_index integer, total_lessons integer, completed_lessons integer, is_locked boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
  _exempt boolean := callx.is_staff(_user_id);
begin
  return query
  with counted as (
    select m.id, m.product_id, m.order_index, m.is_prerequisite is true as linked,
      count(l.lesson_id)::int as total, count(c.lesson_id)::int as completed
    from public.modules m
    left join callx.lesson_places l on l.module_id = m.id and l.counts
    left join public.lesson_completions c on c.lesson_id = l.lesson_id and c.user_id = _user_id
    where m.product_id = any (_product_ids) and m.archived_at is null and m.status = 'published'
    group by m.id
  ),
  chained as (
    select k.*, count(*) filter (where not k.linked) over (partition by k.product_id order by k.order_index) as chain
    from counted k
  ),
  certified as (
    select v.product_id from callx.valid_certifications v where v.user_id = _user_id
  )
  select k.id, k.product_id, k.order_index, k.total, k.completed,
    not _exempt and k.product_id not in (select c.product_id from certified c) and coalesce(
      bool_or(k.completed < k.total) over (
        partition by k.product_id, k.chain order by k.order_index rows between unbounded preceding and 1 preceding
      ),
      false
    )
  from chained k;
end
$$;

COMMENT ON FUNCTION callx.module_states(_user_id uuid, _product_ids uuid[]) IS 'The one place where locks are computed. A chain is a module that is not linked and the linked ones that follow it. Managers and admins are never locked out, nor is who holds a good certificate of the product: a lesson that is published later locks nobody out of what they have passed.';

CREATE FUNCTION callx.move_row(_table regclass, _parent name, _live text, _id uuid, _to_index integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
  _parent_id uuid;
  _ids uuid[];
  _slots int[];
  _place int;
  _lowest int;
begin
  perform callx.require_admin();
  execute format('select %I from %s where id = $1 and %s', _parent, _table, _live) into _parent_id using _id;
  if _parent_id is null then
    raise exception 'There is nothing with this id.' using errcode = 'P0002';
  end if;
  perform callx.lock_order(_parent_id);
  execute format(
    'select array_agg(id order by order_index) filter (where id <> $1), array_agg(order_index order by order_index)
     from %s where %I = $2 and %s', _table, _parent, _live
  ) into _ids, _slots using _id, _parent_id;
  select coalesce(min(s.place) filter (where s.slot >= _to_index), count(*)) into _place
  from unnest(_slots) with ordinality as s (slot, place);
  _ids := _ids[:_place - 1] || _id || _ids[_place:];
  execute format('select min(order_index) from %s where %I = $1', _table, _parent) into _lowest using _parent_id;
  execute format(
    'update %s t set order_index = $3 - o.place from unnest($1, $2) with ordinality as o (id, slot, place)
     where t.id = o.id and t.order_index <> o.slot', _table
  ) using _ids, _slots, _lowest;
  execute format(
    'update %s t set order_index = o.slot from unnest($1, $2) as o (id, slot)
     where t.id = o.id and t.order_index <> o.slot', _table
  ) using _ids, _slots;
end
$_$;

COMMENT ON FUNCTION callx.move_row(_table regclass, _parent name, _live text, _id uuid, _to_index integer) IS 'Puts a row at the place among its siblings that has the order_index $5, or the next greater one, or the last one; those between move up by one. The set of used order_index values stays as it is. In two steps, by way of values below all others, because a plain unique constraint is checked row by row.';

CREATE FUNCTION callx.my_managers() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select coalesce(array_agg(a.manager_id), '{}') from public.manager_assignments a where a.trainee_id = auth.uid()
$$;

CREATE FUNCTION callx.my_module_states() RETURNS TABLE(module_id uuid, product_id uuid, order_index integer, total_lessons integer, completed_lessons integer, is_locked boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$ select * from callx.module_states(auth.uid(), callx.my_products()) $$;

CREATE FUNCTION callx.my_products() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$ select callx.products_of(auth.uid()) $$;

CREATE FUNCTION callx.my_recognised_teams() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select coalesce(array_agg(t.id), '{}') from callx.teams_with_recognition() as t (id)
  where t.id = auth.uid() or callx.is_admin() or t.id = any (callx.my_managers())
$$;

COMMENT ON FUNCTION callx.my_recognised_teams() IS 'Those that the caller belongs to or leads; for admins all.';

CREATE FUNCTION callx.my_recognition(_now timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

CREATE FUNCTION callx.my_trainees() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select coalesce(array_agg(a.trainee_id), '{}')
  from public.manager_assignments a
  where a.manager_id = auth.uid()
    and exists (select from public.user_roles r where r.user_id = a.manager_id and r.role = 'manager')
$$;

COMMENT ON FUNCTION callx.my_trainees() IS 'The people whose manager the caller is: assigned, and still in the role. Policies compare with this array, which a statement computes once and can look up in an index, instead of asking is_manager_of for every row.';

CREATE FUNCTION callx.new_key() RETURNS text
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select 'x' || left(replace(gen_random_uuid()::text, '-', ''), 11) $$;

CREATE FUNCTION callx.note_lesson_text() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _body text := coalesce(callx.without_markup(new.text_content), '');
  _language regconfig := callx.text_language(new.title || ' ' || _body);
begin
  insert into callx.lesson_texts (lesson_id, body, language, words)
  values (new.id, _body, _language, callx.search_words(_language, new.title, _body))
  on conflict (lesson_id) do update
  set body = excluded.body, language = excluded.language, words = excluded.words;
  return null;
end
$$;

CREATE FUNCTION callx.note_lesson_video() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  -- What was told of a video whose bytes nobody knew yet would be taken for the next one's.
  update public.video_watching w set watched = '{}', watched_ms = 0, started_at = clock_timestamp()
  where w.lesson_id = new.id and w.version is null;
  if new.video_url is null or new.video_url = '' or callx.is_web_address(new.video_url) then
    delete from public.lesson_videos v where v.lesson_id = new.id;
  else
    perform callx.read_video_again(new.id);
  end if;
  return null;
end
$$;

CREATE FUNCTION callx.note_stored_document() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if new.bucket_id <> 'lesson-attachments'
    or lower(split_part(new.metadata ->> 'mimetype', ';', 1)) is distinct from 'application/pdf' then
    delete from public.documents d where d.object_id = new.id;
    return null;
  end if;
  insert into public.documents (object_id, path, version) values (new.id, new.name, new.version)
  on conflict (object_id) do update set path = excluded.path;
  if tg_op = 'INSERT' or not exists (
    select from public.documents d where d.object_id = new.id and d.version = new.version and d.state <> 'waiting'
  ) then
    delete from public.document_pages p where p.object_id = new.id;
    update public.documents d
    set version = new.version, state = 'waiting', problem = null, page_count = null, language = null, read_at = null
    where d.object_id = new.id;
    perform callx.emit_fact('DocumentStored', jsonb_build_object('object_id', new.id));
  end if;
  return null;
end
$$;

CREATE FUNCTION callx.note_stored_video() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _paths text[] := '{}';
begin
  if tg_op <> 'INSERT' and old.bucket_id = 'lesson-videos' then
    _paths := _paths || callx.paths_of(old.bucket_id, old.name);
  end if;
  if tg_op <> 'DELETE' and new.bucket_id = 'lesson-videos' then
    _paths := _paths || callx.paths_of(new.bucket_id, new.name);
  end if;
  perform callx.read_video_again(l.id) from public.lessons l where l.video_url = any (_paths);
  return null;
end
$$;

CREATE FUNCTION callx.note_watching(_lesson_id uuid, _reported int4multirange, _position_ms integer) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _me uuid := auth.uid();
  _video record;
  _watching public.video_watching;
  _now timestamptz;
  _merged int4multirange;
  _merged_ms int;
  _fits_ms bigint;
  _is_accepted boolean;
begin
  select v.duration_ms, v.version into _video
  from public.lesson_videos v where v.lesson_id = _lesson_id and v.state = 'ready';
  insert into public.video_watching (user_id, lesson_id, version) values (_me, _lesson_id, _video.version)
  on conflict do nothing;
  select * into _watching from public.video_watching w
  where w.user_id = _me and w.lesson_id = _lesson_id for update;
  _now := clock_timestamp();
  if _watching.version <> _video.version then
    _watching.watched := '{}';
    _watching.watched_ms := 0;
    _watching.started_at := _now;
  end if;
  _merged := callx.merged_watching(_watching.watched, _reported, coalesce(_video.duration_ms, 86400000));
  _merged_ms := callx.length_ms(_merged);
  -- Twice the time since it was first opened, because players go at twice the speed at most; 5 s for slow networks.
  _fits_ms := 2 * (extract(epoch from _now - _watching.started_at) * 1000)::bigint + 5000;
  _is_accepted := _merged_ms <= greatest(_fits_ms, _watching.watched_ms);
  if _is_accepted then
    _watching.watched := _merged;
    _watching.watched_ms := _merged_ms;
  end if;
  update public.video_watching w
  set watched = _watching.watched, watched_ms = _watching.watched_ms, started_at = _watching.started_at,
    position_ms = least(greatest(coalesce(_position_ms, w.position_ms), 0), coalesce(_video.duration_ms, 86400000)),
    version = coalesce(_video.version, w.version)
  where w.user_id = _me and w.lesson_id = _lesson_id
  returning * into _watching;
  return jsonb_build_object(
    'lesson_id', _lesson_id,
    'watched', (
      select coalesce(jsonb_agg(jsonb_build_array(lower(r), upper(r)) order by r), '[]')
      from unnest(_watching.watched) as r
    ),
    'watched_ms', _watching.watched_ms,
    'position_ms', _watching.position_ms,
    'duration_ms', _video.duration_ms,
    'percent', (_watching.watched_ms::bigint * 100 / _video.duration_ms)::int,
    'is_accepted', _is_accepted,
    'retry_after_ms', case when _is_accepted then 0 else (_merged_ms - _fits_ms + 1) / 2 + 100 end
  );
end
$$;

COMMENT ON FUNCTION callx.note_watching(_lesson_id uuid, _reported int4multirange, _position_ms integer) IS 'Writes the caller''s own row. What is more than can have been played since the video was first opened is not believed, and may be told again later: so whoever was offline loses nothing, and a claim that is false takes as long as watching. Whether the lesson is there for the caller is for public.watch_lesson to ask.';

CREATE FUNCTION callx.number_problem(_value jsonb, _schema jsonb, _path text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  _number numeric;
begin
  if jsonb_typeof(_value) <> 'number' then
    return _path || ' must be a number';
  end if;
  _number := (_value #>> '{}')::numeric;
  if _schema ->> 'type' = 'integer' and _number <> trunc(_number) then
    return _path || ' must be a whole number';
  end if;
  if _number < (_schema ->> 'minimum')::numeric then
    return _path || ' must be at least ' || (_schema ->> 'minimum');
  end if;
  if _number <= (_schema ->> 'exclusiveMinimum')::numeric then
    return _path || ' must be more than ' || (_schema ->> 'exclusiveMinimum');
  end if;
  if _number > (_schema ->> 'maximum')::numeric then
    return _path || ' must be at most ' || (_schema ->> 'maximum');
  end if;
  if _number >= (_schema ->> 'exclusiveMaximum')::numeric then
    return _path || ' must be less than ' || (_schema ->> 'exclusiveMaximum');
  end if;
  -- Beyond this PostgreSQL and Python mean different numbers.
  if abs(_number) > 1e15 or scale(_number) > 9 then
    return _path || ' is too large or too exact';
  end if;
  return null;
end
$$;

CREATE FUNCTION callx.number_readings(_text text) RETURNS numeric[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $_$
declare
  _number text := btrim(callx.folded(left(_text, 100), true, true, false), ' ');
  _sign int := case when _number like '-%' then -1 else 1 end;
  _readings numeric[] := '{}';
begin
  _number := ltrim(regexp_replace(_number, '^[+-]', ''), ' ');
  if length(_number) > 40 then
    return _readings;
  end if;
  if _number ~ '^([0-9]+([.,][0-9]*)?|[.,][0-9]+)$' then
    _readings := _readings || rtrim('0' || replace(_number, ',', '.'), '.')::numeric * _sign;
  end if;
  if _number ~ '^[1-9][0-9]{0,2}(([ ''][0-9]{3})+([.,][0-9]+)?|(,[0-9]{3})+(\.[0-9]+)?)$' then
    _readings := _readings || case
      when _number ~ '[ '']' then replace(translate(_number, ' ''', ''), ',', '.')
      else replace(_number, ',', '')
    end::numeric * _sign;
  elsif _number ~ '^[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?$' then
    _readings := _readings || replace(replace(_number, '.', ''), ',', '.')::numeric * _sign;
  end if;
  return _readings;
end
$_$;

COMMENT ON FUNCTION callx.number_readings(_text text) IS 'What numbers a text can mean, with a comma or a point before the decimals and groups of three digits between spaces, apostrophes, points or commas. 1,234 and 1.234 can mean two. None: it is no number.';

CREATE FUNCTION callx.object_problem(_value jsonb, _schema jsonb, _root jsonb, _path text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  _key text;
  _problem text;
begin
  if jsonb_typeof(_value) <> 'object' then
    return _path || ' must be an object';
  end if;
  for _key in select jsonb_array_elements_text(coalesce(_schema -> 'required', '[]')) loop
    if not _value ? _key then
      return _path || ' needs `' || _key || '`';
    end if;
  end loop;
  for _key in select jsonb_object_keys(_value) loop
    if not coalesce(_schema -> 'properties' ? _key, false) then
      return _path || ' has no `' || left(_key, 60) || '`';
    end if;
    _problem := callx.schema_problem(
      _value -> _key, _schema -> 'properties' -> _key, _root, _path || '.' || _key
    );
    if _problem is not null then
      return _problem;
    end if;
  end loop;
  return null;
end
$$;

CREATE FUNCTION callx.open_modules() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _me uuid := auth.uid();
begin
  return array(select s.module_id from callx.module_states(_me, callx.products_of(_me)) s where not s.is_locked);
end
$$;

COMMENT ON FUNCTION callx.open_modules() IS 'The modules whose lessons the caller may see. A policy compares with this array, computed once a statement.';

CREATE FUNCTION callx.own_new_version() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  new.owner_id := auth.uid();
  return new;
end
$$;

COMMENT ON FUNCTION callx.own_new_version() IS 'An object belongs to whoever wrote what is in it now.';

CREATE FUNCTION callx.own_sitting(_sitting_id uuid, OUT quiz_id uuid, OUT answers jsonb, OUT window_id uuid, OUT deadline_at timestamp with time zone, OUT is_ended boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  select s.quiz_id, s.answers, s.window_id, s.deadline_at, s.ended_at is not null
  into quiz_id, answers, window_id, deadline_at, is_ended
  from callx.quiz_sittings s where s.id = _sitting_id and s.user_id = auth.uid() for update;
  if not found then
    raise exception 'There is no such attempt.' using errcode = 'P0002', detail = 'sitting_not_found';
  end if;
end
$$;

COMMENT ON FUNCTION callx.own_sitting(_sitting_id uuid, OUT quiz_id uuid, OUT answers jsonb, OUT window_id uuid, OUT deadline_at timestamp with time zone, OUT is_ended boolean) IS 'What its owner may know of it, and keeps the job from handing it in until the end of the transaction.';

CREATE TABLE public.lessons (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    module_id uuid NOT NULL,
    title text NOT NULL,
    lesson_type public.lesson_type NOT NULL,
    order_index integer NOT NULL,
    video_url text,
    text_content text,
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now(),
    archived_at timestamp with time zone,
    must_watch boolean DEFAULT false NOT NULL,
    status text DEFAULT 'published'::text NOT NULL,
    key text DEFAULT callx.new_key() NOT NULL,
    CONSTRAINT lessons_key_check CHECK ((key ~ '^[a-z0-9][a-z0-9_-]{0,79}$'::text)),
    CONSTRAINT lessons_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text]))),
    CONSTRAINT lessons_text_content_safe CHECK (callx.is_safe_html(text_content))
);

ALTER TABLE ONLY public.lessons FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.lessons.video_url IS 'A path in the bucket lesson-videos.';

COMMENT ON COLUMN public.lessons.text_content IS 'Plain text, or HTML of few tags. What comes through /rest/v1 or in a course pack is made so by core/rich_text.py; anything else is refused by the constraint.';

COMMENT ON COLUMN public.lessons.archived_at IS 'As in products.';

COMMENT ON COLUMN public.lessons.must_watch IS 'A video lesson is completed by watching nine tenths of its video, and by nothing else.';

COMMENT ON COLUMN public.lessons.status IS 'As in modules.';

COMMENT ON COLUMN public.lessons.key IS 'As in products; among the lessons of one module.';

CREATE FUNCTION callx.part_findings(_lesson public.lessons) RETURNS TABLE(severity text, code text, message text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select 'error', 'text_missing', 'The text is empty.'
  where _lesson.lesson_type = 'text' and callx.visible_text(_lesson.text_content) = ''
  union all
  select case when callx.visible_text(_lesson.text_content) = '' then 'error' else 'warning' end, f.code, f.message
  from (
    select 'video_missing' as code, 'No video is chosen.' as message where coalesce(btrim(_lesson.video_url), '') = ''
    union all
    select 'video_file_missing', format('The video %s is not in the bucket lesson-videos.', _lesson.video_url)
    where btrim(_lesson.video_url) <> '' and not callx.is_web_address(_lesson.video_url) and not exists (
      select from storage.objects o where o.bucket_id = 'lesson-videos' and _lesson.video_url in (o.name, 'lesson-videos/' || o.name)
    )
  ) f
  where _lesson.lesson_type = 'video'
  union all
  select 'warning', 'attachment_file_missing', format('The file %s is not in the bucket lesson-attachments.', a.file_path)
  from public.lesson_attachments a
  where a.lesson_id = _lesson.id and not exists (
    select from storage.objects o where o.bucket_id = 'lesson-attachments' and a.file_path in (o.name, 'lesson-attachments/' || o.name)
  )
  union all
  select 'error', 'quiz_missing', 'The quiz is missing.'
  where _lesson.lesson_type = 'quiz' and not exists (select from public.quizzes q where q.lesson_id = _lesson.id)
  union all
  select 'error', 'quiz_empty', 'The quiz has no questions.'
  from public.quizzes q
  where q.lesson_id = _lesson.id and _lesson.lesson_type = 'quiz'
    and not exists (select from public.quiz_questions k where k.quiz_id = q.id)
  union all
  select 'warning', 'draws_too_many', format('%s questions are drawn, and there are %s.', q.draw_count, k.number)
  from public.quizzes q cross join lateral (
    select count(*) as number from public.quiz_questions k where k.quiz_id = q.id
  ) k
  where q.lesson_id = _lesson.id and _lesson.lesson_type = 'quiz' and q.draw_count > k.number
  union all
  select f.severity, f.code, f.message
  from public.quizzes q cross join lateral callx.question_findings(q.id) f
  where q.lesson_id = _lesson.id and _lesson.lesson_type = 'quiz'
  union all
  select 'error', 'simulation_missing', 'The call is missing.'
  where _lesson.lesson_type = 'simulation'
    and not exists (select from public.simulations s where s.lesson_id = _lesson.id)
  union all
  select 'error', 'scenario_missing', 'Nobody is calling: the scenario is missing.'
  from public.simulations s
  where s.lesson_id = _lesson.id and _lesson.lesson_type = 'simulation'
    and not exists (select from public.simulation_scenarios c where c.simulation_id = s.id)
  union all
  select 'error', f.code, f.message
  from public.simulations s
  join public.simulation_scenarios c on c.simulation_id = s.id
  cross join lateral (
    values ('scenario_unusable', format('The script cannot be played: %s.', callx.script_problem(c.script)),
        callx.script_problem(c.script) is not null),
      ('rubric_unusable', format('The rubric cannot be used: %s.', callx.rubric_problem(c.rubric)),
        callx.rubric_problem(c.rubric) is not null),
      ('scenario_empty', 'The script is empty, and so is what the customer is told.',
        c.script = '{}' and btrim(s.ai_system_prompt) = '')
  ) f (code, message, is_so)
  where s.lesson_id = _lesson.id and _lesson.lesson_type = 'simulation' and f.is_so
  union all
  select 'warning', 'brief_missing', 'The trainee is told nothing before the call.'
  from public.simulations s
  where s.lesson_id = _lesson.id and _lesson.lesson_type = 'simulation' and btrim(s.scenario_description) = ''
$$;

COMMENT ON FUNCTION callx.part_findings(_lesson public.lessons) IS 'What is wrong with what a lesson of its type consists of. A video can be missing where a text stands in for it.';

CREATE FUNCTION callx.pass_counts(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
  _products uuid[] := array(select callx.analysed_products(_product_id));
begin
  return (
    with subjects as materialized (
      select 'quiz' as kind, q.id, q.lesson_id, q.passing_grade from public.quizzes q
      union all
      select 'simulation', s.id, s.lesson_id, s.passing_grade from public.simulations s
    ),
    tries as (
      select a.user_id, a.quiz_id as subject_id, a.attempted_at, a.passed, a.id from public.quiz_attempts a
      union all
      select a.user_id, a.simulation_id, a.attempted_at, a.passed, a.id from public.simulation_attempts a
    ),
    numbered as (
      select t.*, row_number() over (w order by t.attempted_at, t.id) as nth,
        min(t.attempted_at) filter (where t.passed) over w as passed_at
      from tries t where t.user_id = any (_people)
      window w as (partition by t.user_id, t.subject_id)
    ),
    inside as (
      select n.*, n.passed and n.passed_at = n.attempted_at as is_first_pass
      from numbered n where callx.is_between(n.attempted_at, _since, _until)
    ),
    counted as (
      select i.subject_id, count(*) as attempts, count(*) filter (where i.passed) as passed_attempts,
        count(distinct i.user_id) as people,
        count(distinct i.user_id) filter (where i.passed_at is not null and (_until is null or i.passed_at < _until))
          as people_passed,
        count(*) filter (where i.nth = 1) as first_attempts,
        count(*) filter (where i.nth = 1 and i.passed) as passed_at_once
      from inside i group by i.subject_id
    ),
    attempts_to_pass as (
      select n.subject_id, jsonb_agg(jsonb_build_array(n.nth, n.people) order by n.nth) as levels
      from (
        select f.subject_id, f.nth, count(*) as people
        from (
          select i.subject_id, i.user_id, min(i.nth) as nth from inside i where i.is_first_pass
          group by i.subject_id, i.user_id
        ) f
        group by f.subject_id, f.nth
      ) n
      group by n.subject_id
    )
    select coalesce(jsonb_agg(jsonb_build_object(
      'kind', s.kind, 'subject_id', s.id, 'title', coalesce(c.title, l.title), 'product_id', p.id,
      'product_title', p.title, 'passing_grade', s.passing_grade, 'attempts', k.attempts,
      'passed_attempts', k.passed_attempts, 'people', k.people, 'people_passed', k.people_passed,
      'first_attempts', k.first_attempts, 'passed_at_once', k.passed_at_once,
      'attempts_to_pass', coalesce(a.levels, '[]')
    ) order by lower(p.title), p.id, m.order_index, l.order_index, s.id), '[]')
    from counted k
    join subjects s on s.id = k.subject_id
    join public.lessons l on l.id = s.lesson_id
    join public.modules m on m.id = l.module_id
    join public.products p on p.id = m.product_id
    left join public.simulation_scenarios c on c.simulation_id = s.id
    left join attempts_to_pass a on a.subject_id = k.subject_id
    where p.id = any (_products)
  );
end
$$;

COMMENT ON FUNCTION callx.pass_counts(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) IS 'Attempts of that time. Which attempt it was counts from a person''s very first one, also if that lies before.';

CREATE TABLE public.quiz_attempts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    quiz_id uuid NOT NULL,
    score integer NOT NULL,
    passed boolean NOT NULL,
    answers jsonb NOT NULL,
    attempted_at timestamp with time zone DEFAULT now(),
    questions jsonb DEFAULT '[]'::jsonb NOT NULL,
    answer_key jsonb DEFAULT '{}'::jsonb NOT NULL,
    sitting_id uuid,
    started_at timestamp with time zone,
    is_late boolean DEFAULT false NOT NULL,
    grading jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT quiz_attempts_score_check CHECK (((score >= 0) AND (score <= 100)))
);

ALTER TABLE ONLY public.quiz_attempts FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.quiz_attempts.answers IS 'An array of {question_id, is_correct} with selected_answer_id, selected_answer_ids, text or ordered_answer_ids, written by callx.grade_quiz_attempt. is_correct is left out where the quiz has a review policy.';

COMMENT ON COLUMN public.quiz_attempts.questions IS 'The questions as they were asked: [{id, question_text, question_type, order_index, points, partial_credit, answers: [{id, answer_text, order_index}]}]. Questions may change later, the attempt does not.';

COMMENT ON COLUMN public.quiz_attempts.answer_key IS 'The right answers at that time, {question_id: [...]}: ids (of an ordering all, in order), accepted texts, or value and tolerance; only admins and the service read it.';

COMMENT ON COLUMN public.quiz_attempts.sitting_id IS 'What public.start_quiz called it; null: handed in without a start.';

COMMENT ON COLUMN public.quiz_attempts.is_late IS 'Handed in after the time, so what was saved before was graded.';

COMMENT ON COLUMN public.quiz_attempts.grading IS '[{question_id, is_correct, points, of_points, explanation, answers: {answer_id: explanation}}], for public.quiz_review; only admins and the service read it.';

CREATE FUNCTION callx.passes(_attempt public.quiz_attempts) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _quiz record;
  _counting int := _attempt.score;
begin
  select q.passing_grade, q.counts into _quiz from public.quizzes q where q.id = _attempt.quiz_id;
  if _quiz.counts = 'first' then
    select a.score into _counting from public.quiz_attempts a
    where a.user_id = _attempt.user_id and a.quiz_id = _attempt.quiz_id order by a.attempted_at, a.id limit 1;
  elsif _quiz.counts = 'average' then
    select (coalesce(sum(a.score), 0) + _attempt.score) / (count(*) + 1) into _counting from public.quiz_attempts a
    where a.user_id = _attempt.user_id and a.quiz_id = _attempt.quiz_id;
  end if;
  return coalesce(
    _attempt.questions <> '[]' and _attempt.score >= _quiz.passing_grade
      and coalesce(_counting, _attempt.score) >= _quiz.passing_grade,
    false
  );
end
$$;

COMMENT ON FUNCTION callx.passes(_attempt public.quiz_attempts) IS 'For an attempt that is not stored yet: whether it and what counts with it reach the passing grade.';

CREATE FUNCTION callx.paths_of(_bucket_id text, _name text) RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select array[_name, _bucket_id || '/' || _name] $$;

COMMENT ON FUNCTION callx.paths_of(_bucket_id text, _name text) IS 'How a row may name an object: by its name, or by bucket and name.';

CREATE FUNCTION callx.people_in_reports() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select p.id from public.profiles p where (select callx.is_admin())
  union
  select unnest(callx.my_trainees())
  union
  select auth.uid() where auth.uid() is not null and not callx.is_staff(auth.uid())
$$;

COMMENT ON FUNCTION callx.people_in_reports() IS 'Whom the caller exports: admins everybody, managers their team, everybody else themselves.';

CREATE FUNCTION callx.percentage(_completed bigint, _total bigint) RETURNS integer
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select coalesce(_completed * 100 / nullif(_total, 0), 0)::int $$;

COMMENT ON FUNCTION callx.percentage(_completed bigint, _total bigint) IS 'Rounded down: 100 only when all is done, 0 of nothing.';

CREATE FUNCTION callx.person_report(_user_id uuid, _attempts integer, _judged integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform callx.require_progress_of(_user_id);
  return (
    with attempts as (
      select a.id, a.simulation_id, p.id as product_id, p.title as product_title, coalesce(sc.title, l.title) as title,
        a.call_id, a.mode, a.attempted_at, a.duration_ms, a.overall_score, a.passed, a.script_adherence,
        a.empathy_score, a.call_flow_score, e.marks,
        row_number() over (order by a.attempted_at desc nulls last, a.id desc) as back
      from public.simulation_attempts a
      join public.simulations s on s.id = a.simulation_id
      join public.lessons l on l.id = s.lesson_id
      join public.modules m on m.id = l.module_id
      join public.products p on p.id = m.product_id
      left join public.simulation_scenarios sc on sc.simulation_id = s.id
      left join public.evaluations e on e.attempt_id = a.id
      where a.user_id = _user_id
    ),
    quiz_attempts as (
      select a.id, a.quiz_id, p.id as product_id, p.title as product_title, l.title, a.attempted_at, a.score, a.passed,
        row_number() over (order by a.attempted_at desc nulls last, a.id desc) as back
      from public.quiz_attempts a
      join public.quizzes q on q.id = a.quiz_id
      join public.lessons l on l.id = q.lesson_id
      join public.modules m on m.id = l.module_id
      join public.products p on p.id = m.product_id
      where a.user_id = _user_id
    ),
    judged as (
      select a.*, row_number() over (order by a.back) as judged_back
      from attempts a where jsonb_typeof(a.marks) = 'array'
    ),
    verdicts as (
      select j.back, s.section ->> 'title' as section_title, c.criterion ->> 'key' as key,
        c.criterion ->> 'title' as title, c.criterion ->> 'verdict' as verdict,
        (c.criterion ->> 'score')::numeric as score
      from judged j
      cross join jsonb_array_elements(j.marks) as s (section)
      cross join jsonb_array_elements(s.section -> 'criteria') as c (criterion)
      where j.judged_back <= _judged
    ),
    criteria as (
      select v.key, (array_agg(v.title order by v.back))[1] as title,
        (array_agg(v.section_title order by v.back))[1] as section_title, count(*) as assessed,
        count(*) filter (where v.verdict = 'met') as met, count(*) filter (where v.verdict = 'partial') as partial,
        count(*) filter (where v.verdict = 'not_met') as not_met, round(avg(v.score))::int as average,
        (array_agg(v.verdict order by v.back))[1] as latest
      from verdicts v
      where v.score is not null
      group by v.key
    )
    select jsonb_build_object(
      'user_id', u.id, 'full_name', u.full_name, 'email', u.email, 'joined_at', u.created_at,
      'closed_at', (select x.deactivated_at from auth.users x where x.id = u.id),
      'last_activity', (select max(x.active_at) from callx.activities x where x.user_id = u.id),
      'courses', callx.courses_of(_user_id) -> 'courses',
      'attempts', jsonb_build_object(
        'total', (select count(*) from attempts),
        'latest', (
          select coalesce(jsonb_agg(to_jsonb(a) - 'back' - 'marks' order by a.back), '[]')
          from attempts a where a.back <= _attempts
        )
      ),
      'quiz_attempts', jsonb_build_object(
        'total', (select count(*) from quiz_attempts),
        'latest', (
          select coalesce(jsonb_agg(to_jsonb(a) - 'back' order by a.back), '[]')
          from quiz_attempts a where a.back <= _attempts
        )
      ),
      'criteria', (
        select coalesce(jsonb_agg(to_jsonb(c) order by c.average, c.assessed desc, c.key), '[]') from criteria c
      ),
      'certificates', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'certification_id', c.id, 'product_id', p.id, 'product_title', p.title, 'code', c.code,
          'issued_at', c.issued_at, 'expires_at', c.expires_at, 'revoked_at', c.revoked_at, 'state',
          callx.certificate_state(c.expires_at, c.revoked_at, p.certificate_renewal_days)
        ) order by c.issued_at desc, c.id), '[]')
        from public.certifications c join public.products p on p.id = c.product_id
        where c.user_id = _user_id
      )
    )
    from public.profiles u where u.id = _user_id
  );
end
$$;

COMMENT ON FUNCTION callx.person_report(_user_id uuid, _attempts integer, _judged integer) IS 'One person''s page: at most so many attempts of each sort, and criteria over so many judged calls.';

CREATE FUNCTION callx.probably_earned(_limit integer) RETURNS TABLE(user_id uuid, product_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select c.user_id, l.product_id
  from public.lesson_completions c
  join callx.lesson_places l on l.lesson_id = c.lesson_id and l.counts
  join public.products p on p.id = l.product_id and p.is_active and p.archived_at is null
  where not exists (
    select from public.certifications o where o.user_id = c.user_id and o.product_id = l.product_id
  )
  group by c.user_id, l.product_id
  having count(*) = (select count(*) from callx.lesson_places a where a.product_id = l.product_id and a.counts)
  order by max(c.completed_at) limit _limit
$$;

COMMENT ON FUNCTION callx.probably_earned(_limit integer) IS 'Who has every lesson and no certificate: candidates, for callx.certificate_standing to decide.';

CREATE FUNCTION callx.products_of(_user_id uuid) RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if (select s.open_enrolment from public.site_settings s) is not false or callx.is_staff(_user_id) then
    return array(select p.id from public.products p where p.is_active and p.archived_at is null);
  end if;
  return array(
    select p.id from public.products p
    where p.is_active and p.archived_at is null and (
      exists (
        select from public.assignments a
        where a.product_id = p.id and (
          a.user_id = _user_id
          or a.manager_id in (select t.manager_id from public.manager_assignments t where t.trainee_id = _user_id)
        )
      )
      or exists (select from public.certifications c where c.product_id = p.id and c.user_id = _user_id)
      or (
        select count(*) > 0 and count(*) = count(c.lesson_id)
        from callx.lesson_places l
        left join public.lesson_completions c on c.lesson_id = l.lesson_id and c.user_id = _user_id
        where l.product_id = p.id and l.counts
      )
    )
  );
end
$$;

COMMENT ON FUNCTION callx.products_of(_user_id uuid) IS 'The active products that a person may open. Managers, who assign them, see all of them. plpgsql keeps the plans.';

CREATE FUNCTION callx.protect(_table regclass) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  execute format('alter table %s enable row level security', _table);
  execute format('alter table %s force row level security', _table);
  execute format('create policy "Service can do everything" on %s to service_role using (true) with check (true)', _table);
  execute format('create policy "Definer functions can do everything" on %s to callx_owner using (true) with check (true)', _table);
  execute format('grant select, insert, update, delete on %s to service_role', _table);
end
$$;

COMMENT ON FUNCTION callx.protect(_table regclass) IS 'Closes a new table to everybody but the service. callx_owner needs a policy of its own because row security is forced: without it the security definer functions, which run as callx_owner, would see nothing.';

CREATE TABLE public.lesson_completions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    lesson_id uuid NOT NULL,
    completed_at timestamp with time zone DEFAULT now()
);

ALTER TABLE ONLY public.lesson_completions FORCE ROW LEVEL SECURITY;

CREATE FUNCTION callx.put_back_completion(_user_id uuid, _lesson_id uuid) RETURNS public.lesson_completions
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION callx.put_back_completion(_user_id uuid, _lesson_id uuid) IS 'For callx.guard_completion alone: takes out the row that the trigger then lets in again, as it was.';

CREATE FUNCTION callx.question_findings(_quiz_id uuid) RETURNS TABLE(severity text, code text, message text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  with asked as (
    select q.*, q.question_type::text as kind, left(q.question_text, 60) as short, (
      select count(*) from public.quiz_answers a where a.question_id = q.id
    ) as answers, (
      select count(*) from public.quiz_answers a where a.question_id = q.id and a.is_correct
    ) as right_ones, exists (
      select from public.quiz_answers a where a.question_id = q.id and btrim(a.answer_text) = ''
    ) as has_empty_answer
    from public.quiz_questions q where q.quiz_id = _quiz_id
  )
  select 'error', 'question_empty', 'A question has no text.' from asked a where btrim(a.question_text) = ''
  union all
  select 'error', 'question_without_right_answer', format('No answer is right: %s', a.short)
  from asked a
  where case a.kind
    when 'short_text' then not exists (select from unnest(a.accepted_texts) t (text) where btrim(t.text) <> '')
    when 'numeric' then a.numeric_value is null
    when 'ordering' then false
    else a.right_ones = 0
  end
  union all
  select 'error', 'question_needs_answers', format('There is nothing to choose from: %s', a.short)
  from asked a where a.kind not in ('short_text', 'numeric') and a.answers < 2
  union all
  select 'error', 'answer_empty', format('An answer has no text: %s', a.short) from asked a where a.has_empty_answer
  union all
  select 'warning', 'several_right_answers', format('Several answers are right, and one can be chosen: %s', a.short)
  from asked a where a.kind in ('multiple_choice', 'true_false') and a.right_ones > 1
$$;

CREATE FUNCTION callx.questions_to_show(_questions jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', q.value -> 'id', 'question_text', q.value -> 'question_text', 'question_type', q.value -> 'question_type',
    'order_index', q.value -> 'order_index', 'points', q.value -> 'points',
    'partial_credit', q.value -> 'partial_credit', 'answers', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', a.value -> 'id', 'answer_text', a.value -> 'answer_text', 'order_index', a.value -> 'order_index'
      ) order by a.place), '[]')
      from jsonb_array_elements(q.value -> 'answers') with ordinality as a (value, place)
    )
  ) order by q.place), '[]')
  from jsonb_array_elements(_questions) with ordinality as q (value, place)
$$;

COMMENT ON FUNCTION callx.questions_to_show(_questions jsonb) IS 'Of questions as asked what people may see; built up, not cut down.';

CREATE FUNCTION callx.quiz_allowance(_user_id uuid, _quiz_id uuid, OUT time_factor numeric, OUT is_untimed boolean, OUT extra_attempts integer) RETURNS record
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select coalesce((array_agg(a.time_factor order by a.quiz_id nulls last))[1], 1),
    coalesce((array_agg(a.is_untimed order by a.quiz_id nulls last))[1], false),
    coalesce(sum(a.extra_attempts), 0)::int
  from public.quiz_allowances a
  where a.user_id = _user_id and (a.quiz_id = _quiz_id or a.quiz_id is null)
$$;

CREATE FUNCTION callx.quiz_deadline(_user_id uuid, _quiz_id uuid, _minutes integer, _started_at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select case when not a.is_untimed then _started_at + make_interval(secs => (_minutes * 60 * a.time_factor)::float8) end
  from callx.quiz_allowance(_user_id, _quiz_id) a
$$;

COMMENT ON FUNCTION callx.quiz_deadline(_user_id uuid, _quiz_id uuid, _minutes integer, _started_at timestamp with time zone) IS 'Null where there is no limit.';

CREATE FUNCTION callx.quiz_grace() RETURNS interval
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select interval '20 seconds' $$;

COMMENT ON FUNCTION callx.quiz_grace() IS 'So much after the time answers still count: for slow lines, not for people.';

CREATE FUNCTION callx.quiz_item_counts(_manager_id uuid, _quiz_id uuid, _since timestamp with time zone, _until timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
begin
  if not exists (
    select from public.quizzes q join callx.lesson_places l on l.lesson_id = q.lesson_id
    where q.id = _quiz_id and l.product_id = any (array(select callx.analysed_products(null)))
  ) then
    raise exception 'There is no such quiz.' using errcode = 'P0002', detail = 'quiz_not_found';
  end if;
  return (
    with firsts as (
      select distinct on (a.user_id) a.*
      from public.quiz_attempts a
      where a.user_id = any (_people) and a.quiz_id = _quiz_id and a.grading <> '[]'
      order by a.user_id, a.attempted_at, a.id
    ),
    chosen as materialized (
      select f.id, f.score, f.attempted_at, f.questions, f.answers, f.answer_key, f.grading
      from firsts f where callx.is_between(f.attempted_at, _since, _until)
    ),
    items as materialized (
      select c.id as attempt_id, c.score, g.item ->> 'question_id' as question_id,
        (g.item ->> 'points')::float8 / (g.item ->> 'of_points')::float8 as earned,
        (sum((g.item ->> 'points')::float8) over w - (g.item ->> 'points')::float8)
          / nullif(sum((g.item ->> 'of_points')::float8) over w - (g.item ->> 'of_points')::float8, 0) as rest
      from chosen c cross join jsonb_array_elements(c.grading) as g (item)
      window w as (partition by c.id)
    ),
    moments as (
      select i.question_id, count(*) as answered_in, sum(i.earned) as earned,
        jsonb_build_object(
          'n', count(i.rest), 'x', coalesce(sum(i.earned) filter (where i.rest is not null), 0),
          'y', coalesce(sum(i.rest), 0), 'xx', coalesce(sum(i.earned ^ 2) filter (where i.rest is not null), 0),
          'yy', coalesce(sum(i.rest ^ 2), 0), 'xy', coalesce(sum(i.earned * i.rest), 0)
        ) as with_rest
      from items i group by i.question_id
    ),
    levels as (
      select v.question_id, jsonb_agg(jsonb_build_array(v.score, v.attempts, v.earned) order by v.score) as levels
      from (
        select i.question_id, i.score, count(*) as attempts, sum(i.earned) as earned
        from items i group by i.question_id, i.score
      ) v
      group by v.question_id
    ),
    picks as (
      select c.score, g.given ->> 'question_id' as question_id, o.id as answer_id
      from chosen c
      cross join jsonb_array_elements(case jsonb_typeof(c.answers) when 'array' then c.answers else '[]' end)
        as g (given)
      cross join lateral (
        select g.given ->> 'selected_answer_id' as id where g.given ->> 'selected_answer_id' is not null
        union
        select jsonb_array_elements_text(
          case jsonb_typeof(g.given -> 'selected_answer_ids') when 'array' then g.given -> 'selected_answer_ids'
          else '[]' end
        )
      ) o
    ),
    picked as (
      select k.question_id, k.answer_id, jsonb_agg(jsonb_build_array(k.score, k.people) order by k.score) as levels
      from (
        select p.question_id, p.answer_id, p.score, count(*) as people
        from picks p group by p.question_id, p.answer_id, p.score
      ) k
      group by k.question_id, k.answer_id
    ),
    asked as (
      select distinct on (q.question ->> 'id') q.question ->> 'id' as question_id, q.question,
        c.answer_key -> (q.question ->> 'id') as answer_key
      from chosen c cross join jsonb_array_elements(c.questions) as q (question)
      order by q.question ->> 'id', c.attempted_at desc, c.id
    )
    select jsonb_build_object(
      'quiz_id', z.id, 'title', l.title, 'passing_grade', z.passing_grade,
      'people', (select count(*) from chosen),
      'items', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'question_id', k.question_id, 'text', k.question ->> 'question_text',
          'question_type', k.question ->> 'question_type', 'place', (k.question ->> 'order_index')::int,
          'answered_in', m.answered_in, 'earned', m.earned, 'with_rest', m.with_rest, 'levels', v.levels,
          'options', case
            when k.question ->> 'question_type' in ('multiple_choice', 'true_false', 'multi_select') then (
            select coalesce(jsonb_agg(jsonb_build_object(
              'answer_id', o.item ->> 'id', 'text', o.item ->> 'answer_text',
              'is_correct', coalesce(k.answer_key @> jsonb_build_array(o.item -> 'id'), false),
              'levels', coalesce(d.levels, '[]')
            ) order by (o.item ->> 'order_index')::int, o.item ->> 'id'), '[]')
            from jsonb_array_elements(k.question -> 'answers') as o (item)
            left join picked d on d.question_id = k.question_id and d.answer_id = o.item ->> 'id'
          ) else '[]' end
        ) order by (k.question ->> 'order_index')::int, k.question_id), '[]')
        from asked k
        join moments m on m.question_id = k.question_id
        join levels v on v.question_id = k.question_id
      )
    )
    from public.quizzes z join public.lessons l on l.id = z.lesson_id where z.id = _quiz_id
  );
end
$$;

COMMENT ON FUNCTION callx.quiz_item_counts(_manager_id uuid, _quiz_id uuid, _since timestamp with time zone, _until timestamp with time zone) IS 'Of each person''s first attempt, if it lies in that time. `rest` is the share of points in all other questions.';

CREATE FUNCTION callx.quiz_of_own_sitting(_sitting_id uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select s.quiz_id from callx.quiz_sittings s where s.id = _sitting_id and s.user_id = auth.uid()
$$;

CREATE FUNCTION callx.quiz_questions_as_asked(_quiz_id uuid, _seed bigint) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  with shuffled as (
    select q.*, z.draw_count, z.shuffle_questions, z.shuffle_answers,
      row_number() over (order by pg_catalog.md5(_seed || ' ' || q.id) collate "C", q.order_index) as luck
    from public.quizzes z join public.quiz_questions q on q.quiz_id = z.id
    where z.id = _quiz_id
  ),
  drawn as (
    select * from shuffled s where _seed is null or s.luck <= coalesce(s.draw_count, s.luck)
  ),
  placed as (
    select d.id as question_id, a.*, d.question_type::text = 'ordering' as is_ordering,
      row_number() over (partition by d.id order by case
        when d.question_type::text = 'ordering' or _seed is not null and d.shuffle_answers
          and d.question_type::text <> 'true_false'
        then pg_catalog.md5(coalesce(_seed, 0) || ' ' || a.id) end collate "C",
        a.order_index, a.id
      ) as place
    from drawn d cross join lateral (
      select x.id, x.answer_text, x.order_index, x.is_correct, x.explanation
      from public.quiz_answers x where x.question_id = d.id
    ) a
  ),
  options as (
    select p.question_id, jsonb_agg(jsonb_build_object(
      'id', p.id, 'answer_text', p.answer_text,
      'order_index', case when p.is_ordering then p.place else p.order_index end,
      'is_correct', p.is_correct, 'right_place', p.order_index, 'explanation', p.explanation
    ) order by p.place) as answers
    from placed p group by p.question_id
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', d.id, 'question_text', d.question_text, 'question_type', d.question_type, 'order_index', d.order_index,
    'points', d.points, 'partial_credit', d.partial_credit, 'match_case', d.match_case,
    'match_accents', d.match_accents, 'match_spaces', d.match_spaces, 'accepted_texts', d.accepted_texts,
    'numeric_value', d.numeric_value, 'numeric_tolerance', d.numeric_tolerance, 'explanation', d.explanation,
    'answers', coalesce(o.answers, '[]')
  ) order by case when _seed is not null and d.shuffle_questions then d.luck else d.order_index end), '[]')
  from drawn d left join options o on o.question_id = d.id
$$;

COMMENT ON FUNCTION callx.quiz_questions_as_asked(_quiz_id uuid, _seed bigint) IS 'The questions of a quiz with all that grading needs: drawn and shuffled by the seed, which gives the same again on any server; without one all in their order. Items to be ordered are always shuffled, and their order_index is the place where they are shown.';

CREATE FUNCTION callx.quiz_result(_quiz_id uuid, _user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _quiz public.quizzes;
  _allowance record;
  _so_far record;
  _sitting callx.quiz_sittings;
begin
  perform callx.require_progress_of(_user_id);
  select * into _quiz from public.quizzes q where q.id = _quiz_id;
  _allowance := callx.quiz_allowance(_user_id, _quiz.id);
  select count(*)::int as attempts, coalesce(bool_or(a.passed), false) as passed, max(a.attempted_at) as last_at,
    max(a.score) as best, (sum(a.score) / count(*))::int as average,
    (array_agg(a.score order by a.attempted_at, a.id))[1] as first,
    (array_agg(a.score order by a.attempted_at desc, a.id desc))[1] as last
  into _so_far
  from public.quiz_attempts a where a.user_id = _user_id and a.quiz_id = _quiz.id
  having count(*) > 0;
  select * into _sitting from callx.quiz_sittings s
  where s.user_id = _user_id and s.quiz_id = _quiz.id and s.ended_at is null;
  return jsonb_build_object(
    'quiz_id', _quiz.id, 'user_id', _user_id, 'counts', _quiz.counts,
    'score', case _quiz.counts when 'best' then _so_far.best when 'last' then _so_far.last
      when 'first' then _so_far.first else _so_far.average end,
    'passed', coalesce(_so_far.passed, false), 'passing_grade', _quiz.passing_grade,
    'attempts', coalesce(_so_far.attempts, 0),
    'attempts_left', case when _quiz.max_attempts is not null then greatest(
      _quiz.max_attempts + _allowance.extra_attempts - coalesce(_so_far.attempts, 0) - (_sitting.id is not null)::int, 0
    ) end,
    'next_attempt_at', _so_far.last_at + make_interval(mins => _quiz.cool_down_minutes),
    'question_count', (
      select least(count(*), coalesce(_quiz.draw_count, count(*))) from public.quiz_questions q where q.quiz_id = _quiz.id
    ),
    'time_limit_seconds', extract(epoch from callx.quiz_deadline(_user_id, _quiz.id, _quiz.time_limit_minutes, now())
      - now())::int,
    'review', _quiz.review, 'open_sitting_id', _sitting.id, 'deadline_at', _sitting.deadline_at,
    'started_at', _sitting.started_at, 'saved_at', _sitting.saved_at, 'now', clock_timestamp()
  );
end
$$;

CREATE FUNCTION callx.ranges_of(_pairs jsonb) RETURNS int4multirange
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $_$
begin
  if jsonb_typeof(_pairs) <> 'array' or jsonb_array_length(_pairs) > 100 then
    raise exception 'ranges is an array of at most 100 pairs [from_ms, to_ms].' using detail = 'bad_ranges';
  elsif exists (
    select from jsonb_array_elements(_pairs) as p (pair) where p.pair::text !~ '^\[\d{1,8}, \d{1,8}\]$'
  ) then
    raise exception 'A range is a pair of whole milliseconds, [from_ms, to_ms].' using detail = 'bad_ranges';
  end if;
  return coalesce(
    (
      select range_agg(int4range((p.pair ->> 0)::int, (p.pair ->> 1)::int))
      from jsonb_array_elements(_pairs) as p (pair)
    ),
    '{}'
  );
exception when data_exception then
  raise exception 'A range ends before it begins.' using detail = 'bad_ranges';
end
$_$;

CREATE FUNCTION callx.read_video_again(_lesson_id uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
  insert into public.lesson_videos (lesson_id) values (_lesson_id)
  on conflict (lesson_id) do update
  set state = 'waiting', version = null, duration_ms = null, width = null, height = null, problem = null;
  select callx.emit_fact('LessonVideoChanged', jsonb_build_object('lesson_id', _lesson_id));
$$;

CREATE FUNCTION callx.recognised_people() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select coalesce(array_agg(distinct a.trainee_id), '{}')
  from unnest(callx.my_recognised_teams()) as t (id)
  join public.manager_assignments a on a.manager_id = t.id
  join auth.users u on u.id = a.trainee_id and u.deactivated_at is null
  where a.trainee_id = auth.uid() or t.id = auth.uid() or callx.is_admin() or not exists (
    select from public.personal_settings p where p.user_id = a.trainee_id and p.off_leaderboards
  )
$$;

COMMENT ON FUNCTION callx.recognised_people() IS 'Whose badges the caller may see: teammates'', unless they do not want it, one''s own, and those of one''s team.';

CREATE FUNCTION callx.refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  raise exception 'The audit log only grows.' using errcode = '42501';
end
$$;

CREATE FUNCTION callx.refuse_call_event_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if tg_op = 'DELETE' and not exists (select from public.calls c where c.id = old.call_id) then
    return old;
  end if;
  raise exception 'The log of a call only grows.' using errcode = '42501';
end
$$;

CREATE FUNCTION callx.refuse_changed_completion() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  raise exception 'A completion stays as it is.' using errcode = '42501';
end
$$;

CREATE FUNCTION callx.refuse_orphan(_parent_is_there boolean) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if not _parent_is_there then
    raise exception 'Somebody has just got a result in what is being deleted.' using errcode = '23503';
  end if;
end
$$;

COMMENT ON FUNCTION callx.refuse_orphan(_parent_is_there boolean) IS 'A cascade does not notice that a trigger kept a row: when a result came in after the parent was looked at, and the parent is gone already, the whole deletion must fail.';

CREATE FUNCTION callx.refuse_quiz_attempt(_user_id uuid, _quiz_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _quiz record;
  _so_far record;
begin
  if _user_id is distinct from auth.uid() then
    raise exception 'Quizzes are taken by oneself.' using errcode = '42501';
  end if;
  select q.max_attempts + a.extra_attempts as max_attempts, q.cool_down_minutes into _quiz
  from public.quizzes q, callx.quiz_allowance(_user_id, _quiz_id) a where q.id = _quiz_id;
  select count(*) as attempts, max(a.attempted_at) as last_at,
    count(*) filter (where a.attempted_at > clock_timestamp() - interval '1 hour') as lately
  into _so_far
  from public.quiz_attempts a where a.user_id = _user_id and a.quiz_id = _quiz_id;
  if _so_far.attempts >= _quiz.max_attempts then
    raise exception 'No attempts are left.' using detail = 'no_attempts_left';
  end if;
  if _so_far.last_at + make_interval(mins => _quiz.cool_down_minutes) > clock_timestamp() then
    raise exception 'The next attempt is possible % minutes after the last one.', _quiz.cool_down_minutes
      using detail = 'cool_down';
  end if;
  if _so_far.lately >= 60 then
    raise exception 'A quiz can be attempted 60 times in an hour.' using detail = 'too_many_attempts';
  end if;
end
$$;

COMMENT ON FUNCTION callx.refuse_quiz_attempt(_user_id uuid, _quiz_id uuid) IS 'Holds the limits of the quiz, which keep anybody from guessing until it fits. Each attempt keeps the questions, so without a limit of their own people could fill the disk. Needs callx.lock_quiz before.';

CREATE FUNCTION callx.refuse_unusable_scenario() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _problem text;
begin
  if tg_op = 'INSERT' or new.script is distinct from old.script then
    _problem := callx.script_problem(new.script);
    if _problem is not null then
      raise exception 'The script cannot be played: %.', _problem
        using errcode = '23514', constraint = 'simulation_scenarios_script_usable';
    end if;
  end if;
  if tg_op = 'INSERT' or new.rubric is distinct from old.rubric then
    _problem := callx.rubric_problem(new.rubric);
    if _problem is not null then
      raise exception 'The rubric cannot be used: %.', _problem
        using errcode = '23514', constraint = 'simulation_scenarios_rubric_usable';
    end if;
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION callx.refuse_unusable_scenario() IS 'A trigger and no check constraint: what an older release let in stays, and can be changed in all else.';

CREATE FUNCTION callx.remove_certificates() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  delete from storage.objects o
  where o.bucket_id = 'certificates' and o.name collate "C" >= old.id || '/' and o.name collate "C" < old.id || '0';
  return null;
end
$$;

COMMENT ON FUNCTION callx.remove_certificates() IS 'Whoever is deleted leaves no documents behind. The name after all that begin with "id/" is "id0".';

CREATE FUNCTION callx.renewal_open(_user_id uuid, _product_id uuid, _since timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select not exists (
    select from callx.lesson_places l
    join public.lessons s on s.id = l.lesson_id
    where l.product_id = _product_id and l.counts and (
      s.lesson_type = 'quiz' and not exists (
        select from public.quizzes q join public.quiz_attempts a on a.quiz_id = q.id
        where q.lesson_id = s.id and a.user_id = _user_id and a.passed and a.attempted_at > _since
      )
      or s.lesson_type = 'simulation' and not exists (
        select from public.simulations q join public.simulation_attempts a on a.simulation_id = q.id
        where q.lesson_id = s.id and a.user_id = _user_id and a.passed and a.attempted_at > _since
      )
    )
  )
$$;

COMMENT ON FUNCTION callx.renewal_open(_user_id uuid, _product_id uuid, _since timestamp with time zone) IS 'Whether everything that can be passed in a product was passed again after that.';

CREATE FUNCTION callx.reopen_failed_simulation() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION callx.reopen_failed_simulation() IS 'The lesson is to be passed again, unless another attempt has passed it. A certificate that was issued stands, and so does what it stands on: revoking it is an act of its own.';

CREATE FUNCTION callx.require_admin() RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if not callx.is_admin() then
    raise exception 'Only an admin may do this.' using errcode = '42501';
  end if;
end
$$;

COMMENT ON FUNCTION callx.require_admin() IS 'For definer functions that only admins and the service may use.';

CREATE FUNCTION callx.require_product(_product_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if not exists (
    select from public.products p
    where p.id = _product_id and p.archived_at is null
      and (callx.is_admin() or p.id = any ((select callx.my_products())::uuid[]))
  ) then
    raise exception 'There is no such product.' using errcode = 'P0002', detail = 'product_not_found';
  end if;
end
$$;

CREATE FUNCTION callx.require_progress_of(_user_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if not coalesce(_user_id = auth.uid() or public.is_manager_of(_user_id) or callx.is_admin(), false) then
    raise exception 'This person''s progress is not yours to see.'
      using errcode = '42501', detail = 'progress_not_yours';
  end if;
  if not exists (select from public.profiles p where p.id = _user_id) then
    raise exception 'There is no such person.' using errcode = 'P0002', detail = 'person_not_found';
  end if;
end
$$;

CREATE FUNCTION callx.require_simulation(_simulation_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if not exists (
    select from public.simulations s
    join callx.lesson_places l on l.lesson_id = s.lesson_id
    join public.products p on p.id = l.product_id
    where s.id = _simulation_id and p.archived_at is null
      and (callx.is_admin() or p.id = any ((select callx.my_products())::uuid[]))
  ) then
    raise exception 'There is no such simulation.' using errcode = 'P0002', detail = 'simulation_not_found';
  end if;
end
$$;

COMMENT ON FUNCTION callx.require_simulation(_simulation_id uuid) IS 'A lesson that was archived keeps the attempts at its simulation.';

CREATE FUNCTION callx.require_team_of(_manager_id uuid) RETURNS uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _of uuid := coalesce(_manager_id, auth.uid());
  _is_manager boolean := exists (select from public.user_roles r where r.user_id = _of and r.role = 'manager');
begin
  if callx.is_admin() then
    if _manager_id is null and not _is_manager then
      raise exception 'Say whose team you want: manager_id.' using errcode = '22023', detail = 'manager_id_needed';
    elsif not _is_manager then
      raise exception 'There is no such manager.' using errcode = 'P0002', detail = 'manager_not_found';
    end if;
  elsif not _is_manager or _of is distinct from auth.uid() then
    raise exception 'Only managers see a team, and only their own.' using errcode = '42501', detail = 'team_not_yours';
  end if;
  return _of;
end
$$;

COMMENT ON FUNCTION callx.require_team_of(_manager_id uuid) IS 'Whose team the caller gets: one''s own for null. The role is looked up, so that nobody keeps a team without it.';

CREATE FUNCTION callx.require_watching() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  _video record;
begin
  if current_user not in ('service_role', 'callx_owner') and new.user_id is distinct from auth.uid()
    or callx.is_put_back(new.id) then
    return new;
  end if;
  select v.state, v.duration_ms, w.watched_ms into _video
  from public.lessons l
  join public.lesson_videos v on v.lesson_id = l.id
  left join public.video_watching w
    on w.lesson_id = l.id and w.user_id = new.user_id and (w.version = v.version or w.version is null)
  where l.id = new.lesson_id and l.lesson_type = 'video' and l.must_watch;
  -- A file that is not there or no video keeps nobody from going on.
  if not found or _video.state in ('missing', 'unreadable') then
    return new;
  elsif _video.state = 'waiting' then
    raise exception 'This video is still being prepared. Try again in a minute.'
      using errcode = '42501', detail = 'video_waiting';
  elsif coalesce(_video.watched_ms, 0)::bigint * 100 < _video.duration_ms::bigint * 90 then
    raise exception 'This lesson is completed by watching its video: % of 90 percent so far.',
      coalesce(_video.watched_ms, 0)::bigint * 100 / _video.duration_ms
      using errcode = '42501', detail = 'not_watched';
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION callx.require_watching() IS 'Runs with the rights of whoever inserts, after callx.guard_completion, which lets repeated completions in again.';

CREATE FUNCTION callx.return_tokens(_keys bytea[], _refills_ms integer[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
  with locked as (
    select r.key, b.refill_ms from callx.rate_limits r
    join unnest(_keys, _refills_ms) as b (key, refill_ms) on b.key = r.key
    order by r.key for update of r
  )
  update callx.rate_limits r set full_at = r.full_at - l.refill_ms * interval '1 millisecond'
  from locked l where r.key = l.key
$$;

COMMENT ON FUNCTION callx.return_tokens(_keys bytea[], _refills_ms integer[]) IS 'Puts back what turned out not to count.';

CREATE FUNCTION callx.review_is_open(_attempt public.quiz_attempts) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select callx.is_admin() or not callx.has_open_sitting(_attempt.user_id, _attempt.quiz_id) and case q.review
    when 'after_attempt' then true
    when 'after_pass' then so_far.passed
    when 'after_last_attempt' then so_far.attempts >= q.max_attempts + a.extra_attempts
  end is true
  from public.quizzes q, callx.quiz_allowance(_attempt.user_id, _attempt.quiz_id) a, (
    select count(*) as attempts, bool_or(o.passed) as passed
    from public.quiz_attempts o where o.user_id = _attempt.user_id and o.quiz_id = _attempt.quiz_id
  ) so_far
  where q.id = _attempt.quiz_id
$$;

COMMENT ON FUNCTION callx.review_is_open(_attempt public.quiz_attempts) IS 'Whether right answers and explanations may be told. Not while another attempt is open: it has the same questions.';

CREATE FUNCTION callx.revoked_badges(_from bigint, _to bigint) RETURNS TABLE(status_number bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select b.status_number
  from public.certificate_badges b join public.certificate_issues i on i.id = b.issue_id
  where b.status_number >= _from and b.status_number < _to and i.revoked_at is not null
  union all
  select w.status_number from callx.withdrawn_badges w where w.status_number >= _from and w.status_number < _to
$$;

COMMENT ON FUNCTION callx.revoked_badges(_from bigint, _to bigint) IS 'The numbers from the first up to, but without, the second whose badges hold no more.';

CREATE FUNCTION callx.right_answers(_questions jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select coalesce(jsonb_object_agg(q.value ->> 'id', case q.value ->> 'question_type'
    when 'short_text' then q.value -> 'accepted_texts'
    when 'numeric' then jsonb_build_array(q.value -> 'numeric_value', q.value -> 'numeric_tolerance')
    when 'ordering' then (
      select coalesce(jsonb_agg(a.value -> 'id' order by (a.value ->> 'right_place')::int, a.value ->> 'id'), '[]')
      from jsonb_array_elements(q.value -> 'answers') a
    )
    else (
      select coalesce(jsonb_agg(a.value -> 'id' order by a.place), '[]')
      from jsonb_array_elements(q.value -> 'answers') with ordinality as a (value, place)
      where (a.value ->> 'is_correct')::boolean
    )
  end), '{}')
  from jsonb_array_elements(_questions) q
$$;

CREATE FUNCTION callx.rubric_problem(_rubric jsonb) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  _problem text;
begin
  if _rubric = '{}' then
    return null;
  end if;
  _problem := callx.schema_problem(_rubric, callx.rubric_schema(), callx.rubric_schema(), 'rubric');
  if _problem is not null then
    return _problem;
  end if;
  -- Python adds binary fractions, so a little less is allowed here than there.
  if (select abs(sum((s ->> 'weight')::numeric) - 100) > 0.0099 from jsonb_array_elements(_rubric -> 'sections') s) then
    return 'the weights of the sections must make 100';
  end if;
  if (
    select count(*) > count(distinct c ->> 'key')
    from jsonb_array_elements(_rubric -> 'sections') s, jsonb_array_elements(s -> 'criteria') c
  ) then
    return 'each criterion needs a key of its own';
  end if;
  return (
    select callx.criterion_problem(c)
    from jsonb_array_elements(_rubric -> 'sections') s, jsonb_array_elements(s -> 'criteria') c
    where callx.criterion_problem(c) is not null limit 1
  );
end
$$;

COMMENT ON FUNCTION callx.rubric_problem(_rubric jsonb) IS 'Why a rubric cannot be used, as a sentence without its full stop; null when it can. An empty one means the default.';

CREATE FUNCTION callx.rubric_schema() RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $_$ select $schema${
  "$defs": {
    "Check": {
      "additionalProperties": false,
      "properties": {
        "key": {"pattern": "^[a-z][a-z0-9_]{0,59}$", "type": "string"},
        "text": {"maxLength": 400, "minLength": 1, "type": "string"},
        "acts": {"items": {"type": "string"}, "type": "array"},
        "phrases": {"items": {"maxLength": 400, "minLength": 1, "type": "string"}, "type": "array"},
        "count": {"maximum": 5, "minimum": 1, "type": "integer"},
        "within_turns": {"anyOf": [{"maximum": 50, "minimum": 1, "type": "integer"}, {"type": "null"}]},
        "within_last_turns": {"anyOf": [{"maximum": 50, "minimum": 1, "type": "integer"}, {"type": "null"}]}
      },
      "required": ["key", "text"],
      "type": "object"
    },
    "Criterion": {
      "additionalProperties": false,
      "properties": {
        "key": {"pattern": "^[a-z][a-z0-9_]{0,59}$", "type": "string"},
        "title": {"maxLength": 400, "minLength": 1, "type": "string"},
        "kind": {"enum": ["checks", "metric", "outcome"], "type": "string"},
        "dimension": {"enum": ["script", "empathy", "flow", "resolution"], "type": "string"},
        "weight": {"exclusiveMinimum": 0, "maximum": 100, "type": "number"},
        "severity": {"enum": ["non_critical", "critical_customer", "critical_business", "critical_compliance"], "type": "string"},
        "on_fail": {"enum": ["none", "cap", "auto_fail"], "type": "string"},
        "cap": {"anyOf": [{"maximum": 100, "minimum": 0, "type": "integer"}, {"type": "null"}]},
        "guidance": {"type": "string"},
        "suggestion": {"type": "string"},
        "needs_verification": {"type": "boolean"},
        "checks": {"items": {"$ref": "#/$defs/Check"}, "type": "array"},
        "metric": {"anyOf": [{"enum": ["talk_ratio", "pace", "longest_monologue", "interruptions", "response_gap", "dead_air"], "type": "string"}, {"type": "null"}]},
        "band_ok": {"anyOf": [{"maxItems": 2, "minItems": 2, "prefixItems": [{"type": "number"}, {"type": "number"}], "type": "array"}, {"type": "null"}]},
        "band_warn": {"anyOf": [{"maxItems": 2, "minItems": 2, "prefixItems": [{"type": "number"}, {"type": "number"}], "type": "array"}, {"type": "null"}]},
        "outcome": {"anyOf": [{"enum": ["verified_before_account_work", "customer_goal_reached", "nothing_rude_said", "acknowledged_early"], "type": "string"}, {"type": "null"}]}
      },
      "required": ["key", "title", "kind", "dimension", "weight"],
      "type": "object"
    },
    "Section": {
      "additionalProperties": false,
      "properties": {
        "key": {"pattern": "^[a-z][a-z0-9_]{0,59}$", "type": "string"},
        "title": {"maxLength": 400, "minLength": 1, "type": "string"},
        "weight": {"exclusiveMinimum": 0, "maximum": 100, "type": "number"},
        "criteria": {"items": {"$ref": "#/$defs/Criterion"}, "maxItems": 20, "minItems": 1, "type": "array"}
      },
      "required": ["key", "title", "weight", "criteria"],
      "type": "object"
    }
  },
  "additionalProperties": false,
  "properties": {
    "title": {"maxLength": 400, "minLength": 1, "type": "string"},
    "version": {"minimum": 1, "type": "integer"},
    "auto_fail_policy": {"enum": ["cap", "zero", "flag"], "type": "string"},
    "empathy_excellent": {"maximum": 100, "minimum": 0, "type": "integer"},
    "empathy_good": {"maximum": 100, "minimum": 0, "type": "integer"},
    "sections": {"items": {"$ref": "#/$defs/Section"}, "maxItems": 12, "minItems": 1, "type": "array"}
  },
  "required": ["title", "version", "sections"],
  "type": "object"
}$schema$::jsonb $_$;

CREATE FUNCTION callx.schema_problem(_value jsonb, _schema jsonb, _root jsonb, _path text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $_$
declare
  _problem text;
begin
  if _schema ? '$ref' then
    return callx.schema_problem(_value, _root #> array['$defs', split_part(_schema ->> '$ref', '/', 3)], _root, _path);
  end if;
  if _schema ? 'anyOf' then
    for _i in 0 .. jsonb_array_length(_schema -> 'anyOf') - 1 loop
      _problem := callx.schema_problem(_value, _schema -> 'anyOf' -> _i, _root, _path);
      exit when _problem is null;
      -- The first alternative tells more than the last, which is null.
      _problem := callx.schema_problem(_value, _schema -> 'anyOf' -> 0, _root, _path);
    end loop;
    return _problem;
  end if;
  case _schema ->> 'type'
    when 'object' then return callx.object_problem(_value, _schema, _root, _path);
    when 'array' then return callx.array_problem(_value, _schema, _root, _path);
    when 'string' then return callx.string_problem(_value, _schema, _path);
    when 'number', 'integer' then return callx.number_problem(_value, _schema, _path);
    when 'boolean', 'null' then
      return case when jsonb_typeof(_value) <> _schema ->> 'type' then _path || ' must be ' || (_schema ->> 'type') end;
    else raise exception 'No such type: %', _schema;
  end case;
end
$_$;

COMMENT ON FUNCTION callx.schema_problem(_value jsonb, _schema jsonb, _root jsonb, _path text) IS 'What is wrong with a value, as a sentence without its full stop; null when nothing is. _root holds the $defs.';

CREATE FUNCTION callx.score_counts(_manager_id uuid, _product_id uuid, _simulation_id uuid, _which text, _since timestamp with time zone, _until timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
  _products uuid[] := array(select callx.analysed_products(_product_id));
begin
  if _simulation_id is not null then
    perform callx.require_simulation(_simulation_id);
  end if;
  return (
    with simulations as materialized (
      select s.id, s.passing_grade, coalesce(c.title, l.title) as title, p.id as product_id, p.title as product_title
      from public.simulations s
      join public.lessons l on l.id = s.lesson_id
      join public.modules m on m.id = l.module_id
      join public.products p on p.id = m.product_id
      left join public.simulation_scenarios c on c.simulation_id = s.id
      where (_simulation_id is null or s.id = _simulation_id) and p.id = any (_products)
    ),
    attempts as (
      select a.id, a.simulation_id, a.overall_score, a.script_adherence, a.call_flow_score, a.empathy_score, e.marks,
        row_number() over (
          partition by a.user_id, a.simulation_id
          order by case when _which = 'best' then -a.overall_score end,
            case when _which = 'latest' then -extract(epoch from a.attempted_at) end, a.attempted_at, a.id
        ) as place
      from public.simulation_attempts a
      join simulations s on s.id = a.simulation_id
      left join public.evaluations e on e.attempt_id = a.id
      where a.user_id = any (_people) and callx.is_between(a.attempted_at, _since, _until)
    ),
    chosen as (
      select * from attempts a where _which = 'all' or a.place = 1
    ),
    numbers (simulation_id, key, title, rank, value) as (
      select c.simulation_id, 'overall', 'Overall', 1, c.overall_score from chosen c
      union all
      select c.simulation_id, 'script_adherence', 'Script adherence', 2, c.script_adherence from chosen c
      union all
      select c.simulation_id, 'call_flow', 'Call flow', 3, c.call_flow_score from chosen c
      union all
      select c.simulation_id, 'section:' || (s.section ->> 'key'), s.section ->> 'title', 4,
        (s.section ->> 'score')::numeric::int
      from chosen c cross join jsonb_array_elements(
        case jsonb_typeof(c.marks) when 'array' then c.marks else '[]' end
      ) as s (section)
    ),
    levels as (
      select n.simulation_id, n.key, n.rank, min(n.title) as title, n.value, count(*) as attempts
      from numbers n where n.value is not null
      group by n.simulation_id, n.key, n.rank, n.value
    ),
    dimensions as (
      select v.simulation_id, v.rank, jsonb_build_object(
        'key', v.key, 'title', min(v.title),
        'levels', jsonb_agg(jsonb_build_array(v.value, v.attempts) order by v.value)
      ) as dimension
      from levels v group by v.simulation_id, v.key, v.rank
    ),
    words as (
      select c.simulation_id, count(*) as attempts, count(*) filter (where c.empathy_score = 'Excellent') as excellent,
        count(*) filter (where c.empathy_score = 'Good') as good,
        count(*) filter (where c.empathy_score = 'Needs Improvement') as needs_improvement
      from chosen c group by c.simulation_id
    )
    select coalesce(jsonb_agg(jsonb_build_object(
      'simulation_id', s.id, 'title', s.title, 'product_id', s.product_id, 'product_title', s.product_title,
      'passing_grade', s.passing_grade, 'attempts', w.attempts,
      'empathy', jsonb_build_object(
        'excellent', w.excellent, 'good', w.good, 'needs_improvement', w.needs_improvement
      ),
      'dimensions', (
        select jsonb_agg(d.dimension order by d.rank, d.dimension ->> 'key')
        from dimensions d where d.simulation_id = s.id
      )
    ) order by lower(s.product_title), lower(s.title), s.id), '[]')
    from words w join simulations s on s.id = w.simulation_id
  );
end
$$;

COMMENT ON FUNCTION callx.score_counts(_manager_id uuid, _product_id uuid, _simulation_id uuid, _which text, _since timestamp with time zone, _until timestamp with time zone) IS 'How many attempts have which points. `_which` of a person''s at each: all, or the first, best or latest then.';

CREATE FUNCTION callx.script_problem(_script jsonb) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
  _problem text;
  _fact record;
begin
  if _script = '{}' then
    return null;
  end if;
  _problem := callx.schema_problem(_script, callx.script_schema(), callx.script_schema(), 'script');
  if _problem is not null then
    return _problem;
  end if;
  if (select count(*) > count(distinct f ->> 'key') from jsonb_array_elements(coalesce(_script -> 'facts', '[]')) f) then
    return 'two facts have the same key';
  end if;
  for _fact in
    select f.fact ->> 'key' as key, f.place, callx.words_of(f.fact ->> 'value') as value
    from jsonb_array_elements(coalesce(_script -> 'facts', '[]')) with ordinality as f (fact, place)
    where coalesce((f.fact ->> 'hidden')::boolean, true)
  loop
    if _fact.value = '  ' then
      return 'the hidden fact `' || _fact.key || '` has no words';
    end if;
    if exists (
      select from callx.lines_said_unasked(_script, _fact.place) as line
      where position(_fact.value in callx.words_of(line)) > 0
    ) then
      return 'the hidden fact `' || _fact.key || '` is told without being asked for';
    end if;
  end loop;
  return null;
end
$$;

COMMENT ON FUNCTION callx.script_problem(_script jsonb) IS 'Why a script cannot be played, as a sentence without its full stop; null when it can. An empty one means that there is none: a model plays the customer from ai_system_prompt alone.';

CREATE FUNCTION callx.script_schema() RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $_$ select $schema${
  "$defs": {
    "Customer": {
      "additionalProperties": false,
      "properties": {
        "name": {"maxLength": 600, "minLength": 1, "type": "string"},
        "voice": {"enum": ["female", "male"], "type": "string"},
        "pace_wpm": {"maximum": 260, "minimum": 90, "type": "integer"}
      },
      "required": ["name"],
      "type": "object"
    },
    "Fact": {
      "additionalProperties": false,
      "properties": {
        "key": {"pattern": "^[a-z][a-z0-9_]{0,39}$", "type": "string"},
        "label": {"maxLength": 600, "minLength": 1, "type": "string"},
        "value": {"maxLength": 600, "minLength": 1, "type": "string"},
        "asked_by": {"items": {"maxLength": 600, "minLength": 1, "type": "string"}, "type": "array"},
        "say": {"maxLength": 600, "minLength": 1, "type": "string"},
        "say_again": {"anyOf": [{"maxLength": 600, "minLength": 1, "type": "string"}, {"type": "null"}]},
        "hidden": {"type": "boolean"},
        "identifies": {"type": "boolean"}
      },
      "required": ["key", "label", "value", "say"],
      "type": "object"
    },
    "Mood": {
      "additionalProperties": false,
      "properties": {
        "start": {"maximum": 100, "minimum": 0, "type": "integer"},
        "hang_up_below": {"maximum": 100, "minimum": 0, "type": "integer"},
        "accepts_from": {"maximum": 100, "minimum": 0, "type": "integer"},
        "angry_goodbye": {"maxLength": 600, "minLength": 1, "type": "string"}
      },
      "required": ["angry_goodbye"],
      "type": "object"
    },
    "Objection": {
      "additionalProperties": false,
      "properties": {
        "say": {"maxLength": 600, "minLength": 1, "type": "string"},
        "overcome_by": {"items": {"maxLength": 600, "minLength": 1, "type": "string"}, "type": "array"},
        "satisfied": {"maxLength": 600, "minLength": 1, "type": "string"}
      },
      "required": ["say", "overcome_by", "satisfied"],
      "type": "object"
    },
    "Patience": {
      "additionalProperties": false,
      "properties": {
        "silence_ms": {"maximum": 60000, "minimum": 2000, "type": "integer"},
        "prompts": {"items": {"maxLength": 600, "minLength": 1, "type": "string"}, "maxItems": 6, "minItems": 1, "type": "array"},
        "give_up": {"maxLength": 600, "minLength": 1, "type": "string"}
      },
      "required": ["prompts", "give_up"],
      "type": "object"
    },
    "Resolution": {
      "additionalProperties": false,
      "properties": {
        "offered_by": {"items": {"maxLength": 600, "minLength": 1, "type": "string"}, "type": "array"},
        "agree": {"maxLength": 600, "minLength": 1, "type": "string"},
        "goodbye": {"maxLength": 600, "minLength": 1, "type": "string"}
      },
      "required": ["offered_by", "agree", "goodbye"],
      "type": "object"
    },
    "WrongSolution": {
      "additionalProperties": false,
      "properties": {
        "offered_by": {"items": {"maxLength": 600, "minLength": 1, "type": "string"}, "minItems": 1, "type": "array"},
        "say": {"maxLength": 600, "minLength": 1, "type": "string"}
      },
      "required": ["offered_by", "say"],
      "type": "object"
    }
  },
  "additionalProperties": false,
  "properties": {
    "title": {"maxLength": 600, "minLength": 1, "type": "string"},
    "language": {"const": "en", "type": "string"},
    "customer": {"$ref": "#/$defs/Customer"},
    "persona": {"anyOf": [{"maxLength": 600, "minLength": 1, "type": "string"}, {"type": "null"}]},
    "company": {"anyOf": [{"maxLength": 600, "minLength": 1, "type": "string"}, {"type": "null"}]},
    "issue": {"maxLength": 600, "minLength": 1, "type": "string"},
    "opening": {"maxLength": 600, "minLength": 1, "type": "string"},
    "restatements": {"items": {"maxLength": 600, "minLength": 1, "type": "string"}, "minItems": 1, "type": "array"},
    "topics": {"items": {"maxLength": 600, "minLength": 1, "type": "string"}, "type": "array"},
    "facts": {"items": {"$ref": "#/$defs/Fact"}, "type": "array"},
    "objections": {"items": {"$ref": "#/$defs/Objection"}, "type": "array"},
    "wrong_solutions": {"items": {"$ref": "#/$defs/WrongSolution"}, "type": "array"},
    "resolution": {"$ref": "#/$defs/Resolution"},
    "mood": {"$ref": "#/$defs/Mood"},
    "patience": {"$ref": "#/$defs/Patience"}
  },
  "required": ["title", "customer", "opening", "restatements", "resolution", "mood", "patience"],
  "type": "object"
}$schema$::jsonb $_$;

CREATE FUNCTION callx.seal_audit_event() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET lock_timeout TO '30s'
    AS $$
declare
  _last record;
  _event public.audit_events;
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('callx.audit_events', 0));
  select e.id, e.hash into _last from public.audit_events e order by e.id desc limit 1;
  _event := row(
    coalesce(_last.id, 0) + 1, new.at, new.actor_id, new.actor_role, new.action, new.subject_kind, new.subject_id,
    new.details, new.request_id, coalesce(_last.hash, decode(repeat('00', 32), 'hex')), null
  );
  _event.hash := callx.audit_hash(_event);
  insert into public.audit_events select _event.*;
  delete from callx.pending_audit_events p where p.id = new.id;
  return null;
end
$$;

CREATE FUNCTION callx.search_words(_language regconfig, _title text, _body text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select setweight(to_tsvector(_language, left(_title, 1000)), 'A') || setweight(to_tsvector(_language, left(_body, 100000)), 'B')
    || setweight(to_tsvector('pg_catalog.simple', left(_title, 1000)), 'A')
    || setweight(to_tsvector('pg_catalog.simple', left(_body, 100000)), 'C')
$$;

COMMENT ON FUNCTION callx.search_words(_language regconfig, _title text, _body text) IS 'Words by their stems, and as they stand there for names, codes and readers of other languages.';

CREATE FUNCTION callx.set_status(_id uuid, _kind text, _status text, _with_drafts boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  if _kind = 'product' then
    update public.products p set is_active = _status = 'published' where p.id = _id and p.status <> _status;
    if _with_drafts then
      update public.modules m set status = _status
      where m.product_id = _id and m.archived_at is null and m.status <> _status;
      update public.lessons l set status = _status from public.modules m
      where m.id = l.module_id and m.product_id = _id and l.archived_at is null and l.status <> _status;
    end if;
  elsif _kind = 'module' then
    update public.modules m set status = _status where m.id = _id and m.status <> _status;
    if _with_drafts then
      update public.lessons l set status = _status
      where l.module_id = _id and l.archived_at is null and l.status <> _status;
    end if;
  else
    update public.lessons l set status = _status where l.id = _id and l.status <> _status;
  end if;
end
$$;

CREATE FUNCTION callx.sha256_of(_value jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select encode(pg_catalog.sha256(convert_to(_value::text, 'UTF8')), 'hex') $$;

CREATE FUNCTION callx.snippet(_language regconfig, _body text, _wanted tsquery, _query text) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  _at int := strpos(_body, _query);
begin
  if _wanted is null then
    return case when _at > 0 then jsonb_build_array(
      jsonb_build_object('text', substr(_body, greatest(_at - 40, 1), least(_at - 1, 40)), 'is_hit', false),
      jsonb_build_object('text', _query, 'is_hit', true),
      jsonb_build_object('text', substr(_body, _at + char_length(_query), 60), 'is_hit', false)
    ) else jsonb_build_array(jsonb_build_object('text', left(_body, 100), 'is_hit', false)) end;
  end if;
  return (
    select coalesce(jsonb_agg(jsonb_build_object('text', p.part, 'is_hit', p.place % 2 = 0) order by p.place), '[]')
    from regexp_split_to_table(
      ts_headline(
        case when to_tsvector(_language, _body) @@ _wanted then _language else 'pg_catalog.simple'::regconfig end,
        _body, _wanted,
        case when char_length(_body) <= 200 then E'StartSel=\x01, StopSel=\x01, HighlightAll=true'
        else E'StartSel=\x01, StopSel=\x01, MaxFragments=2, MaxWords=22, MinWords=9, FragmentDelimiter=" … "' end
      ),
      E'\x01'
    ) with ordinality as p (part, place)
    where p.part <> ''
  );
end
$$;

COMMENT ON FUNCTION callx.snippet(_language regconfig, _body text, _wanted tsquery, _query text) IS '[{text, is_hit}], plain text in pieces: nobody has to trust any markup. Without words to look for it is the query itself.';

CREATE FUNCTION callx.stamp_allowance() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  new.granted_by := auth.uid();
  return new;
end
$$;

CREATE FUNCTION callx.stamp_completion() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if current_user not in ('service_role', 'callx_owner') and not callx.is_put_back(new.id) then
    new.completed_at := now();
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION callx.stamp_completion() IS 'Front ends do send completed_at, so it is granted; but the time that counts is the server''s.';

CREATE FUNCTION callx.stamp_created_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  new.created_at := case when tg_op = 'UPDATE' then old.created_at else now() end;
  return new;
end
$$;

CREATE FUNCTION callx.stamp_created_by() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  new.created_by := case when tg_op = 'UPDATE' then old.created_by else auth.uid() end;
  return new;
end
$$;

CREATE FUNCTION callx.stamp_read() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.read_at is not null then
    new.read_at := coalesce(old.read_at, now());
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION callx.stamp_read() IS 'Whatever time a front end sends, the first reading counts, by our clock.';

CREATE FUNCTION callx.start_quiz(_quiz_id uuid, _window_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _user_id uuid := auth.uid();
  _minutes int := (select q.time_limit_minutes from public.quizzes q where q.id = _quiz_id);
  _seed bigint := pg_catalog.hashtextextended(gen_random_uuid()::text, 0);
  _now timestamptz;
  _sitting callx.quiz_sittings;
begin
  perform callx.lock_quiz(_user_id, _quiz_id);
  _now := clock_timestamp();
  select * into _sitting from callx.quiz_sittings s
  where s.user_id = _user_id and s.quiz_id = _quiz_id and s.ended_at is null for update;
  if found then
    if coalesce(_now <= _sitting.deadline_at, true) then
      update callx.quiz_sittings s set window_id = _window_id where s.id = _sitting.id;
      return callx.started_quiz(_sitting, true);
    end if;
    if _now <= _sitting.deadline_at + callx.quiz_grace() then
      raise exception 'The time of your attempt is over; it is being handed in.' using detail = 'time_is_up';
    end if;
    perform callx.end_sitting(_sitting);
  end if;
  perform callx.refuse_quiz_attempt(_user_id, _quiz_id);
  insert into callx.quiz_sittings (
    user_id, quiz_id, seed, questions, time_limit_minutes, started_at, deadline_at, window_id
  )
  values (
    _user_id, _quiz_id, _seed, callx.quiz_questions_as_asked(_quiz_id, _seed), _minutes, _now,
    callx.quiz_deadline(_user_id, _quiz_id, _minutes, _now), _window_id
  )
  returning * into _sitting;
  if _sitting.questions = '[]' then
    raise exception 'This quiz has no questions yet.' using detail = 'no_questions';
  end if;
  return callx.started_quiz(_sitting, false);
end
$$;

CREATE FUNCTION callx.started_quiz(_sitting callx.quiz_sittings, _is_resumed boolean) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select jsonb_build_object(
    'sitting_id', _sitting.id, 'quiz_id', _sitting.quiz_id, 'started_at', _sitting.started_at,
    'deadline_at', _sitting.deadline_at, 'now', clock_timestamp(),
    'grace_seconds', extract(epoch from callx.quiz_grace())::int, 'is_resumed', _is_resumed,
    'questions', callx.questions_to_show(_sitting.questions), 'answers', _sitting.answers,
    'saved_at', _sitting.saved_at
  )
$$;

CREATE FUNCTION callx.store_pages(_object_id uuid, _version uuid, _numbers integer[], _texts text[]) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _language regconfig := callx.text_language(left(array_to_string(_texts[:20], ' '), 20000));
begin
  perform from public.documents d where d.object_id = _object_id and d.version = _version for update;
  if not found then
    return null;
  end if;
  delete from public.document_pages p where p.object_id = _object_id;
  insert into public.document_pages (object_id, number, text)
  select _object_id, p.number, p.text from unnest(_numbers, _texts) as p (number, text);
  insert into callx.page_words (object_id, number, language, words)
  select p.object_id, p.number, _language, callx.search_words(_language, '', p.text)
  from public.document_pages p where p.object_id = _object_id;
  return _language::text;
end
$$;

COMMENT ON FUNCTION callx.store_pages(_object_id uuid, _version uuid, _numbers integer[], _texts text[]) IS 'The language that they are searched in; null, and nothing is stored, when these bytes are not the document''s any more.';

CREATE FUNCTION callx.string_problem(_value jsonb, _schema jsonb, _path text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  _text text := _value #>> '{}';
begin
  if jsonb_typeof(_value) <> 'string' then
    return _path || ' must be a string';
  end if;
  if _value <> _schema -> 'const' or not _schema -> 'enum' @> _value then
    return _path || ' must be one of ' || coalesce(_schema ->> 'enum', _schema ->> 'const');
  end if;
  if char_length(callx.trimmed(_text)) < (_schema ->> 'minLength')::int then
    return _path || ' must have at least ' || (_schema ->> 'minLength') || ' characters';
  end if;
  if char_length(_text) > (_schema ->> 'maxLength')::int then
    return _path || ' must have at most ' || (_schema ->> 'maxLength') || ' characters';
  end if;
  if _text collate "C" !~ (_schema ->> 'pattern') then
    return _path || ' must match ' || (_schema ->> 'pattern');
  end if;
  return null;
end
$$;

CREATE FUNCTION callx.take_tokens(_keys bytea[], _bursts integer[], _refills_ms integer[], _now timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _bucket record;
  _full_at timestamptz;
  _wait_ms bigint := 0;
begin
  -- Locked in one order, so that two requests that share two buckets never wait for each other.
  for _bucket in
    select b.key, b.burst, b.refill_ms
    from unnest(_keys, _bursts, _refills_ms) as b (key, burst, refill_ms) order by b.key
  loop
    insert into callx.rate_limits as r (key, full_at) values (_bucket.key, _now)
    on conflict (key) do update set full_at = greatest(r.full_at, _now)
    returning r.full_at into _full_at;
    _wait_ms := greatest(
      _wait_ms,
      ceil(extract(epoch from _full_at - _now) * 1000)::bigint - (_bucket.burst - 1)::bigint * _bucket.refill_ms
    );
  end loop;
  if _wait_ms > 0 then
    return _wait_ms;
  end if;
  update callx.rate_limits r set full_at = r.full_at + b.refill_ms * interval '1 millisecond'
  from unnest(_keys, _refills_ms) as b (key, refill_ms) where r.key = b.key;
  if random() < 0.01 then
    delete from callx.rate_limits r where r.key in (
      select f.key from callx.rate_limits f where f.full_at < _now order by f.full_at limit 1000 for update skip locked
    );
  end if;
  return 0;
end
$$;

COMMENT ON FUNCTION callx.take_tokens(_keys bytea[], _bursts integer[], _refills_ms integer[], _now timestamp with time zone) IS 'Takes one token out of each bucket and returns 0, or takes none and returns the milliseconds until each has one.';

CREATE FUNCTION callx.team_progress(_manager_id uuid, _product_id uuid, _limit integer, _offset integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  _of uuid := callx.require_team_of(_manager_id);
begin
  if _product_id is not null then
    perform callx.require_product(_product_id);
  end if;
  return (
    with team as (
      select p.id as user_id, p.full_name
      from public.manager_assignments t
      join public.profiles p on p.id = t.trainee_id
      join auth.users u on u.id = p.id and u.deactivated_at is null
      where t.manager_id = _of
    ),
    pairs as (
      select array_agg(t.user_id) as user_ids, array_agg(p.id) as product_ids
      from team t, public.products p
      where case when _product_id is null then p.is_active and p.archived_at is null else p.id = _product_id end
    ),
    states as (
      select s.*, case
        when _product_id is not null or s.is_assigned then true
        when bool_or(s.is_assigned) over (partition by s.user_id) then false
        else s.certified_at is not null or (select e.open_enrolment from public.site_settings e)
      end as counts
      from pairs, callx.course_states(pairs.user_ids, pairs.product_ids) s
    ),
    agents as (
      select t.user_id, t.full_name,
        callx.percentage(
          sum(s.completed_lessons) filter (where s.counts), sum(s.total_lessons) filter (where s.counts)
        ) as overall_progress,
        max(s.last_activity) as last_activity,
        min(s.due_at) filter (where s.counts and s.status <> 'Completed') as due_at,
        count(*) filter (where s.counts and (s.total_lessons > 0 or s.certified_at is not null)) as to_certify,
        count(*) filter (where s.counts and s.certified_at is not null) as certified,
        count(*) filter (where s.counts and s.last_activity is not null) as begun,
        count(*) filter (where s.counts) as products,
        count(*) filter (where s.counts and s.status = 'Completed') as completed,
        count(*) filter (where s.counts and s.status = 'In progress') as in_progress,
        count(*) filter (where s.counts and s.status = 'Past due') as past_due,
        count(*) filter (where s.counts and s.status = 'Not started') as not_started,
        count(*) filter (where s.counts and s.status = 'Did not pass') as did_not_pass
      from team t left join states s on s.user_id = t.user_id
      group by t.user_id, t.full_name
    ),
    judged as (
      select a.*,
        case
          when a.certified > 0 and a.certified = a.to_certify then 'Certified'
          when a.begun > 0 or a.certified > 0 then 'In Progress'
          else 'Not Started'
        end as certification_status,
        case
          when a.did_not_pass > 0 then 'Did not pass'
          when a.past_due > 0 then 'Past due'
          when a.completed > 0 and a.completed = a.products then 'Completed'
          when a.begun > 0 or a.completed > 0 then 'In progress'
          else 'Not started'
        end as status
      from agents a
    ),
    page as (
      select * from judged j order by lower(j.full_name), j.user_id limit _limit offset _offset
    )
    select jsonb_build_object(
      'team_stats', (
        select jsonb_build_object(
          'total_agents', count(*),
          'certified', count(*) filter (where j.certification_status = 'Certified'),
          'in_progress', count(*) filter (where j.certification_status = 'In Progress'),
          'not_started', count(*) filter (where j.certification_status = 'Not Started'),
          'overdue', count(*) filter (where j.past_due > 0)
        )
        from judged j
      ),
      'agents', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'user_id', g.user_id, 'full_name', g.full_name, 'certification_status', g.certification_status,
          'overall_progress', g.overall_progress, 'last_activity', g.last_activity, 'status', g.status,
          'due_at', g.due_at, 'products', jsonb_build_object(
            'total', g.products, 'certified', g.certified, 'completed', g.completed, 'in_progress', g.in_progress,
            'past_due', g.past_due, 'not_started', g.not_started, 'did_not_pass', g.did_not_pass
          )
        ) order by lower(g.full_name), g.user_id), '[]')
        from page g
      )
    )
  );
end
$$;

COMMENT ON FUNCTION callx.team_progress(_manager_id uuid, _product_id uuid, _limit integer, _offset integer) IS 'An agent''s products are those assigned; without any, all in open enrolment, else those with a certificate. Accounts that are closed belong to no team.';

CREATE FUNCTION callx.team_scores(_manager_id uuid, _product_id uuid, _simulation_id uuid, _since timestamp with time zone, _sections integer, _limit integer, _offset integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _of uuid := callx.require_team_of(_manager_id);
begin
  if _product_id is not null then
    perform callx.require_product(_product_id);
  end if;
  if _simulation_id is not null then
    perform callx.require_simulation(_simulation_id);
  end if;
  return (
    with team as (
      select p.id as user_id, p.full_name
      from public.manager_assignments t
      join public.profiles p on p.id = t.trainee_id
      join auth.users u on u.id = p.id and u.deactivated_at is null
      where t.manager_id = _of
    ),
    page as (
      select * from team t order by lower(t.full_name), t.user_id limit _limit offset _offset
    ),
    attempts as materialized (
      select a.user_id, a.attempted_at, a.overall_score, a.script_adherence, a.empathy_score, a.call_flow_score, e.marks,
        row_number() over (partition by a.user_id order by a.attempted_at desc nulls last, a.id desc) as back
      from page g
      join public.simulation_attempts a on a.user_id = g.user_id
      left join public.evaluations e on e.attempt_id = a.id
      where (_simulation_id is null or a.simulation_id = _simulation_id)
        and (_since is null or a.attempted_at >= _since)
        and (_product_id is null or a.simulation_id in (
          select s.id from public.simulations s
          join callx.lesson_places l on l.lesson_id = s.lesson_id where l.product_id = _product_id
        ))
    ),
    -- Empathy is a word: its place among the three, from 0.
    points (user_id, back, kind, key, title, place, points) as (
      select a.user_id, a.back, d.*
      from attempts a
      cross join lateral (values
        ('points', 'overall' collate "C", 'Overall', 1, a.overall_score),
        ('points', 'script_adherence', 'Script adherence', 2, a.script_adherence),
        ('words', 'empathy', 'Empathy', 3,
          array_position(array['Needs Improvement', 'Good', 'Excellent'], a.empathy_score) - 1),
        ('points', 'call_flow', 'Call flow', 4, a.call_flow_score)
      ) d
      union all
      select a.user_id, a.back, 'section', 'section:' || (s.section ->> 'key'), s.section ->> 'title', s.place::int,
        round((s.section ->> 'score')::numeric)::int
      from attempts a cross join lateral jsonb_array_elements(a.marks) with ordinality as s (section, place)
    ),
    series as materialized (
      select p.user_id, p.key, p.kind, (array_agg(p.title order by p.back))[1] as title, min(p.back) as newest,
        avg(p.place) as place, array_agg(p.points order by p.back) as points
      from points p
      where p.points is not null
      group by p.user_id, p.key, p.kind
    ),
    cells as (
      select r.user_id, r.key, jsonb_build_object(
        'latest', r.points[1], 'best', (select max(x) from unnest(r.points) x), 'attempts', cardinality(r.points),
        'trend', round(r.points[1] - (select avg(x) from unnest(r.points[2:4]) x))
      ) as cell
      from series r
    ),
    dimensions as (
      select d.*, row_number() over (partition by d.kind = 'section' order by d.attempts desc, d.place, d.key) as common
      from (
        select r.kind, r.key, (array_agg(r.title order by r.newest, r.title))[1] as title, avg(r.place) as place,
          sum(cardinality(r.points)) as attempts
        from series r
        group by r.kind, r.key
      ) d
    ),
    shown as (
      select * from dimensions d where d.kind <> 'section' or d.common <= _sections
    )
    select jsonb_build_object(
      'total_people', (select count(*) from team),
      'sections_left_out', (select count(*) from dimensions) - (select count(*) from shown),
      'dimensions', (
        select coalesce(jsonb_agg(
          jsonb_build_object('key', s.key, 'title', s.title, 'kind', s.kind)
          order by s.kind = 'section', s.place, s.key
        ), '[]')
        from shown s
      ),
      'people', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'user_id', g.user_id, 'full_name', g.full_name, 'attempts', coalesce(m.attempts, 0),
          'last_attempt_at', m.last_at, 'scores', coalesce(k.scores, '{}')
        ) order by lower(g.full_name), g.user_id), '[]')
        from page g
        left join (
          select a.user_id, count(*) as attempts, max(a.attempted_at) as last_at from attempts a group by a.user_id
        ) m on m.user_id = g.user_id
        left join (
          select c.user_id, jsonb_object_agg(c.key, c.cell) as scores
          from cells c join shown s on s.key = c.key
          group by c.user_id
        ) k on k.user_id = g.user_id
      )
    )
  );
end
$$;

COMMENT ON FUNCTION callx.team_scores(_manager_id uuid, _product_id uuid, _simulation_id uuid, _since timestamp with time zone, _sections integer, _limit integer, _offset integer) IS 'The heat map. `trend` is the latest less the mean of up to three before it. Sections of rubrics are the same when their keys are.';

CREATE FUNCTION callx.teams_with_recognition() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select t.manager_id
  from public.team_settings t
  join public.user_roles r on r.user_id = t.manager_id and r.role = 'manager'
  where t.recognition and (select s.recognition from public.site_settings s)
$$;

COMMENT ON FUNCTION callx.teams_with_recognition() IS 'The managers of these teams. Who lost the role leads no team.';

CREATE FUNCTION callx.text_language(_text text) RETURNS regconfig
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  with common (config, words) as (
    values
      ('pg_catalog.english'::regconfig, '{the,and,of,to,is,you,that,for,with,this,are,your,it,we,have,be}'::text[]),
      ('pg_catalog.german', '{der,die,das,und,ist,nicht,sie,ein,eine,mit,für,auf,den,wir,zu,bei}'),
      ('pg_catalog.french', '{le,la,les,et,des,est,vous,une,que,pour,dans,pas,nous,du,avec,sur}'),
      ('pg_catalog.spanish', '{el,los,las,que,una,es,por,con,para,del,su,se,como,usted,más,lo}'),
      ('pg_catalog.arabic', '{في,من,على,أن,إلى,هذا,التي,لا,ما,عن,مع,هو,كل,أو,هذه,ذلك}')
  ),
  told as (select w.word from regexp_split_to_table(lower(left(_text, 4000)), '[^[:alpha:]]+') as w (word)),
  counted as (
    select c.config, count(*) as hits from common c join told t on t.word = any (c.words)
    group by c.config order by 2 desc, 1 limit 1
  )
  select coalesce((select c.config from counted c where c.hits >= 2), 'pg_catalog.simple'::regconfig)
$$;

COMMENT ON FUNCTION callx.text_language(_text text) IS 'By its small words; simple, which knows no grammar, where there are none.';

CREATE FUNCTION callx.tidy_name() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  new.full_name := btrim(left(btrim(regexp_replace(new.full_name, '[[:space:][:cntrl:]]+', ' ', 'g')), 200));
  return new;
end
$$;

COMMENT ON FUNCTION callx.tidy_name() IS 'A name stands in mails and certificates: one line, and not too long.';

CREATE FUNCTION callx.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  new.updated_at := clock_timestamp();
  return new;
end
$$;

CREATE FUNCTION callx.training_costs(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
  _products uuid[] := array(select callx.analysed_products(_product_id));
begin
  return (
    with calls as materialized (
      select c.id, l.product_id, c.medium, c.duration_ms, c.created_at
      from public.calls c
      join public.simulations s on s.id = c.simulation_id
      join callx.lesson_places l on l.lesson_id = s.lesson_id
      where c.user_id = any (_people)
    ),
    parts (
      product_id, month, cost_usd, customer_usd, judge_usd, requests, unpriced, tokens, spoken_ms, attempts,
      certificates
    ) as (
      select c.product_id, date_trunc('month', u.created_at at time zone 'UTC'), u.cost_usd,
        case u.purpose when 'customer' then u.cost_usd end, case u.purpose when 'judge' then u.cost_usd end,
        1, (u.cost_usd is null)::int, u.input_tokens::bigint + u.output_tokens, 0::bigint, 0, 0
      from public.model_usage u
      left join calls c on c.id = u.call_id
      where u.user_id = any (_people) and callx.is_between(u.created_at, _since, _until)
      union all
      select c.product_id, date_trunc('month', c.created_at at time zone 'UTC'), 0, 0, 0, 0, 0, 0,
        coalesce(c.duration_ms, 0), 0, 0
      from calls c where c.medium = 'spoken' and callx.is_between(c.created_at, _since, _until)
      union all
      select l.product_id, date_trunc('month', a.attempted_at at time zone 'UTC'), 0, 0, 0, 0, 0, 0, 0, 1, 0
      from public.simulation_attempts a
      join public.simulations s on s.id = a.simulation_id
      join callx.lesson_places l on l.lesson_id = s.lesson_id
      where a.user_id = any (_people) and callx.is_between(a.attempted_at, _since, _until)
      union all
      select c.product_id, date_trunc('month', coalesce(i.issued_at, c.issued_at) at time zone 'UTC'),
        0, 0, 0, 0, 0, 0, 0, 0, 1
      from public.certifications c
      left join public.certificate_issues i on i.certification_id = c.id
      where c.user_id = any (_people) and callx.is_between(coalesce(i.issued_at, c.issued_at), _since, _until)
    ),
    shown as (
      select * from parts k
      where k.product_id = any (_products) or k.product_id is null and _product_id is null
    ),
    by_product as (
      select k.product_id, jsonb_build_object(
        'cost_usd', coalesce(sum(k.cost_usd), 0)::float8, 'customer_usd', coalesce(sum(k.customer_usd), 0)::float8,
        'judge_usd', coalesce(sum(k.judge_usd), 0)::float8, 'requests', sum(k.requests), 'unpriced', sum(k.unpriced),
        'tokens', sum(k.tokens), 'spoken_ms', sum(k.spoken_ms), 'attempts', sum(k.attempts),
        'certificates', sum(k.certificates)
      ) as sums
      from shown k group by k.product_id
    ),
    by_month as (
      select k.month, jsonb_build_object(
        'month', to_char(k.month, 'YYYY-MM'), 'cost_usd', coalesce(sum(k.cost_usd), 0)::float8,
        'unpriced', sum(k.unpriced), 'attempts', sum(k.attempts), 'certificates', sum(k.certificates)
      ) as sums
      from shown k where k.month is not null group by k.month
    )
    select jsonb_build_object(
      'products', (
        select coalesce(jsonb_agg(
          b.sums || jsonb_build_object('product_id', p.id, 'title', p.title) order by p.id is null, lower(p.title), p.id
        ), '[]')
        from by_product b left join public.products p on p.id = b.product_id
      ),
      'months', (select coalesce(jsonb_agg(b.sums order by b.month), '[]') from by_month b)
    )
  );
end
$$;

COMMENT ON FUNCTION callx.training_costs(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) IS 'What models have cost in that time, beside what came of it. Product null: requests that belong to no call any more.';

CREATE FUNCTION callx.training_funnel(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _people uuid[] := array(select callx.analysed_people(_manager_id));
  _products uuid[] := array(select callx.analysed_products(_product_id));
begin
  return (
    with places as materialized (
      select l.lesson_id, l.product_id, l.counts from callx.lesson_places l where l.product_id = any (_products)
    ),
    totals as (
      select l.product_id, count(*) as lessons from places l where l.counts group by l.product_id
    ),
    known (user_id, product_id, assigned_at, began_at, completed, certified_at) as (
      select e.user_id, e.product_id, e.assigned_at, null::timestamptz, 0::bigint, null::timestamptz
      from callx.enrolments e where e.user_id = any (_people) and e.product_id = any (_products)
      union all
      select c.user_id, l.product_id, null, min(c.completed_at), count(*) filter (where l.counts), null
      from public.lesson_completions c join places l on l.lesson_id = c.lesson_id
      where c.user_id = any (_people)
      group by c.user_id, l.product_id
      union all
      select a.user_id, l.product_id, null, min(a.active_at), 0, null
      from callx.activities a join places l on l.lesson_id = a.lesson_id
      where a.user_id = any (_people) and not a.is_completion
      group by a.user_id, l.product_id
      union all
      select f.user_id, f.product_id, null, f.issued_at, 0, f.issued_at
      from callx.first_certificates f where f.user_id = any (_people) and f.product_id = any (_products)
    ),
    reached as (
      select k.user_id, k.product_id, min(k.assigned_at) is not null as is_assigned,
        least(min(k.assigned_at), min(k.began_at)) as entered_at, min(k.began_at) is not null as has_begun,
        max(k.completed) as completed, max(k.certified_at) is not null as is_certified
      from known k
      group by k.user_id, k.product_id
    ),
    stages as (
      select r.product_id, r.is_assigned, r.has_begun, r.is_certified,
        r.is_certified or r.completed > 0 and r.completed >= t.lessons as has_finished,
        r.is_certified or r.completed > 0 and r.completed * 2 >= t.lessons as is_half_way
      from reached r left join totals t on t.product_id = r.product_id
      where callx.is_between(r.entered_at, _since, _until)
    )
    select coalesce(jsonb_agg(jsonb_build_object(
      'product_id', p.id, 'title', p.title, 'lessons', coalesce(t.lessons, 0), 'people', coalesce(s.people, 0),
      'assigned', coalesce(s.assigned, 0), 'started', coalesce(s.started, 0), 'half_way', coalesce(s.half_way, 0),
      'finished', coalesce(s.finished, 0), 'certified', coalesce(s.certified, 0)
    ) order by lower(p.title), p.id), '[]')
    from public.products p
    left join totals t on t.product_id = p.id
    left join (
      select g.product_id, count(*) as people, count(*) filter (where g.is_assigned) as assigned,
        count(*) filter (where g.has_begun) as started, count(*) filter (where g.is_half_way) as half_way,
        count(*) filter (where g.has_finished) as finished, count(*) filter (where g.is_certified) as certified
      from stages g group by g.product_id
    ) s on s.product_id = p.id
    where p.id = any (_products)
  );
end
$$;

COMMENT ON FUNCTION callx.training_funnel(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) IS 'How many got how far, of those who entered in that time: were assigned or began, whichever came first.';

CREATE FUNCTION callx.trimmed(_text text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
    SET search_path TO ''
    AS $$
  select btrim(_text, U&'\0009\000A\000B\000C\000D\0020\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000')
$$;

COMMENT ON FUNCTION callx.trimmed(_text text) IS 'Without the white space of Unicode at both ends.';

CREATE FUNCTION callx.user_progress(_product_id uuid, _user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
  perform callx.require_progress_of(_user_id);
  perform callx.require_product(_product_id);
  return (
    with states as (
      select s.*, m.title, max(s.order_index) filter (where not s.is_locked) over (
        order by s.order_index rows between unbounded preceding and 1 preceding
      ) as last_open
      from callx.module_states(_user_id, array[_product_id]) s join public.modules m on m.id = s.module_id
    )
    select jsonb_build_object(
      'user_id', c.user_id, 'product_id', c.product_id,
      'overall_progress', callx.percentage(c.completed_lessons, c.total_lessons),
      'completed_lessons', c.completed_lessons, 'total_lessons', c.total_lessons, 'status', c.status,
      'due_at', c.due_at, 'completed_at', c.completed_at, 'is_late', coalesce(c.completed_at > c.due_at, false),
      'certified_at', c.certified_at, 'last_activity', c.last_activity,
      'modules', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'module_id', s.module_id, 'title', s.title, 'order_index', s.order_index,
          'progress', callx.percentage(s.completed_lessons, s.total_lessons),
          'completed_lessons', s.completed_lessons, 'total_lessons', s.total_lessons, 'is_locked', s.is_locked,
          -- Behind the first module of a chain that is not complete all are locked, so the last open one is it.
          'lock_reason', case when s.is_locked then jsonb_build_object(
            'kind', 'prerequisite', 'module_id', before.module_id, 'title', before.title
          ) end
        ) order by s.order_index), '[]')
        from states s left join states before on s.is_locked and before.order_index = s.last_open
      )
    )
    from callx.course_states(array[_user_id], array[_product_id]) c
  );
end
$$;

CREATE FUNCTION callx.verify_audit(_from bigint DEFAULT 1, OUT events bigint, OUT broken_at bigint, OUT last_id bigint, OUT last_hash bytea) RETURNS record
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  with links as (
    select e.id, coalesce(e.hash = callx.audit_hash(e), false) and coalesce(
      e.previous_hash = lag(e.hash) over in_order and e.id = lag(e.id) over in_order + 1,
      _from > 1 or (e.id = 1 and e.previous_hash = decode(repeat('00', 32), 'hex'))
    ) as holds
    from public.audit_events e where e.id >= _from - 1
    window in_order as (order by e.id)
  ),
  last as (select e.id, e.hash from public.audit_events e order by e.id desc limit 1)
  select count(l.id), min(l.id) filter (where not l.holds), (select id from last), (select hash from last) from links l
$$;

COMMENT ON FUNCTION callx.verify_audit(_from bigint, OUT events bigint, OUT broken_at bigint, OUT last_id bigint, OUT last_hash bytea) IS 'Computes the chain again. broken_at: the first event that was changed or whose predecessor is missing; null when all is whole. That the newest events were cut off shows only against a last_id and last_hash noted elsewhere.';

CREATE FUNCTION callx.verify_call(_call_id uuid, OUT events integer, OUT broken_at integer, OUT last_hash text, OUT differs text[], OUT recording_sha256 text) RETURNS record
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  with chain as (
    select e.*, coalesce(e.hash = callx.call_event_hash(e), false) and coalesce(
      e.previous_hash = lag(e.hash) over in_order and e.number = lag(e.number) over in_order + 1,
      e.number = 1 and e.previous_hash = decode(repeat('00', 32), 'hex')
    ) as holds
    from public.call_events e where e.call_id = _call_id window in_order as (order by e.number)
  ),
  first_words as (
    select distinct on (c.details ->> 'number') (c.details ->> 'number')::int as number, c.details as words
    from chain c where c.kind = 'turn' order by c.details ->> 'number', c.number
  ),
  found as (
    select 'call' as what, 0 as place from public.calls c
    join chain b on b.kind = 'begun' where c.id = _call_id and jsonb_strip_nulls(callx.beginning_of(c)) <> b.details
    union all
    select 'call', 0 from public.calls c
    join chain b on b.kind = 'ended' where c.id = _call_id and (c.end_reason, c.customer_outcome, c.duration_ms)
      is distinct from (b.details ->> 'reason', b.details ->> 'outcome', (b.details ->> 'duration_ms')::int)
    union all
    select 't' || coalesce(t.number, w.number), coalesce(t.number, w.number)
    from first_words w full join (select * from public.call_turns t where t.call_id = _call_id) t using (number)
    where callx.words_of(t) is distinct from w.words and exists (select from chain)
    union all
    select 'report', 1000000 from public.evaluations v
    where v.call_id = _call_id and v.report is not null and exists (select from chain) and callx.sha256_of(v.report) is distinct from (
      select c.details ->> 'report_sha256' from chain c where c.kind = 'evaluated' order by c.number desc limit 1
    )
  )
  select (select count(*)::int from chain), (select min(c.number) from chain c where not c.holds),
    (select encode(c.hash, 'hex') from chain c order by c.number desc limit 1),
    coalesce((select array_agg(distinct f.what) from found f), '{}'),
    (select c.details ->> 'sha256' from chain c where c.kind = 'recorded' order by c.number desc limit 1)
$$;

COMMENT ON FUNCTION callx.verify_call(_call_id uuid, OUT events integer, OUT broken_at integer, OUT last_hash text, OUT differs text[], OUT recording_sha256 text) IS 'Computes the chain again and compares it with what is stored. broken_at: the first event that was changed or whose predecessor is missing. differs: call, t<number> of turns, report. The file of the recording has to be compared with recording_sha256 by whoever can read it.';

CREATE FUNCTION callx.visible_text(_html text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select btrim(replace(regexp_replace(coalesce(_html, ''), '<[^>]*>', ' ', 'g'), '&nbsp;', ' '), E' \t\r\n\u00a0')
$$;

CREATE FUNCTION callx.wanted_words(_query text) RETURNS TABLE(language regconfig, wanted tsquery)
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  _language regconfig;
  _plain text[] := regexp_split_to_array(btrim(regexp_replace(_query, '[^[:alnum:]]+', ' ', 'g')), ' ');
  _as_it_stands tsquery := ''::tsquery;
begin
  -- Words as they stand, the last one unfinished, beside their stems; not where somebody asks with quotes or a minus.
  if _query !~ '"|(^|\s)-|\mor\M' and _plain[1] <> '' then
    _as_it_stands := to_tsquery('pg_catalog.simple', array_to_string(_plain, ' & ') || ':*');
  end if;
  foreach _language in array array[
    'pg_catalog.simple', 'pg_catalog.english', 'pg_catalog.german', 'pg_catalog.french', 'pg_catalog.spanish',
    'pg_catalog.arabic'
  ]::regconfig[] loop
    language := _language;
    wanted := websearch_to_tsquery(_language, _query) || _as_it_stands;
    if numnode(wanted) > 0 then
      return next;
    end if;
  end loop;
end
$$;

CREATE FUNCTION callx.wants(_user_id uuid, _kind text, _channel text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select coalesce(
    (
      select p.enabled from public.notification_preferences p
      where p.user_id = _user_id and p.channel = _channel and p.kind in (_kind, 'all')
      order by p.kind = 'all' limit 1
    ),
    true
  )
$$;

CREATE FUNCTION callx.wants_report_letter(_user_id uuid, _attempt_id uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select coalesce(
    (
      select p.enabled from public.notification_preferences p
      where p.user_id = _user_id and p.kind = 'report_ready' and p.channel = 'email'
    ),
    callx.wants(_user_id, 'report_ready', 'email') and (
      select a.mode = 'exam' or e.finished_at > a.attempted_at + interval '10 minutes'
      from public.simulation_attempts a left join public.evaluations e on e.attempt_id = a.id where a.id = _attempt_id
    ),
    false
  )
$$;

COMMENT ON FUNCTION callx.wants_report_letter(_user_id uuid, _attempt_id uuid) IS 'Whoever has chosen gets what they chose. Everybody else gets letters about exams, and about reports that came so late that nobody was waiting for them on the screen any more.';

CREATE FUNCTION callx.what_is_missing(_user_id uuid, _product_id uuid) RETURNS TABLE(module_id uuid, title text, is_locked boolean, total_lessons integer, completed_lessons integer, lessons text[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select s.module_id, m.title, s.is_locked, s.total_lessons, s.completed_lessons,
    case when s.is_locked then '{}' else array(
      select l.title from callx.lesson_places p join public.lessons l on l.id = p.lesson_id
      where p.module_id = s.module_id and p.counts and not exists (
        select from public.lesson_completions c where c.lesson_id = l.id and c.user_id = _user_id
      )
      order by l.order_index
    ) end
  from callx.module_states(_user_id, array[_product_id]) s join public.modules m on m.id = s.module_id
  where s.completed_lessons < s.total_lessons
  order by s.order_index
$$;

COMMENT ON FUNCTION callx.what_is_missing(_user_id uuid, _product_id uuid) IS 'Says nothing of the lessons that a lock still hides.';

CREATE FUNCTION callx.withdraw_badge() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  insert into callx.withdrawn_badges (status_number) values (old.status_number) on conflict do nothing;
  return null;
end
$$;

CREATE FUNCTION callx.without_markup(_html text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
  select btrim(regexp_replace(
    replace(replace(replace(replace(replace(replace(
      regexp_replace(left(_html, 200000), '</?[a-zA-Z!][^<>]*>', ' ', 'g'),
      '&nbsp;', ' '), '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', ''''), '&amp;', '&'),
    '[\s\x01\x02]+', ' ', 'g'
  ))
$$;

CREATE FUNCTION callx.words_of(_text text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
  -- Those beyond ASCII that are written with its letters once case does not count.
  _folds text[] := array[
    [U&'\00DF', 'ss'], [U&'\1E9E', 'ss'], [U&'\0130', 'i '], [U&'\0149', ' n'], [U&'\017F', 's'], [U&'\01F0', 'j '],
    [U&'\1E96', 'h '], [U&'\1E97', 't '], [U&'\1E98', 'w '], [U&'\1E99', 'y '], [U&'\1E9A', 'a '], [U&'\212A', 'k'],
    [U&'\FB00', 'ff'], [U&'\FB01', 'fi'], [U&'\FB02', 'fl'], [U&'\FB03', 'ffi'], [U&'\FB04', 'ffl'],
    [U&'\FB05', 'st'], [U&'\FB06', 'st']
  ];
  _fold text[];
begin
  if _text ~ '[^\x01-\x7f]' then
    foreach _fold slice 1 in array _folds loop
      _text := replace(_text, _fold[1], _fold[2]);
    end loop;
  end if;
  return ' ' || btrim(regexp_replace(lower(_text collate "C"), '[^a-z0-9_]+', ' ', 'g')) || ' ';
end
$$;

COMMENT ON FUNCTION callx.words_of(_text text) IS 'The words of an English text, each between single spaces, to look for one text in another. Other letters part words: so nothing that voice.scenario finds in a line is overlooked here.';

CREATE TABLE public.call_turns (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    call_id uuid NOT NULL,
    number integer NOT NULL,
    speaker text NOT NULL,
    text text NOT NULL,
    heard_text text,
    start_ms integer NOT NULL,
    end_ms integer NOT NULL,
    cut_off boolean DEFAULT false NOT NULL,
    confidence real,
    network_gap boolean DEFAULT false NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT call_turns_check CHECK ((end_ms >= start_ms)),
    CONSTRAINT call_turns_speaker_check CHECK ((speaker = ANY (ARRAY['ai'::text, 'user'::text])))
);

ALTER TABLE ONLY public.call_turns FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.call_turns.heard_text IS 'What of the customer''s words the trainee''s device played, when it was less than the text.';

CREATE FUNCTION callx.words_of(_turn public.call_turns) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select jsonb_strip_nulls(to_jsonb(_turn) - 'id' - 'call_id' - 'created_at') $$;

CREATE FUNCTION public.archive_content(id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
  _place record;
begin
  select * into _place from callx.content_place($1);
  perform callx.archive(
    $1, _place.kind, case _place.kind when 'module' then _place.product_id when 'lesson' then _place.module_id end
  );
  perform callx.audit('content.archived', _place.kind, $1, jsonb_build_object('title', _place.title));
end
$_$;

COMMENT ON FUNCTION public.archive_content(id uuid) IS 'For admins: takes a product, module or lesson out of sight, with its results kept. public.restore_archived brings it back as it was, a draft as a draft.';

CREATE FUNCTION public.archived_content() RETURNS TABLE(kind text, id uuid, title text, archived_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
begin
  perform callx.require_admin();
  return query
  select 'product', p.id, p.title, p.archived_at from public.products p where p.archived_at is not null
  union all
  select 'module', m.id, m.title, m.archived_at from public.modules m join public.products p on p.id = m.product_id
  where m.archived_at is not null and p.archived_at is null
  union all
  select 'lesson', l.id, l.title, l.archived_at from public.lessons l join public.modules m on m.id = l.module_id
  where l.archived_at is not null and m.archived_at is null
  order by 4 desc;
end
$$;

COMMENT ON FUNCTION public.archived_content() IS 'For admins: what public.restore_archived can bring back.';

CREATE FUNCTION public.check_content(id uuid, with_drafts boolean DEFAULT true) RETURNS TABLE(severity text, code text, kind text, content_id uuid, module_id uuid, title text, message text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $_$
#variable_conflict use_column
declare
  _place record;
begin
  select * into _place from callx.content_place($1);
  return query
  select f.* from callx.content_findings(_place.product_id, $2) f
  where _place.kind = 'product' or f.content_id = $1 or _place.kind = 'module' and f.module_id = $1;
end
$_$;

COMMENT ON FUNCTION public.check_content(id uuid, with_drafts boolean) IS 'For admins: what is wrong with a product, a module or a lesson, its drafts included: severity error or warning, a code, where (kind, content_id, module_id, title) and a sentence.';

CREATE FUNCTION public.claim_review(call_id uuid, assignee uuid DEFAULT auth.uid(), take_over boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

COMMENT ON FUNCTION public.claim_review(call_id uuid, assignee uuid, take_over boolean) IS 'For whoever may review the call: takes it, or gives it to somebody else who may. `take_over` takes it from another.';

CREATE FUNCTION public.duplicate_content(id uuid, title text DEFAULT NULL::text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
  _place record;
  _changes jsonb;
  _new_id uuid;
begin
  select * into _place from callx.content_place($1);
  _changes := jsonb_build_object(
    'title', coalesce($2, _place.title || ' (copy)'), 'status', 'draft', 'key', callx.new_key()
  );
  if _place.kind = 'product' then
    _new_id := callx.copy_row('public.products', $1, _changes || jsonb_build_object(
      'is_active', false, 'created_by', auth.uid(), 'certificate_background', null
    ));
    perform callx.copy_module(m.id, jsonb_build_object('product_id', _new_id))
    from public.modules m where m.product_id = $1 and m.archived_at is null order by m.order_index;
  elsif _place.kind = 'module' then
    perform callx.lock_order(_place.product_id);
    _new_id := callx.copy_module($1, _changes || jsonb_build_object('order_index', (
      select max(m.order_index) + 1 from public.modules m where m.product_id = _place.product_id
    )));
  else
    perform callx.lock_order(_place.module_id);
    _new_id := callx.copy_lesson($1, _changes || jsonb_build_object('order_index', (
      select max(l.order_index) + 1 from public.lessons l where l.module_id = _place.module_id
    )));
  end if;
  perform callx.audit('content.duplicated', _place.kind, $1, jsonb_build_object('copy', _new_id));
  return _new_id;
end
$_$;

COMMENT ON FUNCTION public.duplicate_content(id uuid, title text) IS 'For admins: a copy of a product, module or lesson as a draft, behind its siblings, without results; the id of it. What is inside keeps its own status, and is hidden by the draft.';

CREATE FUNCTION public.handle_changed_email() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  update public.profiles set email = new.email where id = new.id;
  return new;
end
$$;

CREATE FUNCTION public.handle_new_user() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _name jsonb := new.raw_user_meta_data -> 'full_name';
begin
  insert into public.profiles (id, full_name, email)
  values (
    new.id,
    case when jsonb_typeof(_name) = 'string'
      then btrim(left(btrim(regexp_replace(_name #>> '{}', '[[:space:][:cntrl:]]+', ' ', 'g')), 200))
      else '' end,
    new.email
  );
  insert into public.user_roles (user_id, role) values (new.id, 'trainee');
  return new;
end
$$;

COMMENT ON FUNCTION public.handle_new_user() IS 'Takes nothing but the name from the metadata, which the person who signs up writes: a role in there is ignored.';

CREATE FUNCTION public.has_role(_user_id uuid, _role public.app_role) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
  select (
    _user_id = auth.uid()
    or auth.role() = 'service_role'
    or exists (select from public.user_roles r where r.user_id = auth.uid() and r.role = 'admin')
  ) is true
  and exists (select from public.user_roles r where r.user_id = _user_id and r.role = _role)
$$;

COMMENT ON FUNCTION public.has_role(_user_id uuid, _role public.app_role) IS 'About others only admins and the service get a true answer: anybody can call this over REST, and roles are not public.';

CREATE FUNCTION public.is_manager_of(trainee uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$ select coalesce(trainee = any (callx.my_trainees()), false) $$;

CREATE FUNCTION public.module_progress(product_id uuid, user_id uuid DEFAULT auth.uid()) RETURNS TABLE(module_id uuid, order_index integer, total_lessons integer, completed_lessons integer, is_locked boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
begin
  if not coalesce(
    module_progress.user_id = auth.uid() or public.is_manager_of(module_progress.user_id) or callx.is_admin(), false
  ) then
    raise exception 'This person''s progress is not yours to see.' using errcode = '42501';
  end if;
  return query
  select s.module_id, s.order_index, s.total_lessons, s.completed_lessons, s.is_locked
  from callx.module_states(module_progress.user_id, array[module_progress.product_id]) s
  where callx.is_admin() or module_progress.product_id = any (callx.my_products())
  order by s.order_index;
end
$$;

COMMENT ON FUNCTION public.module_progress(product_id uuid, user_id uuid) IS 'Progress of oneself, of a trainee of one''s own, or for admins of anybody, in one product.';

CREATE FUNCTION public.move_lesson(id uuid, to_index integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $_$ select callx.move_row('public.lessons', 'module_id', 'archived_at is null', $1, $2) $_$;

CREATE FUNCTION public.move_lesson_to_module(id uuid, module_id uuid, to_index integer DEFAULT NULL::integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
  _place record;
  _target record;
begin
  select * into _place from callx.content_place($1);
  select * into _target from callx.content_place($2);
  if _place.kind <> 'lesson' or _target.kind <> 'module' then
    raise exception 'A lesson moves to a module.' using errcode = '22023', detail = 'no_lesson_or_module';
  elsif _place.product_id <> _target.product_id then
    raise exception 'A lesson stays in its course: results in it count there. Duplicate it instead.'
      using errcode = '22023', detail = 'other_product';
  end if;
  if _place.module_id <> $2 then
    perform callx.lock_order(m.id) from unnest(array[_place.module_id, $2]) as m (id) order by m.id;
    update public.lessons l set module_id = $2, order_index = (
      select greatest(max(s.order_index), -1) + 1 from public.lessons s
      where s.module_id = $2 and s.archived_at is null
    ) where l.id = $1;
  end if;
  if $3 is not null then
    perform callx.move_row('public.lessons', 'module_id', 'archived_at is null', $1, $3);
  end if;
end
$_$;

COMMENT ON FUNCTION public.move_lesson_to_module(id uuid, module_id uuid, to_index integer) IS 'For admins: into another module of the same product, to the place with this order_index as move_lesson has it, or behind all.';

CREATE FUNCTION public.move_module(id uuid, to_index integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $_$ select callx.move_row('public.modules', 'product_id', 'archived_at is null', $1, $2) $_$;

CREATE FUNCTION public.move_question(id uuid, to_index integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $_$ select callx.move_row('public.quiz_questions', 'quiz_id', 'true', $1, $2) $_$;

CREATE FUNCTION public.publish_content(id uuid, with_drafts boolean DEFAULT false, dry_run boolean DEFAULT false) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
#variable_conflict use_column
declare
  _place record;
  _before uuid[];
  _impact jsonb;
  _findings jsonb;
  _has_errors boolean;
begin
  select * into _place from callx.content_place($1);
  perform callx.lock_order(_place.product_id);
  _before := callx.live_lessons(_place.product_id);
  begin
    perform callx.set_status($1, _place.kind, 'published', $2);
    select coalesce(jsonb_agg(to_jsonb(f)), '[]'), coalesce(bool_or(f.severity = 'error'), false)
    into _findings, _has_errors
    from callx.content_findings(_place.product_id, _place.kind = 'lesson') f
    where _place.kind = 'product' or f.content_id = $1 or _place.kind = 'module' and f.module_id = $1;
    _impact := callx.impact(_place.product_id, _before, callx.live_lessons(_place.product_id));
    if _has_errors or $3 then
      raise exception 'Nothing is published.' using errcode = 'C0022';
    end if;
  exception when sqlstate 'C0022' then
    null; -- rolled back to the begin: what was found out stays
  end;
  if not _has_errors and not $3 then
    perform callx.audit(
      'content.published', _place.kind, $1, jsonb_build_object('title', _place.title, 'with_drafts', $2)
    );
  end if;
  return jsonb_build_object(
    'published', not _has_errors and not $3, 'kind', _place.kind, 'product_id', _place.product_id,
    'findings', _findings, 'impact', _impact
  );
end
$_$;

COMMENT ON FUNCTION public.publish_content(id uuid, with_drafts boolean, dry_run boolean) IS 'For admins: shows a draft product, module or lesson to everybody, and with with_drafts all drafts in it, if there are no errors: {published, kind, product_id, findings, impact}. findings are as of check_content. dry_run only answers. impact says what it means for people: certificates and results stay, and who had finished and has more to do now is counted.';

CREATE FUNCTION public.quiz_result(quiz_id uuid, user_id uuid DEFAULT auth.uid()) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
  -- With the rights of the caller, so that a quiz that is hidden or locked is not there.
  if not exists (select from public.quizzes q where q.id = quiz_result.quiz_id) then
    raise exception 'There is no such quiz.' using errcode = 'P0002', detail = 'quiz_not_found';
  end if;
  return callx.quiz_result(quiz_result.quiz_id, coalesce(quiz_result.user_id, auth.uid()));
end
$$;

COMMENT ON FUNCTION public.quiz_result(quiz_id uuid, user_id uuid) IS 'Where somebody stands in a quiz: oneself, one''s team, for admins anybody. score is of the attempt that counts, null before any; passed stays once it is so; attempts_left and next_attempt_at are null without a limit, an open attempt counts as used; time_limit_seconds has the person''s extra time in it; deadline_at, started_at and saved_at are of the open attempt; now is the server''s clock.';

CREATE FUNCTION public.quiz_review(attempt_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _attempt public.quiz_attempts;
  _review text;
  _is_open boolean;
begin
  select * into _attempt from public.quiz_attempts a
  where a.id = quiz_review.attempt_id
    and (a.user_id = auth.uid() or public.is_manager_of(a.user_id) or callx.is_admin());
  if not found then
    raise exception 'There is no such attempt.' using errcode = 'P0002', detail = 'attempt_not_found';
  end if;
  select q.review into _review from public.quizzes q where q.id = _attempt.quiz_id;
  _is_open := callx.review_is_open(_attempt);
  return jsonb_build_object(
    'attempt_id', _attempt.id, 'quiz_id', _attempt.quiz_id, 'user_id', _attempt.user_id, 'score', _attempt.score,
    'passed', _attempt.passed, 'attempted_at', _attempt.attempted_at, 'is_late', _attempt.is_late,
    'review', _review, 'is_open', _is_open,
    'questions', case when _is_open or _review is null then (
      select coalesce(jsonb_agg(
        q.value || jsonb_build_object(
          'given', g.value - array['question_id', 'is_correct'],
          'is_correct', coalesce(r.value -> 'is_correct', g.value -> 'is_correct', 'false'),
          'points_earned', r.value -> 'points'
        ) || case when _is_open then jsonb_build_object(
          'right_answer', _attempt.answer_key -> (q.value ->> 'id'), 'explanation', r.value -> 'explanation',
          'answer_explanations', coalesce(r.value -> 'answers', '{}')
        ) else '{}' end
        order by q.place
      ), '[]')
      from jsonb_array_elements(_attempt.questions) with ordinality as q (value, place)
      left join jsonb_array_elements(_attempt.answers) g on g.value -> 'question_id' = q.value -> 'id'
      left join jsonb_array_elements(_attempt.grading) r on r.value -> 'question_id' = q.value -> 'id'
    ) end
  );
end
$$;

COMMENT ON FUNCTION public.quiz_review(attempt_id uuid) IS 'Of an attempt of one''s own, of one''s team, or for admins: result and policy. `questions` is null until the policy allows the review; then each has given, is_correct, points_earned, right_answer, explanation and answer_explanations. In a quiz without a policy each has given, is_correct and points_earned.';

CREATE FUNCTION public.reinstate_certification(certification_id uuid, reason text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
  _certification public.certifications := callx.certification_for_admin(reinstate_certification.certification_id);
  _reason text := btrim(reinstate_certification.reason);
begin
  if coalesce(_reason, '') = '' or length(_reason) > 1000 then
    raise exception 'A reason is needed, of at most 1000 letters.' using errcode = '22023';
  end if;
  update public.certificate_issues i set revoked_at = null, revoked_by = null, revocation_reason = null
  where i.certification_id = _certification.id and i.revoked_at is not null;
  if not found then
    return;
  end if;
  perform callx.audit(
    'certificate.reinstated', 'certificate', _certification.id,
    jsonb_build_object('user_id', _certification.user_id, 'product_id', _certification.product_id, 'reason', _reason)
  );
  perform callx.emit_fact('CertificateReinstated', jsonb_build_object(
    'certification_id', _certification.id, 'user_id', _certification.user_id, 'product_id', _certification.product_id
  ));
end
$$;

COMMENT ON FUNCTION public.reinstate_certification(certification_id uuid, reason text) IS 'For admins: a revocation was a mistake.';

CREATE FUNCTION public.release_review(call_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
begin
  perform callx.call_to_review(release_review.call_id);
  delete from public.review_claims c
  where c.call_id = release_review.call_id and (c.claimed_by = auth.uid() or callx.is_admin());
end
$$;

COMMENT ON FUNCTION public.release_review(call_id uuid) IS 'Somebody else may look at it.';

CREATE FUNCTION public.restore_archived(id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
  _kind text;
  _at timestamptz;
  _parent_id uuid;
begin
  perform callx.require_admin();
  select c.kind, c.archived_at into _kind, _at from public.archived_content() c where c.id = restore_archived.id;
  case _kind
    when 'product' then
      update public.products set archived_at = null where id = restore_archived.id;
      update public.lessons l set archived_at = null from public.modules m
      where m.id = l.module_id and m.product_id = restore_archived.id and l.archived_at = _at;
      update public.modules set archived_at = null where product_id = restore_archived.id and archived_at = _at;
    when 'module' then
      select m.product_id into _parent_id from public.modules m where m.id = restore_archived.id;
      perform callx.lock_order(_parent_id);
      update public.modules set archived_at = null, order_index = (
        select greatest(max(m.order_index), -1) + 1 from public.modules m where m.product_id = _parent_id
      ) where id = restore_archived.id;
      update public.lessons set archived_at = null where module_id = restore_archived.id and archived_at = _at;
    when 'lesson' then
      select l.module_id into _parent_id from public.lessons l where l.id = restore_archived.id;
      perform callx.lock_order(_parent_id);
      update public.lessons set archived_at = null, order_index = (
        select greatest(max(l.order_index), -1) + 1 from public.lessons l where l.module_id = _parent_id
      ) where id = restore_archived.id;
    else
      raise exception 'Nothing archived has this id.' using errcode = 'P0002';
  end case;
end
$$;

COMMENT ON FUNCTION public.restore_archived(id uuid) IS 'For admins: brings content back, with what was archived together with it, at the end of its siblings.';

CREATE FUNCTION public.revoke_certification(certification_id uuid, reason text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
  _certification public.certifications := callx.certification_for_admin(revoke_certification.certification_id);
  _reason text := btrim(revoke_certification.reason);
begin
  if coalesce(_reason, '') = '' or length(_reason) > 1000 then
    raise exception 'A reason is needed, of at most 1000 letters.' using errcode = '22023';
  end if;
  update public.certificate_issues i
  set revoked_at = now(), revoked_by = auth.uid(), revocation_reason = _reason
  where i.certification_id = _certification.id and i.revoked_at is null;
  if not found then
    return;
  end if;
  perform callx.audit(
    'certificate.revoked', 'certificate', _certification.id,
    jsonb_build_object('user_id', _certification.user_id, 'product_id', _certification.product_id, 'reason', _reason)
  );
  perform callx.emit_fact('CertificateRevoked', jsonb_build_object(
    'certification_id', _certification.id, 'user_id', _certification.user_id, 'product_id', _certification.product_id
  ));
end
$$;

COMMENT ON FUNCTION public.revoke_certification(certification_id uuid, reason text) IS 'For admins: takes back a certificate and all that it renewed. Doing it again changes nothing.';

CREATE FUNCTION public.save_quiz_answers(sitting_id uuid, answers jsonb, window_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _sitting record := callx.own_sitting(save_quiz_answers.sitting_id);
  _saved_at timestamptz := clock_timestamp();
begin
  if _sitting.is_ended then
    raise exception 'This attempt has been handed in.' using detail = 'handed_in';
  elsif _saved_at > _sitting.deadline_at + callx.quiz_grace() then
    raise exception 'The time is over.' using detail = 'time_is_up';
  elsif callx.is_other_window(save_quiz_answers.window_id, _sitting.window_id) then
    raise exception 'This attempt is open in another window.' using detail = 'open_elsewhere';
  end if;
  perform callx.check_quiz_answers(save_quiz_answers.answers);
  update callx.quiz_sittings s set answers = save_quiz_answers.answers, saved_at = _saved_at
  where s.id = save_quiz_answers.sitting_id;
  return jsonb_build_object('saved_at', _saved_at, 'deadline_at', _sitting.deadline_at, 'now', _saved_at);
end
$$;

COMMENT ON FUNCTION public.save_quiz_answers(sitting_id uuid, answers jsonb, window_id uuid) IS 'Keeps the answers so far, as they are sent to quiz_attempts; they are graded when nothing is handed in in time. {saved_at, deadline_at, now}: the deadline can have moved. Refuses with the details sitting_not_found, handed_in, time_is_up, open_elsewhere, answers_malformed, answers_too_long.';

CREATE FUNCTION public.search_lessons(query text, most integer DEFAULT 20) RETURNS TABLE(lesson_id uuid, lesson_title text, lesson_type public.lesson_type, module_title text, product_id uuid, product_title text, attachment_id uuid, file_name text, page integer, snippet jsonb, rank real)
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
  _query text := btrim(search_lessons.query);
begin
  if char_length(_query) > 200 then
    raise exception 'A search is at most 200 characters long.' using detail = 'query_too_long';
  elsif coalesce(search_lessons.most, 0) not between 1 and 50 then
    raise exception 'Between 1 and 50 results can be had.' using detail = 'bad_most';
  elsif coalesce(_query, '') = '' then
    return;
  end if;
  return query
  with visible as materialized (
    select l.id, l.title, l.lesson_type, m.title as module_title, p.id as product_id, p.title as product_title
    from public.lessons l join public.modules m on m.id = l.module_id join public.products p on p.id = m.product_id
  )
  select f.lesson_id, v.title, v.lesson_type, v.module_title, v.product_id, v.product_title, f.attachment_id,
    a.file_name, f.page, f.snippet, f.rank
  from callx.found_in_lessons(_query, array(select v.id from visible v), search_lessons.most) f
  join visible v on v.id = f.lesson_id
  left join public.lesson_attachments a on a.id = f.attachment_id
  order by f.rank desc, f.lesson_id, f.page nulls first;
end
$$;

COMMENT ON FUNCTION public.search_lessons(query text, most integer) IS 'Lessons and pages of their PDFs that have the words, best first, of those that the caller may open. `query` as people write it: words, "a phrase", -without, or. The snippet is [{text, is_hit}]. Refuses with the details query_too_long, bad_most.';

CREATE FUNCTION public.start_quiz(quiz_id uuid, window_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- With the rights of the caller, so that a quiz that is hidden or locked is not there.
  if auth.uid() is null or not exists (select from public.quizzes q where q.id = start_quiz.quiz_id) then
    raise exception 'There is no such quiz.' using errcode = 'P0002', detail = 'quiz_not_found';
  end if;
  return callx.start_quiz(start_quiz.quiz_id, start_quiz.window_id);
end
$$;

COMMENT ON FUNCTION public.start_quiz(quiz_id uuid, window_id uuid) IS 'Starts an attempt, or goes on with the open one: {sitting_id, quiz_id, started_at, deadline_at, now, grace_seconds, is_resumed, questions, answers, saved_at}. The questions are as in quiz_attempts.questions, answers what was saved. window_id, of the caller''s choice, takes the attempt away from the window it was open in. It is handed in by submit_quiz, or by an insert into quiz_attempts. Refuses with the details no_attempts_left, cool_down, too_many_attempts, time_is_up, no_questions, quiz_not_found.';

CREATE FUNCTION public.submit_quiz(sitting_id uuid, answers jsonb DEFAULT NULL::jsonb, window_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  _sitting record;
  _attempt record;
begin
  -- In the order in which start_quiz takes these locks.
  perform callx.lock_quiz(auth.uid(), callx.quiz_of_own_sitting(submit_quiz.sitting_id));
  _sitting := callx.own_sitting(submit_quiz.sitting_id);
  if not _sitting.is_ended then
    if callx.is_other_window(submit_quiz.window_id, _sitting.window_id) then
      raise exception 'This attempt is open in another window.' using detail = 'open_elsewhere';
    end if;
    perform callx.check_quiz_answers(coalesce(submit_quiz.answers, '[]'));
    -- With the rights of the caller, as if the row came over /rest/v1.
    insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers)
    values (auth.uid(), _sitting.quiz_id, 0, false, coalesce(submit_quiz.answers, _sitting.answers));
  end if;
  select a.id, a.score, a.passed, a.attempted_at, a.is_late into _attempt
  from public.quiz_attempts a where a.sitting_id = submit_quiz.sitting_id;
  return jsonb_build_object(
    'attempt_id', _attempt.id, 'quiz_id', _sitting.quiz_id, 'score', _attempt.score, 'passed', _attempt.passed,
    'attempted_at', _attempt.attempted_at, 'is_late', _attempt.is_late, 'was_submitted', _sitting.is_ended
  );
end
$$;

COMMENT ON FUNCTION public.submit_quiz(sitting_id uuid, answers jsonb, window_id uuid) IS 'Hands in, however often it is called: {attempt_id, quiz_id, score, passed, attempted_at, is_late, was_submitted}. Without answers, what was saved. Refuses with the details sitting_not_found, open_elsewhere, answers_malformed, answers_too_long.';

CREATE FUNCTION public.unpublish_content(id uuid, dry_run boolean DEFAULT false) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
#variable_conflict use_column
declare
  _place record;
  _before uuid[];
  _impact jsonb;
begin
  select * into _place from callx.content_place($1);
  perform callx.lock_order(_place.product_id);
  _before := callx.live_lessons(_place.product_id);
  begin
    perform callx.set_status($1, _place.kind, 'draft', false);
    _impact := callx.impact(_place.product_id, _before, callx.live_lessons(_place.product_id));
    if $2 then
      raise exception 'Nothing is changed.' using errcode = 'C0022';
    end if;
  exception when sqlstate 'C0022' then
    null;
  end;
  if not $2 then
    perform callx.audit('content.unpublished', _place.kind, $1, jsonb_build_object('title', _place.title));
  end if;
  return jsonb_build_object(
    'unpublished', not $2, 'kind', _place.kind, 'product_id', _place.product_id, 'impact', _impact
  );
end
$_$;

COMMENT ON FUNCTION public.unpublish_content(id uuid, dry_run boolean) IS 'For admins: makes a draft of a product, module or lesson again: {unpublished, kind, product_id, impact}. Results and certificates stay; attempts and calls that are open can be ended and count.';

CREATE FUNCTION public.verify_audit(OUT events bigint, OUT broken_at bigint, OUT last_id bigint, OUT last_hash bytea) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform callx.require_admin();
  select v.events, v.broken_at, v.last_id, v.last_hash into events, broken_at, last_id, last_hash
  from callx.verify_audit() v;
end
$$;

COMMENT ON FUNCTION public.verify_audit(OUT events bigint, OUT broken_at bigint, OUT last_id bigint, OUT last_hash bytea) IS 'callx.verify_audit for admins, over REST.';

CREATE FUNCTION public.verify_call(call_id uuid, OUT events integer, OUT broken_at integer, OUT last_hash text, OUT differs text[], OUT recording_sha256 text) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  _whose uuid := (select c.user_id from public.calls c where c.id = verify_call.call_id);
begin
  if _whose is null or not (
    _whose is not distinct from auth.uid() or callx.is_admin() or _whose = any (callx.my_trainees())
    or current_setting('role') = 'service_role'
  ) then
    raise exception 'There is no such call.' using errcode = 'P0002';
  end if;
  select v.events, v.broken_at, v.last_hash, v.differs, v.recording_sha256
    into events, broken_at, last_hash, differs, recording_sha256 from callx.verify_call(verify_call.call_id) v;
end
$$;

COMMENT ON FUNCTION public.verify_call(call_id uuid, OUT events integer, OUT broken_at integer, OUT last_hash text, OUT differs text[], OUT recording_sha256 text) IS 'callx.verify_call for whoever may see the call, over REST.';

CREATE FUNCTION public.watch_lesson(lesson_id uuid, ranges jsonb DEFAULT '[]'::jsonb, position_ms integer DEFAULT NULL::integer) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  _lesson record;
  _told jsonb;
  _is_completed boolean;
begin
  -- With the rights of the caller, so that a lesson that is hidden or locked is not there.
  select l.id, l.must_watch into _lesson from public.lessons l
  where l.id = watch_lesson.lesson_id and l.lesson_type = 'video' and auth.uid() is not null;
  if not found then
    raise exception 'There is no such video.' using errcode = 'P0002', detail = 'video_not_found';
  end if;
  _told := callx.note_watching(
    _lesson.id, callx.ranges_of(coalesce(watch_lesson.ranges, '[]')), watch_lesson.position_ms
  );
  _is_completed := exists (
    select from public.lesson_completions c where c.lesson_id = _lesson.id and c.user_id = auth.uid()
  );
  if not _is_completed and coalesce((_told ->> 'percent')::int >= 90, false) then
    insert into public.lesson_completions (user_id, lesson_id) values (auth.uid(), _lesson.id);
    _is_completed := true;
  end if;
  return _told || jsonb_build_object(
    'must_watch', _lesson.must_watch, 'completed_from_percent', 90, 'is_completed', _is_completed
  );
end
$$;

COMMENT ON FUNCTION public.watch_lesson(lesson_id uuid, ranges jsonb, position_ms integer) IS 'Tells what the caller has watched of a lesson''s video, as [[from_ms, to_ms]], and where they are; called without ranges when the video is opened. {lesson_id, watched, watched_ms, position_ms, duration_ms, percent, is_accepted, retry_after_ms, must_watch, completed_from_percent, is_completed}: at 90 percent the lesson is completed. What cannot have been played in the time since it was opened is not accepted: tell it again after retry_after_ms. Refuses with the details video_not_found, bad_ranges.';

CREATE FUNCTION storage.extension(name text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $_$ select substring(storage.filename(name) from '\.([^.]*)$') $_$;

CREATE FUNCTION storage.filename(name text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select (string_to_array(name, '/'))[cardinality(string_to_array(name, '/'))] $$;

CREATE FUNCTION storage.foldername(name text) RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select (string_to_array(name, '/'))[: cardinality(string_to_array(name, '/')) - 1] $$;

CREATE TABLE auth.email_changes (
    user_id uuid NOT NULL,
    new_email text NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    current_confirmed_at timestamp with time zone,
    new_confirmed_at timestamp with time zone
);

ALTER TABLE ONLY auth.email_changes FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE auth.email_changes IS 'A change of address that waits for its links: both addresses must agree.';

CREATE TABLE auth.letters (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    kind text NOT NULL,
    recipient text NOT NULL,
    user_id uuid,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    settled_at timestamp with time zone,
    outcome text,
    about text,
    requested_by uuid,
    attempts integer DEFAULT 0 NOT NULL,
    taken_until timestamp with time zone,
    failure text,
    handed_over_as text,
    CONSTRAINT letters_about_check CHECK ((char_length(about) <= 200)),
    CONSTRAINT letters_check CHECK (((settled_at IS NULL) = (outcome IS NULL))),
    CONSTRAINT letters_details_check CHECK ((jsonb_typeof(details) = 'object'::text)),
    CONSTRAINT letters_failure_check CHECK ((char_length(failure) <= 500)),
    CONSTRAINT letters_handed_over_as_check CHECK ((char_length(handed_over_as) <= 200)),
    CONSTRAINT letters_kind_check CHECK ((kind ~ '^[a-z_]{1,40}$'::text)),
    CONSTRAINT letters_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'not_needed'::text, 'refused'::text, 'too_late'::text]))),
    CONSTRAINT letters_recipient_check CHECK (((char_length(recipient) >= 3) AND (char_length(recipient) <= 320)))
);

ALTER TABLE ONLY auth.letters FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE auth.letters IS 'E-mails to write. A row is made whether or not anybody has the address, so that asking takes equally long; the job that follows the fact LetterQueued finds out, and empties details. Holds no link: tokens are derived from the id.';

COMMENT ON COLUMN auth.letters.about IS 'What the letter is about, like certified:<id of the certification>: the same is not said twice in a day.';

COMMENT ON COLUMN auth.letters.taken_until IS 'Somebody is sending it: nobody else tries before.';

COMMENT ON COLUMN auth.letters.failure IS 'Why it has not gone out (yet), in the words of whoever refused it.';

COMMENT ON COLUMN auth.letters.handed_over_as IS 'The id that the mail service gave it.';

CREATE TABLE auth.logins (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    refreshed_at timestamp with time zone,
    user_agent text,
    ip inet,
    revoked_at timestamp with time zone,
    method text DEFAULT 'password'::text NOT NULL,
    CONSTRAINT logins_method_check CHECK ((method = ANY (ARRAY['password'::text, 'recovery'::text, 'otp'::text])))
);

ALTER TABLE ONLY auth.logins FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE auth.logins IS 'A signed-in device: the family that its refresh tokens belong to.';

COMMENT ON COLUMN auth.logins.method IS 'How the person showed who they are. recovery: by a link that lets them choose a password without the old one.';

CREATE TABLE auth.one_time_tokens (
    id uuid NOT NULL,
    kind text NOT NULL,
    token_hash bytea NOT NULL,
    email text NOT NULL,
    user_id uuid,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    wrong_guesses smallint DEFAULT 0 NOT NULL,
    CONSTRAINT one_time_tokens_details_check CHECK ((jsonb_typeof(details) = 'object'::text)),
    CONSTRAINT one_time_tokens_kind_check CHECK ((kind = ANY (ARRAY['sign_up'::text, 'recovery'::text, 'email_change'::text, 'reauthentication'::text, 'exchange'::text])))
);

ALTER TABLE ONLY auth.one_time_tokens FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE auth.one_time_tokens IS 'What a link or code in a letter is good for, once. A sign-up waits here, not in auth.users, until its address is confirmed: whoever signs up with the address of another makes no account. kind exchange: the code of PKCE.';

CREATE TABLE auth.refresh_tokens (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    login_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    issued_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone,
    replaced_by uuid,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);

ALTER TABLE ONLY auth.refresh_tokens FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN auth.refresh_tokens.used_at IS 'A used token is good for a few seconds more (two tabs refresh at once); after that its return means theft.';

CREATE TABLE auth.users (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    email text NOT NULL,
    encrypted_password text,
    email_confirmed_at timestamp with time zone,
    last_sign_in_at timestamp with time zone,
    raw_app_meta_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    raw_user_meta_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deactivated_at timestamp with time zone,
    CONSTRAINT users_email_check CHECK (((email = lower(email)) AND ((char_length(email) >= 3) AND (char_length(email) <= 320))))
);

ALTER TABLE ONLY auth.users FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN auth.users.encrypted_password IS 'An Argon2 hash; null for somebody who cannot sign in by password.';

COMMENT ON COLUMN auth.users.raw_user_meta_data IS 'Written by the person: never read to decide what somebody may do.';

CREATE TABLE public.quizzes (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    lesson_id uuid NOT NULL,
    passing_grade integer NOT NULL,
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now(),
    max_attempts integer,
    cool_down_minutes integer,
    draw_count integer,
    shuffle_questions boolean DEFAULT false NOT NULL,
    shuffle_answers boolean DEFAULT false NOT NULL,
    time_limit_minutes integer,
    counts text DEFAULT 'best'::text NOT NULL,
    review text,
    needs_start boolean GENERATED ALWAYS AS (((draw_count IS NOT NULL) OR (time_limit_minutes IS NOT NULL))) STORED NOT NULL,
    CONSTRAINT quizzes_cool_down_minutes_check CHECK ((cool_down_minutes > 0)),
    CONSTRAINT quizzes_counts_check CHECK ((counts = ANY (ARRAY['best'::text, 'last'::text, 'first'::text, 'average'::text]))),
    CONSTRAINT quizzes_draw_count_check CHECK ((draw_count > 0)),
    CONSTRAINT quizzes_max_attempts_check CHECK ((max_attempts > 0)),
    CONSTRAINT quizzes_passing_grade_check CHECK (((passing_grade >= 0) AND (passing_grade <= 100))),
    CONSTRAINT quizzes_review_check CHECK ((review = ANY (ARRAY['never'::text, 'after_attempt'::text, 'after_pass'::text, 'after_last_attempt'::text]))),
    CONSTRAINT quizzes_time_limit_minutes_check CHECK (((time_limit_minutes >= 1) AND (time_limit_minutes <= 1440)))
);

ALTER TABLE ONLY public.quizzes FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.quizzes.max_attempts IS 'Null: as many as one likes.';

COMMENT ON COLUMN public.quizzes.cool_down_minutes IS 'From one attempt to the next.';

COMMENT ON COLUMN public.quizzes.draw_count IS 'Each attempt draws so many of the questions; null: all.';

COMMENT ON COLUMN public.quizzes.time_limit_minutes IS 'From public.start_quiz on; null: as long as one likes.';

COMMENT ON COLUMN public.quizzes.counts IS 'Which attempt counts as the result. An attempt passes when it and what then counts reach the passing grade.';

COMMENT ON COLUMN public.quizzes.review IS 'When right answers and explanations are shown, and right and wrong at all. Null: what was chosen is marked right or wrong in the attempt, and no more is ever shown.';

COMMENT ON COLUMN public.quizzes.needs_start IS 'Only public.start_quiz shows the questions, and attempts need it: some are drawn, or the time is limited.';

CREATE TABLE public.simulation_attempts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    simulation_id uuid NOT NULL,
    overall_score integer NOT NULL,
    passed boolean NOT NULL,
    script_adherence integer,
    empathy_score text,
    call_flow_score integer,
    transcript jsonb NOT NULL,
    attempted_at timestamp with time zone DEFAULT now(),
    call_id uuid,
    duration_ms integer,
    mode text,
    machine_score integer,
    machine_passed boolean,
    reviewed_at timestamp with time zone,
    reviewed_by uuid,
    CONSTRAINT simulation_attempts_call_flow_score_check CHECK (((call_flow_score >= 0) AND (call_flow_score <= 100))),
    CONSTRAINT simulation_attempts_duration_ms_check CHECK ((duration_ms >= 0)),
    CONSTRAINT simulation_attempts_empathy_score_check CHECK ((empathy_score = ANY (ARRAY['Excellent'::text, 'Good'::text, 'Needs Improvement'::text]))),
    CONSTRAINT simulation_attempts_machine_score_check CHECK (((machine_score >= 0) AND (machine_score <= 100))),
    CONSTRAINT simulation_attempts_mode_check CHECK ((mode = ANY (ARRAY['practice'::text, 'exam'::text]))),
    CONSTRAINT simulation_attempts_overall_score_check CHECK (((overall_score >= 0) AND (overall_score <= 100))),
    CONSTRAINT simulation_attempts_script_adherence_check CHECK (((script_adherence >= 0) AND (script_adherence <= 100)))
);

ALTER TABLE ONLY public.simulation_attempts FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.simulation_attempts IS 'What counts: of a reviewed call what the person decided, and beside it what the judge had said.';

COMMENT ON COLUMN public.simulation_attempts.transcript IS 'An array of {speaker: "ai"|"user", text, feedback?, timestamp}.';

COMMENT ON COLUMN public.simulation_attempts.machine_score IS 'What the judge had given; null: what counts is the judge''s.';

CREATE TABLE public.simulations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    lesson_id uuid NOT NULL,
    scenario_description text NOT NULL,
    ai_system_prompt text NOT NULL,
    passing_grade integer NOT NULL,
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now(),
    call_script_path text,
    CONSTRAINT simulations_call_script_path_check CHECK (((char_length(call_script_path) >= 1) AND (char_length(call_script_path) <= 1100))),
    CONSTRAINT simulations_passing_grade_check CHECK (((passing_grade >= 0) AND (passing_grade <= 100)))
);

ALTER TABLE ONLY public.simulations FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.simulations.scenario_description IS 'What the trainee reads before the call.';

COMMENT ON COLUMN public.simulations.ai_system_prompt IS 'What the customer is told; only admins and the service read it.';

COMMENT ON COLUMN public.simulations.call_script_path IS 'A PDF in the bucket lesson-attachments: what agents are to say and how the company decides. Its text is told to the judge and to whoever plays the customer; trainees see the file where it is attached to a lesson.';

CREATE VIEW callx.activities AS
 SELECT c.user_id,
    c.lesson_id,
    c.completed_at AS active_at,
    true AS is_completion
   FROM public.lesson_completions c
UNION ALL
 SELECT a.user_id,
    q.lesson_id,
    a.attempted_at AS active_at,
    false AS is_completion
   FROM (public.quiz_attempts a
     JOIN public.quizzes q ON ((q.id = a.quiz_id)))
UNION ALL
 SELECT a.user_id,
    s.lesson_id,
    a.attempted_at AS active_at,
    false AS is_completion
   FROM (public.simulation_attempts a
     JOIN public.simulations s ON ((s.id = a.simulation_id)))
UNION ALL
 SELECT c.user_id,
    s.lesson_id,
    COALESCE(c.ended_at, c.answered_at, c.created_at) AS active_at,
    false AS is_completion
   FROM (public.calls c
     JOIN public.simulations s ON ((s.id = c.simulation_id)));

COMMENT ON VIEW callx.activities IS 'What counts as being active in a lesson, whether or not anything came of it.';

CREATE TABLE callx.badge_keys (
    thumbprint text NOT NULL,
    public_key jsonb NOT NULL,
    first_used_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT badge_keys_thumbprint_check CHECK ((thumbprint ~ '^[A-Za-z0-9_-]{43}$'::text))
);

ALTER TABLE ONLY callx.badge_keys FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE callx.badge_keys IS 'The public half of every key that badges were signed with. A row that is deleted makes its badges worthless.';

CREATE SEQUENCE callx.badge_numbers
    START WITH 0
    INCREMENT BY 1
    MINVALUE 0
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.assignments (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    product_id uuid NOT NULL,
    user_id uuid,
    manager_id uuid,
    due_at timestamp with time zone,
    assigned_by uuid DEFAULT auth.uid(),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT assignments_check CHECK ((num_nonnulls(user_id, manager_id) = 1))
);

ALTER TABLE ONLY public.assignments FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.assignments IS 'A product is to be completed: by one person (user_id), or by the team of a manager (manager_id), which is whoever belongs to it at the time of asking, so those who join later too.';

CREATE TABLE public.manager_assignments (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    trainee_id uuid NOT NULL,
    manager_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now()
);

ALTER TABLE ONLY public.manager_assignments FORCE ROW LEVEL SECURITY;

CREATE VIEW callx.enrolments AS
 SELECT user_id,
    product_id,
    min(assigned_at) AS assigned_at
   FROM ( SELECT a.user_id,
            a.product_id,
            a.created_at AS assigned_at
           FROM public.assignments a
          WHERE (a.user_id IS NOT NULL)
        UNION ALL
         SELECT t.trainee_id,
            a.product_id,
            GREATEST(a.created_at, t.created_at) AS "greatest"
           FROM (public.assignments a
             JOIN public.manager_assignments t ON ((t.manager_id = a.manager_id)))) e
  GROUP BY user_id, product_id;

COMMENT ON VIEW callx.enrolments IS 'Who is assigned what now, and since when: by themselves, or with a team.';

CREATE VIEW callx.exhausted_quizzes AS
SELECT
    NULL::uuid AS user_id,
    NULL::uuid AS quiz_id,
    NULL::uuid AS lesson_id;

COMMENT ON VIEW callx.exhausted_quizzes IS 'Who has not passed a quiz and cannot: no attempt is left, or only the first one counts.';

CREATE TABLE public.products (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    title text NOT NULL,
    description text,
    is_active boolean DEFAULT true,
    created_by uuid DEFAULT auth.uid(),
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now(),
    archived_at timestamp with time zone,
    certificate_valid_days integer,
    certificate_renewal_days integer DEFAULT 60 NOT NULL,
    certificate_background text,
    status text DEFAULT 'published'::text NOT NULL,
    key text DEFAULT callx.new_key() NOT NULL,
    CONSTRAINT products_certificate_renewal_days_check CHECK (((certificate_renewal_days >= 0) AND (certificate_renewal_days <= 3650))),
    CONSTRAINT products_certificate_valid_days_check CHECK (((certificate_valid_days >= 1) AND (certificate_valid_days <= 36500))),
    CONSTRAINT products_key_check CHECK ((key ~ '^[a-z0-9][a-z0-9_-]{0,79}$'::text)),
    CONSTRAINT products_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text])))
);

ALTER TABLE ONLY public.products FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.products.archived_at IS 'Deleted, but kept for the results that hang on it (0003_4_archive.sql): invisible to everybody but the service.';

COMMENT ON COLUMN public.products.certificate_valid_days IS 'How long a certificate holds; null: for ever.';

COMMENT ON COLUMN public.products.certificate_renewal_days IS 'So many days before a certificate expires it can be renewed: what is passed from then on counts anew.';

COMMENT ON COLUMN public.products.certificate_background IS 'An object in the bucket certificates: the page that certificates are printed on. Written by the server, which looks at a page before it takes it.';

COMMENT ON COLUMN public.products.status IS 'draft: only admins see it. Says the same as is_active; public.publish_content checks before it changes it.';

COMMENT ON COLUMN public.products.key IS 'Names it in course packs: importing a pack again finds it by this.';

CREATE TABLE public.profiles (
    id uuid NOT NULL,
    full_name text NOT NULL,
    email text NOT NULL,
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now(),
    CONSTRAINT profiles_full_name_check CHECK ((char_length(full_name) <= 200))
);

ALTER TABLE ONLY public.profiles FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.profiles IS 'What others may know of a person. All other tables reference people here and not in auth, so that REST can embed them.';

CREATE VIEW callx.exported_assignments WITH (security_barrier='true') AS
 SELECT a.id AS assignment_id,
        CASE
            WHEN (a.user_id IS NULL) THEN 'team'::text
            ELSE 'person'::text
        END AS assigned_to,
    COALESCE(a.user_id, a.manager_id) AS user_id,
        CASE
            WHEN ((a.user_id IS NOT NULL) OR (a.manager_id = ( SELECT auth.uid() AS uid)) OR ( SELECT callx.is_admin() AS is_admin)) THEN COALESCE(u.full_name, m.full_name)
            ELSE NULL::text
        END AS full_name,
    a.product_id,
    p.title AS product_title,
    a.due_at,
    a.created_at AS assigned_at,
        CASE
            WHEN ( SELECT callx.is_admin() AS is_admin) THEN b.full_name
            ELSE NULL::text
        END AS assigned_by
   FROM ((((public.assignments a
     JOIN public.products p ON ((p.id = a.product_id)))
     LEFT JOIN public.profiles u ON ((u.id = a.user_id)))
     LEFT JOIN public.profiles m ON ((m.id = a.manager_id)))
     LEFT JOIN public.profiles b ON ((b.id = a.assigned_by)))
  WHERE (( SELECT callx.is_admin() AS is_admin) OR (a.user_id IN ( SELECT callx.people_in_reports() AS people_in_reports)) OR (a.manager_id =
        CASE
            WHEN ( SELECT callx.is_staff(auth.uid()) AS is_staff) THEN ( SELECT auth.uid() AS uid)
            ELSE NULL::uuid
        END) OR ((NOT ( SELECT callx.is_staff(auth.uid()) AS is_staff)) AND (a.manager_id = ANY (( SELECT callx.my_managers() AS my_managers)::uuid[]))));

COMMENT ON VIEW callx.exported_assignments IS 'Of a team''s assignment user_id is the manager.';

CREATE TABLE public.modules (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    product_id uuid NOT NULL,
    title text NOT NULL,
    description text,
    order_index integer NOT NULL,
    is_prerequisite boolean DEFAULT false,
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now(),
    archived_at timestamp with time zone,
    status text DEFAULT 'published'::text NOT NULL,
    key text DEFAULT callx.new_key() NOT NULL,
    CONSTRAINT modules_key_check CHECK ((key ~ '^[a-z0-9][a-z0-9_-]{0,79}$'::text)),
    CONSTRAINT modules_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text])))
);

ALTER TABLE ONLY public.modules FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.modules.archived_at IS 'As in products.';

COMMENT ON COLUMN public.modules.status IS 'draft: only admins see it and what is in it, and nobody has to complete it. Left by public.publish_content alone.';

COMMENT ON COLUMN public.modules.key IS 'As in products; among the modules of one product.';

CREATE TABLE public.simulation_scenarios (
    simulation_id uuid NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    title text NOT NULL,
    customer_name text NOT NULL,
    customer_card jsonb DEFAULT '{}'::jsonb NOT NULL,
    goals jsonb DEFAULT '[]'::jsonb NOT NULL,
    script jsonb NOT NULL,
    rubric jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.simulation_scenarios FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.simulation_scenarios.customer_card IS 'What the trainee''s screen shows about the customer: {"facts": [{"label", "value"}], "account": ...}.';

COMMENT ON COLUMN public.simulation_scenarios.goals IS 'Sentences of the brief.';

COMMENT ON COLUMN public.simulation_scenarios.script IS 'A voice.scenario.Scenario as JSON; only admins and the service read it.';

COMMENT ON COLUMN public.simulation_scenarios.rubric IS 'What the call is judged by; only admins and the service read it.';

CREATE VIEW callx.exported_attempts WITH (security_barrier='true') AS
 SELECT a.id AS attempt_id,
    a.user_id,
    u.full_name,
    u.email,
    p.id AS product_id,
    p.title AS product_title,
    a.simulation_id,
    COALESCE(sc.title, l.title) AS title,
    a.attempted_at,
    a.mode,
    (round(((a.duration_ms)::numeric / 1000.0)))::integer AS duration_s,
    a.overall_score,
    s.passing_grade,
    a.passed,
    a.script_adherence,
    a.empathy_score,
    a.call_flow_score,
    a.call_id,
    a.reviewed_at,
    a.machine_score,
    a.machine_passed
   FROM ((((((public.simulation_attempts a
     JOIN public.profiles u ON ((u.id = a.user_id)))
     JOIN public.simulations s ON ((s.id = a.simulation_id)))
     JOIN public.lessons l ON ((l.id = s.lesson_id)))
     JOIN public.modules m ON ((m.id = l.module_id)))
     JOIN public.products p ON ((p.id = m.product_id)))
     LEFT JOIN public.simulation_scenarios sc ON ((sc.simulation_id = s.id)))
  WHERE (a.user_id IN ( SELECT callx.people_in_reports() AS people_in_reports));

CREATE TABLE public.certificate_issues (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    certification_id uuid NOT NULL,
    number integer NOT NULL,
    code text NOT NULL,
    holder_name text NOT NULL,
    product_title text NOT NULL,
    issuer text NOT NULL,
    score integer,
    issued_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    object_name text NOT NULL,
    pdf_sha256 text NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by uuid,
    revocation_reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    printed_at timestamp with time zone DEFAULT now() NOT NULL,
    earlier_pdf_sha256 text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT certificate_issues_check CHECK ((expires_at > issued_at)),
    CONSTRAINT certificate_issues_check1 CHECK (((revoked_at IS NULL) = (revocation_reason IS NULL))),
    CONSTRAINT certificate_issues_code_check CHECK ((code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'::text)),
    CONSTRAINT certificate_issues_number_check CHECK ((number > 0)),
    CONSTRAINT certificate_issues_pdf_sha256_check CHECK ((pdf_sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT certificate_issues_score_check CHECK (((score >= 0) AND (score <= 100)))
);

ALTER TABLE ONLY public.certificate_issues FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.certificate_issues IS 'Every certificate that was ever printed, as it was printed: names and titles may change later, this does not.';

COMMENT ON COLUMN public.certificate_issues.number IS '1 for the first, one more for each renewal.';

COMMENT ON COLUMN public.certificate_issues.code IS '80 random bits in Crockford''s base 32.';

COMMENT ON COLUMN public.certificate_issues.object_name IS 'Where its PDF lies in the bucket certificates.';

COMMENT ON COLUMN public.certificate_issues.printed_at IS 'When its PDF was printed; later than issued_at if anew.';

COMMENT ON COLUMN public.certificate_issues.earlier_pdf_sha256 IS 'The sums of the PDFs that were given out for this certificate before it was printed anew, the oldest first.';

CREATE VIEW callx.exported_certificates WITH (security_barrier='true') AS
 SELECT c.user_id,
    u.full_name,
    u.email,
    c.product_id,
    COALESCE(i.product_title, p.title) AS product_title,
    COALESCE(i.number, 1) AS number,
    i.holder_name,
    i.code,
    i.score,
    COALESCE(i.issued_at, c.issued_at) AS issued_at,
    i.expires_at,
    i.revoked_at,
    i.revocation_reason,
        CASE
            WHEN ((i.number < max(i.number) OVER (PARTITION BY c.id)) AND (i.revoked_at IS NULL)) THEN 'renewed'::text
            ELSE callx.certificate_state(i.expires_at, i.revoked_at, p.certificate_renewal_days)
        END AS state
   FROM (((public.certifications c
     JOIN public.profiles u ON ((u.id = c.user_id)))
     JOIN public.products p ON ((p.id = c.product_id)))
     LEFT JOIN public.certificate_issues i ON ((i.certification_id = c.id)))
  WHERE (c.user_id IN ( SELECT callx.people_in_reports() AS people_in_reports));

COMMENT ON VIEW callx.exported_certificates IS 'Every certificate that was ever issued, those that were renewed too.';

CREATE TABLE public.user_roles (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    role public.app_role NOT NULL,
    created_at timestamp with time zone DEFAULT now()
);

ALTER TABLE ONLY public.user_roles FORCE ROW LEVEL SECURITY;

CREATE VIEW callx.exported_people WITH (security_barrier='true') AS
 SELECT p.id AS user_id,
    p.full_name,
    p.email,
    p.created_at AS joined_at,
    u.deactivated_at AS closed_at,
    a.last_activity,
        CASE
            WHEN ( SELECT callx.is_admin() AS is_admin) THEN ( SELECT string_agg((r.role)::text, ', '::text ORDER BY r.role) AS string_agg
               FROM public.user_roles r
              WHERE (r.user_id = p.id))
            ELSE NULL::text
        END AS roles,
        CASE
            WHEN ( SELECT callx.is_admin() AS is_admin) THEN ( SELECT string_agg(m.full_name, ', '::text ORDER BY (lower(m.full_name)), m.id) AS string_agg
               FROM (public.manager_assignments t
                 JOIN public.profiles m ON ((m.id = t.manager_id)))
              WHERE (t.trainee_id = p.id))
            ELSE NULL::text
        END AS managers
   FROM ((public.profiles p
     JOIN auth.users u ON ((u.id = p.id)))
     LEFT JOIN ( SELECT x.user_id,
            max(x.active_at) AS last_activity
           FROM callx.activities x
          GROUP BY x.user_id) a ON ((a.user_id = p.id)))
  WHERE (p.id IN ( SELECT callx.people_in_reports() AS people_in_reports));

COMMENT ON VIEW callx.exported_people IS 'Roles and other managers are for admins alone.';

CREATE VIEW callx.exported_quiz_attempts WITH (security_barrier='true') AS
 SELECT a.id AS attempt_id,
    a.user_id,
    u.full_name,
    u.email,
    p.id AS product_id,
    p.title AS product_title,
    a.quiz_id,
    l.title,
    a.attempted_at,
    a.score,
    q.passing_grade,
    a.passed
   FROM (((((public.quiz_attempts a
     JOIN public.profiles u ON ((u.id = a.user_id)))
     JOIN public.quizzes q ON ((q.id = a.quiz_id)))
     JOIN public.lessons l ON ((l.id = q.lesson_id)))
     JOIN public.modules m ON ((m.id = l.module_id)))
     JOIN public.products p ON ((p.id = m.product_id)))
  WHERE (a.user_id IN ( SELECT callx.people_in_reports() AS people_in_reports));

CREATE TABLE callx.facts (
    id bigint NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    emitted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    followed_at timestamp with time zone,
    CONSTRAINT facts_kind_check CHECK ((kind ~ '^[A-Z][A-Za-z]{0,63}$'::text)),
    CONSTRAINT facts_payload_check CHECK ((jsonb_typeof(payload) = 'object'::text))
);

COMMENT ON TABLE callx.facts IS 'What has happened, written in the transaction that made it happen. followed_at: its subscribers'' jobs are queued.';

ALTER TABLE callx.facts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME callx.facts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW callx.first_certificates AS
SELECT
    NULL::uuid AS user_id,
    NULL::uuid AS product_id,
    NULL::timestamp with time zone AS issued_at;

COMMENT ON VIEW callx.first_certificates IS 'When somebody was first certified, also if it has expired; not if it was revoked.';

CREATE TABLE callx.judgements (
    call_id uuid NOT NULL,
    judgement jsonb NOT NULL
);

ALTER TABLE ONLY callx.judgements FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE callx.judgements IS 'The verdicts that a judge gave, before they became a report: what a person overrules is computed again from them.';

CREATE VIEW callx.lesson_places AS
 SELECT l.id AS lesson_id,
    l.module_id,
    m.product_id,
    ((l.archived_at IS NULL) AND (m.archived_at IS NULL) AND (l.status = 'published'::text) AND (m.status = 'published'::text)) AS counts
   FROM (public.lessons l
     JOIN public.modules m ON ((m.id = l.module_id)));

COMMENT ON VIEW callx.lesson_places IS 'Where each lesson belongs, and whether it counts: the one place that says which lessons a course is completed by.';

CREATE TABLE callx.lesson_texts (
    lesson_id uuid NOT NULL,
    body text NOT NULL,
    language regconfig NOT NULL,
    words tsvector NOT NULL
);

ALTER TABLE ONLY callx.lesson_texts FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE callx.lesson_texts IS 'The text of lessons without its markup.';

CREATE TABLE callx.module_unlocks (
    user_id uuid NOT NULL,
    module_id uuid NOT NULL,
    announced_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY callx.module_unlocks FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE callx.module_unlocks IS 'What was announced, so that it never is again.';

CREATE TABLE callx.page_words (
    object_id uuid NOT NULL,
    number integer NOT NULL,
    language regconfig NOT NULL,
    words tsvector NOT NULL
);

ALTER TABLE ONLY callx.page_words FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE callx.page_words IS 'Beside the pages, because a search that obeyed row security could use no index.';

CREATE UNLOGGED TABLE callx.pending_audit_events (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor_id uuid,
    actor_role text NOT NULL,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    details jsonb NOT NULL,
    request_id text
);

ALTER TABLE callx.pending_audit_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME callx.pending_audit_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE callx.pgqueuer (
    id bigint NOT NULL,
    priority integer NOT NULL,
    queue_manager_id uuid,
    created timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    execute_after timestamp with time zone DEFAULT now() NOT NULL,
    status callx.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL,
    dedupe_key text,
    payload bytea,
    headers jsonb,
    attempts integer DEFAULT 0 NOT NULL,
    slot bigint
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='1000', autovacuum_analyze_scale_factor='0.02', fillfactor='70');

CREATE SEQUENCE callx.pgqueuer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE callx.pgqueuer_id_seq OWNED BY callx.pgqueuer.id;

CREATE TABLE callx.pgqueuer_log (
    id bigint NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    job_id bigint NOT NULL,
    status callx.pgqueuer_status NOT NULL,
    priority integer NOT NULL,
    entrypoint text NOT NULL,
    traceback jsonb,
    aggregated boolean DEFAULT false
);

ALTER TABLE callx.pgqueuer_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME callx.pgqueuer_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE callx.pgqueuer_schedules (
    id bigint NOT NULL,
    expression text NOT NULL,
    entrypoint text NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    next_run timestamp with time zone DEFAULT now() NOT NULL,
    last_run timestamp with time zone,
    status callx.pgqueuer_status DEFAULT 'queued'::callx.pgqueuer_status
);

CREATE SEQUENCE callx.pgqueuer_schedules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE callx.pgqueuer_schedules_id_seq OWNED BY callx.pgqueuer_schedules.id;

CREATE TABLE callx.pgqueuer_statistics (
    id bigint NOT NULL,
    created timestamp with time zone DEFAULT date_trunc('sec'::text, now()) NOT NULL,
    count bigint NOT NULL,
    priority integer NOT NULL,
    status callx.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL
);

CREATE SEQUENCE callx.pgqueuer_statistics_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE callx.pgqueuer_statistics_id_seq OWNED BY callx.pgqueuer_statistics.id;

CREATE UNLOGGED TABLE callx.rate_limits (
    key bytea NOT NULL,
    full_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE callx.rate_limits IS 'Token buckets (core.rate_limits): a bucket is full again at full_at; a row whose time has come may go. Keys are hashes. Unlogged: after a crash of PostgreSQL everybody starts with full buckets.';

CREATE TABLE callx.schema_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE callx.told_comments (
    comment_id uuid NOT NULL,
    user_id uuid NOT NULL,
    notification_id uuid NOT NULL,
    letter_at timestamp with time zone
);

ALTER TABLE ONLY callx.told_comments FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE callx.told_comments IS 'By which notification somebody was told of a comment: comments that come one after the other share one.';

COMMENT ON COLUMN callx.told_comments.letter_at IS 'When it was seen to that a letter goes out, or that none does.';

CREATE VIEW callx.valid_certifications AS
 SELECT user_id,
    product_id,
    issued_at
   FROM public.certifications c
  WHERE ((revoked_at IS NULL) AND ((expires_at IS NULL) OR (expires_at > now())));

COMMENT ON VIEW callx.valid_certifications IS 'Who is certified now: the one place that says which certificates are good.';

CREATE TABLE callx.withdrawn_badges (
    status_number bigint NOT NULL,
    withdrawn_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY callx.withdrawn_badges FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE callx.withdrawn_badges IS 'Badges whose certificate was deleted: nobody can vouch for them any more, so the status lists have them as revoked.';

CREATE TABLE public.awards (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    badge text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    earned_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT awards_badge_check CHECK ((badge ~ '^[a-z_]{1,40}$'::text)),
    CONSTRAINT awards_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['certification'::text, 'simulation_attempt'::text, 'quiz_attempt'::text])))
);

ALTER TABLE ONLY public.awards FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.awards IS 'Badges that people have earned, each once. A job writes them, and nothing takes them back, not even a later review.';

COMMENT ON COLUMN public.awards.badge IS 'Which one: docs/recognition.md.';

COMMENT ON COLUMN public.awards.subject_id IS 'What earned it; that may be gone by now.';

CREATE TABLE public.call_comments (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    call_id uuid NOT NULL,
    user_id uuid NOT NULL,
    author_id uuid DEFAULT auth.uid(),
    author_name text DEFAULT ''::text NOT NULL,
    author_role text DEFAULT 'trainee'::text NOT NULL,
    at_ms integer,
    turn_number integer,
    body text NOT NULL,
    visibility text DEFAULT 'trainee'::text NOT NULL,
    reply_to uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    resolved_at timestamp with time zone,
    resolved_by uuid,
    deleted_at timestamp with time zone,
    CONSTRAINT call_comments_at_ms_check CHECK (((at_ms >= 0) AND (at_ms <= 86400000))),
    CONSTRAINT call_comments_author_role_check CHECK ((author_role = ANY (ARRAY['trainee'::text, 'manager'::text, 'admin'::text]))),
    CONSTRAINT call_comments_body_check CHECK ((char_length(body) <= 4000)),
    CONSTRAINT call_comments_check CHECK (((body = ''::text) = (deleted_at IS NOT NULL))),
    CONSTRAINT call_comments_check1 CHECK (((reply_to IS NULL) OR (resolved_at IS NULL))),
    CONSTRAINT call_comments_turn_number_check CHECK ((turn_number > 0)),
    CONSTRAINT call_comments_visibility_check CHECK ((visibility = ANY (ARRAY['trainee'::text, 'managers'::text])))
);

ALTER TABLE ONLY public.call_comments FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.call_comments IS 'A thread is a comment and its replies. What was deleted stays as an empty place.';

COMMENT ON COLUMN public.call_comments.user_id IS 'Whose call it is.';

COMMENT ON COLUMN public.call_comments.author_name IS 'As it was then; the author''s account may be gone since.';

COMMENT ON COLUMN public.call_comments.at_ms IS 'On the clock of the call and its recording; null: about all of it.';

COMMENT ON COLUMN public.call_comments.visibility IS 'trainee: for whoever may see the call. managers: not for the trainee. Replies have that of their thread.';

CREATE TABLE public.call_gaps (
    call_id uuid NOT NULL,
    line text NOT NULL,
    from_ms integer NOT NULL,
    to_ms integer NOT NULL,
    on_purpose boolean DEFAULT false NOT NULL,
    CONSTRAINT call_gaps_check CHECK ((to_ms >= from_ms)),
    CONSTRAINT call_gaps_from_ms_check CHECK ((from_ms >= 0)),
    CONSTRAINT call_gaps_line_check CHECK ((line = ANY (ARRAY['trainee'::text, 'customer'::text])))
);

ALTER TABLE ONLY public.call_gaps FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.call_gaps.from_ms IS 'On the clock of the call and its recording.';

COMMENT ON COLUMN public.call_gaps.on_purpose IS 'The session of the voice model was renewed while nobody spoke, before its time was over.';

CREATE TABLE public.call_moods (
    call_id uuid NOT NULL,
    at_ms integer NOT NULL,
    mood integer NOT NULL,
    CONSTRAINT call_moods_mood_check CHECK (((mood >= 0) AND (mood <= 100)))
);

ALTER TABLE ONLY public.call_moods FORCE ROW LEVEL SECURITY;

CREATE TABLE public.certificate_badges (
    issue_id uuid NOT NULL,
    status_number bigint NOT NULL,
    credential text NOT NULL,
    printed_at timestamp with time zone NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT certificate_badges_status_number_check CHECK ((status_number >= 0))
);

ALTER TABLE ONLY public.certificate_badges FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.certificate_badges IS 'One Open Badges 3.0 credential for each certificate, as it was signed.';

COMMENT ON COLUMN public.certificate_badges.status_number IS 'Its place in the status lists, which nobody else ever has: a number of callx.badge_numbers.';

COMMENT ON COLUMN public.certificate_badges.credential IS 'A VC-JWT. Whoever has it, has the badge.';

COMMENT ON COLUMN public.certificate_badges.printed_at IS 'The printing of the certificate that it tells of.';

CREATE TABLE public.certificate_reissue_items (
    reissue_id uuid NOT NULL,
    issue_id uuid NOT NULL,
    outcome text,
    problem text,
    settled_at timestamp with time zone,
    CONSTRAINT certificate_reissue_items_check CHECK (((outcome IS NULL) = (settled_at IS NULL))),
    CONSTRAINT certificate_reissue_items_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'skipped'::text, 'failed'::text])))
);

ALTER TABLE ONLY public.certificate_reissue_items FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.certificate_reissue_items IS 'The certificates that a reissue is about; outcome null: still to do.';

CREATE TABLE public.certificate_reissues (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    product_id uuid NOT NULL,
    how text NOT NULL,
    which text NOT NULL,
    reason text NOT NULL,
    asked_by uuid,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    total integer NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    skipped integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT certificate_reissues_how_check CHECK ((how = ANY (ARRAY['reprint'::text, 'reissue'::text]))),
    CONSTRAINT certificate_reissues_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000))),
    CONSTRAINT certificate_reissues_total_check CHECK ((total >= 0)),
    CONSTRAINT certificate_reissues_which_check CHECK ((which = ANY (ARRAY['valid'::text, 'expired'::text, 'all'::text])))
);

ALTER TABLE ONLY public.certificate_reissues FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.certificate_reissues IS 'Work on all certificates of a product, and how far it is.';

COMMENT ON COLUMN public.certificate_reissues.how IS 'reprint: the same certificates, under their codes, on the page, by the name and with the signature of today; reissue: new certificates, with codes, names and titles of today, in the place of those.';

COMMENT ON COLUMN public.certificate_reissues.skipped IS 'Certificates that were revoked, renewed or removed meanwhile.';

CREATE TABLE public.document_pages (
    object_id uuid NOT NULL,
    number integer NOT NULL,
    text text NOT NULL,
    CONSTRAINT document_pages_number_check CHECK ((number > 0))
);

ALTER TABLE ONLY public.document_pages FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.document_pages IS 'The text of pages that have any; visible with their file.';

CREATE TABLE public.documents (
    object_id uuid NOT NULL,
    path text NOT NULL,
    version uuid NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    problem text,
    page_count integer,
    language text,
    read_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT documents_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'read'::text, 'no_text'::text, 'encrypted'::text, 'broken'::text, 'too_large'::text, 'too_slow'::text])))
);

ALTER TABLE ONLY public.documents FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.documents IS 'PDFs in the bucket lesson-attachments, as a job reads them (lms/courses/documents): visible with their file.';

COMMENT ON COLUMN public.documents.path IS 'In the bucket lesson-attachments.';

COMMENT ON COLUMN public.documents.version IS 'The bytes: storage.objects.version. New bytes are read again.';

COMMENT ON COLUMN public.documents.problem IS 'What could not be read, as a sentence for whoever uploaded it.';

COMMENT ON COLUMN public.documents.language IS 'That its text is searched in: a text search configuration.';

CREATE TABLE public.evaluation_versions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    call_id uuid NOT NULL,
    number integer NOT NULL,
    source text NOT NULL,
    judge text,
    model text,
    report jsonb NOT NULL,
    review_id uuid,
    made_at timestamp with time zone NOT NULL,
    replaced_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT evaluation_versions_number_check CHECK ((number > 0)),
    CONSTRAINT evaluation_versions_source_check CHECK ((source = ANY (ARRAY['judge'::text, 'review'::text])))
);

ALTER TABLE ONLY public.evaluation_versions FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.evaluation_versions IS 'Reports that counted once, oldest first: nothing that a judge or a person has said is lost.';

CREATE TABLE public.evaluations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    call_id uuid NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    judge text,
    rubric_hash text,
    report jsonb,
    error text,
    attempt_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    judging_until timestamp with time zone,
    model text,
    prompt_hash text,
    usage jsonb DEFAULT '{}'::jsonb NOT NULL,
    handed_out_at timestamp with time zone,
    marks jsonb GENERATED ALWAYS AS (callx.marks_of(report)) STORED,
    review_id uuid,
    judged_times integer DEFAULT 1 NOT NULL,
    passing_grade integer GENERATED ALWAYS AS (
CASE jsonb_typeof((report -> 'passing_grade'::text))
    WHEN 'number'::text THEN (((report ->> 'passing_grade'::text))::numeric)::integer
    ELSE NULL::integer
END) STORED,
    provisional boolean GENERATED ALWAYS AS (COALESCE((report @> '{"provisional": true}'::jsonb), false)) STORED,
    needs_human boolean GENERATED ALWAYS AS ((COALESCE((report @> '{"needs_human": true}'::jsonb), false) OR
CASE jsonb_typeof(((report -> 'judge'::text) -> 'agreement_with_rules'::text))
    WHEN 'number'::text THEN ((((report -> 'judge'::text) ->> 'agreement_with_rules'::text))::numeric < 0.6)
    ELSE false
END)) STORED,
    CONSTRAINT evaluations_judged_times_check CHECK ((judged_times > 0)),
    CONSTRAINT evaluations_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text, 'not_assessable'::text])))
);

ALTER TABLE ONLY public.evaluations FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.evaluations.judging_until IS 'Until then nobody else begins to judge this call; whoever had begun and is not done by then has died.';

COMMENT ON COLUMN public.evaluations.model IS 'The language model that judged, if one did.';

COMMENT ON COLUMN public.evaluations.prompt_hash IS 'Of the instructions and the schema that the model was given.';

COMMENT ON COLUMN public.evaluations.usage IS 'What the judge spent: tokens, and US dollars where its price is known.';

COMMENT ON COLUMN public.evaluations.handed_out_at IS 'When evaluate-simulation first gave the report to its trainee.';

COMMENT ON COLUMN public.evaluations.marks IS 'Of the report the scores of sections and criteria, without checks, evidence and transcript: [{key, title, score, criteria: [{key, title, verdict, score}]}].';

COMMENT ON COLUMN public.evaluations.review_id IS 'The review that counts; null: nobody has looked, the judge''s word counts.';

COMMENT ON COLUMN public.evaluations.judged_times IS 'How often a judge was asked: what rules judged alone is judged again.';

COMMENT ON COLUMN public.evaluations.needs_human IS 'The judge asks for somebody to look, or judge and rules are far apart.';

CREATE TABLE public.lesson_attachments (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    lesson_id uuid NOT NULL,
    file_name text NOT NULL,
    file_path text NOT NULL,
    file_size bigint,
    created_at timestamp with time zone DEFAULT now(),
    kind text DEFAULT 'file'::text NOT NULL,
    language text,
    label text,
    CONSTRAINT lesson_attachments_captions_check CHECK (((kind <> 'captions'::text) OR (language IS NOT NULL))),
    CONSTRAINT lesson_attachments_kind_check CHECK ((kind = ANY (ARRAY['file'::text, 'captions'::text]))),
    CONSTRAINT lesson_attachments_label_check CHECK (((char_length(label) >= 1) AND (char_length(label) <= 60))),
    CONSTRAINT lesson_attachments_language_check CHECK ((language ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$'::text))
);

ALTER TABLE ONLY public.lesson_attachments FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.lesson_attachments.file_path IS 'A path in the bucket lesson-attachments.';

COMMENT ON COLUMN public.lesson_attachments.kind IS 'captions: WebVTT that the player shows with the lesson''s video; file: to be downloaded.';

COMMENT ON COLUMN public.lesson_attachments.language IS 'Of captions, as BCP 47 writes it.';

COMMENT ON COLUMN public.lesson_attachments.label IS 'What captions are called in the player''s menu, if not by language.';

CREATE TABLE public.lesson_videos (
    lesson_id uuid NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    version uuid,
    duration_ms integer,
    width integer,
    height integer,
    problem text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lesson_videos_check CHECK (((state <> 'ready'::text) OR ((duration_ms IS NOT NULL) AND (version IS NOT NULL)))),
    CONSTRAINT lesson_videos_duration_ms_check CHECK ((duration_ms > 0)),
    CONSTRAINT lesson_videos_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'ready'::text, 'missing'::text, 'unreadable'::text])))
);

ALTER TABLE ONLY public.lesson_videos FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.lesson_videos IS 'What is known of the file that lessons.video_url names; there is no row for an address elsewhere in the web.';

COMMENT ON COLUMN public.lesson_videos.version IS 'The bytes that were read: storage.objects.version.';

COMMENT ON COLUMN public.lesson_videos.problem IS 'Why it cannot be read, as a sentence for whoever uploaded it.';

CREATE VIEW public.letters AS
 SELECT id,
    kind,
    recipient,
    user_id,
    requested_by,
        CASE outcome
            WHEN 'sent'::text THEN 'sent'::text
            WHEN 'not_needed'::text THEN 'not_needed'::text
            WHEN 'refused'::text THEN 'failed'::text
            WHEN 'too_late'::text THEN 'failed'::text
            ELSE 'queued'::text
        END AS state,
    failure AS reason,
    attempts,
    handed_over_as AS message_id,
    created_at,
    settled_at
   FROM auth.letters l;

COMMENT ON VIEW public.letters IS 'For admins: the letters of the last days and what became of them. Says nothing of what stood in them, no link least.';

CREATE TABLE public.model_usage (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid,
    call_id uuid,
    purpose text NOT NULL,
    model text NOT NULL,
    input_tokens integer NOT NULL,
    cached_tokens integer NOT NULL,
    output_tokens integer NOT NULL,
    cost_usd numeric(14,8),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT model_usage_cached_tokens_check CHECK ((cached_tokens >= 0)),
    CONSTRAINT model_usage_cost_usd_check CHECK ((cost_usd >= (0)::numeric)),
    CONSTRAINT model_usage_input_tokens_check CHECK ((input_tokens >= 0)),
    CONSTRAINT model_usage_output_tokens_check CHECK ((output_tokens >= 0)),
    CONSTRAINT model_usage_purpose_check CHECK ((purpose = ANY (ARRAY['customer'::text, 'judge'::text])))
);

ALTER TABLE ONLY public.model_usage FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.model_usage IS 'What language models that answer in writing have cost, request by request; limits of a person are counted here.';

COMMENT ON COLUMN public.model_usage.cost_usd IS 'Null for a model whose price is not set.';

CREATE VIEW public.module_locks WITH (security_invoker='true') AS
 SELECT module_id,
    product_id,
    order_index,
    is_locked,
    total_lessons,
    completed_lessons
   FROM callx.my_module_states() s(module_id, product_id, order_index, total_lessons, completed_lessons, is_locked);

COMMENT ON VIEW public.module_locks IS 'For the lock icon: the caller''s own state in each visible module, counting lessons that a lock hides.
@primaryKey module_id
@foreignKey (module_id) references modules (id)
@foreignKey (product_id) references products (id)';

CREATE TABLE public.notification_preferences (
    user_id uuid DEFAULT auth.uid() NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    enabled boolean NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT notification_preferences_channel_check CHECK ((channel = ANY (ARRAY['in_app'::text, 'email'::text]))),
    CONSTRAINT notification_preferences_kind_check CHECK ((kind = ANY (ARRAY['all'::text, 'welcome'::text, 'assigned'::text, 'due_soon'::text, 'overdue'::text, 'unlocked'::text, 'report_ready'::text, 'comment'::text, 'review_requested'::text, 'review_result'::text, 'certified'::text, 'expiring'::text, 'expired'::text, 'weekly_digest'::text, 'monthly_digest'::text])))
);

ALTER TABLE ONLY public.notification_preferences FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.notification_preferences IS 'What somebody wants to be told, and how. Without a row of the kind that of kind all holds; without both, everything.';

CREATE TABLE public.notifications (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    occasion text DEFAULT ''::text NOT NULL,
    title text NOT NULL,
    body text DEFAULT ''::text NOT NULL,
    path text DEFAULT ''::text NOT NULL,
    in_app boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    read_at timestamp with time zone,
    CONSTRAINT notifications_kind_check CHECK ((kind ~ '^[a-z_]{1,40}$'::text)),
    CONSTRAINT notifications_occasion_check CHECK ((char_length(occasion) <= 100)),
    CONSTRAINT notifications_path_check CHECK (((path = ''::text) OR (path ~ '^/'::text)))
);

ALTER TABLE ONLY public.notifications FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.notifications IS 'One row for everything that somebody was told, by whatever channel: so nothing is told twice.';

COMMENT ON COLUMN public.notifications.subject_id IS 'The row that it is about: an assignment, a module, an attempt, a certification; of a digest the person.';

COMMENT ON COLUMN public.notifications.occasion IS 'What tells two notifications about one subject apart: a due date, a week. Else empty.';

COMMENT ON COLUMN public.notifications.title IS 'In the language of the person, as it was then.';

COMMENT ON COLUMN public.notifications.path IS 'Where in the application it leads.';

COMMENT ON COLUMN public.notifications.in_app IS 'False: the person did not want to see it on the screen.';

CREATE TABLE public.personal_settings (
    user_id uuid DEFAULT auth.uid() NOT NULL,
    language text,
    time_zone text,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    off_leaderboards boolean DEFAULT false NOT NULL,
    CONSTRAINT personal_settings_language_check CHECK ((language = ANY (ARRAY['en'::text, 'es'::text, 'fr'::text, 'de'::text, 'ar'::text]))),
    CONSTRAINT personal_settings_time_zone_check CHECK (callx.is_time_zone(time_zone))
);

ALTER TABLE ONLY public.personal_settings FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.personal_settings IS 'What people choose for themselves; without a row the site''s settings hold.';

COMMENT ON COLUMN public.personal_settings.off_leaderboards IS 'Teammates see neither this person''s place nor their badges.';

CREATE TABLE public.quiz_allowances (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    quiz_id uuid,
    time_factor numeric(4,2) DEFAULT 1 NOT NULL,
    is_untimed boolean DEFAULT false NOT NULL,
    extra_attempts integer DEFAULT 0 NOT NULL,
    granted_by uuid DEFAULT auth.uid(),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT quiz_allowances_extra_attempts_check CHECK (((extra_attempts >= 0) AND (extra_attempts <= 100))),
    CONSTRAINT quiz_allowances_time_factor_check CHECK (((time_factor >= (1)::numeric) AND (time_factor <= (10)::numeric)))
);

ALTER TABLE ONLY public.quiz_allowances FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.quiz_allowances IS 'More time and more attempts for somebody, granted by admins and their managers.';

COMMENT ON COLUMN public.quiz_allowances.quiz_id IS 'Null: in all quizzes. Of time the one for the quiz goes before it.';

COMMENT ON COLUMN public.quiz_allowances.is_untimed IS 'No time limit at all.';

CREATE TABLE public.quiz_answers (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    question_id uuid NOT NULL,
    answer_text text NOT NULL,
    is_correct boolean DEFAULT false NOT NULL,
    order_index integer NOT NULL,
    created_at timestamp with time zone DEFAULT now(),
    explanation text
);

ALTER TABLE ONLY public.quiz_answers FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.quiz_answers.order_index IS 'Where it is shown. Of a question of the type ordering it is the right place, so people do not see those rows: public.start_quiz shows them the items, shuffled.';

COMMENT ON COLUMN public.quiz_answers.explanation IS 'Shown by public.quiz_review when the policy allows it.';

CREATE TABLE public.quiz_questions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    quiz_id uuid NOT NULL,
    question_text text NOT NULL,
    question_type public.question_type NOT NULL,
    order_index integer NOT NULL,
    created_at timestamp with time zone DEFAULT now(),
    points integer DEFAULT 1 NOT NULL,
    partial_credit boolean DEFAULT false NOT NULL,
    match_case boolean DEFAULT false NOT NULL,
    match_accents boolean DEFAULT false NOT NULL,
    match_spaces boolean DEFAULT false NOT NULL,
    accepted_texts text[] DEFAULT '{}'::text[] NOT NULL,
    numeric_value numeric,
    numeric_tolerance numeric DEFAULT 0 NOT NULL,
    explanation text,
    CONSTRAINT quiz_questions_accepted_texts_check CHECK ((cardinality(accepted_texts) <= 100)),
    CONSTRAINT quiz_questions_numeric_tolerance_check CHECK (((numeric_tolerance >= (0)::numeric) AND (numeric_tolerance < 'Infinity'::numeric))),
    CONSTRAINT quiz_questions_numeric_value_check CHECK (((numeric_value > '-Infinity'::numeric) AND (numeric_value < 'Infinity'::numeric))),
    CONSTRAINT quiz_questions_points_check CHECK (((points >= 1) AND (points <= 100)))
);

ALTER TABLE ONLY public.quiz_questions FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.quiz_questions.points IS 'What a right answer weighs.';

COMMENT ON COLUMN public.quiz_questions.partial_credit IS 'multi_select: each right option earns its share, each wrong one takes one away, never below nothing. ordering: each item in its place earns its share. Without it all must be right.';

COMMENT ON COLUMN public.quiz_questions.match_case IS 'short_text: capitals count.';

COMMENT ON COLUMN public.quiz_questions.match_accents IS 'short_text: accents count.';

COMMENT ON COLUMN public.quiz_questions.match_spaces IS 'short_text: spaces count.';

COMMENT ON COLUMN public.quiz_questions.accepted_texts IS 'short_text: what is right; only admins and the service read it.';

COMMENT ON COLUMN public.quiz_questions.numeric_value IS 'numeric: what is right; only admins and the service read it.';

COMMENT ON COLUMN public.quiz_questions.numeric_tolerance IS 'numeric: how far off is right as well; only admins and the service read it.';

COMMENT ON COLUMN public.quiz_questions.explanation IS 'Shown by public.quiz_review when the policy allows it.';

CREATE TABLE public.recordings (
    call_id uuid NOT NULL,
    state text DEFAULT 'recording'::text NOT NULL,
    object_key text,
    duration_ms integer,
    size_bytes bigint,
    journal text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    kept_at uuid,
    left_for_keeper boolean DEFAULT false NOT NULL,
    failure text,
    sha256 text,
    CONSTRAINT recordings_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT recordings_state_check CHECK ((state = ANY (ARRAY['recording'::text, 'encoding'::text, 'ready'::text, 'failed'::text])))
);

ALTER TABLE ONLY public.recordings FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.recordings.journal IS 'Where the server writes the audio while the call runs.';

COMMENT ON COLUMN public.recordings.kept_at IS 'The data directory in which the journal lies; only a process that has this directory can make the recording.';

COMMENT ON COLUMN public.recordings.left_for_keeper IS 'A process that does not have the journal was asked to make the recording: who has it need not wait any longer.';

COMMENT ON COLUMN public.recordings.failure IS 'Why there is no recording: journal_missing, journal_broken, keeper_gone.';

COMMENT ON COLUMN public.recordings.sha256 IS 'Of the file in the store, in hexadecimal digits.';

CREATE TABLE public.report_subscriptions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid DEFAULT auth.uid() NOT NULL,
    every text NOT NULL,
    manager_id uuid,
    language text,
    time_zone text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT report_subscriptions_every_check CHECK ((every = ANY (ARRAY['week'::text, 'month'::text]))),
    CONSTRAINT report_subscriptions_language_check CHECK ((language = ANY (ARRAY['en'::text, 'es'::text, 'fr'::text, 'de'::text, 'ar'::text]))),
    CONSTRAINT report_subscriptions_time_zone_check CHECK (callx.is_time_zone(time_zone))
);

ALTER TABLE ONLY public.report_subscriptions FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.report_subscriptions IS 'Whom a team''s numbers are sent to, and how often. Managers without a row get their own team''s every week.';

COMMENT ON COLUMN public.report_subscriptions.manager_id IS 'Whose team, for admins. Null: one''s own team; of an admin everybody.';

COMMENT ON COLUMN public.report_subscriptions.language IS 'Null: that of the person.';

CREATE TABLE public.review_claims (
    call_id uuid NOT NULL,
    user_id uuid NOT NULL,
    claimed_by uuid NOT NULL,
    claimed_by_name text NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.review_claims FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.review_claims IS 'Who looks at a call, so that nobody does it twice; a claim takes no right from others.';

COMMENT ON COLUMN public.review_claims.user_id IS 'Whose call it is.';

CREATE TABLE public.review_requests (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    call_id uuid NOT NULL,
    user_id uuid DEFAULT auth.uid() NOT NULL,
    reason text NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    review_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    answered_at timestamp with time zone,
    CONSTRAINT review_requests_check CHECK (((state = 'answered'::text) = (answered_at IS NOT NULL))),
    CONSTRAINT review_requests_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT review_requests_state_check CHECK ((state = ANY (ARRAY['open'::text, 'answered'::text])))
);

ALTER TABLE ONLY public.review_requests FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.review_requests IS 'A trainee disagrees with the report on a call: once for each call, with a reason; a published review answers.';

CREATE TABLE public.reviews (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    call_id uuid NOT NULL,
    user_id uuid NOT NULL,
    reviewer_id uuid,
    reviewer_name text NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    decision text,
    reason text DEFAULT ''::text NOT NULL,
    overrides jsonb DEFAULT '[]'::jsonb NOT NULL,
    settles boolean DEFAULT true NOT NULL,
    based_on uuid,
    result jsonb,
    certificate_stands boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    published_at timestamp with time zone,
    CONSTRAINT reviews_check CHECK (((state = 'published'::text) = (published_at IS NOT NULL))),
    CONSTRAINT reviews_check1 CHECK (((state = 'draft'::text) OR ((reason <> ''::text) AND (decision IS NOT NULL) AND (result IS NOT NULL)))),
    CONSTRAINT reviews_decision_check CHECK ((decision = ANY (ARRAY['confirmed'::text, 'changed'::text]))),
    CONSTRAINT reviews_overrides_check CHECK ((jsonb_typeof(overrides) = 'array'::text)),
    CONSTRAINT reviews_reason_check CHECK ((char_length(reason) <= 2000)),
    CONSTRAINT reviews_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text])))
);

ALTER TABLE ONLY public.reviews FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.reviews IS 'Written by the function review-call alone. The newest published one of a call counts; drafts are their author''s.';

COMMENT ON COLUMN public.reviews.user_id IS 'Whose call it is.';

COMMENT ON COLUMN public.reviews.overrides IS 'An array of {criterion, check, verdict, reason}; `check` is null for outcomes and measures.';

COMMENT ON COLUMN public.reviews.settles IS 'Whether a provisional result becomes a result.';

COMMENT ON COLUMN public.reviews.based_on IS 'The review that counted when this one was begun; null: the judge''s word.';

COMMENT ON COLUMN public.reviews.result IS 'When it was published: {machine, before, after}, each {overall_score, passed, provisional, script_adherence, empathy_score, call_flow_score}.';

COMMENT ON COLUMN public.reviews.certificate_stands IS 'The call is not passed any more, and the certificate it helped to earn was not taken back: that is for admins.';

CREATE TABLE public.site_settings (
    id boolean DEFAULT true NOT NULL,
    open_enrolment boolean DEFAULT true NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    language text DEFAULT 'en'::text NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    review_sample_percent integer DEFAULT 5 NOT NULL,
    recognition boolean DEFAULT false NOT NULL,
    CONSTRAINT site_settings_id_check CHECK (id),
    CONSTRAINT site_settings_language_check CHECK ((language = ANY (ARRAY['en'::text, 'es'::text, 'fr'::text, 'de'::text, 'ar'::text]))),
    CONSTRAINT site_settings_review_sample_percent_check CHECK (((review_sample_percent >= 0) AND (review_sample_percent <= 100))),
    CONSTRAINT site_settings_time_zone_check CHECK (callx.is_time_zone(time_zone))
);

ALTER TABLE ONLY public.site_settings FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.site_settings IS 'One row: what admins decide about the whole site.';

COMMENT ON COLUMN public.site_settings.open_enrolment IS 'Every active product is open to everybody. When false, a trainee sees what was assigned, completed or certified.';

COMMENT ON COLUMN public.site_settings.language IS 'Of letters to people who have chosen none.';

COMMENT ON COLUMN public.site_settings.time_zone IS 'In which times are told to people who have chosen none.';

COMMENT ON COLUMN public.site_settings.review_sample_percent IS 'So many calls of a hundred come into the review queue by chance.';

COMMENT ON COLUMN public.site_settings.recognition IS 'Managers may turn recognition on for their teams.';

CREATE VIEW public.review_queue WITH (security_invoker='true') AS
 SELECT c.id AS call_id,
    e.attempt_id,
    c.user_id,
    p.full_name,
    c.simulation_id,
    COALESCE(sc.title, l.title, (e.report ->> 'title'::text)) AS title,
    c.mode,
    c.ended_at,
    a.overall_score,
    e.passing_grade,
    a.passed,
    e.provisional,
    e.needs_human,
    array_remove(ARRAY[
        CASE
            WHEN (q.state = 'open'::text) THEN 'dispute'::text
            ELSE NULL::text
        END,
        CASE
            WHEN ((e.review_id IS NULL) AND e.needs_human) THEN 'needs_human'::text
            ELSE NULL::text
        END,
        CASE
            WHEN ((e.review_id IS NULL) AND e.provisional) THEN 'provisional'::text
            ELSE NULL::text
        END,
        CASE
            WHEN ((e.review_id IS NULL) AND (abs((a.overall_score - e.passing_grade)) <= 5)) THEN 'near_pass_mark'::text
            ELSE NULL::text
        END,
        CASE
            WHEN ((e.review_id IS NULL) AND callx.is_sampled(c.id, s.review_sample_percent)) THEN 'sample'::text
            ELSE NULL::text
        END], NULL::text) AS reasons,
        CASE
            WHEN (q.state = 'open'::text) THEN 1
            WHEN e.needs_human THEN 2
            WHEN e.provisional THEN 3
            WHEN (abs((a.overall_score - e.passing_grade)) <= 5) THEN 4
            ELSE 5
        END AS priority,
    w.waiting_since,
    (w.waiting_since +
        CASE
            WHEN (q.state = 'open'::text) THEN '3 days'::interval
            ELSE '7 days'::interval
        END) AS due_at,
    q.id AS request_id,
    q.reason AS request_reason,
    k.claimed_by,
    k.claimed_by_name,
    k.claimed_at,
    ( SELECT r.id
           FROM public.reviews r
          WHERE ((r.call_id = c.id) AND (r.state = 'draft'::text) AND (r.reviewer_id = ( SELECT auth.uid() AS uid)))) AS draft_id
   FROM ((((((((((public.evaluations e
     JOIN public.calls c ON ((c.id = e.call_id)))
     JOIN public.simulation_attempts a ON ((a.id = e.attempt_id)))
     JOIN public.profiles p ON ((p.id = c.user_id)))
     CROSS JOIN public.site_settings s)
     LEFT JOIN public.review_requests q ON (((q.call_id = c.id) AND (q.state = 'open'::text))))
     LEFT JOIN public.review_claims k ON ((k.call_id = c.id)))
     LEFT JOIN public.simulation_scenarios sc ON ((sc.simulation_id = c.simulation_id)))
     LEFT JOIN public.simulations m ON ((m.id = c.simulation_id)))
     LEFT JOIN public.lessons l ON ((l.id = m.lesson_id)))
     CROSS JOIN LATERAL ( SELECT COALESCE(q.created_at, e.finished_at) AS waiting_since) w)
  WHERE ((e.state = 'done'::text) AND (c.user_id IS DISTINCT FROM ( SELECT auth.uid() AS uid)) AND ((q.state = 'open'::text) OR ((e.review_id IS NULL) AND (e.finished_at > (now() - '60 days'::interval)) AND (e.needs_human OR e.provisional OR (abs((a.overall_score - e.passing_grade)) <= 5) OR callx.is_sampled(c.id, s.review_sample_percent)))));

COMMENT ON VIEW public.review_queue IS 'For managers and admins: calls that somebody should look at, and why. What was reviewed is not in it, unless its trainee has asked since.
@primaryKey call_id
@foreignKey (call_id) references calls (id)
@foreignKey (user_id) references profiles (id)
@foreignKey (simulation_id) references simulations (id)
@foreignKey (attempt_id) references simulation_attempts (id)';

CREATE TABLE public.team_settings (
    manager_id uuid DEFAULT auth.uid() NOT NULL,
    recognition boolean DEFAULT false NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.team_settings FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.team_settings IS 'What is decided about one manager''s team; without a row the defaults hold.';

CREATE TABLE public.unverified_evaluations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    simulation_id uuid NOT NULL,
    transcript_hash text NOT NULL,
    transcript jsonb NOT NULL,
    report jsonb NOT NULL,
    judge text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.unverified_evaluations FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.unverified_evaluations IS 'Reports about conversations that clients sent and this server never heard. They prove nothing: they are no attempts, and complete nothing.';

CREATE TABLE public.video_watching (
    user_id uuid NOT NULL,
    lesson_id uuid NOT NULL,
    watched int4multirange DEFAULT '{}'::int4multirange NOT NULL,
    watched_ms integer DEFAULT 0 NOT NULL,
    position_ms integer DEFAULT 0 NOT NULL,
    version uuid,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.video_watching FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.video_watching IS 'Which parts of a lesson''s video somebody has watched; written by watch_lesson.';

COMMENT ON COLUMN public.video_watching.watched IS 'Milliseconds of the video, without overlaps.';

COMMENT ON COLUMN public.video_watching.position_ms IS 'Where to go on.';

COMMENT ON COLUMN public.video_watching.version IS 'The bytes that were watched: of another video nothing was.';

COMMENT ON COLUMN public.video_watching.started_at IS 'When it was first opened. Nobody has watched more than fits in since.';

CREATE TABLE storage.buckets (
    id text NOT NULL,
    name text NOT NULL,
    public boolean DEFAULT false NOT NULL,
    file_size_limit bigint,
    allowed_mime_types text[],
    owner uuid DEFAULT auth.uid(),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT buckets_file_size_limit_check CHECK ((file_size_limit > 0)),
    CONSTRAINT buckets_id_check CHECK (((char_length(id) >= 1) AND (char_length(id) <= 100)))
);

ALTER TABLE ONLY storage.buckets FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN storage.buckets.public IS 'Anybody who knows an object''s name may read it, also without signing in.';

COMMENT ON COLUMN storage.buckets.file_size_limit IS 'In bytes; null for no limit but the server''s.';

COMMENT ON COLUMN storage.buckets.allowed_mime_types IS 'For example {video/*, application/pdf}; null for every type.';

CREATE TABLE storage.objects (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    bucket_id text NOT NULL,
    name text NOT NULL,
    owner_id uuid DEFAULT auth.uid(),
    version uuid DEFAULT gen_random_uuid() NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    user_metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    last_accessed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT objects_name_check CHECK (((octet_length(name) >= 1) AND (octet_length(name) <= 1024)))
);

ALTER TABLE ONLY storage.objects FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN storage.objects.version IS 'The bytes: a new version when an object is replaced, never two rows with one.';

COMMENT ON COLUMN storage.objects.metadata IS '{size, mimetype, eTag, cacheControl, lastModified, contentLength, httpStatusCode}, written by the server.';

COMMENT ON COLUMN storage.objects.user_metadata IS 'Written by whoever uploads: never read to decide anything.';

CREATE TABLE storage.resumable_uploads (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    bucket_id text NOT NULL,
    name text NOT NULL,
    owner_id uuid DEFAULT auth.uid(),
    length bigint NOT NULL,
    received bigint DEFAULT 0 NOT NULL,
    content_type text NOT NULL,
    cache_control text NOT NULL,
    user_metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    upsert boolean NOT NULL,
    finisher uuid,
    finisher_until timestamp with time zone,
    finished_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT resumable_uploads_check CHECK (((received >= 0) AND (received <= length))),
    CONSTRAINT resumable_uploads_length_check CHECK ((length >= 0)),
    CONSTRAINT resumable_uploads_name_check CHECK (((octet_length(name) >= 1) AND (octet_length(name) <= 1024)))
);

ALTER TABLE ONLY storage.resumable_uploads FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN storage.resumable_uploads.received IS 'How many bytes are safe: the sum of the parts.';

COMMENT ON COLUMN storage.resumable_uploads.finisher IS 'Who puts the parts together, for as long as nobody else may begin to. It says nothing about who is allowed to.';

COMMENT ON COLUMN storage.resumable_uploads.finished_at IS 'Set in the transaction that wrote the object''s row.';

CREATE TABLE storage.upload_parts (
    upload_id uuid NOT NULL,
    start bigint NOT NULL,
    size_bytes bigint NOT NULL,
    version uuid NOT NULL,
    CONSTRAINT upload_parts_size_bytes_check CHECK ((size_bytes > 0)),
    CONSTRAINT upload_parts_start_check CHECK ((start >= 0))
);

ALTER TABLE ONLY storage.upload_parts FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE storage.upload_parts IS 'Without gaps: the next part starts where the last one ends.';

ALTER TABLE ONLY callx.pgqueuer ALTER COLUMN id SET DEFAULT nextval('callx.pgqueuer_id_seq'::regclass);

ALTER TABLE ONLY callx.pgqueuer_schedules ALTER COLUMN id SET DEFAULT nextval('callx.pgqueuer_schedules_id_seq'::regclass);

ALTER TABLE ONLY callx.pgqueuer_statistics ALTER COLUMN id SET DEFAULT nextval('callx.pgqueuer_statistics_id_seq'::regclass);

ALTER TABLE ONLY auth.email_changes
    ADD CONSTRAINT email_changes_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY auth.letters
    ADD CONSTRAINT letters_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.logins
    ADD CONSTRAINT logins_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.one_time_tokens
    ADD CONSTRAINT one_time_tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.one_time_tokens
    ADD CONSTRAINT one_time_tokens_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY auth.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.refresh_tokens
    ADD CONSTRAINT refresh_tokens_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY auth.users
    ADD CONSTRAINT users_email_key UNIQUE (email);

ALTER TABLE ONLY auth.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY callx.badge_keys
    ADD CONSTRAINT badge_keys_pkey PRIMARY KEY (thumbprint);

ALTER TABLE ONLY callx.facts
    ADD CONSTRAINT facts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY callx.judgements
    ADD CONSTRAINT judgements_pkey PRIMARY KEY (call_id);

ALTER TABLE ONLY callx.lesson_texts
    ADD CONSTRAINT lesson_texts_pkey PRIMARY KEY (lesson_id);

ALTER TABLE ONLY callx.module_unlocks
    ADD CONSTRAINT module_unlocks_pkey PRIMARY KEY (user_id, module_id);

ALTER TABLE ONLY callx.page_words
    ADD CONSTRAINT page_words_pkey PRIMARY KEY (object_id, number);

ALTER TABLE ONLY callx.pending_audit_events
    ADD CONSTRAINT pending_audit_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY callx.pgqueuer_log
    ADD CONSTRAINT pgqueuer_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY callx.pgqueuer
    ADD CONSTRAINT pgqueuer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY callx.pgqueuer_schedules
    ADD CONSTRAINT pgqueuer_schedules_expression_entrypoint_key UNIQUE (expression, entrypoint);

ALTER TABLE ONLY callx.pgqueuer_schedules
    ADD CONSTRAINT pgqueuer_schedules_pkey PRIMARY KEY (id);

ALTER TABLE ONLY callx.pgqueuer_statistics
    ADD CONSTRAINT pgqueuer_statistics_pkey PRIMARY KEY (id);

ALTER TABLE ONLY callx.quiz_sittings
    ADD CONSTRAINT quiz_sittings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY callx.rate_limits
    ADD CONSTRAINT rate_limits_pkey PRIMARY KEY (key);

ALTER TABLE ONLY callx.schema_version
    ADD CONSTRAINT schema_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY callx.told_comments
    ADD CONSTRAINT told_comments_pkey PRIMARY KEY (comment_id, user_id);

ALTER TABLE ONLY callx.withdrawn_badges
    ADD CONSTRAINT withdrawn_badges_pkey PRIMARY KEY (status_number);

ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_product_id_manager_id_key UNIQUE (product_id, manager_id);

ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_product_id_user_id_key UNIQUE (product_id, user_id);

ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.awards
    ADD CONSTRAINT awards_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.awards
    ADD CONSTRAINT awards_user_id_badge_key UNIQUE (user_id, badge);

ALTER TABLE ONLY public.call_comments
    ADD CONSTRAINT call_comments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.call_events
    ADD CONSTRAINT call_events_pkey PRIMARY KEY (call_id, number);

ALTER TABLE ONLY public.call_gaps
    ADD CONSTRAINT call_gaps_pkey PRIMARY KEY (call_id, line, from_ms);

ALTER TABLE ONLY public.call_moods
    ADD CONSTRAINT call_moods_pkey PRIMARY KEY (call_id, at_ms);

ALTER TABLE ONLY public.call_turns
    ADD CONSTRAINT call_turns_call_id_number_key UNIQUE (call_id, number);

ALTER TABLE ONLY public.call_turns
    ADD CONSTRAINT call_turns_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificate_badges
    ADD CONSTRAINT certificate_badges_pkey PRIMARY KEY (issue_id);

ALTER TABLE ONLY public.certificate_badges
    ADD CONSTRAINT certificate_badges_status_number_key UNIQUE (status_number);

ALTER TABLE ONLY public.certificate_issues
    ADD CONSTRAINT certificate_issues_certification_id_number_key UNIQUE (certification_id, number);

ALTER TABLE ONLY public.certificate_issues
    ADD CONSTRAINT certificate_issues_code_key UNIQUE (code);

ALTER TABLE ONLY public.certificate_issues
    ADD CONSTRAINT certificate_issues_object_name_key UNIQUE (object_name);

ALTER TABLE ONLY public.certificate_issues
    ADD CONSTRAINT certificate_issues_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificate_reissue_items
    ADD CONSTRAINT certificate_reissue_items_pkey PRIMARY KEY (reissue_id, issue_id);

ALTER TABLE ONLY public.certificate_reissues
    ADD CONSTRAINT certificate_reissues_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certifications
    ADD CONSTRAINT certifications_code_key UNIQUE (code);

ALTER TABLE ONLY public.certifications
    ADD CONSTRAINT certifications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certifications
    ADD CONSTRAINT certifications_user_id_product_id_key UNIQUE (user_id, product_id);

ALTER TABLE ONLY public.document_pages
    ADD CONSTRAINT document_pages_pkey PRIMARY KEY (object_id, number);

ALTER TABLE ONLY public.documents
    ADD CONSTRAINT documents_pkey PRIMARY KEY (object_id);

ALTER TABLE ONLY public.evaluation_versions
    ADD CONSTRAINT evaluation_versions_call_id_number_key UNIQUE (call_id, number);

ALTER TABLE ONLY public.evaluation_versions
    ADD CONSTRAINT evaluation_versions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_call_id_key UNIQUE (call_id);

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lesson_attachments
    ADD CONSTRAINT lesson_attachments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lesson_completions
    ADD CONSTRAINT lesson_completions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lesson_completions
    ADD CONSTRAINT lesson_completions_user_id_lesson_id_key UNIQUE (user_id, lesson_id) INCLUDE (completed_at);

ALTER TABLE ONLY public.lesson_videos
    ADD CONSTRAINT lesson_videos_pkey PRIMARY KEY (lesson_id);

ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT lessons_module_id_order_index_key UNIQUE (module_id, order_index);

ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT lessons_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.manager_assignments
    ADD CONSTRAINT manager_assignments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.manager_assignments
    ADD CONSTRAINT manager_assignments_trainee_id_manager_id_key UNIQUE (trainee_id, manager_id);

ALTER TABLE ONLY public.model_usage
    ADD CONSTRAINT model_usage_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.modules
    ADD CONSTRAINT modules_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.modules
    ADD CONSTRAINT modules_product_id_order_index_key UNIQUE (product_id, order_index);

ALTER TABLE ONLY public.notification_preferences
    ADD CONSTRAINT notification_preferences_pkey PRIMARY KEY (user_id, kind, channel);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_user_id_kind_subject_id_occasion_key UNIQUE (user_id, kind, subject_id, occasion);

ALTER TABLE ONLY public.personal_settings
    ADD CONSTRAINT personal_settings_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.profiles
    ADD CONSTRAINT profiles_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.quiz_allowances
    ADD CONSTRAINT quiz_allowances_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.quiz_allowances
    ADD CONSTRAINT quiz_allowances_user_id_quiz_id_key UNIQUE NULLS NOT DISTINCT (user_id, quiz_id);

ALTER TABLE ONLY public.quiz_answers
    ADD CONSTRAINT quiz_answers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.quiz_attempts
    ADD CONSTRAINT quiz_attempts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.quiz_attempts
    ADD CONSTRAINT quiz_attempts_sitting_id_key UNIQUE (sitting_id);

ALTER TABLE ONLY public.quiz_questions
    ADD CONSTRAINT quiz_questions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.quiz_questions
    ADD CONSTRAINT quiz_questions_quiz_id_order_index_key UNIQUE (quiz_id, order_index);

ALTER TABLE ONLY public.quizzes
    ADD CONSTRAINT quizzes_lesson_id_key UNIQUE (lesson_id);

ALTER TABLE ONLY public.quizzes
    ADD CONSTRAINT quizzes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.recordings
    ADD CONSTRAINT recordings_pkey PRIMARY KEY (call_id);

ALTER TABLE ONLY public.report_subscriptions
    ADD CONSTRAINT report_subscriptions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.report_subscriptions
    ADD CONSTRAINT report_subscriptions_user_id_every_manager_id_key UNIQUE NULLS NOT DISTINCT (user_id, every, manager_id);

ALTER TABLE ONLY public.review_claims
    ADD CONSTRAINT review_claims_pkey PRIMARY KEY (call_id);

ALTER TABLE ONLY public.review_requests
    ADD CONSTRAINT review_requests_call_id_key UNIQUE (call_id);

ALTER TABLE ONLY public.review_requests
    ADD CONSTRAINT review_requests_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.simulation_attempts
    ADD CONSTRAINT simulation_attempts_call_id_key UNIQUE (call_id);

ALTER TABLE ONLY public.simulation_attempts
    ADD CONSTRAINT simulation_attempts_pkey PRIMARY KEY (id);

ALTER TABLE public.simulation_scenarios
    ADD CONSTRAINT simulation_scenarios_customer_card_check CHECK ((jsonb_typeof(customer_card) = 'object'::text)) NOT VALID;

ALTER TABLE public.simulation_scenarios
    ADD CONSTRAINT simulation_scenarios_goals_check CHECK ((jsonb_typeof(goals) = 'array'::text)) NOT VALID;

ALTER TABLE ONLY public.simulation_scenarios
    ADD CONSTRAINT simulation_scenarios_pkey PRIMARY KEY (simulation_id);

ALTER TABLE public.simulation_scenarios
    ADD CONSTRAINT simulation_scenarios_rubric_check CHECK ((jsonb_typeof(rubric) = 'object'::text)) NOT VALID;

ALTER TABLE public.simulation_scenarios
    ADD CONSTRAINT simulation_scenarios_script_check CHECK ((jsonb_typeof(script) = 'object'::text)) NOT VALID;

ALTER TABLE ONLY public.simulations
    ADD CONSTRAINT simulations_lesson_id_key UNIQUE (lesson_id);

ALTER TABLE ONLY public.simulations
    ADD CONSTRAINT simulations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.site_settings
    ADD CONSTRAINT site_settings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.team_settings
    ADD CONSTRAINT team_settings_pkey PRIMARY KEY (manager_id);

ALTER TABLE ONLY public.unverified_evaluations
    ADD CONSTRAINT unverified_evaluations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.unverified_evaluations
    ADD CONSTRAINT unverified_evaluations_user_id_simulation_id_transcript_has_key UNIQUE (user_id, simulation_id, transcript_hash);

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_user_id_role_key UNIQUE (user_id, role);

ALTER TABLE ONLY public.video_watching
    ADD CONSTRAINT video_watching_pkey PRIMARY KEY (user_id, lesson_id);

ALTER TABLE ONLY storage.buckets
    ADD CONSTRAINT buckets_name_key UNIQUE (name);

ALTER TABLE ONLY storage.buckets
    ADD CONSTRAINT buckets_pkey PRIMARY KEY (id);

ALTER TABLE ONLY storage.objects
    ADD CONSTRAINT objects_bucket_id_name_key UNIQUE (bucket_id, name);

ALTER TABLE ONLY storage.objects
    ADD CONSTRAINT objects_pkey PRIMARY KEY (id);

ALTER TABLE ONLY storage.objects
    ADD CONSTRAINT objects_version_key UNIQUE (version);

ALTER TABLE ONLY storage.resumable_uploads
    ADD CONSTRAINT resumable_uploads_pkey PRIMARY KEY (id);

ALTER TABLE ONLY storage.upload_parts
    ADD CONSTRAINT upload_parts_pkey PRIMARY KEY (upload_id, start);

CREATE INDEX email_changes_requested_at_idx ON auth.email_changes USING btree (requested_at);

CREATE INDEX letters_about_idx ON auth.letters USING btree (recipient, about) WHERE (about IS NOT NULL);

CREATE INDEX letters_created_at_idx ON auth.letters USING btree (created_at);

CREATE INDEX letters_requested_by_idx ON auth.letters USING btree (requested_by);

CREATE INDEX letters_user_id_idx ON auth.letters USING btree (user_id);

CREATE INDEX letters_waiting_idx ON auth.letters USING btree (created_at) WHERE (settled_at IS NULL);

CREATE INDEX logins_user_id_idx ON auth.logins USING btree (user_id);

CREATE INDEX one_time_tokens_email_idx ON auth.one_time_tokens USING btree (email, kind);

CREATE INDEX one_time_tokens_expires_at_idx ON auth.one_time_tokens USING btree (expires_at);

CREATE INDEX one_time_tokens_user_id_idx ON auth.one_time_tokens USING btree (user_id);

CREATE INDEX refresh_tokens_expires_at_idx ON auth.refresh_tokens USING btree (expires_at);

CREATE INDEX refresh_tokens_login_id_idx ON auth.refresh_tokens USING btree (login_id);

CREATE INDEX refresh_tokens_replaced_by_idx ON auth.refresh_tokens USING btree (replaced_by);

CREATE INDEX facts_kind_idx ON callx.facts USING btree (kind, id);

CREATE INDEX lesson_texts_words_idx ON callx.lesson_texts USING gin (words);

CREATE INDEX module_unlocks_module_id_idx ON callx.module_unlocks USING btree (module_id);

CREATE INDEX page_words_words_idx ON callx.page_words USING gin (words);

CREATE INDEX pgqueuer_ep_ea_idx ON callx.pgqueuer USING btree (entrypoint, execute_after) WHERE (status = 'queued'::callx.pgqueuer_status);

CREATE INDEX pgqueuer_ep_prio_id_idx ON callx.pgqueuer USING btree (entrypoint, priority DESC, id) WHERE (status = 'queued'::callx.pgqueuer_status);

CREATE INDEX pgqueuer_log_created ON callx.pgqueuer_log USING btree (created);

CREATE INDEX pgqueuer_log_job_id_status ON callx.pgqueuer_log USING btree (job_id, created DESC);

CREATE INDEX pgqueuer_log_not_aggregated ON callx.pgqueuer_log USING btree ((1)) WHERE (NOT aggregated);

CREATE INDEX pgqueuer_log_status ON callx.pgqueuer_log USING btree (status);

CREATE INDEX pgqueuer_picked_heartbeat_idx ON callx.pgqueuer USING btree (heartbeat) WHERE (status = 'picked'::callx.pgqueuer_status);

CREATE UNIQUE INDEX pgqueuer_picked_slot_idx ON callx.pgqueuer USING btree (entrypoint, slot) WHERE ((status = 'picked'::callx.pgqueuer_status) AND (slot IS NOT NULL));

CREATE INDEX pgqueuer_priority_id_id1_idx ON callx.pgqueuer USING btree (priority, id DESC) INCLUDE (id) WHERE (status = 'queued'::callx.pgqueuer_status);

CREATE INDEX pgqueuer_queue_manager_id_idx ON callx.pgqueuer USING btree (queue_manager_id) WHERE (queue_manager_id IS NOT NULL);

CREATE UNIQUE INDEX pgqueuer_statistics_unique_count ON callx.pgqueuer_statistics USING btree (priority, date_trunc('sec'::text, timezone('UTC'::text, created)), status, entrypoint);

CREATE UNIQUE INDEX pgqueuer_unique_dedupe_key ON callx.pgqueuer USING btree (dedupe_key) WHERE ((status = ANY (ARRAY['queued'::callx.pgqueuer_status, 'picked'::callx.pgqueuer_status])) AND (dedupe_key IS NOT NULL));

CREATE INDEX pgqueuer_updated_id_id1_idx ON callx.pgqueuer USING btree (updated, id DESC) INCLUDE (id) WHERE (status = 'picked'::callx.pgqueuer_status);

CREATE INDEX quiz_sittings_due_idx ON callx.quiz_sittings USING btree (deadline_at) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX quiz_sittings_open_idx ON callx.quiz_sittings USING btree (user_id, quiz_id) WHERE (ended_at IS NULL);

CREATE INDEX quiz_sittings_quiz_id_idx ON callx.quiz_sittings USING btree (quiz_id);

CREATE INDEX quiz_sittings_user_id_idx ON callx.quiz_sittings USING btree (user_id);

CREATE INDEX rate_limits_full_at_idx ON callx.rate_limits USING btree (full_at);

CREATE INDEX told_comments_notification_id_idx ON callx.told_comments USING btree (notification_id);

CREATE INDEX told_comments_user_id_idx ON callx.told_comments USING btree (user_id);

CREATE INDEX assignments_assigned_by_idx ON public.assignments USING btree (assigned_by);

CREATE INDEX assignments_manager_id_idx ON public.assignments USING btree (manager_id);

CREATE INDEX assignments_user_id_idx ON public.assignments USING btree (user_id);

CREATE INDEX audit_events_actor_id_idx ON public.audit_events USING btree (actor_id, at);

CREATE INDEX audit_events_at_idx ON public.audit_events USING brin (at);

CREATE INDEX audit_events_subject_id_idx ON public.audit_events USING btree (subject_id);

CREATE INDEX call_comments_author_id_idx ON public.call_comments USING btree (author_id, created_at);

CREATE INDEX call_comments_call_id_idx ON public.call_comments USING btree (call_id, created_at);

CREATE INDEX call_comments_reply_to_idx ON public.call_comments USING btree (reply_to);

CREATE INDEX call_comments_resolved_by_idx ON public.call_comments USING btree (resolved_by);

CREATE INDEX call_comments_user_id_idx ON public.call_comments USING btree (user_id);

CREATE INDEX calls_lease_expires_at_idx ON public.calls USING btree (lease_expires_at) WHERE (state <> 'ended'::text);

CREATE INDEX calls_open_typed_idx ON public.calls USING btree (created_at) WHERE ((medium = 'typed'::text) AND (state <> 'ended'::text));

CREATE INDEX calls_simulation_id_idx ON public.calls USING btree (simulation_id);

CREATE INDEX calls_typed_idx ON public.calls USING btree (user_id, simulation_id, created_at DESC) WHERE (medium = 'typed'::text);

CREATE INDEX calls_user_id_idx ON public.calls USING btree (user_id, created_at DESC);

CREATE INDEX certificate_issues_revoked_by_idx ON public.certificate_issues USING btree (revoked_by);

CREATE INDEX certificate_reissue_items_issue_id_idx ON public.certificate_reissue_items USING btree (issue_id);

CREATE INDEX certificate_reissue_items_to_do_idx ON public.certificate_reissue_items USING btree (reissue_id, issue_id) WHERE (outcome IS NULL);

CREATE INDEX certificate_reissues_asked_by_idx ON public.certificate_reissues USING btree (asked_by);

CREATE UNIQUE INDEX certificate_reissues_one_at_a_time ON public.certificate_reissues USING btree (product_id) WHERE (finished_at IS NULL);

CREATE INDEX certificate_reissues_product_id_idx ON public.certificate_reissues USING btree (product_id);

CREATE INDEX certifications_certificate_url_idx ON public.certifications USING btree (certificate_url);

CREATE INDEX certifications_product_id_idx ON public.certifications USING btree (product_id);

CREATE INDEX evaluation_versions_review_id_idx ON public.evaluation_versions USING btree (review_id);

CREATE INDEX evaluations_attempt_id_idx ON public.evaluations USING btree (attempt_id);

CREATE INDEX evaluations_finished_at_idx ON public.evaluations USING btree (finished_at) WHERE (state = 'done'::text);

CREATE INDEX evaluations_provisional_idx ON public.evaluations USING btree (finished_at) WHERE (provisional AND (review_id IS NULL));

CREATE INDEX evaluations_review_id_idx ON public.evaluations USING btree (review_id);

CREATE INDEX lesson_attachments_file_path_idx ON public.lesson_attachments USING btree (file_path);

CREATE INDEX lesson_attachments_lesson_id_idx ON public.lesson_attachments USING btree (lesson_id);

CREATE INDEX lesson_completions_lesson_id_idx ON public.lesson_completions USING btree (lesson_id);

CREATE UNIQUE INDEX lessons_module_id_key_idx ON public.lessons USING btree (module_id, key) WHERE (archived_at IS NULL);

CREATE INDEX lessons_video_url_idx ON public.lessons USING btree (video_url) WHERE (video_url IS NOT NULL);

CREATE INDEX manager_assignments_manager_id_idx ON public.manager_assignments USING btree (manager_id);

CREATE INDEX model_usage_call_id_idx ON public.model_usage USING btree (call_id);

CREATE INDEX model_usage_created_at_idx ON public.model_usage USING btree (created_at);

CREATE INDEX model_usage_user_id_idx ON public.model_usage USING btree (user_id, purpose, created_at);

CREATE UNIQUE INDEX modules_product_id_key_idx ON public.modules USING btree (product_id, key) WHERE (archived_at IS NULL);

CREATE INDEX notifications_created_at_idx ON public.notifications USING btree (created_at);

CREATE INDEX notifications_unread_idx ON public.notifications USING btree (user_id, created_at DESC) WHERE in_app;

CREATE INDEX products_created_by_idx ON public.products USING btree (created_by);

CREATE UNIQUE INDEX products_key_idx ON public.products USING btree (key) WHERE (archived_at IS NULL);

CREATE INDEX quiz_allowances_granted_by_idx ON public.quiz_allowances USING btree (granted_by);

CREATE INDEX quiz_allowances_quiz_id_idx ON public.quiz_allowances USING btree (quiz_id);

CREATE INDEX quiz_answers_question_id_idx ON public.quiz_answers USING btree (question_id);

CREATE INDEX quiz_attempts_quiz_id_idx ON public.quiz_attempts USING btree (quiz_id);

CREATE INDEX quiz_attempts_user_id_idx ON public.quiz_attempts USING btree (user_id);

CREATE INDEX recordings_encoding_idx ON public.recordings USING btree (kept_at) WHERE (state = ANY (ARRAY['encoding'::text, 'failed'::text]));

CREATE INDEX report_subscriptions_manager_id_idx ON public.report_subscriptions USING btree (manager_id);

CREATE INDEX review_claims_claimed_by_idx ON public.review_claims USING btree (claimed_by);

CREATE INDEX review_claims_user_id_idx ON public.review_claims USING btree (user_id);

CREATE INDEX review_requests_review_id_idx ON public.review_requests USING btree (review_id);

CREATE INDEX review_requests_user_id_idx ON public.review_requests USING btree (user_id);

CREATE INDEX reviews_based_on_idx ON public.reviews USING btree (based_on);

CREATE INDEX reviews_call_id_idx ON public.reviews USING btree (call_id, published_at);

CREATE UNIQUE INDEX reviews_draft_idx ON public.reviews USING btree (call_id, reviewer_id) WHERE (state = 'draft'::text);

CREATE INDEX reviews_reviewer_id_idx ON public.reviews USING btree (reviewer_id);

CREATE INDEX reviews_user_id_idx ON public.reviews USING btree (user_id);

CREATE INDEX simulation_attempts_reviewed_by_idx ON public.simulation_attempts USING btree (reviewed_by);

CREATE INDEX simulation_attempts_simulation_id_idx ON public.simulation_attempts USING btree (simulation_id);

CREATE INDEX simulation_attempts_user_id_idx ON public.simulation_attempts USING btree (user_id);

CREATE INDEX unverified_evaluations_simulation_id_idx ON public.unverified_evaluations USING btree (simulation_id);

CREATE INDEX video_watching_lesson_id_idx ON public.video_watching USING btree (lesson_id);

CREATE INDEX buckets_owner_idx ON storage.buckets USING btree (owner);

CREATE INDEX objects_bucket_id_name_prefix_idx ON storage.objects USING btree (bucket_id, name COLLATE "C");

CREATE INDEX objects_owner_id_idx ON storage.objects USING btree (owner_id);

CREATE INDEX resumable_uploads_bucket_id_idx ON storage.resumable_uploads USING btree (bucket_id);

CREATE INDEX resumable_uploads_expires_at_idx ON storage.resumable_uploads USING btree (expires_at);

CREATE INDEX resumable_uploads_owner_id_idx ON storage.resumable_uploads USING btree (owner_id);

CREATE OR REPLACE VIEW callx.exhausted_quizzes AS
 SELECT a.user_id,
    q.id AS quiz_id,
    q.lesson_id
   FROM (public.quizzes q
     JOIN public.quiz_attempts a ON ((a.quiz_id = q.id)))
  WHERE ((q.max_attempts IS NOT NULL) OR (q.counts = 'first'::text))
  GROUP BY a.user_id, q.id
 HAVING ((NOT bool_or(a.passed)) AND ((q.counts = 'first'::text) OR (count(*) >= (q.max_attempts + ( SELECT COALESCE(sum(x.extra_attempts), (0)::bigint) AS "coalesce"
           FROM public.quiz_allowances x
          WHERE ((x.user_id = a.user_id) AND ((x.quiz_id = q.id) OR (x.quiz_id IS NULL))))))));

CREATE OR REPLACE VIEW callx.first_certificates AS
 SELECT c.user_id,
    c.product_id,
    COALESCE(min(i.issued_at), c.issued_at) AS issued_at
   FROM (public.certifications c
     LEFT JOIN public.certificate_issues i ON ((i.certification_id = c.id)))
  WHERE (c.revoked_at IS NULL)
  GROUP BY c.id;

CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION public.handle_new_user();

CREATE TRIGGER on_auth_user_email_changed AFTER UPDATE OF email ON auth.users FOR EACH ROW WHEN ((old.email IS DISTINCT FROM new.email)) EXECUTE FUNCTION public.handle_changed_email();

CREATE TRIGGER users_audit_deactivation AFTER UPDATE OF deactivated_at ON auth.users FOR EACH ROW WHEN (((old.deactivated_at IS NULL) <> (new.deactivated_at IS NULL))) EXECUTE FUNCTION callx.audit_account();

CREATE TRIGGER users_audit_deletion AFTER DELETE ON auth.users FOR EACH ROW EXECUTE FUNCTION callx.audit_account();

CREATE TRIGGER users_emit_first_sign_in AFTER UPDATE OF last_sign_in_at ON auth.users FOR EACH ROW WHEN (((old.last_sign_in_at IS NULL) AND (new.last_sign_in_at IS NOT NULL))) EXECUTE FUNCTION callx.emit_first_sign_in();

CREATE TRIGGER users_keep_an_admin AFTER UPDATE OF deactivated_at ON auth.users FOR EACH ROW WHEN (((old.deactivated_at IS NULL) AND (new.deactivated_at IS NOT NULL))) EXECUTE FUNCTION callx.keep_an_admin();

CREATE TRIGGER users_touch_updated_at BEFORE UPDATE ON auth.users FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE CONSTRAINT TRIGGER pending_audit_events_seal AFTER INSERT ON callx.pending_audit_events DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION callx.seal_audit_event();

CREATE TRIGGER tg_pgqueuer_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON callx.pgqueuer FOR EACH STATEMENT EXECUTE FUNCTION callx.fn_pgqueuer_changed();

CREATE TRIGGER assignments_audit AFTER INSERT OR DELETE OR UPDATE ON public.assignments FOR EACH ROW EXECUTE FUNCTION callx.audit_change('assignment', 'id');

CREATE TRIGGER assignments_emit AFTER INSERT ON public.assignments FOR EACH ROW EXECUTE FUNCTION callx.emit_course_assigned();

CREATE TRIGGER assignments_stamp_created_at BEFORE INSERT OR UPDATE OF created_at ON public.assignments FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.stamp_created_at();

CREATE TRIGGER assignments_stamp_updated_at BEFORE INSERT ON public.assignments FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER assignments_touch_updated_at BEFORE UPDATE ON public.assignments FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER audit_events_only_grow BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION callx.refuse_audit_change();

ALTER TABLE public.audit_events ENABLE ALWAYS TRIGGER audit_events_only_grow;

CREATE TRIGGER call_comments_audit AFTER UPDATE ON public.call_comments FOR EACH ROW WHEN (((old.deleted_at IS NULL) AND (new.deleted_at IS NOT NULL))) EXECUTE FUNCTION callx.audit_deleted_comment();

CREATE TRIGGER call_comments_complete BEFORE INSERT ON public.call_comments FOR EACH ROW EXECUTE FUNCTION callx.complete_comment();

CREATE TRIGGER call_comments_emit AFTER INSERT ON public.call_comments FOR EACH ROW EXECUTE FUNCTION callx.emit_commented();

CREATE TRIGGER call_comments_emit_changed AFTER UPDATE ON public.call_comments FOR EACH ROW WHEN ((old.body IS DISTINCT FROM new.body)) EXECUTE FUNCTION callx.emit_comment_changed();

CREATE TRIGGER call_comments_guard BEFORE UPDATE ON public.call_comments FOR EACH ROW EXECUTE FUNCTION callx.guard_comment();

CREATE TRIGGER call_events_are_not_emptied BEFORE TRUNCATE ON public.call_events FOR EACH STATEMENT EXECUTE FUNCTION callx.refuse_call_event_change();

ALTER TABLE public.call_events ENABLE ALWAYS TRIGGER call_events_are_not_emptied;

CREATE TRIGGER call_events_only_grow BEFORE DELETE OR UPDATE ON public.call_events FOR EACH ROW EXECUTE FUNCTION callx.refuse_call_event_change();

ALTER TABLE public.call_events ENABLE ALWAYS TRIGGER call_events_only_grow;

CREATE CONSTRAINT TRIGGER call_gaps_are_logged AFTER INSERT OR UPDATE ON public.call_gaps DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION callx.log_of_part('gap');

CREATE CONSTRAINT TRIGGER call_moods_are_logged AFTER INSERT OR UPDATE ON public.call_moods DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION callx.log_of_part('mood');

CREATE CONSTRAINT TRIGGER call_turns_are_logged AFTER INSERT OR DELETE OR UPDATE ON public.call_turns DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION callx.log_of_turn();

CREATE CONSTRAINT TRIGGER calls_are_logged AFTER INSERT OR UPDATE ON public.calls DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION callx.log_of_call();

CREATE TRIGGER certificate_badges_withdraw AFTER DELETE ON public.certificate_badges FOR EACH ROW EXECUTE FUNCTION callx.withdraw_badge();

CREATE TRIGGER certificate_issues_follow AFTER INSERT OR UPDATE ON public.certificate_issues FOR EACH ROW EXECUTE FUNCTION callx.follow_newest_issue();

CREATE TRIGGER documents_touch_updated_at BEFORE UPDATE ON public.documents FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE CONSTRAINT TRIGGER evaluations_are_logged AFTER INSERT OR UPDATE ON public.evaluations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.report IS NOT NULL)) EXECUTE FUNCTION callx.log_of_evaluation();

CREATE TRIGGER lesson_attachments_audit AFTER INSERT OR DELETE OR UPDATE ON public.lesson_attachments FOR EACH ROW EXECUTE FUNCTION callx.audit_change('attachment', 'id');

CREATE TRIGGER lesson_attachments_stamp_created_at BEFORE INSERT OR UPDATE OF created_at ON public.lesson_attachments FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.stamp_created_at();

CREATE TRIGGER lesson_completions_emit AFTER INSERT ON public.lesson_completions FOR EACH ROW EXECUTE FUNCTION callx.emit_lesson_completed();

CREATE TRIGGER lesson_completions_guard BEFORE INSERT ON public.lesson_completions FOR EACH ROW EXECUTE FUNCTION callx.guard_completion();

CREATE TRIGGER lesson_completions_stamp BEFORE INSERT ON public.lesson_completions FOR EACH ROW EXECUTE FUNCTION callx.stamp_completion();

CREATE TRIGGER lesson_completions_unchanged BEFORE UPDATE ON public.lesson_completions FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION callx.refuse_changed_completion();

CREATE TRIGGER lesson_completions_watched BEFORE INSERT ON public.lesson_completions FOR EACH ROW EXECUTE FUNCTION callx.require_watching();

CREATE TRIGGER lesson_videos_touch_updated_at BEFORE UPDATE ON public.lesson_videos FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER lessons_archive BEFORE DELETE ON public.lessons FOR EACH ROW EXECUTE FUNCTION callx.archive_lesson_instead();

CREATE TRIGGER lessons_audit AFTER INSERT OR DELETE OR UPDATE ON public.lessons FOR EACH ROW EXECUTE FUNCTION callx.audit_change('lesson', 'id');

CREATE TRIGGER lessons_free_key BEFORE UPDATE OF archived_at, module_id ON public.lessons FOR EACH ROW WHEN (((new.archived_at IS NULL) AND ((old.archived_at IS NOT NULL) OR (old.module_id <> new.module_id)))) EXECUTE FUNCTION callx.free_key();

CREATE TRIGGER lessons_guard_publishing BEFORE UPDATE OF status ON public.lessons FOR EACH ROW WHEN (((old.status = 'draft'::text) AND (new.status = 'published'::text))) EXECUTE FUNCTION callx.guard_publishing();

CREATE TRIGGER lessons_note_other_text AFTER UPDATE OF title, text_content ON public.lessons FOR EACH ROW WHEN (((old.title IS DISTINCT FROM new.title) OR (old.text_content IS DISTINCT FROM new.text_content))) EXECUTE FUNCTION callx.note_lesson_text();

CREATE TRIGGER lessons_note_other_video AFTER UPDATE OF video_url ON public.lessons FOR EACH ROW WHEN ((old.video_url IS DISTINCT FROM new.video_url)) EXECUTE FUNCTION callx.note_lesson_video();

CREATE TRIGGER lessons_note_text AFTER INSERT ON public.lessons FOR EACH ROW EXECUTE FUNCTION callx.note_lesson_text();

CREATE TRIGGER lessons_note_video AFTER INSERT ON public.lessons FOR EACH ROW WHEN ((new.video_url IS NOT NULL)) EXECUTE FUNCTION callx.note_lesson_video();

CREATE TRIGGER lessons_stamp_created_at BEFORE INSERT OR UPDATE OF created_at ON public.lessons FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.stamp_created_at();

CREATE TRIGGER lessons_stamp_updated_at BEFORE INSERT ON public.lessons FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER lessons_touch_updated_at BEFORE UPDATE ON public.lessons FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER manager_assignments_audit AFTER INSERT OR DELETE OR UPDATE ON public.manager_assignments FOR EACH ROW EXECUTE FUNCTION callx.audit_team();

CREATE TRIGGER manager_assignments_emit AFTER INSERT ON public.manager_assignments FOR EACH ROW EXECUTE FUNCTION callx.emit_team_joined();

CREATE TRIGGER manager_assignments_stamp_created_at BEFORE INSERT OR UPDATE OF created_at ON public.manager_assignments FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.stamp_created_at();

CREATE TRIGGER modules_archive BEFORE DELETE ON public.modules FOR EACH ROW EXECUTE FUNCTION callx.archive_module_instead();

CREATE TRIGGER modules_audit AFTER INSERT OR DELETE OR UPDATE ON public.modules FOR EACH ROW EXECUTE FUNCTION callx.audit_change('module', 'id');

CREATE TRIGGER modules_free_key BEFORE UPDATE OF archived_at, product_id ON public.modules FOR EACH ROW WHEN (((new.archived_at IS NULL) AND ((old.archived_at IS NOT NULL) OR (old.product_id <> new.product_id)))) EXECUTE FUNCTION callx.free_key();

CREATE TRIGGER modules_guard_publishing BEFORE UPDATE OF status ON public.modules FOR EACH ROW WHEN (((old.status = 'draft'::text) AND (new.status = 'published'::text))) EXECUTE FUNCTION callx.guard_publishing();

CREATE TRIGGER modules_stamp_created_at BEFORE INSERT OR UPDATE OF created_at ON public.modules FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.stamp_created_at();

CREATE TRIGGER modules_stamp_updated_at BEFORE INSERT ON public.modules FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER modules_touch_updated_at BEFORE UPDATE ON public.modules FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER notification_preferences_touch_updated_at BEFORE UPDATE ON public.notification_preferences FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER notifications_stamp_read BEFORE UPDATE OF read_at ON public.notifications FOR EACH ROW EXECUTE FUNCTION callx.stamp_read();

CREATE TRIGGER personal_settings_touch_updated_at BEFORE UPDATE ON public.personal_settings FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER products_archive BEFORE DELETE ON public.products FOR EACH ROW EXECUTE FUNCTION callx.archive_product_instead();

CREATE TRIGGER products_audit AFTER INSERT OR DELETE OR UPDATE ON public.products FOR EACH ROW EXECUTE FUNCTION callx.audit_change('product', 'id');

CREATE TRIGGER products_free_key BEFORE UPDATE OF archived_at ON public.products FOR EACH ROW WHEN (((old.archived_at IS NOT NULL) AND (new.archived_at IS NULL))) EXECUTE FUNCTION callx.free_key();

CREATE TRIGGER products_guard_publishing BEFORE UPDATE OF status ON public.products FOR EACH ROW WHEN (((old.status = 'draft'::text) AND (new.status = 'published'::text) AND (NOT (old.is_active IS DISTINCT FROM new.is_active)))) EXECUTE FUNCTION callx.guard_publishing();

CREATE TRIGGER products_keep_status BEFORE INSERT OR UPDATE OF status, is_active ON public.products FOR EACH ROW EXECUTE FUNCTION callx.keep_product_status();

CREATE TRIGGER products_stamp_created_at BEFORE INSERT OR UPDATE OF created_at ON public.products FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.stamp_created_at();

CREATE TRIGGER products_stamp_created_by BEFORE INSERT OR UPDATE OF created_by ON public.products FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.stamp_created_by();

CREATE TRIGGER products_stamp_updated_at BEFORE INSERT ON public.products FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER products_touch_updated_at BEFORE UPDATE ON public.products FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER profiles_audit AFTER UPDATE OF full_name ON public.profiles FOR EACH ROW WHEN (((old.full_name <> new.full_name) AND (callx.actor_id() <> new.id))) EXECUTE FUNCTION callx.audit_change('person', 'id');

CREATE TRIGGER profiles_remove_certificates AFTER DELETE ON public.profiles FOR EACH ROW EXECUTE FUNCTION callx.remove_certificates();

CREATE TRIGGER profiles_stamp_created_at BEFORE UPDATE OF created_at ON public.profiles FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.stamp_created_at();

CREATE TRIGGER profiles_tidy_name BEFORE UPDATE OF full_name ON public.profiles FOR EACH ROW EXECUTE FUNCTION callx.tidy_name();

CREATE TRIGGER profiles_touch_updated_at BEFORE UPDATE ON public.profiles FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER quiz_allowances_audit AFTER INSERT OR DELETE OR UPDATE ON public.quiz_allowances FOR EACH ROW EXECUTE FUNCTION callx.audit_change('quiz_allowance', 'id');

CREATE TRIGGER quiz_allowances_extend AFTER INSERT OR UPDATE ON public.quiz_allowances FOR EACH ROW EXECUTE FUNCTION callx.extend_sittings();

CREATE TRIGGER quiz_allowances_stamp BEFORE UPDATE ON public.quiz_allowances FOR EACH ROW EXECUTE FUNCTION callx.stamp_allowance();

CREATE TRIGGER quiz_allowances_touch_updated_at BEFORE UPDATE ON public.quiz_allowances FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER quiz_answers_audit AFTER INSERT OR DELETE OR UPDATE ON public.quiz_answers FOR EACH ROW EXECUTE FUNCTION callx.audit_change('answer', 'id');

CREATE TRIGGER quiz_answers_stamp_created_at BEFORE INSERT OR UPDATE OF created_at ON public.quiz_answers FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.stamp_created_at();

CREATE TRIGGER quiz_attempts_check BEFORE INSERT ON public.quiz_attempts FOR EACH ROW EXECUTE FUNCTION callx.limit_quiz_attempts();

CREATE TRIGGER quiz_attempts_complete_lesson AFTER INSERT ON public.quiz_attempts FOR EACH ROW WHEN (new.passed) EXECUTE FUNCTION callx.complete_passed_quiz();

CREATE TRIGGER quiz_attempts_grade BEFORE INSERT ON public.quiz_attempts FOR EACH ROW EXECUTE FUNCTION callx.grade_quiz_attempt();

CREATE TRIGGER quiz_attempts_passed_again AFTER INSERT ON public.quiz_attempts FOR EACH ROW WHEN (new.passed) EXECUTE FUNCTION callx.emit_passed_again();

CREATE TRIGGER quiz_questions_audit AFTER INSERT OR DELETE OR UPDATE ON public.quiz_questions FOR EACH ROW EXECUTE FUNCTION callx.audit_change('question', 'id');

CREATE TRIGGER quiz_questions_stamp_created_at BEFORE INSERT OR UPDATE OF created_at ON public.quiz_questions FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.stamp_created_at();

CREATE TRIGGER quizzes_archive BEFORE DELETE ON public.quizzes FOR EACH ROW EXECUTE FUNCTION callx.archive_lesson_part_instead();

CREATE TRIGGER quizzes_audit AFTER INSERT OR DELETE OR UPDATE ON public.quizzes FOR EACH ROW EXECUTE FUNCTION callx.audit_change('quiz', 'id');

CREATE TRIGGER quizzes_stamp_created_at BEFORE INSERT OR UPDATE OF created_at ON public.quizzes FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.stamp_created_at();

CREATE TRIGGER quizzes_stamp_updated_at BEFORE INSERT ON public.quizzes FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER quizzes_touch_updated_at BEFORE UPDATE ON public.quizzes FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER recordings_abandon AFTER DELETE ON public.recordings FOR EACH ROW EXECUTE FUNCTION callx.abandon_recording();

CREATE CONSTRAINT TRIGGER recordings_are_logged AFTER INSERT OR UPDATE OF state ON public.recordings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.state = 'ready'::text)) EXECUTE FUNCTION callx.log_of_recording();

CREATE TRIGGER recordings_touch_updated_at BEFORE UPDATE ON public.recordings FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER report_subscriptions_touch_updated_at BEFORE UPDATE ON public.report_subscriptions FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER review_requests_emit AFTER INSERT ON public.review_requests FOR EACH ROW EXECUTE FUNCTION callx.emit_review_requested();

CREATE TRIGGER review_requests_guard BEFORE INSERT ON public.review_requests FOR EACH ROW EXECUTE FUNCTION callx.guard_review_request();

CREATE TRIGGER reviews_touch_updated_at BEFORE UPDATE ON public.reviews FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER simulation_attempts_complete_lesson AFTER INSERT ON public.simulation_attempts FOR EACH ROW WHEN (new.passed) EXECUTE FUNCTION callx.complete_passed_simulation();

CREATE TRIGGER simulation_attempts_complete_lesson_later AFTER UPDATE OF passed ON public.simulation_attempts FOR EACH ROW WHEN ((new.passed AND (NOT old.passed))) EXECUTE FUNCTION callx.complete_passed_simulation();

CREATE TRIGGER simulation_attempts_passed_again AFTER INSERT ON public.simulation_attempts FOR EACH ROW WHEN (new.passed) EXECUTE FUNCTION callx.emit_passed_again();

CREATE TRIGGER simulation_attempts_passed_later AFTER UPDATE OF passed ON public.simulation_attempts FOR EACH ROW WHEN ((new.passed AND (NOT old.passed))) EXECUTE FUNCTION callx.emit_passed_again();

CREATE TRIGGER simulation_attempts_reopen_lesson AFTER UPDATE OF passed ON public.simulation_attempts FOR EACH ROW WHEN ((old.passed AND (NOT new.passed))) EXECUTE FUNCTION callx.reopen_failed_simulation();

CREATE TRIGGER simulation_scenarios_audit AFTER INSERT OR DELETE OR UPDATE ON public.simulation_scenarios FOR EACH ROW EXECUTE FUNCTION callx.audit_change('scenario', 'simulation_id');

CREATE TRIGGER simulation_scenarios_count_version BEFORE UPDATE ON public.simulation_scenarios FOR EACH ROW WHEN (((old.script IS DISTINCT FROM new.script) AND (old.version = new.version))) EXECUTE FUNCTION callx.count_scenario_version();

CREATE TRIGGER simulation_scenarios_judge_again AFTER INSERT OR UPDATE OF rubric ON public.simulation_scenarios FOR EACH ROW EXECUTE FUNCTION callx.judge_again();

CREATE TRIGGER simulation_scenarios_refuse_unusable BEFORE INSERT OR UPDATE OF script, rubric ON public.simulation_scenarios FOR EACH ROW EXECUTE FUNCTION callx.refuse_unusable_scenario();

CREATE TRIGGER simulation_scenarios_stamp_created_at BEFORE INSERT OR UPDATE OF created_at ON public.simulation_scenarios FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.stamp_created_at();

CREATE TRIGGER simulation_scenarios_stamp_updated_at BEFORE INSERT ON public.simulation_scenarios FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER simulation_scenarios_touch_updated_at BEFORE UPDATE ON public.simulation_scenarios FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER simulations_archive BEFORE DELETE ON public.simulations FOR EACH ROW EXECUTE FUNCTION callx.archive_lesson_part_instead();

CREATE TRIGGER simulations_audit AFTER INSERT OR DELETE OR UPDATE ON public.simulations FOR EACH ROW EXECUTE FUNCTION callx.audit_change('simulation', 'id');

CREATE TRIGGER simulations_stamp_created_at BEFORE INSERT OR UPDATE OF created_at ON public.simulations FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.stamp_created_at();

CREATE TRIGGER simulations_stamp_updated_at BEFORE INSERT ON public.simulations FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER simulations_touch_updated_at BEFORE UPDATE ON public.simulations FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER site_settings_audit AFTER UPDATE ON public.site_settings FOR EACH ROW EXECUTE FUNCTION callx.audit_change('site_settings', '');

CREATE TRIGGER site_settings_recognition_on AFTER UPDATE OF recognition ON public.site_settings FOR EACH ROW WHEN ((new.recognition AND (NOT old.recognition))) EXECUTE FUNCTION callx.emit_recognition_on();

CREATE TRIGGER site_settings_touch_updated_at BEFORE UPDATE ON public.site_settings FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER team_settings_audit AFTER INSERT OR UPDATE ON public.team_settings FOR EACH ROW EXECUTE FUNCTION callx.audit_change('team_settings', 'manager_id');

CREATE TRIGGER team_settings_recognition_on AFTER INSERT OR UPDATE OF recognition ON public.team_settings FOR EACH ROW WHEN (new.recognition) EXECUTE FUNCTION callx.emit_recognition_on();

CREATE TRIGGER team_settings_touch_updated_at BEFORE UPDATE ON public.team_settings FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER user_roles_audit AFTER INSERT OR DELETE OR UPDATE ON public.user_roles FOR EACH ROW EXECUTE FUNCTION callx.audit_role();

CREATE TRIGGER user_roles_keep_an_admin AFTER DELETE OR UPDATE ON public.user_roles FOR EACH ROW WHEN ((old.role = 'admin'::public.app_role)) EXECUTE FUNCTION callx.keep_an_admin();

CREATE TRIGGER user_roles_stamp_created_at BEFORE INSERT OR UPDATE OF created_at ON public.user_roles FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['authenticated'::name, 'callx_trainee'::name, 'callx_manager'::name, 'callx_admin'::name]))) EXECUTE FUNCTION callx.stamp_created_at();

CREATE TRIGGER video_watching_touch_updated_at BEFORE UPDATE ON public.video_watching FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER buckets_audit AFTER INSERT OR DELETE OR UPDATE ON storage.buckets FOR EACH ROW EXECUTE FUNCTION callx.audit_change('bucket', '');

CREATE TRIGGER buckets_touch_updated_at BEFORE UPDATE ON storage.buckets FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER objects_abandon AFTER DELETE ON storage.objects FOR EACH ROW EXECUTE FUNCTION callx.abandon_object();

CREATE TRIGGER objects_abandon_old_version AFTER UPDATE OF version ON storage.objects FOR EACH ROW WHEN ((old.version <> new.version)) EXECUTE FUNCTION callx.abandon_object();

CREATE TRIGGER objects_audit AFTER INSERT OR DELETE OR UPDATE ON storage.objects FOR EACH ROW EXECUTE FUNCTION callx.audit_change('object', 'id');

CREATE TRIGGER objects_note_document AFTER INSERT OR UPDATE OF version, bucket_id, name, metadata ON storage.objects FOR EACH ROW EXECUTE FUNCTION callx.note_stored_document();

CREATE TRIGGER objects_note_video AFTER INSERT OR DELETE OR UPDATE OF version, bucket_id, name ON storage.objects FOR EACH ROW EXECUTE FUNCTION callx.note_stored_video();

CREATE TRIGGER objects_own_new_version BEFORE UPDATE OF version ON storage.objects FOR EACH ROW WHEN ((old.version <> new.version)) EXECUTE FUNCTION callx.own_new_version();

CREATE TRIGGER objects_touch_updated_at BEFORE UPDATE ON storage.objects FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER resumable_uploads_abandon_parts AFTER DELETE ON storage.resumable_uploads FOR EACH ROW WHEN ((old.finished_at IS NULL)) EXECUTE FUNCTION callx.abandon_upload_parts();

CREATE TRIGGER resumable_uploads_abandon_used_parts AFTER UPDATE OF finished_at ON storage.resumable_uploads FOR EACH ROW WHEN (((old.finished_at IS NULL) AND (new.finished_at IS NOT NULL))) EXECUTE FUNCTION callx.abandon_upload_parts();

ALTER TABLE ONLY auth.email_changes
    ADD CONSTRAINT email_changes_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY auth.letters
    ADD CONSTRAINT letters_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES auth.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY auth.letters
    ADD CONSTRAINT letters_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY auth.logins
    ADD CONSTRAINT logins_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY auth.one_time_tokens
    ADD CONSTRAINT one_time_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY auth.refresh_tokens
    ADD CONSTRAINT refresh_tokens_login_id_fkey FOREIGN KEY (login_id) REFERENCES auth.logins(id) ON DELETE CASCADE;

ALTER TABLE ONLY auth.refresh_tokens
    ADD CONSTRAINT refresh_tokens_replaced_by_fkey FOREIGN KEY (replaced_by) REFERENCES auth.refresh_tokens(id) ON DELETE SET NULL;

ALTER TABLE ONLY callx.judgements
    ADD CONSTRAINT judgements_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY callx.lesson_texts
    ADD CONSTRAINT lesson_texts_lesson_id_fkey FOREIGN KEY (lesson_id) REFERENCES public.lessons(id) ON DELETE CASCADE;

ALTER TABLE ONLY callx.module_unlocks
    ADD CONSTRAINT module_unlocks_module_id_fkey FOREIGN KEY (module_id) REFERENCES public.modules(id) ON DELETE CASCADE;

ALTER TABLE ONLY callx.module_unlocks
    ADD CONSTRAINT module_unlocks_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY callx.page_words
    ADD CONSTRAINT page_words_object_id_number_fkey FOREIGN KEY (object_id, number) REFERENCES public.document_pages(object_id, number) ON DELETE CASCADE;

ALTER TABLE ONLY callx.quiz_sittings
    ADD CONSTRAINT quiz_sittings_quiz_id_fkey FOREIGN KEY (quiz_id) REFERENCES public.quizzes(id) ON DELETE CASCADE;

ALTER TABLE ONLY callx.quiz_sittings
    ADD CONSTRAINT quiz_sittings_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY callx.told_comments
    ADD CONSTRAINT told_comments_comment_id_fkey FOREIGN KEY (comment_id) REFERENCES public.call_comments(id) ON DELETE CASCADE;

ALTER TABLE ONLY callx.told_comments
    ADD CONSTRAINT told_comments_notification_id_fkey FOREIGN KEY (notification_id) REFERENCES public.notifications(id) ON DELETE CASCADE;

ALTER TABLE ONLY callx.told_comments
    ADD CONSTRAINT told_comments_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_assigned_by_fkey FOREIGN KEY (assigned_by) REFERENCES public.profiles(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.awards
    ADD CONSTRAINT awards_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.call_comments
    ADD CONSTRAINT call_comments_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.profiles(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.call_comments
    ADD CONSTRAINT call_comments_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.call_comments
    ADD CONSTRAINT call_comments_reply_to_fkey FOREIGN KEY (reply_to) REFERENCES public.call_comments(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.call_comments
    ADD CONSTRAINT call_comments_resolved_by_fkey FOREIGN KEY (resolved_by) REFERENCES public.profiles(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.call_comments
    ADD CONSTRAINT call_comments_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.call_events
    ADD CONSTRAINT call_events_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.call_gaps
    ADD CONSTRAINT call_gaps_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.call_moods
    ADD CONSTRAINT call_moods_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.call_turns
    ADD CONSTRAINT call_turns_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_simulation_id_fkey FOREIGN KEY (simulation_id) REFERENCES public.simulations(id);

ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.certificate_badges
    ADD CONSTRAINT certificate_badges_issue_id_fkey FOREIGN KEY (issue_id) REFERENCES public.certificate_issues(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.certificate_issues
    ADD CONSTRAINT certificate_issues_certification_id_fkey FOREIGN KEY (certification_id) REFERENCES public.certifications(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.certificate_issues
    ADD CONSTRAINT certificate_issues_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES public.profiles(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.certificate_reissue_items
    ADD CONSTRAINT certificate_reissue_items_issue_id_fkey FOREIGN KEY (issue_id) REFERENCES public.certificate_issues(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.certificate_reissue_items
    ADD CONSTRAINT certificate_reissue_items_reissue_id_fkey FOREIGN KEY (reissue_id) REFERENCES public.certificate_reissues(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.certificate_reissues
    ADD CONSTRAINT certificate_reissues_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.profiles(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.certificate_reissues
    ADD CONSTRAINT certificate_reissues_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.certifications
    ADD CONSTRAINT certifications_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);

ALTER TABLE ONLY public.certifications
    ADD CONSTRAINT certifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.document_pages
    ADD CONSTRAINT document_pages_object_id_fkey FOREIGN KEY (object_id) REFERENCES public.documents(object_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.documents
    ADD CONSTRAINT documents_object_id_fkey FOREIGN KEY (object_id) REFERENCES storage.objects(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.evaluation_versions
    ADD CONSTRAINT evaluation_versions_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.evaluation_versions
    ADD CONSTRAINT evaluation_versions_review_id_fkey FOREIGN KEY (review_id) REFERENCES public.reviews(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_attempt_id_fkey FOREIGN KEY (attempt_id) REFERENCES public.simulation_attempts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_review_id_fkey FOREIGN KEY (review_id) REFERENCES public.reviews(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.lesson_attachments
    ADD CONSTRAINT lesson_attachments_lesson_id_fkey FOREIGN KEY (lesson_id) REFERENCES public.lessons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.lesson_completions
    ADD CONSTRAINT lesson_completions_lesson_id_fkey FOREIGN KEY (lesson_id) REFERENCES public.lessons(id);

ALTER TABLE ONLY public.lesson_completions
    ADD CONSTRAINT lesson_completions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.lesson_videos
    ADD CONSTRAINT lesson_videos_lesson_id_fkey FOREIGN KEY (lesson_id) REFERENCES public.lessons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT lessons_module_id_fkey FOREIGN KEY (module_id) REFERENCES public.modules(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.manager_assignments
    ADD CONSTRAINT manager_assignments_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.manager_assignments
    ADD CONSTRAINT manager_assignments_trainee_id_fkey FOREIGN KEY (trainee_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.model_usage
    ADD CONSTRAINT model_usage_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.model_usage
    ADD CONSTRAINT model_usage_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.modules
    ADD CONSTRAINT modules_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_preferences
    ADD CONSTRAINT notification_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.personal_settings
    ADD CONSTRAINT personal_settings_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.profiles(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.profiles
    ADD CONSTRAINT profiles_id_fkey FOREIGN KEY (id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quiz_allowances
    ADD CONSTRAINT quiz_allowances_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES public.profiles(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.quiz_allowances
    ADD CONSTRAINT quiz_allowances_quiz_id_fkey FOREIGN KEY (quiz_id) REFERENCES public.quizzes(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quiz_allowances
    ADD CONSTRAINT quiz_allowances_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quiz_answers
    ADD CONSTRAINT quiz_answers_question_id_fkey FOREIGN KEY (question_id) REFERENCES public.quiz_questions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quiz_attempts
    ADD CONSTRAINT quiz_attempts_quiz_id_fkey FOREIGN KEY (quiz_id) REFERENCES public.quizzes(id);

ALTER TABLE ONLY public.quiz_attempts
    ADD CONSTRAINT quiz_attempts_sitting_id_fkey FOREIGN KEY (sitting_id) REFERENCES callx.quiz_sittings(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.quiz_attempts
    ADD CONSTRAINT quiz_attempts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quiz_questions
    ADD CONSTRAINT quiz_questions_quiz_id_fkey FOREIGN KEY (quiz_id) REFERENCES public.quizzes(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quizzes
    ADD CONSTRAINT quizzes_lesson_id_fkey FOREIGN KEY (lesson_id) REFERENCES public.lessons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.recordings
    ADD CONSTRAINT recordings_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.report_subscriptions
    ADD CONSTRAINT report_subscriptions_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.report_subscriptions
    ADD CONSTRAINT report_subscriptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.review_claims
    ADD CONSTRAINT review_claims_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.review_claims
    ADD CONSTRAINT review_claims_claimed_by_fkey FOREIGN KEY (claimed_by) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.review_claims
    ADD CONSTRAINT review_claims_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.review_requests
    ADD CONSTRAINT review_requests_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.review_requests
    ADD CONSTRAINT review_requests_review_id_fkey FOREIGN KEY (review_id) REFERENCES public.reviews(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.review_requests
    ADD CONSTRAINT review_requests_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_based_on_fkey FOREIGN KEY (based_on) REFERENCES public.reviews(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_reviewer_id_fkey FOREIGN KEY (reviewer_id) REFERENCES public.profiles(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.simulation_attempts
    ADD CONSTRAINT simulation_attempts_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.simulation_attempts
    ADD CONSTRAINT simulation_attempts_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES public.profiles(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.simulation_attempts
    ADD CONSTRAINT simulation_attempts_simulation_id_fkey FOREIGN KEY (simulation_id) REFERENCES public.simulations(id);

ALTER TABLE ONLY public.simulation_attempts
    ADD CONSTRAINT simulation_attempts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.simulation_scenarios
    ADD CONSTRAINT simulation_scenarios_simulation_id_fkey FOREIGN KEY (simulation_id) REFERENCES public.simulations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.simulations
    ADD CONSTRAINT simulations_lesson_id_fkey FOREIGN KEY (lesson_id) REFERENCES public.lessons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.team_settings
    ADD CONSTRAINT team_settings_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.unverified_evaluations
    ADD CONSTRAINT unverified_evaluations_simulation_id_fkey FOREIGN KEY (simulation_id) REFERENCES public.simulations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.unverified_evaluations
    ADD CONSTRAINT unverified_evaluations_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.video_watching
    ADD CONSTRAINT video_watching_lesson_id_fkey FOREIGN KEY (lesson_id) REFERENCES public.lessons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.video_watching
    ADD CONSTRAINT video_watching_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY storage.buckets
    ADD CONSTRAINT buckets_owner_fkey FOREIGN KEY (owner) REFERENCES public.profiles(id) ON DELETE SET NULL;

ALTER TABLE ONLY storage.objects
    ADD CONSTRAINT objects_bucket_id_fkey FOREIGN KEY (bucket_id) REFERENCES storage.buckets(id);

ALTER TABLE ONLY storage.objects
    ADD CONSTRAINT objects_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.profiles(id) ON DELETE SET NULL;

ALTER TABLE ONLY storage.resumable_uploads
    ADD CONSTRAINT resumable_uploads_bucket_id_fkey FOREIGN KEY (bucket_id) REFERENCES storage.buckets(id) ON DELETE CASCADE;

ALTER TABLE ONLY storage.resumable_uploads
    ADD CONSTRAINT resumable_uploads_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY storage.upload_parts
    ADD CONSTRAINT upload_parts_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES storage.resumable_uploads(id) ON DELETE CASCADE;

CREATE POLICY "Definer functions can do everything" ON auth.email_changes TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON auth.letters TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON auth.logins TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON auth.one_time_tokens TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON auth.refresh_tokens TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON auth.users TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON auth.email_changes TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON auth.letters TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON auth.logins TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON auth.one_time_tokens TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON auth.refresh_tokens TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON auth.users TO service_role USING (true) WITH CHECK (true);

ALTER TABLE auth.email_changes ENABLE ROW LEVEL SECURITY;

ALTER TABLE auth.letters ENABLE ROW LEVEL SECURITY;

ALTER TABLE auth.logins ENABLE ROW LEVEL SECURITY;

ALTER TABLE auth.one_time_tokens ENABLE ROW LEVEL SECURITY;

ALTER TABLE auth.refresh_tokens ENABLE ROW LEVEL SECURITY;

ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;

CREATE POLICY "Definer functions can do everything" ON callx.badge_keys TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON callx.judgements TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON callx.lesson_texts TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON callx.module_unlocks TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON callx.page_words TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON callx.quiz_sittings TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON callx.told_comments TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON callx.withdrawn_badges TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON callx.badge_keys TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON callx.judgements TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON callx.lesson_texts TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON callx.module_unlocks TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON callx.page_words TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON callx.quiz_sittings TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON callx.told_comments TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON callx.withdrawn_badges TO service_role USING (true) WITH CHECK (true);

ALTER TABLE callx.badge_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE callx.judgements ENABLE ROW LEVEL SECURITY;

ALTER TABLE callx.lesson_texts ENABLE ROW LEVEL SECURITY;

ALTER TABLE callx.module_unlocks ENABLE ROW LEVEL SECURITY;

ALTER TABLE callx.page_words ENABLE ROW LEVEL SECURITY;

ALTER TABLE callx.quiz_sittings ENABLE ROW LEVEL SECURITY;

ALTER TABLE callx.told_comments ENABLE ROW LEVEL SECURITY;

ALTER TABLE callx.withdrawn_badges ENABLE ROW LEVEL SECURITY;

CREATE POLICY "Admins can assign to everybody" ON public.assignments TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can change all comments" ON public.call_comments FOR UPDATE TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can change own subscriptions" ON public.report_subscriptions FOR UPDATE TO callx_admin USING ((user_id = ( SELECT auth.uid() AS uid))) WITH CHECK ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Admins can change teams' settings" ON public.team_settings FOR UPDATE TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can change the settings" ON public.site_settings FOR UPDATE TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can comment on all calls" ON public.call_comments FOR INSERT TO callx_admin WITH CHECK (((author_id = ( SELECT auth.uid() AS uid)) AND (user_id <> ( SELECT auth.uid() AS uid))));

CREATE POLICY "Admins can decide about teams" ON public.team_settings FOR INSERT TO callx_admin WITH CHECK (true);

CREATE POLICY "Admins can discard own drafts" ON public.reviews FOR DELETE TO callx_admin USING (((state = 'draft'::text) AND (reviewer_id = ( SELECT auth.uid() AS uid))));

CREATE POLICY "Admins can manage allowances" ON public.quiz_allowances TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can manage answers" ON public.quiz_answers TO callx_admin USING ((EXISTS ( SELECT
   FROM public.quiz_questions q
  WHERE (q.id = quiz_answers.question_id)))) WITH CHECK (true);

CREATE POLICY "Admins can manage assignments" ON public.manager_assignments TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can manage attachments" ON public.lesson_attachments TO callx_admin USING ((EXISTS ( SELECT
   FROM public.lessons l
  WHERE (l.id = lesson_attachments.lesson_id)))) WITH CHECK (true);

CREATE POLICY "Admins can manage lessons" ON public.lessons TO callx_admin USING ((archived_at IS NULL)) WITH CHECK ((archived_at IS NULL));

CREATE POLICY "Admins can manage modules" ON public.modules TO callx_admin USING ((archived_at IS NULL)) WITH CHECK ((archived_at IS NULL));

CREATE POLICY "Admins can manage products" ON public.products TO callx_admin USING ((archived_at IS NULL)) WITH CHECK ((archived_at IS NULL));

CREATE POLICY "Admins can manage questions" ON public.quiz_questions TO callx_admin USING ((EXISTS ( SELECT
   FROM public.quizzes q
  WHERE (q.id = quiz_questions.quiz_id)))) WITH CHECK (true);

CREATE POLICY "Admins can manage quizzes" ON public.quizzes TO callx_admin USING ((EXISTS ( SELECT
   FROM public.lessons l
  WHERE (l.id = quizzes.lesson_id)))) WITH CHECK (true);

CREATE POLICY "Admins can manage roles" ON public.user_roles TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can manage scenarios" ON public.simulation_scenarios TO callx_admin USING ((EXISTS ( SELECT
   FROM public.simulations s
  WHERE (s.id = simulation_scenarios.simulation_id)))) WITH CHECK (true);

CREATE POLICY "Admins can manage simulations" ON public.simulations TO callx_admin USING ((EXISTS ( SELECT
   FROM public.lessons l
  WHERE (l.id = simulations.lesson_id)))) WITH CHECK (true);

CREATE POLICY "Admins can rename everybody" ON public.profiles FOR UPDATE TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can subscribe to any team" ON public.report_subscriptions FOR INSERT TO callx_admin WITH CHECK ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Admins can view all assignments" ON public.manager_assignments FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all attempts" ON public.simulation_attempts FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all calls" ON public.calls FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all certifications" ON public.certifications FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all claims" ON public.review_claims FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all comments" ON public.call_comments FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all completions" ON public.lesson_completions FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all profiles" ON public.profiles FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all quiz attempts" ON public.quiz_attempts FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all requests" ON public.review_requests FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all reviews" ON public.reviews FOR SELECT TO callx_admin USING (((state = 'published'::text) OR (reviewer_id = ( SELECT auth.uid() AS uid))));

CREATE POLICY "Admins can view all roles" ON public.user_roles FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all teams' settings" ON public.team_settings FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all unverified evaluations" ON public.unverified_evaluations FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view reissues" ON public.certificate_reissues FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view the audit log" ON public.audit_events FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view what a reissue is about" ON public.certificate_reissue_items FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view what everybody watched" ON public.video_watching FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view what models cost" ON public.model_usage FOR SELECT TO callx_admin USING (true);

CREATE POLICY "All users can view answers" ON public.quiz_answers FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.quiz_questions q
  WHERE ((q.id = quiz_answers.question_id) AND ((q.question_type)::text <> 'ordering'::text)))));

CREATE POLICY "All users can view attachments" ON public.lesson_attachments FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.lessons l
  WHERE (l.id = lesson_attachments.lesson_id))));

CREATE POLICY "All users can view courses" ON public.products FOR SELECT TO authenticated USING ((id = ANY (( SELECT callx.my_products() AS my_products)::uuid[])));

CREATE POLICY "All users can view lessons" ON public.lessons FOR SELECT TO authenticated USING (((archived_at IS NULL) AND (status = 'published'::text) AND (module_id = ANY (( SELECT callx.open_modules() AS open_modules)::uuid[]))));

CREATE POLICY "All users can view modules" ON public.modules FOR SELECT TO authenticated USING (((archived_at IS NULL) AND (status = 'published'::text) AND (product_id = ANY (( SELECT callx.my_products() AS my_products)::uuid[]))));

CREATE POLICY "All users can view questions" ON public.quiz_questions FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.quizzes q
  WHERE ((q.id = quiz_questions.quiz_id) AND (NOT q.needs_start)))));

CREATE POLICY "All users can view quizzes" ON public.quizzes FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.lessons l
  WHERE (l.id = quizzes.lesson_id))));

CREATE POLICY "All users can view scenarios" ON public.simulation_scenarios FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.simulations s
  WHERE (s.id = simulation_scenarios.simulation_id))));

CREATE POLICY "All users can view simulations" ON public.simulations FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.lessons l
  WHERE (l.id = simulations.lesson_id))));

CREATE POLICY "All users can view the settings" ON public.site_settings FOR SELECT TO authenticated USING (true);

CREATE POLICY "Badges are visible with their certificate" ON public.certificate_badges FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.certificate_issues i
  WHERE (i.id = certificate_badges.issue_id))));

CREATE POLICY "Definer functions can add events" ON public.call_events FOR INSERT TO callx_owner WITH CHECK (true);

CREATE POLICY "Definer functions can add to the audit log" ON public.audit_events FOR INSERT TO callx_owner WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.assignments TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.awards TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.call_comments TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.call_gaps TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.call_moods TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.call_turns TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.calls TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.certificate_badges TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.certificate_issues TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.certificate_reissue_items TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.certificate_reissues TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.certifications TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.document_pages TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.documents TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.evaluation_versions TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.evaluations TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.lesson_attachments TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.lesson_completions TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.lesson_videos TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.lessons TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.manager_assignments TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.model_usage TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.modules TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.notification_preferences TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.notifications TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.personal_settings TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.products TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.profiles TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.quiz_allowances TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.quiz_answers TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.quiz_attempts TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.quiz_questions TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.quizzes TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.recordings TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.report_subscriptions TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.review_claims TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.review_requests TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.reviews TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.simulation_attempts TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.simulation_scenarios TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.simulations TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.site_settings TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.team_settings TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.unverified_evaluations TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.user_roles TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.video_watching TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can view the audit log" ON public.audit_events FOR SELECT TO callx_owner USING (true);

CREATE POLICY "Definer functions can view the events" ON public.call_events FOR SELECT TO callx_owner USING (true);

CREATE POLICY "Documents are visible with their file" ON public.documents FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM storage.objects o
  WHERE (o.id = documents.object_id))));

CREATE POLICY "Evaluations are visible with their call" ON public.evaluations FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.calls c
  WHERE (c.id = evaluations.call_id))));

CREATE POLICY "Events are visible with their call" ON public.call_events FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.calls c
  WHERE ((c.id = call_events.call_id) AND ((call_events.kind <> ALL (ARRAY['begun'::text, 'begun_changed'::text])) OR (c.user_id IS DISTINCT FROM ( SELECT auth.uid() AS uid)))))));

CREATE POLICY "Events go with their call" ON public.call_events FOR DELETE TO callx_owner USING (true);

CREATE POLICY "Gaps are visible with their call" ON public.call_gaps FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.calls c
  WHERE (c.id = call_gaps.call_id))));

CREATE POLICY "Issues are visible with their certification" ON public.certificate_issues FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.certifications c
  WHERE (c.id = certificate_issues.certification_id))));

CREATE POLICY "Managers can assign to their team" ON public.assignments FOR INSERT TO callx_manager WITH CHECK ((((manager_id = ( SELECT auth.uid() AS uid)) OR (user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[]))) AND (product_id = ANY (( SELECT callx.my_products() AS my_products)::uuid[]))));

CREATE POLICY "Managers can change comments on trainee calls" ON public.call_comments FOR UPDATE TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[]))) WITH CHECK ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can change own subscriptions" ON public.report_subscriptions FOR UPDATE TO callx_manager USING ((user_id = ( SELECT auth.uid() AS uid))) WITH CHECK (((user_id = ( SELECT auth.uid() AS uid)) AND (manager_id IS NULL)));

CREATE POLICY "Managers can change their team's settings" ON public.team_settings FOR UPDATE TO callx_manager USING ((manager_id = ( SELECT auth.uid() AS uid))) WITH CHECK ((manager_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Managers can change what they assigned" ON public.assignments FOR UPDATE TO callx_manager USING (((assigned_by = ( SELECT auth.uid() AS uid)) AND ((manager_id = ( SELECT auth.uid() AS uid)) OR (user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[]))))) WITH CHECK ((((manager_id = ( SELECT auth.uid() AS uid)) OR (user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[]))) AND (product_id = ANY (( SELECT callx.my_products() AS my_products)::uuid[]))));

CREATE POLICY "Managers can comment on trainee calls" ON public.call_comments FOR INSERT TO callx_manager WITH CHECK (((author_id = ( SELECT auth.uid() AS uid)) AND (user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[]))));

CREATE POLICY "Managers can decide about their team" ON public.team_settings FOR INSERT TO callx_manager WITH CHECK ((manager_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Managers can discard own drafts" ON public.reviews FOR DELETE TO callx_manager USING (((state = 'draft'::text) AND (reviewer_id = ( SELECT auth.uid() AS uid)) AND (user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[]))));

CREATE POLICY "Managers can manage allowances of their team" ON public.quiz_allowances TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[]))) WITH CHECK (((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])) AND ((quiz_id IS NULL) OR (EXISTS ( SELECT
   FROM public.quizzes q
  WHERE (q.id = quiz_allowances.quiz_id))))));

CREATE POLICY "Managers can subscribe to their team" ON public.report_subscriptions FOR INSERT TO callx_manager WITH CHECK (((user_id = ( SELECT auth.uid() AS uid)) AND (manager_id IS NULL)));

CREATE POLICY "Managers can take back what they assigned" ON public.assignments FOR DELETE TO callx_manager USING (((assigned_by = ( SELECT auth.uid() AS uid)) AND ((manager_id = ( SELECT auth.uid() AS uid)) OR (user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])))));

CREATE POLICY "Managers can view claims on trainee calls" ON public.review_claims FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view comments on trainee calls" ON public.call_comments FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view own assignments" ON public.manager_assignments FOR SELECT TO callx_manager USING ((manager_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Managers can view reviews of trainee calls" ON public.reviews FOR SELECT TO callx_manager USING (((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])) AND ((state = 'published'::text) OR (reviewer_id = ( SELECT auth.uid() AS uid)))));

CREATE POLICY "Managers can view trainee attempts" ON public.simulation_attempts FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view trainee calls" ON public.calls FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view trainee certifications" ON public.certifications FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view trainee completions" ON public.lesson_completions FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view trainee profiles" ON public.profiles FOR SELECT TO callx_manager USING ((id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view trainee quiz attempts" ON public.quiz_attempts FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view trainee requests" ON public.review_requests FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view trainee unverified evaluations" ON public.unverified_evaluations FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view what their team is assigned" ON public.assignments FOR SELECT TO callx_manager USING (((manager_id = ( SELECT auth.uid() AS uid)) OR (user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[]))));

CREATE POLICY "Managers can view what trainees watched" ON public.video_watching FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Moods are visible with their call" ON public.call_moods FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.calls c
  WHERE (c.id = call_moods.call_id))));

CREATE POLICY "Pages are visible with their document" ON public.document_pages FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.documents d
  WHERE (d.object_id = document_pages.object_id))));

CREATE POLICY "Recordings are visible with their call" ON public.recordings FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.calls c
  WHERE (c.id = recordings.call_id))));

CREATE POLICY "Service can do everything" ON public.assignments TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.awards TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.call_comments TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.call_gaps TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.call_moods TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.call_turns TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.calls TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.certificate_badges TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.certificate_issues TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.certificate_reissue_items TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.certificate_reissues TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.certifications TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.document_pages TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.documents TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.evaluation_versions TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.evaluations TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.lesson_attachments TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.lesson_completions TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.lesson_videos TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.lessons TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.manager_assignments TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.model_usage TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.modules TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.notification_preferences TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.notifications TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.personal_settings TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.products TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.profiles TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.quiz_allowances TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.quiz_answers TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.quiz_attempts TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.quiz_questions TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.quizzes TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.recordings TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.report_subscriptions TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.review_claims TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.review_requests TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.reviews TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.simulation_attempts TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.simulation_scenarios TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.simulations TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.site_settings TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.team_settings TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.unverified_evaluations TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.user_roles TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.video_watching TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can view the audit log" ON public.audit_events FOR SELECT TO service_role USING (true);

CREATE POLICY "Service can view the events" ON public.call_events FOR SELECT TO service_role USING (true);

CREATE POLICY "Teams can view their settings" ON public.team_settings FOR SELECT TO authenticated USING (((manager_id = ( SELECT auth.uid() AS uid)) OR (manager_id = ANY (( SELECT callx.my_managers() AS my_managers)::uuid[]))));

CREATE POLICY "Teams with recognition see each other's badges" ON public.awards FOR SELECT TO authenticated USING ((user_id = ANY (( SELECT callx.recognised_people() AS recognised_people)::uuid[])));

CREATE POLICY "Trainees can view own assignments" ON public.manager_assignments FOR SELECT TO authenticated USING ((trainee_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Turns are visible with their call" ON public.call_turns FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.calls c
  WHERE (c.id = call_turns.call_id))));

CREATE POLICY "Users can answer comments on own calls" ON public.call_comments FOR INSERT TO authenticated WITH CHECK (((author_id = ( SELECT auth.uid() AS uid)) AND (user_id = ( SELECT auth.uid() AS uid)) AND (visibility = 'trainee'::text) AND (reply_to IS NOT NULL)));

CREATE POLICY "Users can ask for a review of own calls" ON public.review_requests FOR INSERT TO authenticated WITH CHECK ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can attempt quizzes that they see" ON public.quiz_attempts FOR INSERT TO authenticated WITH CHECK (((user_id = ( SELECT auth.uid() AS uid)) AND (EXISTS ( SELECT
   FROM public.quizzes q
  WHERE (q.id = quiz_attempts.quiz_id)))));

CREATE POLICY "Users can change own answers" ON public.call_comments FOR UPDATE TO authenticated USING (((user_id = ( SELECT auth.uid() AS uid)) AND (author_id = ( SELECT auth.uid() AS uid)))) WITH CHECK (((user_id = ( SELECT auth.uid() AS uid)) AND (author_id = ( SELECT auth.uid() AS uid))));

CREATE POLICY "Users can change own settings" ON public.personal_settings FOR UPDATE TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid))) WITH CHECK ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can choose how their certificate names them" ON public.certifications FOR UPDATE TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid))) WITH CHECK ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can choose own settings" ON public.personal_settings FOR INSERT TO authenticated WITH CHECK ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can complete lessons that they see" ON public.lesson_completions FOR INSERT TO authenticated WITH CHECK (((user_id = ( SELECT auth.uid() AS uid)) AND (EXISTS ( SELECT
   FROM public.lessons l
  WHERE (l.id = lesson_completions.lesson_id)))));

CREATE POLICY "Users can end own subscriptions" ON public.report_subscriptions FOR DELETE TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can manage own preferences" ON public.notification_preferences TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid))) WITH CHECK ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can mark own notifications" ON public.notifications FOR UPDATE TO authenticated USING (((user_id = ( SELECT auth.uid() AS uid)) AND in_app)) WITH CHECK (((user_id = ( SELECT auth.uid() AS uid)) AND in_app));

CREATE POLICY "Users can rename themselves" ON public.profiles FOR UPDATE TO authenticated USING ((id = ( SELECT auth.uid() AS uid))) WITH CHECK ((id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can repeat own completions" ON public.lesson_completions FOR UPDATE TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid))) WITH CHECK ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view comments on own calls" ON public.call_comments FOR SELECT TO authenticated USING (((user_id = ( SELECT auth.uid() AS uid)) AND (visibility = 'trainee'::text)));

CREATE POLICY "Users can view own allowances" ON public.quiz_allowances FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own attempts" ON public.simulation_attempts FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own calls" ON public.calls FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own certifications" ON public.certifications FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own completions" ON public.lesson_completions FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own notifications" ON public.notifications FOR SELECT TO authenticated USING (((user_id = ( SELECT auth.uid() AS uid)) AND in_app));

CREATE POLICY "Users can view own profile" ON public.profiles FOR SELECT TO authenticated USING ((id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own quiz attempts" ON public.quiz_attempts FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own requests" ON public.review_requests FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own roles" ON public.user_roles FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own settings" ON public.personal_settings FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own subscriptions" ON public.report_subscriptions FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own unverified evaluations" ON public.unverified_evaluations FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view reviews of own calls" ON public.reviews FOR SELECT TO authenticated USING (((user_id = ( SELECT auth.uid() AS uid)) AND (state = 'published'::text)));

CREATE POLICY "Users can view what they are assigned" ON public.assignments FOR SELECT TO authenticated USING (((user_id = ( SELECT auth.uid() AS uid)) OR (manager_id = ANY (( SELECT callx.my_managers() AS my_managers)::uuid[]))));

CREATE POLICY "Users can view what they watched" ON public.video_watching FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Versions are visible with their call" ON public.evaluation_versions FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.calls c
  WHERE (c.id = evaluation_versions.call_id))));

CREATE POLICY "Videos are visible with their lesson" ON public.lesson_videos FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.lessons l
  WHERE (l.id = lesson_videos.lesson_id))));

ALTER TABLE public.assignments ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.awards ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.call_comments ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.call_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.call_gaps ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.call_moods ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.call_turns ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.calls ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.certificate_badges ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.certificate_issues ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.certificate_reissue_items ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.certificate_reissues ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.certifications ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.document_pages ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.documents ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.evaluation_versions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.evaluations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lesson_attachments ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lesson_completions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lesson_videos ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lessons ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.manager_assignments ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.model_usage ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.modules ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notification_preferences ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notifications ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.personal_settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.products ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quiz_allowances ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quiz_answers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quiz_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quiz_questions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quizzes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.recordings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.report_subscriptions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.review_claims ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.review_requests ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reviews ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.simulation_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.simulation_scenarios ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.simulations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.site_settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.team_settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.unverified_evaluations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_roles ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.video_watching ENABLE ROW LEVEL SECURITY;

CREATE POLICY "Admins can change all buckets but that of the certificates" ON storage.buckets FOR UPDATE TO callx_admin USING ((id <> 'certificates'::text)) WITH CHECK ((id <> 'certificates'::text));

CREATE POLICY "Admins can make buckets" ON storage.buckets FOR INSERT TO callx_admin WITH CHECK (true);

CREATE POLICY "Admins can manage all objects but certificates" ON storage.objects TO callx_admin USING ((bucket_id <> 'certificates'::text)) WITH CHECK ((bucket_id <> 'certificates'::text));

CREATE POLICY "Admins can remove buckets that they made" ON storage.buckets FOR DELETE TO callx_admin USING ((id <> ALL (ARRAY['lesson-videos'::text, 'lesson-attachments'::text, 'certificates'::text])));

CREATE POLICY "Admins can view all buckets" ON storage.buckets FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all objects" ON storage.objects FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Certificates are visible with their certification" ON storage.objects FOR SELECT TO authenticated USING (((bucket_id = 'certificates'::text) AND (EXISTS ( SELECT
   FROM public.certifications c
  WHERE (c.certificate_url = ANY (ARRAY[objects.name, ((objects.bucket_id || '/'::text) || objects.name)]))))));

CREATE POLICY "Definer functions can do everything" ON storage.buckets TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON storage.objects TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON storage.resumable_uploads TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON storage.upload_parts TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Managers can view trainee certificates" ON storage.objects FOR SELECT TO callx_manager USING (((bucket_id = 'certificates'::text) AND ((storage.foldername(name))[1] = ANY ((( SELECT callx.my_trainees() AS my_trainees))::text[]))));

CREATE POLICY "Service can do everything" ON storage.buckets TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON storage.objects TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON storage.resumable_uploads TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON storage.upload_parts TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Users can add parts to own uploads" ON storage.upload_parts FOR INSERT TO authenticated WITH CHECK ((EXISTS ( SELECT
   FROM storage.resumable_uploads u
  WHERE (u.id = upload_parts.upload_id))));

CREATE POLICY "Users can download attachments of lessons that they see" ON storage.objects FOR SELECT TO authenticated USING (((bucket_id = 'lesson-attachments'::text) AND (EXISTS ( SELECT
   FROM public.lesson_attachments a
  WHERE (a.file_path = ANY (ARRAY[objects.name, ((objects.bucket_id || '/'::text) || objects.name)]))))));

CREATE POLICY "Users can upload as themselves" ON storage.resumable_uploads TO authenticated USING ((owner_id = ( SELECT auth.uid() AS uid))) WITH CHECK ((owner_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own certificates" ON storage.objects FOR SELECT TO authenticated USING (((bucket_id = 'certificates'::text) AND ((storage.foldername(name))[1] = (( SELECT auth.uid() AS uid))::text)));

CREATE POLICY "Users can view parts of own uploads" ON storage.upload_parts FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM storage.resumable_uploads u
  WHERE (u.id = upload_parts.upload_id))));

CREATE POLICY "Users can view videos of lessons that they see" ON storage.objects FOR SELECT TO authenticated USING (((bucket_id = 'lesson-videos'::text) AND (EXISTS ( SELECT
   FROM public.lessons l
  WHERE (l.video_url = ANY (ARRAY[objects.name, ((objects.bucket_id || '/'::text) || objects.name)]))))));

ALTER TABLE storage.buckets ENABLE ROW LEVEL SECURITY;

ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY;

ALTER TABLE storage.resumable_uploads ENABLE ROW LEVEL SECURITY;

ALTER TABLE storage.upload_parts ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA auth TO anon;
GRANT USAGE ON SCHEMA auth TO authenticated;
GRANT USAGE ON SCHEMA auth TO service_role;

GRANT USAGE ON SCHEMA callx TO authenticated;
GRANT USAGE ON SCHEMA callx TO service_role;
GRANT USAGE ON SCHEMA callx TO callx_server;

GRANT ALL ON SCHEMA public TO callx_owner;
GRANT USAGE ON SCHEMA public TO anon;
GRANT USAGE ON SCHEMA public TO authenticated;
GRANT USAGE ON SCHEMA public TO service_role;

GRANT USAGE ON SCHEMA storage TO authenticated;
GRANT USAGE ON SCHEMA storage TO service_role;

REVOKE ALL ON FUNCTION auth.jwt() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.jwt() TO anon;
GRANT ALL ON FUNCTION auth.jwt() TO authenticated;
GRANT ALL ON FUNCTION auth.jwt() TO service_role;

REVOKE ALL ON FUNCTION auth.role() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.role() TO anon;
GRANT ALL ON FUNCTION auth.role() TO authenticated;
GRANT ALL ON FUNCTION auth.role() TO service_role;

REVOKE ALL ON FUNCTION auth.uid() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.uid() TO anon;
GRANT ALL ON FUNCTION auth.uid() TO authenticated;
GRANT ALL ON FUNCTION auth.uid() TO service_role;

REVOKE ALL ON FUNCTION callx.abandon_object() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.abandon_recording() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.abandon_upload_parts() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.abridged(_value jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.act_for(_user_id uuid, _login_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.act_for(_user_id uuid, _login_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.actor_id() FROM PUBLIC;
GRANT ALL ON FUNCTION callx.actor_id() TO authenticated;
GRANT ALL ON FUNCTION callx.actor_id() TO service_role;

REVOKE ALL ON FUNCTION callx.actor_role() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.analysed_people(_manager_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.analysed_products(_product_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.announce_unlock(_user_id uuid, _lesson_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.announce_unlock(_user_id uuid, _lesson_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.archive(_id uuid, _kind text, _parent_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.archive_lesson_instead() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.archive_lesson_part_instead() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.archive_module_instead() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.archive_product_instead() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.array_problem(_value jsonb, _schema jsonb, _root jsonb, _path text) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.audit(_action text, _kind text, _id uuid, _details jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.audit(_action text, _kind text, _id uuid, _details jsonb) TO service_role;

REVOKE ALL ON FUNCTION callx.audit_account() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.audit_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.audit_deleted_comment() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.audit_export(_table text, _format text, _filters jsonb, _rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.audit_export(_table text, _format text, _filters jsonb, _rows integer) TO authenticated;

REVOKE ALL ON TABLE public.audit_events FROM callx_owner;
GRANT SELECT,INSERT,REFERENCES,TRIGGER,MAINTAIN ON TABLE public.audit_events TO callx_owner;
GRANT SELECT ON TABLE public.audit_events TO callx_admin;
GRANT SELECT ON TABLE public.audit_events TO service_role;

REVOKE ALL ON FUNCTION callx.audit_hash(_event public.audit_events) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.audit_read(_tables text[], _query text, _rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.audit_read(_tables text[], _query text, _rows integer) TO authenticated;

REVOKE ALL ON FUNCTION callx.audit_role() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.audit_team() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.audit_view(_action text, _call_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.audit_view(_action text, _call_id uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.audit_view(_action text, _call_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.average_best_score(_user_id uuid, _product_id uuid) FROM PUBLIC;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.calls TO service_role;

GRANT SELECT(id) ON TABLE public.calls TO authenticated;

GRANT SELECT(user_id) ON TABLE public.calls TO authenticated;

GRANT SELECT(simulation_id) ON TABLE public.calls TO authenticated;

GRANT SELECT(mode) ON TABLE public.calls TO authenticated;

GRANT SELECT(state) ON TABLE public.calls TO authenticated;

GRANT SELECT(scenario_version) ON TABLE public.calls TO authenticated;

GRANT SELECT(model) ON TABLE public.calls TO authenticated;

GRANT SELECT(created_at) ON TABLE public.calls TO authenticated;

GRANT SELECT(answered_at) ON TABLE public.calls TO authenticated;

GRANT SELECT(ended_at) ON TABLE public.calls TO authenticated;

GRANT SELECT(end_reason) ON TABLE public.calls TO authenticated;

GRANT SELECT(duration_ms) ON TABLE public.calls TO authenticated;

GRANT SELECT(usage) ON TABLE public.calls TO authenticated;

GRANT SELECT(medium) ON TABLE public.calls TO authenticated;

REVOKE ALL ON FUNCTION callx.beginning_of(_call public.calls) FROM PUBLIC;

REVOKE ALL ON TABLE public.call_events FROM callx_owner;
GRANT SELECT,INSERT,REFERENCES,DELETE,TRIGGER,MAINTAIN ON TABLE public.call_events TO callx_owner;
GRANT SELECT ON TABLE public.call_events TO authenticated;
GRANT SELECT ON TABLE public.call_events TO service_role;

REVOKE ALL ON FUNCTION callx.call_event_hash(_event public.call_events) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.call_script(_simulation_id uuid, _longest integer) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.call_script(_simulation_id uuid, _longest integer) TO service_role;

REVOKE ALL ON FUNCTION callx.call_to_review(_call_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.certificate_of_lesson(_user_id uuid, _lesson_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.certificate_of_lesson(_user_id uuid, _lesson_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.certificate_standing(_user_id uuid, _product_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.certificate_standing(_user_id uuid, _product_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.certificate_state(_expires_at timestamp with time zone, _revoked_at timestamp with time zone, _renewal_days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.certificate_state(_expires_at timestamp with time zone, _revoked_at timestamp with time zone, _renewal_days integer) TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.certifications TO service_role;
GRANT SELECT ON TABLE public.certifications TO authenticated;

GRANT UPDATE(shown_name) ON TABLE public.certifications TO authenticated;

REVOKE ALL ON FUNCTION callx.certification_for_admin(_certification_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.certifying_times(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.certifying_times(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION callx.certifying_times(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION callx.check_quiz_answers(_answers jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.check_quiz_answers(_answers jsonb) TO authenticated;
GRANT ALL ON FUNCTION callx.check_quiz_answers(_answers jsonb) TO service_role;

REVOKE ALL ON FUNCTION callx.complete_comment() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.complete_passed_quiz() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.complete_passed_simulation() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.content_findings(_product_id uuid, _with_drafts boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.content_place(_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.copy_lesson(_lesson_id uuid, _changes jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.copy_module(_module_id uuid, _changes jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.copy_quiz(_quiz_id uuid, _lesson_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.copy_row(_table regclass, _id uuid, _changes jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.copy_simulation(_simulation_id uuid, _lesson_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.count_scenario_version() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.course_states(_user_ids uuid[], _product_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.course_states(_user_ids uuid[], _product_ids uuid[]) TO service_role;

REVOKE ALL ON FUNCTION callx.courses_of(_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.courses_of(_user_id uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.courses_of(_user_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.criterion_counts(_manager_id uuid, _product_id uuid, _simulation_id uuid, _since timestamp with time zone, _until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.criterion_counts(_manager_id uuid, _product_id uuid, _simulation_id uuid, _since timestamp with time zone, _until timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION callx.criterion_counts(_manager_id uuid, _product_id uuid, _simulation_id uuid, _since timestamp with time zone, _until timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION callx.criterion_problem(_criterion jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.database_role_of(_user_id uuid, _login_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.database_role_of(_user_id uuid, _login_id uuid) TO callx_server;

REVOKE ALL ON FUNCTION callx.emit_comment_changed() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.emit_commented() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.emit_course_assigned() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.emit_fact(_kind text, _payload jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.emit_fact(_kind text, _payload jsonb) TO service_role;

REVOKE ALL ON FUNCTION callx.emit_first_sign_in() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.emit_lesson_completed() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.emit_passed_again() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.emit_recognition_on() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.emit_review_requested() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.emit_team_joined() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.end_overdue_sittings(_at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.end_overdue_sittings(_at_most integer) TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE callx.quiz_sittings TO service_role;

REVOKE ALL ON FUNCTION callx.end_sitting(_sitting callx.quiz_sittings) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.explained(_grading jsonb, _questions jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.exported_progress(_user_id uuid, _product_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.exported_progress(_user_id uuid, _product_id uuid) TO authenticated;

REVOKE ALL ON FUNCTION callx.extend_sittings() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.finishers(_lesson_ids uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.fn_pgqueuer_changed() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.folded(_text text, _match_case boolean, _match_accents boolean, _match_spaces boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.follow_newest_issue() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.forget_full_buckets(_now timestamp with time zone, _limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.forget_full_buckets(_now timestamp with time zone, _limit integer) TO service_role;

REVOKE ALL ON FUNCTION callx.found_in_lessons(_query text, _lesson_ids uuid[], _most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.found_in_lessons(_query text, _lesson_ids uuid[], _most integer) TO authenticated;
GRANT ALL ON FUNCTION callx.found_in_lessons(_query text, _lesson_ids uuid[], _most integer) TO service_role;

REVOKE ALL ON FUNCTION callx.free_key() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.grade_choice(_question jsonb, _given jsonb, OUT kept jsonb, OUT earned integer, OUT possible integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.grade_choices(_question jsonb, _given jsonb, OUT kept jsonb, OUT earned integer, OUT possible integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.grade_order(_question jsonb, _given jsonb, OUT kept jsonb, OUT earned integer, OUT possible integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.grade_quiz_attempt() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.grade_text(_question jsonb, _given jsonb, OUT kept jsonb, OUT earned integer, OUT possible integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.graded_answers(_questions jsonb, _answers jsonb, OUT score integer, OUT answers jsonb, OUT grading jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.guard_comment() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.guard_completion() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.guard_publishing() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.guard_review_request() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.has_access(_product_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.has_access(_product_id uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.has_access(_product_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.has_open_sitting(_user_id uuid, _quiz_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.has_open_sitting(_user_id uuid, _quiz_id uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.has_open_sitting(_user_id uuid, _quiz_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.have_results(_lesson_ids uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.hold_open_sitting(_user_id uuid, _quiz_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.hold_open_sitting(_user_id uuid, _quiz_id uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.hold_open_sitting(_user_id uuid, _quiz_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.impact(_product_id uuid, _before uuid[], _after uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.improvements(_manager_id uuid, _since timestamp with time zone, _until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.improvements(_manager_id uuid, _since timestamp with time zone, _until timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION callx.is_admin() FROM PUBLIC;
GRANT ALL ON FUNCTION callx.is_admin() TO authenticated;

REVOKE ALL ON FUNCTION callx.is_assessed(_product_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.is_between(_at timestamp with time zone, _since timestamp with time zone, _until timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.is_module_locked(_module_id uuid, _user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.is_module_locked(_module_id uuid, _user_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.is_other_window(_window_id uuid, _of_sitting uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.is_other_window(_window_id uuid, _of_sitting uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.is_other_window(_window_id uuid, _of_sitting uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.is_put_back(_completion_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.is_put_back(_completion_id uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.is_put_back(_completion_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.is_safe_html(_html text) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.is_safe_html(_html text) TO callx_admin;
GRANT ALL ON FUNCTION callx.is_safe_html(_html text) TO service_role;

REVOKE ALL ON FUNCTION callx.is_sampled(_call_id uuid, _percent integer) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.is_sampled(_call_id uuid, _percent integer) TO authenticated;
GRANT ALL ON FUNCTION callx.is_sampled(_call_id uuid, _percent integer) TO service_role;

REVOKE ALL ON FUNCTION callx.is_staff(_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.is_staff(_user_id uuid) TO authenticated;

REVOKE ALL ON FUNCTION callx.is_time_zone(_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.is_time_zone(_name text) TO authenticated;
GRANT ALL ON FUNCTION callx.is_time_zone(_name text) TO service_role;

REVOKE ALL ON FUNCTION callx.is_web_address(_text text) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.judge_again() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.keep_an_admin() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.keep_product_status() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.learning_days(_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.learning_days(_user_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.length_ms(_ranges int4multirange) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.length_ms(_ranges int4multirange) TO service_role;

REVOKE ALL ON FUNCTION callx.lesson_stops(_manager_id uuid, _product_id uuid, _idle interval, _now timestamp with time zone, _since timestamp with time zone, _until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.lesson_stops(_manager_id uuid, _product_id uuid, _idle interval, _now timestamp with time zone, _since timestamp with time zone, _until timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION callx.lesson_stops(_manager_id uuid, _product_id uuid, _idle interval, _now timestamp with time zone, _since timestamp with time zone, _until timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION callx.limit_quiz_attempts() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.lines_said_unasked(_script jsonb, _fact bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.listed_ids(_ids jsonb, _known jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.live_lessons(_product_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.lock_order(_parent_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.lock_quiz(_user_id uuid, _quiz_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.lock_quiz(_user_id uuid, _quiz_id uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.lock_quiz(_user_id uuid, _quiz_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.log_call(_call_id uuid, _kind text, _details jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.log_of_call() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.log_of_evaluation() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.log_of_part() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.log_of_recording() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.log_of_turn() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.marks_of(_report jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.marks_of(_report jsonb) TO service_role;

REVOKE ALL ON FUNCTION callx.may_review(_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.may_review(_user_id uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.may_review(_user_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.merged_watching(_before int4multirange, _reported int4multirange, _length_ms integer) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.merged_watching(_before int4multirange, _reported int4multirange, _length_ms integer) TO service_role;

REVOKE ALL ON FUNCTION callx.module_states(_user_id uuid, _product_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.module_states(_user_id uuid, _product_ids uuid[]) TO service_role;

REVOKE ALL ON FUNCTION callx.move_row(_table regclass, _parent name, _live text, _id uuid, _to_index integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.my_managers() FROM PUBLIC;
GRANT ALL ON FUNCTION callx.my_managers() TO authenticated;
GRANT ALL ON FUNCTION callx.my_managers() TO service_role;

REVOKE ALL ON FUNCTION callx.my_module_states() FROM PUBLIC;
GRANT ALL ON FUNCTION callx.my_module_states() TO authenticated;
GRANT ALL ON FUNCTION callx.my_module_states() TO service_role;

REVOKE ALL ON FUNCTION callx.my_products() FROM PUBLIC;
GRANT ALL ON FUNCTION callx.my_products() TO authenticated;
GRANT ALL ON FUNCTION callx.my_products() TO service_role;

REVOKE ALL ON FUNCTION callx.my_recognised_teams() FROM PUBLIC;
GRANT ALL ON FUNCTION callx.my_recognised_teams() TO authenticated;
GRANT ALL ON FUNCTION callx.my_recognised_teams() TO service_role;

REVOKE ALL ON FUNCTION callx.my_recognition(_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.my_recognition(_now timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION callx.my_trainees() FROM PUBLIC;
GRANT ALL ON FUNCTION callx.my_trainees() TO authenticated;
GRANT ALL ON FUNCTION callx.my_trainees() TO service_role;

REVOKE ALL ON FUNCTION callx.new_key() FROM PUBLIC;
GRANT ALL ON FUNCTION callx.new_key() TO callx_admin;
GRANT ALL ON FUNCTION callx.new_key() TO service_role;

REVOKE ALL ON FUNCTION callx.note_lesson_text() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.note_lesson_video() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.note_stored_document() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.note_stored_video() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.note_watching(_lesson_id uuid, _reported int4multirange, _position_ms integer) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.note_watching(_lesson_id uuid, _reported int4multirange, _position_ms integer) TO authenticated;
GRANT ALL ON FUNCTION callx.note_watching(_lesson_id uuid, _reported int4multirange, _position_ms integer) TO service_role;

REVOKE ALL ON FUNCTION callx.number_problem(_value jsonb, _schema jsonb, _path text) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.number_readings(_text text) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.object_problem(_value jsonb, _schema jsonb, _root jsonb, _path text) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.open_modules() FROM PUBLIC;
GRANT ALL ON FUNCTION callx.open_modules() TO authenticated;
GRANT ALL ON FUNCTION callx.open_modules() TO service_role;

REVOKE ALL ON FUNCTION callx.own_new_version() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.own_sitting(_sitting_id uuid, OUT quiz_id uuid, OUT answers jsonb, OUT window_id uuid, OUT deadline_at timestamp with time zone, OUT is_ended boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.own_sitting(_sitting_id uuid, OUT quiz_id uuid, OUT answers jsonb, OUT window_id uuid, OUT deadline_at timestamp with time zone, OUT is_ended boolean) TO authenticated;
GRANT ALL ON FUNCTION callx.own_sitting(_sitting_id uuid, OUT quiz_id uuid, OUT answers jsonb, OUT window_id uuid, OUT deadline_at timestamp with time zone, OUT is_ended boolean) TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lessons TO service_role;
GRANT DELETE ON TABLE public.lessons TO callx_admin;

GRANT INSERT(id),UPDATE(id) ON TABLE public.lessons TO callx_admin;
GRANT SELECT(id) ON TABLE public.lessons TO authenticated;

GRANT INSERT(module_id),UPDATE(module_id) ON TABLE public.lessons TO callx_admin;
GRANT SELECT(module_id) ON TABLE public.lessons TO authenticated;

GRANT INSERT(title),UPDATE(title) ON TABLE public.lessons TO callx_admin;
GRANT SELECT(title) ON TABLE public.lessons TO authenticated;

GRANT INSERT(lesson_type),UPDATE(lesson_type) ON TABLE public.lessons TO callx_admin;
GRANT SELECT(lesson_type) ON TABLE public.lessons TO authenticated;

GRANT INSERT(order_index),UPDATE(order_index) ON TABLE public.lessons TO callx_admin;
GRANT SELECT(order_index) ON TABLE public.lessons TO authenticated;

GRANT INSERT(video_url),UPDATE(video_url) ON TABLE public.lessons TO callx_admin;
GRANT SELECT(video_url) ON TABLE public.lessons TO authenticated;

GRANT INSERT(text_content),UPDATE(text_content) ON TABLE public.lessons TO callx_admin;
GRANT SELECT(text_content) ON TABLE public.lessons TO authenticated;

GRANT SELECT(created_at) ON TABLE public.lessons TO authenticated;
GRANT INSERT(created_at),UPDATE(created_at) ON TABLE public.lessons TO callx_admin;

GRANT SELECT(updated_at) ON TABLE public.lessons TO authenticated;
GRANT INSERT(updated_at),UPDATE(updated_at) ON TABLE public.lessons TO callx_admin;

GRANT SELECT(must_watch) ON TABLE public.lessons TO authenticated;
GRANT INSERT(must_watch),UPDATE(must_watch) ON TABLE public.lessons TO callx_admin;

GRANT SELECT(status) ON TABLE public.lessons TO authenticated;
GRANT INSERT(status),UPDATE(status) ON TABLE public.lessons TO callx_admin;

GRANT SELECT(key) ON TABLE public.lessons TO authenticated;
GRANT INSERT(key),UPDATE(key) ON TABLE public.lessons TO callx_admin;

REVOKE ALL ON FUNCTION callx.part_findings(_lesson public.lessons) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.pass_counts(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.pass_counts(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION callx.pass_counts(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quiz_attempts TO service_role;

GRANT SELECT(id) ON TABLE public.quiz_attempts TO authenticated;

GRANT SELECT(user_id),INSERT(user_id) ON TABLE public.quiz_attempts TO authenticated;

GRANT SELECT(quiz_id),INSERT(quiz_id) ON TABLE public.quiz_attempts TO authenticated;

GRANT SELECT(score),INSERT(score) ON TABLE public.quiz_attempts TO authenticated;

GRANT SELECT(passed),INSERT(passed) ON TABLE public.quiz_attempts TO authenticated;

GRANT SELECT(answers),INSERT(answers) ON TABLE public.quiz_attempts TO authenticated;

GRANT SELECT(attempted_at),INSERT(attempted_at) ON TABLE public.quiz_attempts TO authenticated;

GRANT SELECT(questions) ON TABLE public.quiz_attempts TO authenticated;

GRANT SELECT(answer_key) ON TABLE public.quiz_attempts TO callx_admin;

GRANT SELECT(sitting_id) ON TABLE public.quiz_attempts TO authenticated;

GRANT SELECT(started_at) ON TABLE public.quiz_attempts TO authenticated;

GRANT SELECT(is_late) ON TABLE public.quiz_attempts TO authenticated;

GRANT SELECT(grading) ON TABLE public.quiz_attempts TO callx_admin;

REVOKE ALL ON FUNCTION callx.passes(_attempt public.quiz_attempts) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.paths_of(_bucket_id text, _name text) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.paths_of(_bucket_id text, _name text) TO service_role;

REVOKE ALL ON FUNCTION callx.people_in_reports() FROM PUBLIC;
GRANT ALL ON FUNCTION callx.people_in_reports() TO authenticated;

REVOKE ALL ON FUNCTION callx.percentage(_completed bigint, _total bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.percentage(_completed bigint, _total bigint) TO service_role;

REVOKE ALL ON FUNCTION callx.person_report(_user_id uuid, _attempts integer, _judged integer) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.person_report(_user_id uuid, _attempts integer, _judged integer) TO authenticated;
GRANT ALL ON FUNCTION callx.person_report(_user_id uuid, _attempts integer, _judged integer) TO service_role;

REVOKE ALL ON FUNCTION callx.probably_earned(_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.probably_earned(_limit integer) TO service_role;

REVOKE ALL ON FUNCTION callx.products_of(_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.products_of(_user_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.protect(_table regclass) FROM PUBLIC;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lesson_completions TO service_role;
GRANT SELECT ON TABLE public.lesson_completions TO authenticated;

GRANT INSERT(user_id),UPDATE(user_id) ON TABLE public.lesson_completions TO authenticated;

GRANT INSERT(lesson_id),UPDATE(lesson_id) ON TABLE public.lesson_completions TO authenticated;

GRANT INSERT(completed_at),UPDATE(completed_at) ON TABLE public.lesson_completions TO authenticated;

REVOKE ALL ON FUNCTION callx.put_back_completion(_user_id uuid, _lesson_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.put_back_completion(_user_id uuid, _lesson_id uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.put_back_completion(_user_id uuid, _lesson_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.question_findings(_quiz_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.questions_to_show(_questions jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.quiz_allowance(_user_id uuid, _quiz_id uuid, OUT time_factor numeric, OUT is_untimed boolean, OUT extra_attempts integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.quiz_deadline(_user_id uuid, _quiz_id uuid, _minutes integer, _started_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.quiz_grace() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.quiz_item_counts(_manager_id uuid, _quiz_id uuid, _since timestamp with time zone, _until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.quiz_item_counts(_manager_id uuid, _quiz_id uuid, _since timestamp with time zone, _until timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION callx.quiz_item_counts(_manager_id uuid, _quiz_id uuid, _since timestamp with time zone, _until timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION callx.quiz_of_own_sitting(_sitting_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.quiz_of_own_sitting(_sitting_id uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.quiz_of_own_sitting(_sitting_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.quiz_questions_as_asked(_quiz_id uuid, _seed bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.quiz_result(_quiz_id uuid, _user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.quiz_result(_quiz_id uuid, _user_id uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.quiz_result(_quiz_id uuid, _user_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.ranges_of(_pairs jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.ranges_of(_pairs jsonb) TO authenticated;
GRANT ALL ON FUNCTION callx.ranges_of(_pairs jsonb) TO service_role;

REVOKE ALL ON FUNCTION callx.read_video_again(_lesson_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.recognised_people() FROM PUBLIC;
GRANT ALL ON FUNCTION callx.recognised_people() TO authenticated;
GRANT ALL ON FUNCTION callx.recognised_people() TO service_role;

REVOKE ALL ON FUNCTION callx.refuse_audit_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.refuse_call_event_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.refuse_changed_completion() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.refuse_orphan(_parent_is_there boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.refuse_quiz_attempt(_user_id uuid, _quiz_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.refuse_quiz_attempt(_user_id uuid, _quiz_id uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.refuse_quiz_attempt(_user_id uuid, _quiz_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.refuse_unusable_scenario() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.remove_certificates() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.renewal_open(_user_id uuid, _product_id uuid, _since timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.reopen_failed_simulation() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.require_admin() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.require_product(_product_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.require_progress_of(_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.require_simulation(_simulation_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.require_team_of(_manager_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.require_watching() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.return_tokens(_keys bytea[], _refills_ms integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.return_tokens(_keys bytea[], _refills_ms integer[]) TO service_role;

REVOKE ALL ON FUNCTION callx.review_is_open(_attempt public.quiz_attempts) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.revoked_badges(_from bigint, _to bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.revoked_badges(_from bigint, _to bigint) TO service_role;

REVOKE ALL ON FUNCTION callx.right_answers(_questions jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.rubric_problem(_rubric jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.rubric_schema() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.schema_problem(_value jsonb, _schema jsonb, _root jsonb, _path text) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.score_counts(_manager_id uuid, _product_id uuid, _simulation_id uuid, _which text, _since timestamp with time zone, _until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.score_counts(_manager_id uuid, _product_id uuid, _simulation_id uuid, _which text, _since timestamp with time zone, _until timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION callx.score_counts(_manager_id uuid, _product_id uuid, _simulation_id uuid, _which text, _since timestamp with time zone, _until timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION callx.script_problem(_script jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.script_schema() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.seal_audit_event() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.search_words(_language regconfig, _title text, _body text) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.search_words(_language regconfig, _title text, _body text) TO service_role;

REVOKE ALL ON FUNCTION callx.set_status(_id uuid, _kind text, _status text, _with_drafts boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.sha256_of(_value jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.snippet(_language regconfig, _body text, _wanted tsquery, _query text) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.snippet(_language regconfig, _body text, _wanted tsquery, _query text) TO service_role;

REVOKE ALL ON FUNCTION callx.stamp_allowance() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.stamp_completion() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.stamp_created_at() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.stamp_created_by() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.stamp_read() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.start_quiz(_quiz_id uuid, _window_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.start_quiz(_quiz_id uuid, _window_id uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.start_quiz(_quiz_id uuid, _window_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.started_quiz(_sitting callx.quiz_sittings, _is_resumed boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.store_pages(_object_id uuid, _version uuid, _numbers integer[], _texts text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.store_pages(_object_id uuid, _version uuid, _numbers integer[], _texts text[]) TO service_role;

REVOKE ALL ON FUNCTION callx.string_problem(_value jsonb, _schema jsonb, _path text) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.take_tokens(_keys bytea[], _bursts integer[], _refills_ms integer[], _now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.take_tokens(_keys bytea[], _bursts integer[], _refills_ms integer[], _now timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION callx.team_progress(_manager_id uuid, _product_id uuid, _limit integer, _offset integer) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.team_progress(_manager_id uuid, _product_id uuid, _limit integer, _offset integer) TO authenticated;
GRANT ALL ON FUNCTION callx.team_progress(_manager_id uuid, _product_id uuid, _limit integer, _offset integer) TO service_role;

REVOKE ALL ON FUNCTION callx.team_scores(_manager_id uuid, _product_id uuid, _simulation_id uuid, _since timestamp with time zone, _sections integer, _limit integer, _offset integer) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.team_scores(_manager_id uuid, _product_id uuid, _simulation_id uuid, _since timestamp with time zone, _sections integer, _limit integer, _offset integer) TO authenticated;
GRANT ALL ON FUNCTION callx.team_scores(_manager_id uuid, _product_id uuid, _simulation_id uuid, _since timestamp with time zone, _sections integer, _limit integer, _offset integer) TO service_role;

REVOKE ALL ON FUNCTION callx.teams_with_recognition() FROM PUBLIC;
GRANT ALL ON FUNCTION callx.teams_with_recognition() TO service_role;

REVOKE ALL ON FUNCTION callx.text_language(_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.text_language(_text text) TO service_role;

REVOKE ALL ON FUNCTION callx.tidy_name() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.touch_updated_at() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.training_costs(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.training_costs(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION callx.training_costs(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION callx.training_funnel(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.training_funnel(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION callx.training_funnel(_manager_id uuid, _product_id uuid, _since timestamp with time zone, _until timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION callx.trimmed(_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.trimmed(_text text) TO authenticated;

REVOKE ALL ON FUNCTION callx.user_progress(_product_id uuid, _user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.user_progress(_product_id uuid, _user_id uuid) TO authenticated;
GRANT ALL ON FUNCTION callx.user_progress(_product_id uuid, _user_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.verify_audit(_from bigint, OUT events bigint, OUT broken_at bigint, OUT last_id bigint, OUT last_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.verify_audit(_from bigint, OUT events bigint, OUT broken_at bigint, OUT last_id bigint, OUT last_hash bytea) TO service_role;

REVOKE ALL ON FUNCTION callx.verify_call(_call_id uuid, OUT events integer, OUT broken_at integer, OUT last_hash text, OUT differs text[], OUT recording_sha256 text) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.verify_call(_call_id uuid, OUT events integer, OUT broken_at integer, OUT last_hash text, OUT differs text[], OUT recording_sha256 text) TO service_role;

REVOKE ALL ON FUNCTION callx.visible_text(_html text) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.wanted_words(_query text) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.wanted_words(_query text) TO service_role;

REVOKE ALL ON FUNCTION callx.wants(_user_id uuid, _kind text, _channel text) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.wants(_user_id uuid, _kind text, _channel text) TO service_role;

REVOKE ALL ON FUNCTION callx.wants_report_letter(_user_id uuid, _attempt_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.wants_report_letter(_user_id uuid, _attempt_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.what_is_missing(_user_id uuid, _product_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.what_is_missing(_user_id uuid, _product_id uuid) TO service_role;

REVOKE ALL ON FUNCTION callx.withdraw_badge() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.without_markup(_html text) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.without_markup(_html text) TO service_role;

REVOKE ALL ON FUNCTION callx.words_of(_text text) FROM PUBLIC;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.call_turns TO service_role;
GRANT SELECT ON TABLE public.call_turns TO authenticated;

REVOKE ALL ON FUNCTION callx.words_of(_turn public.call_turns) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.archive_content(id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.archive_content(id uuid) TO callx_admin;
GRANT ALL ON FUNCTION public.archive_content(id uuid) TO service_role;

REVOKE ALL ON FUNCTION public.archived_content() FROM PUBLIC;
GRANT ALL ON FUNCTION public.archived_content() TO callx_admin;
GRANT ALL ON FUNCTION public.archived_content() TO service_role;

REVOKE ALL ON FUNCTION public.check_content(id uuid, with_drafts boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.check_content(id uuid, with_drafts boolean) TO callx_admin;
GRANT ALL ON FUNCTION public.check_content(id uuid, with_drafts boolean) TO service_role;

REVOKE ALL ON FUNCTION public.claim_review(call_id uuid, assignee uuid, take_over boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.claim_review(call_id uuid, assignee uuid, take_over boolean) TO callx_manager;
GRANT ALL ON FUNCTION public.claim_review(call_id uuid, assignee uuid, take_over boolean) TO callx_admin;

REVOKE ALL ON FUNCTION public.duplicate_content(id uuid, title text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.duplicate_content(id uuid, title text) TO callx_admin;
GRANT ALL ON FUNCTION public.duplicate_content(id uuid, title text) TO service_role;

REVOKE ALL ON FUNCTION public.handle_changed_email() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.handle_new_user() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.has_role(_user_id uuid, _role public.app_role) FROM PUBLIC;
GRANT ALL ON FUNCTION public.has_role(_user_id uuid, _role public.app_role) TO authenticated;
GRANT ALL ON FUNCTION public.has_role(_user_id uuid, _role public.app_role) TO service_role;

REVOKE ALL ON FUNCTION public.is_manager_of(trainee uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.is_manager_of(trainee uuid) TO authenticated;
GRANT ALL ON FUNCTION public.is_manager_of(trainee uuid) TO service_role;

REVOKE ALL ON FUNCTION public.module_progress(product_id uuid, user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.module_progress(product_id uuid, user_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.module_progress(product_id uuid, user_id uuid) TO service_role;

REVOKE ALL ON FUNCTION public.move_lesson(id uuid, to_index integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.move_lesson(id uuid, to_index integer) TO callx_admin;
GRANT ALL ON FUNCTION public.move_lesson(id uuid, to_index integer) TO service_role;

REVOKE ALL ON FUNCTION public.move_lesson_to_module(id uuid, module_id uuid, to_index integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.move_lesson_to_module(id uuid, module_id uuid, to_index integer) TO callx_admin;
GRANT ALL ON FUNCTION public.move_lesson_to_module(id uuid, module_id uuid, to_index integer) TO service_role;

REVOKE ALL ON FUNCTION public.move_module(id uuid, to_index integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.move_module(id uuid, to_index integer) TO callx_admin;
GRANT ALL ON FUNCTION public.move_module(id uuid, to_index integer) TO service_role;

REVOKE ALL ON FUNCTION public.move_question(id uuid, to_index integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.move_question(id uuid, to_index integer) TO callx_admin;
GRANT ALL ON FUNCTION public.move_question(id uuid, to_index integer) TO service_role;

REVOKE ALL ON FUNCTION public.publish_content(id uuid, with_drafts boolean, dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.publish_content(id uuid, with_drafts boolean, dry_run boolean) TO callx_admin;
GRANT ALL ON FUNCTION public.publish_content(id uuid, with_drafts boolean, dry_run boolean) TO service_role;

REVOKE ALL ON FUNCTION public.quiz_result(quiz_id uuid, user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.quiz_result(quiz_id uuid, user_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.quiz_result(quiz_id uuid, user_id uuid) TO service_role;

REVOKE ALL ON FUNCTION public.quiz_review(attempt_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.quiz_review(attempt_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.quiz_review(attempt_id uuid) TO service_role;

REVOKE ALL ON FUNCTION public.reinstate_certification(certification_id uuid, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.reinstate_certification(certification_id uuid, reason text) TO callx_admin;
GRANT ALL ON FUNCTION public.reinstate_certification(certification_id uuid, reason text) TO service_role;

REVOKE ALL ON FUNCTION public.release_review(call_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.release_review(call_id uuid) TO callx_manager;
GRANT ALL ON FUNCTION public.release_review(call_id uuid) TO callx_admin;

REVOKE ALL ON FUNCTION public.restore_archived(id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.restore_archived(id uuid) TO callx_admin;
GRANT ALL ON FUNCTION public.restore_archived(id uuid) TO service_role;

REVOKE ALL ON FUNCTION public.revoke_certification(certification_id uuid, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.revoke_certification(certification_id uuid, reason text) TO callx_admin;
GRANT ALL ON FUNCTION public.revoke_certification(certification_id uuid, reason text) TO service_role;

REVOKE ALL ON FUNCTION public.save_quiz_answers(sitting_id uuid, answers jsonb, window_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.save_quiz_answers(sitting_id uuid, answers jsonb, window_id uuid) TO authenticated;

REVOKE ALL ON FUNCTION public.search_lessons(query text, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.search_lessons(query text, most integer) TO authenticated;
GRANT ALL ON FUNCTION public.search_lessons(query text, most integer) TO service_role;

REVOKE ALL ON FUNCTION public.start_quiz(quiz_id uuid, window_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.start_quiz(quiz_id uuid, window_id uuid) TO authenticated;

REVOKE ALL ON FUNCTION public.submit_quiz(sitting_id uuid, answers jsonb, window_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.submit_quiz(sitting_id uuid, answers jsonb, window_id uuid) TO authenticated;

REVOKE ALL ON FUNCTION public.unpublish_content(id uuid, dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.unpublish_content(id uuid, dry_run boolean) TO callx_admin;
GRANT ALL ON FUNCTION public.unpublish_content(id uuid, dry_run boolean) TO service_role;

REVOKE ALL ON FUNCTION public.verify_audit(OUT events bigint, OUT broken_at bigint, OUT last_id bigint, OUT last_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.verify_audit(OUT events bigint, OUT broken_at bigint, OUT last_id bigint, OUT last_hash bytea) TO callx_admin;
GRANT ALL ON FUNCTION public.verify_audit(OUT events bigint, OUT broken_at bigint, OUT last_id bigint, OUT last_hash bytea) TO service_role;

REVOKE ALL ON FUNCTION public.verify_call(call_id uuid, OUT events integer, OUT broken_at integer, OUT last_hash text, OUT differs text[], OUT recording_sha256 text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.verify_call(call_id uuid, OUT events integer, OUT broken_at integer, OUT last_hash text, OUT differs text[], OUT recording_sha256 text) TO authenticated;
GRANT ALL ON FUNCTION public.verify_call(call_id uuid, OUT events integer, OUT broken_at integer, OUT last_hash text, OUT differs text[], OUT recording_sha256 text) TO service_role;

REVOKE ALL ON FUNCTION public.watch_lesson(lesson_id uuid, ranges jsonb, position_ms integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.watch_lesson(lesson_id uuid, ranges jsonb, position_ms integer) TO authenticated;
GRANT ALL ON FUNCTION public.watch_lesson(lesson_id uuid, ranges jsonb, position_ms integer) TO service_role;

REVOKE ALL ON FUNCTION storage.extension(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION storage.extension(name text) TO authenticated;
GRANT ALL ON FUNCTION storage.extension(name text) TO service_role;

REVOKE ALL ON FUNCTION storage.filename(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION storage.filename(name text) TO authenticated;
GRANT ALL ON FUNCTION storage.filename(name text) TO service_role;

REVOKE ALL ON FUNCTION storage.foldername(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION storage.foldername(name text) TO authenticated;
GRANT ALL ON FUNCTION storage.foldername(name text) TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.email_changes TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.letters TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.logins TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.one_time_tokens TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.refresh_tokens TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.users TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quizzes TO service_role;
GRANT SELECT ON TABLE public.quizzes TO authenticated;
GRANT DELETE ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(id),UPDATE(id) ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(lesson_id),UPDATE(lesson_id) ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(passing_grade),UPDATE(passing_grade) ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(created_at),UPDATE(created_at) ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(updated_at),UPDATE(updated_at) ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(max_attempts),UPDATE(max_attempts) ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(cool_down_minutes),UPDATE(cool_down_minutes) ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(draw_count),UPDATE(draw_count) ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(shuffle_questions),UPDATE(shuffle_questions) ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(shuffle_answers),UPDATE(shuffle_answers) ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(time_limit_minutes),UPDATE(time_limit_minutes) ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(counts),UPDATE(counts) ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(review),UPDATE(review) ON TABLE public.quizzes TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.simulation_attempts TO service_role;
GRANT SELECT ON TABLE public.simulation_attempts TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.simulations TO service_role;
GRANT DELETE ON TABLE public.simulations TO callx_admin;

GRANT SELECT(id) ON TABLE public.simulations TO authenticated;
GRANT INSERT(id),UPDATE(id) ON TABLE public.simulations TO callx_admin;

GRANT SELECT(lesson_id) ON TABLE public.simulations TO authenticated;
GRANT INSERT(lesson_id),UPDATE(lesson_id) ON TABLE public.simulations TO callx_admin;

GRANT SELECT(scenario_description) ON TABLE public.simulations TO authenticated;
GRANT INSERT(scenario_description),UPDATE(scenario_description) ON TABLE public.simulations TO callx_admin;

GRANT SELECT(ai_system_prompt),INSERT(ai_system_prompt),UPDATE(ai_system_prompt) ON TABLE public.simulations TO callx_admin;

GRANT SELECT(passing_grade) ON TABLE public.simulations TO authenticated;
GRANT INSERT(passing_grade),UPDATE(passing_grade) ON TABLE public.simulations TO callx_admin;

GRANT SELECT(created_at) ON TABLE public.simulations TO authenticated;
GRANT INSERT(created_at),UPDATE(created_at) ON TABLE public.simulations TO callx_admin;

GRANT SELECT(updated_at) ON TABLE public.simulations TO authenticated;
GRANT INSERT(updated_at),UPDATE(updated_at) ON TABLE public.simulations TO callx_admin;

GRANT SELECT(call_script_path),INSERT(call_script_path),UPDATE(call_script_path) ON TABLE public.simulations TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE callx.badge_keys TO service_role;

GRANT USAGE ON SEQUENCE callx.badge_numbers TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.assignments TO service_role;
GRANT SELECT ON TABLE public.assignments TO authenticated;
GRANT DELETE ON TABLE public.assignments TO callx_manager;
GRANT DELETE ON TABLE public.assignments TO callx_admin;

GRANT INSERT(product_id),UPDATE(product_id) ON TABLE public.assignments TO callx_manager;
GRANT INSERT(product_id),UPDATE(product_id) ON TABLE public.assignments TO callx_admin;

GRANT INSERT(user_id),UPDATE(user_id) ON TABLE public.assignments TO callx_manager;
GRANT INSERT(user_id),UPDATE(user_id) ON TABLE public.assignments TO callx_admin;

GRANT INSERT(manager_id),UPDATE(manager_id) ON TABLE public.assignments TO callx_manager;
GRANT INSERT(manager_id),UPDATE(manager_id) ON TABLE public.assignments TO callx_admin;

GRANT INSERT(due_at),UPDATE(due_at) ON TABLE public.assignments TO callx_manager;
GRANT INSERT(due_at),UPDATE(due_at) ON TABLE public.assignments TO callx_admin;

GRANT INSERT(created_at),UPDATE(created_at) ON TABLE public.assignments TO callx_admin;
GRANT INSERT(created_at),UPDATE(created_at) ON TABLE public.assignments TO callx_manager;

GRANT INSERT(updated_at),UPDATE(updated_at) ON TABLE public.assignments TO callx_admin;
GRANT INSERT(updated_at),UPDATE(updated_at) ON TABLE public.assignments TO callx_manager;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.manager_assignments TO service_role;
GRANT SELECT ON TABLE public.manager_assignments TO authenticated;
GRANT DELETE ON TABLE public.manager_assignments TO callx_admin;

GRANT INSERT(trainee_id),UPDATE(trainee_id) ON TABLE public.manager_assignments TO callx_admin;

GRANT INSERT(manager_id),UPDATE(manager_id) ON TABLE public.manager_assignments TO callx_admin;

GRANT INSERT(created_at),UPDATE(created_at) ON TABLE public.manager_assignments TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.products TO service_role;
GRANT DELETE ON TABLE public.products TO callx_admin;

GRANT INSERT(id),UPDATE(id) ON TABLE public.products TO callx_admin;
GRANT SELECT(id) ON TABLE public.products TO authenticated;

GRANT INSERT(title),UPDATE(title) ON TABLE public.products TO callx_admin;
GRANT SELECT(title) ON TABLE public.products TO authenticated;

GRANT INSERT(description),UPDATE(description) ON TABLE public.products TO callx_admin;
GRANT SELECT(description) ON TABLE public.products TO authenticated;

GRANT INSERT(is_active),UPDATE(is_active) ON TABLE public.products TO callx_admin;
GRANT SELECT(is_active) ON TABLE public.products TO authenticated;

GRANT SELECT(created_by) ON TABLE public.products TO authenticated;
GRANT INSERT(created_by),UPDATE(created_by) ON TABLE public.products TO callx_admin;

GRANT SELECT(created_at) ON TABLE public.products TO authenticated;
GRANT INSERT(created_at),UPDATE(created_at) ON TABLE public.products TO callx_admin;

GRANT SELECT(updated_at) ON TABLE public.products TO authenticated;
GRANT INSERT(updated_at),UPDATE(updated_at) ON TABLE public.products TO callx_admin;

GRANT SELECT(certificate_valid_days) ON TABLE public.products TO authenticated;
GRANT INSERT(certificate_valid_days),UPDATE(certificate_valid_days) ON TABLE public.products TO callx_admin;

GRANT SELECT(certificate_renewal_days) ON TABLE public.products TO authenticated;
GRANT INSERT(certificate_renewal_days),UPDATE(certificate_renewal_days) ON TABLE public.products TO callx_admin;

GRANT SELECT(certificate_background) ON TABLE public.products TO callx_admin;

GRANT SELECT(status) ON TABLE public.products TO authenticated;
GRANT INSERT(status),UPDATE(status) ON TABLE public.products TO callx_admin;

GRANT SELECT(key) ON TABLE public.products TO authenticated;
GRANT INSERT(key),UPDATE(key) ON TABLE public.products TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.profiles TO service_role;
GRANT SELECT ON TABLE public.profiles TO authenticated;

GRANT UPDATE(full_name) ON TABLE public.profiles TO authenticated;

GRANT UPDATE(created_at) ON TABLE public.profiles TO authenticated;

GRANT UPDATE(updated_at) ON TABLE public.profiles TO authenticated;

GRANT SELECT ON TABLE callx.exported_assignments TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.modules TO service_role;
GRANT DELETE ON TABLE public.modules TO callx_admin;

GRANT INSERT(id),UPDATE(id) ON TABLE public.modules TO callx_admin;
GRANT SELECT(id) ON TABLE public.modules TO authenticated;

GRANT INSERT(product_id),UPDATE(product_id) ON TABLE public.modules TO callx_admin;
GRANT SELECT(product_id) ON TABLE public.modules TO authenticated;

GRANT INSERT(title),UPDATE(title) ON TABLE public.modules TO callx_admin;
GRANT SELECT(title) ON TABLE public.modules TO authenticated;

GRANT INSERT(description),UPDATE(description) ON TABLE public.modules TO callx_admin;
GRANT SELECT(description) ON TABLE public.modules TO authenticated;

GRANT INSERT(order_index),UPDATE(order_index) ON TABLE public.modules TO callx_admin;
GRANT SELECT(order_index) ON TABLE public.modules TO authenticated;

GRANT INSERT(is_prerequisite),UPDATE(is_prerequisite) ON TABLE public.modules TO callx_admin;
GRANT SELECT(is_prerequisite) ON TABLE public.modules TO authenticated;

GRANT SELECT(created_at) ON TABLE public.modules TO authenticated;
GRANT INSERT(created_at),UPDATE(created_at) ON TABLE public.modules TO callx_admin;

GRANT SELECT(updated_at) ON TABLE public.modules TO authenticated;
GRANT INSERT(updated_at),UPDATE(updated_at) ON TABLE public.modules TO callx_admin;

GRANT SELECT(status) ON TABLE public.modules TO authenticated;
GRANT INSERT(status),UPDATE(status) ON TABLE public.modules TO callx_admin;

GRANT SELECT(key) ON TABLE public.modules TO authenticated;
GRANT INSERT(key),UPDATE(key) ON TABLE public.modules TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.simulation_scenarios TO service_role;
GRANT DELETE ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT(simulation_id) ON TABLE public.simulation_scenarios TO authenticated;
GRANT INSERT(simulation_id),UPDATE(simulation_id) ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT(version) ON TABLE public.simulation_scenarios TO authenticated;

GRANT SELECT(title) ON TABLE public.simulation_scenarios TO authenticated;
GRANT INSERT(title),UPDATE(title) ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT(customer_name) ON TABLE public.simulation_scenarios TO authenticated;
GRANT INSERT(customer_name),UPDATE(customer_name) ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT(customer_card) ON TABLE public.simulation_scenarios TO authenticated;
GRANT INSERT(customer_card),UPDATE(customer_card) ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT(goals) ON TABLE public.simulation_scenarios TO authenticated;
GRANT INSERT(goals),UPDATE(goals) ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT(script),INSERT(script),UPDATE(script) ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT(rubric),INSERT(rubric),UPDATE(rubric) ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT(created_at) ON TABLE public.simulation_scenarios TO authenticated;
GRANT INSERT(created_at),UPDATE(created_at) ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT(updated_at) ON TABLE public.simulation_scenarios TO authenticated;
GRANT INSERT(updated_at),UPDATE(updated_at) ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT ON TABLE callx.exported_attempts TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.certificate_issues TO service_role;
GRANT SELECT ON TABLE public.certificate_issues TO authenticated;

GRANT SELECT ON TABLE callx.exported_certificates TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_roles TO service_role;
GRANT SELECT ON TABLE public.user_roles TO authenticated;
GRANT DELETE ON TABLE public.user_roles TO callx_admin;

GRANT INSERT(user_id),UPDATE(user_id) ON TABLE public.user_roles TO callx_admin;

GRANT INSERT(role),UPDATE(role) ON TABLE public.user_roles TO callx_admin;

GRANT INSERT(created_at),UPDATE(created_at) ON TABLE public.user_roles TO callx_admin;

GRANT SELECT ON TABLE callx.exported_people TO authenticated;

GRANT SELECT ON TABLE callx.exported_quiz_attempts TO authenticated;

GRANT SELECT ON TABLE callx.facts TO service_role;
GRANT SELECT ON TABLE callx.facts TO callx_server;

GRANT UPDATE(followed_at) ON TABLE callx.facts TO callx_server;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE callx.judgements TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE callx.lesson_texts TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE callx.module_unlocks TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE callx.page_words TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE callx.pgqueuer TO callx_server;
GRANT SELECT,UPDATE ON TABLE callx.pgqueuer TO service_role;

GRANT USAGE ON SEQUENCE callx.pgqueuer_id_seq TO callx_server;

GRANT SELECT,INSERT,DELETE ON TABLE callx.pgqueuer_log TO callx_server;
GRANT SELECT,INSERT ON TABLE callx.pgqueuer_log TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE callx.pgqueuer_schedules TO callx_server;

GRANT USAGE ON SEQUENCE callx.pgqueuer_schedules_id_seq TO callx_server;

GRANT SELECT ON TABLE callx.pgqueuer_statistics TO callx_server;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE callx.told_comments TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE callx.withdrawn_badges TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.awards TO service_role;
GRANT SELECT ON TABLE public.awards TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.call_comments TO service_role;
GRANT SELECT ON TABLE public.call_comments TO authenticated;

GRANT INSERT(id) ON TABLE public.call_comments TO authenticated;

GRANT INSERT(call_id) ON TABLE public.call_comments TO authenticated;

GRANT INSERT(author_id) ON TABLE public.call_comments TO authenticated;

GRANT INSERT(at_ms) ON TABLE public.call_comments TO authenticated;

GRANT INSERT(turn_number) ON TABLE public.call_comments TO authenticated;

GRANT INSERT(body),UPDATE(body) ON TABLE public.call_comments TO authenticated;

GRANT INSERT(visibility) ON TABLE public.call_comments TO authenticated;

GRANT INSERT(reply_to) ON TABLE public.call_comments TO authenticated;

GRANT UPDATE(resolved_at) ON TABLE public.call_comments TO authenticated;

GRANT UPDATE(deleted_at) ON TABLE public.call_comments TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.call_gaps TO service_role;
GRANT SELECT ON TABLE public.call_gaps TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.call_moods TO service_role;
GRANT SELECT ON TABLE public.call_moods TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.certificate_badges TO service_role;
GRANT SELECT ON TABLE public.certificate_badges TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.certificate_reissue_items TO service_role;
GRANT SELECT ON TABLE public.certificate_reissue_items TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.certificate_reissues TO service_role;
GRANT SELECT ON TABLE public.certificate_reissues TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.document_pages TO service_role;
GRANT SELECT ON TABLE public.document_pages TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.documents TO service_role;
GRANT SELECT ON TABLE public.documents TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.evaluation_versions TO service_role;
GRANT SELECT ON TABLE public.evaluation_versions TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.evaluations TO service_role;
GRANT SELECT ON TABLE public.evaluations TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lesson_attachments TO service_role;
GRANT SELECT ON TABLE public.lesson_attachments TO authenticated;
GRANT DELETE ON TABLE public.lesson_attachments TO callx_admin;

GRANT INSERT(id),UPDATE(id) ON TABLE public.lesson_attachments TO callx_admin;

GRANT INSERT(lesson_id),UPDATE(lesson_id) ON TABLE public.lesson_attachments TO callx_admin;

GRANT INSERT(file_name),UPDATE(file_name) ON TABLE public.lesson_attachments TO callx_admin;

GRANT INSERT(file_path),UPDATE(file_path) ON TABLE public.lesson_attachments TO callx_admin;

GRANT INSERT(file_size),UPDATE(file_size) ON TABLE public.lesson_attachments TO callx_admin;

GRANT INSERT(created_at),UPDATE(created_at) ON TABLE public.lesson_attachments TO callx_admin;

GRANT INSERT(kind),UPDATE(kind) ON TABLE public.lesson_attachments TO callx_admin;

GRANT INSERT(language),UPDATE(language) ON TABLE public.lesson_attachments TO callx_admin;

GRANT INSERT(label),UPDATE(label) ON TABLE public.lesson_attachments TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lesson_videos TO service_role;
GRANT SELECT ON TABLE public.lesson_videos TO authenticated;

GRANT SELECT ON TABLE public.letters TO callx_admin;
GRANT SELECT ON TABLE public.letters TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.model_usage TO service_role;
GRANT SELECT ON TABLE public.model_usage TO callx_admin;

GRANT SELECT ON TABLE public.module_locks TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notification_preferences TO service_role;
GRANT SELECT,DELETE ON TABLE public.notification_preferences TO authenticated;

GRANT INSERT(user_id),UPDATE(user_id) ON TABLE public.notification_preferences TO authenticated;

GRANT INSERT(kind),UPDATE(kind) ON TABLE public.notification_preferences TO authenticated;

GRANT INSERT(channel),UPDATE(channel) ON TABLE public.notification_preferences TO authenticated;

GRANT INSERT(enabled),UPDATE(enabled) ON TABLE public.notification_preferences TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notifications TO service_role;

GRANT SELECT(id) ON TABLE public.notifications TO authenticated;

GRANT SELECT(user_id) ON TABLE public.notifications TO authenticated;

GRANT SELECT(kind) ON TABLE public.notifications TO authenticated;

GRANT SELECT(subject_id) ON TABLE public.notifications TO authenticated;

GRANT SELECT(occasion) ON TABLE public.notifications TO authenticated;

GRANT SELECT(title) ON TABLE public.notifications TO authenticated;

GRANT SELECT(body) ON TABLE public.notifications TO authenticated;

GRANT SELECT(path) ON TABLE public.notifications TO authenticated;

GRANT SELECT(created_at) ON TABLE public.notifications TO authenticated;

GRANT SELECT(read_at),UPDATE(read_at) ON TABLE public.notifications TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.personal_settings TO service_role;
GRANT SELECT ON TABLE public.personal_settings TO authenticated;

GRANT INSERT(user_id),UPDATE(user_id) ON TABLE public.personal_settings TO authenticated;

GRANT INSERT(language),UPDATE(language) ON TABLE public.personal_settings TO authenticated;

GRANT INSERT(time_zone),UPDATE(time_zone) ON TABLE public.personal_settings TO authenticated;

GRANT INSERT(off_leaderboards),UPDATE(off_leaderboards) ON TABLE public.personal_settings TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quiz_allowances TO service_role;
GRANT SELECT ON TABLE public.quiz_allowances TO authenticated;
GRANT DELETE ON TABLE public.quiz_allowances TO callx_manager;
GRANT DELETE ON TABLE public.quiz_allowances TO callx_admin;

GRANT INSERT(id) ON TABLE public.quiz_allowances TO callx_manager;
GRANT INSERT(id) ON TABLE public.quiz_allowances TO callx_admin;

GRANT INSERT(user_id),UPDATE(user_id) ON TABLE public.quiz_allowances TO callx_manager;
GRANT INSERT(user_id),UPDATE(user_id) ON TABLE public.quiz_allowances TO callx_admin;

GRANT INSERT(quiz_id),UPDATE(quiz_id) ON TABLE public.quiz_allowances TO callx_manager;
GRANT INSERT(quiz_id),UPDATE(quiz_id) ON TABLE public.quiz_allowances TO callx_admin;

GRANT INSERT(time_factor),UPDATE(time_factor) ON TABLE public.quiz_allowances TO callx_manager;
GRANT INSERT(time_factor),UPDATE(time_factor) ON TABLE public.quiz_allowances TO callx_admin;

GRANT INSERT(is_untimed),UPDATE(is_untimed) ON TABLE public.quiz_allowances TO callx_manager;
GRANT INSERT(is_untimed),UPDATE(is_untimed) ON TABLE public.quiz_allowances TO callx_admin;

GRANT INSERT(extra_attempts),UPDATE(extra_attempts) ON TABLE public.quiz_allowances TO callx_manager;
GRANT INSERT(extra_attempts),UPDATE(extra_attempts) ON TABLE public.quiz_allowances TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quiz_answers TO service_role;
GRANT DELETE ON TABLE public.quiz_answers TO callx_admin;

GRANT SELECT(id) ON TABLE public.quiz_answers TO authenticated;
GRANT INSERT(id),UPDATE(id) ON TABLE public.quiz_answers TO callx_admin;

GRANT SELECT(question_id) ON TABLE public.quiz_answers TO authenticated;
GRANT INSERT(question_id),UPDATE(question_id) ON TABLE public.quiz_answers TO callx_admin;

GRANT SELECT(answer_text) ON TABLE public.quiz_answers TO authenticated;
GRANT INSERT(answer_text),UPDATE(answer_text) ON TABLE public.quiz_answers TO callx_admin;

GRANT SELECT(is_correct),INSERT(is_correct),UPDATE(is_correct) ON TABLE public.quiz_answers TO callx_admin;

GRANT SELECT(order_index) ON TABLE public.quiz_answers TO authenticated;
GRANT INSERT(order_index),UPDATE(order_index) ON TABLE public.quiz_answers TO callx_admin;

GRANT SELECT(created_at) ON TABLE public.quiz_answers TO authenticated;
GRANT INSERT(created_at),UPDATE(created_at) ON TABLE public.quiz_answers TO callx_admin;

GRANT SELECT(explanation),INSERT(explanation),UPDATE(explanation) ON TABLE public.quiz_answers TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quiz_questions TO service_role;
GRANT DELETE ON TABLE public.quiz_questions TO callx_admin;

GRANT INSERT(id),UPDATE(id) ON TABLE public.quiz_questions TO callx_admin;
GRANT SELECT(id) ON TABLE public.quiz_questions TO authenticated;

GRANT INSERT(quiz_id),UPDATE(quiz_id) ON TABLE public.quiz_questions TO callx_admin;
GRANT SELECT(quiz_id) ON TABLE public.quiz_questions TO authenticated;

GRANT INSERT(question_text),UPDATE(question_text) ON TABLE public.quiz_questions TO callx_admin;
GRANT SELECT(question_text) ON TABLE public.quiz_questions TO authenticated;

GRANT INSERT(question_type),UPDATE(question_type) ON TABLE public.quiz_questions TO callx_admin;
GRANT SELECT(question_type) ON TABLE public.quiz_questions TO authenticated;

GRANT INSERT(order_index),UPDATE(order_index) ON TABLE public.quiz_questions TO callx_admin;
GRANT SELECT(order_index) ON TABLE public.quiz_questions TO authenticated;

GRANT SELECT(created_at) ON TABLE public.quiz_questions TO authenticated;
GRANT INSERT(created_at),UPDATE(created_at) ON TABLE public.quiz_questions TO callx_admin;

GRANT SELECT(points) ON TABLE public.quiz_questions TO authenticated;
GRANT INSERT(points),UPDATE(points) ON TABLE public.quiz_questions TO callx_admin;

GRANT SELECT(partial_credit) ON TABLE public.quiz_questions TO authenticated;
GRANT INSERT(partial_credit),UPDATE(partial_credit) ON TABLE public.quiz_questions TO callx_admin;

GRANT SELECT(match_case) ON TABLE public.quiz_questions TO authenticated;
GRANT INSERT(match_case),UPDATE(match_case) ON TABLE public.quiz_questions TO callx_admin;

GRANT SELECT(match_accents) ON TABLE public.quiz_questions TO authenticated;
GRANT INSERT(match_accents),UPDATE(match_accents) ON TABLE public.quiz_questions TO callx_admin;

GRANT SELECT(match_spaces) ON TABLE public.quiz_questions TO authenticated;
GRANT INSERT(match_spaces),UPDATE(match_spaces) ON TABLE public.quiz_questions TO callx_admin;

GRANT SELECT(accepted_texts),INSERT(accepted_texts),UPDATE(accepted_texts) ON TABLE public.quiz_questions TO callx_admin;

GRANT SELECT(numeric_value),INSERT(numeric_value),UPDATE(numeric_value) ON TABLE public.quiz_questions TO callx_admin;

GRANT SELECT(numeric_tolerance),INSERT(numeric_tolerance),UPDATE(numeric_tolerance) ON TABLE public.quiz_questions TO callx_admin;

GRANT SELECT(explanation),INSERT(explanation),UPDATE(explanation) ON TABLE public.quiz_questions TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recordings TO service_role;

GRANT SELECT(call_id) ON TABLE public.recordings TO authenticated;

GRANT SELECT(state) ON TABLE public.recordings TO authenticated;

GRANT SELECT(object_key) ON TABLE public.recordings TO authenticated;

GRANT SELECT(duration_ms) ON TABLE public.recordings TO authenticated;

GRANT SELECT(size_bytes) ON TABLE public.recordings TO authenticated;

GRANT SELECT(created_at) ON TABLE public.recordings TO authenticated;

GRANT SELECT(updated_at) ON TABLE public.recordings TO authenticated;

GRANT SELECT(failure) ON TABLE public.recordings TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.report_subscriptions TO service_role;
GRANT SELECT,DELETE ON TABLE public.report_subscriptions TO authenticated;

GRANT INSERT(id) ON TABLE public.report_subscriptions TO callx_manager;
GRANT INSERT(id) ON TABLE public.report_subscriptions TO callx_admin;

GRANT INSERT(user_id),UPDATE(user_id) ON TABLE public.report_subscriptions TO callx_manager;
GRANT INSERT(user_id),UPDATE(user_id) ON TABLE public.report_subscriptions TO callx_admin;

GRANT INSERT(every),UPDATE(every) ON TABLE public.report_subscriptions TO callx_manager;
GRANT INSERT(every),UPDATE(every) ON TABLE public.report_subscriptions TO callx_admin;

GRANT INSERT(manager_id),UPDATE(manager_id) ON TABLE public.report_subscriptions TO callx_manager;
GRANT INSERT(manager_id),UPDATE(manager_id) ON TABLE public.report_subscriptions TO callx_admin;

GRANT INSERT(language),UPDATE(language) ON TABLE public.report_subscriptions TO callx_manager;
GRANT INSERT(language),UPDATE(language) ON TABLE public.report_subscriptions TO callx_admin;

GRANT INSERT(time_zone),UPDATE(time_zone) ON TABLE public.report_subscriptions TO callx_manager;
GRANT INSERT(time_zone),UPDATE(time_zone) ON TABLE public.report_subscriptions TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.review_claims TO service_role;
GRANT SELECT ON TABLE public.review_claims TO callx_manager;
GRANT SELECT ON TABLE public.review_claims TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.review_requests TO service_role;
GRANT SELECT ON TABLE public.review_requests TO authenticated;

GRANT INSERT(call_id) ON TABLE public.review_requests TO authenticated;

GRANT INSERT(user_id) ON TABLE public.review_requests TO authenticated;

GRANT INSERT(reason) ON TABLE public.review_requests TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reviews TO service_role;
GRANT SELECT ON TABLE public.reviews TO authenticated;
GRANT DELETE ON TABLE public.reviews TO callx_manager;
GRANT DELETE ON TABLE public.reviews TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.site_settings TO service_role;
GRANT SELECT ON TABLE public.site_settings TO authenticated;

GRANT UPDATE(open_enrolment) ON TABLE public.site_settings TO callx_admin;

GRANT UPDATE(language) ON TABLE public.site_settings TO callx_admin;

GRANT UPDATE(time_zone) ON TABLE public.site_settings TO callx_admin;

GRANT UPDATE(review_sample_percent) ON TABLE public.site_settings TO callx_admin;

GRANT UPDATE(recognition) ON TABLE public.site_settings TO callx_admin;

GRANT SELECT ON TABLE public.review_queue TO callx_manager;
GRANT SELECT ON TABLE public.review_queue TO callx_admin;
GRANT SELECT ON TABLE public.review_queue TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.team_settings TO service_role;
GRANT SELECT ON TABLE public.team_settings TO authenticated;

GRANT INSERT(manager_id) ON TABLE public.team_settings TO callx_manager;
GRANT INSERT(manager_id) ON TABLE public.team_settings TO callx_admin;

GRANT INSERT(recognition),UPDATE(recognition) ON TABLE public.team_settings TO callx_manager;
GRANT INSERT(recognition),UPDATE(recognition) ON TABLE public.team_settings TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.unverified_evaluations TO service_role;
GRANT SELECT ON TABLE public.unverified_evaluations TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.video_watching TO service_role;
GRANT SELECT ON TABLE public.video_watching TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE storage.buckets TO service_role;
GRANT SELECT ON TABLE storage.buckets TO authenticated;
GRANT DELETE ON TABLE storage.buckets TO callx_admin;

GRANT INSERT(id) ON TABLE storage.buckets TO callx_admin;

GRANT INSERT(name),UPDATE(name) ON TABLE storage.buckets TO callx_admin;

GRANT INSERT(public),UPDATE(public) ON TABLE storage.buckets TO callx_admin;

GRANT INSERT(file_size_limit),UPDATE(file_size_limit) ON TABLE storage.buckets TO callx_admin;

GRANT INSERT(allowed_mime_types),UPDATE(allowed_mime_types) ON TABLE storage.buckets TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE storage.objects TO service_role;
GRANT SELECT ON TABLE storage.objects TO authenticated;
GRANT DELETE ON TABLE storage.objects TO callx_admin;

GRANT INSERT(bucket_id),UPDATE(bucket_id) ON TABLE storage.objects TO callx_admin;

GRANT INSERT(name),UPDATE(name) ON TABLE storage.objects TO callx_admin;

GRANT INSERT(version),UPDATE(version) ON TABLE storage.objects TO callx_admin;

GRANT INSERT(metadata),UPDATE(metadata) ON TABLE storage.objects TO callx_admin;

GRANT INSERT(user_metadata),UPDATE(user_metadata) ON TABLE storage.objects TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE storage.resumable_uploads TO service_role;
GRANT SELECT,DELETE ON TABLE storage.resumable_uploads TO authenticated;

GRANT INSERT(bucket_id) ON TABLE storage.resumable_uploads TO authenticated;

GRANT INSERT(name) ON TABLE storage.resumable_uploads TO authenticated;

GRANT INSERT(length) ON TABLE storage.resumable_uploads TO authenticated;

GRANT UPDATE(received) ON TABLE storage.resumable_uploads TO authenticated;

GRANT INSERT(content_type) ON TABLE storage.resumable_uploads TO authenticated;

GRANT INSERT(cache_control) ON TABLE storage.resumable_uploads TO authenticated;

GRANT INSERT(user_metadata) ON TABLE storage.resumable_uploads TO authenticated;

GRANT INSERT(upsert) ON TABLE storage.resumable_uploads TO authenticated;

GRANT UPDATE(finisher) ON TABLE storage.resumable_uploads TO authenticated;

GRANT UPDATE(finisher_until) ON TABLE storage.resumable_uploads TO authenticated;

GRANT UPDATE(finished_at) ON TABLE storage.resumable_uploads TO authenticated;

GRANT INSERT(expires_at),UPDATE(expires_at) ON TABLE storage.resumable_uploads TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE storage.upload_parts TO service_role;
GRANT SELECT,INSERT ON TABLE storage.upload_parts TO authenticated;

ALTER DEFAULT PRIVILEGES FOR ROLE callx_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
