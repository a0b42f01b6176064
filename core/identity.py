"""The person a request acts as."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, as a verified token says.

    What the person may do is not in here: the database looks the roles up at each request, so that a role taken away
    is gone at once.
    """

    kind: Literal["anonymous", "authenticated", "service"]
    user_id: UUID | None = None
    login_id: UUID | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)


ANONYMOUS = Person("anonymous", claims={"role": "anon"})
