CREATE SCHEMA auth;

CREATE SCHEMA callx;

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
    'true_false'
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
        and not exists (select from auth.logins l where l.id = _login_id and l.revoked_at is not null)
    ),
    'anon'
  )
$$;

COMMENT ON FUNCTION callx.database_role_of(_user_id uuid, _login_id uuid) IS 'The database role that a request of this person runs as, looked up at each request: a role taken away, an account deactivated or a login revoked counts at once, whatever the token says. anon: nobody to be trusted.';

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

CREATE FUNCTION callx.emit_lesson_completed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform callx.emit_fact(
    'LessonCompleted', pg_catalog.jsonb_build_object('user_id', new.user_id, 'lesson_id', new.lesson_id)
  );
  return null;
end
$$;

COMMENT ON FUNCTION callx.emit_lesson_completed() IS 'In the database because a completion may come in over REST, where no Python sees it.';

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

CREATE FUNCTION callx.stamp_completion() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if current_user not in ('service_role', 'callx_owner') then
    new.completed_at := now();
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION callx.stamp_completion() IS 'Front ends do send completed_at, so it is granted; but the time that counts is the server''s.';

CREATE FUNCTION callx.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  new.updated_at := clock_timestamp();
  return new;
end
$$;

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

CREATE TABLE auth.logins (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    refreshed_at timestamp with time zone,
    user_agent text,
    ip inet,
    revoked_at timestamp with time zone
);

ALTER TABLE ONLY auth.logins FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE auth.logins IS 'A signed-in device: the family that its refresh tokens belong to.';

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

CREATE TABLE callx.schema_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE public.call_moods (
    call_id uuid NOT NULL,
    at_ms integer NOT NULL,
    mood integer NOT NULL,
    CONSTRAINT call_moods_mood_check CHECK (((mood >= 0) AND (mood <= 100)))
);

ALTER TABLE ONLY public.call_moods FORCE ROW LEVEL SECURITY;

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
    CONSTRAINT calls_duration_ms_check CHECK ((duration_ms >= 0)),
    CONSTRAINT calls_mode_check CHECK ((mode = ANY (ARRAY['practice'::text, 'exam'::text]))),
    CONSTRAINT calls_state_check CHECK ((state = ANY (ARRAY['created'::text, 'ringing'::text, 'live'::text, 'ended'::text])))
);

ALTER TABLE ONLY public.calls FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.calls.token_hash IS 'Of the token that opens the call''s socket.';

COMMENT ON COLUMN public.calls.seed IS 'With the same seed the embedded customer behaves the same.';

COMMENT ON COLUMN public.calls.scenario IS 'The script as it was when the call was made.';

COMMENT ON COLUMN public.calls.rubric IS 'The rubric as it was when the call was made.';

COMMENT ON COLUMN public.calls.customer_outcome IS 'Why the customer ended the call, in the customer''s own word: resolved, angry, gave_up or another.';

COMMENT ON COLUMN public.calls.lease_expires_at IS 'The server that holds the call prolongs this; a call whose lease ran out has lost its server and is closed.';

CREATE TABLE public.certifications (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    product_id uuid NOT NULL,
    certificate_url text NOT NULL,
    issued_at timestamp with time zone DEFAULT now()
);

ALTER TABLE ONLY public.certifications FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.certifications.certificate_url IS 'A path in the bucket certificates.';

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
    CONSTRAINT evaluations_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text, 'not_assessable'::text])))
);

ALTER TABLE ONLY public.evaluations FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lesson_attachments (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    lesson_id uuid NOT NULL,
    file_name text NOT NULL,
    file_path text NOT NULL,
    file_size bigint,
    created_at timestamp with time zone DEFAULT now()
);

ALTER TABLE ONLY public.lesson_attachments FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.lesson_attachments.file_path IS 'A path in the bucket lesson-attachments.';

CREATE TABLE public.lesson_completions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    lesson_id uuid NOT NULL,
    completed_at timestamp with time zone DEFAULT now()
);

ALTER TABLE ONLY public.lesson_completions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lessons (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    module_id uuid NOT NULL,
    title text NOT NULL,
    lesson_type public.lesson_type NOT NULL,
    order_index integer NOT NULL,
    video_url text,
    text_content text,
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now()
);

ALTER TABLE ONLY public.lessons FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.lessons.video_url IS 'A path in the bucket lesson-videos.';

CREATE TABLE public.manager_assignments (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    trainee_id uuid NOT NULL,
    manager_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now()
);

ALTER TABLE ONLY public.manager_assignments FORCE ROW LEVEL SECURITY;

