-- How answers are graded: from values alone, so that an attempt can be graded by the questions as they were asked.

create function callx.folded(_text text, _match_case boolean, _match_accents boolean, _match_spaces boolean)
returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  -- Phones write these by themselves: quotes, apostrophes, dashes.
  _folded text := normalize(translate(_text, E'\u2018\u2019\u201B\u00B4`\u201C\u201D\u201E\u2010\u2011\u2012\u2013\u2014\u2212',
    '''''''''''"""------'), NFKC);
begin
  if not _match_accents then
    _folded := normalize(regexp_replace(normalize(_folded, NFKD), E'[\u0300-\u036F]', '', 'g'), NFKC);
    _folded := replace(replace(replace(_folded, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe');
    _folded := translate(replace(replace(_folded, 'Æ', 'AE'), 'Œ', 'OE'), 'øØłŁđĐı', 'oOlLdDi');
  end if;
  if not _match_case then
    _folded := lower(_folded);
  end if;
  if not _match_spaces then
    _folded := btrim(regexp_replace(_folded, E'[ \t\n\r\f\v\u0085\u2028\u2029]+', ' ', 'g'), ' ');
  end if;
  return _folded;
end
$$;
comment on function callx.folded(text, boolean, boolean, boolean) is
  'What short texts are compared as: without what need not match. Spaces that need not match are one where several are '
  'and none at the ends.';

create function callx.number_readings(_text text) returns numeric[]
language plpgsql immutable
set search_path = ''
as $$
declare
  _number text := btrim(callx.folded(left(_text, 100), true, true, false), ' ');
  _sign int := case when _number like '-%' then -1 else 1 end;
  _readings numeric[] := '{}';
begin
  _number := ltrim(regexp_replace(_number, '^[+-]', ''), ' ');
  if length(_number) > 40 then
    return _readings;
  end if;
  if _number ~ '^([0-9]+([.,][0-9]*)?|[.,][0-9]+)$' then
    _readings := _readings || rtrim('0' || replace(_number, ',', '.'), '.')::numeric * _sign;
  end if;
  if _number ~ '^[1-9][0-9]{0,2}(([ ''][0-9]{3})+([.,][0-9]+)?|(,[0-9]{3})+(\.[0-9]+)?)$' then
    _readings := _readings || case
      when _number ~ '[ '']' then replace(translate(_number, ' ''', ''), ',', '.')
      else replace(_number, ',', '')
    end::numeric * _sign;
  elsif _number ~ '^[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?$' then
    _readings := _readings || replace(replace(_number, '.', ''), ',', '.')::numeric * _sign;
  end if;
  return _readings;
end
$$;
comment on function callx.number_readings(text) is
  'What numbers a text can mean, with a comma or a point before the decimals and groups of three digits between spaces, '
  'apostrophes, points or commas. 1,234 and 1.234 can mean two. None: it is no number.';

create function callx.listed_ids(_ids jsonb, _known jsonb) returns uuid[]
language sql immutable
set search_path = ''
as $$
  select coalesce(array_agg(first.id order by first.place), '{}') from (
    select (k.value ->> 'id')::uuid as id, min(i.place) as place
    from jsonb_array_elements_text(case jsonb_typeof(_ids) when 'array' then _ids else '[]' end)
      with ordinality as i (id, place)
    join jsonb_array_elements(_known) k on k.value ->> 'id' = lower(i.id)
    group by k.value ->> 'id'
  ) as first
$$;
comment on function callx.listed_ids(jsonb, jsonb) is
  'Those of _ids that answers in _known have, each once, in the order in which they were given.';

create function callx.grade_choice(_question jsonb, _given jsonb, out kept jsonb, out earned int, out possible int)
language sql immutable
set search_path = ''
as $$
  select jsonb_build_object('selected_answer_id', max(a.value ->> 'id')),
    coalesce(bool_or((a.value ->> 'is_correct')::boolean), false)::int, 1
  from jsonb_array_elements(_question -> 'answers') a
  where a.value ->> 'id' = lower(_given ->> 'selected_answer_id')
$$;

create function callx.grade_choices(_question jsonb, _given jsonb, out kept jsonb, out earned int, out possible int)
language sql immutable
set search_path = ''
as $$
  with options as (
    select a.value ->> 'id' as id, a.place, (a.value ->> 'is_correct')::boolean as is_right,
      (a.value ->> 'id')::uuid = any (callx.listed_ids(_given -> 'selected_answer_ids', _question -> 'answers'))
        as is_chosen
    from jsonb_array_elements(_question -> 'answers') with ordinality as a (value, place)
  ),
  counted as (
    select count(*) filter (where o.is_right)::int as of_right,
      count(*) filter (where o.is_right and o.is_chosen)::int as hits,
      count(*) filter (where not o.is_right and o.is_chosen)::int as misses,
      jsonb_build_object(
        'selected_answer_ids', coalesce(jsonb_agg(o.id order by o.place) filter (where o.is_chosen), '[]')
      ) as kept
    from options o
  )
  select c.kept,
    case
      when c.of_right = 0 then 0
      when (_question ->> 'partial_credit')::boolean then greatest(c.hits - c.misses, 0)
      else (c.hits = c.of_right and c.misses = 0)::int
    end,
    case when (_question ->> 'partial_credit')::boolean and c.of_right > 0 then c.of_right else 1 end
  from counted c
