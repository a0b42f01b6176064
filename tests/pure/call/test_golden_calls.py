"""Recorded calls give the same actions as on the day when they were looked at."""

from pathlib import Path

import pytest

from tests.pure.call.golden import FOLDER, read, replay

CALLS = sorted(FOLDER.glob("*.jsonl"))


def test_there_are_recorded_calls() -> None:
    assert len(CALLS) >= 6


@pytest.mark.parametrize("path", CALLS, ids=[path.stem for path in CALLS])
def test_a_recorded_call_goes_as_it_went(path: Path) -> None:
    lines = read(path)
    assert replay(lines) == lines
