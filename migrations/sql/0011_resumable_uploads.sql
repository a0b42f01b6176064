-- Uploads that go on where they broke off (core/storage/resumable). What has arrived of one lies in the object store
-- under `uploads/<upload id>/<version of the part>`; a part counts when it has a row here.

create table storage.resumable_uploads (
  id uuid primary key default gen_random_uuid(),
  bucket_id text not null references storage.buckets(id) on delete cascade,
  name text not null check (octet_length(name) between 1 and 1024),
  owner_id uuid default auth.uid() references public.profiles(id) on delete cascade,
  length bigint not null check (length >= 0),
  received bigint not null default 0 check (received between 0 and length),
  content_type text not null,
  cache_control text not null,
  user_metadata jsonb not null default '{}',
  upsert boolean not null,
  finisher uuid,
  finisher_until timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
comment on column storage.resumable_uploads.received is 'How many bytes are safe: the sum of the parts.';
comment on column storage.resumable_uploads.finisher is
  'Who puts the parts together, for as long as nobody else may begin to. It says nothing about who is allowed to.';
comment on column storage.resumable_uploads.finished_at is 'Set in the transaction that wrote the object''s row.';
create index resumable_uploads_bucket_id_idx on storage.resumable_uploads (bucket_id);
create index resumable_uploads_owner_id_idx on storage.resumable_uploads (owner_id);
create index resumable_uploads_expires_at_idx on storage.resumable_uploads (expires_at);

create table storage.upload_parts (
  upload_id uuid not null references storage.resumable_uploads(id) on delete cascade,
  start bigint not null check (start >= 0),
  size_bytes bigint not null check (size_bytes > 0),
  version uuid not null,
  primary key (upload_id, start)
);
comment on table storage.upload_parts is 'Without gaps: the next part starts where the last one ends.';

select callx.protect('storage.resumable_uploads');
select callx.protect('storage.upload_parts');

grant select, delete on storage.resumable_uploads to authenticated;
grant insert (bucket_id, name, length, content_type, cache_control, user_metadata, upsert, expires_at)
  on storage.resumable_uploads to authenticated;
grant update (received, expires_at, finisher, finisher_until, finished_at)
  on storage.resumable_uploads to authenticated;
grant select, insert on storage.upload_parts to authenticated;

create policy "Users can upload as themselves" on storage.resumable_uploads to authenticated
  using (owner_id = (select auth.uid())) with check (owner_id = (select auth.uid()));
create policy "Users can view parts of own uploads" on storage.upload_parts for select to authenticated
  using (exists (select from storage.resumable_uploads u where u.id = upload_id));
create policy "Users can add parts to own uploads" on storage.upload_parts for insert to authenticated
  with check (exists (select from storage.resumable_uploads u where u.id = upload_id));

create function callx.abandon_upload_parts() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform callx.emit_fact('UploadPartsAbandoned', jsonb_build_object('upload_id', old.id));
  return null;
end
$$;
comment on function callx.abandon_upload_parts() is
  'One fact for all parts of an upload, and for what came too late to be one: a job removes everything below its prefix.';

create trigger resumable_uploads_abandon_parts after delete on storage.resumable_uploads
  for each row when (old.finished_at is null) execute function callx.abandon_upload_parts();
create trigger resumable_uploads_abandon_used_parts after update of finished_at on storage.resumable_uploads
  for each row when (old.finished_at is null and new.finished_at is not null)
  execute function callx.abandon_upload_parts();
