"""The specification's own checklist (section 10), every line, over HTTP against the real program."""

import pytest

from tests.app.checklist import authentication, database, frontend, functions, storage
from tests.app.checklist.conftest import Place
from tests.app.checklist.lines import PROOFS
from tests.app.checklist.spec import CHECKLIST

pytestmark = [pytest.mark.slow, pytest.mark.may_block]

SECTIONS = (database, authentication, storage, functions, frontend)
LINES = [(section, line) for section, lines in CHECKLIST.items() for line in lines]


def test_every_line_of_the_checklist_has_a_proof_and_every_proof_a_line():
    assert sorted(PROOFS) == sorted(line for _, line in LINES)
    assert [module.__doc__ for module in SECTIONS] == [f"{section}." for section in CHECKLIST]


@pytest.mark.parametrize(("section", "line"), LINES, ids=[f"{section}: {line}" for section, line in LINES])
async def test_the_checklist(section: str, line: str, place: Place):
    await PROOFS[line](place)
