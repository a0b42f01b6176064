-- What admins and managers did and looked at: a log that only grows, and each row of which seals the one before it.

create table public.audit_events (
  id bigint primary key,
  at timestamptz not null,
  actor_id uuid,
  actor_role text not null,
  action text not null,
  subject_kind text not null,
  subject_id uuid,
  details jsonb not null,
  request_id text,
  previous_hash bytea not null,
  hash bytea not null
);
comment on table public.audit_events is
  'Numbered without gaps in the order of the commits. No foreign keys: who and what was deleted stays named here.';
comment on column public.audit_events.actor_role is
  'In which right it was done: admin, manager, trainee; service, by a key or a job, where nobody is known; database, '
  'by somebody who went round the server.';
comment on column public.audit_events.hash is 'SHA-256 of previous_hash and the rest of the row (callx.audit_hash).';
create index audit_events_actor_id_idx on public.audit_events (actor_id);
create index audit_events_subject_id_idx on public.audit_events (subject_id);
create index audit_events_at_idx on public.audit_events using brin (at);

alter table public.audit_events enable row level security;
alter table public.audit_events force row level security;
create policy "Admins can view the audit log" on public.audit_events for select to callx_admin using (true);
create policy "Service can view the audit log" on public.audit_events for select to service_role using (true);
create policy "Definer functions can view the audit log" on public.audit_events for select to callx_owner using (true);
create policy "Definer functions can add to the audit log" on public.audit_events for insert to callx_owner
  with check (true);
revoke update, delete, truncate on public.audit_events from callx_owner;
grant select on public.audit_events to callx_admin, service_role;

create function callx.refuse_audit_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'The audit log only grows.' using errcode = '42501';
end
$$;

create trigger audit_events_only_grow before update or delete or truncate on public.audit_events
  for each statement execute function callx.refuse_audit_change();
alter table public.audit_events enable always trigger audit_events_only_grow;

create function callx.audit_hash(_event public.audit_events) returns bytea
language sql stable
set search_path = ''
as $$
  select pg_catalog.sha256(_event.previous_hash || convert_to(
    jsonb_build_array(
      _event.id, (extract(epoch from _event.at) * 1000000)::bigint, _event.actor_id, _event.actor_role, _event.action,
      _event.subject_kind, _event.subject_id, _event.details, _event.request_id
    )::text, 'UTF8'
  ))
$$;

-- An event waits here until its transaction commits. Only then it is numbered and sealed, one transaction after the
-- other: the lock of the chain is the last one that a transaction takes, so nobody waits for it longer than a commit
-- takes, and it can be part of no deadlock.

create unlogged table callx.pending_audit_events (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor_id uuid,
  actor_role text not null,
  action text not null,
  subject_kind text not null,
  subject_id uuid,
  details jsonb not null,
  request_id text
);

create function callx.seal_audit_event() returns trigger
language plpgsql
security definer
set search_path = ''
set lock_timeout = '30s'
as $$
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

create constraint trigger pending_audit_events_seal after insert on callx.pending_audit_events
  deferrable initially deferred for each row execute function callx.seal_audit_event();

create function callx.actor_role() returns text
language sql stable
set search_path = ''
as $$
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

create function callx.audit(_action text, _kind text, _id uuid, _details jsonb default '{}') returns void
language sql
security definer
set search_path = ''
as $$
  insert into callx.pending_audit_events (actor_id, actor_role, action, subject_kind, subject_id, details, request_id)
  values (
    coalesce(auth.uid(), nullif(current_setting('callx.actor', true), '')::uuid),
    callx.actor_role(), _action, _kind, _id, coalesce(_details, '{}'),
    nullif(nullif(current_setting('callx.request_id', true), ''), '-')
  )
$$;
comment on function callx.audit(text, text, uuid, jsonb) is
  'Notes what the person of this transaction does, if it is committed. Who that is cannot be chosen.';

create function callx.act_for(_user_id uuid, _login_id uuid) returns text
language plpgsql
security definer
set search_path = ''
as $$
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
comment on function callx.act_for(uuid, uuid) is
  'Says on whose behalf a transaction of the service runs, for the audit log; the database role of that person.';

create function callx.audit_view(_action text, _call_id uuid) returns void
language plpgsql
security definer
set search_path = ''
as $$
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
comment on function callx.audit_view(text, uuid) is
  'Notes that somebody looks at the call of another. A player asks for a recording piece by piece: what one person '
  'does again within ten minutes is the same look.';

grant execute on function callx.audit(text, text, uuid, jsonb), callx.act_for(uuid, uuid) to service_role;
grant execute on function callx.audit_view(text, uuid) to authenticated, service_role;

create function callx.verify_audit(
  _from bigint default 1, out events bigint, out broken_at bigint, out last_id bigint, out last_hash bytea
)
language sql stable
security definer
set search_path = ''
as $$
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
comment on function callx.verify_audit(bigint) is
  'Computes the chain again. broken_at: the first event that was changed or whose predecessor is missing; null when all '
  'is whole. That the newest events were cut off shows only against a last_id and last_hash noted elsewhere.';

create function public.verify_audit(
  out events bigint, out broken_at bigint, out last_id bigint, out last_hash bytea
)
language plpgsql stable
security definer
set search_path = ''
as $$
begin
  perform callx.require_admin();
  select v.events, v.broken_at, v.last_id, v.last_hash into events, broken_at, last_id, last_hash
  from callx.verify_audit() v;
end
$$;
comment on function public.verify_audit() is 'callx.verify_audit for admins, over REST.';

grant execute on function callx.verify_audit(bigint) to service_role;
grant execute on function public.verify_audit() to callx_admin, service_role;
