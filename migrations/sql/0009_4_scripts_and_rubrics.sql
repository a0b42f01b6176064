-- A script that nobody can play and a rubric that nobody can judge by are refused when they are written.
-- The schemas are those of voice.scenario.Scenario and evaluation.rubric.Rubric; tests/db/test_usable_scenarios.py
-- compares them, and holds that whatever is accepted here is accepted there.

create function callx.script_schema() returns jsonb
language sql immutable
set search_path = ''
as $$ select $schema${
  "$defs": {
    "Customer": {
      "additionalProperties": false,
      "properties": {
        "name": {"maxLength": 600, "minLength": 1, "type": "string"},
        "voice": {"enum": ["female", "male"], "type": "string"},
        "pace_wpm": {"maximum": 260, "minimum": 90, "type": "integer"}
      },
      "required": ["name"],
      "type": "object"
    },
    "Fact": {
      "additionalProperties": false,
      "properties": {
        "key": {"pattern": "^[a-z][a-z0-9_]{0,39}$", "type": "string"},
        "label": {"maxLength": 600, "minLength": 1, "type": "string"},
        "value": {"maxLength": 600, "minLength": 1, "type": "string"},
        "asked_by": {"items": {"maxLength": 600, "minLength": 1, "type": "string"}, "type": "array"},
        "say": {"maxLength": 600, "minLength": 1, "type": "string"},
        "say_again": {"anyOf": [{"maxLength": 600, "minLength": 1, "type": "string"}, {"type": "null"}]},
        "hidden": {"type": "boolean"},
        "identifies": {"type": "boolean"}
      },
      "required": ["key", "label", "value", "say"],
      "type": "object"
    },
    "Mood": {
      "additionalProperties": false,
      "properties": {
        "start": {"maximum": 100, "minimum": 0, "type": "integer"},
        "hang_up_below": {"maximum": 100, "minimum": 0, "type": "integer"},
        "accepts_from": {"maximum": 100, "minimum": 0, "type": "integer"},
        "angry_goodbye": {"maxLength": 600, "minLength": 1, "type": "string"}
      },
      "required": ["angry_goodbye"],
      "type": "object"
    },
    "Objection": {
      "additionalProperties": false,
      "properties": {
        "say": {"maxLength": 600, "minLength": 1, "type": "string"},
        "overcome_by": {"items": {"maxLength": 600, "minLength": 1, "type": "string"}, "type": "array"},
        "satisfied": {"maxLength": 600, "minLength": 1, "type": "string"}
      },
      "required": ["say", "overcome_by", "satisfied"],
      "type": "object"
    },
    "Patience": {
      "additionalProperties": false,
      "properties": {
        "silence_ms": {"maximum": 60000, "minimum": 2000, "type": "integer"},
        "prompts": {"items": {"maxLength": 600, "minLength": 1, "type": "string"}, "maxItems": 6, "minItems": 1, "type": "array"},
        "give_up": {"maxLength": 600, "minLength": 1, "type": "string"}
      },
      "required": ["prompts", "give_up"],
      "type": "object"
    },
    "Resolution": {
      "additionalProperties": false,
      "properties": {
        "offered_by": {"items": {"maxLength": 600, "minLength": 1, "type": "string"}, "type": "array"},
        "agree": {"maxLength": 600, "minLength": 1, "type": "string"},
        "goodbye": {"maxLength": 600, "minLength": 1, "type": "string"}
      },
      "required": ["offered_by", "agree", "goodbye"],
      "type": "object"
    },
    "WrongSolution": {
      "additionalProperties": false,
      "properties": {
        "offered_by": {"items": {"maxLength": 600, "minLength": 1, "type": "string"}, "minItems": 1, "type": "array"},
        "say": {"maxLength": 600, "minLength": 1, "type": "string"}
      },
      "required": ["offered_by", "say"],
      "type": "object"
    }
  },
  "additionalProperties": false,
  "properties": {
    "title": {"maxLength": 600, "minLength": 1, "type": "string"},
    "language": {"const": "en", "type": "string"},
    "customer": {"$ref": "#/$defs/Customer"},
    "persona": {"anyOf": [{"maxLength": 600, "minLength": 1, "type": "string"}, {"type": "null"}]},
    "company": {"anyOf": [{"maxLength": 600, "minLength": 1, "type": "string"}, {"type": "null"}]},
    "issue": {"maxLength": 600, "minLength": 1, "type": "string"},
    "opening": {"maxLength": 600, "minLength": 1, "type": "string"},
    "restatements": {"items": {"maxLength": 600, "minLength": 1, "type": "string"}, "minItems": 1, "type": "array"},
    "topics": {"items": {"maxLength": 600, "minLength": 1, "type": "string"}, "type": "array"},
    "facts": {"items": {"$ref": "#/$defs/Fact"}, "type": "array"},
    "objections": {"items": {"$ref": "#/$defs/Objection"}, "type": "array"},
    "wrong_solutions": {"items": {"$ref": "#/$defs/WrongSolution"}, "type": "array"},
    "resolution": {"$ref": "#/$defs/Resolution"},
    "mood": {"$ref": "#/$defs/Mood"},
    "patience": {"$ref": "#/$defs/Patience"}
  },
  "required": ["title", "customer", "opening", "restatements", "resolution", "mood", "patience"],
  "type": "object"
}$schema$::jsonb $$;

