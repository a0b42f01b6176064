"""JSON Schemas of pydantic types, all in one place that references lead to."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

Schema = dict[str, Any]
Purpose = Literal["request", "answer"]
_MODES: Mapping[Purpose, JsonSchemaMode] = {"request": "validation", "answer": "serialization"}
_REFERENCE = "#/components/schemas/{model}"


class _Untitled(GenerateJsonSchema):
    """Fields are called by their names; a title that repeats the name says nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class Schemas:
    """The schemas of every type of a document; types of the same name are kept apart by their modules."""

    def __init__(self, wanted: Iterable[tuple[Any, Purpose]]) -> None:
        adapters = {(_key(kind), purpose): kind for kind, purpose in wanted}
        inputs = [
            (key, _MODES[purpose], TypeAdapter(kind) if not isinstance(kind, TypeAdapter) else kind)
            for (key, purpose), kind in adapters.items()
        ]
        found, whole = TypeAdapter.json_schemas(inputs, ref_template=_REFERENCE, schema_generator=_Untitled)
        self._by_type = {(key, mode): schema for (key, mode), schema in found.items()}
        self.components: Schema = dict(sorted(whole.get("$defs", {}).items()))

    def of(self, kind: Any, purpose: Purpose) -> Schema:
        """The schema of a type that was wanted: mostly a reference."""
        return dict(self._by_type[_key(kind), _MODES[purpose]])

    def fields(self, model: type[BaseModel]) -> Iterable[tuple[str, Schema, bool]]:
        """Name, schema and whether it must be there, of each field of a wanted request model."""
        schema = self.of(model, "request")
        whole = self.components[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
        required = whole.get("required", ())
        return [(name, dict(field), name in required) for name, field in whole.get("properties", {}).items()]


def _key(kind: Any) -> int:
    return id(kind)
