-- Documents: PDFs in the bucket of the attachments, the text of their pages, captions, and the script that calls of a
-- simulation are held by.

alter table storage.buckets disable trigger user; -- nobody's doing, so nothing for the audit log
update storage.buckets set allowed_mime_types = allowed_mime_types || '{text/vtt}'
where id = 'lesson-attachments' and not 'text/vtt' = any (allowed_mime_types);
alter table storage.buckets enable trigger user;

alter table public.lesson_attachments
  add column kind text not null default 'file' check (kind in ('file', 'captions')),
  add column language text check (language ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  add column label text check (char_length(label) between 1 and 60),
  add constraint lesson_attachments_captions_check check (kind <> 'captions' or language is not null);
comment on column public.lesson_attachments.kind is
  'captions: WebVTT that the player shows with the lesson''s video; file: to be downloaded.';
comment on column public.lesson_attachments.language is 'Of captions, as BCP 47 writes it.';
comment on column public.lesson_attachments.label is 'What captions are called in the player''s menu, if not by language.';
grant insert (kind, language, label), update (kind, language, label) on public.lesson_attachments to callx_admin;

-- In which language a text is searched

create function callx.text_language(_text text) returns regconfig
language sql immutable
set search_path = ''
as $$
  with common (config, words) as (
    values
      ('pg_catalog.english'::regconfig, '{the,and,of,to,is,you,that,for,with,this,are,your,it,we,have,be}'::text[]),
      ('pg_catalog.german', '{der,die,das,und,ist,nicht,sie,ein,eine,mit,für,auf,den,wir,zu,bei}'),
      ('pg_catalog.french', '{le,la,les,et,des,est,vous,une,que,pour,dans,pas,nous,du,avec,sur}'),
      ('pg_catalog.spanish', '{el,los,las,que,una,es,por,con,para,del,su,se,como,usted,más,lo}'),
      ('pg_catalog.arabic', '{في,من,على,أن,إلى,هذا,التي,لا,ما,عن,مع,هو,كل,أو,هذه,ذلك}')
  ),
  told as (select w.word from regexp_split_to_table(lower(left(_text, 4000)), '[^[:alpha:]]+') as w (word)),
  counted as (
    select c.config, count(*) as hits from common c join told t on t.word = any (c.words)
    group by c.config order by 2 desc, 1 limit 1
  )
  select coalesce((select c.config from counted c where c.hits >= 2), 'pg_catalog.simple'::regconfig)
$$;
comment on function callx.text_language(text) is 'By its small words; simple, which knows no grammar, where there are none.';

create function callx.search_words(_language regconfig, _title text, _body text) returns tsvector
language sql immutable
set search_path = ''
as $$
  select setweight(to_tsvector(_language, left(_title, 1000)), 'A') || setweight(to_tsvector(_language, left(_body, 100000)), 'B')
    || setweight(to_tsvector('pg_catalog.simple', left(_title, 1000)), 'A')
    || setweight(to_tsvector('pg_catalog.simple', left(_body, 100000)), 'C')
$$;
comment on function callx.search_words(regconfig, text, text) is
  'Words by their stems, and as they stand there for names, codes and readers of other languages.';

-- Documents and their pages

create table public.documents (
  object_id uuid primary key references storage.objects(id) on delete cascade,
  path text not null,
  version uuid not null,
  state text not null default 'waiting'
    check (state in ('waiting', 'read', 'no_text', 'encrypted', 'broken', 'too_large', 'too_slow')),
  problem text,
  page_count int,
  language text,
  read_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.documents is
  'PDFs in the bucket lesson-attachments, as a job reads them (lms/courses/documents): visible with their file.';
comment on column public.documents.path is 'In the bucket lesson-attachments.';
comment on column public.documents.version is 'The bytes: storage.objects.version. New bytes are read again.';
comment on column public.documents.problem is 'What could not be read, as a sentence for whoever uploaded it.';
comment on column public.documents.language is 'That its text is searched in: a text search configuration.';
create trigger documents_touch_updated_at before update on public.documents
  for each row execute function callx.touch_updated_at();

create table public.document_pages (
  object_id uuid not null references public.documents(object_id) on delete cascade,
  number int not null check (number > 0),
  text text not null,
  primary key (object_id, number)
);
comment on table public.document_pages is 'The text of pages that have any; visible with their file.';

create table callx.page_words (
  object_id uuid not null,
  number int not null,
  language regconfig not null,
  words tsvector not null,
  primary key (object_id, number),
  foreign key (object_id, number) references public.document_pages(object_id, number) on delete cascade
);
comment on table callx.page_words is 'Beside the pages, because a search that obeyed row security could use no index.';
create index page_words_words_idx on callx.page_words using gin (words);

create function callx.note_stored_document() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if new.bucket_id <> 'lesson-attachments'
    or lower(split_part(new.metadata ->> 'mimetype', ';', 1)) is distinct from 'application/pdf' then
    delete from public.documents d where d.object_id = new.id;
    return null;
  end if;
  insert into public.documents (object_id, path, version) values (new.id, new.name, new.version)
  on conflict (object_id) do update set path = excluded.path;
  if tg_op = 'INSERT' or not exists (
    select from public.documents d where d.object_id = new.id and d.version = new.version and d.state <> 'waiting'
  ) then
    delete from public.document_pages p where p.object_id = new.id;
    update public.documents d
    set version = new.version, state = 'waiting', problem = null, page_count = null, language = null, read_at = null
    where d.object_id = new.id;
    perform callx.emit_fact('DocumentStored', jsonb_build_object('object_id', new.id));
  end if;
  return null;
end
$$;

create trigger objects_note_document after insert or update of version, bucket_id, name, metadata on storage.objects
  for each row execute function callx.note_stored_document();

create function callx.store_pages(_object_id uuid, _version uuid, _numbers int[], _texts text[]) returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  _language regconfig := callx.text_language(left(array_to_string(_texts[:20], ' '), 20000));
begin
  perform from public.documents d where d.object_id = _object_id and d.version = _version for update;
  if not found then
    return null;
  end if;
  delete from public.document_pages p where p.object_id = _object_id;
  insert into public.document_pages (object_id, number, text)
  select _object_id, p.number, p.text from unnest(_numbers, _texts) as p (number, text);
  insert into callx.page_words (object_id, number, language, words)
  select p.object_id, p.number, _language, callx.search_words(_language, '', p.text)
  from public.document_pages p where p.object_id = _object_id;
  return _language::text;
end
$$;
comment on function callx.store_pages(uuid, uuid, int[], text[]) is
  'The language that they are searched in; null, and nothing is stored, when these bytes are not the document''s any more.';

-- The script of a simulation's calls

alter table public.simulations add column call_script_path text check (char_length(call_script_path) between 1 and 1100);
comment on column public.simulations.call_script_path is
  'A PDF in the bucket lesson-attachments: what agents are to say and how the company decides. Its text is told to the '
  'judge and to whoever plays the customer; trainees see the file where it is attached to a lesson.';
grant select (call_script_path), insert (call_script_path), update (call_script_path) on public.simulations to callx_admin;

alter table public.calls add column call_script text;
comment on column public.calls.call_script is 'The text of the script as it was when the call began; only the service reads it.';

create function callx.call_script(_simulation_id uuid, _longest int) returns text
language sql stable
security definer
set search_path = ''
as $$
  select nullif(left(string_agg(p.text, E'\n\n' order by p.number), _longest), '')
  from public.simulations s
  join storage.objects o on o.bucket_id = 'lesson-attachments' and s.call_script_path = any (callx.paths_of(o.bucket_id, o.name))
  join public.document_pages p on p.object_id = o.id
  where s.id = _simulation_id
$$;

-- Who may

select callx.protect('public.documents');
select callx.protect('public.document_pages');
select callx.protect('callx.page_words');
grant select on public.documents, public.document_pages to authenticated;

create policy "Documents are visible with their file" on public.documents for select to authenticated
  using (exists (select from storage.objects o where o.id = object_id));
create policy "Pages are visible with their document" on public.document_pages for select to authenticated
  using (exists (select from public.documents d where d.object_id = document_pages.object_id));

grant execute on function callx.store_pages(uuid, uuid, int[], text[]), callx.call_script(uuid, int),
  callx.text_language(text), callx.search_words(regconfig, text, text) to service_role;

insert into public.documents (object_id, path, version)
select o.id, o.name, o.version from storage.objects o
where o.bucket_id = 'lesson-attachments' and lower(split_part(o.metadata ->> 'mimetype', ';', 1)) = 'application/pdf';
select callx.emit_fact('DocumentStored', jsonb_build_object('object_id', d.object_id)) from public.documents d;
