-- What people say about a call, beside the moment that it is about.

create function callx.may_review(_user_id uuid) returns boolean
language sql stable
security definer
set search_path = ''
as $$
  select _user_id is not null and _user_id is distinct from auth.uid()
    and (callx.is_admin() or _user_id = any (callx.my_trainees()))
$$;
comment on function callx.may_review(uuid) is
  'Whether the caller may judge what this person did: their managers and admins; nobody what they did themselves.';
grant execute on function callx.may_review(uuid) to authenticated, service_role;

grant execute on function callx.trimmed(text) to authenticated;

create table public.call_comments (
  id uuid primary key default gen_random_uuid(),
  call_id uuid not null references public.calls(id) on delete cascade,
  user_id uuid not null references public.profiles(id) on delete cascade,
  author_id uuid default auth.uid() references public.profiles(id) on delete set null,
  author_name text not null default '',
  author_role text not null default 'trainee' check (author_role in ('trainee', 'manager', 'admin')),
  at_ms int check (at_ms between 0 and 86400000),
  turn_number int check (turn_number > 0),
  body text not null check (char_length(body) <= 4000),
  visibility text not null default 'trainee' check (visibility in ('trainee', 'managers')),
  reply_to uuid references public.call_comments(id) on delete cascade,
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  resolved_at timestamptz,
  resolved_by uuid references public.profiles(id) on delete set null,
  deleted_at timestamptz,
  check ((body = '') = (deleted_at is not null)),
  check (reply_to is null or resolved_at is null)
);
comment on table public.call_comments is 'A thread is a comment and its replies. What was deleted stays as an empty place.';
comment on column public.call_comments.user_id is 'Whose call it is.';
comment on column public.call_comments.author_name is 'As it was then; the author''s account may be gone since.';
comment on column public.call_comments.at_ms is 'On the clock of the call and its recording; null: about all of it.';
comment on column public.call_comments.visibility is
  'trainee: for whoever may see the call. managers: not for the trainee. Replies have that of their thread.';
create index call_comments_call_id_idx on public.call_comments (call_id, created_at);
create index call_comments_user_id_idx on public.call_comments (user_id);
create index call_comments_author_id_idx on public.call_comments (author_id, created_at);
create index call_comments_reply_to_idx on public.call_comments (reply_to);
create index call_comments_resolved_by_idx on public.call_comments (resolved_by);

create function callx.complete_comment() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  _thread public.call_comments;
begin
  select c.user_id into new.user_id from public.calls c where c.id = new.call_id;
  if new.user_id is null or not (callx.may_review(new.user_id) or new.user_id is not distinct from auth.uid()) then
    raise exception 'There is no such call.' using errcode = '42501';
  end if;
  new.body := callx.trimmed(new.body);
  if new.body = '' then
    raise exception 'The comment is empty.' using errcode = '22023';
  end if;
  if new.reply_to is not null then
    select * into _thread from public.call_comments c where c.id = new.reply_to;
    if _thread.call_id is distinct from new.call_id or (
      _thread.visibility = 'managers' and new.user_id is not distinct from auth.uid()
    ) then
      raise exception 'There is no such comment on this call.' using errcode = '42501';
    end if;
    -- One level deep: an answer to an answer belongs to the same thread.
    new.reply_to := coalesce(_thread.reply_to, _thread.id);
    new.visibility := _thread.visibility;
  end if;
  perform pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('callx.comment ' || coalesce(auth.uid()::text, ''), 0)
  );
  if (
    select count(*) >= 30 from public.call_comments c
    where c.author_id = auth.uid() and c.created_at > pg_catalog.clock_timestamp() - interval '1 minute'
  ) or (select count(*) >= 1000 from public.call_comments c where c.call_id = new.call_id) then
    raise exception 'Too many comments: thirty a minute, and a thousand on one call.';
  end if;
  select p.full_name into new.author_name from public.profiles p where p.id = coalesce(auth.uid(), new.author_id);
  new.author_name := coalesce(new.author_name, '');
  new.author_role := case when new.user_id is not distinct from auth.uid() then 'trainee'
    when callx.is_admin() then 'admin' else 'manager' end;
  return new;
end
$$;
comment on function callx.complete_comment() is
  'Whose call it is, who says it and in which role come from the database; a call that one may not see is no call.';
