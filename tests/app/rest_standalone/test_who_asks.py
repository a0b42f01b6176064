"""Roles and tokens: who may ask as whom."""

from dataclasses import replace

import pytest

from core.errors import BadRequest
from core.identity import Person
from core.rest.errors import RestError
from core.rest.foreign_roles import ForeignRoles
from core.settings import Settings
from tests.app.rest_standalone.conftest import KEY, SERVICE, token
from tests.support.library import superusers_connection
from wiring.rest_command import jwt_key


async def test_without_a_token_one_is_the_anonymous_role(visitor):
    found = await visitor.get("rpc/whoami")

    assert found == {"role": "library_visitor", "claims": {"role": "library_visitor"}}


async def test_a_token_names_the_role_and_carries_its_claims(visitor):
    bob = replace(visitor, bearer=token("library_member", member_id=2, deep={"a": ["ü"]}))

    assert await bob.get("rpc/whoami") == {
        "role": "library_member",
        "claims": {"role": "library_member", "member_id": 2, "deep": {"a": ["ü"]}},
    }
    assert [row["member_id"] for row in await bob.get("loans?order=id")] == [2, 2]
    assert await bob.get("members?id=eq.2&select=*,loans!member_id(id)&loans.order=id") == [
        {"id": 2, "name": "Bob", "referred_by": 1, "joined": "2026-01-01", "loans": [{"id": 1}, {"id": 3}]}
    ]


async def test_a_token_without_a_role_is_anonymous_with_claims(visitor):
    found = await replace(visitor, bearer=token(None, member_id=2)).get("rpc/whoami")

    assert found == {"role": "library_visitor", "claims": {"role": "library_visitor", "member_id": 2}}


@pytest.mark.parametrize(
    "role",
    [
        "postgres",
        "library_owner",
        "library_gateway",
        "none",
        "no such role",
        "",
        'x"; select 1',
        "a\0b",
        5,
        ["a"],
        {},
        True,
    ],
)
async def test_a_role_that_is_not_ours_is_refused(visitor, role):
    reader = replace(visitor, bearer=token(role))

    await reader.fails("books", 403, "42501")
    assert await visitor.get("books?select=id&id=eq.1") == [{"id": 1}], "and leaves nothing behind"


@pytest.mark.parametrize(
    "bearer", ["nonsense", "a.b.c", token("library_librarian", b"another key, of somebody else ...")]
)
async def test_a_token_that_is_no_good_is_refused(visitor, bearer):
    answer = await replace(visitor, bearer=bearer).ask("GET", "books")

    assert (answer.status, answer.json["code"], answer.headers["WWW-Authenticate"]) == (401, "PGRST301", "Bearer")


async def test_a_token_that_has_expired_says_so(visitor):
    await replace(visitor, bearer=token("library_librarian", exp=1)).fails("books", 401, "PGRST303")


async def test_an_api_key_that_is_no_token_stands_for_nobody(visitor):
    reader = replace(visitor, bearer="any key")

    assert (await reader.get("rpc/whoami", apikey="any key"))["role"] == "library_visitor"
    assert (await reader.get("rpc/whoami", 401, apikey="another"))["code"] == "PGRST301"


async def test_without_an_anonymous_role_everybody_needs_a_token(serve):
    reader = await serve(replace(SERVICE, anon_role=None))

    await reader.fails("books", 401, "PGRST302")
    await replace(reader, bearer=token(None)).fails("books", 401, "PGRST302")
    assert await replace(reader, bearer=token("library_librarian")).get("books?select=id&id=eq.1") == [{"id": 1}]


async def test_without_a_secret_every_token_is_refused(serve):
    reader = await serve(key=None)

    assert await reader.get("books?select=id&id=eq.1") == [{"id": 1}]
    await replace(reader, bearer=token("library_librarian")).fails("books", 500, "PGRST300")


async def test_only_listed_roles_can_be_named(serve):
    reader = await serve(replace(SERVICE, roles=("library_member",)))

    assert await replace(reader, bearer=token("library_member")).get("books?id=eq.99") == []
    assert await reader.get("books?id=eq.99") == []
    await replace(reader, bearer=token("library_librarian")).fails("books", 403, "42501")


