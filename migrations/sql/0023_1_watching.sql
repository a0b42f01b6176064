-- Videos: how long a lesson's video is, which parts of it somebody has watched, and lessons completed by watching.

alter table public.lessons add column must_watch boolean not null default false;
comment on column public.lessons.must_watch is
  'A video lesson is completed by watching nine tenths of its video, and by nothing else.';
grant select (must_watch) on public.lessons to authenticated;
grant insert (must_watch), update (must_watch) on public.lessons to callx_admin;

create function callx.is_web_address(_text text) returns boolean
language sql immutable
set search_path = ''
as $$ select _text ~* '^[a-z][a-z0-9+.-]*:' $$;

create function callx.paths_of(_bucket_id text, _name text) returns text[]
language sql immutable
set search_path = ''
as $$ select array[_name, _bucket_id || '/' || _name] $$;
comment on function callx.paths_of(text, text) is 'How a row may name an object: by its name, or by bucket and name.';

-- The file, as a job reads it

create table public.lesson_videos (
  lesson_id uuid primary key references public.lessons(id) on delete cascade,
  state text not null default 'waiting' check (state in ('waiting', 'ready', 'missing', 'unreadable')),
  version uuid,
  duration_ms int check (duration_ms > 0),
  width int,
  height int,
  problem text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (state <> 'ready' or (duration_ms is not null and version is not null))
);
comment on table public.lesson_videos is
  'What is known of the file that lessons.video_url names; there is no row for an address elsewhere in the web.';
comment on column public.lesson_videos.version is 'The bytes that were read: storage.objects.version.';
comment on column public.lesson_videos.problem is 'Why it cannot be read, as a sentence for whoever uploaded it.';
create trigger lesson_videos_touch_updated_at before update on public.lesson_videos
  for each row execute function callx.touch_updated_at();

create function callx.read_video_again(_lesson_id uuid) returns void
language sql
security definer
set search_path = ''
as $$
  insert into public.lesson_videos (lesson_id) values (_lesson_id)
  on conflict (lesson_id) do update
  set state = 'waiting', version = null, duration_ms = null, width = null, height = null, problem = null;
  select callx.emit_fact('LessonVideoChanged', jsonb_build_object('lesson_id', _lesson_id));
$$;

create function callx.note_lesson_video() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if new.video_url is null or new.video_url = '' or callx.is_web_address(new.video_url) then
    delete from public.lesson_videos v where v.lesson_id = new.id;
  else
    perform callx.read_video_again(new.id);
  end if;
  return null;
end
$$;

create trigger lessons_note_video after insert on public.lessons
  for each row when (new.video_url is not null) execute function callx.note_lesson_video();
create trigger lessons_note_other_video after update of video_url on public.lessons
  for each row when (old.video_url is distinct from new.video_url) execute function callx.note_lesson_video();

create function callx.note_stored_video() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
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

create trigger objects_note_video after insert or delete or update of version, bucket_id, name on storage.objects
  for each row execute function callx.note_stored_video();

-- What somebody has watched

create table public.video_watching (
  user_id uuid not null references public.profiles(id) on delete cascade,
  lesson_id uuid not null references public.lessons(id) on delete cascade,
  watched int4multirange not null default '{}',
  watched_ms int not null default 0,
  position_ms int not null default 0,
  version uuid,
  started_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (user_id, lesson_id)
);
comment on table public.video_watching is 'Which parts of a lesson''s video somebody has watched; written by watch_lesson.';
comment on column public.video_watching.watched is 'Milliseconds of the video, without overlaps.';
comment on column public.video_watching.position_ms is 'Where to go on.';
comment on column public.video_watching.version is 'The bytes that were watched: of another video nothing was.';
comment on column public.video_watching.started_at is 'When it was first opened. Nobody has watched more than fits in since.';
create index video_watching_lesson_id_idx on public.video_watching (lesson_id);
create trigger video_watching_touch_updated_at before update on public.video_watching
  for each row execute function callx.touch_updated_at();

create function callx.length_ms(_ranges int4multirange) returns int
language sql immutable
set search_path = ''
as $$ select coalesce(sum(upper(r) - lower(r)), 0)::int from unnest(_ranges) as r $$;

create function callx.merged_watching(_before int4multirange, _reported int4multirange, _length_ms int)
returns int4multirange
language sql immutable
set search_path = ''
as $$
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
comment on function callx.merged_watching(int4multirange, int4multirange, int) is
  'Both together, within the video. Gaps of up to a second are closed: players tell where they are a few times a second. '
  'Of more than 300 pieces the longest are kept.';

create function callx.ranges_of(_pairs jsonb) returns int4multirange
language plpgsql immutable
set search_path = ''
as $$
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
$$;

create function callx.note_watching(_lesson_id uuid, _reported int4multirange, _position_ms int) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
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
comment on function callx.note_watching(uuid, int4multirange, int) is
  'Writes the caller''s own row. What is more than can have been played since the video was first opened is not '
  'believed, and may be told again later: so whoever was offline loses nothing, and a claim that is false takes as long '
  'as watching. Whether the lesson is there for the caller is for public.watch_lesson to ask.';

create function public.watch_lesson(lesson_id uuid, ranges jsonb default '[]', position_ms int default null)
returns jsonb
language plpgsql
set search_path = ''
as $$
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
comment on function public.watch_lesson(uuid, jsonb, int) is
  'Tells what the caller has watched of a lesson''s video, as [[from_ms, to_ms]], and where they are; called without '
  'ranges when the video is opened. {lesson_id, watched, watched_ms, position_ms, duration_ms, percent, is_accepted, '
  'retry_after_ms, must_watch, completed_from_percent, is_completed}: at 90 percent the lesson is completed. What cannot '
  'have been played in the time since it was opened is not accepted: tell it again after retry_after_ms. Refuses with '
  'the details video_not_found, bad_ranges.';

-- Completing by watching

create function callx.require_watching() returns trigger
language plpgsql
set search_path = ''
as $$
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
comment on function callx.require_watching() is
  'Runs with the rights of whoever inserts, after callx.guard_completion, which lets repeated completions in again.';

create trigger lesson_completions_watched before insert on public.lesson_completions
  for each row execute function callx.require_watching();

-- Who may

select callx.protect('public.lesson_videos');
select callx.protect('public.video_watching');
grant select on public.lesson_videos, public.video_watching to authenticated;

create policy "Videos are visible with their lesson" on public.lesson_videos for select to authenticated
  using (exists (select from public.lessons l where l.id = lesson_id));
create policy "Users can view what they watched" on public.video_watching for select to authenticated
  using (user_id = (select auth.uid()));
create policy "Managers can view what trainees watched" on public.video_watching for select to callx_manager
  using (user_id = any ((select callx.my_trainees())::uuid[]));
create policy "Admins can view what everybody watched" on public.video_watching for select to callx_admin
  using (true);

grant execute on function callx.note_watching(uuid, int4multirange, int), callx.ranges_of(jsonb)
  to authenticated, service_role;
grant execute on function callx.merged_watching(int4multirange, int4multirange, int), callx.length_ms(int4multirange),
  callx.paths_of(text, text) to service_role;
grant execute on function public.watch_lesson(uuid, jsonb, int) to authenticated, service_role;

select callx.read_video_again(l.id) from public.lessons l
where l.video_url <> '' and not callx.is_web_address(l.video_url);
