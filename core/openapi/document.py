"""The OpenAPI 3.1 document of operations. Pure."""

import inspect
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from core.openapi.operations import JSON, Content, Operation
from core.openapi.schemas import Purpose, Schema, Schemas

EVERYWHERE = {
    500: "`internal_error`: something went wrong on our side; the log has it under the request's id.",
    503: "`database_unavailable` and the like: something this server stands on does not answer.",
}
TOO_LARGE = "`too_large`: the body has more bytes than are taken here."
REQUEST_ID = {"X-Request-Id": {"description": "Names this request in the log.", "schema": {"type": "string"}}}
_PLACES = (("path", "path"), ("query", "query"), ("header", "headers"))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method of an address, and what it does."""

    method: str
    path: str
    operation: Operation


@dataclass(frozen=True, slots=True)
class Title:
    """What a document says before its operations; `tags` are name -> description, in the order to be shown."""

    title: str
    version: str
    description: str
    tags: Mapping[str, str]
    security_schemes: Mapping[str, Schema] = field(default_factory=dict)


def document(title: Title, endpoints: Collection[Endpoint]) -> Schema:
    """The document of these endpoints.

    Raises ValueError when two endpoints have the same id, or one has an unknown tag.
    """
    ids = [endpoint.operation.id for endpoint in endpoints]
    if twice := {name for name in ids if ids.count(name) > 1}:
        raise ValueError(f"Operations of the same name: {', '.join(sorted(twice))}.")
    if unknown := {endpoint.operation.tag for endpoint in endpoints} - set(title.tags):
        raise ValueError(f"Tags that nobody described: {', '.join(sorted(unknown))}.")
    schemas = Schemas(kind for endpoint in endpoints for kind in _types(endpoint.operation))
    paths: dict[str, Schema] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": title.title, "version": title.version, "description": title.description},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in title.tags.items()],
        "paths": paths,
        "components": {
            "schemas": _used(schemas.components, paths),
            "securitySchemes": dict(title.security_schemes),
        },
    }


def _types(said: Operation) -> Iterator[tuple[Any, Purpose]]:
    for model in (said.path, said.query, said.headers):
        if model is not None:
            yield model, "request"
    if said.body is not None:
        yield from ((kind, "request") for kind in _kinds(said.body))
    for answer in said.answers.values():
        yield from ((kind, "answer") for kind in _kinds(answer))
    yield said.error, "answer"


def _kinds(content: Content) -> Iterator[Any]:
    return (kind for kind in content.by_type.values() if kind is not None)


def _operation(endpoint: Endpoint, schemas: Schemas) -> Schema:
    said = endpoint.operation
    described: Schema = {
        "operationId": said.id,
        "summary": said.summary,
        "description": said.description,
        "tags": [said.tag],
        "security": [{name: []} for name in said.access],
    }
    if parameters := list(_parameters(said, schemas)):
        described["parameters"] = parameters
    if said.body is not None:
        described["requestBody"] = {
            "required": said.body.required,
            "content": _media(said.body, "request", schemas),
            **({"description": said.body.description} if said.body.description else {}),
        }
    errors = {**({413: TOO_LARGE} if said.body is not None else {}), **EVERYWHERE, **said.errors}
    responses = {status: _answer(answer, schemas) for status, answer in said.answers.items()}
    responses |= {status: _error(when, said, schemas) for status, when in errors.items()}
    described["responses"] = {str(status): responses[status] for status in sorted(responses)}
    return described


def _parameters(said: Operation, schemas: Schemas) -> Iterator[Schema]:
    for place, attribute in _PLACES:
        model = getattr(said, attribute)
        if model is None:
            continue
        for name, schema, required in schemas.fields(model):
            description = schema.pop("description", None)
            parameter: Schema = {"name": name, "in": place, "required": required or place == "path"}
            if description:
                parameter["description"] = description
            yield {**parameter, "schema": _without_null(schema)}


def _without_null(schema: Schema) -> Schema:
    """A parameter that is not given is absent, never null."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    if not choices:
        return schema
    rest = {name: value for name, value in schema.items() if name != "anyOf" and (name, value) != ("default", None)}
    return {**rest, **choices[0]} if len(choices) == 1 else {**rest, "anyOf": choices}


def _answer(answer: Content, schemas: Schemas) -> Schema:
    described: Schema = {"description": answer.description or _meaning(answer), "headers": dict(REQUEST_ID)}
    for name, text in answer.headers.items():
        described["headers"][name] = {"description": text, "schema": {"type": "string"}}
    if answer.by_type:
        described["content"] = _media(answer, "answer", schemas)
    return described


def _meaning(answer: Content) -> str:
    """What the docstring of the answer's model says."""
    models = [kind for kind in _kinds(answer) if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return (inspect.getdoc(models[0]) if models else None) or "Done."


def _error(when: str, said: Operation, schemas: Schemas) -> Schema:
    return {"description": when, "content": {JSON: {"schema": schemas.of(said.error, "answer")}}}


def _media(content: Content, purpose: Purpose, schemas: Schemas) -> Schema:
    return {
        name: {} if kind is None else {"schema": schemas.of(kind, purpose)} for name, kind in content.by_type.items()
    }


def _used(components: Mapping[str, Schema], paths: Mapping[str, Schema]) -> dict[str, Schema]:
    """The components that something leads to: models of parameters are written out where they are used."""
    used: set[str] = set()
    waiting = list(_references(paths))
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting += _references(components[name])
    return {name: schema for name, schema in components.items() if name in used}


def _references(part: Any) -> Iterable[str]:
    if isinstance(part, Mapping):
        if isinstance(reference := part.get("$ref"), str):
            yield reference.rsplit("/", 1)[1]
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)
