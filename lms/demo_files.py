"""The demo content as it is written in `lms/demo/*.yaml`, read and checked."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from voice.scenario import Scenario

_FOLDER = Path(__file__).with_name("demo")

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Percent = Annotated[int, Field(ge=0, le=100)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DemoAnswer(_Strict):
    """One choice of a question."""

    text: Text
    correct: bool = False


class DemoQuestion(_Strict):
    """A question with exactly one correct answer."""

    text: Text
    type: Literal["multiple_choice", "true_false"]
    answers: tuple[DemoAnswer, ...] = Field(min_length=2, max_length=6)

    @model_validator(mode="after")
    def _one_is_correct(self) -> Self:
        if sum(answer.correct for answer in self.answers) != 1:
            raise ValueError(f"{self.text!r} needs exactly one correct answer")
        return self


class DemoQuiz(_Strict):
    """What a quiz lesson asks."""

    passing_grade: Percent
    questions: tuple[DemoQuestion, ...] = Field(min_length=4)


class DemoSimulation(_Strict):
    """A call: what the trainee reads, what the customer is, and what it is judged by (`{}`: the default rubric)."""

    key: Key
    title: Text
    passing_grade: Percent
    scenario_description: Text
    goals: tuple[Text, ...] = Field(min_length=1)
    customer_card: dict[str, Any]
    ai_system_prompt: Text
    rubric: dict[str, Any] = Field(default_factory=dict)
    script: Scenario


class DemoLesson(_Strict):
    """A lesson of one of the four types; a video has a text to read instead."""

    key: Key
    title: Text
    type: Literal["video", "text", "quiz", "simulation"]
    video: Text | None = None
    text: Text | None = None
    quiz: DemoQuiz | None = None
    simulation: Key | None = None

    @model_validator(mode="after")
    def _content_fits_the_type(self) -> Self:
        expected = {"video": {"video", "text"}, "text": {"text"}, "quiz": {"quiz"}, "simulation": {"simulation"}}
        given = {name for name in ("video", "text", "quiz", "simulation") if getattr(self, name) is not None}
        if given != expected[self.type]:
            raise ValueError(f"lesson {self.key!r} of type {self.type} has {sorted(given)}")
        return self


class DemoModule(_Strict):
    """A module; with `prerequisite` it opens when the one before is done."""

    key: Key
    title: Text
    description: Text
    prerequisite: bool
    lessons: tuple[DemoLesson, ...] = Field(min_length=1)


class DemoProduct(_Strict):
    """A whole certification programme."""

    key: Key
    title: Text
    description: Text
    modules: tuple[DemoModule, ...] = Field(min_length=1)


class DemoFiles(_Strict):
    """Everything there is."""

    products: tuple[DemoProduct, ...]
    simulations: dict[Key, DemoSimulation]


def read_demo_files() -> DemoFiles:
    """Reads and checks the files, in the order of their names. Blocks; raises ValidationError for what is wrong."""
    simulations = [DemoSimulation.model_validate(_yaml(path)) for path in sorted(_FOLDER.glob("simulations/*.yaml"))]
    return DemoFiles(
        products=tuple(DemoProduct.model_validate(_yaml(path)) for path in sorted(_FOLDER.glob("*.yaml"))),
        simulations={simulation.key: simulation for simulation in simulations},
    )


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf8"))
