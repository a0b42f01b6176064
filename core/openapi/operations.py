"""What a handler says about itself for `/openapi.json`: one decorator, no effect on how it runs."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field

ATTRIBUTE = "__openapi__"
JSON = "application/json"
HandlerT = TypeVar("HandlerT", bound=Callable[..., Awaitable[Any]])

Access = Literal["person", "service", "recording_link", "storage_link", "customer_key"]
"""Names of security schemes: an access token, the service key, signed links, the embedded customer's key."""
SIGNED_IN: tuple[Access, ...] = ("person",)
ADMIN: tuple[Access, ...] = ("person", "service")
ANYBODY: tuple[Access, ...] = ()


class Exact(BaseModel):
    """Base of what describes an answer: a field that is not declared is a mistake in the description."""

    model_config = ConfigDict(extra="forbid")


class ErrorDetail(Exact):
    """What went wrong. Branch on `code`; show `message`."""

    code: str = Field(examples=["call_not_found"])
    message: str
    retryable: bool = Field(description="Whether the same request may succeed later.")
    request_id: str = Field(description="Also in the header X-Request-Id, and in the server's log.")
    details: dict[str, str] | None = Field(None, description="What a program needs to go on, where there is anything.")


class PlainError(Exact):
    """The error of every address that has no shape of its own."""

    error: ErrorDetail


@dataclass(frozen=True, slots=True)
class Content:
    """A body: what it is for each content type. The type is one that pydantic knows, or None for bytes."""

    by_type: Mapping[str, Any]
    description: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    required: bool = True


BodyLike: TypeAlias = Any
"""A Content, a type that pydantic writes as JSON, or None for no body."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address. `errors` are status -> when, with the codes in backticks."""

    id: str
    summary: str
    description: str
    tag: str
    access: tuple[Access, ...]
    path: type[BaseModel] | None
    query: type[BaseModel] | None
    headers: type[BaseModel] | None
    body: Content | None
    answers: Mapping[int, Content]
    errors: Mapping[int, str]
    error: type[BaseModel]

    def __call__(self, handler: HandlerT) -> HandlerT:
        """Declares that this is what a handler does; its docstring is the description where none was given."""
        said = self if self.description else replace(self, description=inspect.getdoc(handler) or "")
        setattr(handler, ATTRIBUTE, said)
        return handler


def operation(
    summary: str,
    *,
    tag: str,
    answers: Mapping[int, BodyLike],
    description: str = "",
    access: tuple[Access, ...] = SIGNED_IN,
    path: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    headers: type[BaseModel] | None = None,
    body: BodyLike = None,
    errors: Mapping[int, str] | None = None,
    error: type[BaseModel] = PlainError,
    id: str | None = None,
) -> Operation:
    """Says what an address does: decorate its handler with it.

    `path`, `query` and `headers` are models whose fields are the parameters. `answers` are status -> a type, a Content,
    or None for no body. Every operation may also answer 500 and 503, and 413 if it has a body: they need no saying.
    """
    return Operation(
        id=id or words(summary),
        summary=summary,
        description=description,
        tag=tag,
        access=access,
        path=path,
        query=query,
        headers=headers,
        body=content(body) if body is not None else None,
        answers={status: content(answer) for status, answer in answers.items()},
        errors=errors or {},
        error=error,
    )


def words(text: str) -> str:
    """`make_a_call` for "Make a call"."""
    return "_".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())


def content(said: BodyLike) -> Content:
    """What was said of a body, as a Content."""
    if isinstance(said, Content):
        return said
    return Content({} if said is None else {JSON: said})


def declared(handler: object) -> Operation | None:
    """What a handler says about itself."""
    found = getattr(handler, ATTRIBUTE, None)
    return found if isinstance(found, Operation) else None