async def test_not_even_a_list_lets_a_superuser_in(cluster, library_to_read):
    connection = await superusers_connection(cluster.owner_dsn(library_to_read))
    roles = ForeignRoles(("library",), allowed=frozenset({"postgres"}))

    with pytest.raises(RestError) as caught:
        async with connection.transaction():
            await roles.become(connection, Person("authenticated", claims={"role": "postgres"}))
    await connection.close()
    assert caught.value.code == "42501"


async def test_names_are_looked_for_in_the_exposed_schemas_and_behind_them(serve):
    reader = await serve(replace(SERVICE, extra_search_path=("public", 'Odd "one"')))

    found = await replace(reader, bearer=token("library_librarian")).get("rpc/path")
    assert found == '"library", "cards", "public", "Odd ""one"""'


async def test_an_audience_is_required_where_one_is_named(serve):
    reader = await serve(replace(SERVICE, jwt_audience="library"))

    assert await replace(reader, bearer=token("library_member", aud="library")).get("books?id=eq.99") == []
    await replace(reader, bearer=token("library_member", aud="shop")).fails("books", 401, "PGRST301")
    await replace(reader, bearer=token("library_member")).fails("books", 401, "PGRST301")


async def test_a_superuser_logs_in_only_with_a_list_of_roles(serve, cluster, library_to_read):
    service = replace(SERVICE, database_url=cluster.owner_dsn(library_to_read))

    with pytest.raises(BadRequest) as caught:
        await serve(service)
    assert caught.value.code == "superuser_login"
    reader = await serve(replace(service, roles=("library_member",)))
    assert (await reader.get("rpc/whoami"))["role"] == "library_visitor"
    await replace(reader, bearer=token("postgres")).fails("books", 403, "42501")
    await replace(reader, bearer=token("library_librarian")).fails("books", 403, "42501")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"schemas": ("nothing",)}, "no_such_schema"),
        ({"schemas": ()}, "no_such_schema"),
        ({"schemas": ("pg_catalog",)}, "no_such_schema"),
        ({"anon_role": "nobody"}, "role_not_usable"),
        ({"anon_role": "library_owner"}, "role_not_usable"),
        ({"roles": ("postgres",)}, "role_not_usable"),
        ({"database_url": "nonsense"}, "bad_database_url"),
    ],
)
async def test_options_that_cannot_be_meant_stop_the_start(serve, change, code):
    with pytest.raises(BadRequest) as caught:
        await serve(replace(SERVICE, **change))
    assert caught.value.code == code


def test_the_secret_is_read_from_the_file_before_the_environment(tmp_path):
    settings = Settings(rest_jwt_secret="from the environment, long enough")
    file = tmp_path / "secret"
    file.write_bytes(KEY + b"\n")

    assert jwt_key(settings, SERVICE) == b"from the environment, long enough"
    assert jwt_key(settings, replace(SERVICE, jwt_secret_file=file)) == KEY
    assert jwt_key(Settings(), SERVICE) is None


@pytest.mark.parametrize(
    ("secret", "change", "code"),
    [
        (None, {"anon_role": None}, "nobody_may_ask"),
        ("short", {}, "weak_secret"),
        (None, {"jwt_secret_file": "nowhere"}, "no_such_file"),
    ],
)
def test_secrets_that_cannot_be_meant(tmp_path, secret, change, code):
    if "jwt_secret_file" in change:
        change = {"jwt_secret_file": tmp_path / "nowhere"}
    with pytest.raises(BadRequest) as caught:
        jwt_key(Settings(rest_jwt_secret=secret), replace(SERVICE, **change))
    assert caught.value.code == code


async def test_other_origins_read_below_both_prefixes(serve):
    reader = await serve()
    for path in ("books?id=eq.99", "rest/v1/books?id=eq.99", "rest/v1/nothing"):
        answer = await reader.ask("GET", path, Origin="http://localhost:3000")
        assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000", path


async def test_nothing_of_a_request_stays_in_the_pool(visitor):
    bob = replace(visitor, bearer=token("library_member", member_id=2))
    for _ in range(10):
        assert (await bob.get("rpc/whoami"))["role"] == "library_member"
        assert (await visitor.get("rpc/whoami"))["claims"] == {"role": "library_visitor"}