CREATE TABLE public.modules (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    product_id uuid NOT NULL,
    title text NOT NULL,
    description text,
    order_index integer NOT NULL,
    is_prerequisite boolean DEFAULT false,
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now()
);

ALTER TABLE ONLY public.modules FORCE ROW LEVEL SECURITY;

CREATE TABLE public.products (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    title text NOT NULL,
    description text,
    is_active boolean DEFAULT true,
    created_by uuid DEFAULT auth.uid(),
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now()
);

ALTER TABLE ONLY public.products FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.quiz_answers (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    question_id uuid NOT NULL,
    answer_text text NOT NULL,
    is_correct boolean DEFAULT false NOT NULL,
    order_index integer NOT NULL,
    created_at timestamp with time zone DEFAULT now()
);

ALTER TABLE ONLY public.quiz_answers FORCE ROW LEVEL SECURITY;

CREATE TABLE public.quiz_attempts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    quiz_id uuid NOT NULL,
    score integer NOT NULL,
    passed boolean NOT NULL,
    answers jsonb NOT NULL,
    attempted_at timestamp with time zone DEFAULT now(),
    CONSTRAINT quiz_attempts_score_check CHECK (((score >= 0) AND (score <= 100)))
);

ALTER TABLE ONLY public.quiz_attempts FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.quiz_attempts.answers IS 'An array of {question_id, selected_answer_id, is_correct}.';

CREATE TABLE public.quiz_questions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    quiz_id uuid NOT NULL,
    question_text text NOT NULL,
    question_type public.question_type NOT NULL,
    order_index integer NOT NULL,
    created_at timestamp with time zone DEFAULT now()
);

ALTER TABLE ONLY public.quiz_questions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.quizzes (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    lesson_id uuid NOT NULL,
    passing_grade integer NOT NULL,
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now(),
    CONSTRAINT quizzes_passing_grade_check CHECK (((passing_grade >= 0) AND (passing_grade <= 100)))
);

ALTER TABLE ONLY public.quizzes FORCE ROW LEVEL SECURITY;

CREATE TABLE public.recordings (
    call_id uuid NOT NULL,
    state text DEFAULT 'recording'::text NOT NULL,
    object_key text,
    duration_ms integer,
    size_bytes bigint,
    journal text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT recordings_state_check CHECK ((state = ANY (ARRAY['recording'::text, 'encoding'::text, 'ready'::text, 'failed'::text])))
);

ALTER TABLE ONLY public.recordings FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.recordings.journal IS 'Where the server writes the audio while the call runs.';

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
    CONSTRAINT simulation_attempts_call_flow_score_check CHECK (((call_flow_score >= 0) AND (call_flow_score <= 100))),
    CONSTRAINT simulation_attempts_duration_ms_check CHECK ((duration_ms >= 0)),
    CONSTRAINT simulation_attempts_empathy_score_check CHECK ((empathy_score = ANY (ARRAY['Excellent'::text, 'Good'::text, 'Needs Improvement'::text]))),
    CONSTRAINT simulation_attempts_mode_check CHECK ((mode = ANY (ARRAY['practice'::text, 'exam'::text]))),
    CONSTRAINT simulation_attempts_overall_score_check CHECK (((overall_score >= 0) AND (overall_score <= 100))),
    CONSTRAINT simulation_attempts_script_adherence_check CHECK (((script_adherence >= 0) AND (script_adherence <= 100)))
);

ALTER TABLE ONLY public.simulation_attempts FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.simulation_attempts.transcript IS 'An array of {speaker: "ai"|"user", text, feedback?, timestamp}.';

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

COMMENT ON COLUMN public.simulation_scenarios.script IS 'A voice.scenario.Scenario as JSON; only the service reads it.';

COMMENT ON COLUMN public.simulation_scenarios.rubric IS 'What the call is judged by; only the service reads it.';

CREATE TABLE public.simulations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    lesson_id uuid NOT NULL,
    scenario_description text NOT NULL,
    ai_system_prompt text NOT NULL,
    passing_grade integer NOT NULL,
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now(),
    CONSTRAINT simulations_passing_grade_check CHECK (((passing_grade >= 0) AND (passing_grade <= 100)))
);

ALTER TABLE ONLY public.simulations FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.simulations.scenario_description IS 'What the trainee reads before the call.';

COMMENT ON COLUMN public.simulations.ai_system_prompt IS 'What the customer is told; only the service reads it.';

CREATE TABLE public.user_roles (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    role public.app_role NOT NULL,
    created_at timestamp with time zone DEFAULT now()
);

