-- A token is as good as its login, and what has had its time goes.

create or replace function callx.database_role_of(_user_id uuid, _login_id uuid) returns text
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
comment on function callx.database_role_of(uuid, uuid) is
  'The database role that a request of this person runs as, looked up at each request: a role taken away, an account '
  'deactivated or a login ended counts at once, whatever the token says. anon: nobody to be trusted. Without a login it '
  'is the server itself that acts for somebody (a command, a job): every access token names one.';

-- For the job that tidies up.

create index refresh_tokens_expires_at_idx on auth.refresh_tokens (expires_at);
create index email_changes_requested_at_idx on auth.email_changes (requested_at);

create function callx.forget_full_buckets(_now timestamptz, _limit int) returns int
language sql
security definer
set search_path = ''
as $$
  with gone as (
    delete from callx.rate_limits r where r.key in (
      select f.key from callx.rate_limits f where f.full_at < _now order by f.full_at limit _limit for update skip locked
    ) returning 1
  )
  select count(*)::int from gone
$$;
comment on function callx.forget_full_buckets(timestamptz, int) is
  'take_tokens forgets some now and then; this is for places where nobody asks for days.';

grant execute on function callx.forget_full_buckets(timestamptz, int) to service_role;

-- What is done at set times (core.jobs.timetable).

grant select, insert, update, delete on callx.pgqueuer_schedules to callx_server;
grant usage on sequence callx.pgqueuer_schedules_id_seq to callx_server;
