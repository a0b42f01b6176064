import asyncio
import json

from core.tokens import TokenIssuer
from tests.app.support.course import SIMULATION
from tests.app.support.reader import WHOLE, Reader, refusal
from tests.app.support.wires import SECRET, bearer, sign_in
from tests.people import IRIS, hire

HIDDEN_FROM_ALL = [
    ("calls", "token_hash"),
    ("calls", "scenario"),
    ("modules", "archived_at"),
]
HIDDEN = [
    *HIDDEN_FROM_ALL,
    ("simulations", "ai_system_prompt"),
    ("quiz_answers", "is_correct"),
    ("simulation_scenarios", "script"),
    ("simulation_scenarios", "rubric"),
]
"""Of which admins, who write them, see the last four."""


async def test_a_hidden_column_is_no_part_of_a_star(tess, ada):
    for reader, hidden in ((tess, HIDDEN), (ada, HIDDEN_FROM_ALL)):
        for table, column in hidden:
            for row in await reader.get(table):
                assert column not in row
    [lesson] = await tess.get("lessons?select=*,simulations(*,simulation_scenarios(*))&lesson_type=eq.simulation")
    assert "SECRET" not in json.dumps(lesson)
    assert lesson["simulations"]["simulation_scenarios"]["customer_name"] == "Dana"


async def test_a_hidden_column_cannot_be_named_anywhere(tess, ada):
    for reader, hidden in ((tess, HIDDEN), (ada, HIDDEN_FROM_ALL)):
        for table, column in hidden:
            for query in (
                f"{table}?select={column}",
                f"{table}?select=x:{column}::text",
                f"{table}?select=created_at&{column}=is.null",
                f"{table}?select=created_at&{column}=not.is.null&limit=0",
                f"{table}?select=created_at&order={column}",
                f"{table}?select=created_at&or=(created_at.is.null,{column}.not.is.null)",
                f"{table}?select=created_at&not.and=({column}.is.null)",
            ):
                error = await reader.fails(query, 403, "42501")
                assert "SECRET" not in json.dumps(error)


async def test_a_hidden_column_cannot_be_reached_through_an_embed(tess):
    for query in (
        "lessons?select=simulations(ai_system_prompt)",
        "lessons?select=id,simulations!inner(id)&simulations.ai_system_prompt=like.*SECRET*",
        "lessons?select=id,simulations!inner()&simulations.ai_system_prompt=like.Z*",
        "lessons?select=simulations(id)&simulations.order=ai_system_prompt",
        "quiz_questions?select=quiz_answers(answer_text)&quiz_answers.is_correct=is.true",
        "quiz_questions?select=quiz_answers(answer_text)&quiz_answers.order=is_correct.desc",
    ):
        await tess.fails(query, 403, "42501")


async def test_a_hidden_column_cannot_be_learned_by_counting_csv_aggregates_or_writing(tess):
    prompt = "simulations?ai_system_prompt=like.*SECRET*"
    await tess.fails(f"{prompt}&select=id", 403, "42501", Prefer="count=exact")
    await tess.fails(f"{prompt}&select=id", 403, "42501", Accept="text/csv")
    await tess.fails("simulations?select=ai_system_prompt", 403, "42501", Accept="text/csv")
    await tess.fails("simulations?select=ai_system_prompt.max()", 400, "PGRST123")
    await tess.fails("simulations?select=...lessons(...simulations(ai_system_prompt))", 403, "42501")
    await tess.fails("lessons?select=id,simulations()&order=simulations(ai_system_prompt)", 403, "42501")
    await tess.fails("simulation_scenarios?select=script->opening", 403, "42501")
    await tess.fails("simulation_scenarios?select=created_at&script->>opening=like.*", 403, "42501")
    for method, headers in (("PATCH", {}), ("DELETE", {}), ("PATCH", WHOLE), ("DELETE", WHOLE)):
        assert await refusal(await tess.send(method, prompt, {"passing_grade": 1}, **headers)) == (403, "42501")
    upsert = {"Prefer": "resolution=merge-duplicates, return=representation"}
    assert await refusal(await tess.post("simulations?select=ai_system_prompt", {"id": str(SIMULATION)}, **upsert)) == (
        403,
        "42501",
    )


async def test_other_schemas_are_not_there(tess):
    await tess.fails("users", 404, "PGRST205")
    await tess.fails("auth.users", 404, "PGRST205")
    await tess.fails("pg_roles", 404, "PGRST205")
    await tess.fails("products", 406, "PGRST106", **{"Accept-Profile": "auth"})
    await tess.fails("profiles?select=users(encrypted_password)", 400, "PGRST200")


async def test_nobody_reads_nothing(client):
    nobody = Reader(client, {"apikey": "sb_publishable_x", "Authorization": "Bearer sb_publishable_x"})
    await nobody.fails("products", 401, "42501")
    await Reader(client, {}).fails("products?select=title", 401, "42501")


async def test_bad_tokens_are_told(client, tess, clock):
    forged = {"Authorization": tess.headers["Authorization"][:-4] + "AAAA"}
    await Reader(client, forged).fails("products", 401, "PGRST301")
    clock.advance(3_600_000)
    error = await tess.fails("products", 401, "PGRST303")
    assert error["message"] == "JWT expired"


async def test_a_login_that_ended_reads_nothing_at_once(client, tess):
    await client.post("/auth/v1/logout?scope=global", headers=tess.headers)
    await tess.fails("products", 401, "PGRST303")


async def test_a_role_taken_away_is_gone_at_the_next_request(database, cast, ada):
    assert len(await ada.get("products?select=id")) == 2
    async with database.acting_as_service() as tx:
        await hire(tx, "iris", IRIS, "admin")
        await tx.execute("update public.user_roles set role = 'trainee' where user_id = $1", cast.ada.user_id)
    assert len(await ada.get("products?select=id")) == 1


async def test_the_service_key_sees_everything(client, clock):
    key = TokenIssuer(SECRET, clock).api_key("service_role")
    service = Reader(client, {"apikey": key, "Authorization": f"Bearer {key}"})
    assert len(await service.get("products")) == 2
    assert (await service.get("simulations"))[0]["ai_system_prompt"] == "You are a SECRET customer."


async def test_two_people_never_see_each_others_rows_through_the_pool(client, tess, ada):
    theo = Reader(client, bearer(await sign_in(client, "theo")))

    async def name(reader):
        return [profile["full_name"] for profile in await reader.get("profiles?select=full_name&order=full_name")]

    answers = await asyncio.gather(*(name((tess, theo)[number % 2]) for number in range(60)))
    assert answers == [["Tess"], ["Theo"]] * 30
