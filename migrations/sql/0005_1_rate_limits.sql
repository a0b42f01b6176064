-- How often somebody may do something, counted for all servers together.

create unlogged table callx.rate_limits (
  key bytea primary key,
  full_at timestamptz not null
);
comment on table callx.rate_limits is
  'Token buckets (core.rate_limits): a bucket is full again at full_at; a row whose time has come may go. Keys are '
  'hashes. Unlogged: after a crash of PostgreSQL everybody starts with full buckets.';
create index rate_limits_full_at_idx on callx.rate_limits (full_at);

create function callx.take_tokens(_keys bytea[], _bursts int[], _refills_ms int[], _now timestamptz) returns bigint
language plpgsql
security definer
set search_path = ''
as $$
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
comment on function callx.take_tokens(bytea[], int[], int[], timestamptz) is
  'Takes one token out of each bucket and returns 0, or takes none and returns the milliseconds until each has one.';

create function callx.return_tokens(_keys bytea[], _refills_ms int[]) returns void
language sql
security definer
set search_path = ''
as $$
  with locked as (
    select r.key, b.refill_ms from callx.rate_limits r
    join unnest(_keys, _refills_ms) as b (key, refill_ms) on b.key = r.key
    order by r.key for update of r
  )
  update callx.rate_limits r set full_at = r.full_at - l.refill_ms * interval '1 millisecond'
  from locked l where r.key = l.key
$$;
comment on function callx.return_tokens(bytea[], int[]) is 'Puts back what turned out not to count.';

grant execute on function callx.take_tokens(bytea[], int[], int[], timestamptz), callx.return_tokens(bytea[], int[])
  to service_role;
