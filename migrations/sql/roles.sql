-- The roles. They belong to the cluster and not to one database, so this file is no revision: the runner executes it
-- at every start, and everything in it may be repeated.

do $$
declare
  _role text;
begin
  foreach _role in array array[
    'callx_owner', 'anon', 'authenticated', 'callx_trainee', 'callx_manager', 'callx_admin', 'service_role', 'callx_server'
  ] loop
    if not exists (select from pg_catalog.pg_roles where rolname = _role) then
      begin
        execute format('create role %I nologin noinherit', _role);
      exception when duplicate_object or unique_violation then
        null; -- somebody who migrates another database of this cluster was quicker
      end;
    end if;
  end loop;

  -- What is written to authenticated means every signed-in person.
  foreach _role in array array['callx_trainee', 'callx_manager', 'callx_admin'] loop
    if not pg_catalog.pg_has_role(_role, 'authenticated', 'USAGE') then
      execute format('alter role %I inherit', _role);
      execute format('grant authenticated to %I', _role);
    end if;
  end loop;

  -- The server's login may become one of these inside a transaction, and inherits nothing from them.
  foreach _role in array array[
    'anon', 'authenticated', 'callx_trainee', 'callx_manager', 'callx_admin', 'service_role'
  ] loop
    if not pg_catalog.pg_has_role('callx_server', _role, 'MEMBER') then
      execute format('grant %I to callx_server', _role);
    end if;
  end loop;

  -- Everything is owned by callx_owner, which cannot log in; whoever migrates acts as it. PostgreSQL 16 split the
  -- right to administer a role, which its creator has, from the right to become it.
  if not pg_catalog.pg_has_role(
    current_user, 'callx_owner',
    case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end
  ) then
    execute format('grant callx_owner to %I', current_user);
  end if;

  execute format('grant create on database %I to callx_owner', current_database());
end
$$;

revoke create on schema public from public;
grant usage, create on schema public to callx_owner;
grant usage on schema public to anon, authenticated, service_role;
