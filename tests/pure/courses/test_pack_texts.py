"""The texts of a pack: what is read, what is refused and where, and that writing and reading is the identity."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from lms.courses.packs.course import PackCourse
from lms.courses.packs.problems import Problem
from lms.courses.packs.reading import UnreadableCourse, read_course
from lms.courses.packs.writing import write_course
from lms.courses.packs.yaml_text import BadYaml, read_yaml
from lms.demo_files import read_demo_files
from tests.support.packs import a_course, any_courses

GENERATING = (Phase.explicit, Phase.reuse, Phase.generate)
"""Courses are too large to be shrunk in any time worth waiting."""
SMALL = """\
callx_course: 1
key: small
title: Small
modules:
  - key: only
    title: Only
    lessons:
      - key: read
        title: Read
        type: text
        text: |
          <p>Hello</p>
"""


def read(text: str, **files: str) -> PackCourse:
    contents = {"course.yaml": text, **{f"simulations/{name}.yaml": each for name, each in files.items()}}
    return read_course(lambda name: contents[name].encode() if name in contents else None)


def problems(text: str, **files: str) -> list[Problem]:
    with pytest.raises(UnreadableCourse) as caught:
        read(text, **files)
    return caught.value.problems


def test_a_small_course_is_read():
    course = read(SMALL)
    assert (course.key, course.modules[0].lessons[0].text) == ("small", "<p>Hello</p>\n")


def test_the_demo_is_made_of_packs():
    courses = [each.course for each in read_demo_files().products]
    assert [course.key for course in courses] == ["inbound_service_essentials", "retention_and_refunds"]
    assert [read(write_course(course)) for course in courses] == courses


def test_a_course_with_everything_is_read_as_it_was_written():
    assert read(write_course(a_course())) == a_course()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60, phases=GENERATING)
@given(any_courses)
def test_any_course_is_read_as_it_was_written(course: PackCourse):
    assert read(write_course(course)) == course


@pytest.mark.parametrize(
    ("wrong", "right", "place", "field", "says"),
    [
        ("title: Only", "title: 7", (6, 12), "modules.0.title", "valid string"),
        ("type: text", "type: game", (10, 15), "modules.0.lessons.0.type", "'video', 'text', 'quiz'"),
        ("key: read", "key: Read it", (8, 14), "modules.0.lessons.0.key", "match pattern"),
        ("title: Small", "titel: Small", (3, 8), "titel", "not permitted"),
        ("title: Read", "video: x.mp4\n        title: Read", (8, 9), "modules.0.lessons.0", "has no video"),
        ("callx_course: 1", "callx_course: 2", (1, 15), "callx_course", "should be 1"),
        ("key: only", "key: no", (5, 10), "modules.0.key", "valid string"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(wrong: str, right: str, place: tuple[int, int], field: str, says: str):
    [problem, *_] = [each for each in problems(SMALL.replace(wrong, right, 1)) if each.field == field]
    assert (problem.file, (problem.line, problem.column)) == ("course.yaml", place)
    assert says in problem.message


def test_all_problems_are_told_at_once():
    text = SMALL.replace("title: Only", "title: 7").replace("type: text", "type: game")
    assert [problem.field for problem in problems(text)] == ["modules.0.title", "modules.0.lessons.0.type"]


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("a: &x [1, 2]\nb: *x\n", (2, 4), "aliases are not read"),
        ("a: !!python/object/apply:os.system [ls]\n", (1, 4), "tag"),
        ("a: !!binary aGVsbG8=\n", (1, 4), "tag"),
        ("a: 1\na: 2\n", (2, 1), "stands here twice"),
        ("a: {<<: {b: 1}}\n", (1, 5), "does not merge"),
        ("? [1, 2]\n: 3\n", (1, 3), "A key is a text"),
        ("a: .nan\n", (1, 4), "no number that JSON has"),
        ("a: [1, 2\nb: 3\n", (2, 2), "not YAML"),
        ("a: 1\n---\nb: 2\n", (2, 1), "more than one document"),
        ("", (1, 1), "empty"),
        ('a: "\\0"\n', (1, 4), "cannot be stored"),
        ("a: " + "[" * 60 + "]" * 60 + "\n", (1, 44), "deeper than"),
        ("a: " + "9" * 5_000 + "\n", (1, 4), "no number that is read"),
        ("\tx", (1, 1), "not YAML"),
    ],
)
def test_yaml_that_is_more_than_values_is_refused(text: str, place: tuple[int, int], says: str):
    with pytest.raises(BadYaml) as caught:
        read_yaml(text.encode(), "x.yaml")
    problem = caught.value.problem
    assert says in problem.message
    assert (problem.line, problem.column) == place


def test_a_bomb_of_aliases_is_refused_before_it_grows():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(BadYaml, match="aliases"):
        read_yaml("\n".join(lines).encode(), "x.yaml")


def test_a_file_has_bounds():
    with pytest.raises(BadYaml, match="at most 4 MB"):
        read_yaml(b"x" * (4 * 1024 * 1024 + 1), "x.yaml")
    with pytest.raises(BadYaml, match="more than 200000 values"):
        read_yaml(b"[" + b"1," * 200_001 + b"]", "x.yaml")
    with pytest.raises(BadYaml, match="not UTF-8"):
        read_yaml(b"a: 1\nb: \xff", "x.yaml")


def test_dates_and_long_numbers_of_keys_stay_texts():
    assert read_yaml(b"2026-11-24: 2026-11-24\n12: x", "x").value == {"2026-11-24": "2026-11-24", "12": "x"}


CALL = """\
      - key: call
        title: Call
        type: simulation
        simulation: angry
