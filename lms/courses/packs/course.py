"""The grammar of a course pack: what `course.yaml` and `simulations/*.yaml` may say. Pure.

A pack says what a course is, not whether it is good: an empty module is grammatical, and `check_content` complains.
Texts keep every blank; lesson texts are cleaned (`core/rich_text.py`).
"""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from core.errors import BadRequest
from core.rich_text import clean_html


def _cleaned(text: str) -> str:
    try:
        return clean_html(text)
    except BadRequest as error:
        raise ValueError(error.message) from error  # so that it is told with its line


Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")]
Title = Annotated[str, StringConstraints(max_length=5_000)]
Words = Annotated[str, StringConstraints(max_length=100_000)]
RichText = Annotated[str, StringConstraints(max_length=1_000_000), AfterValidator(_cleaned)]
Place = Annotated[str, StringConstraints(min_length=1, max_length=1_024)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=100)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Percent = Annotated[int, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=1, le=2_000_000_000)]
Number = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=200)]

LessonType = Literal["video", "text", "quiz", "simulation"]
QuestionType = Literal["multiple_choice", "true_false", "multi_select", "short_text", "numeric", "ordering"]
Match = Literal["case", "accents", "spaces"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _each_once(matches: tuple[Match, ...]) -> tuple[Match, ...]:
    return tuple(match for match in get_args(Match) if match in matches)


class PackAnswer(_Strict):
    """One choice, or one item of an order."""

    text: Words
    correct: bool = False
    explanation: Words | None = None


class PackQuestion(_Strict):
    """A question. `accepted` are the right short texts, `value` and `tolerance` the right number."""

    text: Words
    type: QuestionType
    points: int = Field(1, ge=1, le=100)
    partial_credit: bool = False
    match: Annotated[tuple[Match, ...], AfterValidator(_each_once)] = ()
    accepted: tuple[Words, ...] = Field((), max_length=100)
    value: Number | None = None
    tolerance: Annotated[Number, Field(ge=0)] = Decimal(0)
    explanation: Words | None = None
    answers: tuple[PackAnswer, ...] = Field((), max_length=200)


class PackQuiz(_Strict):
    """What a quiz asks, and how it may be taken."""

    passing_grade: Percent
    max_attempts: Count | None = None
    cool_down_minutes: Count | None = None
    draw: Count | None = None
    shuffle_questions: bool = False
    shuffle_answers: bool = False
    time_limit_minutes: int | None = Field(None, ge=1, le=1_440)
    counts: Literal["best", "last", "first", "average"] = "best"
    review: Literal["never", "after_attempt", "after_pass", "after_last_attempt"] | None = None
    questions: tuple[PackQuestion, ...] = Field((), max_length=5_000)


class PackSimulation(_Strict):
    """A call. `script` is a voice.scenario.Scenario, `rubric` an evaluation.rubric.Rubric, `{}` the built-in one.

    `call_script` is a PDF in the bucket lesson-attachments: what agents go by. Without a `title` nobody calls yet.
    """

    passing_grade: Percent
    scenario_description: Words
    ai_system_prompt: Words
    title: Title | None = None
    customer_name: Title | None = None
    call_script: Annotated[str, StringConstraints(min_length=1, max_length=1_100)] | None = None
    goals: tuple[Any, ...] = ()
    customer_card: dict[str, Any] = Field(default_factory=dict)
    rubric: dict[str, Any] = Field(default_factory=dict)
    script: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _named_by_the_script(cls, value: Any) -> Any:
        script = value.get("script") if isinstance(value, dict) else None
        if not isinstance(script, dict) or not script:
            return value
        customer = script.get("customer")
        named = {
            "title": script.get("title"),
            "customer_name": customer.get("name") if isinstance(customer, dict) else "",
        }
        return named | {name: each for name, each in value.items() if each is not None or name not in named}


class PackAttachment(_Strict):
    """A file: what it is called, and where it lies in the bucket lesson-attachments.

    `captions` are shown with the video in their `language`, called by their `label`; a `file` is downloaded.
    """

    name: Title
    file: Place
    kind: Literal["file", "captions"] = "file"
    language: Language | None = None
    label: Label | None = None

    @model_validator(mode="after")
    def _captions_have_a_language(self) -> Self:
        if self.kind == "captions" and self.language is None:
            raise ValueError("captions have a language")
        return self


def _in_order(attachments: tuple[PackAttachment, ...]) -> tuple[PackAttachment, ...]:
    def place(each: PackAttachment) -> tuple[str, ...]:
        return each.name, each.file, each.kind, each.language or "", each.label or ""

    return tuple(sorted(set(attachments), key=place))


class PackLesson(_Strict):
    """A lesson. `video` is a path in the bucket lesson-videos, or the address of a film elsewhere."""

    key: Key
    title: Title
    type: LessonType
    draft: bool = False
    must_watch: bool = False
    video: Place | None = None
    text: RichText | None = None
    attachments: Annotated[tuple[PackAttachment, ...], AfterValidator(_in_order)] = Field((), max_length=200)
    quiz: PackQuiz | None = None
    simulation: PackSimulation | None = None

    @model_validator(mode="after")
    def _content_fits_the_type(self) -> Self:
        for part in ("video", "quiz", "simulation"):
            if getattr(self, part) is not None and self.type != part:
                raise ValueError(f"a lesson of type {self.type} has no {part}")
        return self


class PackModule(_Strict):
    """A module; with `prerequisite` it opens when the one before is done."""

    key: Key
    title: Title
    description: Words | None = None
    prerequisite: bool = False
    draft: bool = False
    lessons: tuple[PackLesson, ...] = Field((), max_length=1_000)

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        _refuse_doubled("lesson", [lesson.key for lesson in self.lessons])
        return self


class PackCertificate(_Strict):
    """How long the certificate holds, and from when on it can be renewed."""

    valid_days: int | None = Field(None, ge=1, le=36_500)
    renewal_days: int = Field(60, ge=0, le=3_650)


class PackCourse(_Strict):
    """A whole certification programme."""

    callx_course: Literal[1] = 1
    key: Key
    title: Title
    description: Words | None = None
    certificate: PackCertificate = PackCertificate()
    modules: tuple[PackModule, ...] = Field((), max_length=500)

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        _refuse_doubled("module", [module.key for module in self.modules])
        return self

    def lessons(self) -> list[PackLesson]:
        """All of them, in order."""
        return [lesson for module in self.modules for lesson in module.lessons]


def _refuse_doubled(what: str, keys: list[str]) -> None:
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    if doubled:
        raise ValueError(f"more than one {what} has the key {doubled[0]!r}")
