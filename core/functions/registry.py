"""What can be called under `/functions/v1`: each endpoint is one typed function, and its types say the rest."""

import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import reduce
from operator import or_
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from aiohttp import web
from pydantic import BaseModel, TypeAdapter

from core.app_keys import DATABASE
from core.db import Database, Tx
from core.identity import Person
from core.rate_limits import Rate

Caller = Literal["anonymous", "authenticated", "service"]
ANYBODY: frozenset[Caller] = frozenset({"anonymous", "authenticated", "service"})
SIGNED_IN: frozenset[Caller] = frozenset({"authenticated"})
SERVICE_ONLY: frozenset[Caller] = frozenset({"service"})
SIGNED_IN_OR_SERVICE = SIGNED_IN | SERVICE_ONLY

Method = Literal["GET", "POST"]
TIMEOUT_S = 30.0
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

Input = TypeVar("Input", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """An answer that is a file instead of JSON; `content_type` is one of those the function was entered with.

    A large one comes in pieces, which are asked for after the function has answered: its time limit is over then.
    """

    content: bytes | AsyncIterator[bytes]
    content_type: str
    filename: str


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """One call of a function: who asks, and what it may stand on.

    `app` holds everything else by its keys (clock, mailer, …). `body` is only filled for functions that take other
    bodies than JSON, with its `body_type` beside it.
    """

    person: Person
    app: web.Application
    body: bytes = b""
    body_type: str = ""

    @property
    def database(self) -> Database:
        """The door to the data."""
        return self.app[DATABASE]

    def acting(self, *, read_only: bool = False) -> AbstractAsyncContextManager[Tx]:
        """A transaction with the rights of whoever asks. Raises Unauthorized when their login has ended."""
        return self.database.acting_as(self.person, read_only=read_only)


Handler = Callable[[FunctionCall, Any], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Function:
    """One endpoint. `answer` is None when it only answers with files, `file_types` is empty when it never does."""

    name: str
    handler: Handler
    input_model: type[BaseModel]
    answer: "TypeAdapter[Any] | None"
    file_types: tuple[str, ...]
    methods: tuple[Method, ...]
    callers: frozenset[Caller]
    rate: Rate | None
    timeout_s: float
    other_bodies: tuple[str, ...]
    errors: Mapping[int, str]

    @property
    def description(self) -> str:
        """What its docstring says."""
        return inspect.getdoc(self.handler) or ""


class Functions:
    """The endpoints by name."""

    def __init__(self) -> None:
        self._by_name: dict[str, Function] = {}

    def __iter__(self) -> Iterator[Function]:
        return iter(self._by_name.values())

    def get(self, name: str) -> Function | None:
        """The function of this name, if there is one."""
        return self._by_name.get(name)

    def add(
        self,
        name: str,
        handler: Callable[[FunctionCall, Input], Awaitable[object]],
        *,
        methods: tuple[Method, ...] = ("POST",),
        callers: frozenset[Caller] = SIGNED_IN,
        rate: Rate | None = None,
        timeout_s: float = TIMEOUT_S,
        file_types: tuple[str, ...] = (),
        other_bodies: tuple[str, ...] = (),
        errors: Mapping[int, str] | None = None,
    ) -> None:
        """Enters `async def handler(call: FunctionCall, wanted: SomeModel) -> SomeAnswer`.

        The model is filled from the query, and from a JSON body that may be empty. The answer is anything that pydantic
        writes as JSON, or a FileAnswer of one of `file_types`, or one of both. `callers` are refused before anything is
        read; whether their login still lasts is seen when `call.acting` opens a transaction. `rate` counts for each
        person, or each address of somebody who is not signed in. `other_bodies` are content types beside JSON that the
        handler reads by itself from `call.body`. `errors` are what the handler itself refuses, by status, in words for
        `/openapi.json`.

        Raises ValueError for a name that is taken or no name, and TypeError for a handler without these types.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a function: use lower-case words joined by hyphens.")
        if name in self._by_name:
            raise ValueError(f"There is a function {name!r} already.")
        input_model, answer, gives_files = _types_of(handler)
        if gives_files != bool(file_types):
            raise TypeError(f"{name}: a handler that returns FileAnswer needs `file_types`, and no other does.")
        self._by_name[name] = Function(
            name,
            handler,
            input_model,
            answer,
            file_types,
            methods,
            callers,
            rate,
            timeout_s,
            other_bodies,
            errors or {},
        )


def _types_of(handler: Handler) -> tuple[type[BaseModel], "TypeAdapter[Any] | None", bool]:
    hints = get_type_hints(handler, include_extras=True)
    if "return" not in hints:
        raise TypeError(f"{handler} must say what it returns.")
    wanted = [hints.get(parameter) for parameter in inspect.signature(handler).parameters][1:]
    if len(wanted) != 1 or not (isinstance(wanted[0], type) and issubclass(wanted[0], BaseModel)):
        raise TypeError(f"{handler} must take a FunctionCall and a pydantic model.")
    choices = _choices(hints["return"])
    json_types = [choice for choice in choices if choice is not FileAnswer]
    answer = TypeAdapter(reduce(or_, json_types)) if json_types else None
    return wanted[0], answer, FileAnswer in choices


def _choices(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)


FUNCTIONS = web.AppKey("functions", Functions)
