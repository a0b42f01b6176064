"""`/auth/v1/admin`: people in the hands of admins, on the wire of supabase-js's `auth.admin`, and the import."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from aiohttp import BodyPartReader, StreamReader, web
from aiohttp.http_exceptions import HttpProcessingError
from asyncpg import UniqueViolationError

from accounts import audit
from accounts.account import queries as account_queries
from accounts.account.shapes import user_object
from accounts.letters.queue import link_details, queue_letter
from accounts.links import queries as one_time_queries
from accounts.people import queries as people_queries
from accounts.people import report as people_report
from accounts.people import teams
from accounts.people.csv_file import MAXIMUM_BYTES, read_people
from accounts.people.importing import ImportReport, import_people
from accounts.people.queries import ManagedAccount
from accounts.sign_in.password_rules import WeakPassword, weaknesses
from accounts.wire import people_operations
from accounts.wire.keys import PASSWORDS
from accounts.wire.people_requests import AccountChange, account_change, page_of
from accounts.wire.requests import NO_STORE, redirect_target
from core.app_keys import CLOCK, DATABASE, SITE_URL
from core.db import Tx
from core.errors import BadRequest, NotFound, TooLarge, Unprocessable
from core.web import json_object, person_of

BANNED_FOR_GOOD = "9999-12-31T23:59:59+00:00"
_CHUNK_BYTES = 65_536


def add_routes(app: web.Application, prefix: str) -> None:
    """Adds these routes."""
    app.router.add_post(f"{prefix}/admin/people/import", import_file)
    app.router.add_post(f"{prefix}/invite", invite)
    app.router.add_post(f"{prefix}/admin/users", create_user)
    app.router.add_get(f"{prefix}/admin/users", list_users)
    app.router.add_get(f"{prefix}/admin/users/{{id}}", show_user)
    app.router.add_put(f"{prefix}/admin/users/{{id}}", change_user)
    app.router.add_delete(f"{prefix}/admin/users/{{id}}", delete_user)


@people_operations.CREATE_USER
async def create_user(request: web.Request) -> web.Response:
    """`POST /admin/users`: a person of the role trainee; without a password they cannot sign in by one yet."""
    async with _acting_for_admin(request):
        change = account_change(await json_object(request), new=True)
    assert change.email is not None, "account_change has asked for it"
    password_hash = await _hashed(request, change, change.email)
    now = request.app[CLOCK].now()
    async with _acting_for_admin(request) as tx:
        user_id = await people_queries.insert_account(
            tx, change.email, password_hash, change.metadata or {}, confirmed_at=now if change.confirm else None
        )
        if user_id is None:
            raise _taken()
        await audit.record(tx, "person.created", "person", user_id, {"email": change.email})
        if change.active is False:
            await teams.deactivate(tx, user_id, now)
        return _user(await _found(tx, user_id))


@people_operations.INVITE
async def invite(request: web.Request) -> web.Response:
    """`POST /invite[?redirect_to=]`: a letter with a link to choose a password, to somebody new or without one yet."""
    body, requested = await json_object(request), request.query.get("redirect_to")
    details = link_details(redirect_target(request, requested) if requested else None, None)
    async with _acting_for_admin(request) as tx:
        change = account_change({"email": body.get("email"), "user_metadata": body.get("data")}, new=True)
        assert change.email is not None, "account_change has asked for it"
        user_id = await people_queries.insert_account(tx, change.email, None, change.metadata or {}, confirmed_at=None)
        if user_id is None:
            known = await account_queries.credentials(tx, change.email)
            if known is None or known.password_hash is not None or known.deactivated:
                raise _taken()
            user_id = known.account.id
        await audit.record(tx, "person.invited", "person", user_id, {"email": change.email})
        await queue_letter(
            tx,
            "invitation",
            change.email,
            site_url=request.app[SITE_URL],
            now=request.app[CLOCK].now(),
            user_id=user_id,
            details=details,
        )
        return _user(await _found(tx, user_id))


@people_operations.LIST_USERS
async def list_users(request: web.Request) -> web.Response:
    """`GET /admin/users?page=1&per_page=50`: newest first, with the total in `X-Total-Count`."""
    page, per_page = page_of(request.query)
    async with _acting_for_admin(request) as tx:
        people, total = await people_queries.managed_accounts(tx, offset=(page - 1) * per_page, limit=per_page)
    last = max(1, -(-total // per_page))
    # The client reads the page after the first `=`.
    links = [f'<{request.path}?page={last}&per_page={per_page}>; rel="last"']
    if page < last:
        links.insert(0, f'<{request.path}?page={page + 1}&per_page={per_page}>; rel="next"')
    body = {"users": [_user_object(person) for person in people], "aud": "authenticated"}
    return web.json_response(body, headers={**NO_STORE, "X-Total-Count": str(total), "Link": ", ".join(links)})


@people_operations.SHOW_USER
async def show_user(request: web.Request) -> web.Response:
    """`GET /admin/users/{id}`: the user object."""
    async with _acting_for_admin(request) as tx:
        return _user(await _found(tx, _id(request)))


@people_operations.CHANGE_USER
async def change_user(request: web.Request) -> web.Response:
    """`PUT /admin/users/{id}`: changes what is given; `ban_duration` deactivates and reactivates."""
    user_id = _id(request)
    async with _acting_for_admin(request) as tx:
        change = account_change(await json_object(request), new=False)
        before = (await _found(tx, user_id)).account
    password_hash = await _hashed(request, change, change.email or before.email)
    now = request.app[CLOCK].now()
    async with _acting_for_admin(request) as tx:
        await _change(tx, user_id, change, password_hash, now=now)
        return _user(await _found(tx, user_id))


@people_operations.DELETE_USER
async def delete_user(request: web.Request) -> web.Response:
    """`DELETE /admin/users/{id}`: the person and all that is theirs; 200 with `{}`."""
    user_id = _id(request)
    async with _acting_for_admin(request) as tx:
        if (await json_object(request)).get("should_soft_delete"):
            raise Unprocessable("Deactivate the person instead: `ban_duration`.", code="validation_failed")
        await teams.remove(tx, user_id)
    return web.json_response({}, headers=NO_STORE)


@people_operations.IMPORT_FILE
async def import_file(request: web.Request) -> web.Response:
    """`POST /admin/people/import?dry_run=true&skip_errors=true`: the report; 422 when errors kept it from happening."""
    dry_run, skip_errors = (_is_true(request, name) for name in ("dry_run", "skip_errors"))
    async with _acting_for_admin(request):
        pass  # before megabytes are read from somebody who may not
    file = await asyncio.to_thread(read_people, await _uploaded(request))
    async with _acting_for_admin(request) as tx:
        report = await import_people(tx, file, dry_run=dry_run, skip_errors=skip_errors)
    return await asyncio.to_thread(
        _report, report, dry_run=dry_run, csv="text/csv" in request.headers.get("Accept", "")
    )


@asynccontextmanager
async def _acting_for_admin(request: web.Request) -> AsyncIterator[Tx]:
    """A transaction of the service, for the service key or for a signed-in admin, under whose name it is logged."""
    person = await person_of(request)
    async with request.app[DATABASE].acting_as_service() as tx:
        await audit.act_for_admin(tx, person)
        yield tx


async def _change(tx: Tx, user_id: UUID, change: AccountChange, password_hash: str | None, *, now: datetime) -> None:
    before = (await _found(tx, user_id)).account
    if change.columns:
        try:
            await people_queries.change_account(
                tx,
                user_id,
                email=change.email,
                password_hash=password_hash,
                metadata=change.metadata,
                confirmed_at=now if change.confirm else None,
            )
        except UniqueViolationError as error:
            raise _taken() from error
        if change.email or change.password:  # links that were sent before lead to what was before
            await one_time_queries.drop_of_person(tx, user_id, one_time_queries.OF_ACCOUNTS)
        details: dict[str, Any] = {"columns": list(change.columns)}
        if change.email and change.email != before.email:
            details["changed"] = {"email": [before.email, change.email]}
        await audit.record(tx, "person.changed", "person", user_id, details)
    if change.active is False:
        await teams.deactivate(tx, user_id, now)
    elif change.active:
        await teams.reactivate(tx, user_id)


async def _hashed(request: web.Request, change: AccountChange, email: str) -> str | None:
    if change.password is None:
        return None
    if reasons := weaknesses(change.password, email=email):
        raise WeakPassword(reasons)
    return await request.app[PASSWORDS].hash(change.password)


async def _found(tx: Tx, user_id: UUID) -> ManagedAccount:
    person = await people_queries.managed_account(tx, user_id)
    if person is None:
        raise NotFound("There is no such person.", code="user_not_found")
    return person


async def _uploaded(request: web.Request) -> bytes:
    """The file: the body itself, or the first part of a form that is one."""
    if not request.content_type.startswith("multipart/"):
        return await _read(request.content)
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and (part.filename or part.name == "file"):
                return await _read(part)
    except (ValueError, AssertionError, HttpProcessingError) as error:
        raise BadRequest("The form cannot be read.", code="bad_form") from error
    raise BadRequest("The form has no file.", code="bad_form")


async def _read(source: StreamReader | BodyPartReader) -> bytes:
    data = bytearray()
    while chunk := await (source.read_chunk(_CHUNK_BYTES) if isinstance(source, BodyPartReader)
                          else source.read(_CHUNK_BYTES)):  # fmt: skip
        data += chunk
        if len(data) > MAXIMUM_BYTES:
            raise TooLarge(f"A file of people has at most {MAXIMUM_BYTES // 1024 // 1024} MB.")
    return bytes(data)


def _report(report: ImportReport, *, dry_run: bool, csv: bool) -> web.Response:
    hindered = not report.applied and not dry_run
    status = 422 if hindered else 200
    if csv:
        headers = {**NO_STORE, "Content-Disposition": 'attachment; filename="people-import.csv"'}
        text = people_report.as_csv(report.rows)
        return web.Response(text=text, status=status, content_type="text/csv", charset="utf-8", headers=headers)
    body: dict[str, Any] = {
        "dry_run": dry_run,
        "applied": report.applied,
        "counts": people_report.counts(report.rows),
        "ignored_columns": list(report.ignored_columns),
        "rows": people_report.as_json(report.rows),
    }
    if hindered:
        message = f"Nothing was changed: {report.wrong_rows} rows have errors."
        body |= {"code": "rows_have_errors", "error_code": "rows_have_errors", "message": message, "msg": message}
    return web.json_response(body, status=status, headers=NO_STORE)


def _user(person: ManagedAccount) -> web.Response:
    return web.json_response(_user_object(person), headers=NO_STORE)


def _user_object(person: ManagedAccount) -> dict[str, Any]:
    banned = {"banned_until": BANNED_FOR_GOOD} if person.deactivated_at else {}
    return {**user_object(person.account), **banned}


def _id(request: web.Request) -> UUID:
    try:
        return UUID(request.match_info["id"])
    except ValueError as error:
        raise NotFound("There is no such person.", code="user_not_found") from error


def _is_true(request: web.Request, name: str) -> bool:
    return request.query.get(name, "").lower() in ("true", "1", "yes")


def _taken() -> Unprocessable:
    return Unprocessable("A user with this email address has already been registered", code="email_exists")
