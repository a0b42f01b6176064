"""Reading the catalog: one query over PostgreSQL's own, answered for the asking role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.db import Tx
from core.rest.catalog import Catalog, Column, ForeignKey, Table


@dataclass(slots=True)
class Catalogs:
    """Keeps the catalog of each role for a while: long enough to cost nothing, short enough to follow a migration.

    An outdated one grants nothing, because PostgreSQL checks every statement itself.
    """

    schema: str = "public"
    keep_ms: int = 60_000
    _kept: dict[str, tuple[int, Catalog]] = field(default_factory=dict)

    async def of_current_role(self, tx: Tx, now_ms: int) -> tuple[str, Catalog]:
        """The role that `tx` acts as, and the catalog as that role sees it."""
        role: str = await tx.fetchval("select current_user::text")
        kept = self._kept.get(role)
        if kept is None or now_ms - kept[0] >= self.keep_ms:
            kept = self._kept[role] = (now_ms, await load_catalog(tx, self.schema))
        return role, kept[1]


async def load_catalog(tx: Tx, schema: str) -> Catalog:
    """Reads the schema with one statement."""
    found: dict[str, Any] = await tx.fetchval(_QUERY, schema)
    return Catalog(
        schema=schema,
        tables={table["name"]: _table(table) for table in found["tables"] or ()},
        foreign_keys=tuple(
            ForeignKey(key["name"], key["table"], tuple(key["columns"]), key["target"], tuple(key["target_columns"]))
            for key in found["foreign_keys"] or ()
        ),
    )


def _table(found: Mapping[str, Any]) -> Table:
    columns = (Column(column["name"], column["type"], column["readable"]) for column in found["columns"] or ())
    return Table(
        name=found["name"],
        columns={column.name: column for column in columns},
        unique=frozenset(frozenset(names) for names in found["unique"] or ()),
    )


_QUERY = """
with tables as (
  select c.oid, c.relname as name
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f')
),
keys as (
  select k.oid, k.conname, k.contype, k.conrelid, k.confrelid,
    array(
      select a.attname::text from unnest(k.conkey) with ordinality as p(attnum, place)
      join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.attnum order by p.place
    ) as columns,
    array(
      select a.attname::text from unnest(k.confkey) with ordinality as p(attnum, place)
      join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = p.attnum order by p.place
    ) as target_columns
  from pg_catalog.pg_constraint k
  where k.contype in ('p', 'u', 'f') and k.conparentid = 0 and k.conrelid in (select oid from tables)
)
select json_build_object(
  'tables', (
    select json_agg(json_build_object(
      'name', t.name,
      'columns', (
        select json_agg(json_build_object(
          'name', a.attname,
          'type', format('%I.%I', n.nspname, y.typname),
          'readable', has_column_privilege(t.oid, a.attnum, 'select')
        ) order by a.attnum)
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_type y on y.oid = a.atttypid
        join pg_catalog.pg_namespace n on n.oid = y.typnamespace
        where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
      ),
      'unique', (select json_agg(k.columns) from keys k where k.conrelid = t.oid and k.contype in ('p', 'u'))
    ) order by t.name)
    from tables t
  ),
  'foreign_keys', (
    select json_agg(json_build_object(
      'name', k.conname, 'table', t.name, 'columns', k.columns,
      'target', r.name, 'target_columns', k.target_columns
    ) order by k.conname)
    from keys k join tables t on t.oid = k.conrelid join tables r on r.oid = k.confrelid
    where k.contype = 'f'
  )
)
"""