ALTER TABLE ONLY public.user_roles FORCE ROW LEVEL SECURITY;

ALTER TABLE ONLY callx.pgqueuer ALTER COLUMN id SET DEFAULT nextval('callx.pgqueuer_id_seq'::regclass);

ALTER TABLE ONLY callx.pgqueuer_schedules ALTER COLUMN id SET DEFAULT nextval('callx.pgqueuer_schedules_id_seq'::regclass);

ALTER TABLE ONLY callx.pgqueuer_statistics ALTER COLUMN id SET DEFAULT nextval('callx.pgqueuer_statistics_id_seq'::regclass);

ALTER TABLE ONLY auth.logins
    ADD CONSTRAINT logins_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.refresh_tokens
    ADD CONSTRAINT refresh_tokens_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY auth.users
    ADD CONSTRAINT users_email_key UNIQUE (email);

ALTER TABLE ONLY auth.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY callx.facts
    ADD CONSTRAINT facts_pkey PRIMARY KEY (id);

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

ALTER TABLE ONLY callx.schema_version
    ADD CONSTRAINT schema_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.call_moods
    ADD CONSTRAINT call_moods_pkey PRIMARY KEY (call_id, at_ms);

ALTER TABLE ONLY public.call_turns
    ADD CONSTRAINT call_turns_call_id_number_key UNIQUE (call_id, number);

ALTER TABLE ONLY public.call_turns
    ADD CONSTRAINT call_turns_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certifications
    ADD CONSTRAINT certifications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certifications
    ADD CONSTRAINT certifications_user_id_product_id_key UNIQUE (user_id, product_id);

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_call_id_key UNIQUE (call_id);

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lesson_attachments
    ADD CONSTRAINT lesson_attachments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lesson_completions
    ADD CONSTRAINT lesson_completions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lesson_completions
    ADD CONSTRAINT lesson_completions_user_id_lesson_id_key UNIQUE (user_id, lesson_id);

ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT lessons_module_id_order_index_key UNIQUE (module_id, order_index) DEFERRABLE;

ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT lessons_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.manager_assignments
    ADD CONSTRAINT manager_assignments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.manager_assignments
    ADD CONSTRAINT manager_assignments_trainee_id_manager_id_key UNIQUE (trainee_id, manager_id);

ALTER TABLE ONLY public.modules
    ADD CONSTRAINT modules_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.modules
    ADD CONSTRAINT modules_product_id_order_index_key UNIQUE (product_id, order_index) DEFERRABLE;

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.profiles
    ADD CONSTRAINT profiles_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.quiz_answers
    ADD CONSTRAINT quiz_answers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.quiz_attempts
    ADD CONSTRAINT quiz_attempts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.quiz_questions
    ADD CONSTRAINT quiz_questions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.quiz_questions
    ADD CONSTRAINT quiz_questions_quiz_id_order_index_key UNIQUE (quiz_id, order_index) DEFERRABLE;

ALTER TABLE ONLY public.quizzes
    ADD CONSTRAINT quizzes_lesson_id_key UNIQUE (lesson_id);

ALTER TABLE ONLY public.quizzes
    ADD CONSTRAINT quizzes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.recordings
    ADD CONSTRAINT recordings_pkey PRIMARY KEY (call_id);

ALTER TABLE ONLY public.simulation_attempts
    ADD CONSTRAINT simulation_attempts_call_id_key UNIQUE (call_id);

ALTER TABLE ONLY public.simulation_attempts
    ADD CONSTRAINT simulation_attempts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.simulation_scenarios
    ADD CONSTRAINT simulation_scenarios_pkey PRIMARY KEY (simulation_id);

ALTER TABLE ONLY public.simulations
    ADD CONSTRAINT simulations_lesson_id_key UNIQUE (lesson_id);

ALTER TABLE ONLY public.simulations
    ADD CONSTRAINT simulations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_user_id_role_key UNIQUE (user_id, role);

CREATE INDEX logins_user_id_idx ON auth.logins USING btree (user_id);

CREATE INDEX refresh_tokens_login_id_idx ON auth.refresh_tokens USING btree (login_id);

CREATE INDEX refresh_tokens_replaced_by_idx ON auth.refresh_tokens USING btree (replaced_by);

CREATE INDEX facts_kind_idx ON callx.facts USING btree (kind, id);

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

CREATE INDEX calls_lease_expires_at_idx ON public.calls USING btree (lease_expires_at) WHERE (state <> 'ended'::text);

CREATE INDEX calls_simulation_id_idx ON public.calls USING btree (simulation_id);