create function callx.rubric_schema() returns jsonb
language sql immutable
set search_path = ''
as $$ select $schema${
  "$defs": {
    "Check": {
      "additionalProperties": false,
      "properties": {
        "key": {"pattern": "^[a-z][a-z0-9_]{0,59}$", "type": "string"},
        "text": {"maxLength": 400, "minLength": 1, "type": "string"},
        "acts": {"items": {"type": "string"}, "type": "array"},
        "phrases": {"items": {"maxLength": 400, "minLength": 1, "type": "string"}, "type": "array"},
        "count": {"maximum": 5, "minimum": 1, "type": "integer"},
        "within_turns": {"anyOf": [{"maximum": 50, "minimum": 1, "type": "integer"}, {"type": "null"}]},
        "within_last_turns": {"anyOf": [{"maximum": 50, "minimum": 1, "type": "integer"}, {"type": "null"}]}
      },
      "required": ["key", "text"],
      "type": "object"
    },
    "Criterion": {
      "additionalProperties": false,
      "properties": {
        "key": {"pattern": "^[a-z][a-z0-9_]{0,59}$", "type": "string"},
        "title": {"maxLength": 400, "minLength": 1, "type": "string"},
        "kind": {"enum": ["checks", "metric", "outcome"], "type": "string"},
        "dimension": {"enum": ["script", "empathy", "flow", "resolution"], "type": "string"},
        "weight": {"exclusiveMinimum": 0, "maximum": 100, "type": "number"},
        "severity": {"enum": ["non_critical", "critical_customer", "critical_business", "critical_compliance"], "type": "string"},
        "on_fail": {"enum": ["none", "cap", "auto_fail"], "type": "string"},
        "cap": {"anyOf": [{"maximum": 100, "minimum": 0, "type": "integer"}, {"type": "null"}]},
        "guidance": {"type": "string"},
        "suggestion": {"type": "string"},
        "needs_verification": {"type": "boolean"},
        "checks": {"items": {"$ref": "#/$defs/Check"}, "type": "array"},
        "metric": {"anyOf": [{"enum": ["talk_ratio", "pace", "longest_monologue", "interruptions", "response_gap", "dead_air"], "type": "string"}, {"type": "null"}]},
        "band_ok": {"anyOf": [{"maxItems": 2, "minItems": 2, "prefixItems": [{"type": "number"}, {"type": "number"}], "type": "array"}, {"type": "null"}]},
        "band_warn": {"anyOf": [{"maxItems": 2, "minItems": 2, "prefixItems": [{"type": "number"}, {"type": "number"}], "type": "array"}, {"type": "null"}]},
        "outcome": {"anyOf": [{"enum": ["verified_before_account_work", "customer_goal_reached", "nothing_rude_said", "acknowledged_early"], "type": "string"}, {"type": "null"}]}
      },
      "required": ["key", "title", "kind", "dimension", "weight"],
      "type": "object"
    },
    "Section": {
      "additionalProperties": false,
      "properties": {
        "key": {"pattern": "^[a-z][a-z0-9_]{0,59}$", "type": "string"},
        "title": {"maxLength": 400, "minLength": 1, "type": "string"},
        "weight": {"exclusiveMinimum": 0, "maximum": 100, "type": "number"},
        "criteria": {"items": {"$ref": "#/$defs/Criterion"}, "maxItems": 20, "minItems": 1, "type": "array"}
      },
      "required": ["key", "title", "weight", "criteria"],
      "type": "object"
    }
  },
  "additionalProperties": false,
  "properties": {
    "title": {"maxLength": 400, "minLength": 1, "type": "string"},
    "version": {"minimum": 1, "type": "integer"},
    "auto_fail_policy": {"enum": ["cap", "zero", "flag"], "type": "string"},
    "empathy_excellent": {"maximum": 100, "minimum": 0, "type": "integer"},
    "empathy_good": {"maximum": 100, "minimum": 0, "type": "integer"},
    "sections": {"items": {"$ref": "#/$defs/Section"}, "maxItems": 12, "minItems": 1, "type": "array"}
  },
  "required": ["title", "version", "sections"],
  "type": "object"
}$schema$::jsonb $$;