"""
ANGRY = "passing_grade: 80\nscenario_description: D\nai_system_prompt: P\ntitle: T\ncustomer_name: C\n"


def test_a_simulation_can_have_a_file_of_its_own_and_its_faults_are_told_there():
    assert read(SMALL + CALL, angry=ANGRY).modules[0].lessons[1].simulation is not None
    [missing] = [each for each in problems(SMALL + CALL) if "missing" in each.message and "file" in each.message]
    assert (missing.file, missing.line, missing.message) == (
        "course.yaml", 16, "The file simulations/angry.yaml is missing."
    )  # fmt: skip
    [wrong] = problems(SMALL + CALL, angry=ANGRY.replace("80", "180"))
    assert (wrong.file, wrong.line, wrong.column) == ("simulations/angry.yaml", 1, 16)
    [script, *_] = problems(SMALL + CALL, angry=ANGRY + "script:\n  title: X\n  company: 7\n")
    assert (script.file, script.line) == ("simulations/angry.yaml", 7)
    [rubric, *_] = problems(SMALL + CALL, angry=ANGRY + "rubric:\n  sections: 7\n")
    assert rubric.file == "simulations/angry.yaml"


def test_names_of_simulations_lead_nowhere_else():
    asked: list[str] = []
    text = SMALL + CALL.replace("angry", "../../etc/passwd")

    def read_text(name: str) -> bytes | None:
        asked.append(name)
        return text.encode() if name == "course.yaml" else None

    with pytest.raises(UnreadableCourse):
        read_course(read_text)
    assert asked == ["course.yaml"]


def test_lesson_texts_are_cleaned():
    course = read(SMALL.replace("<p>Hello</p>", "<p onclick=x>Hello</p><script>1</script>"))
    assert course.modules[0].lessons[0].text == "<p>Hello</p>\n"


def test_a_text_with_too_much_markup_is_told_with_its_line():
    [problem] = problems(SMALL.replace("<p>Hello</p>", "<ul><li>" * 10_000))
    assert (problem.line, problem.field) == (11, "modules.0.lessons.0.text")
    assert "too much markup" in problem.message


def test_keys_differ():
    doubled = SMALL + "  - key: only\n    title: Again\n"
    assert "more than one module has the key 'only'" in problems(doubled)[0].message


@pytest.mark.parametrize(
    ("attachment", "says"),
    [
        ("{name: a, file: a.vtt, kind: captions}", "captions have a language"),
        ("{name: a, file: a.vtt, kind: captions, language: plain English}", "match pattern"),
        ("{name: a, file: a.vtt, kind: subtitles}", "'file' or 'captions'"),
        ("{name: a, file: a.vtt, label: ''}", "at least 1 character"),
    ],
)
def test_captions_say_in_which_language_they_are(attachment: str, says: str):
    [problem] = problems(SMALL + f"        attachments:\n          - {attachment}\n")
    assert problem.field.startswith("modules.0.lessons.0.attachments.0")
    assert says in problem.message
