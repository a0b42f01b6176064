"""From the texts of a pack to its course, or to what is wrong with them, line by line. Pure."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from evaluation.rubric import Rubric
from lms.courses.packs.course import PackCourse
from lms.courses.packs.problems import Problem
from lms.courses.packs.yaml_text import BadYaml, Path, YamlText, read_yaml
from voice.scenario import Scenario

COURSE_FILE = "course.yaml"
MOST_PROBLEMS = 100

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
Model = TypeVar("Model", bound=BaseModel)
ReadText = Callable[[str], bytes | None]
"""Gives the content of a file of the pack; None when there is no such file."""


class UnreadableCourse(Exception):
    """The texts are no course; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems[:MOST_PROBLEMS]


def read_course(read_text: ReadText, file: str = COURSE_FILE) -> PackCourse:
    """The course that `file` says; simulations may stand in files of their own, `simulations/<name>.yaml`.

    Raises UnreadableCourse.
    """
    return _Reading(read_text, file).course()


class _Reading:
    def __init__(self, read_text: ReadText, file: str) -> None:
        self._read_text = read_text
        self._file = file
        self._texts: dict[Path, tuple[str, YamlText]] = {}
        """The files by the path in the course that they stand at."""
        self._problems: list[Problem] = []

    def course(self) -> PackCourse:
        value = self._load(self._file, ())
        if not isinstance(value, dict):
            if not self._problems:
                self._complain((), "A course is a mapping with key, title and modules.")
            raise UnreadableCourse(self._problems)
        self._put_in_simulations(value)
        course = self._validated(PackCourse, value, ())
        for path, simulation in _simulations(value):
            for name, model in (("script", Scenario), ("rubric", Rubric)):
                part = simulation.get(name)
                if isinstance(part, dict) and part:
                    self._validated(model, part, (*path, name))
        if self._problems or course is None:
            raise UnreadableCourse(sorted(set(self._problems), key=lambda each: (each.file, each.line, each.column)))
        return course

    def _load(self, file: str, at: Path) -> Any:
        content = self._read_text(file)
        if content is None:
            self._complain(at, f"The file {file} is missing.", file=None if at else file)
            return None
        try:
            text = read_yaml(content, file)
        except BadYaml as error:
            self._problems.append(error.problem)
            return None
        self._texts[at] = (file, text)
        return text.value

    def _put_in_simulations(self, course: Mapping[str, Any]) -> None:
        for path, lesson in _lessons(course):
            name = lesson.get("simulation")
            if isinstance(name, str) and not _NAME.fullmatch(name):
                self._complain((*path, "simulation"), "This is no name of a file in simulations/.")
                lesson["simulation"] = {}
            elif isinstance(name, str):
                loaded = self._load(f"simulations/{name}.yaml", (*path, "simulation"))
                lesson["simulation"] = loaded if loaded is not None else {}
                if isinstance(loaded, dict):
                    loaded.pop("key", None)  # says for people what the file is called already

    def _validated(self, model: type[Model], value: Any, at: Path) -> Model | None:
        try:
            return model.model_validate(value)
        except ValidationError as error:
            for problem in error.errors(include_url=False, include_input=False):
                self._complain((*at, *problem["loc"]), problem["msg"].removeprefix("Value error, "))
            return None

    def _complain(self, path: Path, message: str, *, file: str | None = None) -> None:
        field = ".".join(str(part) for part in path)
        if file is not None:
            self._problems.append(Problem(file, message))
            return
        start = next((n for n in range(len(path), -1, -1) if path[:n] in self._texts), None)
        if start is None:
            self._problems.append(Problem(self._file, message, field=field))
            return
        name, text = self._texts[path[:start]]
        line, column = text.place(path[start:])
        self._problems.append(Problem(name, message, line, column, field))


def _lessons(course: Mapping[str, Any]) -> list[tuple[Path, dict[str, Any]]]:
    found: list[tuple[Path, dict[str, Any]]] = []
    for place, module in enumerate(_list(course, "modules")):
        if isinstance(module, dict):
            for number, lesson in enumerate(_list(module, "lessons")):
                if isinstance(lesson, dict):
                    found.append((("modules", place, "lessons", number), lesson))
    return found


def _simulations(course: Mapping[str, Any]) -> list[tuple[Path, dict[str, Any]]]:
    return [
        ((*path, "simulation"), lesson["simulation"])
        for path, lesson in _lessons(course)
        if isinstance(lesson.get("simulation"), dict)
    ]


def _list(holder: Mapping[str, Any], name: str) -> list[Any]:
    values = holder.get(name)
    return values if isinstance(values, list) else []
