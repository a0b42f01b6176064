"""Somebody who uses a running server over its public wires, as any client does."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp

TIMEOUT_S = 60
PATIENCE_S = 40


@dataclass
class Answer:
    """Status, headers and body of one answer; `data` is the JSON in it, if there is some."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    data: Any


@dataclass
class Visitor:
    """One person, or nobody before they have signed in. Use it with `async with`."""

    url: str
    token: str | None = None
    user_id: str = ""
    _http: aiohttp.ClientSession | None = field(default=None, repr=False)

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._http is not None
        await self._http.close()

    async def sign_in(self, email: str, password: str) -> Self:
        """Signs in by password."""
        answer = await self.post("/auth/v1/token?grant_type=password", {"email": email, "password": password})
        assert answer.status == 200, answer
        self.token, self.user_id = answer.data["access_token"], answer.data["user"]["id"]
        return self

    async def ask(
        self,
        method: str,
        address: str,
        *,
        json: Any = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to a request for a path of the server, or for a whole address."""
        assert self._http is not None
        sent = {"apikey": "sb_publishable_any", **(headers or {})}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        url = address if address.startswith("http") else self.url + address
        content = io.BytesIO(data) if isinstance(data, bytes) else data
        async with self._http.request(method, url, json=json, data=content, headers=sent) as response:
            body = await response.read()
            is_json = "json" in response.content_type and body
            return Answer(response.status, response.headers, body, await response.json() if is_json else None)

    async def get(self, address: str, **headers: str) -> Answer:
        """GET."""
        return await self.ask("GET", address, headers=headers)

    async def post(self, address: str, json: Any = None) -> Answer:
        """POST of JSON."""
        return await self.ask("POST", address, json=json)

    async def rows(self, query: str) -> list[dict[str, Any]]:
        """What a read of `/rest/v1` gives."""
        answer = await self.get(f"/rest/v1/{query}")
        assert answer.status == 200, answer
        rows: list[dict[str, Any]] = answer.data
        return rows

    async def insert(self, table: str, *rows: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Inserts rows over `/rest/v1`; they as they are then."""
        headers = {"Prefer": "return=representation"}
        answer = await self.ask("POST", f"/rest/v1/{table}", json=list(rows), headers=headers)
        assert answer.status == 201, answer
        stored: list[dict[str, Any]] = answer.data
        return stored

    async def change(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """Updates rows over `/rest/v1`; they as they are then."""
        headers = {"Prefer": "return=representation"}
        answer = await self.ask("PATCH", f"/rest/v1/{query}", json=values, headers=headers)
        assert answer.status == 200, answer
        stored: list[dict[str, Any]] = answer.data
        return stored

    async def invoke(self, name: str, **body: Any) -> Any:
        """What a function answers."""
        answer = await self.post(f"/functions/v1/{name}", body)
        assert answer.status == 200, answer
        return answer.data


async def eventually(
    look: Callable[[], Awaitable[Any]], good: Callable[[Any], Any] = bool, timeout_s: float = PATIENCE_S
) -> Any:
    """Looks until what it sees is good."""
    seen = None
    try:
        async with asyncio.timeout(timeout_s):
            while True:
                seen = await look()
                if good(seen):
                    return seen
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"It stayed {seen!r}") from None
