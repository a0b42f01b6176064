-- Letters of the whole product in one queue: what became of each, and in which language people read them.

alter table auth.letters
  add column about text check (char_length(about) <= 200),
  add column requested_by uuid references auth.users(id) on delete set null,
  add column attempts int not null default 0,
  add column taken_until timestamptz,
  add column failure text check (char_length(failure) <= 500),
  add column handed_over_as text check (char_length(handed_over_as) <= 200),
  drop constraint letters_outcome_check,
  add constraint letters_outcome_check check (outcome in ('sent', 'not_needed', 'refused', 'too_late'));
comment on column auth.letters.about is
  'What the letter is about, like certified:<id of the certification>: the same is not said twice in a day.';
comment on column auth.letters.taken_until is 'Somebody is sending it: nobody else tries before.';
comment on column auth.letters.failure is 'Why it has not gone out (yet), in the words of whoever refused it.';
comment on column auth.letters.handed_over_as is 'The id that the mail service gave it.';
create index letters_about_idx on auth.letters (recipient, about) where about is not null;
create index letters_waiting_idx on auth.letters (created_at) where settled_at is null;
create index letters_requested_by_idx on auth.letters (requested_by);

create view public.letters as
  select l.id, l.kind, l.recipient, l.user_id, l.requested_by,
    case l.outcome when 'sent' then 'sent' when 'not_needed' then 'not_needed' when 'refused' then 'failed'
      when 'too_late' then 'failed' else 'queued' end as state,
    l.failure as reason, l.attempts, l.handed_over_as as message_id, l.created_at, l.settled_at
  from auth.letters l;
comment on view public.letters is
  'For admins: the letters of the last days and what became of them. Says nothing of what stood in them, no link least.';
grant select on public.letters to callx_admin, service_role;

create function callx.is_time_zone(_name text) returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
  if _name !~ '^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$' then
    return false;
  end if;
  perform timestamptz 'epoch' at time zone _name;
  return true;
exception when invalid_parameter_value then
  return false;
end
$$;
grant execute on function callx.is_time_zone(text) to authenticated, service_role;

alter table public.site_settings
  add column language text not null default 'en' check (language in ('en', 'es', 'fr', 'de', 'ar')),
  add column time_zone text not null default 'UTC' check (callx.is_time_zone(time_zone));
comment on column public.site_settings.language is 'Of letters to people who have chosen none.';
comment on column public.site_settings.time_zone is 'In which times are told to people who have chosen none.';
grant update (language, time_zone) on public.site_settings to callx_admin;

create table public.personal_settings (
  user_id uuid primary key default auth.uid() references public.profiles(id) on delete cascade,
  language text check (language in ('en', 'es', 'fr', 'de', 'ar')),
  time_zone text check (callx.is_time_zone(time_zone)),
  updated_at timestamptz not null default now()
);
comment on table public.personal_settings is 'What people choose for themselves; without a row the site''s settings hold.';
create trigger personal_settings_touch_updated_at before update on public.personal_settings
  for each row execute function callx.touch_updated_at();
select callx.protect('public.personal_settings');
grant select on public.personal_settings to authenticated;
grant insert (user_id, language, time_zone), update (user_id, language, time_zone) on public.personal_settings
  to authenticated;
create policy "Users can view own settings" on public.personal_settings for select to authenticated
  using (user_id = (select auth.uid()));
create policy "Users can choose own settings" on public.personal_settings for insert to authenticated
  with check (user_id = (select auth.uid()));
create policy "Users can change own settings" on public.personal_settings for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

create function callx.emit_first_sign_in() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform callx.emit_fact('FirstSignIn', pg_catalog.jsonb_build_object('user_id', new.id));
  return null;
end
$$;
create trigger users_emit_first_sign_in after update of last_sign_in_at on auth.users
  for each row when (old.last_sign_in_at is null and new.last_sign_in_at is not null)
  execute function callx.emit_first_sign_in();
