-- What a comment said is gone where it was told, too; what was watched of one video is not watched of the next; and of
-- what a call was begun with, trainees read no more in its log than in the call.

create function callx.emit_comment_changed() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform callx.emit_fact('CallCommentChanged', pg_catalog.jsonb_build_object('comment_id', new.id));
  return null;
end
$$;
create trigger call_comments_emit_changed after update on public.call_comments
  for each row when (old.body is distinct from new.body) execute function callx.emit_comment_changed();

create or replace function callx.note_lesson_video() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  -- What was told of a video whose bytes nobody knew yet would be taken for the next one's.
  update public.video_watching w set watched = '{}', watched_ms = 0, started_at = clock_timestamp()
  where w.lesson_id = new.id and w.version is null;
  if new.video_url is null or new.video_url = '' or callx.is_web_address(new.video_url) then
    delete from public.lesson_videos v where v.lesson_id = new.id;
  else
    perform callx.read_video_again(new.id);
  end if;
  return null;
end
$$;

alter policy "Events are visible with their call" on public.call_events
  using (exists (
    select from public.calls c
    where c.id = call_id and (kind not in ('begun', 'begun_changed') or c.user_id is distinct from (select auth.uid()))
  ));
comment on column public.call_events.details is
  'Of begun and begun_changed not for the trainee: with its seed an embedded customer can be foreseen.';
