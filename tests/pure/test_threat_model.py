"""The threat model's table of holes and the tests say the same."""

import re

from tests.pure.test_house import ROOT, tracked

ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
WAITS = "waits for issue 5"


def table() -> dict[int, tuple[str, set[str]]]:
    """By number: what closes the hole, and the files that try it."""
    text = (ROOT / "docs" / "threat-model.md").read_text("utf8")
    return {int(row[0]): (row[2], set(re.findall(r"`([^`]+)`", row[3]))) for row in ROW.findall(text)}


def tried() -> dict[int, set[str]]:
    """By number: the files with tests that are named after the hole."""
    files: dict[int, set[str]] = {number: set() for number in range(1, 35)}
    for path in tracked("tests/*.py"):
        for number in re.findall(r"^(?:async )?def test_hole_(\d\d)_", path.read_text("utf8"), re.MULTILINE):
            files[int(number)].add(str(path.relative_to(ROOT / "tests")))
    return files


def test_every_hole_has_a_row_with_the_files_that_try_it():
    assert {number: files for number, (_, files) in table().items()} == tried()


def test_only_what_waits_for_its_surface_is_tried_nowhere():
    assert [number for number, files in tried().items() if not files] == [
        number for number, (closure, _) in table().items() if WAITS in closure
    ]
