-- What people are told of comments and reviews, which reports come by letter, and who gets a team's numbers how often.

alter table public.notification_preferences
  drop constraint notification_preferences_kind_check,
  add constraint notification_preferences_kind_check check (kind in (
    'all', 'welcome', 'assigned', 'due_soon', 'overdue', 'unlocked', 'report_ready', 'comment', 'review_requested',
    'review_result', 'certified', 'expiring', 'expired', 'weekly_digest', 'monthly_digest'
  ));

create table callx.told_comments (
  comment_id uuid not null references public.call_comments(id) on delete cascade,
  user_id uuid not null references public.profiles(id) on delete cascade,
  notification_id uuid not null references public.notifications(id) on delete cascade,
  letter_at timestamptz,
  primary key (comment_id, user_id)
);
comment on table callx.told_comments is
  'By which notification somebody was told of a comment: comments that come one after the other share one.';
comment on column callx.told_comments.letter_at is 'When it was seen to that a letter goes out, or that none does.';
create index told_comments_user_id_idx on callx.told_comments (user_id);
create index told_comments_notification_id_idx on callx.told_comments (notification_id);
select callx.protect('callx.told_comments');

create function callx.wants_report_letter(_user_id uuid, _attempt_id uuid) returns boolean
language sql stable
security definer
set search_path = ''
as $$
  select coalesce(
    (
      select p.enabled from public.notification_preferences p
      where p.user_id = _user_id and p.kind = 'report_ready' and p.channel = 'email'
    ),
    callx.wants(_user_id, 'report_ready', 'email') and (
      select a.mode = 'exam' or e.finished_at > a.attempted_at + interval '10 minutes'
      from public.simulation_attempts a left join public.evaluations e on e.attempt_id = a.id where a.id = _attempt_id
    ),
    false
  )
$$;
comment on function callx.wants_report_letter(uuid, uuid) is
  'Whoever has chosen gets what they chose. Everybody else gets letters about exams, and about reports that came so late '
  'that nobody was waiting for them on the screen any more.';
grant execute on function callx.wants_report_letter(uuid, uuid) to service_role;

create table public.report_subscriptions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null default auth.uid() references public.profiles(id) on delete cascade,
  every text not null check (every in ('week', 'month')),
  manager_id uuid references public.profiles(id) on delete cascade,
  language text check (language in ('en', 'es', 'fr', 'de', 'ar')),
  time_zone text check (callx.is_time_zone(time_zone)),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique nulls not distinct (user_id, every, manager_id)
);
comment on table public.report_subscriptions is
  'Whom a team''s numbers are sent to, and how often. Managers without a row get their own team''s every week.';
comment on column public.report_subscriptions.manager_id is
  'Whose team, for admins. Null: one''s own team; of an admin everybody.';
comment on column public.report_subscriptions.language is 'Null: that of the person.';
create index report_subscriptions_manager_id_idx on public.report_subscriptions (manager_id);
create trigger report_subscriptions_touch_updated_at before update on public.report_subscriptions
  for each row execute function callx.touch_updated_at();
select callx.protect('public.report_subscriptions');
grant select, delete on public.report_subscriptions to authenticated;
grant insert (id, user_id, every, manager_id, language, time_zone),
  update (user_id, every, manager_id, language, time_zone) on public.report_subscriptions to callx_manager, callx_admin;
create policy "Users can view own subscriptions" on public.report_subscriptions for select to authenticated
  using (user_id = (select auth.uid()));
create policy "Users can end own subscriptions" on public.report_subscriptions for delete to authenticated
  using (user_id = (select auth.uid()));
create policy "Managers can subscribe to their team" on public.report_subscriptions for insert to callx_manager
  with check (user_id = (select auth.uid()) and manager_id is null);
create policy "Managers can change own subscriptions" on public.report_subscriptions for update to callx_manager
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()) and manager_id is null);
create policy "Admins can subscribe to any team" on public.report_subscriptions for insert to callx_admin
  with check (user_id = (select auth.uid()));
create policy "Admins can change own subscriptions" on public.report_subscriptions for update to callx_admin
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
