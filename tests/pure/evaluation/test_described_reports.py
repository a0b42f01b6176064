"""Reports are what `/openapi.json` says of them."""

import json

import pytest

from evaluation.schemas import Report
from tests.pure.evaluation.calls import GOOD_CALL, conversation, without_verification
from tests.pure.evaluation.test_report import report_of


@pytest.mark.parametrize("call", [GOOD_CALL, without_verification()])
def test_a_report_is_as_described(call):
    report = json.loads(json.dumps(report_of(conversation(call))))
    described = Report.model_validate(report)
    assert described.overall_score == report["overall_score"]
    assert {name for section in described.sections for name in section.model_extra or ()} == set()
    assert set(described.model_extra or ()) == set()
