"""A team with a history, made over the public wires: people, assignments, typed calls with reports, certificates."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import aiohttp

from tests.browser.steps import GOOD_REPLIES, PASSWORD
from tests.support.running_server import RunningServer, run_command

MANAGER = "manager@callx.example"
ADMIN = "admin@callx.example"
POOR_REPLIES = ("Yes?", "That is not my department.", "Call again tomorrow.")
NAMES = (
    "Amara Diallo",
    "Benedikt Hoffmann",
    "Chloé Laurent",
    "Dev Patel",
    "Elif Yılmaz",
    "Farid El-Amin",
    "Grace O’Connor",
)


@dataclass(frozen=True)
class Member:
    """One of the team."""

    user_id: str
    full_name: str
    email: str


class Team:
    """Builds it; `members` are those of NAMES in their order."""

    def __init__(self, server: RunningServer, client: aiohttp.ClientSession, service_key: str) -> None:
        self.members: list[Member] = []
        self._url = server.url
        self._client = client
        self._service_key = service_key
        self._tokens: dict[str, str] = {}

    async def request(self, token: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request; asserts that it was accepted."""
        headers |= {"Authorization": f"Bearer {token}", "apikey": token}
        async with self._client.request(method, self._url + path, json=body, headers=headers) as answer:
            text = await answer.text()
            assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
            return json.loads(text) if text else None

    async def token_of(self, email: str) -> str:
        """Somebody's access token."""
        if email not in self._tokens:
            path = f"{self._url}/auth/v1/token?grant_type=password"
            async with self._client.post(path, json={"email": email, "password": PASSWORD}) as answer:
                assert answer.status == 200, await answer.text()
                self._tokens[email] = (await answer.json())["access_token"]
        return self._tokens[email]

    async def rows(self, path: str) -> Any:
        """A read over REST as the service."""
        return await self.request(self._service_key, "GET", f"/rest/v1/{path}")

    async def add(self, table: str, *rows: dict[str, Any]) -> None:
        """New rows as the service."""
        await self.request(self._service_key, "POST", f"/rest/v1/{table}", list(rows))

    async def hire(self, names: Sequence[str] = NAMES) -> None:
        """Makes the people and gives them to the demo manager."""
        admin = await self.token_of(ADMIN)
        [manager] = await self.rows(f"profiles?email=eq.{MANAGER}&select=id")
        for name in names:
            email = f"{name.split()[0].lower().replace('é', 'e')}@callx.example"
            account = {
                "email": email,
                "password": PASSWORD,
                "email_confirm": True,
                "user_metadata": {"full_name": name},
            }
            user = await self.request(admin, "POST", "/auth/v1/admin/users", account)
            await self.add("manager_assignments", {"trainee_id": user["id"], "manager_id": manager["id"]})
            self.members.append(Member(user["id"], name, email))

    async def assign(self, member: Member, product_id: str, in_days: float) -> None:
        """A due date as the manager gives one."""
        due_at = (datetime.now(UTC) + timedelta(days=in_days)).isoformat()
        row = {"user_id": member.user_id, "product_id": product_id, "due_at": due_at}
        await self.request(await self.token_of(MANAGER), "POST", "/rest/v1/assignments", row)

    async def complete(self, member: Member, product_id: str, most: int = 100) -> None:
        """The first lessons of a product that need no call: readings and videos are marked, quizzes are answered."""
        select = "id,lesson_type,quizzes(id,quiz_questions(id,quiz_answers(id,is_correct))),modules!inner(product_id)"
        lessons = await self.rows(f"lessons?select={select}&modules.product_id=eq.{product_id}&order=order_index")
        for lesson in [lesson for lesson in lessons if lesson["lesson_type"] != "simulation"][:most]:
            if lesson["lesson_type"] == "quiz":
                await self._pass(member, lesson["quizzes"])
            else:
                await self.add("lesson_completions", {"user_id": member.user_id, "lesson_id": lesson["id"]})

    async def _pass(self, member: Member, quizzes: Any) -> None:
        quiz = quizzes[0] if isinstance(quizzes, list) else quizzes
        answers = [
            {"question_id": question["id"], "selected_answer_id": answer["id"]}
            for question in quiz["quiz_questions"]
            for answer in question["quiz_answers"]
            if answer["is_correct"]
        ]
        row = {"user_id": member.user_id, "quiz_id": quiz["id"], "score": 0, "passed": False, "answers": answers}
        await self.request(await self.token_of(member.email), "POST", "/rest/v1/quiz_attempts", row)

    async def call(self, member: Member, simulation_id: str, replies: Sequence[str]) -> str:
        """A typed call that is judged; returns its id."""
        token = await self.token_of(member.email)
        for number, text in enumerate(replies):
            body: dict[str, Any] = {"simulation_id": simulation_id, "user_message": text, "message_id": str(uuid4())}
            body["new_call"] = number == 0
            answer = await self.request(token, "POST", "/functions/v1/ai-call-simulation", body)
            if answer["state"] == "ended":
                break
        report = await self.request(
            token, "POST", "/functions/v1/evaluate-simulation", {"simulation_id": simulation_id}
        )
        return str(report["call_id"])

    async def simulations(self) -> list[str]:
        """The ids of the demo's simulations that are open to everybody, in the order of their lessons."""
        token = await self.token_of(self.members[0].email)
        lessons = await self.request(
            token, "GET", "/rest/v1/lessons?lesson_type=eq.simulation&select=order_index,simulations(id)&order=title"
        )
        return [
            lesson["simulations"][0]["id"] if isinstance(lesson["simulations"], list) else lesson["simulations"]["id"]
            for lesson in lessons
        ]

    async def certify(self, member: Member, product_id: str, *, days_left: float) -> None:
        """A certificate that runs out, as if it had been earned long ago."""
        now = datetime.now(UTC)
        row = {
            "user_id": member.user_id,
            "product_id": product_id,
            "certificate_url": f"{member.user_id}/{product_id}.pdf",
            "issued_at": (now - timedelta(days=340)).isoformat(),
            "expires_at": (now + timedelta(days=days_left)).isoformat(),
        }
        await self.add("certifications", row)


async def team_with_a_history(server: RunningServer, client: aiohttp.ClientSession) -> Team:
    """Seven people: late, nearly done, certified, not begun; some with calls of both kinds."""
    code, printed = await run_command("keys", "--data-dir", str(server.data_dir), "--json")
    assert code == 0, printed
    team = Team(server, client, json.loads(printed.strip().splitlines()[-1])["service_key"])
    await team.hire()
    products = await team.rows("products?select=id,title&order=title")
    essentials, retention = products[0]["id"], products[1]["id"]
    amara, benedikt, chloe, dev, elif_, farid, _ = team.members
    for member, in_days in ((amara, 9), (benedikt, -4), (chloe, 20), (dev, 1.2), (elif_, 30), (farid, -1)):
        await team.assign(member, essentials, in_days)
    await team.assign(chloe, retention, 40)
    await team.complete(amara, essentials, 4)
    await team.complete(benedikt, essentials, 2)
    await team.complete(dev, essentials)
    simulations = await team.simulations()
    for replies in (POOR_REPLIES, GOOD_REPLIES[:4], GOOD_REPLIES):
        await team.call(amara, simulations[0], replies)
    await team.call(benedikt, simulations[0], POOR_REPLIES)
    await team.call(dev, simulations[0], GOOD_REPLIES[:6])
    await team.call(elif_, simulations[-1], GOOD_REPLIES[:3])
    await team.certify(chloe, essentials, days_left=21)
    return team
