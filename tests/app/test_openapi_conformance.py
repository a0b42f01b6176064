"""Random requests, right and wrong ones, to every address that `/openapi.json` describes: no fault, and no answer that
is not described there: status, content type, headers and body.

The server is the real program, because only it has every wire. What is asked is the same in every run.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
import schemathesis.openapi
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from lms.demo_people import DEMO_PASSWORD
from tests.support.running_server import RunningServer

pytestmark = [pytest.mark.slow, pytest.mark.may_block]

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
EXAMPLES = {"admin": 4, "trainee": 3, "anonymous": 2}
"""Of each operation and each kind, right and wrong: some two thousand requests in half a minute."""
ENDS_THE_LOGIN = "/auth/v1/logout"
CHANGES_THE_PASSWORD = "/auth/v1/user"
TABLES = ("products", "modules", "lessons", "profiles", "user_roles", "lesson_completions", "quiz_attempts", "calls")
TIMEOUT_S = 20


@schemathesis.serializer("application/offset+octet-stream", "text/csv")
def as_it_is(_context: Any, value: Any) -> bytes:
    """Bodies that are bytes."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@dataclass
class Asker:
    """Somebody who asks the server."""

    url: str
    name: str
    session: requests.Session = field(default_factory=requests.Session)

    def sign_in(self) -> None:
        """From here on with a bearer."""
        body = {"email": f"{self.name}@callx.example", "password": DEMO_PASSWORD}
        answer = self.session.post(f"{self.url}/auth/v1/token?grant_type=password", json=body, timeout=TIMEOUT_S)
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def get(self, path: str) -> Any:
        """The JSON of a path."""
        return self.session.get(self.url + path, timeout=TIMEOUT_S).json()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The program with its demo content."""
    folder: Path = tmp_path_factory.mktemp("conformance") / "data"
    server = RunningServer(folder)
    with asyncio.Runner() as runner:
        runner.run(server.start())
        yield server
        runner.run(server.stop())


@pytest.fixture(scope="module")
def known(server: RunningServer) -> dict[str, list[str]]:
    """Values of parameters that lead somewhere; nothing that the random requests may remove."""
    trainee = Asker(server.url, "trainee")
    trainee.sign_in()
    simulation = trainee.get("/rest/v1/simulations?select=id&limit=1")[0]["id"]
    placed = trainee.session.post(
        f"{server.url}/voice/v1/calls", json={"simulation_id": simulation}, timeout=TIMEOUT_S
    ).json()
    buckets = ["certificates", "lesson-videos", "lesson-attachments"]
    return {"call_id": [placed["call_id"]], "table": list(TABLES), "function": ["has_role"], "bucket": buckets}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_answer_is_described(server: RunningServer, known: dict[str, list[str]], name: str) -> None:
    asker = Asker(server.url, name)
    if name != "anonymous":
        asker.sign_in()
    schema = schemathesis.openapi.from_dict(asker.get("/openapi.json"))
    schema.config.update(base_url=server.url)
    operations = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    operations.sort(key=lambda operation: operation.path in (CHANGES_THE_PASSWORD, ENDS_THE_LOGIN))
    assert len(operations) > 60
    problems: dict[str, str] = {}
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            problems |= ask(asker, operation, mode, known)
    assert not problems, "\n\n".join(problems.values()) + server.log()[-8_000:]


def ask(asker: Asker, operation: Any, mode: GenerationMode, known: Mapping[str, list[str]]) -> dict[str, str]:
    """Asks some requests of one kind; what is wrong with the answers, by what it is about."""
    problems: dict[str, str] = {}

    @settings(
        max_examples=EXAMPLES[asker.name],
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def one(case: Any, data: st.DataObject) -> None:
        for parameter, values in known.items():
            if parameter in (case.path_parameters or {}) and data.draw(st.booleans()):
                case.path_parameters[parameter] = data.draw(st.sampled_from(values))
        response = case.call(session=asker.session, timeout=TIMEOUT_S)
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as failures:
            for failure in failures.exceptions:
                about = f"{asker.name}: {operation.label}: {type(failure).__name__} {response.status_code}"
                problems.setdefault(about, f"{about}\n{failure}\n{case.as_curl_command()}\n{response.text[:500]}")

    try:
        one()
    except Unsatisfiable:  # nothing about it can be wrong
        assert mode is GenerationMode.NEGATIVE
    return problems
