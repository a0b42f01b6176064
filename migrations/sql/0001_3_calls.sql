-- What happened on the telephone. All times of a call are milliseconds since it was answered.

create table public.calls (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.profiles(id) on delete cascade,
  simulation_id uuid not null references public.simulations(id) on delete cascade,
  mode text not null check (mode in ('practice', 'exam')),
  state text not null default 'created' check (state in ('created', 'ringing', 'live', 'ended')),
  token_hash bytea not null,
  seed bigint not null,
  scenario_version int,
  scenario jsonb,
  rubric jsonb,
  model text,
  created_at timestamptz not null default now(),
  answered_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  customer_outcome text,
  duration_ms int check (duration_ms >= 0),
  lease_holder uuid,
  lease_expires_at timestamptz,
  usage jsonb not null default '{}'
);
comment on column public.calls.customer_outcome is
  'Why the customer ended the call, in the customer''s own word: resolved, angry, gave_up or another.';
comment on column public.calls.token_hash is 'Of the token that opens the call''s socket.';
comment on column public.calls.seed is 'With the same seed the embedded customer behaves the same.';
comment on column public.calls.scenario is 'The script as it was when the call was made.';
comment on column public.calls.rubric is 'The rubric as it was when the call was made.';
comment on column public.calls.lease_expires_at is
  'The server that holds the call prolongs this; a call whose lease ran out has lost its server and is closed.';
create index calls_user_id_idx on public.calls (user_id, created_at desc);
create index calls_simulation_id_idx on public.calls (simulation_id);
create index calls_lease_expires_at_idx on public.calls (lease_expires_at) where state <> 'ended';

create table public.call_turns (
  id uuid primary key default gen_random_uuid(),
  call_id uuid not null references public.calls(id) on delete cascade,
  number int not null,
  speaker text not null check (speaker in ('ai', 'user')),
  text text not null,
  heard_text text,
  start_ms int not null,
  end_ms int not null,
  cut_off boolean not null default false,
  confidence real,
  network_gap boolean not null default false,
  details jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique (call_id, number),
  check (end_ms >= start_ms)
);
comment on column public.call_turns.heard_text is
  'What of the customer''s words the trainee''s device played, when it was less than the text.';

create table public.call_moods (
  call_id uuid not null references public.calls(id) on delete cascade,
  at_ms int not null,
  mood int not null check (mood >= 0 and mood <= 100),
  primary key (call_id, at_ms)
);

create table public.recordings (
  call_id uuid primary key references public.calls(id) on delete cascade,
  state text not null default 'recording' check (state in ('recording', 'encoding', 'ready', 'failed')),
  object_key text,
  duration_ms int,
  size_bytes bigint,
  journal text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column public.recordings.journal is 'Where the server writes the audio while the call runs.';

create trigger recordings_touch_updated_at before update on public.recordings
  for each row execute function callx.touch_updated_at();
