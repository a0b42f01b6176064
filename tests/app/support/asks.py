"""Requests of the authentication wire, and how refusals look."""

from typing import Any

from aiohttp import ClientResponse

from tests.app.support.wires import Client, bearer

VERSION = {"X-Supabase-Api-Version": "2024-01-01"}
STRONG = "staple battery horse"


async def post(
    client: Client, path: str, body: dict[str, Any], session: dict[str, Any] | None = None
) -> ClientResponse:
    """POSTs JSON to `/auth/v1/<path>`."""
    headers = VERSION | (bearer(session) if session else {})
    return await client.post(f"/auth/v1/{path}", json=body, headers=headers)


async def sign_up(client: Client, email: str, password: str = STRONG, **more: Any) -> ClientResponse:
    """Signs up as supabase-js does."""
    body: dict[str, Any] = {"email": email, "password": password, "gotrue_meta_security": {}, "code_challenge": None}
    return await post(client, "signup", body | {"code_challenge_method": None, "data": {}} | more)


async def change(client: Client, session: dict[str, Any], **wanted: Any) -> ClientResponse:
    """`PUT /user`."""
    return await client.put("/auth/v1/user", json=wanted, headers=VERSION | bearer(session))


async def follow(client: Client, **fields: str) -> str:
    """Presses the button of a letter's page; where one is sent."""
    response = await client.post("/auth/v1/verify", data=fields, allow_redirects=False)
    assert response.status == 303, await response.text()
    return response.headers["Location"]


async def refused(response: ClientResponse, status: int, code: str) -> dict[str, Any]:
    """The body of a refusal, which is the expected one in both shapes of this wire."""
    body: dict[str, Any] = await response.json()
    assert response.status == status, body
    assert (body["code"], body["error_code"]) == (code, code), body
    assert body["message"] == body["msg"]
    return body


async def session_in(response: ClientResponse) -> dict[str, Any]:
    """The session object of an answer."""
    body: dict[str, Any] = await response.json()
    assert response.status == 200, body
    assert body["access_token"]
    assert body["refresh_token"]
    return body
