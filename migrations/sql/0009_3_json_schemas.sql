-- JSON Schema, as far as pydantic writes it: what a JSON value must look like, and where it does not.

create function callx.trimmed(_text text) returns text
language sql immutable strict
set search_path = ''
as $$
  select btrim(_text, U&'\0009\000A\000B\000C\000D\0020\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000')
$$;
comment on function callx.trimmed(text) is 'Without the white space of Unicode at both ends.';

create function callx.schema_problem(_value jsonb, _schema jsonb, _root jsonb, _path text) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  _problem text;
begin
  if _schema ? '$ref' then
    return callx.schema_problem(_value, _root #> array['$defs', split_part(_schema ->> '$ref', '/', 3)], _root, _path);
  end if;
  if _schema ? 'anyOf' then
    for _i in 0 .. jsonb_array_length(_schema -> 'anyOf') - 1 loop
      _problem := callx.schema_problem(_value, _schema -> 'anyOf' -> _i, _root, _path);
      exit when _problem is null;
      -- The first alternative tells more than the last, which is null.
      _problem := callx.schema_problem(_value, _schema -> 'anyOf' -> 0, _root, _path);
    end loop;
    return _problem;
  end if;
  case _schema ->> 'type'
    when 'object' then return callx.object_problem(_value, _schema, _root, _path);
    when 'array' then return callx.array_problem(_value, _schema, _root, _path);
    when 'string' then return callx.string_problem(_value, _schema, _path);
    when 'number', 'integer' then return callx.number_problem(_value, _schema, _path);
    when 'boolean', 'null' then
      return case when jsonb_typeof(_value) <> _schema ->> 'type' then _path || ' must be ' || (_schema ->> 'type') end;
    else raise exception 'No such type: %', _schema;
  end case;
end
$$;
comment on function callx.schema_problem(jsonb, jsonb, jsonb, text) is
  'What is wrong with a value, as a sentence without its full stop; null when nothing is. _root holds the $defs.';

create function callx.object_problem(_value jsonb, _schema jsonb, _root jsonb, _path text) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  _key text;
  _problem text;
begin
  if jsonb_typeof(_value) <> 'object' then
    return _path || ' must be an object';
  end if;
  for _key in select jsonb_array_elements_text(coalesce(_schema -> 'required', '[]')) loop
    if not _value ? _key then
      return _path || ' needs `' || _key || '`';
    end if;
  end loop;
  for _key in select jsonb_object_keys(_value) loop
    if not coalesce(_schema -> 'properties' ? _key, false) then
      return _path || ' has no `' || left(_key, 60) || '`';
    end if;
    _problem := callx.schema_problem(
      _value -> _key, _schema -> 'properties' -> _key, _root, _path || '.' || _key
    );
    if _problem is not null then
      return _problem;
    end if;
  end loop;
  return null;
end
$$;

create function callx.array_problem(_value jsonb, _schema jsonb, _root jsonb, _path text) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  _length int;
  _problem text;
begin
  if jsonb_typeof(_value) <> 'array' then
    return _path || ' must be an array';
  end if;
  _length := jsonb_array_length(_value);
  if _length < (_schema ->> 'minItems')::int then
    return _path || ' must have at least ' || (_schema ->> 'minItems') || ' items';
  end if;
  if _length > (_schema ->> 'maxItems')::int then
    return _path || ' must have at most ' || (_schema ->> 'maxItems') || ' items';
  end if;
  for _i in 0 .. _length - 1 loop
    _problem := callx.schema_problem(
      _value -> _i, coalesce(_schema -> 'prefixItems' -> _i, _schema -> 'items'), _root, _path || '[' || _i || ']'
    );
    if _problem is not null then
      return _problem;
    end if;
  end loop;
  return null;
end
$$;

create function callx.string_problem(_value jsonb, _schema jsonb, _path text) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  _text text := _value #>> '{}';
begin
  if jsonb_typeof(_value) <> 'string' then
    return _path || ' must be a string';
  end if;
  if _value <> _schema -> 'const' or not _schema -> 'enum' @> _value then
    return _path || ' must be one of ' || coalesce(_schema ->> 'enum', _schema ->> 'const');
  end if;
  if char_length(callx.trimmed(_text)) < (_schema ->> 'minLength')::int then
    return _path || ' must have at least ' || (_schema ->> 'minLength') || ' characters';
  end if;
  if char_length(_text) > (_schema ->> 'maxLength')::int then
    return _path || ' must have at most ' || (_schema ->> 'maxLength') || ' characters';
  end if;
  if _text collate "C" !~ (_schema ->> 'pattern') then
    return _path || ' must match ' || (_schema ->> 'pattern');
  end if;
  return null;
end
$$;

create function callx.number_problem(_value jsonb, _schema jsonb, _path text) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  _number numeric;
begin
  if jsonb_typeof(_value) <> 'number' then
    return _path || ' must be a number';
  end if;
  _number := (_value #>> '{}')::numeric;
  if _schema ->> 'type' = 'integer' and _number <> trunc(_number) then
    return _path || ' must be a whole number';
  end if;
  if _number < (_schema ->> 'minimum')::numeric then
    return _path || ' must be at least ' || (_schema ->> 'minimum');
  end if;
  if _number <= (_schema ->> 'exclusiveMinimum')::numeric then
    return _path || ' must be more than ' || (_schema ->> 'exclusiveMinimum');
  end if;
  if _number > (_schema ->> 'maximum')::numeric then
    return _path || ' must be at most ' || (_schema ->> 'maximum');
  end if;
  if _number >= (_schema ->> 'exclusiveMaximum')::numeric then
    return _path || ' must be less than ' || (_schema ->> 'exclusiveMaximum');
  end if;
  -- Beyond this PostgreSQL and Python mean different numbers.
  if abs(_number) > 1e15 or scale(_number) > 9 then
    return _path || ' is too large or too exact';
  end if;
  return null;
end
$$;
