-- What no row names any more leaves the object store: the row that goes writes a fact, and a job removes the bytes.

create function callx.abandon_object() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform callx.emit_fact('BlobAbandoned', jsonb_build_object('key', 'objects/' || old.version));
  return null;
end
$$;

create trigger objects_abandon after delete on storage.objects
  for each row execute function callx.abandon_object();
create trigger objects_abandon_old_version after update of version on storage.objects
  for each row when (old.version <> new.version) execute function callx.abandon_object();

create function callx.abandon_recording() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if old.object_key is not null then
    perform callx.emit_fact('BlobAbandoned', jsonb_build_object('key', old.object_key));
  end if;
  perform callx.emit_fact('RecordingAbandoned', jsonb_build_object('call_id', old.call_id));
  return null;
end
$$;
comment on function callx.abandon_recording() is
  'RecordingAbandoned is for the journal, which may still lie on the disk of the server that held the call.';

create trigger recordings_abandon after delete on public.recordings
  for each row execute function callx.abandon_recording();

create function callx.remove_certificates() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from storage.objects o
  where o.bucket_id = 'certificates' and o.name collate "C" >= old.id || '/' and o.name collate "C" < old.id || '0';
  return null;
end
$$;
comment on function callx.remove_certificates() is
  'Whoever is deleted leaves no documents behind. The name after all that begin with "id/" is "id0".';

create trigger profiles_remove_certificates after delete on public.profiles
  for each row execute function callx.remove_certificates();
