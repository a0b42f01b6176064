-- Calls in writing, judges that cost, and conversations that this server has not heard.

alter table public.calls
  add column medium text not null default 'spoken' check (medium in ('spoken', 'typed'));
comment on column public.calls.medium is 'Whether it is spoken over a socket or typed, message by message.';
comment on column public.calls.lease_holder is
  'The server that holds a spoken call. In a typed one: the request that is getting the customer''s answer.';
comment on column public.calls.lease_expires_at is
  'Who holds the call prolongs this. A spoken call whose lease ran out has lost its server and is closed; in a typed one '
  'the next request may get the answer.';
grant select (medium) on public.calls to authenticated;
create index calls_typed_idx on public.calls (user_id, simulation_id, created_at desc) where medium = 'typed';
create index calls_open_typed_idx on public.calls (created_at) where medium = 'typed' and state <> 'ended';

alter table public.evaluations
  add column judging_until timestamptz,
  add column model text,
  add column prompt_hash text,
  add column usage jsonb not null default '{}',
  add column handed_out_at timestamptz;
comment on column public.evaluations.judging_until is
  'Until then nobody else begins to judge this call; whoever had begun and is not done by then has died.';
comment on column public.evaluations.model is 'The language model that judged, if one did.';
comment on column public.evaluations.prompt_hash is 'Of the instructions and the schema that the model was given.';
comment on column public.evaluations.usage is 'What the judge spent: tokens, and US dollars where its price is known.';
comment on column public.evaluations.handed_out_at is 'When evaluate-simulation first gave the report to its trainee.';

create table public.model_usage (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references public.profiles(id) on delete set null,
  call_id uuid references public.calls(id) on delete set null,
  purpose text not null check (purpose in ('customer', 'judge')),
  model text not null,
  input_tokens int not null check (input_tokens >= 0),
  cached_tokens int not null check (cached_tokens >= 0),
  output_tokens int not null check (output_tokens >= 0),
  cost_usd numeric(14, 8) check (cost_usd >= 0),
  created_at timestamptz not null default now()
);
comment on table public.model_usage is
  'What language models that answer in writing have cost, request by request; limits of a person are counted here.';
comment on column public.model_usage.cost_usd is 'Null for a model whose price is not set.';
create index model_usage_user_id_idx on public.model_usage (user_id, purpose, created_at);
create index model_usage_call_id_idx on public.model_usage (call_id);
create index model_usage_created_at_idx on public.model_usage (created_at);

create table public.unverified_evaluations (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.profiles(id) on delete cascade,
  simulation_id uuid not null references public.simulations(id) on delete cascade,
  transcript_hash text not null,
  transcript jsonb not null,
  report jsonb not null,
  judge text not null,
  created_at timestamptz not null default now(),
  unique (user_id, simulation_id, transcript_hash)
);
comment on table public.unverified_evaluations is
  'Reports about conversations that clients sent and this server never heard. They prove nothing: they are no attempts, '
  'and complete nothing.';
create index unverified_evaluations_simulation_id_idx on public.unverified_evaluations (simulation_id);

select callx.protect('public.model_usage');
select callx.protect('public.unverified_evaluations');

grant select on public.model_usage to callx_admin;
create policy "Admins can view what models cost" on public.model_usage for select to callx_admin
  using (true);

grant select on public.unverified_evaluations to authenticated;
create policy "Users can view own unverified evaluations" on public.unverified_evaluations for select to authenticated
  using (user_id = (select auth.uid()));
create policy "Managers can view trainee unverified evaluations" on public.unverified_evaluations
  for select to callx_manager
  using (user_id = any ((select callx.my_trainees())::uuid[]));
create policy "Admins can view all unverified evaluations" on public.unverified_evaluations for select to callx_admin
  using (true);
