"""Every statement of the calls. All run as the service, except where a person reads."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from core.db import Tx
from voice.call.transcript import Turn

MAY_OPEN = "select exists (select from public.simulations where id = $1)"

SIMULATION = """
select s.id, s.ai_system_prompt, sc.version, sc.customer_name, sc.script, sc.rubric,
       callx.call_script(s.id, 12000) as call_script
  from public.simulations s
  left join public.simulation_scenarios sc on sc.simulation_id = s.id
 where s.id = $1
"""

ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('voice.place_call:' || $1::text, 0))"

UNFINISHED = """
select c.id, c.simulation_id, c.mode, c.state, c.created_at, c.answered_at,
       coalesce(sc.title, l.title) as title,
       coalesce(c.scenario #>> '{customer,name}', sc.customer_name, 'The customer') as customer_name
  from public.calls c
  join public.simulations s on s.id = c.simulation_id
  join public.lessons l on l.id = s.lesson_id
  left join public.simulation_scenarios sc on sc.simulation_id = s.id
 where c.user_id = $1 and c.state <> 'ended' and c.medium = 'spoken' and c.lease_expires_at > now()
 order by c.created_at
"""

REPLACE_HASH = """
update public.calls set token_hash = $2 where id = $1 and state <> 'ended' returning id
"""

USED = """
select count(*) filter (where created_at > now() - interval '1 hour') as calls,
       coalesce(sum(duration_ms), 0) / 60000 as minutes
  from public.calls where user_id = $1 and created_at > now() - interval '1 day'
"""

INSERT_CALL = """
insert into public.calls
  (id, user_id, simulation_id, mode, token_hash, seed, scenario_version, scenario, rubric, model,
   lease_holder, lease_expires_at, call_script)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now() + $12, callx.call_script($3, 12000))
"""

RINGING = "update public.calls set state = 'ringing' where id = $1 and state = 'created'"

LIVE = "update public.calls set state = 'live', answered_at = now() where id = $1 and state in ('created', 'ringing')"

BEGIN_RECORDING = """
insert into public.recordings (call_id, journal, kept_at) values ($1, $2, $3) on conflict (call_id) do nothing
"""

INSERT_TURN = """
insert into public.call_turns
  (call_id, number, speaker, text, heard_text, start_ms, end_ms, cut_off, confidence, network_gap, details)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (call_id, number) do nothing
"""

INSERT_MOOD = """
insert into public.call_moods (call_id, at_ms, mood) values ($1, $2, $3)
on conflict (call_id, at_ms) do update set mood = excluded.mood
"""

INSERT_GAP = """
insert into public.call_gaps (call_id, line, from_ms, to_ms, on_purpose) values ($1, $2, $3, $4, $5)
on conflict (call_id, line, from_ms) do nothing
"""

END_CALL = """
update public.calls
   set state = 'ended', ended_at = now(), duration_ms = $2, end_reason = $3, customer_outcome = $4, usage = $5,
       lease_expires_at = null
 where id = $1 and state <> 'ended'
returning id
"""

END_RECORDING = "update public.recordings set state = 'encoding' where call_id = $1 and state = 'recording'"

RENEW_LEASES = """
update public.calls set lease_expires_at = now() + $2, usage = $3::jsonb -> id::text
 where lease_holder = $1 and id = any(array(select jsonb_object_keys($3::jsonb))::uuid[]) and state <> 'ended'
returning id, token_hash, hang_up_requested_at is not null as hang_up_requested
"""

REQUEST_HANG_UP = """
update public.calls set hang_up_requested_at = now()
 where id = $1 and state <> 'ended' and hang_up_requested_at is null
"""

ABANDONED = """
select c.id, c.answered_at, r.journal,
       coalesce((select max(t.end_ms) from public.call_turns t where t.call_id = c.id), 0) as turns_end_ms
  from public.calls c
  left join public.recordings r on r.call_id = c.id
 where c.state <> 'ended' and c.medium = 'spoken' and (c.lease_expires_at is null or c.lease_expires_at < now())
 limit 100
