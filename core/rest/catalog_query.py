"""The one statement that reads a schema out of PostgreSQL's own catalog, for the role that asks.

Parameter $1 is the name of the schema. The answer is one JSON object: `tables`, `foreign_keys` and `functions`, whose
shapes `core.rest.introspection` knows.

A column of a view is traced to the column of the table it comes from through the rule that makes the view: its text is
a tree in which each output column (`:resno`) says where it originates (`:resorigtbl`, `:resorigcol`). Only the outputs
of the outermost query count, so the queries that opened and closed before each are counted; escaped spaces and braces,
which only names hold, are taken out first.
"""

_RELATIONS = """
relations as materialized (
  select c.oid, c.relname::text as name, c.relkind in ('v', 'm') as is_view
  from pg_catalog.pg_class c
  where c.relnamespace = (select n.oid from pg_catalog.pg_namespace n where n.nspname = $1)
    and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
),
views as (
  select r.oid from relations r where r.is_view
  union
  select c.oid
  from views v
  join pg_catalog.pg_rewrite w on w.ev_class = v.oid
  join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = w.oid
    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  join pg_catalog.pg_class c on c.oid = d.refobjid and c.relkind in ('v', 'm')
)"""

_ORIGINS = r"""
outputs as materialized (
  select p.view, (p.found)[1]::int2 as number, (p.found)[2]::oid as origin, (p.found)[3]::int2 as origin_number
  from (
    select v.oid as view,
      regexp_match(left(t.part, 400), '^(\d+) :resname .*? :resorigtbl (\d+) :resorigcol (\d+) ') as found,
      sum((length(t.part) - length(replace(t.part, '{QUERY ', ''))) / 7
        - (length(t.part) - length(replace(t.part, ' :stmt_len ', ''))) / 11)
        over (partition by v.oid order by t.place rows between unbounded preceding and 1 preceding) as depth
    from views v
    join pg_catalog.pg_rewrite w on w.ev_class = v.oid and w.ev_type = '1'
    cross join lateral string_to_table(
      replace(replace(w.ev_action::text, '\ ', '_'), '\{', '_'), ' :resno '
    ) with ordinality as t(part, place)
  ) p
  where p.depth = 1 and p.found is not null and (p.found)[2] <> '0'
),
origins(relation, number, origin, origin_number) as (
  select r.oid, a.attnum, r.oid, a.attnum
  from relations r join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  where not r.is_view
  union
  select o.view, o.number, o.origin, o.origin_number from outputs o where o.view in (select oid from relations)
  union
  select o.relation, o.number, p.origin, p.origin_number
  from origins o join outputs p on p.view = o.origin and p.number = o.origin_number
)"""

_KEYS = """
sources as materialized (
  select o.relation, o.origin, o.origin_number, json_agg(a.attname order by a.attnum) as names
  from origins o join pg_catalog.pg_attribute a on a.attrelid = o.relation and a.attnum = o.number
  group by o.relation, o.origin, o.origin_number
),
constraints as materialized (
  select k.oid, k.conname::text as name, k.contype as kind, k.conrelid, k.conkey, k.confrelid, k.confkey
  from pg_catalog.pg_constraint k
  where k.contype in ('p', 'u', 'f') and k.conparentid = 0 and k.conrelid in (select origin from sources)
),
held as materialized (
  select k.oid, s.relation, json_agg(s.names order by p.place) as columns
  from constraints k
  cross join lateral unnest(k.conkey) with ordinality as p(number, place)
  join sources s on s.origin = k.conrelid and s.origin_number = p.number
  group by k.oid, s.relation, k.conkey
  having count(*) = cardinality(k.conkey)
),
referred as materialized (
  select k.oid, s.relation, json_agg(s.names order by p.place) as columns
  from constraints k
  cross join lateral unnest(k.confkey) with ordinality as p(number, place)
  join sources s on s.origin = k.confrelid and s.origin_number = p.number
  where k.kind = 'f'
  group by k.oid, s.relation, k.confkey
  having count(*) = cardinality(k.confkey)
)"""

_TYPES = """
domains(oid, base) as (
  select y.oid, y.typbasetype from pg_catalog.pg_type y where y.typtype = 'd'
  union
  select d.oid, y.typbasetype from domains d join pg_catalog.pg_type y on y.oid = d.base where y.typtype = 'd'
),
types as materialized (
  select f.oid, format('%I.%I', n.nspname, y.typname) as sql_type, b.oid as base, b.typtype as base_type, b.typrelid,
    case
      when b.oid = 'pg_catalog.json'::pg_catalog.regtype then 'json'
      when b.oid = 'pg_catalog.jsonb'::pg_catalog.regtype then 'jsonb'
      when b.oid = 'pg_catalog.tsvector'::pg_catalog.regtype then 'tsvector'
      when b.typcategory = 'A' then 'array'
      when b.typtype in ('r', 'm') then 'range'
      when b.typtype = 'c' then 'composite'
      else 'plain'
    end as kind,
    case when f.oid <> f.base then format('%I.%I', bn.nspname, b.typname) end as domain_of
  from (select y.oid, y.oid as base from pg_catalog.pg_type y union all select d.oid, d.base from domains d) f
  join pg_catalog.pg_type b on b.oid = f.base and b.typtype <> 'd'
  join pg_catalog.pg_namespace bn on bn.oid = b.typnamespace
  join pg_catalog.pg_type y on y.oid = f.oid
  join pg_catalog.pg_namespace n on n.oid = y.typnamespace
)"""

