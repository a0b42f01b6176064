-- Searching lessons and their documents. Which lessons, row security decides first; then the index is asked, with those.
-- How many rows have the words is known with the words alone: a plan for any query takes seconds (force_custom_plan).

create table callx.lesson_texts (
  lesson_id uuid primary key references public.lessons(id) on delete cascade,
  body text not null,
  language regconfig not null,
  words tsvector not null
);
comment on table callx.lesson_texts is 'The text of lessons without its markup.';
create index lesson_texts_words_idx on callx.lesson_texts using gin (words);

create function callx.without_markup(_html text) returns text
language sql immutable
set search_path = ''
as $$
  select btrim(regexp_replace(
    replace(replace(replace(replace(replace(replace(
      regexp_replace(left(_html, 200000), '</?[a-zA-Z!][^<>]*>', ' ', 'g'),
      '&nbsp;', ' '), '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', ''''), '&amp;', '&'),
    '[\s\x01\x02]+', ' ', 'g'
  ))
$$;

create function callx.note_lesson_text() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  _body text := coalesce(callx.without_markup(new.text_content), '');
  _language regconfig := callx.text_language(new.title || ' ' || _body);
begin
  insert into callx.lesson_texts (lesson_id, body, language, words)
  values (new.id, _body, _language, callx.search_words(_language, new.title, _body))
  on conflict (lesson_id) do update
  set body = excluded.body, language = excluded.language, words = excluded.words;
  return null;
end
$$;

create trigger lessons_note_text after insert on public.lessons
  for each row execute function callx.note_lesson_text();
create trigger lessons_note_other_text after update of title, text_content on public.lessons
  for each row when ((old.title, old.text_content) is distinct from (new.title, new.text_content))
  execute function callx.note_lesson_text();

create function callx.wanted_words(_query text) returns table (language regconfig, wanted tsquery)
language plpgsql immutable
set search_path = ''
as $$
declare
  _language regconfig;
  _plain text[] := regexp_split_to_array(btrim(regexp_replace(_query, '[^[:alnum:]]+', ' ', 'g')), ' ');
  _as_it_stands tsquery := ''::tsquery;
begin
  -- Words as they stand, the last one unfinished, beside their stems; not where somebody asks with quotes or a minus.
  if _query !~ '"|(^|\s)-|\mor\M' and _plain[1] <> '' then
    _as_it_stands := to_tsquery('pg_catalog.simple', array_to_string(_plain, ' & ') || ':*');
  end if;
  foreach _language in array array[
    'pg_catalog.simple', 'pg_catalog.english', 'pg_catalog.german', 'pg_catalog.french', 'pg_catalog.spanish',
    'pg_catalog.arabic'
  ]::regconfig[] loop
    language := _language;
    wanted := websearch_to_tsquery(_language, _query) || _as_it_stands;
    if numnode(wanted) > 0 then
      return next;
    end if;
  end loop;
end
$$;

create function callx.snippet(_language regconfig, _body text, _wanted tsquery, _query text) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  _at int := strpos(_body, _query);
begin
  if _wanted is null then
    return case when _at > 0 then jsonb_build_array(
      jsonb_build_object('text', substr(_body, greatest(_at - 40, 1), least(_at - 1, 40)), 'is_hit', false),
      jsonb_build_object('text', _query, 'is_hit', true),
      jsonb_build_object('text', substr(_body, _at + char_length(_query), 60), 'is_hit', false)
    ) else jsonb_build_array(jsonb_build_object('text', left(_body, 100), 'is_hit', false)) end;
  end if;
  return (
    select coalesce(jsonb_agg(jsonb_build_object('text', p.part, 'is_hit', p.place % 2 = 0) order by p.place), '[]')
    from regexp_split_to_table(
      ts_headline(
        case when to_tsvector(_language, _body) @@ _wanted then _language else 'pg_catalog.simple'::regconfig end,
        _body, _wanted,
        case when char_length(_body) <= 200 then E'StartSel=\x01, StopSel=\x01, HighlightAll=true'
        else E'StartSel=\x01, StopSel=\x01, MaxFragments=2, MaxWords=22, MinWords=9, FragmentDelimiter=" … "' end
      ),
      E'\x01'
    ) with ordinality as p (part, place)
    where p.part <> ''
  );
end
$$;
comment on function callx.snippet(regconfig, text, tsquery, text) is
  '[{text, is_hit}], plain text in pieces: nobody has to trust any markup. Without words to look for it is the query itself.';

create function callx.found_in_lessons(_query text, _lesson_ids uuid[], _most int)
returns table (lesson_id uuid, attachment_id uuid, page int, rank real, snippet jsonb)
language plpgsql stable
security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  -- Chinese, Japanese, Korean, Thai: no spaces between words, so there is no index of them.
  _is_unspaced boolean := _query ~ '[\u0E00-\u0E7F\u2E80-\u9FFF\uAC00-\uD7AF]';
begin
  return query
  with wanted as materialized (select w.language, w.wanted from callx.wanted_words(_query) w),
  in_lessons as (
    select t.lesson_id, null::uuid as attachment_id, null::int as page, null::uuid as object_id, t.language, w.wanted,
      ts_rank_cd(t.words, w.wanted, 1) as rank
    from wanted w join callx.lesson_texts t on t.language = w.language and t.words @@ w.wanted
    where t.lesson_id = any (_lesson_ids) and not _is_unspaced
    union all
    select t.lesson_id, null, null, null, t.language, null, 1.0
    from callx.lesson_texts t join public.lessons l on l.id = t.lesson_id
    where _is_unspaced and t.lesson_id = any (_lesson_ids) and strpos(l.title || ' ' || t.body, _query) > 0
  ),
  pages as (
    select p.number, p.object_id, p.language, w.wanted, ts_rank_cd(p.words, w.wanted, 1) as rank
    from wanted w join callx.page_words p on p.language = w.language and p.words @@ w.wanted
    where not _is_unspaced
    union all
    select p.number, p.object_id, 'pg_catalog.simple', null, 0.5
    from public.document_pages p where _is_unspaced and strpos(p.text, _query) > 0
  ),
  on_pages as (
    select distinct on (a.lesson_id, a.id) a.lesson_id, a.id as attachment_id, p.number as page, p.object_id, p.language,
      p.wanted, p.rank
    from pages p
    join storage.objects o on o.id = p.object_id and o.bucket_id = 'lesson-attachments'
    join public.lesson_attachments a on a.file_path = any (callx.paths_of(o.bucket_id, o.name))
    where a.lesson_id = any (_lesson_ids)
    order by a.lesson_id, a.id, 7 desc, p.number
  ),
  best as (
    select * from in_lessons union all select * from on_pages
    order by rank desc, lesson_id, page nulls first
    limit _most
  )
  select b.lesson_id, b.attachment_id, b.page, b.rank,
    callx.snippet(b.language, coalesce(p.text, t.body), b.wanted, _query)
  from best b
  left join public.document_pages p on p.object_id = b.object_id and p.number = b.page
  left join callx.lesson_texts t on t.lesson_id = b.lesson_id and b.object_id is null
  order by b.rank desc, b.lesson_id, b.page nulls first;
end
$$;
comment on function callx.found_in_lessons(text, uuid[], int) is
  'Best first: lessons, and of each attachment its best page. Whether the lessons are the caller''s to see is for '
  'public.search_lessons to ask, which runs with the caller''s rights.';

create function public.search_lessons(query text, most int default 20)
returns table (
  lesson_id uuid, lesson_title text, lesson_type public.lesson_type, module_title text, product_id uuid,
  product_title text, attachment_id uuid, file_name text, page int, snippet jsonb, rank real
)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  _query text := btrim(search_lessons.query);
begin
  if char_length(_query) > 200 then
    raise exception 'A search is at most 200 characters long.' using detail = 'query_too_long';
  elsif coalesce(search_lessons.most, 0) not between 1 and 50 then
    raise exception 'Between 1 and 50 results can be had.' using detail = 'bad_most';
  elsif coalesce(_query, '') = '' then
    return;
  end if;
  return query
  with visible as materialized (
    select l.id, l.title, l.lesson_type, m.title as module_title, p.id as product_id, p.title as product_title
    from public.lessons l join public.modules m on m.id = l.module_id join public.products p on p.id = m.product_id
  )
  select f.lesson_id, v.title, v.lesson_type, v.module_title, v.product_id, v.product_title, f.attachment_id,
    a.file_name, f.page, f.snippet, f.rank
  from callx.found_in_lessons(_query, array(select v.id from visible v), search_lessons.most) f
  join visible v on v.id = f.lesson_id
  left join public.lesson_attachments a on a.id = f.attachment_id
  order by f.rank desc, f.lesson_id, f.page nulls first;
end
$$;
comment on function public.search_lessons(text, int) is
  'Lessons and pages of their PDFs that have the words, best first, of those that the caller may open. `query` as people '
  'write it: words, "a phrase", -without, or. The snippet is [{text, is_hit}]. Refuses with the details query_too_long, '
  'bad_most.';

select callx.protect('callx.lesson_texts');
grant execute on function callx.found_in_lessons(text, uuid[], int) to authenticated, service_role;
grant execute on function callx.wanted_words(text), callx.snippet(regconfig, text, tsquery, text),
  callx.without_markup(text)
  to service_role;
grant execute on function public.search_lessons(text, int) to authenticated, service_role;

insert into callx.lesson_texts (lesson_id, body, language, words)
select l.id, b.body, g.language, callx.search_words(g.language, l.title, b.body)
from public.lessons l,
  lateral (select coalesce(callx.without_markup(l.text_content), '') as body) b,
  lateral (select callx.text_language(l.title || ' ' || b.body) as language) g;
