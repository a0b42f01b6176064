"""The audit log: what admins and managers do and look at.

The database notes every change of roles, teams and courses by itself (`migrations/sql/0004_2_audited_changes.sql`);
here is what it cannot see. An event is written in the transaction of what it tells about, and only if that is
committed.
"""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from core.db import Tx
from core.errors import Forbidden, Unauthorized
from core.identity import Person

View = Literal["recording", "transcript", "evaluation"]


async def record_view(tx: Tx, view: View, call_id: UUID) -> None:
    """Notes that the person of this transaction looks at a call of somebody else.

    Looking at one's own call, at none, and at the same again within ten minutes is noted nowhere, so call it whenever
    a recording or a transcript is handed out. `tx` acts as the person and is not read-only; a transaction of the
    service needs `act_for_admin` before it.
    """
    await tx.execute("select callx.audit_view($1, $2)", f"{view}.viewed", call_id)


async def record(tx: Tx, action: str, kind: str, subject_id: UUID | None, details: Mapping[str, Any]) -> None:
    """Notes what the person on whose behalf the service acts did; `tx` is the service's."""
    await tx.execute("select callx.audit($1, $2, $3, $4)", action, kind, subject_id, dict(details))


async def record_all(tx: Tx, action: str, kind: str, details: Mapping[UUID, Mapping[str, Any]]) -> None:
    """The same about many subjects."""
    await tx.execute(
        "select callx.audit($1, $2, id, details) from unnest($3::uuid[], $4::jsonb[]) as subject (id, details)",
        action,
        kind,
        list(details),
        [dict(each) for each in details.values()],
    )


async def act_for_admin(tx: Tx, person: Person) -> None:
    """From here on a transaction of the service acts for this admin: what it does is noted as done by them.

    The service key acts for nobody. Raises Unauthorized (`no_authorization`, `login_ended`) and Forbidden `not_admin`
    for everybody else.
    """
    if person.kind == "service":
        return
    if person.user_id is None:
        raise Unauthorized("Sign in first.", code="no_authorization")
    role = await tx.fetchval("select callx.act_for($1, $2)", person.user_id, person.login_id)
    if role == "anon":
        raise Unauthorized("This sign-in is no longer valid.", code="login_ended")
    if role != "callx_admin":
        raise Forbidden("Only an admin may do this.", code="not_admin")
