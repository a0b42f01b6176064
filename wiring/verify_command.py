"""`verify-call`: compares what is kept of a call with the log that sealed it (`callx.verify_call`)."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.blobs import Blobs
from core.errors import BadRequest, NotFound
from core.settings import Settings
from wiring.stores import open_stores

_VERIFY = """
select v.*, c.state, r.object_key
  from public.calls c
  cross join lateral callx.verify_call(c.id) v
  left join public.recordings r on r.call_id = c.id and r.state = 'ready'
 where c.id = $1
"""


async def verify_call(settings: Settings, call_id: str) -> int:
    """Prints what was found; 0 when everything is as it was sealed, else 1. Raises NotFound and BadRequest."""
    try:
        wanted = UUID(call_id)
    except ValueError as error:
        raise BadRequest(f"{call_id} is no id of a call.", code="not_an_id") from error
    async with open_stores(settings) as stores:
        async with stores.database.acting_as_service() as tx:
            found = await tx.fetchrow(_VERIFY, wanted)
        if found is None:
            raise NotFound(f"There is no call {wanted}.", code="call_not_found")
        faults = [*_faults(found), *await _fault_of_recording(stores.blobs, found)]
    print("\n".join(faults) if faults else _praise(found))
    return 1 if faults else 0


def _faults(found: Mapping[str, Any]) -> list[str]:
    if not found["events"]:
        return ["This call has no log: it was made before there were logs, or never answered."]
    faults = []
    if found["broken_at"] is not None:
        faults.append(
            f"The log is broken at its event {found['broken_at']}: it was changed, or one before it is missing."
        )
    faults += [f"{what} is not as it was sealed." for what in map(_named, found["differs"])]
    return faults


def _named(what: str) -> str:
    return {"call": "What the call was begun with, or how it ended,", "report": "The report"}.get(what, f"Turn {what}")


async def _fault_of_recording(blobs: Blobs, found: Mapping[str, Any]) -> list[str]:
    sealed, key = found["recording_sha256"], found["object_key"]
    if sealed is None or key is None:
        return []
    digest = hashlib.sha256()
    try:
        async for chunk in blobs.stream(key):
            digest.update(chunk)
    except NotFound:
        return ["The recording is gone from the store."]
    return [] if digest.hexdigest() == sealed else ["The recording is not as it was sealed."]


def _praise(found: Mapping[str, Any]) -> str:
    recording = ", its recording" if found["object_key"] and found["recording_sha256"] else ""
    return f"Everything of this call{recording} is as it was sealed: {found['events']} events, {found['last_hash']}."
