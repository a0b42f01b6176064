"""Pages of other origins may read every answer of the wires: good ones, errors, and streams."""

import pytest
from aiohttp import web

from tests.app.support import sample_functions
from tests.app.support.wires import bearer, give_passwords, sign_in, wires

FRONT = "https://front.example"
PREFIXES = ("auth", "rest", "storage", "functions", "realtime", "voice")
ASKED = (
    "authorization,apikey,x-client-info,content-type,accept,accept-profile,content-profile,prefer,range,range-unit,"
    "x-supabase-api-version,x-upsert,x-metadata,cache-control,x-retry-count,x-region,x-signature,tus-resumable,"
    "upload-length,upload-metadata,upload-offset,upload-defer-length,if-none-match"
)
EXPOSED = (
    "Content-Range,Content-Location,Location,Preference-Applied,ETag,Tus-Resumable,Upload-Offset,Upload-Length,"
    "X-Supabase-Api-Version,X-Relay-Error"
)


def words(header):
    return {word.strip().lower() for word in header.split(",")}


async def stream(request):
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"piece")
    return response


@pytest.fixture
async def client(aiohttp_client, database, cast, clock):
    await give_passwords(database, cast)
    app = wires(database, clock)
    sample_functions.add_functions(app)
    app.router.add_get("/voice/v1/stream", stream)
    return await aiohttp_client(app)


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_every_wire_answers_preflights_that_browsers_may_keep(client, prefix):
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
        headers = {
            "Origin": FRONT,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": ASKED,
        }
        async with client.options(f"/{prefix}/v1/whatever/it/is?a=b", headers=headers) as response:
            assert response.status == 204
            assert method.lower() in words(response.headers["Access-Control-Allow-Methods"])
            assert words(ASKED) <= words(response.headers["Access-Control-Allow-Headers"])
            assert int(response.headers["Access-Control-Max-Age"]) >= 600
            assert response.headers["Access-Control-Allow-Origin"] == FRONT
            assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_a_foreign_preflight_is_told_nothing(client, prefix):
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    async with client.options(f"/{prefix}/v1/whatever", headers=headers) as response:
        assert not [name for name in response.headers if name.startswith("Access-Control")]
        assert "Origin" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/auth/v1/user", 401),
        ("POST", "/auth/v1/nowhere", 404),
        ("GET", "/rest/v1/nowhere", 404),
        ("GET", "/rest/v1/products", 401),
        ("GET", "/storage/v1/nowhere", 404),
        ("POST", "/functions/v1/nowhere", 404),
        ("POST", "/functions/v1/fail", 500),
        ("PUT", "/functions/v1/fail", 405),
        ("GET", "/realtime/v1/websocket", 404),
        ("GET", "/voice/v1/stream", 200),
        ("GET", "/voice/v1/nowhere", 404),
        ("GET", "/rest/v1/products?select=title", 200),
    ],
)
async def test_errors_and_streams_can_be_read_too(client, method, path, status):
    person = bearer(await sign_in(client, "tess")) if status in (200, 500) else {}
    async with client.request(method, path, headers={**person, "Origin": FRONT}) as response:
        assert response.status == status
        assert response.headers["Access-Control-Allow-Origin"] == FRONT
        assert words(EXPOSED) <= words(response.headers["Access-Control-Expose-Headers"])
        assert response.headers["Vary"].count("Origin") == 1
    async with client.request(method, path, headers={**person, "Origin": "https://evil.example"}) as response:
        assert response.status == status
        assert "Access-Control-Allow-Origin" not in response.headers
