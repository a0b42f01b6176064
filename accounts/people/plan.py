"""What a file of people would change, row by row. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from accounts.people.csv_file import PersonRow, Problem
from accounts.people.roles import EVERYBODY_BEGINS_AS

Outcome = Literal["create", "update", "unchanged", "error"]


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody who exists; `managers` are addresses."""

    id: UUID
    email: str
    full_name: str
    roles: frozenset[str]
    managers: frozenset[str]
    active: bool = True


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What happens to one row: the columns that change, or what is wrong."""

    row: PersonRow
    outcome: Outcome
    known: KnownPerson | None = None
    changes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def plan(rows: Iterable[PersonRow], known: Mapping[str, KnownPerson]) -> tuple[PlannedRow, ...]:
    """Decides about every row. `known` holds by address whoever the file names and every active admin.

    A row that is wrong is taken for not there, so rows that rely on it are wrong as well.
    """
    planning = _Planning(tuple(rows), known)
    planning.check()
    return tuple(planning.result(row) for row in planning.rows)


class _Planning:
    def __init__(self, rows: tuple[PersonRow, ...], known: Mapping[str, KnownPerson]) -> None:
        self.rows = rows
        self._known = known
        self._problems: dict[int, list[Problem]] = {row.number: list(row.problems) for row in rows}
        self._first: dict[str, PersonRow] = {}
        self._team: dict[str, list[PersonRow]] = defaultdict(list)

    def check(self) -> None:
        for row in self.rows:
            first = self._first.setdefault(row.email, row)
            if first is not row and row.email:
                self._problems[row.number].append(
                    Problem("email", f"The address stands in row {first.number} already.")
                )
            for manager in row.managers or ():
                self._team[manager].append(row)
        self._check_managers(self.rows)
        self._keep_an_admin()

    def result(self, row: PersonRow) -> PlannedRow:
        known = self._known.get(row.email)
        if problems := self._problems[row.number]:
            return PlannedRow(row, "error", known, problems=tuple(problems))
        if known is None:
            return PlannedRow(row, "create")
        wanted = {"full_name": row.full_name, "roles": row.roles, "manager_email": row.managers}
        current = {"full_name": known.full_name, "roles": known.roles, "manager_email": known.managers}
        changes = tuple(name for name, value in wanted.items() if value is not None and value != current[name])
        return PlannedRow(row, "update" if changes else "unchanged", known, changes)

    def _check_managers(self, rows: Iterable[PersonRow]) -> None:
        """Looks at the managers of these rows, and again at the team of each that turns out to be wrong."""
        waiting = list(rows)
        while waiting:
            row = waiting.pop()
            problems = self._problems[row.number]
            if any(problem.column == "manager_email" for problem in problems):
                continue
            was_right = not problems
            problems += [
                Problem("manager_email", reason)
                for manager in sorted(row.managers or ())
                if (reason := self._unfit(manager))
            ]
            if was_right and problems:
                waiting += self._team[row.email]

    def _unfit(self, manager: str) -> str | None:
        row, known = self._first.get(manager), self._known.get(manager)
        if row is not None and self._problems[row.number]:
            if known is None:
                return f"{manager} is made by row {row.number}, in which something is wrong."
            row = None
        if row is None and known is None:
            return f"Nobody has the address {manager}."
        if known is not None and not known.active:
            return f"{manager} is deactivated."
        return None if "manager" in self._roles_after(row, known) else f"{manager} is no manager."

    def _keep_an_admin(self) -> None:
        before = {person.email for person in self._known.values() if person.active and "admin" in person.roles}
        right = [row for row in self.rows if not self._problems[row.number]]
        given = {row.email: self._roles_after(row, self._known.get(row.email)) for row in right}
        if any("admin" in given.get(email, {"admin"}) for email in before):
            return
        if any("admin" in roles and self._is_active(email) for email, roles in given.items()):
            return
        demoting = [row for row in right if row.email in before]
        for row in demoting:
            self._problems[row.number].append(Problem("roles", "The last admin stays an admin."))
        for row in demoting:
            self._check_managers(self._team[row.email])

    def _is_active(self, email: str) -> bool:
        known = self._known.get(email)
        return known is None or known.active

    @staticmethod
    def _roles_after(row: PersonRow | None, known: KnownPerson | None) -> frozenset[str]:
        if row is not None and row.roles is not None:
            return row.roles
        return known.roles if known is not None else EVERYBODY_BEGINS_AS
