"""What the model must answer, and the JSON schema of it. PURE."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from evaluation.judgement import Verdict

NAME = "judgement"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Quote(_Strict):
    """Words of one turn."""

    turn: int
    quote: str


class CheckAnswer(_Strict):
    """One check. The fields stand in the order in which they are to be thought of: first what was said."""

    id: str
    evidence: list[Quote]
    reason: str
    verdict: Verdict
    confidence: Literal["low", "medium", "high"]


class TurnComment(_Strict):
    """A comment on one turn of the trainee."""

    turn: int
    comment: str
    suggestion: str


class Answer(_Strict):
    """The whole answer."""

    checks: list[CheckAnswer]
    comments: list[TurnComment]


def schema_for(check_ids: Sequence[str]) -> dict[str, Any]:
    """The schema of an answer about these checks; every field is required, and none may be added."""
    schema = Answer.model_json_schema()
    schema["$defs"]["CheckAnswer"]["properties"]["id"]["enum"] = list(check_ids)
    return schema
