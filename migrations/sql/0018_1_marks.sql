-- What of a report card is compared over many calls, beside the report: reports hold whole transcripts, and a team has
-- thousands of them.

create function callx.marks_of(_report jsonb) returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_agg(jsonb_build_object(
    'key', s.section -> 'key', 'title', s.section -> 'title',
    'score', case jsonb_typeof(s.section -> 'score') when 'number' then s.section -> 'score' end,
    'criteria', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'key', c.criterion -> 'key', 'title', c.criterion -> 'title', 'verdict', c.criterion -> 'verdict',
        'score', case jsonb_typeof(c.criterion -> 'score') when 'number' then c.criterion -> 'score' end
      ) order by c.place), '[]')
      from jsonb_path_query(s.section, '$.criteria[*] ? (@.key != null)') with ordinality as c (criterion, place)
    )
  ) order by s.place)
  from jsonb_path_query(_report, '$.sections[*] ? (@.key != null)') with ordinality as s (section, place)
$$;
comment on function callx.marks_of(jsonb) is 'The scores of sections and the verdicts of criteria; null without any.';
grant execute on function callx.marks_of(jsonb) to service_role;

alter table public.evaluations add column marks jsonb generated always as (callx.marks_of(report)) stored;
comment on column public.evaluations.marks is
  'Of the report the scores of sections and criteria, without checks, evidence and transcript: [{key, title, score, '
  'criteria: [{key, title, verdict, score}]}].';
