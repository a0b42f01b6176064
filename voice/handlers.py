"""`/voice/v1/calls`: make a call, look at it, hang up, and read what is left of it."""

from typing import Any, cast
from uuid import UUID

from aiohttp import web

from accounts import audit
from core.app_keys import CLOCK, DATABASE, SETTINGS
from core.errors import BadRequest, NotFound
from core.openapi import ANYBODY, Content, operation
from core.web import json_object, signed_in
from voice import queries
from voice.audio_format import FRAME_MS, SAMPLE_RATE_HZ
from voice.keys import SWITCHBOARD
from voice.runner import token_hash
from voice.schemas import (
    CALLS_TAG,
    UNAUTHORIZED,
    UNKNOWN_CALL,
    CallPath,
    CallPlaced,
    CallShown,
    CallsQuery,
    CallWanted,
    RunningCalls,
    Transcript,
)
from voice.switchboard import Mode, PlacedCall, Switchboard
from voice.transports import websocket
from voice.transports.base import Access, CallPort, TraineeLine

CALLS = "/voice/v1/calls"
MODES = ("practice", "exam")


def add_routes(app: web.Application) -> None:
    """Adds the calls' addresses; expects the switchboard under SWITCHBOARD."""
    app.router.add_get(CALLS, list_calls)
    app.router.add_post(CALLS, place_call)
    app.router.add_get(f"{CALLS}/{{call_id}}", show_call)
    app.router.add_delete(f"{CALLS}/{{call_id}}", hang_up)
    app.router.add_post(f"{CALLS}/{{call_id}}/token", take_over)
    app.router.add_get(f"{CALLS}/{{call_id}}/socket", open_socket)
    app.router.add_get(f"{CALLS}/{{call_id}}/transcript", show_transcript)


@operation(
    "Make a call",
    tag=CALLS_TAG,
    body=CallWanted,
    answers={201: Content({"application/json": CallPlaced}, "It waits for its trainee.", {"Location": "The call."})},
    errors={
        400: "`bad_json`, `bad_mode`, `bad_simulation_id`.",
        401: UNAUTHORIZED,
        404: "`simulation_not_found`: there is none, or its lesson is locked.",
        409: "`call_already_running`, `scenario_invalid`.",
        429: "`too_many_calls`, `call_minutes_used_up`: limits of a person.",
        503: "`all_lines_busy`, `database_unavailable`.",
    },
)
async def place_call(request: web.Request) -> web.Response:
    """Makes a call; the trainee's device then opens its socket."""
    person = await signed_in(request)
    body = await json_object(request)
    mode = body.get("mode", "practice")
    if mode not in MODES:
        raise BadRequest("`mode` is practice or exam.", code="bad_mode")
    switchboard = request.app[SWITCHBOARD]
    simulation_id = _uuid(body.get("simulation_id"), BadRequest("`simulation_id` is a UUID.", code="bad_simulation_id"))
    placed = await switchboard.place_call(person, simulation_id, cast(Mode, mode))
    return _placed(switchboard, placed)


def _placed(switchboard: Switchboard, placed: PlacedCall) -> web.Response:
    limits = switchboard.limits
    return web.json_response(
        {
            "call_id": str(placed.call_id),
            "token": placed.token,
            "socket": f"{CALLS}/{placed.call_id}/socket",
            "ice_servers": [],
            "audio": {"encoding": "pcm_s16le", "rate": SAMPLE_RATE_HZ, "channels": 1, "frame_ms": FRAME_MS},
            "limits": {
                "max_ms": limits.max_ms,
                "idle_ms": limits.idle_ms,
                "resume_window_ms": limits.resume_window_ms,
            },
            "customer": {"name": placed.customer_name, "offline": switchboard.line.offline},
        },
        status=201,
        headers={"Location": f"{CALLS}/{placed.call_id}", "Cache-Control": "no-store"},
    )


@operation(
    "List your running calls",
    tag=CALLS_TAG,
    description="What a front end offers to return to, or to end, after its page was closed.",
    query=CallsQuery,
    answers={200: RunningCalls},
    errors={400: "`bad_query`: only `mine=running` can be asked for.", 401: UNAUTHORIZED},
)
async def list_calls(request: web.Request) -> web.Response:
    """The calls of this person that have not ended, the oldest first."""
    person = await signed_in(request)
    if request.query.get("mine") != "running":
        raise BadRequest("Ask for `?mine=running`.", code="bad_query")
    calls = await request.app[SWITCHBOARD].running_calls(person)
    return web.json_response({"calls": calls}, headers={"Cache-Control": "no-store"})


@operation(
    "Take a call over",
    tag=CALLS_TAG,
    description="A fresh token for one of your running calls. The device that says `hello` with it goes on with the "
    "call; the one that was connected is told `call_taken`.",
    path=CallPath,
    answers={201: Content({"application/json": CallPlaced}, "As when the call was made.", {"Location": "The call."})},
    errors={401: UNAUTHORIZED, 404: UNKNOWN_CALL, 409: "`call_over`."},
)
async def take_over(request: web.Request) -> web.Response:
    """Lets another tab or device of the trainee go on with the call."""
    person = await signed_in(request)
    row = await visible_call(request)
    if row["user_id"] != person.user_id:
        raise NotFound("There is no such call.", code="call_not_found")
    switchboard = request.app[SWITCHBOARD]
    return _placed(switchboard, await switchboard.take_over(person, row["id"]))


