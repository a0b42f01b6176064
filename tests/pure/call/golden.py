"""Recorded calls: events in, expected actions beside them, one JSON object a line.

Sound is written as its length (`{"pcm_ms": 20}`). After a deliberate change of the machine, look at the difference of

    python -m tests.pure.call.golden tests/golden/calls/*.jsonl
"""

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable
from enum import Enum
from pathlib import Path
from typing import Any

from voice.audio_format import BYTES_PER_MS, silence
from voice.call import events
from voice.call.call import Call
from voice.call.rules import CallRules

FOLDER = Path(__file__).parents[2] / "golden" / "calls"


def written(value: Any) -> Any:
    """An action in the form of the file."""
    if isinstance(value, bytes):
        return {"pcm_ms": len(value) / BYTES_PER_MS}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: written(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"is": type(value).__name__, **fields}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [written(item) for item in value]
    return value


def read_event(line: dict[str, Any]) -> events.CallEvent:
    """The event that a line of the file describes."""
    fields = dict(line["event"])
    kind: Callable[..., events.CallEvent] = getattr(events, fields.pop("is"))
    return kind(
        **{name: silence(v["pcm_ms"]) if isinstance(v, dict) and "pcm_ms" in v else v for name, v in fields.items()}
    )


def replay(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each line with the actions that the machine gives today."""
    call = Call("call-1", CallRules())
    call.start(0)
    return [
        {**line, "actions": [written(action) for action in call.handle(read_event(line), line["now_ms"])]}
        for line in lines
    ]


def read(path: Path) -> list[dict[str, Any]]:
    """The lines of one recorded call."""
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def write(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Stores a recorded call."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write(Path(name), replay(read(Path(name))))