create trigger call_comments_complete before insert on public.call_comments
  for each row execute function callx.complete_comment();

create function callx.guard_comment() returns trigger
language plpgsql
set search_path = ''
as $$
declare
  _is_author boolean := old.author_id is not distinct from auth.uid();
begin
  if current_user in ('service_role', 'callx_owner') then
    return new; -- the author's account is being deleted
  end if;
  if old.deleted_at is not null then
    raise exception 'This comment was deleted.' using errcode = '42501';
  end if;
  if new.deleted_at is not null then
    if not (_is_author or callx.is_admin()) then
      raise exception 'Only its author and admins delete a comment.' using errcode = '42501';
    end if;
    new.deleted_at := now();
    new.body := '';
    new.resolved_at := old.resolved_at;
    return new;
  end if;
  new.body := callx.trimmed(new.body);
  if new.body <> old.body then
    if not _is_author then
      raise exception 'Only its author changes a comment.' using errcode = '42501';
    end if;
    if new.body = '' then
      raise exception 'The comment is empty.' using errcode = '22023';
    end if;
    new.edited_at := now();
  end if;
  if (new.resolved_at is null) <> (old.resolved_at is null) then
    if not callx.may_review(old.user_id) then
      raise exception 'Managers and admins say when a thread is done.' using errcode = '42501';
    end if;
    new.resolved_at := case when new.resolved_at is not null then now() end;
    new.resolved_by := case when new.resolved_at is not null then auth.uid() end;
  else
    new.resolved_at := old.resolved_at;
  end if;
  return new;
end
$$;
comment on function callx.guard_comment() is
  'Who may change what; times are the server''s, and of a deleted comment no word is kept.';
create trigger call_comments_guard before update on public.call_comments
  for each row execute function callx.guard_comment();

create function callx.emit_commented() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform callx.emit_fact('CallCommented', pg_catalog.jsonb_build_object('comment_id', new.id));
  return null;
end
$$;
create trigger call_comments_emit after insert on public.call_comments
  for each row execute function callx.emit_commented();

create function callx.audit_deleted_comment() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform callx.audit('comment.deleted', 'call', new.call_id, jsonb_build_object(
    'comment_id', new.id, 'author_id', new.author_id, 'trainee_id', new.user_id
  ));
  return null;
end
$$;
create trigger call_comments_audit after update on public.call_comments
  for each row when (old.deleted_at is null and new.deleted_at is not null)
  execute function callx.audit_deleted_comment();

select callx.protect('public.call_comments');
grant select on public.call_comments to authenticated;
grant insert (id, call_id, author_id, at_ms, turn_number, body, visibility, reply_to),
  update (body, resolved_at, deleted_at) on public.call_comments to authenticated;

create policy "Users can view comments on own calls" on public.call_comments for select to authenticated
  using (user_id = (select auth.uid()) and visibility = 'trainee');
create policy "Managers can view comments on trainee calls" on public.call_comments for select to callx_manager
  using (user_id = any ((select callx.my_trainees())::uuid[]));
create policy "Admins can view all comments" on public.call_comments for select to callx_admin
  using (true);
create policy "Users can answer comments on own calls" on public.call_comments for insert to authenticated
  with check (
    author_id = (select auth.uid()) and user_id = (select auth.uid())
    and visibility = 'trainee' and reply_to is not null
  );
create policy "Managers can comment on trainee calls" on public.call_comments for insert to callx_manager
  with check (author_id = (select auth.uid()) and user_id = any ((select callx.my_trainees())::uuid[]));
create policy "Admins can comment on all calls" on public.call_comments for insert to callx_admin
  with check (author_id = (select auth.uid()) and user_id <> (select auth.uid()));
create policy "Users can change own answers" on public.call_comments for update to authenticated
  using (user_id = (select auth.uid()) and author_id = (select auth.uid()))
  with check (user_id = (select auth.uid()) and author_id = (select auth.uid()));
create policy "Managers can change comments on trainee calls" on public.call_comments for update to callx_manager
  using (user_id = any ((select callx.my_trainees())::uuid[]))
  with check (user_id = any ((select callx.my_trainees())::uuid[]));
create policy "Admins can change all comments" on public.call_comments for update to callx_admin
  using (true) with check (true);