$$;

create function callx.grade_text(_question jsonb, _given jsonb, out kept jsonb, out earned int, out possible int)
language plpgsql immutable
set search_path = ''
as $$
declare
  _text text := case when jsonb_typeof(_given -> 'text') in ('string', 'number') then left(_given ->> 'text', 500) end;
  _case boolean := (_question ->> 'match_case')::boolean;
  _accents boolean := (_question ->> 'match_accents')::boolean;
  _spaces boolean := (_question ->> 'match_spaces')::boolean;
  _folded text := callx.folded(_text, _case, _accents, _spaces);
begin
  kept := jsonb_build_object('text', _text);
  possible := 1;
  if _question ->> 'question_type' = 'numeric' then
    earned := exists (
      select from unnest(callx.number_readings(_text)) as n (reading)
      where abs(n.reading - (_question ->> 'numeric_value')::numeric) <= (_question ->> 'numeric_tolerance')::numeric
    )::int;
  else
    earned := coalesce(_folded <> '' and exists (
      select from jsonb_array_elements_text(_question -> 'accepted_texts') as a (accepted)
      where callx.folded(a.accepted, _case, _accents, _spaces) = _folded
    ), false)::int;
  end if;
end
$$;

create function callx.grade_order(_question jsonb, _given jsonb, out kept jsonb, out earned int, out possible int)
language sql immutable
set search_path = ''
as $$
  with given as (
    select g.id, g.place from unnest(callx.listed_ids(_given -> 'ordered_answer_ids', _question -> 'answers'))
      with ordinality as g (id, place)
  ),
  rightly as (
    select a.value ->> 'id' as id, (a.value ->> 'right_place')::int as right_place,
      row_number() over (order by (a.value ->> 'right_place')::int) as place
    from jsonb_array_elements(_question -> 'answers') a
  ),
  counted as (
    select (select count(*)::int from rightly) as items,
      (
        select count(*)::int from given g join rightly own on own.id = g.id::text
        join rightly there on there.place = g.place and there.right_place = own.right_place
      ) as in_place
  )
  select jsonb_build_object('ordered_answer_ids', (select coalesce(jsonb_agg(g.id order by g.place), '[]') from given g)),
    case
      when c.items = 0 then 0
      when (_question ->> 'partial_credit')::boolean then c.in_place
      else (c.in_place = c.items)::int
    end,
    case when (_question ->> 'partial_credit')::boolean and c.items > 0 then c.items else 1 end
  from counted c
$$;
comment on function callx.grade_order(jsonb, jsonb) is 'Items with the same right place may stand in any order.';

create function callx.graded_answers(
  _questions jsonb, _answers jsonb, out score int, out answers jsonb, out grading jsonb
)
language plpgsql immutable
set search_path = ''
as $$
declare
  _first jsonb;
  _question jsonb;
  _given jsonb;
  _grade record;
  _parts numeric := 0;
  _part_of numeric := 1;
  _points int := 0;
begin
  answers := '[]';
  grading := '[]';
  select coalesce(jsonb_object_agg(g.question_id, g.item), '{}') into _first from (
    select distinct on (1) lower(i.item ->> 'question_id') as question_id, i.item
    from jsonb_array_elements(case jsonb_typeof(_answers) when 'array' then _answers else '[]' end)
      with ordinality as i (item, place)
    where jsonb_typeof(i.item) = 'object' and i.item ->> 'question_id' is not null
    order by 1, i.place
  ) g;
  for _question in select q.value from jsonb_array_elements(_questions) with ordinality as q (value, place)
    order by q.place
  loop
    _given := _first -> (_question ->> 'id');
    case
      when _question ->> 'question_type' = 'multi_select' then _grade := callx.grade_choices(_question, _given);
      when _question ->> 'question_type' in ('short_text', 'numeric') then
        _grade := callx.grade_text(_question, _given);
      when _question ->> 'question_type' = 'ordering' then _grade := callx.grade_order(_question, _given);
      else _grade := callx.grade_choice(_question, _given);
    end case;
    if _given is not null then
      answers := answers || (
        jsonb_build_object('question_id', _question -> 'id', 'is_correct', _grade.earned = _grade.possible)
        || _grade.kept
      );
    end if;
    grading := grading || jsonb_build_object(
      'question_id', _question -> 'id', 'is_correct', _grade.earned = _grade.possible,
      'points', round((_question ->> 'points')::numeric * _grade.earned / _grade.possible, 2),
      'of_points', (_question ->> 'points')::int
    );
    _parts := _parts * _grade.possible + (_question ->> 'points')::numeric * _grade.earned * _part_of;
    _part_of := _part_of * _grade.possible;
    _points := _points + (_question ->> 'points')::int;
  end loop;
  score := case when _points = 0 then 0 else div(_parts * 100, _part_of * _points)::int end;
end
$$;
comment on function callx.graded_answers(jsonb, jsonb) is
  '_questions are those of callx.quiz_questions_as_asked. The first answer to each question counts, unknown questions '
  'and malformed items do not. Points are added as exact fractions, and the score is rounded down, so it reaches a grade '
  'only when the answers do.';
