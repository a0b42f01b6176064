"""Who walks: a trainee who is made for it and goes with all that they did, or somebody who is there."""

import secrets
from dataclasses import dataclass
from typing import Any

from wiring.smoke.client import StepFailed, Wires

DOMAIN = "callx.invalid"
"""Nobody receives mail there, for ever (RFC 2606)."""


@dataclass(frozen=True, slots=True)
class Account:
    """An address and a password; `user_id` is only known of somebody who was made, and then `is_made_up`."""

    email: str
    password: str
    user_id: str | None = None

    @property
    def is_made_up(self) -> bool:
        """Whether nothing of what they do needs to stay."""
        return self.user_id is not None


async def make_account(wires: Wires, service_key: str) -> Account:
    """Makes a trainee who gets no letters, in the name of the service. Raises StepFailed."""
    name = secrets.token_hex(6)
    email, password = f"smoke-{name}@{DOMAIN}", secrets.token_urlsafe(24)
    body: dict[str, Any] = {
        "email": email,
        "password": password,
        "email_confirm": True,
        "user_metadata": {"full_name": f"Smoke test {name}"},
    }
    made = await wires.ask("POST", "/auth/v1/admin/users", key=service_key, json=body)
    if made.status in (401, 403):
        raise StepFailed(
            f"the server does not take this installation's service key ({made.told()}): use its CALLX_SECRET"
        )
    if made.status != 200:
        raise StepFailed(f"no account could be made: {made.told()}")
    account = Account(email, password, made.data["id"])
    wish = {"user_id": account.user_id, "kind": "all", "channel": "email", "enabled": False}
    await wires.good("POST", "/rest/v1/notification_preferences", status=201, key=service_key, json=wish)
    return account


async def remove_account(wires: Wires, account: Account, service_key: str) -> None:
    """Removes somebody who was made, with calls, results and certificates. Raises StepFailed."""
    await wires.good("DELETE", f"/auth/v1/admin/users/{account.user_id}", key=service_key)
