"""Examples in a document: what they are, and what they say that they print."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROMISE = re.compile(r"^\s*(?://|#) → ?(.*)$", re.MULTILINE)
SEPARATOR = "\x1e"


@dataclass(frozen=True)
class Example:
    """A fenced block; `line` is where it begins."""

    language: str
    text: str
    line: int

    @property
    def promised(self) -> list[str]:
        """The lines that it prints, as comments with an arrow say."""
        return [line.strip() for line in _PROMISE.findall(self.text)]


def examples(document: Path, *languages: str) -> list[Example]:
    """The blocks in these languages, in their order."""
    text = document.read_text(encoding="utf-8")
    found = [
        Example(match[1], match[2].rstrip("\n"), text.count("\n", 0, match.start()) + 1)
        for match in _FENCED.finditer(text)
    ]
    return [example for example in found if example.language in languages]


def check_promises(document: list[Example], output: str) -> None:
    """Compares what the examples printed, each part after a SEPARATOR and the example's line, with what they say."""
    printed = {int(part.split("\n", 1)[0]): part.split("\n", 1)[1] for part in output.split(SEPARATOR)[1:]}
    for example in document:
        lines = _lines(printed.get(example.line, "").splitlines())
        assert lines == example.promised, f"line {example.line}: it prints {lines}, not {example.promised}"


def _lines(printed: Sequence[str]) -> list[str]:
    return [line.strip() for line in printed if line.strip()]
