"""Facts: what has happened, written in the transaction that made it happen.

A package tells the packages above it by a fact, never by a call. Its subscribers (core.jobs) run after the transaction
has committed, each at least once; a fact of a transaction that is rolled back never was.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.db import Tx


@dataclass(frozen=True)
class Fact:
    """Something that has happened: `kind` in CamelCase and in the past, `payload` a JSON object."""

    id: int
    kind: str
    payload: dict[str, Any]
    emitted_at: datetime


async def emit(tx: Tx, kind: str, payload: dict[str, Any]) -> int:
    """Writes a fact in `tx`, which acts as the service; the fact's id. Values that JSON does not know become strings.

    Raises asyncpg.InsufficientPrivilegeError when `tx` acts as a person, asyncpg.CheckViolationError for a bad kind.
    """
    text = json.dumps(payload, default=str, allow_nan=False)
    fact_id: int = await tx.fetchval("select callx.emit_fact($1, ($2::text)::jsonb)", kind, text)
    return fact_id
