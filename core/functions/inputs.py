"""From a query and a body to the input of a function. Pure."""

import json
import math
from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Any, NoReturn, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from core.errors import BadRequest
from core.functions.errors import InvalidInput

NOT_OURS = frozenset({"apikey", "forceFunctionRegion"})
"""What clients put into the query of every function, whatever it takes."""
MOST_PROBLEMS = 20
_LISTS = (list, tuple, set, frozenset)

Input = TypeVar("Input", bound=BaseModel)


def read_input(model: type[Input], query: Iterable[tuple[str, str]], body: bytes) -> Input:
    """The input out of the query's pairs and a body that is empty or a JSON object; the body wins over the query.

    Raises InvalidInput with every problem, and BadRequest `bad_json` for a body that is no JSON object.
    """
    values = {**_query_values(model, query), **_json_object(body)}
    if problems := [(name, reason) for name, value in values.items() if (reason := _unusable(value))]:
        raise InvalidInput(problems)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidInput(_problems(error)) from error


def _query_values(model: type[BaseModel], query: Iterable[tuple[str, str]]) -> dict[str, Any]:
    lists = {field.alias or name for name, field in model.model_fields.items() if _is_list(field.annotation)}
    values: dict[str, Any] = {}
    for name, value in query:
        if name in NOT_OURS:
            continue
        if name in lists:
            values.setdefault(name, []).append(value)
        elif name in values:
            raise InvalidInput([(name, "It is given more than once.")])
        else:
            values[name] = value
    return values


def _is_list(annotation: Any) -> bool:
    origin = get_origin(annotation) or annotation
    if origin in (Union, UnionType):
        return any(_is_list(choice) for choice in get_args(annotation))
    return origin in _LISTS


def _json_object(body: bytes) -> Mapping[str, Any]:
    if not body.strip():
        return {}
    try:
        found = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not JSON.", code="bad_json") from error
    if found is None:
        return {}  # what clients make of a body that is null
    if not isinstance(found, dict):
        raise BadRequest("The body must be a JSON object.", code="bad_json")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def _unusable(value: Any) -> str | None:
    """Why a value cannot be stored in a database, or None. Walks without recursion: the value is a stranger's."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, float) and not math.isfinite(item):
            return "The number is too large."
        elif isinstance(item, str) and not _is_text(item):
            return "Text holds no NUL and no half characters."
    return None


def _is_text(text: str) -> bool:
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _problems(error: ValidationError) -> list[tuple[str, str]]:
    listed = error.errors(include_url=False, include_context=False, include_input=False)[:MOST_PROBLEMS]
    return [
        (".".join(str(part) for part in entry["loc"]), entry["msg"].removeprefix("Value error, ")) for entry in listed
    ]
