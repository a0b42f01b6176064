-- Who there is: people, their logins, roles and teams; and the functions that policies ask about them.

-- New functions are nobody's but their owner's until granted.
alter default privileges revoke execute on functions from public;

create schema auth;
grant usage on schema auth to anon, authenticated, service_role;
grant usage on schema callx to authenticated, service_role, callx_server;

create function callx.protect(_table regclass) returns void
language plpgsql
set search_path = ''
as $$
begin
  execute format('alter table %s enable row level security', _table);
  execute format('alter table %s force row level security', _table);
  execute format('create policy "Service can do everything" on %s to service_role using (true) with check (true)', _table);
  execute format('create policy "Definer functions can do everything" on %s to callx_owner using (true) with check (true)', _table);
  execute format('grant select, insert, update, delete on %s to service_role', _table);
end
$$;
comment on function callx.protect(regclass) is
  'Closes a new table to everybody but the service. callx_owner needs a policy of its own because row security is '
  'forced: without it the security definer functions, which run as callx_owner, would see nothing.';

create function callx.touch_updated_at() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end
$$;

-- As Supabase has them: what the verified token of the request said.

create function auth.jwt() returns jsonb
language sql stable
as $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;

create function auth.uid() returns uuid
language sql stable
as $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;

create function auth.role() returns text
language sql stable
as $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' $$;

grant execute on function auth.jwt(), auth.uid(), auth.role() to anon, authenticated, service_role;

create table auth.users (
  id uuid primary key default gen_random_uuid(),
  email text not null unique check (email = lower(email) and char_length(email) between 3 and 320),
  encrypted_password text,
  email_confirmed_at timestamptz,
  last_sign_in_at timestamptz,
  raw_app_meta_data jsonb not null default '{}',
  raw_user_meta_data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deactivated_at timestamptz
);
comment on column auth.users.encrypted_password is 'An Argon2 hash; null for somebody who cannot sign in by password.';
comment on column auth.users.raw_user_meta_data is 'Written by the person: never read to decide what somebody may do.';

create table auth.logins (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users(id) on delete cascade,
  created_at timestamptz not null default now(),
  refreshed_at timestamptz,
  user_agent text,
  ip inet,
  revoked_at timestamptz
);
comment on table auth.logins is 'A signed-in device: the family that its refresh tokens belong to.';
create index logins_user_id_idx on auth.logins (user_id);

create table auth.refresh_tokens (
  id uuid primary key default gen_random_uuid(),
  login_id uuid not null references auth.logins(id) on delete cascade,
  token_hash bytea not null unique,
  issued_at timestamptz not null default now(),
  used_at timestamptz,
  replaced_by uuid references auth.refresh_tokens(id) on delete set null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
comment on column auth.refresh_tokens.used_at is
  'A used token is good for a few seconds more (two tabs refresh at once); after that its return means theft.';
create index refresh_tokens_login_id_idx on auth.refresh_tokens (login_id);
create index refresh_tokens_replaced_by_idx on auth.refresh_tokens (replaced_by);

create table public.profiles (
  id uuid primary key references auth.users(id) on delete cascade,
  full_name text not null check (char_length(full_name) <= 200),
  email text not null,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
comment on table public.profiles is
  'What others may know of a person. All other tables reference people here and not in auth, so that REST can embed them.';

create type public.app_role as enum ('trainee', 'manager', 'admin');
comment on type public.app_role is 'In rising order: callx.database_role_of takes the greatest.';

create table public.user_roles (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references public.profiles(id) on delete cascade not null,
  role public.app_role not null,
  created_at timestamptz default now(),
  unique (user_id, role)
);

create table public.manager_assignments (
  id uuid primary key default gen_random_uuid(),
  trainee_id uuid references public.profiles(id) on delete cascade not null,
  manager_id uuid references public.profiles(id) on delete cascade not null,
  created_at timestamptz default now(),
  unique (trainee_id, manager_id)
);
create index manager_assignments_manager_id_idx on public.manager_assignments (manager_id);

create trigger users_touch_updated_at before update on auth.users
  for each row execute function callx.touch_updated_at();
create trigger profiles_touch_updated_at before update on public.profiles
  for each row execute function callx.touch_updated_at();

create function public.handle_new_user() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
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
comment on function public.handle_new_user() is
  'Takes nothing but the name from the metadata, which the person who signs up writes: a role in there is ignored.';

create trigger on_auth_user_created after insert on auth.users
  for each row execute function public.handle_new_user();

create function public.handle_changed_email() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.profiles set email = new.email where id = new.id;
  return new;
end
$$;

create trigger on_auth_user_email_changed after update of email on auth.users
  for each row when (old.email is distinct from new.email) execute function public.handle_changed_email();

create function public.has_role(_user_id uuid, _role public.app_role) returns boolean
language sql stable
security definer
set search_path = ''
as $$
  select (
    _user_id = auth.uid()
    or auth.role() = 'service_role'
    or exists (select from public.user_roles r where r.user_id = auth.uid() and r.role = 'admin')
  ) is true
  and exists (select from public.user_roles r where r.user_id = _user_id and r.role = _role)
$$;
comment on function public.has_role(uuid, public.app_role) is
  'About others only admins and the service get a true answer: anybody can call this over REST, and roles are not public.';

create function callx.my_trainees() returns uuid[]
language sql stable
security definer
set search_path = ''
as $$
  select coalesce(array_agg(a.trainee_id), '{}')
  from public.manager_assignments a
  where a.manager_id = auth.uid()
    and exists (select from public.user_roles r where r.user_id = a.manager_id and r.role = 'manager')
$$;
comment on function callx.my_trainees() is
  'The people whose manager the caller is: assigned, and still in the role. Policies compare with this array, which a '
  'statement computes once and can look up in an index, instead of asking is_manager_of for every row.';

create function public.is_manager_of(trainee uuid) returns boolean
language sql stable
security definer
set search_path = ''
as $$ select coalesce(trainee = any (callx.my_trainees()), false) $$;

create function callx.database_role_of(_user_id uuid, _login_id uuid) returns text
language sql stable
security definer
set search_path = ''
as $$
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
comment on function callx.database_role_of(uuid, uuid) is
  'The database role that a request of this person runs as, looked up at each request: a role taken away, an account '
  'deactivated or a login revoked counts at once, whatever the token says. anon: nobody to be trusted.';

grant execute on function public.has_role(uuid, public.app_role), public.is_manager_of(uuid), callx.my_trainees()
  to authenticated, service_role;
grant execute on function callx.database_role_of(uuid, uuid) to callx_server;
