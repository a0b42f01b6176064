"""Courses for tests of packs: one of everything, and any at all."""

import io
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from lms.courses.packs.course import (
    PackAnswer,
    PackAttachment,
    PackCertificate,
    PackCourse,
    PackLesson,
    PackModule,
    PackQuestion,
    PackQuiz,
    PackSimulation,
)

QUIZ = PackQuiz(
    passing_grade=75,
    max_attempts=3,
    cool_down_minutes=10,
    draw=4,
    shuffle_questions=True,
    shuffle_answers=True,
    time_limit_minutes=20,
    counts="last",
    review="after_pass",
    questions=(
        PackQuestion(
            text="Which one?",
            type="multiple_choice",
            points=2,
            explanation="Because.",
            answers=(PackAnswer(text="This", correct=True, explanation="Yes."), PackAnswer(text="That")),
        ),
        PackQuestion(
            text="Is it?",
            type="true_false",
            answers=(PackAnswer(text="True"), PackAnswer(text="False", correct=True)),
        ),
        PackQuestion(
            text="Which ones?",
            type="multi_select",
            partial_credit=True,
            answers=(
                PackAnswer(text="A", correct=True),
                PackAnswer(text="B", correct=True),
                PackAnswer(text="A"),
            ),
        ),
        PackQuestion(text="Say it.", type="short_text", match=("case", "spaces"), accepted=("Thank you", "Thanks")),
        PackQuestion(text="How much?", type="numeric", value=Decimal("12.50"), tolerance=Decimal("0.001")),
        PackQuestion(
            text="In order?",
            type="ordering",
            answers=(PackAnswer(text="First"), PackAnswer(text="Second"), PackAnswer(text="Third")),
        ),
    ),
)
"""Every type of question, drawn and timed."""
SIMULATION = PackSimulation(
    passing_grade=80,
    scenario_description="A customer calls.",
    ai_system_prompt="Be angry.\nStay angry.",
    title="Overcharged",
    customer_name="Casey",
    call_script="papers/refunds.pdf",
    goals=("Listen.", "Solve."),
    customer_card={"facts": [{"label": "Plan", "value": "Everyday"}], "account": {"balance": 12.5, "open": True}},
)
TEXT = '<h2>Hello</h2>\n<p>One &amp; two, <a href="https://ok.example" rel="noopener noreferrer">three</a></p>\n'
FIRST_MODULE = PackModule(
    key="first",
    title="The first",
    description="What comes first.",
    lessons=(
        PackLesson(key="read", title="Read: this", type="text", text=TEXT),
        PackLesson(
            key="watch",
            title="Watch",
            type="video",
            video="films/watch.mp4",
            text="Or read.",
            must_watch=True,
            attachments=(
                PackAttachment(
                    name="watch.vtt",
                    file="captions/watch.vtt",
                    kind="captions",
                    language="pt-BR",
                    label="Português",
                ),
                PackAttachment(name="watch.vtt", file="captions/watch.vtt", kind="captions", language="pt"),
                PackAttachment(name="watch.vtt", file="captions/watch.vtt"),
            ),
        ),
        PackLesson(
            key="take_home",
            title="Take home",
            type="text",
            text="1 < 2\n\n- plain",
            attachments=(
                PackAttachment(name="Übersicht.pdf", file="papers/overview.pdf"),
                PackAttachment(name="again.pdf", file="papers/overview.pdf"),
            ),
        ),
    ),
)
SECOND_MODULE = PackModule(
    key="second",
    title="The second",
    prerequisite=True,
    lessons=(
        PackLesson(key="check", title="Check", type="quiz", quiz=QUIZ),
        PackLesson(key="call", title="Call", type="simulation", simulation=SIMULATION),
        PackLesson(key="read", title="Not ready", type="text", draft=True),
    ),
)


def a_course(key: str = "billing_basics", **changes: Any) -> PackCourse:
    """Every type of lesson and of question, attachments, a drawn and timed quiz, a draft."""
    course = PackCourse(
        key=key,
        title="Billing basics",
        description="For everybody.",
        certificate=PackCertificate(valid_days=365, renewal_days=30),
        modules=(FIRST_MODULE, SECOND_MODULE),
    )
    return course.model_copy(update=changes)


MEDIA = {
    "videos/films/watch.mp4": b"\x00\x00\x00\x18ftypmp42" * 400,
    "attachments/captions/watch.vtt": b"WEBVTT\n\n00:00.000 --> 00:02.000\nGood morning.\n",
    "attachments/papers/overview.pdf": b"%PDF-1.7\n" * 90,
    "attachments/papers/refunds.pdf": b"%PDF-1.7\n" * 80,
}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A ZIP file of these."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            pack.writestr(name, content)
    return packed.getvalue()


