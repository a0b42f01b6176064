alter table public.lessons
  add constraint lessons_text_content_safe check (callx.is_safe_html(text_content));
comment on column public.lessons.text_content is
  'Plain text, or HTML of few tags. What comes through /rest/v1 or in a course pack is made so by core/rich_text.py; '
  'anything else is refused by the constraint.';

-- Where course packs lie that are too large for the body of a function.
insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types) values (
  'course-packs', 'course-packs', false, 5::bigint << 30,
  '{application/zip, application/x-zip-compressed, application/yaml, application/x-yaml, text/yaml}'
);
