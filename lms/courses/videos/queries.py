"""Every statement of the videos. All run as the service."""

WAITING = """
select l.video_url, o.version, o.metadata
  from public.lesson_videos v
  join public.lessons l on l.id = v.lesson_id
  left join storage.objects o
    on o.bucket_id = 'lesson-videos' and l.video_url = any (callx.paths_of(o.bucket_id, o.name))
 where v.lesson_id = $1 and v.state = 'waiting'
"""

IS_READ = """
update public.lesson_videos v
   set state = $4, version = $3, duration_ms = $5, width = $6, height = $7, problem = $8
  from public.lessons l
 where v.lesson_id = $1 and v.state = 'waiting' and l.id = v.lesson_id and l.video_url = $2
   and ($3::uuid is null or exists (select from storage.objects o where o.version = $3))
"""