@operation(
    "Look at a call",
    tag=CALLS_TAG,
    path=CallPath,
    answers={200: CallShown},
    errors={401: UNAUTHORIZED, 404: UNKNOWN_CALL},
)
async def show_call(request: web.Request) -> web.Response:
    """The call's state, for whoever may see it."""
    row = await visible_call(request)
    runner = request.app[SWITCHBOARD].running(row["id"])
    state = runner.state if runner and not runner.over else row["state"]
    shown = {
        "call_id": str(row["id"]),
        "simulation_id": str(row["simulation_id"]),
        "mode": row["mode"],
        "state": state,
        "end_reason": row["end_reason"],
        "duration_ms": row["duration_ms"],
    }
    times = {name: _iso(row[name]) for name in ("created_at", "answered_at", "ended_at")}
    return web.json_response({**shown, **times})


@operation(
    "Hang up",
    tag=CALLS_TAG,
    path=CallPath,
    answers={204: None},
    errors={401: UNAUTHORIZED, 404: UNKNOWN_CALL},
)
async def hang_up(request: web.Request) -> web.Response:
    """Ends the trainee's own call; harmless when it is over."""
    person = await signed_in(request)
    row = await visible_call(request)
    if row["user_id"] != person.user_id:
        raise NotFound("There is no such call.", code="call_not_found")
    await request.app[SWITCHBOARD].hang_up(row["id"])
    return web.Response(status=204)


@operation(
    "Read a transcript",
    tag=CALLS_TAG,
    path=CallPath,
    answers={200: Transcript},
    errors={401: UNAUTHORIZED, 404: UNKNOWN_CALL},
)
async def show_transcript(request: web.Request) -> web.Response:
    """The turns stored so far, in the order in which they began; the audit log notes that another looks at them."""
    person = await signed_in(request)
    row = await visible_call(request)
    async with request.app[DATABASE].acting_as(person) as tx:
        turns = await queries.turns(tx, row["id"])
        await audit.record_view(tx, "transcript", row["id"])
    shown = [{"turn_id": f"t{turn['number']}", **dict(turn), "final": True} for turn in turns]
    return web.json_response({"call_id": str(row["id"]), "duration_ms": row["duration_ms"], "turns": shown})


@operation(
    "Open a call's socket",
    tag=CALLS_TAG,
    description="A WebSocket. Its first message is `hello` with the call's token; all messages are in "
    "`docs/protocol.md`. What is wrong with a call is said over the open socket, which then closes.",
    access=ANYBODY,
    path=CallPath,
    answers={101: Content({}, "The socket is open.")},
    errors={
        400: "`bad_request`: no WebSocket handshake.",
        403: "`origin_refused`: a page of another site.",
        404: "`call_not_found`: that is no call's name.",
    },
)
async def open_socket(request: web.Request) -> web.WebSocketResponse:
    """The trainee's device dials in; what it says is docs/protocol.md."""
    websocket.check_origin(request, request.app[SETTINGS].allowed_origins)
    call_id = call_id_of(request)
    port: CallPort | None = request.app[SWITCHBOARD].running(call_id) or await _not_here(request, call_id)
    return await websocket.serve(request, port, request.app[CLOCK])


async def visible_call(request: web.Request) -> Any:
    """The call of the address as this person may see it. Raises NotFound."""
    person = await signed_in(request)
    async with request.app[DATABASE].acting_as(person, read_only=True) as tx:
        row = await tx.fetchrow(queries.SEEN_CALL, call_id_of(request))
    if row is None:
        raise NotFound("There is no such call.", code="call_not_found")
    return row


def call_id_of(request: web.Request) -> UUID:
    """The call that the address names. Raises NotFound."""
    return _uuid(request.match_info["call_id"], NotFound("There is no such call.", code="call_not_found"))


class _NotHere:
    """Stands where a call was, to tell its trainee that it is over or runs on another server."""

    over = True
    clock_ms = 0

    def __init__(self, stored_hash: bytes, why_over: str) -> None:
        self.line = TraineeLine()
        self.why_over = why_over
        self._stored_hash = stored_hash

    def admit(self, token: str) -> Access:
        """Whether this was the call's token."""
        return "yes" if token_hash(token) == self._stored_hash else "no"

    def receive(self, event: object) -> None:
        """Nothing can happen here."""


async def _not_here(request: web.Request, call_id: UUID) -> _NotHere | None:
    async with request.app[DATABASE].acting_as_service() as tx:
        row = await tx.fetchrow(queries.STORED_HASH, call_id)
    return _NotHere(row["token_hash"], "call_elsewhere" if row["elsewhere"] else "call_over") if row else None


def _uuid(value: object, otherwise: Exception) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise otherwise from None


def _iso(time: Any) -> str | None:
    return time.isoformat() if time else None