CREATE INDEX calls_user_id_idx ON public.calls USING btree (user_id, created_at DESC);

CREATE INDEX certifications_product_id_idx ON public.certifications USING btree (product_id);

CREATE INDEX evaluations_attempt_id_idx ON public.evaluations USING btree (attempt_id);

CREATE INDEX lesson_attachments_lesson_id_idx ON public.lesson_attachments USING btree (lesson_id);

CREATE INDEX lesson_completions_lesson_id_idx ON public.lesson_completions USING btree (lesson_id);

CREATE INDEX manager_assignments_manager_id_idx ON public.manager_assignments USING btree (manager_id);

CREATE INDEX products_created_by_idx ON public.products USING btree (created_by);

CREATE INDEX quiz_answers_question_id_idx ON public.quiz_answers USING btree (question_id);

CREATE INDEX quiz_attempts_quiz_id_idx ON public.quiz_attempts USING btree (quiz_id);

CREATE INDEX quiz_attempts_user_id_idx ON public.quiz_attempts USING btree (user_id);

CREATE INDEX simulation_attempts_simulation_id_idx ON public.simulation_attempts USING btree (simulation_id);

CREATE INDEX simulation_attempts_user_id_idx ON public.simulation_attempts USING btree (user_id);

CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION public.handle_new_user();

CREATE TRIGGER on_auth_user_email_changed AFTER UPDATE OF email ON auth.users FOR EACH ROW WHEN ((old.email IS DISTINCT FROM new.email)) EXECUTE FUNCTION public.handle_changed_email();

CREATE TRIGGER users_touch_updated_at BEFORE UPDATE ON auth.users FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER tg_pgqueuer_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON callx.pgqueuer FOR EACH STATEMENT EXECUTE FUNCTION callx.fn_pgqueuer_changed();

CREATE TRIGGER lesson_completions_emit AFTER INSERT ON public.lesson_completions FOR EACH ROW EXECUTE FUNCTION callx.emit_lesson_completed();

CREATE TRIGGER lesson_completions_stamp BEFORE INSERT ON public.lesson_completions FOR EACH ROW EXECUTE FUNCTION callx.stamp_completion();

CREATE TRIGGER lessons_touch_updated_at BEFORE UPDATE ON public.lessons FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER modules_touch_updated_at BEFORE UPDATE ON public.modules FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER products_touch_updated_at BEFORE UPDATE ON public.products FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER profiles_touch_updated_at BEFORE UPDATE ON public.profiles FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER quizzes_touch_updated_at BEFORE UPDATE ON public.quizzes FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER recordings_touch_updated_at BEFORE UPDATE ON public.recordings FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER simulation_attempts_complete_lesson AFTER INSERT ON public.simulation_attempts FOR EACH ROW WHEN (new.passed) EXECUTE FUNCTION callx.complete_passed_simulation();

CREATE TRIGGER simulation_scenarios_touch_updated_at BEFORE UPDATE ON public.simulation_scenarios FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

CREATE TRIGGER simulations_touch_updated_at BEFORE UPDATE ON public.simulations FOR EACH ROW EXECUTE FUNCTION callx.touch_updated_at();

ALTER TABLE ONLY auth.logins
    ADD CONSTRAINT logins_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY auth.refresh_tokens
    ADD CONSTRAINT refresh_tokens_login_id_fkey FOREIGN KEY (login_id) REFERENCES auth.logins(id) ON DELETE CASCADE;

