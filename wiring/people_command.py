"""`people import`: the CSV file of an operator, on the machine itself."""

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path

from accounts import audit
from accounts.account.addresses import normalised_email
from accounts.people import queries as people_queries
from accounts.people import report as people_report
from accounts.people.csv_file import MAXIMUM_BYTES, read_people
from accounts.people.importing import ImportReport, import_people
from core import logs
from core.db import Tx
from core.errors import BadRequest, NotFound
from core.identity import Person
from core.settings import Settings
from wiring.stores import open_stores


@dataclass(frozen=True, slots=True)
class PeopleImport:
    """What the command line asks for; `actor` is the address of the admin in whose name it is done."""

    file: Path
    dry_run: bool
    skip_errors: bool
    result: Path | None
    actor: str | None


async def run_import(settings: Settings, wanted: PeopleImport) -> int:
    """Imports and prints what became of the rows; 0 when no row has an error, else 1.

    Raises BadRequest before anything is done for a file that cannot be read or a result that cannot be written.
    """
    logs.request_id.set(f"import-{secrets.token_hex(8)}")
    file = read_people(await asyncio.to_thread(_read, wanted.file))
    if wanted.result is not None:
        await asyncio.to_thread(_require_writable, wanted.result)
    async with open_stores(settings) as stores, stores.database.acting_as_service() as tx:
        await _act_for(tx, wanted.actor)
        report = await import_people(tx, file, dry_run=wanted.dry_run, skip_errors=wanted.skip_errors)
    if wanted.result is not None:
        await asyncio.to_thread(wanted.result.write_text, people_report.as_csv(report.rows), "utf-8", newline="")
    _show(report, dry_run=wanted.dry_run)
    return 1 if report.wrong_rows else 0


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}.", code="no_such_file") from error


def _require_writable(path: Path) -> None:
    try:
        path.open("a").close()
    except OSError as error:
        raise BadRequest(f"{path} cannot be written: {error.strerror}.", code="result_not_writable") from error


async def _act_for(tx: Tx, email: str | None) -> None:
    if email is None:
        return
    user_id = await people_queries.active_id(tx, normalised_email(email))
    if user_id is None:
        raise NotFound(f"Nobody who may sign in has the address {email}.", code="user_not_found")
    await audit.act_for_admin(tx, Person("authenticated", user_id=user_id))


def _show(report: ImportReport, *, dry_run: bool) -> None:
    counts = people_report.counts(report.rows)
    if any(count for outcome, count in counts.items() if outcome != "unchanged"):
        print(people_report.as_table(report.rows))
        print()
    if report.ignored_columns:
        print(f"Columns that mean nothing here: {', '.join(report.ignored_columns)}.")
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.items()) + ".")
    if dry_run:
        print("This was a dry run: nothing was changed.")
    elif not report.applied:
        print("Nothing was changed. Mend the rows, or leave them out with --skip-errors.")