_FUNCTIONS = """
routines as materialized (
  select p.*, coalesce(p.proallargtypes, p.proargtypes::oid[]) as all_types
  from pg_catalog.pg_proc p join types r on r.oid = p.prorettype
  where p.pronamespace = (select n.oid from pg_catalog.pg_namespace n where n.nspname = $1)
    and p.prokind = 'f'
    and (r.base_type <> 'p' or r.base in (
      'pg_catalog.void'::pg_catalog.regtype, 'pg_catalog.record'::pg_catalog.regtype
    ))
    and has_function_privilege(p.oid, 'execute')
),
arguments as materialized (
  select p.oid, a.place, y.sql_type, y.domain_of, y.kind, y.base_type = 'p' as is_pseudo,
    coalesce(p.proargnames[a.place], '') as name,
    coalesce(p.proargmodes[a.place], 'i') as mode,
    count(*) filter (where coalesce(p.proargmodes[a.place], 'i') in ('i', 'b', 'v'))
      over (partition by p.oid order by a.place) <= p.pronargs - p.pronargdefaults as is_required
  from routines p
  cross join lateral unnest(p.all_types) with ordinality as a(type, place)
  join types y on y.oid = a.type
),
functions as materialized (
  select p.oid, p.proname::text as name, p.proretset, p.provolatile, r.base, r.typrelid,
    exists (select from arguments a where a.oid = p.oid and a.mode in ('o', 'b', 't')) as has_outputs
  from routines p join types r on r.oid = p.prorettype
  where not exists (
    select from arguments a where a.oid = p.oid and a.mode in ('i', 'b', 'v')
      and (a.is_pseudo or a.name = '' and not (p.pronargs = 1 and a.kind in ('json', 'jsonb')))
  )
)"""

_COLUMNS = """
columns as materialized (
  select a.attrelid, json_agg(json_build_object(
    'name', a.attname,
    'type', y.sql_type,
    'base', y.domain_of,
    'kind', y.kind,
    'readable', a.attrelid not in (select oid from relations) or has_column_privilege(a.attrelid, a.attnum, 'select'),
    'insertable', a.attrelid not in (select oid from relations) or has_column_privilege(a.attrelid, a.attnum, 'insert'),
    'updatable', a.attrelid not in (select oid from relations) or has_column_privilege(a.attrelid, a.attnum, 'update'),
    'generated', a.attgenerated <> '',
    'default', case
      when a.attgenerated <> '' then null
      when a.attidentity <> '' then (
        select format('nextval(%L::pg_catalog.regclass)', format('%I.%I', n.nspname, s.relname))
        from pg_catalog.pg_depend e
        join pg_catalog.pg_class s on s.oid = e.objid and s.relkind = 'S'
        join pg_catalog.pg_namespace n on n.oid = s.relnamespace
        where e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
          and e.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
          and e.refobjid = a.attrelid and e.refobjsubid = a.attnum and e.deptype = 'i'
      )
      else coalesce(pg_get_expr(d.adbin, d.adrelid), pg_get_expr(t.typdefaultbin, 0))
    end
  ) order by a.attnum) as list
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_type t on t.oid = a.atttypid
  join types y on y.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped
    and a.attrelid in (select oid from relations union select typrelid from functions where typrelid <> 0)
  group by a.attrelid
)"""

_ANSWER = """
select json_build_object(
  'tables', (
    select json_agg(json_build_object(
      'name', r.name,
      'is_view', r.is_view,
      'columns', (select c.list from columns c where c.attrelid = r.oid),
      'primary', (
        select json_agg(h.columns order by k.oid)
        from held h join constraints k on k.oid = h.oid where h.relation = r.oid and k.kind = 'p'
      ),
      'unique', (
        select json_agg(h.columns)
        from held h join constraints k on k.oid = h.oid where h.relation = r.oid and k.kind in ('p', 'u')
      ),
      'comment', case when r.is_view then obj_description(r.oid, 'pg_class') end
    ) order by r.name)
    from relations r
  ),
  'foreign_keys', (
    select json_agg(json_build_object(
      'name', k.name, 'table', t.name, 'columns', h.columns, 'target', g.name, 'target_columns', f.columns
    ) order by k.name, t.is_view, t.name, g.is_view, g.name)
    from constraints k
    join held h on h.oid = k.oid join relations t on t.oid = h.relation
    join referred f on f.oid = k.oid join relations g on g.oid = f.relation
    where k.kind = 'f'
  ),
  'functions', (
    select json_agg(json_build_object(
      'name', f.name,
      'parameters', (
        select json_agg(json_build_object(
          'name', a.name, 'type', a.sql_type, 'kind', a.kind, 'required', a.is_required, 'variadic', a.mode = 'v'
        ) order by a.place)
        from arguments a where a.oid = f.oid and a.mode in ('i', 'b', 'v')
      ),
      'returns_set', f.proretset,
      'returns_void', f.base = 'pg_catalog.void'::pg_catalog.regtype,
      'volatility', case f.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
      'columns', case when f.has_outputs then (
        select json_agg(json_build_object(
          'name', a.name, 'type', a.sql_type, 'base', a.domain_of, 'kind', a.kind,
          'readable', true, 'insertable', true, 'updatable', true, 'generated', false, 'default', null
        ) order by a.place)
        from arguments a where a.oid = f.oid and a.mode in ('o', 'b', 't')
      ) else (select c.list from columns c where c.attrelid = f.typrelid) end,
      'table', case when not f.has_outputs then (select r.name from relations r where r.oid = f.typrelid) end
    ) order by f.name, f.oid)
    from functions f
  )
)"""

CATALOG_QUERY = "with recursive" + ",".join((_RELATIONS, _ORIGINS, _KEYS, _TYPES, _FUNCTIONS, _COLUMNS)) + _ANSWER
