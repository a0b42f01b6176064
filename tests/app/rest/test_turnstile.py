"""One client of the REST wire, however greedy, leaves room for the others."""

import asyncio

import pytest

from core.errors import TooManyRequests
from core.rest.turnstile import Turnstile
from tests.app.support.course import PRODUCT


class Crowd:
    """Requests that wait in a turnstile and then stay until they are let go."""

    def __init__(self, turnstile: Turnstile) -> None:
        self.turnstile = turnstile
        self.inside: list[str] = []
        self.leave = asyncio.Event()

    async def visit(self, caller: str) -> None:
        async with self.turnstile.place(caller):
            self.inside.append(caller)
            await self.leave.wait()


async def settle() -> None:
    """Lets everybody go as far as they can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_one_caller_takes_only_some_of_the_places():
    crowd = Crowd(Turnstile(at_once=5, per_caller=2, waiting=10))
    async with asyncio.TaskGroup() as group:
        for caller in ("greedy",) * 8 + ("tess", "theo", "mira", "otto"):
            group.create_task(crowd.visit(caller))
        await settle()
        assert crowd.inside == ["greedy", "greedy", "tess", "theo", "mira"]
        crowd.leave.set()
    assert len(crowd.inside) == 12


async def test_whoever_waits_too_often_is_sent_away_and_nobody_else():
    crowd = Crowd(Turnstile(at_once=5, per_caller=1, waiting=1))
    async with asyncio.TaskGroup() as group:
        for caller in ("greedy", "greedy", "tess"):
            group.create_task(crowd.visit(caller))
        await settle()
        with pytest.raises(TooManyRequests) as caught:
            await crowd.visit("greedy")
        assert (caught.value.code, caught.value.retry_after_s) == ("too_many_requests", 1)
        crowd.leave.set()
    await crowd.visit("greedy")


async def test_a_request_that_is_given_up_frees_its_place():
    crowd = Crowd(Turnstile(at_once=1, per_caller=1, waiting=1))
    async with asyncio.TaskGroup() as group:
        first = group.create_task(crowd.visit("tess"))
        second = group.create_task(crowd.visit("tess"))
        await settle()
        first.cancel()
        await settle()
        second.cancel()
    crowd.leave.set()
    await crowd.visit("tess")
    assert crowd.inside == ["tess", "tess", "tess"]


async def test_an_answer_without_bounds_never_leaves_the_database(tess, ada, database):
    async with database.acting_as_service() as tx:
        await tx.execute("update public.products set description = repeat('x', 17000000)")
        await tx.execute("insert into public.products (title, description) values ('B', repeat('x', 17000000))")
    error = await tess.fails("products", 413, "54000")
    assert "33554432" in error["message"]
    embedded = f"products?id=eq.{PRODUCT}&select=description,modules(products(description))"
    assert (await ada.fails(embedded, 413, "54000"))["hint"] == "Ask for fewer rows, columns or embeds."
    assert len(await tess.get("products?limit=1")) == 1


async def test_a_write_whose_answer_has_no_bounds_writes_nothing(ada):
    title = "x" * 900_000
    body = [{"title": title}]
    await ada.post("products", body)
    selected = ",".join(f"t{number}:title" for number in range(40))
    async with await ada.post(f"products?select={selected}", body, Prefer="return=representation") as answer:
        assert (answer.status, (await answer.json())["code"]) == (413, "54000")
    assert len(await ada.get(f"products?select=id&title=like.{'x' * 100}*")) == 1
