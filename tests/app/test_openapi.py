"""The whole application describes itself."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from core.blobs import Blobs
from core.clock import SystemClock
from core.db import Database
from core.openapi.http import describe
from core.openapi.routes import forgotten_routes
from core.settings import Settings
from tests.app.support import sample_functions
from tests.app.support.wires import SECRET
from voice.embedded_customer.speech_engines import SpeechEngines
from wiring import api_description
from wiring.application import create_app
from wiring.stores import Stores


@pytest.fixture
def application(database: Database, server_dsn: str, owner_dsn: str, tmp_path: Path) -> web.Application:
    """The server's, with functions of the tests' own."""
    stores = Stores(database, server_dsn, owner_dsn, Blobs.open("memory://"), SECRET, None)
    speech = SpeechEngines(workers=1, cache_dir=tmp_path)
    settings = Settings(data_dir=tmp_path)
    app = create_app(settings, stores, own_url="http://127.0.0.1:1", speech=speech, clock=SystemClock())
    sample_functions.add_functions(app)
    return app


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        part = list(part.values())
    if isinstance(part, list):
        for value in part:
            yield from references(value)


async def test_every_address_is_described(application):
    assert forgotten_routes(application, api_description.wires(application)) == []


async def test_the_document_is_whole(application):
    described = describe(application, api_description.title(), api_description.wires(application))
    operations = [(path, method, said) for path, item in described["paths"].items() for method, said in item.items()]
    assert len(operations) > 80
    for path, method, said in operations:
        in_path = {entry["name"] for entry in said.get("parameters", ()) if entry["in"] == "path"}
        assert in_path == set(re.findall(r"\{(\w+)\}", path)), path
        assert said["summary"], path
        assert said["description"], path
        assert {"500", "503"} <= set(said["responses"]), path
        assert "requestBody" not in said or method not in ("get", "head"), path
    assert {said["tags"][0] for _, _, said in operations} == {tag["name"] for tag in described["tags"]}
    schemes = {name for _, _, said in operations for entry in said["security"] for name in entry}
    assert schemes == set(described["components"]["securitySchemes"])
    names = {reference.removeprefix("#/components/schemas/") for reference in references(described)}
    assert names == set(described["components"]["schemas"])


async def test_the_document_is_served_and_kept_by_browsers(aiohttp_client, application):
    client = await aiohttp_client(application)
    async with client.get("/openapi.json") as response:
        assert (response.status, response.content_type) == (200, "application/json")
        assert response.headers["Content-Encoding"] == "gzip"
        described = await response.json()
    assert described["openapi"] == "3.1.0"
    assert "/functions/v1/find-products" in described["paths"]
    async with client.get("/openapi.json", headers={"If-None-Match": response.headers["ETag"]}) as again:
        assert again.status == 304


async def test_the_page_is_served_under_the_content_policy(aiohttp_client, application):
    client = await aiohttp_client(application)
    async with client.get("/docs") as response:
        assert (response.status, response.content_type) == (200, "text/html")
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        assert "api_docs/page.js" in await response.text()
