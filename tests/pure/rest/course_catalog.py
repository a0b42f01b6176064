"""A catalog to plan against, without a database."""

from core.rest.catalog import Catalog, Column, ForeignKey, Table


def _table(name: str, *columns: str, unique: tuple[tuple[str, ...], ...] = (("id",),), hidden: str = "") -> Table:
    return Table(
        name,
        {column: Column(column, "pg_catalog.text", readable=column != hidden) for column in columns},
        frozenset(frozenset(names) for names in unique),
    )


def _key(table: str, column: str, target: str) -> ForeignKey:
    return ForeignKey(f"{table}_{column}_fkey", table, (column,), target, ("id",))


CATALOG = Catalog(
    "public",
    {
        table.name: table
        for table in (
            _table("products", "id", "title"),
            _table("modules", "id", "product_id", "title"),
            _table("lessons", "id", "module_id", "title", 'odd "name'),
            _table("simulations", "id", "lesson_id", "prompt", unique=(("id",), ("lesson_id",)), hidden="prompt"),
            _table("people", "id", "boss_id"),
            _table("teams", "id", "trainee_id", "manager_id"),
            _table("empty"),
        )
    },
    (
        _key("modules", "product_id", "products"),
        _key("lessons", "module_id", "modules"),
        _key("simulations", "lesson_id", "lessons"),
        _key("people", "boss_id", "people"),
        _key("teams", "trainee_id", "people"),
        _key("teams", "manager_id", "people"),
    ),
)