_characters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
_texts = st.text(_characters, max_size=30) | st.sampled_from(
    [
        "",
        " ",
        "no",
        "1:30",
        "2026-11-24",
        "null",
        "~",
        "#",
        "- a",
        "a: b",
        "x\n y \n",
        "\n\n",
        "é\u2028\x85",
        "<<",
        "*a",
        "'",
    ]
)
_keys = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True)
_optional = st.none() | _texts
_numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18, places=6)
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=6,
)
_answers = st.builds(PackAnswer, text=_texts, correct=st.booleans(), explanation=_optional)
_questions = st.builds(
    PackQuestion,
    text=_texts,
    type=st.sampled_from(["multiple_choice", "true_false", "multi_select", "short_text", "numeric", "ordering"]),
    points=st.integers(1, 100),
    partial_credit=st.booleans(),
    match=st.lists(st.sampled_from(["case", "accents", "spaces"]), max_size=3).map(tuple),
    accepted=st.lists(_texts, max_size=3).map(tuple),
    value=st.none() | _numbers,
    tolerance=_numbers.map(abs),
    explanation=_optional,
    answers=st.lists(_answers, max_size=4).map(tuple),
)
_some = st.none() | st.integers(1, 1_000)
_quizzes = st.builds(
    PackQuiz,
    passing_grade=st.integers(0, 100),
    max_attempts=_some,
    cool_down_minutes=_some,
    draw=_some,
    shuffle_questions=st.booleans(),
    shuffle_answers=st.booleans(),
    time_limit_minutes=_some,
    counts=st.sampled_from(["best", "last", "first", "average"]),
    review=st.none() | st.sampled_from(["never", "after_attempt", "after_pass", "after_last_attempt"]),
    questions=st.lists(_questions, max_size=4).map(tuple),
)
_papers = st.from_regex(r"[a-z]{1,5}/[a-z]{1,5}\.pdf", fullmatch=True)
_captions = st.from_regex(r"[a-z]{1,5}/[a-z]{1,5}\.vtt", fullmatch=True)
_simulations = st.builds(
    PackSimulation,
    passing_grade=st.integers(0, 100),
    scenario_description=_texts,
    ai_system_prompt=_texts,
    title=_texts,
    customer_name=_texts,
    call_script=st.none() | _papers,
    goals=st.lists(_texts, max_size=3).map(tuple),
    customer_card=st.dictionaries(_texts, _json, max_size=3),
)
_languages = st.from_regex(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", fullmatch=True)
_labels = st.none() | st.text(_characters, min_size=1, max_size=60)
_attachments = st.builds(
    PackAttachment, name=_texts, file=_papers, language=st.none() | _languages, label=_labels
) | st.builds(PackAttachment, name=_texts, file=_captions, kind=st.just("captions"), language=_languages, label=_labels)


@st.composite
def _lessons(draw: st.DrawFn) -> PackLesson:
    kind = draw(st.sampled_from(["video", "text", "quiz", "simulation"]))
    return PackLesson(
        key=draw(_keys),
        title=draw(_texts),
        type=kind,
        draft=draw(st.booleans()),
        must_watch=draw(st.booleans()),
        text=draw(_optional),
        attachments=tuple(draw(st.lists(_attachments, max_size=2))),
        video=draw(st.none() | st.from_regex(r"[a-z]{1,9}\.mp4", fullmatch=True)) if kind == "video" else None,
        quiz=draw(st.none() | _quizzes) if kind == "quiz" else None,
        simulation=draw(st.none() | _simulations) if kind == "simulation" else None,
    )


_modules = st.builds(
    PackModule,
    key=_keys,
    title=_texts,
    description=_optional,
    prerequisite=st.booleans(),
    draft=st.booleans(),
    lessons=st.lists(_lessons(), max_size=3, unique_by=lambda lesson: lesson.key).map(tuple),
)
any_courses = st.builds(
    PackCourse,
    key=_keys,
    title=_texts,
    description=_optional,
    certificate=st.builds(
        PackCertificate, valid_days=st.none() | st.integers(1, 36_500), renewal_days=st.integers(0, 3_650)
    ),
    modules=st.lists(_modules, max_size=3, unique_by=lambda module: module.key).map(tuple),
)
"""Anything that the grammar lets be."""
