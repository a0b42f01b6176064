"""The public HTTP wires as the synthetic trainee uses them: sign in, find a simulation, call, read the report."""

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

REQUEST_TIMEOUT_S = 20
POLL_EVERY_S = 0.5
SETTLED = frozenset({"done", "failed", "not_assessable"})


class ServerSaidNo(Exception):
    """The server answered a request with an error; the message holds its text and code."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """One simulation that this person may play."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """What the server says about a call that was just made."""

    id: str
    token: str
    socket_url: str
    customer_name: str
    offline: bool


class ServerClient:
    """A signed-in client of one server."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=REQUEST_TIMEOUT_S))
        self._token = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        try:
            async with self._http.request(method, self._url + path, json=body, headers=self._headers()) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise ServerSaidNo(f"{self._url} does not answer as a CallX server: {error}") from error
        if response.status >= 400:
            raise ServerSaidNo(_error_text(response.status, answer))
        return answer

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    async def get(self, path: str) -> Any:
        """The JSON at an address of the server, as the signed-in person. Raises ServerSaidNo."""
        return await self._ask("GET", path)

    async def recording(self, call_id: str) -> bytes | None:
        """The sound of a call, Ogg Opus; None while it is not ready."""
        path = f"{self._url}/voice/v1/calls/{call_id}/recording"
        async with self._http.get(path, headers=self._headers()) as response:
            return await response.read() if response.status == 200 else None

    async def sign_in(self, email: str, password: str) -> None:
        """Signs in with e-mail and password. Raises ServerSaidNo."""
        answer = await self._ask("POST", "/auth/v1/token?grant_type=password", {"email": email, "password": password})
        self._token = answer["access_token"]

    async def simulations(self) -> list[Simulation]:
        """The simulations that this person may play, by title."""
        path = "/rest/v1/lessons?select=title,simulations!inner(id,simulation_scenarios(title))&order=title.asc"
        found = []
        for lesson in await self._ask("GET", path):
            scenario = lesson["simulations"].get("simulation_scenarios") or {}
            found.append(Simulation(lesson["simulations"]["id"], scenario.get("title") or lesson["title"]))
        return found

    async def place_call(self, simulation_id: str, mode: str) -> PlacedCall:
        """Makes a call; the socket is not open yet. Raises ServerSaidNo."""
        answer = await self._ask("POST", "/voice/v1/calls", {"simulation_id": simulation_id, "mode": mode})
        customer = answer.get("customer") or {}
        return PlacedCall(
            id=answer["call_id"],
            token=answer["token"],
            socket_url=self._url.replace("http", "ws", 1) + answer["socket"],
            customer_name=customer.get("name") or "Customer",
            offline=bool(customer.get("offline")),
        )

    async def evaluation(self, call_id: str, timeout_s: float) -> dict[str, Any]:
        """Waits until the call is evaluated; the answer of `GET …/evaluation`. Raises ServerSaidNo, TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while True:
                answer: dict[str, Any] = await self._ask("GET", f"/voice/v1/calls/{call_id}/evaluation")
                if answer["state"] in SETTLED:
                    return answer
                await asyncio.sleep(POLL_EVERY_S)


def _error_text(status: int, answer: Any) -> str:
    error = answer.get("error", answer) if isinstance(answer, dict) else answer
    if isinstance(error, dict):
        return f"{error.get('message') or error.get('msg')} [{error.get('code')}]"
    return f"HTTP {status}: {error}"
