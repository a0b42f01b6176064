"""From a course to the YAML that says it. Pure."""

from decimal import Decimal
from typing import Any

import yaml

from lms.courses.packs.course import PackCourse


def write_course(course: PackCourse) -> str:
    """`course.yaml`, with everything in it, what is as it is by itself left out. Reading it gives the same course."""
    value = {"callx_course": 1, **course.model_dump(exclude_defaults=True)}
    value.setdefault("modules", [])
    for module, shown in zip(course.modules, value["modules"], strict=True):
        shown.setdefault("lessons", [])
        for lesson, lesson_shown in zip(module.lessons, shown["lessons"], strict=True):
            if lesson.simulation is not None:
                # Whole: what is in there is not ours to leave out.
                lesson_shown["simulation"] = lesson.simulation.model_dump(exclude_none=True)
    text: str = yaml.dump(
        _plain(value), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, default_flow_style=False
    )
    return text


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return _number(value)
    return value


def _number(value: Decimal) -> int | float | str:
    if value == value.to_integral_value() and abs(value) < 10**15:
        return int(value)
    return float(value) if abs(value) < 10**15 and Decimal(str(float(value))) == value else format(value, "f")


class _Dumper(yaml.SafeDumper):
    """Long texts stand in blocks, and nothing is written by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))


def _style(text: str) -> str | None:
    """A block where it keeps the text as it is, quotes with escapes for anything odd, else what fits best."""
    lines = text.split("\n")
    if not all(line.isprintable() and line == line.rstrip() for line in lines):
        return '"'
    if len(lines) == 1:
        return None
    return "|" if lines[0] and lines[0] == lines[0].lstrip() else '"'


_Dumper.add_representer(str, _text)
