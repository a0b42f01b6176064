"""The wires of a running server, as its clients use them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

REQUEST_TIMEOUT_S = 100.0
"""A judge that is a language model may take most of it."""
SHOWN_TEXT = 160


class StepFailed(Exception):
    """A step did not go as it should; the text says how, for an operator."""


class StepSkipped(Exception):
    """A step cannot be tried here, which is no fault; the text says why."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: `data` is its JSON, or None."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    data: Any

    def told(self) -> str:
        """Status, code and message in one line."""
        data = self.data if isinstance(self.data, dict) else {}
        inner = data.get("error")
        error: Mapping[str, Any] = inner if isinstance(inner, dict) else data
        code = error.get("code") or error.get("error_code") or ""
        text = error.get("message") or error.get("msg") or (inner if isinstance(inner, str) else "")
        told = " ".join(str(part) for part in (self.status, code, text) if part)
        return " ".join(told.split())[:SHOWN_TEXT]


class Wires:
    """One client; requests carry `key` unless they say otherwise. Use it with `async with`."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=REQUEST_TIMEOUT_S, connect=10))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._http is not None
        await self._http.close()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        json: Any = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """The answer, whatever its status. Raises StepFailed when none comes."""
        assert self._http is not None
        sent = dict(headers or {})
        if key is not None:
            sent["Authorization"] = f"Bearer {key}"
        try:
            async with self._http.request(method, self.url + path, json=json, data=data, headers=sent) as response:
                body = await response.read()
                is_json = "json" in response.content_type and body
                found = await response.json() if is_json else None
                return Reply(response.status, response.headers, body, found)
        except (aiohttp.ClientError, ValueError) as error:
            raise StepFailed(f"no answer from {self.url}: {error or type(error).__name__}") from error
        except TimeoutError as error:
            raise StepFailed(f"no answer within {REQUEST_TIMEOUT_S:g} s") from error

    async def good(self, method: str, path: str, *, status: int = 200, **how: Any) -> Reply:
        """An answer with the status that it must have. Raises StepFailed."""
        reply = await self.ask(method, path, **how)
        if reply.status != status:
            raise StepFailed(f"{method} {path.partition('?')[0]}: {reply.told()}")
        return reply

    async def rows(self, query: str, key: str) -> list[dict[str, Any]]:
        """What a read of `/rest/v1` gives. Raises StepFailed."""
        reply = await self.good("GET", f"/rest/v1/{query}", key=key)
        if not isinstance(reply.data, list):
            raise StepFailed(f"GET /rest/v1/{query.partition('?')[0]}: no list came")
        return reply.data

    async def converse(self, path: str, opening: Mapping[str, Any], wanted: str, timeout_s: float) -> dict[str, Any]:
        """Opens a WebSocket, says `opening`, and waits for a message of type `wanted`; then closes it.

        Raises StepFailed when the socket does not open, is closed, or says an error.
        """
        assert self._http is not None
        address = self.url.replace("http", "ws", 1) + path
        try:
            async with asyncio.timeout(timeout_s), self._http.ws_connect(address) as socket:
                await socket.send_json(dict(opening))
                async for message in socket:
                    if message.type is not aiohttp.WSMsgType.TEXT:
                        continue
                    told: dict[str, Any] = message.json()
                    if told.get("type") == wanted:
                        return told
                    if told.get("type") == "error":
                        raise StepFailed(f"{told.get('code')}: {told.get('message')}")
        except (aiohttp.ClientError, OSError) as error:
            raise StepFailed(
                f"the WebSocket did not open ({error}); a reverse proxy must pass Upgrade and Connection on"
            ) from error
        except TimeoutError as error:
            raise StepFailed(f"no {wanted!r} within {timeout_s:g} s") from error
        raise StepFailed(f"the WebSocket was closed before {wanted!r} came")
