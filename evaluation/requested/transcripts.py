"""A transcript that a client sent: compared with what the server heard, and never believed. PURE."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, StringConstraints

from evaluation.conversation import Turn

MOST_LINES = 400
LONGEST_LINE = 4_000
LONGEST_TRANSCRIPT = 200_000
"""Characters of all lines together."""
HEARD_SHARE = 0.5
BETWEEN_LINES_MS = 1_000


class Line(BaseModel):
    """One line as the specification prints it; whatever else clients send with it is passed over."""

    speaker: Literal["ai", "user"]
    text: Annotated[str, StringConstraints(max_length=LONGEST_LINE)]
    timestamp: Annotated[str, StringConstraints(max_length=64)] | None = None


def differs(transcript: Sequence[Line], turns: Sequence[Turn]) -> bool:
    """Whether the client's lines are other ones than the call's turns; case, punctuation and space do not count."""
    return _spoken([(line.speaker, line.text) for line in transcript]) != _spoken(
        [(turn.speaker, turn.text) for turn in turns]
    )


def was_never_heard(transcript: Sequence[Line], turns: Sequence[Turn]) -> bool:
    """Whether most of what the trainee is said to have said was not said in this call."""
    known = {words for speaker, words in _spoken([(turn.speaker, turn.text) for turn in turns]) if speaker == "user"}
    claimed = [
        words for speaker, words in _spoken([(line.speaker, line.text) for line in transcript]) if speaker == "user"
    ]
    return sum(words in known for words in claimed) < HEARD_SHARE * len(claimed)


def hash_of(transcript: Sequence[Line]) -> str:
    """Names exactly these lines, whenever they were said."""
    content = json.dumps([[line.speaker, line.text] for line in transcript])
    return hashlib.sha256(content.encode()).hexdigest()


def rows_of(transcript: Sequence[Line]) -> list[dict[str, Any]]:
    """The lines as rows of `call_turns`, typed, one a second."""
    return [
        {
            "number": number,
            "speaker": line.speaker,
            "text": line.text,
            "heard_text": None,
            "start_ms": number * BETWEEN_LINES_MS,
            "end_ms": number * BETWEEN_LINES_MS,
            "cut_off": False,
            "confidence": None,
            "network_gap": False,
            "details": {"typed": True},
        }
        for number, line in enumerate(transcript, 1)
    ]


def with_feedback(transcript: Sequence[Line], judged: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The client's lines unchanged and in order, with the feedback of a report about them."""
    lines = []
    for line, entry in zip(transcript, judged, strict=True):
        feedback = {"feedback": entry["feedback"]} if "feedback" in entry else {}
        lines.append({"speaker": line.speaker, "text": line.text, "timestamp": line.timestamp, **feedback})
    return lines


def _spoken(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    folded = ((speaker, _words(text)) for speaker, text in lines)
    return [(speaker, words) for speaker, words in folded if words]


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold()))