create function callx.words_of(_text text) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  -- Those beyond ASCII that are written with its letters once case does not count.
  _folds text[] := array[
    [U&'\00DF', 'ss'], [U&'\1E9E', 'ss'], [U&'\0130', 'i '], [U&'\0149', ' n'], [U&'\017F', 's'], [U&'\01F0', 'j '],
    [U&'\1E96', 'h '], [U&'\1E97', 't '], [U&'\1E98', 'w '], [U&'\1E99', 'y '], [U&'\1E9A', 'a '], [U&'\212A', 'k'],
    [U&'\FB00', 'ff'], [U&'\FB01', 'fi'], [U&'\FB02', 'fl'], [U&'\FB03', 'ffi'], [U&'\FB04', 'ffl'],
    [U&'\FB05', 'st'], [U&'\FB06', 'st']
  ];
  _fold text[];
begin
  if _text ~ '[^\x01-\x7f]' then
    foreach _fold slice 1 in array _folds loop
      _text := replace(_text, _fold[1], _fold[2]);
    end loop;
  end if;
  return ' ' || btrim(regexp_replace(lower(_text collate "C"), '[^a-z0-9_]+', ' ', 'g')) || ' ';
end
$$;
comment on function callx.words_of(text) is
  'The words of an English text, each between single spaces, to look for one text in another. Other letters part words: '
  'so nothing that voice.scenario finds in a line is overlooked here.';

create function callx.script_problem(_script jsonb) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  _problem text;
  _fact record;
begin
  if _script = '{}' then
    return null;
  end if;
  _problem := callx.schema_problem(_script, callx.script_schema(), callx.script_schema(), 'script');
  if _problem is not null then
    return _problem;
  end if;
  if (select count(*) > count(distinct f ->> 'key') from jsonb_array_elements(coalesce(_script -> 'facts', '[]')) f) then
    return 'two facts have the same key';
  end if;
  for _fact in
    select f.fact ->> 'key' as key, f.place, callx.words_of(f.fact ->> 'value') as value
    from jsonb_array_elements(coalesce(_script -> 'facts', '[]')) with ordinality as f (fact, place)
    where coalesce((f.fact ->> 'hidden')::boolean, true)
  loop
    if _fact.value = '  ' then
      return 'the hidden fact `' || _fact.key || '` has no words';
    end if;
    if exists (
      select from callx.lines_said_unasked(_script, _fact.place) as line
      where position(_fact.value in callx.words_of(line)) > 0
    ) then
      return 'the hidden fact `' || _fact.key || '` is told without being asked for';
    end if;
  end loop;
  return null;
end
$$;
comment on function callx.script_problem(jsonb) is
  'Why a script cannot be played, as a sentence without its full stop; null when it can. An empty one means that there '
  'is none: a model plays the customer from ai_system_prompt alone.';

