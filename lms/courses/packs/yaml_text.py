"""YAML of strangers, read with bounds and with the place of every value. Pure.

Only what JSON has comes out: no tags, no aliases (with which a small file becomes a huge one), no key twice. Dates stay
the texts that they are.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from lms.courses.packs.problems import Problem

MOST_BYTES = 4 * 1024 * 1024
MOST_VALUES = 200_000
DEEPEST = 40
LONGEST_NUMBER = 300
"""Characters: `1:59:59:…` is a number of base 60, and a long one takes minutes to compute."""
_PLAIN = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float"))

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class YamlText:
    """The value of a text, and where (line and column, from 1) each part of it stands, by its path."""

    value: Any
    places: dict[Path, tuple[int, int]]

    def place(self, path: Path) -> tuple[int, int]:
        """Where that stands, or what it is in."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))


class BadYaml(Exception):
    """The text is not YAML, or more than is read; `problem` says why and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_yaml(content: bytes, file: str) -> YamlText:
    """The one document in a file. Raises BadYaml."""
    if len(content) > MOST_BYTES:
        raise BadYaml(Problem(file, f"A YAML file has at most {MOST_BYTES >> 20} MB."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadYaml(Problem(file, "The file is not UTF-8.", line, 1)) from error
    try:
        return _Reader(file, text).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise BadYaml(Problem(file, f"This is not YAML: {error.problem or error.context}.", line, column)) from error
    except yaml.YAMLError as error:
        raise BadYaml(Problem(file, f"This is not YAML: {str(error).splitlines()[0]}.")) from error


class _Reader:
    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
        self._resolver = yaml.resolver.Resolver()
        self._constructor = yaml.constructor.SafeConstructor()
        self._places: dict[Path, tuple[int, int]] = {}

    def document(self) -> YamlText:
        self._next()  # the stream begins
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise BadYaml(Problem(self._file, "The file is empty.", 1, 1))
        value = self._value(self._next(), ())
        self._next()  # the document ends
        if not isinstance(event := self._next(), yaml.StreamEndEvent):
            raise self._bad(event, "The file has more than one document.")
        return YamlText(value, self._places)

    def _next(self) -> yaml.Event:
        return next(self._events)

    def _bad(self, event: yaml.Event, message: str) -> BadYaml:
        return BadYaml(Problem(self._file, message, *_place(event)))

    def _value(self, event: yaml.Event, path: Path) -> Any:
        if isinstance(event, yaml.AliasEvent):
            raise self._bad(event, f"`*{event.anchor}`: aliases are not read; write the value out.")
        if len(self._places) >= MOST_VALUES:
            raise self._bad(event, f"There are more than {MOST_VALUES} values.")
        if len(path) > DEEPEST:
            raise self._bad(event, f"This is deeper than {DEEPEST} levels.")
        self._places[path] = _place(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if not isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            raise self._bad(event, "This is not read.")
        if event.tag is not None:
            raise self._bad(event, f"The tag {event.tag} is not read.")
        return self._list(path) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(path)

    def _list(self, path: Path) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values))))
        return values

    def _mapping(self, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._bad(event, "A key is a text.")
            key = self._checked(event.value, event)
            if key == "<<" and event.implicit[0]:
                raise self._bad(event, "`<<` does not merge; write the values out.")
            if key in values:
                raise self._bad(event, f"`{key[:60]}` stands here twice.")
            values[key] = self._value(self._next(), (*path, key))
        return values

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        if event.tag not in (None, "!"):
            raise self._bad(event, f"The tag {event.tag} is not read.")
        tag: str = self._resolver.resolve(  # type: ignore[no-untyped-call] # its stubs leave it out
            yaml.ScalarNode, event.value, tuple(event.implicit)
        )
        if tag not in _PLAIN:
            return self._checked(event.value, event)
        if len(event.value) > LONGEST_NUMBER:
            raise self._bad(event, "This is no number that is read.")
        try:
            value = self._constructor.construct_object(yaml.ScalarNode(tag, event.value))
        except (ValueError, OverflowError) as error:
            raise self._bad(event, "This is no number that is read.") from error
        if isinstance(value, float) and not math.isfinite(value):
            raise self._bad(event, "This is no number that JSON has.")
        return value

    def _checked(self, text: str, event: yaml.Event) -> str:
        if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise self._bad(event, "This text has characters that cannot be stored.")
        return text


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