ALTER TABLE ONLY auth.refresh_tokens
    ADD CONSTRAINT refresh_tokens_replaced_by_fkey FOREIGN KEY (replaced_by) REFERENCES auth.refresh_tokens(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.call_moods
    ADD CONSTRAINT call_moods_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.call_turns
    ADD CONSTRAINT call_turns_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_simulation_id_fkey FOREIGN KEY (simulation_id) REFERENCES public.simulations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.certifications
    ADD CONSTRAINT certifications_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.certifications
    ADD CONSTRAINT certifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_attempt_id_fkey FOREIGN KEY (attempt_id) REFERENCES public.simulation_attempts(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.lesson_attachments
    ADD CONSTRAINT lesson_attachments_lesson_id_fkey FOREIGN KEY (lesson_id) REFERENCES public.lessons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.lesson_completions
    ADD CONSTRAINT lesson_completions_lesson_id_fkey FOREIGN KEY (lesson_id) REFERENCES public.lessons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.lesson_completions
    ADD CONSTRAINT lesson_completions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.lessons
    ADD CONSTRAINT lessons_module_id_fkey FOREIGN KEY (module_id) REFERENCES public.modules(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.manager_assignments
    ADD CONSTRAINT manager_assignments_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.manager_assignments
    ADD CONSTRAINT manager_assignments_trainee_id_fkey FOREIGN KEY (trainee_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.modules
    ADD CONSTRAINT modules_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.profiles(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.profiles
    ADD CONSTRAINT profiles_id_fkey FOREIGN KEY (id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quiz_answers
    ADD CONSTRAINT quiz_answers_question_id_fkey FOREIGN KEY (question_id) REFERENCES public.quiz_questions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quiz_attempts
    ADD CONSTRAINT quiz_attempts_quiz_id_fkey FOREIGN KEY (quiz_id) REFERENCES public.quizzes(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quiz_attempts
    ADD CONSTRAINT quiz_attempts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quiz_questions
    ADD CONSTRAINT quiz_questions_quiz_id_fkey FOREIGN KEY (quiz_id) REFERENCES public.quizzes(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.quizzes
    ADD CONSTRAINT quizzes_lesson_id_fkey FOREIGN KEY (lesson_id) REFERENCES public.lessons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.recordings
    ADD CONSTRAINT recordings_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.simulation_attempts
    ADD CONSTRAINT simulation_attempts_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.calls(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.simulation_attempts
    ADD CONSTRAINT simulation_attempts_simulation_id_fkey FOREIGN KEY (simulation_id) REFERENCES public.simulations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.simulation_attempts
    ADD CONSTRAINT simulation_attempts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.simulation_scenarios
    ADD CONSTRAINT simulation_scenarios_simulation_id_fkey FOREIGN KEY (simulation_id) REFERENCES public.simulations(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.simulations
    ADD CONSTRAINT simulations_lesson_id_fkey FOREIGN KEY (lesson_id) REFERENCES public.lessons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

CREATE POLICY "Definer functions can do everything" ON auth.logins TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON auth.refresh_tokens TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON auth.users TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON auth.logins TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON auth.refresh_tokens TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON auth.users TO service_role USING (true) WITH CHECK (true);

ALTER TABLE auth.logins ENABLE ROW LEVEL SECURITY;

ALTER TABLE auth.refresh_tokens ENABLE ROW LEVEL SECURITY;

ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;

CREATE POLICY "Admins can manage answers" ON public.quiz_answers TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can manage attachments" ON public.lesson_attachments TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can manage lessons" ON public.lessons TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can manage modules" ON public.modules TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can manage products" ON public.products TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can manage questions" ON public.quiz_questions TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can manage quizzes" ON public.quizzes TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can manage scenarios" ON public.simulation_scenarios TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can manage simulations" ON public.simulations TO callx_admin USING (true) WITH CHECK (true);

CREATE POLICY "Admins can view all assignments" ON public.manager_assignments FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all attempts" ON public.simulation_attempts FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all calls" ON public.calls FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all certifications" ON public.certifications FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all completions" ON public.lesson_completions FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all profiles" ON public.profiles FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all quiz attempts" ON public.quiz_attempts FOR SELECT TO callx_admin USING (true);

CREATE POLICY "Admins can view all roles" ON public.user_roles FOR SELECT TO callx_admin USING (true);

CREATE POLICY "All users can view answers" ON public.quiz_answers FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.quiz_questions q
  WHERE (q.id = quiz_answers.question_id))));

CREATE POLICY "All users can view attachments" ON public.lesson_attachments FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.lessons l
  WHERE (l.id = lesson_attachments.lesson_id))));

CREATE POLICY "All users can view courses" ON public.products FOR SELECT TO authenticated USING (is_active);

CREATE POLICY "All users can view lessons" ON public.lessons FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.modules m
  WHERE (m.id = lessons.module_id))));

CREATE POLICY "All users can view modules" ON public.modules FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.products p
  WHERE (p.id = modules.product_id))));

CREATE POLICY "All users can view questions" ON public.quiz_questions FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.quizzes q
  WHERE (q.id = quiz_questions.quiz_id))));

CREATE POLICY "All users can view quizzes" ON public.quizzes FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.lessons l
  WHERE (l.id = quizzes.lesson_id))));

CREATE POLICY "All users can view scenarios" ON public.simulation_scenarios FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.simulations s
  WHERE (s.id = simulation_scenarios.simulation_id))));

CREATE POLICY "All users can view simulations" ON public.simulations FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.lessons l
  WHERE (l.id = simulations.lesson_id))));