create function callx.lines_said_unasked(_script jsonb, _fact bigint) returns setof text
language sql stable
set search_path = ''
as $$
  select line from unnest(array[
    _script ->> 'opening', coalesce(_script ->> 'issue', 'my problem'), _script #>> '{resolution,agree}',
    _script #>> '{resolution,goodbye}', _script #>> '{mood,angry_goodbye}', _script #>> '{patience,give_up}'
  ]) as line
  union all
  select jsonb_array_elements_text(_script -> 'restatements')
  union all
  select jsonb_array_elements_text(_script #> '{patience,prompts}')
  union all
  select unnest(array[f.fact ->> 'say', f.fact ->> 'say_again'])
  from jsonb_array_elements(coalesce(_script -> 'facts', '[]')) with ordinality as f (fact, place)
  where f.place <> _fact
  union all
  select unnest(array[o ->> 'say', o ->> 'satisfied'])
  from jsonb_array_elements(coalesce(_script -> 'objections', '[]')) as o
  union all
  select w ->> 'say' from jsonb_array_elements(coalesce(_script -> 'wrong_solutions', '[]')) as w
$$;
comment on function callx.lines_said_unasked(jsonb, bigint) is
  'Every line that the customer may say before the fact at this place was asked for.';

create function callx.rubric_problem(_rubric jsonb) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  _problem text;
begin
  if _rubric = '{}' then
    return null;
  end if;
  _problem := callx.schema_problem(_rubric, callx.rubric_schema(), callx.rubric_schema(), 'rubric');
  if _problem is not null then
    return _problem;
  end if;
  -- Python adds binary fractions, so a little less is allowed here than there.
  if (select abs(sum((s ->> 'weight')::numeric) - 100) > 0.0099 from jsonb_array_elements(_rubric -> 'sections') s) then
    return 'the weights of the sections must make 100';
  end if;
  if (
    select count(*) > count(distinct c ->> 'key')
    from jsonb_array_elements(_rubric -> 'sections') s, jsonb_array_elements(s -> 'criteria') c
  ) then
    return 'each criterion needs a key of its own';
  end if;
  return (
    select callx.criterion_problem(c)
    from jsonb_array_elements(_rubric -> 'sections') s, jsonb_array_elements(s -> 'criteria') c
    where callx.criterion_problem(c) is not null limit 1
  );
end
$$;
comment on function callx.rubric_problem(jsonb) is
  'Why a rubric cannot be used, as a sentence without its full stop; null when it can. An empty one means the default.';

create function callx.criterion_problem(_criterion jsonb) returns text
language sql immutable
set search_path = ''
as $$
  select (_criterion ->> 'key') || ': ' || case
    when _criterion ->> 'kind' = 'checks'
      and jsonb_array_length(coalesce(_criterion -> 'checks', '[]')) not between 1 and 6
      then 'a criterion of kind checks has 1 to 6 checks'
    when _criterion ->> 'kind' = 'metric'
      and num_nulls(_criterion ->> 'metric', _criterion ->> 'band_ok', _criterion ->> 'band_warn') > 0
      then 'a metric needs its name, band_ok and band_warn'
    when _criterion ->> 'kind' = 'outcome' and _criterion ->> 'outcome' is null
      then 'an outcome needs the name of its fact'
    when (coalesce(_criterion ->> 'on_fail', 'none') = 'cap') <> (_criterion ->> 'cap' is not null)
      then 'cap goes with on_fail cap, and only with it'
    end
$$;

create function callx.refuse_unusable_scenario() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  _problem text;
begin
  if tg_op = 'INSERT' or new.script is distinct from old.script then
    _problem := callx.script_problem(new.script);
    if _problem is not null then
      raise exception 'The script cannot be played: %.', _problem
        using errcode = '23514', constraint = 'simulation_scenarios_script_usable';
    end if;
  end if;
  if tg_op = 'INSERT' or new.rubric is distinct from old.rubric then
    _problem := callx.rubric_problem(new.rubric);
    if _problem is not null then
      raise exception 'The rubric cannot be used: %.', _problem
        using errcode = '23514', constraint = 'simulation_scenarios_rubric_usable';
    end if;
  end if;
  return new;
end
$$;
comment on function callx.refuse_unusable_scenario() is
  'A trigger and no check constraint: what an older release let in stays, and can be changed in all else.';

create trigger simulation_scenarios_refuse_unusable before insert or update of script, rubric
  on public.simulation_scenarios for each row execute function callx.refuse_unusable_scenario();

-- A call keeps the rubric that it was made with. One that turned out to be unusable is replaced once it is mended.

comment on column public.calls.rubric is
  'The rubric as it was when the call was made; one that could not be used is replaced by the mended one.';

create function callx.judge_again() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  _call_id uuid;
begin
  for _call_id in
    update public.calls c set rubric = new.rubric
    from public.evaluations e
    where c.simulation_id = new.simulation_id and e.call_id = c.id and e.state = 'failed'
      and callx.rubric_problem(coalesce(c.rubric, '{}')) is not null
    returning c.id
  loop
    perform callx.emit_fact('RubricMended', jsonb_build_object('call_id', _call_id));
  end loop;
  return null;
end
$$;
comment on function callx.judge_again() is
  'Emits RubricMended {call_id} for each call whose evaluation failed because its rubric could not be used.';

create trigger simulation_scenarios_judge_again after insert or update of rubric on public.simulation_scenarios
  for each row execute function callx.judge_again();
