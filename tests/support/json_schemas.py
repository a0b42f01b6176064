"""The JSON Schema of a pydantic model, as the database keeps it."""

from typing import Any

from pydantic import BaseModel

ONLY_FOR_READERS = frozenset({"title", "description", "default"})
NAMED_BY_OTHERS = frozenset({"properties", "$defs"})
"""Keywords whose keys are names and no keywords."""


def bare_schema(model: type[BaseModel]) -> dict[str, Any]:
    """What a value must look like, without what only explains."""
    bare: dict[str, Any] = _bare(model.model_json_schema())
    return bare


def _bare(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_bare(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        keyword: {name: _bare(value) for name, value in part.items()} if keyword in NAMED_BY_OTHERS else _bare(part)
        for keyword, part in schema.items()
        if keyword not in ONLY_FOR_READERS
    }
