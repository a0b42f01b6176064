"""What is wrong with a pack, and where. Pure."""

from dataclasses import dataclass

from core.errors import BadRequest


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault: `line` and `column` count from 1, 0 where there is no place; `field` is like `modules.0.title`."""

    file: str
    message: str
    line: int = 0
    column: int = 0
    field: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


def bad_pack(message: str) -> BadRequest:
    """What makes a whole file useless."""
    return BadRequest(message, code="bad_course_pack")
