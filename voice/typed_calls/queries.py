"""Every statement of the typed calls; all run as the service. `$now` comes from the clock, and so does every time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.db import Tx
from voice.call.transcript import Speaker, Turn
from voice.queries import INSERT_MOOD, insert_turn
from voice.typed_calls.machine import Happened

_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('voice.typed_calls:' || $1::text, 0))"

# A statement that waits for a row sees the newest row, but everything else as it was before it waited: a call is
# locked first and read afterwards.
_LOCK_LATEST = """
select c.id from public.calls c
 where c.user_id = $1 and c.simulation_id = $2 and c.medium = 'typed'
 order by c.created_at desc limit 1 for update
"""

_LOCK = "select c.id from public.calls c where c.id = $1 and c.medium = 'typed' for update"

_LOCKED = """
select c.id, c.user_id, c.simulation_id, c.mode, c.state, c.seed, c.scenario, c.answered_at, c.ended_at, c.end_reason,
       c.customer_outcome, c.lease_holder, c.lease_expires_at, c.hang_up_requested_at, c.call_script,
       (select m.mood from public.call_moods m where m.call_id = c.id order by m.at_ms desc limit 1) as mood,
       exists (
         select from public.evaluations e where e.call_id = c.id and e.handed_out_at is not null
       ) as reported
  from public.calls c where c.id = $1
"""

_UNDER_WAY = """
select exists (
  select from public.calls c
   where c.user_id = $1 and c.simulation_id = $2 and c.medium = 'typed' and c.state <> 'ended'
)
"""

_OVERDUE = """
select c.id from public.calls c
 where c.medium = 'typed' and c.state <> 'ended' and (c.hang_up_requested_at is not null or c.created_at <= $1)
 order by c.created_at limit 500
"""

_TURNS = """
select number, speaker, text, start_ms, end_ms, details from public.call_turns where call_id = $1 order by number
"""

_USED = """
select count(*) filter (where created_at > $2::timestamptz - interval '1 hour') as calls,
       coalesce(sum(duration_ms), 0) / 60000 as minutes
  from public.calls where user_id = $1 and created_at > $2::timestamptz - interval '1 day'
"""

_INSERT = """
insert into public.calls
  (id, user_id, simulation_id, mode, state, medium, token_hash, seed, scenario_version, scenario, rubric, model,
   created_at, answered_at, call_script)
values ($1, $2, $3, $4, 'live', 'typed', $5, $6, $7, $8, $9, $10, $11, $11, callx.call_script($3, 12000))
"""

_CLAIM = "update public.calls set lease_holder = $2, lease_expires_at = $3 where id = $1"

_RELEASE = """
update public.calls set lease_holder = null, lease_expires_at = null where id = $1 and lease_holder = $2
"""

_END = """
update public.calls
   set state = 'ended', duration_ms = $2::int, end_reason = $3, customer_outcome = $4, lease_holder = null,
       lease_expires_at = null, ended_at = answered_at + $2::int * interval '1 millisecond'
 where id = $1 and state <> 'ended'
returning id
"""

_KEEP_USAGE = """
update public.calls set usage = (
  select jsonb_build_object('chat', jsonb_object_agg(model, used)) from (
    select model, jsonb_build_object('reports', count(*), 'input_tokens', sum(input_tokens),
                                     'cached_tokens', sum(cached_tokens), 'output_tokens', sum(output_tokens)) as used
      from public.model_usage where call_id = $1 group by model
  ) as by_model
) where id = $1
"""


async def one_at_a_time(tx: Tx, person_id: UUID, simulation_id: UUID) -> None:
    """Lets nobody else begin or continue this person's typed call of this simulation until `tx` ends."""
    await tx.execute(_ONE_AT_A_TIME, f"{person_id} {simulation_id}")


async def latest(tx: Tx, person_id: UUID, simulation_id: UUID) -> Any | None:
    """This person's newest typed call of this simulation, open or ended, held until `tx` ends."""
    call_id = await tx.fetchval(_LOCK_LATEST, person_id, simulation_id)
    return await tx.fetchrow(_LOCKED, call_id) if call_id else None


async def held(tx: Tx, call_id: UUID) -> Any | None:
    """A typed call, held until `tx` ends; None when it is spoken or gone."""
    locked_id = await tx.fetchval(_LOCK, call_id)
    return await tx.fetchrow(_LOCKED, locked_id) if locked_id else None


async def is_under_way(tx: Tx, person_id: UUID, simulation_id: UUID) -> bool:
    """Whether this person has an open typed call of this simulation."""
    under_way: bool = await tx.fetchval(_UNDER_WAY, person_id, simulation_id)
    return under_way


async def overdue(tx: Tx, before: datetime) -> list[UUID]:
    """Open typed calls that are asked to end, or began so early that they may have to."""
    return [row["id"] for row in await tx.fetch(_OVERDUE, before)]


async def turns(tx: Tx, call_id: UUID) -> list[Turn]:
    """The turns of a call, as the machine made them."""
    return [
        Turn(
            row["number"], Speaker(row["speaker"]), row["text"], row["start_ms"], row["end_ms"], details=row["details"]
        )
        for row in await tx.fetch(_TURNS, call_id)
    ]


async def used(tx: Tx, person_id: UUID, now: datetime) -> tuple[int, float]:
    """How many calls this person began in the last hour, and for how many minutes they called in the last day."""
    row = await tx.fetchrow(_USED, person_id, now)
    return row["calls"], float(row["minutes"])


async def insert(tx: Tx, values: Sequence[Any]) -> None:
    """A call that begins now; `values` as the statement names them."""
    await tx.execute(_INSERT, *values)


async def claim(tx: Tx, call_id: UUID, holder: UUID, now: datetime, length: timedelta) -> None:
    """This request gets the customer's answer, if it does so in time."""
    await tx.execute(_CLAIM, call_id, holder, now + length)


async def release(tx: Tx, call_id: UUID, holder: UUID) -> None:
    """This request gets no answer any more."""
    await tx.execute(_RELEASE, call_id, holder)


async def store(tx: Tx, call_id: UUID, happened: Happened) -> bool:
    """What the machine said is to be stored; whether the call has ended by it."""
    for turn in happened.turns:
        await insert_turn(tx, call_id, turn)
    for mood in happened.moods:
        await tx.execute(INSERT_MOOD, call_id, mood.at_ms, mood.mood)
    if happened.end is None:
        return False
    end = happened.end
    return await tx.fetchval(_END, call_id, end.duration_ms, end.reason, end.outcome) is not None


async def keep_usage(tx: Tx, call_id: UUID) -> None:
    """Sums up with the call what its customer has cost."""
    await tx.execute(_KEEP_USAGE, call_id)