"""

END_ABANDONED = """
update public.calls
   set state = 'ended', duration_ms = $2::int, end_reason = 'interrupted', lease_expires_at = null,
       ended_at = case when answered_at is null then now() else answered_at + $2::int * interval '1 millisecond' end
 where id = $1 and state <> 'ended' and medium = 'spoken'
   and (lease_expires_at is null or lease_expires_at < now())
returning id
"""

SEEN_CALL = """
select id, user_id, simulation_id, mode, state, created_at, answered_at, ended_at, end_reason, duration_ms
  from public.calls where id = $1
"""

TURNS = """
select number, speaker, text, heard_text, start_ms, end_ms, cut_off, confidence, network_gap,
       details ->> 'not_transcribed' as not_transcribed
  from public.call_turns where call_id = $1 order by number
"""

STORED_HASH = "select token_hash, state <> 'ended' as elsewhere from public.calls where id = $1"

FROZEN_SCENARIO = "select scenario from public.calls where id = $1 and coalesce(scenario_version::text, '') = $2"

RECORDING = """
select r.state, r.object_key, r.duration_ms, r.size_bytes, r.journal, r.kept_at, c.duration_ms as call_duration_ms
  from public.recordings r join public.calls c on c.id = r.call_id where r.call_id = $1
"""

SEEN_RECORDING = "select state, object_key, duration_ms, size_bytes from public.recordings where call_id = $1"

RECORDING_READY = """
update public.recordings
   set state = 'ready', object_key = $2, duration_ms = $3, size_bytes = $4, sha256 = $5, failure = null
 where call_id = $1 and state <> 'ready'
returning call_id
"""

RECORDING_FAILED = """
update public.recordings set state = 'failed', failure = $2 where call_id = $1 and state = 'encoding'
"""

LEFT_FOR_KEEPER = "update public.recordings set left_for_keeper = true where call_id = $1 and state = 'encoding'"

RECORDINGS_DUE_HERE = """
select r.call_id from public.recordings r join public.calls c on c.id = r.call_id
 where r.kept_at = $1
   and ((r.state = 'encoding' and (r.left_for_keeper or c.ended_at <= now() - $2::interval))
        or (r.state = 'failed' and r.failure = 'keeper_gone'))
 order by r.created_at limit 100
"""

KEEPER_GONE = """
update public.recordings r set state = 'failed', failure = 'keeper_gone'
  from public.calls c
 where c.id = r.call_id and r.state = 'encoding' and r.kept_at <> $1 and c.ended_at <= now() - $2::interval
returning r.call_id
"""


async def insert_turn(tx: Tx, call_id: UUID, turn: Turn) -> None:
    """Stores a turn that has ended; once, however often it is tried."""
    await tx.execute(
        INSERT_TURN,
        call_id,
        turn.number,
        turn.speaker.value,
        turn.text,
        turn.heard_text,
        turn.start_ms,
        turn.end_ms,
        turn.cut_off,
        turn.confidence,
        turn.network_gap,
        dict(turn.details),
    )


async def begin_live(tx: Tx, call_id: UUID, journal: str, place: UUID) -> None:
    """The call was answered, and is recorded from now on, in a journal of the data directory `place`."""
    await tx.execute(LIVE, call_id)
    await tx.execute(BEGIN_RECORDING, call_id, journal, place)


async def renew_leases(tx: Tx, holder: UUID, usages: Mapping[UUID, Any], lease: timedelta) -> dict[UUID, Any]:
    """Prolongs the calls that run on this server and stores what each has cost so far; the rows that it still holds."""
    by_id = {str(call_id): usage for call_id, usage in usages.items()}
    return {row["id"]: row for row in await tx.fetch(RENEW_LEASES, holder, lease, by_id)}


async def abandoned(tx: Tx) -> list[Any]:
    """Calls whose server is gone."""
    return list(await tx.fetch(ABANDONED))


async def turns(tx: Tx, call_id: UUID) -> list[Any]:
    """The call's turns in the order in which they began."""
    return list(await tx.fetch(TURNS, call_id))
