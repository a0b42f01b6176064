"""Reads a CSV file of people. Pure.

Columns are email, full_name, roles and manager_email, in any order and under the names that spreadsheets give them;
only email must be there. An empty cell says nothing: what is known stays as it is. Several roles or managers in one
cell are separated by space, comma, semicolon or bar.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.people.roles import ROLES
from core.csv_records import read_records
from core.errors import BadRequest, TooLarge

MAXIMUM_BYTES = 2 * 1024 * 1024
MAXIMUM_ROWS = 5_000
MAXIMUM_NAME_LENGTH = 200
MAXIMUM_EMAIL_LENGTH = 254

_COLUMNS = {
    **dict.fromkeys(("email", "emailaddress", "mail", "useremail"), "email"),
    **dict.fromkeys(("fullname", "name", "displayname"), "full_name"),
    **dict.fromkeys(("roles", "role"), "roles"),
    **dict.fromkeys(("manageremail", "manageremails", "manager", "managers", "managersemail"), "manager_email"),
}
_EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell: the column's name and a sentence."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row. None where the file says nothing; `number` counts as spreadsheets do, the header being 1."""

    number: int
    email: str
    full_name: str | None = None
    roles: frozenset[str] | None = None
    managers: frozenset[str] | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """What stands in a file, and the headings that mean nothing here."""

    rows: tuple[PersonRow, ...]
    ignored_columns: tuple[str, ...] = ()


def read_people(data: bytes) -> PeopleFile:
    """The rows of a file, with what is wrong in each.

    Raises BadRequest (`not_utf8`, `bad_csv`, `missing_column`, `doubled_column`, `too_many_rows`) or TooLarge for what
    makes the whole file useless.
    """
    if len(data) > MAXIMUM_BYTES:
        raise TooLarge(f"A file of people has at most {MAXIMUM_BYTES // 1024 // 1024} MB.")
    records = read_records(_decoded(data), skip_spaces=True)
    header_number, header = next(records, (1, []))
    columns, ignored = _columns(header)
    rows: list[PersonRow] = []
    for number, cells in records:
        if len(rows) == MAXIMUM_ROWS:
            raise BadRequest(f"A file has at most {MAXIMUM_ROWS} people. Split it.", code="too_many_rows")
        rows.append(_row(number - header_number + 1, cells, columns, len(header)))
    return PeopleFile(tuple(rows), ignored)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadRequest(
            f"The file is not UTF-8 (byte 0x{data[error.start]:02x} in line {line}). "
            "Save it as `CSV UTF-8` and try again.",
            code="not_utf8",
        ) from error


def _columns(header: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    columns: dict[str, int] = {}
    ignored = []
    for index, heading in enumerate(header):
        name = _COLUMNS.get(re.sub(r"[^a-z]", "", heading.lower()))
        if name is None:
            if heading.strip():
                ignored.append(heading.strip())
            continue
        if name in columns:
            raise BadRequest(f"Two columns mean {name}.", code="doubled_column")
        columns[name] = index
    if "email" not in columns:
        raise BadRequest("The first row must name the columns, and one of them `email`.", code="missing_column")
    return columns, tuple(ignored)


def _row(number: int, cells: Sequence[str], columns: dict[str, int], width: int) -> PersonRow:
    def cell(name: str) -> str:
        index = columns.get(name)
        return " ".join(_UNPRINTABLE.sub(" ", cells[index]).split()) if index is not None and index < len(cells) else ""

    problems = []
    email = cell("email").lower()
    if reason := wrong_email(email):
        problems.append(Problem("email", reason))
    full_name = cell("full_name")
    if len(full_name) > MAXIMUM_NAME_LENGTH:
        problems.append(Problem("full_name", f"A name has at most {MAXIMUM_NAME_LENGTH} characters."))
    roles = _words(cell("roles"))
    problems += [
        Problem("roles", f"There is no role `{role[:40]}`; there are {', '.join(ROLES)}.")
        for role in sorted(roles - set(ROLES))
    ]
    managers = _words(cell("manager_email"))
    problems += [
        Problem("manager_email", f"{reason}: `{manager[:80]}`" if manager != email else reason)
        for manager in sorted(managers)
        if (reason := "Nobody manages themselves." if manager == email else wrong_email(manager))
    ]
    if any(text.strip() for text in cells[width:]):
        problems.append(Problem("", "The row has more cells than the header; a name with a comma needs quotes."))
    return PersonRow(number, email, full_name or None, roles or None, managers or None, tuple(problems))


def wrong_email(email: str) -> str | None:
    """Why this lower-case text cannot be an address; None when it can."""
    if not email:
        return "The address is missing."
    if len(email) > MAXIMUM_EMAIL_LENGTH or not _EMAIL.fullmatch(email):
        return "This is no e-mail address"
    return None


def _words(cell: str) -> frozenset[str]:
    return frozenset(word for word in re.split(r"[\s,;|]+", cell.lower()) if word)
