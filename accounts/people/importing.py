"""Takes people over from a CSV file: all rows or none, and the second time nothing changes."""

import asyncio
from dataclasses import dataclass, replace

from asyncpg import UniqueViolationError

from accounts import audit
from accounts.people import queries as people_queries
from accounts.people import teams
from accounts.people.csv_file import PeopleFile
from accounts.people.plan import PlannedRow, plan
from accounts.people.roles import EVERYBODY_BEGINS_AS
from core.db import Tx
from core.errors import Conflict


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import does, or would do: `applied` says which."""

    rows: tuple[PlannedRow, ...]
    ignored_columns: tuple[str, ...]
    applied: bool = False

    @property
    def wrong_rows(self) -> int:
        """How many rows have errors."""
        return sum(row.outcome == "error" for row in self.rows)


async def import_people(tx: Tx, file: PeopleFile, *, dry_run: bool, skip_errors: bool = False) -> ImportReport:
    """Makes and changes the people of a file.

    Nothing is written in a dry run, and, unless `skip_errors`, when any row has an error. `tx` is the service's, told
    by `audit.act_for_admin` for whom. Raises Conflict (`last_admin`, `changed_meanwhile`) when others changed the same
    people in this moment.
    """
    await people_queries.wait_for_other_imports(tx)
    named = {row.email for row in file.rows}.union(*(row.managers or () for row in file.rows))
    known = await people_queries.known_people(tx, named)
    report = ImportReport(await asyncio.to_thread(plan, file.rows, known), file.ignored_columns)
    if dry_run or (report.wrong_rows and not skip_errors):
        return report
    try:
        await _apply(tx, report.rows)
    except UniqueViolationError as error:
        raise Conflict(
            "Somebody else made one of these people in this moment. Try again.",
            code="changed_meanwhile",
            retryable=True,
        ) from error
    return replace(report, applied=True)


async def _apply(tx: Tx, rows: tuple[PlannedRow, ...]) -> None:
    new = {row.row.email: row.row for row in rows if row.outcome == "create"}
    changed = [row for row in rows if row.outcome == "update"]
    ids = {row.known.email: row.known.id for row in rows if row.known}
    ids |= await people_queries.insert_people(tx, {email: row.full_name or "" for email, row in new.items()})
    await audit.record_all(tx, "person.created", "person", {ids[email]: {"email": email} for email in new})
    await people_queries.rename_people(
        tx, {ids[row.row.email]: row.row.full_name or "" for row in changed if "full_name" in row.changes}
    )
    roles = {ids[row.row.email]: row.row.roles or () for row in changed if "roles" in row.changes}
    roles |= {ids[email]: row.roles for email, row in new.items() if row.roles not in (None, EVERYBODY_BEGINS_AS)}
    await teams.set_roles(tx, roles)
    managers = {row.row.email: row.row.managers or () for row in changed if "manager_email" in row.changes}
    managers |= {email: row.managers for email, row in new.items() if row.managers}
    missing = {email for emails in managers.values() for email in emails} - set(ids)
    ids |= {person.email: person.id for person in (await people_queries.known_people(tx, missing)).values()}
    await teams.set_managers(
        tx, {ids[email]: [ids[manager] for manager in emails] for email, emails in managers.items()}
    )
