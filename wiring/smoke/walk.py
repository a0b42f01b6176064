"""The steps, in the order in which a trainee takes them. Each says in one line what it saw, or raises."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from wiring.smoke.account import Account
from wiring.smoke.client import StepFailed, StepSkipped, Wires

SOCKET_TIMEOUT_S = 30.0
FILE_BYTES = 200_000
GREETING = "Good morning, you are speaking with Sam. How can I help you today?"
NO_CERTIFICATE = "0000-0000-0000-0000"
COURSES = "products?select=id,title,modules(id)&is_active=eq.true&order=title"
LESSONS = "lessons?select=id,title,text_content&lesson_type=eq.text&text_content=not.is.null&limit=1"
SIMULATIONS = "simulations?select=id,lessons!inner(title,modules!inner(product_id))&limit=1"


@dataclass(slots=True)
class Walk:
    """What one step learns for the next. Without a `service_key` what only programs may do is not tried."""

    wires: Wires
    account: Account
    service_key: str | None
    token: str = ""
    product_id: str = ""
    simulation: dict[str, Any] = field(default_factory=dict)

    async def sign_in(self) -> str:
        """Password, access token, and who it is."""
        body = {"email": self.account.email, "password": self.account.password}
        session = await self.wires.good("POST", "/auth/v1/token?grant_type=password", json=body)
        self.token = session.data["access_token"]
        user = await self.wires.good("GET", "/auth/v1/user", key=self.token)
        return f"as {user.data['email']}"

    async def courses(self) -> str:
        """What somebody new may open."""
        products = await self.wires.rows(COURSES, self.token)
        if not products and self.account.is_made_up and self.service_key:
            await self._assign_any()
            products = await self.wires.rows(COURSES, self.token)
        if not products:
            raise StepFailed("no active course is open to this trainee: build one, or `server.py seed`")
        self.product_id = products[0]["id"]
        modules = sum(len(product["modules"]) for product in products)
        return f"{len(products)} with {modules} modules"

    async def lesson(self) -> str:
        """A text, read; somebody made up completes it too."""
        found = await self.wires.rows(LESSONS, self.token)
        if not found:
            raise StepSkipped("no text lesson is open to this trainee")
        lesson = found[0]
        done = ""
        if self.account.is_made_up:
            body = {"user_id": self.account.user_id, "lesson_id": lesson["id"]}
            await self.wires.good("POST", "/rest/v1/lesson_completions", status=201, key=self.token, json=body)
            done = ", completed"
        return f"“{lesson['title']}”, {len(lesson['text_content'])} characters{done}"

    async def typed_call(self) -> str:
        """One message to a customer, and an answer."""
        simulation = await self._a_simulation()
        self.product_id = simulation["lessons"]["modules"]["product_id"]
        body = {"simulation_id": simulation["id"], "user_message": GREETING, "new_call": True}
        answer = await self.wires.good("POST", "/functions/v1/ai-call-simulation", key=self.token, json=body)
        text = answer.data.get("ai_response")
        if not text or answer.data["transcript_entry"]["speaker"] != "ai":
            raise StepFailed("the customer says nothing")
        return f"“{simulation['lessons']['title']}” answers with {len(text)} characters"

    async def evaluation(self) -> str:
        """The report of that call. A judge that was to be a model, and was not, is a fault."""
        simulation = await self._a_simulation()
        body = {"simulation_id": simulation["id"]}
        report = (await self.wires.good("POST", "/functions/v1/evaluate-simulation", key=self.token, json=body)).data
        judge = report["judge"]
        if judge.get("stood_in"):
            raise StepFailed(f"the judge's model did not judge ({judge['stood_in']}): run `server.py doctor`")
        by = judge.get("model") or "the rules"
        return f"{report['overall_score']} of 100, judged by {by}"

    async def live_call(self) -> str:
        """Rings, opens the WebSocket, and hangs up. Nothing is said, and nothing judged."""
        simulation = await self._a_simulation()
        body = {"simulation_id": simulation["id"], "mode": "practice"}
        placed = await self.wires.good("POST", "/voice/v1/calls", status=201, key=self.token, json=body)
        call_id, hello = placed.data["call_id"], {"type": "hello", "token": placed.data["token"], "resume_from": 0}
        try:
            await self.wires.converse(placed.data["socket"], hello, "ready", SOCKET_TIMEOUT_S)
        finally:
            await self.wires.ask("DELETE", f"/voice/v1/calls/{call_id}", key=self.token)
        offline = (placed.data.get("customer") or {}).get("offline")
        return "rings over a WebSocket, with " + ("the embedded customer" if offline else "a voice model")

    async def progress(self) -> str:
        """How far this trainee is in the course of the call."""
        body = {"product_id": self.product_id}
        found = await self.wires.good("POST", "/functions/v1/get-user-progress", key=self.token, json=body)
        return f"{found.data['overall_progress']} %, {found.data['status'].lower()}"

    async def certificate_page(self) -> str:
        """The public page: of an unknown code, and of a certificate where there is one."""
        as_json = {"Accept": "application/json"}
        await self.wires.good("GET", f"/verify/{NO_CERTIFICATE}", status=404)
        if self.service_key is None:
            return "an unknown code is not found"
        issued = await self.wires.rows("certificate_issues?select=code&order=issued_at.desc&limit=1", self.service_key)
        if not issued:
            return "an unknown code is not found; no certificate was issued yet"
        page = await self.wires.good("GET", f"/verify/{issued[0]['code']}", headers=as_json)
        return f"an unknown code is not found; the newest certificate is {page.data['state']}"

    async def storage(self) -> str:
        """A file goes up, comes down by a signed link and in part, is nobody else's, and goes."""
        if self.service_key is None:
            return await self._uploads_are_refused()
        content, path = secrets.token_bytes(FILE_BYTES), f"lesson-attachments/smoke/{secrets.token_hex(8)}.txt"
        how: dict[str, Any] = {"key": self.service_key}
        kind = {"Content-Type": "text/plain"}
        await self.wires.good("POST", f"/storage/v1/object/{path}", data=content, headers=kind, **how)
        try:
            wish = {"expiresIn": 60}
            link = (await self.wires.good("POST", f"/storage/v1/object/sign/{path}", json=wish, **how)).data[
                "signedURL"
            ]
            whole = await self.wires.good("GET", f"/storage/v1{link}")
            part = await self.wires.good("GET", f"/storage/v1{link}", status=206, headers={"Range": "bytes=1000-1999"})
            if (whole.body, part.body) != (content, content[1000:2000]):
                raise StepFailed("what comes down is not what went up")
            hidden = await self.wires.ask("GET", f"/storage/v1/object/authenticated/{path}", key=self.token)
            if hidden.status < 400:
                raise StepFailed("a trainee can read a file that no lesson names")
        finally:
            await self.wires.good("DELETE", f"/storage/v1/object/{path}", **how)
        return f"{FILE_BYTES // 1000} kB up, down and in part, hidden from the trainee, removed"

    async def refusals(self) -> str:
        """Functions refuse what they should, with the codes that clients branch on."""
        expected: tuple[tuple[dict[str, Any], str, int, str], ...] = (
            ({}, "get-user-progress", 401, "no_authorization"),
            ({"key": self.token}, "no-such-function", 404, "function_not_found"),
            ({"key": self.token, "json": {"product_id": "none"}}, "get-user-progress", 400, "validation_failed"),
        )
        for how, name, status, code in expected:
            reply = await self.wires.ask("POST", f"/functions/v1/{name}", **{"json": {}, **how})
            if (reply.status, (reply.data or {}).get("code")) != (status, code):
                raise StepFailed(f"{name}: {status} {code} was expected, and {reply.told()} came")
        return "401, 404 and 400 with their codes"

    def steps(self) -> dict[str, Callable[[], Awaitable[str]]]:
        """All of them by name; after sign-in each can go wrong by itself."""
        return {
            "sign-in": self.sign_in,
            "courses": self.courses,
            "lesson": self.lesson,
            "typed call": self.typed_call,
            "evaluation": self.evaluation,
            "live call": self.live_call,
            "progress": self.progress,
            "certificate page": self.certificate_page,
            "storage": self.storage,
            "function errors": self.refusals,
        }

    async def _a_simulation(self) -> dict[str, Any]:
        if not self.simulation:
            found = await self.wires.rows(SIMULATIONS, self.token)
            if not found:
                raise StepSkipped("no simulation is open to this trainee, or all are locked")
            self.simulation = found[0]
        return self.simulation

    async def _assign_any(self) -> None:
        """Where enrolment is closed somebody new sees nothing: the first course is assigned to them."""
        assert self.service_key is not None
        found = await self.wires.rows("products?select=id&is_active=eq.true&order=title&limit=1", self.service_key)
        if found:
            body = {"product_id": found[0]["id"], "user_id": self.account.user_id}
            await self.wires.good("POST", "/rest/v1/assignments", status=201, key=self.service_key, json=body)

    async def _uploads_are_refused(self) -> str:
        path = f"/storage/v1/object/lesson-attachments/smoke/{secrets.token_hex(8)}.txt"
        kind = {"Content-Type": "text/plain"}
        reply = await self.wires.ask("POST", path, key=self.token, data=b"callx", headers=kind)
        if reply.status >= 400:
            return f"an upload by this account is refused ({reply.told()})"
        await self.wires.good("DELETE", path, key=self.token)
        return "a file went up and was removed"
