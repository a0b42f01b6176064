"""The OpenAPI document of declared operations."""

import pytest
from aiohttp import web
from pydantic import BaseModel, Field

from core.functions import FileAnswer, FunctionCall, Functions
from core.functions.description import functions_wire
from core.openapi.document import Endpoint, Title, document
from core.openapi.operations import ANYBODY, Content, declared, operation
from core.openapi.routes import Wire, declared_endpoints, forgotten_routes
from core.rate_limits import Rate

TITLE = Title("Test", "1", "About it.", {"Things": "They.", "Functions": "By name."})


class ThingPath(BaseModel):
    thing_id: int


class Page(BaseModel):
    page: int | None = Field(None, ge=1, description="Which.")
    kinds: list[str] = Field(default_factory=list)


class Wanted(BaseModel):
    """What is wanted."""

    name: str = Field(max_length=3)


class Thing(BaseModel):
    """A thing."""

    name: str
    inside: list["Thing"] = []


@operation(
    "Change a thing",
    tag="Things",
    path=ThingPath,
    query=Page,
    body=Wanted,
    answers={200: Thing, 204: None},
    errors={404: "`no_thing`."},
)
async def change(request: web.Request) -> web.Response:
    """Changes it."""
    return web.Response()


async def forgotten(request: web.Request) -> web.Response:
    return web.Response()


@pytest.fixture
def described():
    said = declared(change)
    assert said is not None
    return document(TITLE, [Endpoint("PUT", "/things/{thing_id}", said)])


def test_a_handler_is_described_as_it_says(described):
    said = described["paths"]["/things/{thing_id}"]["put"]
    assert (said["operationId"], said["description"], said["security"]) == (
        "change_a_thing",
        "Changes it.",
        [{"person": []}],
    )
    assert {status: answer["description"] for status, answer in said["responses"].items() if status < "500"} == {
        "200": "A thing.",
        "204": "Done.",
        "404": "`no_thing`.",
        "413": "`too_large`: the body has more bytes than are taken here.",
    }
    assert said["requestBody"]["content"] == {"application/json": {"schema": {"$ref": "#/components/schemas/Wanted"}}}


def test_parameters_that_are_not_given_are_absent_and_never_null(described):
    parameters = {entry["name"]: entry for entry in described["paths"]["/things/{thing_id}"]["put"]["parameters"]}
    assert parameters["thing_id"] == {
        "name": "thing_id",
        "in": "path",
        "required": True,
        "schema": {"type": "integer"},
    }
    assert parameters["page"] == {
        "name": "page",
        "in": "query",
        "required": False,
        "description": "Which.",
        "schema": {"type": "integer", "minimum": 1},
    }


def test_only_what_is_referred_to_is_a_component(described):
    assert set(described["components"]["schemas"]) == {"Wanted", "Thing", "PlainError", "ErrorDetail"}


def test_two_operations_of_one_name_and_unknown_tags_are_refused():
    said = declared(change)
    assert said is not None
    with pytest.raises(ValueError, match="same name"):
        document(TITLE, [Endpoint("PUT", "/a/{thing_id}", said), Endpoint("PUT", "/b/{thing_id}", said)])
    with pytest.raises(ValueError, match="nobody described"):
        document(TITLE, [Endpoint("GET", "/", operation("Look", tag="Nowhere", answers={}))])


def test_routes_that_nobody_describes_are_noticed():
    app = web.Application()
    app.router.add_put("/things/{thing_id}", change)
    app.router.add_get("/forgotten", forgotten)
    app.router.add_route("*", "/wire/{path:.*}", forgotten)
    app.router.add_get("/wire/files/{path:.+}", forgotten)
    app.router.add_get("/wire/one/{name}", forgotten)
    app.router.add_route("*", "/other/{path:.*}", forgotten)
    wire = Wire("/wire", [Endpoint("GET", "/wire/one/{name}", operation("Look", tag="Things", answers={}))])
    assert [endpoint.path for endpoint in declared_endpoints(app)] == ["/things/{thing_id}"]
    assert forgotten_routes(app, [wire]) == ["HEAD /forgotten", "GET /forgotten", "* /other/{path}"]
    assert "GET /wire/one/{name}" in forgotten_routes(app, [Wire("/wire", [])])


async def find(call: FunctionCall, wanted: Page) -> Thing:
    """Find a thing.

    Whatever it is.
    """
    return Thing(name="")


async def print_it(call: FunctionCall, wanted: Wanted) -> Thing | FileAnswer:
    """Print."""
    return Thing(name="")


def test_functions_are_described_as_they_were_entered():
    functions = Functions()
    functions.add("find-thing", find, methods=("GET", "POST"), rate=Rate("find", burst=1, refill_ms=1))
    refusals = {403: "`not_yours`: somebody else's.", 404: "`unknown`: no such thing."}
    functions.add("print-it", print_it, file_types=("application/pdf",), timeout_s=5, errors=refusals)
    paths = document(TITLE, functions_wire(functions).endpoints)["paths"]
    finding = paths["/functions/v1/find-thing"]
    assert [entry["name"] for entry in finding["get"]["parameters"]] == ["page", "kinds"]
    assert "requestBody" not in finding["get"]
    assert finding["get"]["summary"] == "Find a thing"
    assert finding["post"]["requestBody"]["required"] is False
    assert "429" in finding["post"]["responses"]
    printing = paths["/functions/v1/print-it"]["post"]
    assert printing["requestBody"]["required"] is True
    assert set(printing["responses"]["200"]["content"]) == {"application/json", "application/pdf"}
    assert "5 seconds" in printing["responses"]["504"]["description"]
    assert "429" not in printing["responses"]
    described = {status: answer["description"] for status, answer in printing["responses"].items()}
    assert described["403"].startswith("`person_needed`")
    assert described["403"].endswith("somebody else's.")
    assert described["404"] == "`unknown`: no such thing."


def test_a_body_of_bytes_needs_no_schema():
    said = operation("Send", tag="Things", access=ANYBODY, body=Content({"text/csv": None}), answers={200: None})
    described = document(TITLE, [Endpoint("POST", "/", said)])["paths"]["/"]["post"]
    assert described["requestBody"]["content"] == {"text/csv": {}}
    assert described["security"] == []
