"""From a course that an admin builds to a certificate: every word over HTTP, and a worker that dies at every step."""

import asyncio
import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import jwt
import pypdf
import pytest

from tests.app.support.resend_server import ResendServer
from tests.support.background_server import ROOT, BackgroundServer
from tests.support.cluster import Cluster
from tests.support.rest_courses import GOOD_LINES, POOR_LINES, RestCourse, build, submit, talk
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.may_block]

TITLE, NAME = "Inbound Calls", "Zoë Łukasz"
EMAIL, PASSWORD = "zoe@callx.example", "a long enough passphrase"
LIVES_TIMEOUT_S = 400
ONCE = {
    "certifications": "select count(*) from public.certifications",
    "issues": "select count(*) from public.certificate_issues",
    "badges": "select count(*) from public.certificate_badges",
    "certificate files": "select count(*) from storage.objects where bucket_id = 'certificates'",
    "passed attempts": "select count(*) from public.simulation_attempts where passed",
    "facts of the certificate": "select count(*) from callx.facts where kind = 'CertificateIssued'",
    "module unlocks": "select count(*) from callx.module_unlocks",
}
SEEN = """
select (select count(*) from public.evaluations where state = 'done') as evaluations,
       (select count(*) from public.simulation_attempts) as attempts,
       (select count(*) from public.lesson_completions) as completions,
       (select count(*) from public.quiz_attempts) as quiz_attempts,
       (select count(*) from callx.pgqueuer) as jobs
"""
TOLD = {"welcome": 1, "assigned": 1, "unlocked": 1, "report_ready": 2, "certified": 1}
"""How often Zoë is told of each, on the screen and by letter."""
NOTIFIED = """
select n.kind, count(*) as n from public.notifications n
  join auth.users u on u.id = n.user_id where u.email = $1 group by n.kind
"""
DIES_AT = {
    "follow-fact",
    "accounts.send-letter",
    "certification.badge",
    "certification.issue",
    "evaluation.judge-call",
    "notifications.assigned",
    "notifications.certified",
    "notifications.report-ready",
    "notifications.unlocked",
    "notifications.welcome",
    "progress.announce-unlock",
}
LEAST_DEATHS = 40


