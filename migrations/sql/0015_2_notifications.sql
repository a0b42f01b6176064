-- What people are told, each thing once: on the screen, by letter, or not at all if they do not want it.

create table public.notifications (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.profiles(id) on delete cascade,
  kind text not null check (kind ~ '^[a-z_]{1,40}$'),
  subject_id uuid not null,
  occasion text not null default '' check (char_length(occasion) <= 100),
  title text not null,
  body text not null default '',
  path text not null default '' check (path = '' or path ~ '^/'),
  in_app boolean not null default true,
  created_at timestamptz not null default now(),
  read_at timestamptz,
  unique (user_id, kind, subject_id, occasion)
);
comment on table public.notifications is
  'One row for everything that somebody was told, by whatever channel: so nothing is told twice.';
comment on column public.notifications.subject_id is
  'The row that it is about: an assignment, a module, an attempt, a certification; of a digest the person.';
comment on column public.notifications.occasion is
  'What tells two notifications about one subject apart: a due date, a week. Else empty.';
comment on column public.notifications.title is 'In the language of the person, as it was then.';
comment on column public.notifications.path is 'Where in the application it leads.';
comment on column public.notifications.in_app is 'False: the person did not want to see it on the screen.';
create index notifications_unread_idx on public.notifications (user_id, created_at desc) where in_app;
create index notifications_created_at_idx on public.notifications (created_at);

create function callx.stamp_read() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.read_at is not null then
    new.read_at := coalesce(old.read_at, now());
  end if;
  return new;
end
$$;
comment on function callx.stamp_read() is 'Whatever time a front end sends, the first reading counts, by our clock.';
create trigger notifications_stamp_read before update of read_at on public.notifications
  for each row execute function callx.stamp_read();

select callx.protect('public.notifications');
grant select (id, user_id, kind, subject_id, occasion, title, body, path, created_at, read_at) on public.notifications
  to authenticated;
grant update (read_at) on public.notifications to authenticated;
create policy "Users can view own notifications" on public.notifications for select to authenticated
  using (user_id = (select auth.uid()) and in_app);
create policy "Users can mark own notifications" on public.notifications for update to authenticated
  using (user_id = (select auth.uid()) and in_app) with check (user_id = (select auth.uid()) and in_app);

create table public.notification_preferences (
  user_id uuid not null default auth.uid() references public.profiles(id) on delete cascade,
  kind text not null check (kind in (
    'all', 'welcome', 'assigned', 'due_soon', 'overdue', 'unlocked', 'report_ready', 'comment', 'review_result',
    'certified', 'expiring', 'expired', 'weekly_digest'
  )),
  channel text not null check (channel in ('in_app', 'email')),
  enabled boolean not null,
  updated_at timestamptz not null default now(),
  primary key (user_id, kind, channel)
);
comment on table public.notification_preferences is
  'What somebody wants to be told, and how. Without a row of the kind that of kind all holds; without both, everything.';
create trigger notification_preferences_touch_updated_at before update on public.notification_preferences
  for each row execute function callx.touch_updated_at();
select callx.protect('public.notification_preferences');
grant select, delete on public.notification_preferences to authenticated;
grant insert (user_id, kind, channel, enabled), update (user_id, kind, channel, enabled)
  on public.notification_preferences to authenticated;
create policy "Users can manage own preferences" on public.notification_preferences to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

create function callx.wants(_user_id uuid, _kind text, _channel text) returns boolean
language sql stable
security definer
set search_path = ''
as $$
  select coalesce(
    (
      select p.enabled from public.notification_preferences p
      where p.user_id = _user_id and p.channel = _channel and p.kind in (_kind, 'all')
      order by p.kind = 'all' limit 1
    ),
    true
  )
$$;
grant execute on function callx.wants(uuid, text, text) to service_role;

-- Assignments come in over REST, where no Python sees them.

create function callx.emit_course_assigned() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform callx.emit_fact('CourseAssigned', pg_catalog.jsonb_build_object('assignment_id', new.id));
  return null;
end
$$;
create trigger assignments_emit after insert on public.assignments
  for each row execute function callx.emit_course_assigned();

create function callx.emit_team_joined() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if exists (select from public.assignments a where a.manager_id = new.manager_id) then
    perform callx.emit_fact(
      'TeamJoined', pg_catalog.jsonb_build_object('user_id', new.trainee_id, 'manager_id', new.manager_id)
    );
  end if;
  return null;
end
$$;
comment on function callx.emit_team_joined() is 'Whoever joins a team has what it is assigned.';
create trigger manager_assignments_emit after insert on public.manager_assignments
  for each row execute function callx.emit_team_joined();
