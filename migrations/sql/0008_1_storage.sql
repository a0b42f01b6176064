-- Files: buckets, and the objects in them. A row says what an object is called and who may have it; its bytes lie in the
-- object store under `objects/<version>`, so that no name ever reaches a file system.

create schema storage;
grant usage on schema storage to authenticated, service_role;

create table storage.buckets (
  id text primary key check (char_length(id) between 1 and 100),
  name text not null unique,
  public boolean not null default false,
  file_size_limit bigint check (file_size_limit > 0),
  allowed_mime_types text[],
  owner uuid default auth.uid() references public.profiles(id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column storage.buckets.public is 'Anybody who knows an object''s name may read it, also without signing in.';
comment on column storage.buckets.file_size_limit is 'In bytes; null for no limit but the server''s.';
comment on column storage.buckets.allowed_mime_types is 'For example {video/*, application/pdf}; null for every type.';
create index buckets_owner_idx on storage.buckets (owner);

create table storage.objects (
  id uuid primary key default gen_random_uuid(),
  bucket_id text not null references storage.buckets(id),
  name text not null check (octet_length(name) between 1 and 1024),
  owner_id uuid default auth.uid() references public.profiles(id) on delete set null,
  version uuid not null unique default gen_random_uuid(),
  metadata jsonb not null default '{}',
  user_metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  last_accessed_at timestamptz not null default now(),
  unique (bucket_id, name)
);
comment on column storage.objects.version is 'The bytes: a new version when an object is replaced, never two rows with one.';
comment on column storage.objects.metadata is
  '{size, mimetype, eTag, cacheControl, lastModified, contentLength, httpStatusCode}, written by the server.';
comment on column storage.objects.user_metadata is 'Written by whoever uploads: never read to decide anything.';
create index objects_owner_id_idx on storage.objects (owner_id);
create index objects_bucket_id_name_prefix_idx on storage.objects (bucket_id, name collate "C");

create function callx.own_new_version() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.owner_id := auth.uid();
  return new;
end
$$;
comment on function callx.own_new_version() is 'An object belongs to whoever wrote what is in it now.';

create trigger buckets_touch_updated_at before update on storage.buckets
  for each row execute function callx.touch_updated_at();
create trigger objects_touch_updated_at before update on storage.objects
  for each row execute function callx.touch_updated_at();
create trigger objects_own_new_version before update of version on storage.objects
  for each row when (old.version <> new.version) execute function callx.own_new_version();

-- As Supabase has them, for policies.

create function storage.foldername(name text) returns text[]
language sql immutable
set search_path = ''
as $$ select (string_to_array(name, '/'))[: cardinality(string_to_array(name, '/')) - 1] $$;

create function storage.filename(name text) returns text
language sql immutable
set search_path = ''
as $$ select (string_to_array(name, '/'))[cardinality(string_to_array(name, '/'))] $$;

create function storage.extension(name text) returns text
language sql immutable
set search_path = ''
as $$ select substring(storage.filename(name) from '\.([^.]*)$') $$;

grant execute on function storage.foldername(text), storage.filename(text), storage.extension(text)
  to authenticated, service_role;

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types) values
  ('lesson-videos', 'lesson-videos', false, 5::bigint << 30, '{video/*}'),
  (
    'lesson-attachments', 'lesson-attachments', false, 100 << 20,
    -- Nothing that a browser would run: no HTML, no SVG, no XML.
    '{
      application/pdf, application/rtf, application/zip, application/json, application/epub+zip,
      application/msword, application/vnd.ms-excel, application/vnd.ms-powerpoint,
      application/vnd.openxmlformats-officedocument.wordprocessingml.document,
      application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,
      application/vnd.openxmlformats-officedocument.presentationml.presentation,
      application/vnd.oasis.opendocument.text, application/vnd.oasis.opendocument.spreadsheet,
      application/vnd.oasis.opendocument.presentation,
      text/plain, text/csv, text/markdown,
      image/png, image/jpeg, image/gif, image/webp, image/avif, audio/*, video/*
    }'
  ),
  ('certificates', 'certificates', false, 20 << 20, '{application/pdf}');

-- Who has what. A lesson's files follow the lesson: whoever sees the row that names them may have them, so enrolment,
-- locks and the archive decide here too. A row names a file by its path, or by bucket and path.

select callx.protect('storage.buckets');
select callx.protect('storage.objects');

create index lessons_video_url_idx on public.lessons (video_url) where video_url is not null;
create index lesson_attachments_file_path_idx on public.lesson_attachments (file_path);
create index certifications_certificate_url_idx on public.certifications (certificate_url);

grant select on storage.buckets, storage.objects to authenticated;
grant insert (id, name, public, file_size_limit, allowed_mime_types),
  update (name, public, file_size_limit, allowed_mime_types), delete
  on storage.buckets to callx_admin;
grant insert (bucket_id, name, version, metadata, user_metadata),
  update (bucket_id, name, version, metadata, user_metadata), delete
  on storage.objects to callx_admin;

create policy "Admins can view all buckets" on storage.buckets for select to callx_admin using (true);
create policy "Admins can make buckets" on storage.buckets for insert to callx_admin with check (true);
create policy "Admins can change all buckets but that of the certificates" on storage.buckets for update to callx_admin
  using (id <> 'certificates') with check (id <> 'certificates');
create policy "Admins can remove buckets that they made" on storage.buckets for delete to callx_admin
  using (id not in ('lesson-videos', 'lesson-attachments', 'certificates'));

create policy "Users can view videos of lessons that they see" on storage.objects for select to authenticated
  using (
    bucket_id = 'lesson-videos'
    and exists (select from public.lessons l where l.video_url = any (array[name, bucket_id || '/' || name]))
  );
create policy "Users can download attachments of lessons that they see" on storage.objects for select to authenticated
  using (
    bucket_id = 'lesson-attachments'
    and exists (select from public.lesson_attachments a where a.file_path = any (array[name, bucket_id || '/' || name]))
  );

create policy "Users can view own certificates" on storage.objects for select to authenticated
  using (bucket_id = 'certificates' and (storage.foldername(name))[1] = (select auth.uid())::text);
create policy "Managers can view trainee certificates" on storage.objects for select to callx_manager
  using (
    bucket_id = 'certificates'
    and (storage.foldername(name))[1] = any (((select callx.my_trainees())::uuid[])::text[])
  );
create policy "Certificates are visible with their certification" on storage.objects for select to authenticated
  using (
    bucket_id = 'certificates'
    and exists (
      select from public.certifications c where c.certificate_url = any (array[name, bucket_id || '/' || name])
    )
  );

create policy "Admins can view all objects" on storage.objects for select to callx_admin using (true);
create policy "Admins can manage all objects but certificates" on storage.objects to callx_admin
  using (bucket_id <> 'certificates') with check (bucket_id <> 'certificates');

create trigger buckets_audit after insert or update or delete on storage.buckets
  for each row execute function callx.audit_change('bucket', '');
create trigger objects_audit after insert or update or delete on storage.objects
  for each row execute function callx.audit_change('object', 'id');