CREATE POLICY "Definer functions can do everything" ON public.call_moods TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.call_turns TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.calls TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.certifications TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.evaluations TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.lesson_attachments TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.lesson_completions TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.lessons TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.manager_assignments TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.modules TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.products TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.profiles TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.quiz_answers TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.quiz_attempts TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.quiz_questions TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.quizzes TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.recordings TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.simulation_attempts TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.simulation_scenarios TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.simulations TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Definer functions can do everything" ON public.user_roles TO callx_owner USING (true) WITH CHECK (true);

CREATE POLICY "Evaluations are visible with their call" ON public.evaluations FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.calls c
  WHERE (c.id = evaluations.call_id))));

CREATE POLICY "Managers can view own assignments" ON public.manager_assignments FOR SELECT TO callx_manager USING ((manager_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Managers can view trainee attempts" ON public.simulation_attempts FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view trainee calls" ON public.calls FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view trainee certifications" ON public.certifications FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view trainee completions" ON public.lesson_completions FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view trainee profiles" ON public.profiles FOR SELECT TO callx_manager USING ((id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Managers can view trainee quiz attempts" ON public.quiz_attempts FOR SELECT TO callx_manager USING ((user_id = ANY (( SELECT callx.my_trainees() AS my_trainees)::uuid[])));

CREATE POLICY "Moods are visible with their call" ON public.call_moods FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.calls c
  WHERE (c.id = call_moods.call_id))));

CREATE POLICY "Recordings are visible with their call" ON public.recordings FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.calls c
  WHERE (c.id = recordings.call_id))));

CREATE POLICY "Service can do everything" ON public.call_moods TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.call_turns TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.calls TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.certifications TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.evaluations TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.lesson_attachments TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.lesson_completions TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.lessons TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.manager_assignments TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.modules TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.products TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.profiles TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.quiz_answers TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.quiz_attempts TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.quiz_questions TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.quizzes TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.recordings TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.simulation_attempts TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.simulation_scenarios TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.simulations TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Service can do everything" ON public.user_roles TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Trainees can view own assignments" ON public.manager_assignments FOR SELECT TO authenticated USING ((trainee_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Turns are visible with their call" ON public.call_turns FOR SELECT TO authenticated USING ((EXISTS ( SELECT
   FROM public.calls c
  WHERE (c.id = call_turns.call_id))));

CREATE POLICY "Users can complete what is only watched or read" ON public.lesson_completions FOR INSERT TO authenticated WITH CHECK (((user_id = ( SELECT auth.uid() AS uid)) AND (EXISTS ( SELECT
   FROM public.lessons l
  WHERE ((l.id = lesson_completions.lesson_id) AND (l.lesson_type = ANY (ARRAY['video'::public.lesson_type, 'text'::public.lesson_type])))))));

