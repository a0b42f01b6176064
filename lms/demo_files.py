"""The demo content as it is written in `lms/demo/*.yaml`: course packs that lie in a folder, read like any other."""

from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lms.courses.packs.course import PackCourse
from lms.courses.packs.reading import read_course
from lms.courses.packs.yaml_text import read_yaml
from voice.scenario import Scenario

_FOLDER = Path(__file__).with_name("demo")


@dataclass(frozen=True, slots=True)
class DemoSimulation:
    """A call by the name of its file."""

    key: str
    script: Scenario


@dataclass(frozen=True, slots=True)
class DemoCourse:
    """A course, and which file each of its simulations is in, by the keys of module and lesson."""

    course: PackCourse
    simulation_keys: dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """Everything there is."""

    products: tuple[DemoCourse, ...]
    simulations: dict[str, DemoSimulation]


class DemoMedia:
    """The films and captions beside the courses, as the files of a pack."""

    ignored = ()

    def text(self, name: str) -> bytes | None:
        """A YAML file."""
        path = _FOLDER / name
        return path.read_bytes() if path.is_file() else None

    def size(self, name: str) -> int | None:
        """How long a media file is, in bytes; None when there is none."""
        path = _FOLDER / name
        return path.stat().st_size if path.is_file() else None

    def open(self, name: str) -> IO[bytes]:
        """A media file, to be read and closed."""
        return (_FOLDER / name).open("rb")


def read_demo_files() -> DemoFiles:
    """Reads and checks the files, in the order of their names. Blocks; raises UnreadableCourse for what is wrong."""
    products = tuple(_course(path.name) for path in sorted(_FOLDER.glob("*.yaml")))
    simulations = {
        key: DemoSimulation(key, Scenario.model_validate(lesson.simulation.script))
        for product in products
        for module in product.course.modules
        for lesson in module.lessons
        if lesson.simulation is not None and (key := product.simulation_keys[module.key, lesson.key])
    }
    return DemoFiles(products, simulations)


def _course(file: str) -> DemoCourse:
    value = read_yaml(_content(file), file).value
    keys = {
        (module["key"], lesson["key"]): lesson["simulation"]
        for module in value["modules"]
        for lesson in module["lessons"]
        if "simulation" in lesson
    }
    return DemoCourse(read_course(_content, file), keys)


def _content(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()