@dataclass
class School:
    """A server without a worker, the mail service that it uses, and how to start workers."""

    server: BackgroundServer
    environment: dict[str, str]
    resend: ResendServer

    async def work(self, *arguments: str) -> str:
        """What a worker of `tests.support.mortal_worker` says; it must end well."""
        return await self._run("-m", "tests.support.mortal_worker", *arguments)

    async def service_key(self) -> str:
        """The key of `server.py keys`."""
        command = ("server.py", "keys", "--json")
        return str(json.loads(await self._run(*command))["service_key"])

    async def query(self, sql: str, *values: Any) -> Any:
        """The first row of a statement of the database's owner."""
        connection = await asyncpg.connect(self.environment["DATABASE_URL"])
        try:
            return await connection.fetchrow(sql, *values)
        finally:
            await connection.close()

    async def _run(self, *command: str) -> str:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            cwd=ROOT,
            env={**kept, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        async with asyncio.timeout(LIVES_TIMEOUT_S):
            said, complaint = await process.communicate()
        assert process.returncode == 0, complaint.decode()[-4_000:]
        return said.decode()


@pytest.fixture
async def school(cluster: Cluster, tmp_path: Path, aiohttp_server: Any) -> AsyncIterator[School]:
    """The demo's people, and no course that counts."""
    resend = ResendServer()
    mail = await aiohttp_server(resend.application())
    environment = {
        "DATABASE_URL": cluster.owner_dsn(await cluster.empty()),
        "CALLX_DATA_DIR": str(tmp_path / "data"),
        "CALLX_SECRET": "a secret that workers and servers of this story share",
        "CALLX_RUN_WORKER": "false",
        "RESEND_API_KEY": "re_key",
        "CALLX_RESEND_URL": str(mail.make_url("")),
    }
    server = BackgroundServer(tmp_path / "data", environment=environment)
    await asyncio.to_thread(server.serve)
    yield School(server, environment, resend)
    await asyncio.to_thread(server.stop)


async def test_one_certificate_one_badge_one_letter_however_often_workers_die(school: School, tmp_path: Path):
    async with Visitor(school.server.url) as admin, Visitor(school.server.url) as zoe:
        deaths = tmp_path / "deaths"
        course = await enrol(school, admin, zoe)
        await school.work(str(deaths))
        await learn(zoe, course)
        await school.work(str(deaths))
        died_everywhere(deaths)
        await happened_once(school)

        await asyncio.gather(school.work("--again"), school.work("--again"))
        assert await school.work(str(deaths)) == "It took 1 lives.\n"
        await happened_once(school)
        await is_certified(zoe, course)

        await ask_for_all_anew(admin, course)
        await school.work(str(deaths))
        assert "certification.reissue: after commit" in deaths.read_text("utf8")
        await happened_once_more(school)


async def ask_for_all_anew(admin: Visitor, course: RestCourse) -> None:
    """The place has a new name."""
    wish = {"product_id": course.product_id, "how": "reissue", "which": "all", "reason": "A new name."}
    assert (await admin.invoke("reissue-certificates", **wish))["total"] == 1


async def happened_once_more(school: School) -> None:
    """A second certificate in the place of the first, with a badge and a letter of its own."""
    for what, sql in ONCE.items():
        is_new = what in ("issues", "badges", "certificate files", "facts of the certificate")
        assert (await school.query(sql))[0] == 1 + is_new, what
    work = await school.query("select done, finished_at is not null as is_finished from public.certificate_reissues")
    assert dict(work) == {"done": 1, "is_finished": True}
    letters = [mail for mail in school.resend.mails if mail["to"] == [EMAIL] and "certified" in mail["subject"]]
    assert len(letters) == 2


async def enrol(school: School, admin: Visitor, zoe: Visitor) -> RestCourse:
    """Whoever installed the place makes an admin, who builds a course, makes an account and assigns the course."""
    async with Visitor(school.server.url, token=await school.service_key()) as operator:
        made = await operator.post("/auth/v1/admin/users", account("ada@callx.example", "Ada"))
        await operator.change(f"user_roles?user_id=eq.{made.data['id']}", role="admin")
    await admin.sign_in("ada@callx.example", PASSWORD)
    course = await build(admin, TITLE)
    made = await admin.post("/auth/v1/admin/users", account(EMAIL, NAME))
    await admin.insert("assignments", {"product_id": course.product_id, "user_id": made.data["id"]})
    await zoe.sign_in(EMAIL, PASSWORD)
    return course


def account(email: str, name: str) -> dict[str, Any]:
    """What an account is made of."""
    return {"email": email, "password": PASSWORD, "email_confirm": True, "user_metadata": {"full_name": name}}


async def learn(zoe: Visitor, course: RestCourse) -> None:
    """She reads, fails the quiz, passes it, fails with the customer, and then does everything right."""
    await zoe.insert("notification_preferences", {"kind": "report_ready", "channel": "email", "enabled": True})
    await zoe.insert("lesson_completions", {"user_id": zoe.user_id, "lesson_id": course.text_lesson_id})
    assert not (await submit(zoe, course.quiz_id, right=False))["passed"]
    assert (await submit(zoe, course.quiz_id, right=True))["passed"]
    await talk(zoe, course.simulation_id, POOR_LINES)
    await talk(zoe, course.simulation_id, GOOD_LINES)
    assert await zoe.rows("certifications") == [], "nobody has judged anything yet"


def died_everywhere(deaths: Path) -> None:
    """Each job has died, at each of its steps, before and after."""
    places = deaths.read_text("utf8").splitlines()
    assert len(places) == len(set(places)) >= LEAST_DEATHS
    assert {place.partition(":")[0] for place in places} >= DIES_AT
    assert "certification.issue: after storing" in deaths.read_text("utf8")


async def happened_once(school: School) -> None:
    """In the database, in the object store, and in Zoë's mailbox."""
    for what, sql in ONCE.items():
        assert (await school.query(sql))[0] == 1, what
    seen = await school.query(SEEN)
    assert dict(seen) == {"evaluations": 2, "attempts": 2, "completions": 3, "quiz_attempts": 2, "jobs": 0}
    told = await school.query("select json_object_agg(kind, n)::text as told from (" + NOTIFIED + ") of_kind", EMAIL)
    assert json.loads(told["told"]) == TOLD
    letters = Counter(mail["subject"] for mail in school.resend.mails if mail["to"] == [EMAIL])
    assert sorted(letters.values()) == sorted(TOLD.values())
    assert [count for subject, count in letters.items() if "certified" in subject] == [1], letters


async def is_certified(zoe: Visitor, course: RestCourse) -> None:
    """She reads the letter, opens the certificate, and anybody can check it."""
    [row] = await zoe.rows("certifications?select=product_id,certificate_issues(code)")
    assert row["product_id"] == course.product_id
    certificate = await zoe.invoke("generate-certificate", product_id=course.product_id)
    pdf = (await zoe.get(f"/storage/v1/object/authenticated/certificates/{certificate['path']}")).body
    text = " ".join(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    assert NAME in text
    assert TITLE in text
    async with Visitor(zoe.url) as anybody:
        page = await anybody.get(f"/verify/{row['certificate_issues'][0]['code']}", Accept="application/json")
        credential = await anybody.get(page.data["credential"])
        keys = await anybody.get("/badges/keys.json")
    assert (page.data["state"], page.data["holder"]) == ("valid", NAME)
    key = jwt.PyJWK(keys.data["keys"][0])
    # It was made in a later life, whose clock was ahead.
    badge = jwt.decode(credential.body, key, algorithms=["EdDSA"], options={"verify_nbf": False})
    assert (badge["name"], badge["jti"].rpartition("/")[2]) == (TITLE, certificate["code"])
    progress = await zoe.invoke("get-user-progress", product_id=course.product_id)
    assert (progress["overall_progress"], progress["status"]) == (100, "Completed")