CREATE POLICY "Users can view own attempts" ON public.simulation_attempts FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own calls" ON public.calls FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own certifications" ON public.certifications FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own completions" ON public.lesson_completions FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own profile" ON public.profiles FOR SELECT TO authenticated USING ((id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own quiz attempts" ON public.quiz_attempts FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY "Users can view own roles" ON public.user_roles FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.call_moods ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.call_turns ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.calls ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.certifications ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.evaluations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lesson_attachments ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lesson_completions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lessons ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.manager_assignments ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.modules ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.products ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quiz_answers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quiz_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quiz_questions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quizzes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.recordings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.simulation_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.simulation_scenarios ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.simulations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_roles ENABLE ROW LEVEL SECURITY;

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

REVOKE ALL ON FUNCTION callx.complete_passed_simulation() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.database_role_of(_user_id uuid, _login_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.database_role_of(_user_id uuid, _login_id uuid) TO callx_server;

REVOKE ALL ON FUNCTION callx.emit_fact(_kind text, _payload jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION callx.emit_fact(_kind text, _payload jsonb) TO service_role;

REVOKE ALL ON FUNCTION callx.emit_lesson_completed() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.fn_pgqueuer_changed() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.my_trainees() FROM PUBLIC;
GRANT ALL ON FUNCTION callx.my_trainees() TO authenticated;
GRANT ALL ON FUNCTION callx.my_trainees() TO service_role;

REVOKE ALL ON FUNCTION callx.protect(_table regclass) FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.stamp_completion() FROM PUBLIC;

REVOKE ALL ON FUNCTION callx.touch_updated_at() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.handle_changed_email() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.handle_new_user() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.has_role(_user_id uuid, _role public.app_role) FROM PUBLIC;
GRANT ALL ON FUNCTION public.has_role(_user_id uuid, _role public.app_role) TO authenticated;
GRANT ALL ON FUNCTION public.has_role(_user_id uuid, _role public.app_role) TO service_role;

REVOKE ALL ON FUNCTION public.is_manager_of(trainee uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.is_manager_of(trainee uuid) TO authenticated;
GRANT ALL ON FUNCTION public.is_manager_of(trainee uuid) TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.logins TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.refresh_tokens TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.users TO service_role;

GRANT SELECT ON TABLE callx.facts TO service_role;
GRANT SELECT ON TABLE callx.facts TO callx_server;

GRANT UPDATE(followed_at) ON TABLE callx.facts TO callx_server;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE callx.pgqueuer TO callx_server;
GRANT SELECT,UPDATE ON TABLE callx.pgqueuer TO service_role;

GRANT USAGE ON SEQUENCE callx.pgqueuer_id_seq TO callx_server;

GRANT SELECT,INSERT,DELETE ON TABLE callx.pgqueuer_log TO callx_server;
GRANT SELECT,INSERT ON TABLE callx.pgqueuer_log TO service_role;

GRANT SELECT ON TABLE callx.pgqueuer_statistics TO callx_server;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.call_moods TO service_role;
GRANT SELECT ON TABLE public.call_moods TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.call_turns TO service_role;
GRANT SELECT ON TABLE public.call_turns TO authenticated;

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

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.certifications TO service_role;
GRANT SELECT ON TABLE public.certifications TO authenticated;

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

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lesson_completions TO service_role;
GRANT SELECT ON TABLE public.lesson_completions TO authenticated;

GRANT INSERT(user_id) ON TABLE public.lesson_completions TO authenticated;

GRANT INSERT(lesson_id) ON TABLE public.lesson_completions TO authenticated;

GRANT INSERT(completed_at) ON TABLE public.lesson_completions TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lessons TO service_role;
GRANT SELECT ON TABLE public.lessons TO authenticated;
GRANT DELETE ON TABLE public.lessons TO callx_admin;

GRANT INSERT(id),UPDATE(id) ON TABLE public.lessons TO callx_admin;

GRANT INSERT(module_id),UPDATE(module_id) ON TABLE public.lessons TO callx_admin;

GRANT INSERT(title),UPDATE(title) ON TABLE public.lessons TO callx_admin;

GRANT INSERT(lesson_type),UPDATE(lesson_type) ON TABLE public.lessons TO callx_admin;

GRANT INSERT(order_index),UPDATE(order_index) ON TABLE public.lessons TO callx_admin;

GRANT INSERT(video_url),UPDATE(video_url) ON TABLE public.lessons TO callx_admin;

GRANT INSERT(text_content),UPDATE(text_content) ON TABLE public.lessons TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.manager_assignments TO service_role;
GRANT SELECT ON TABLE public.manager_assignments TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.modules TO service_role;
GRANT SELECT ON TABLE public.modules TO authenticated;
GRANT DELETE ON TABLE public.modules TO callx_admin;

GRANT INSERT(id),UPDATE(id) ON TABLE public.modules TO callx_admin;

GRANT INSERT(product_id),UPDATE(product_id) ON TABLE public.modules TO callx_admin;

GRANT INSERT(title),UPDATE(title) ON TABLE public.modules TO callx_admin;

GRANT INSERT(description),UPDATE(description) ON TABLE public.modules TO callx_admin;

GRANT INSERT(order_index),UPDATE(order_index) ON TABLE public.modules TO callx_admin;

GRANT INSERT(is_prerequisite),UPDATE(is_prerequisite) ON TABLE public.modules TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.products TO service_role;
GRANT SELECT ON TABLE public.products TO authenticated;
GRANT DELETE ON TABLE public.products TO callx_admin;

GRANT INSERT(id),UPDATE(id) ON TABLE public.products TO callx_admin;

GRANT INSERT(title),UPDATE(title) ON TABLE public.products TO callx_admin;

GRANT INSERT(description),UPDATE(description) ON TABLE public.products TO callx_admin;

GRANT INSERT(is_active),UPDATE(is_active) ON TABLE public.products TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.profiles TO service_role;
GRANT SELECT ON TABLE public.profiles TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quiz_answers TO service_role;
GRANT DELETE ON TABLE public.quiz_answers TO callx_admin;

GRANT SELECT(id) ON TABLE public.quiz_answers TO authenticated;
GRANT INSERT(id),UPDATE(id) ON TABLE public.quiz_answers TO callx_admin;

GRANT SELECT(question_id) ON TABLE public.quiz_answers TO authenticated;
GRANT INSERT(question_id),UPDATE(question_id) ON TABLE public.quiz_answers TO callx_admin;

GRANT SELECT(answer_text) ON TABLE public.quiz_answers TO authenticated;
GRANT INSERT(answer_text),UPDATE(answer_text) ON TABLE public.quiz_answers TO callx_admin;

GRANT SELECT(order_index) ON TABLE public.quiz_answers TO authenticated;
GRANT INSERT(order_index),UPDATE(order_index) ON TABLE public.quiz_answers TO callx_admin;

GRANT SELECT(created_at) ON TABLE public.quiz_answers TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quiz_attempts TO service_role;
GRANT SELECT ON TABLE public.quiz_attempts TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quiz_questions TO service_role;
GRANT SELECT ON TABLE public.quiz_questions TO authenticated;
GRANT DELETE ON TABLE public.quiz_questions TO callx_admin;

GRANT INSERT(id),UPDATE(id) ON TABLE public.quiz_questions TO callx_admin;

GRANT INSERT(quiz_id),UPDATE(quiz_id) ON TABLE public.quiz_questions TO callx_admin;

GRANT INSERT(question_text),UPDATE(question_text) ON TABLE public.quiz_questions TO callx_admin;

GRANT INSERT(question_type),UPDATE(question_type) ON TABLE public.quiz_questions TO callx_admin;

GRANT INSERT(order_index),UPDATE(order_index) ON TABLE public.quiz_questions TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.quizzes TO service_role;
GRANT SELECT ON TABLE public.quizzes TO authenticated;
GRANT DELETE ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(id),UPDATE(id) ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(lesson_id),UPDATE(lesson_id) ON TABLE public.quizzes TO callx_admin;

GRANT INSERT(passing_grade),UPDATE(passing_grade) ON TABLE public.quizzes TO callx_admin;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recordings TO service_role;

GRANT SELECT(call_id) ON TABLE public.recordings TO authenticated;

GRANT SELECT(state) ON TABLE public.recordings TO authenticated;

GRANT SELECT(object_key) ON TABLE public.recordings TO authenticated;

GRANT SELECT(duration_ms) ON TABLE public.recordings TO authenticated;

GRANT SELECT(size_bytes) ON TABLE public.recordings TO authenticated;

GRANT SELECT(created_at) ON TABLE public.recordings TO authenticated;

GRANT SELECT(updated_at) ON TABLE public.recordings TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.simulation_attempts TO service_role;
GRANT SELECT ON TABLE public.simulation_attempts TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.simulation_scenarios TO service_role;
GRANT DELETE ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT(simulation_id) ON TABLE public.simulation_scenarios TO authenticated;

GRANT SELECT(version) ON TABLE public.simulation_scenarios TO authenticated;

GRANT SELECT(title) ON TABLE public.simulation_scenarios TO authenticated;
GRANT UPDATE(title) ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT(customer_name) ON TABLE public.simulation_scenarios TO authenticated;
GRANT UPDATE(customer_name) ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT(customer_card) ON TABLE public.simulation_scenarios TO authenticated;
GRANT UPDATE(customer_card) ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT(goals) ON TABLE public.simulation_scenarios TO authenticated;
GRANT UPDATE(goals) ON TABLE public.simulation_scenarios TO callx_admin;

GRANT SELECT(created_at) ON TABLE public.simulation_scenarios TO authenticated;

GRANT SELECT(updated_at) ON TABLE public.simulation_scenarios TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.simulations TO service_role;
GRANT DELETE ON TABLE public.simulations TO callx_admin;

GRANT SELECT(id) ON TABLE public.simulations TO authenticated;
GRANT UPDATE(id) ON TABLE public.simulations TO callx_admin;

GRANT SELECT(lesson_id) ON TABLE public.simulations TO authenticated;
GRANT UPDATE(lesson_id) ON TABLE public.simulations TO callx_admin;

GRANT SELECT(scenario_description) ON TABLE public.simulations TO authenticated;
GRANT UPDATE(scenario_description) ON TABLE public.simulations TO callx_admin;

GRANT SELECT(passing_grade) ON TABLE public.simulations TO authenticated;
GRANT UPDATE(passing_grade) ON TABLE public.simulations TO callx_admin;

GRANT SELECT(created_at) ON TABLE public.simulations TO authenticated;

GRANT SELECT(updated_at) ON TABLE public.simulations TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_roles TO service_role;
GRANT SELECT ON TABLE public.user_roles TO authenticated;

ALTER DEFAULT PRIVILEGES FOR ROLE callx_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
