"""Authentication."""

import re
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from tests.app.checklist.conftest import PASSWORD, Place
from tests.app.checklist.lines import proves
from tests.support.visitor import Visitor, eventually


async def sign_up(place: Place) -> tuple[Visitor, str]:
    """Somebody who made an account themselves and confirmed its address by the link in the letter."""
    nina, email = await place.nobody(), f"nina-{uuid4().hex[:12]}@callx.example"
    made = await nina.post("/auth/v1/signup", {"email": email, "password": PASSWORD, "data": {"full_name": "Nina"}})
    assert made.status == 200, made
    assert "access_token" not in made.data

    async def letters() -> list[str]:
        return place.letters_to(email)

    [letter] = await eventually(letters)
    link = re.search(r"https?://\S+/auth/v1/confirm\?\S+", letter)
    assert link is not None
    token = parse_qs(urlsplit(link[0]).query)["token"][0]
    confirmed = await nina.post("/auth/v1/verify", {"type": "signup", "token_hash": token})
    assert confirmed.status == 200, confirmed
    return nina, email


@proves("Users can sign up and log in")
async def sign_up_and_log_in(place: Place) -> None:
    """By a letter's link, then by the password; not by a wrong one, and not before."""
    nina, email = await sign_up(place)
    wrong = await nina.post("/auth/v1/token?grant_type=password", {"email": email, "password": "something else"})
    assert (wrong.status, wrong.data["code"]) == (400, "invalid_credentials")
    await nina.sign_in(email, PASSWORD)
    assert (await nina.get("/auth/v1/user")).data["email"] == email
    assert (await nina.post("/auth/v1/logout?scope=global")).status == 204
    assert (await nina.get("/rest/v1/profiles")).status == 401


@proves("Users are assigned default 'trainee' role")
async def default_role(place: Place) -> None:
    """Whatever they ask for."""
    nina, email = await sign_up(place)
    await nina.sign_in(email, PASSWORD)
    assert [row["role"] for row in await nina.rows(f"user_roles?user_id=eq.{nina.user_id}")] == ["trainee"]
    claims = {"email": f"x{email}", "password": PASSWORD, "email_confirm": True, "user_metadata": {"role": "admin"}}
    made = await (await place.admin()).post("/auth/v1/admin/users", claims)
    roles = await (await place.admin()).rows(f"user_roles?user_id=eq.{made.data['id']}")
    assert [row["role"] for row in roles] == ["trainee"]


@proves("Role checks work correctly in RLS policies")
async def role_checks(place: Place) -> None:
    """A role counts from the next request on, and no longer than it is held."""
    admin, tess, mira = await place.admin(), await place.join(), await place.join()
    await admin.insert("manager_assignments", {"trainee_id": tess.user_id, "manager_id": mira.user_id})
    looks = f"profiles?select=id&id=eq.{tess.user_id}"
    assert await mira.rows(looks) == [], "an assignment without the role is nothing"
    await admin.insert("user_roles", {"user_id": mira.user_id, "role": "manager"})
    assert len(await mira.rows(looks)) == 1
    for role, held in (("manager", True), ("admin", False)):
        answer = await mira.post("/rest/v1/rpc/has_role", {"_user_id": mira.user_id, "_role": role})
        assert answer.data is held
    gone = await admin.ask("DELETE", f"/rest/v1/user_roles?user_id=eq.{mira.user_id}&role=eq.manager")
    assert gone.status == 204
    assert await mira.rows(looks) == []
    assert (await mira.post("/functions/v1/get-team-progress", {})).status == 403
