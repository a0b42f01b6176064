"""What is watched: merged, believed as far as it can be true, and what completes a lesson."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.identity import Person
from tests.support.courses import complete
from tests.support.world import World

DURATION_MS = 100_000
RANGE = st.tuples(st.integers(0, 130_000), st.integers(1, 40_000)).map(lambda pair: [pair[0], pair[0] + pair[1]])
RANGES = st.lists(RANGE, max_size=8)
WATCH = "select public.watch_lesson($1, $2, $3) as told"


@pytest.fixture
async def lesson_id(world: World) -> UUID:
    """The video lesson, whose film of 100 s was read."""
    await has_film(world, world.course.video_lesson_id)
    return world.course.video_lesson_id


async def has_film(world: World, lesson_id: UUID, duration_ms: int = DURATION_MS) -> None:
    """Gives the lesson a film that was read."""
    await world.as_service("update public.lessons set video_url = 'film.webm' where id = $1", lesson_id)
    await world.as_service(
        "update public.lesson_videos set state = 'ready', version = $2, duration_ms = $3 where lesson_id = $1",
        lesson_id,
        uuid4(),
        duration_ms,
    )


async def watch(world: World, person: Person, lesson_id: UUID, *ranges: list[int], at: int = 0) -> dict[str, Any]:
    """What the server says to it."""
    told: dict[str, Any] = (await world.as_person(person, WATCH, lesson_id, list(ranges), at))[0]["told"]
    return told


async def time_passes(world: World, seconds: float) -> None:
    """Everything was opened so much earlier."""
    await world.as_service(
        "update public.video_watching set started_at = started_at - make_interval(secs => $1)", seconds
    )


def merged(before: set[int], ranges: list[list[int]]) -> list[list[int]]:
    """The obvious model: every millisecond by itself, then gaps of a second closed."""
    seen = before | {ms for begin, end in ranges for ms in range(begin, min(end, DURATION_MS))}
    pieces: list[list[int]] = []
    for ms in sorted(seen):
        if pieces and ms - pieces[-1][1] <= 1_000:
            pieces[-1][1] = ms + 1
        else:
            pieces.append([ms, ms + 1])
    return pieces


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=RANGES, second=RANGES)
async def test_ranges_are_merged_as_the_model_says(world: World, first: list[list[int]], second: list[list[int]]):
    sql = """
        with first as (select callx.merged_watching('{}', callx.ranges_of($1), $3) as ranges),
        both_ as (select callx.merged_watching(f.ranges, callx.ranges_of($2), $3) as ranges from first f)
        select (select jsonb_agg(jsonb_build_array(lower(r), upper(r)) order by r) from unnest(b.ranges) r) as pairs,
          callx.length_ms(b.ranges) as length from both_ b"""
    row = (await world.as_service(sql, first, second, DURATION_MS))[0]
    then = {ms for begin, end in merged(set(), first) for ms in range(begin, end)}
    assert row["pairs"] == (merged(then, second) or None)
    assert row["length"] == sum(end - begin for begin, end in merged(then, second))


async def test_of_very_many_pieces_the_longest_are_kept(world: World):
    pieces = [[second * 3_000, second * 3_000 + 900 + second] for second in range(400)]
    sql = "select callx.merged_watching($1::int4multirange, '{}', 10000000)::text as watched"
    text = "{" + ",".join(f"[{begin},{end})" for begin, end in pieces) + "}"
    watched = (await world.as_service(sql, asyncpg_multirange(pieces)))[0]["watched"]
    assert watched.count("[") == 300
    assert "[300000," in watched, f"the longer ones stay: {text[:40]}"
    assert "[0," not in watched


def asyncpg_multirange(pieces: list[list[int]]) -> list[asyncpg.Range]:
    """As asyncpg sends it."""
    return [asyncpg.Range(begin, end) for begin, end in pieces]


async def test_a_whole_film_in_one_go_is_not_believed_until_it_can_be_true(world: World, lesson_id: UUID):
    tess = world.cast.tess
    await watch(world, tess, lesson_id)
    told = await watch(world, tess, lesson_id, [0, DURATION_MS], at=42_000)
    assert (told["is_accepted"], told["watched"], told["percent"]) == (False, [], 0)
    assert told["position_ms"] == 42_000, "where somebody is may be kept all the same"
    assert 40_000 <= told["retry_after_ms"] <= 47_600, "half of the film, without five seconds"
    await time_passes(world, told["retry_after_ms"] / 1_000)
    told = await watch(world, tess, lesson_id, [0, DURATION_MS])
    assert (told["is_accepted"], told["percent"], told["is_completed"]) == (True, 100, True)


async def test_whoever_watches_at_twice_the_speed_is_always_believed(world: World, lesson_id: UUID):
    tess = world.cast.tess
    await watch(world, tess, lesson_id)
    for second in range(10):
        await time_passes(world, 5)
        told = await watch(world, tess, lesson_id, [second * 10_000, second * 10_000 + 10_000])
        assert told["is_accepted"]
    assert told["percent"] == 100


async def test_what_was_watched_without_a_connection_is_told_afterwards(world: World, lesson_id: UUID):
    tess = world.cast.tess
    await watch(world, tess, lesson_id)
    await time_passes(world, 60)
    told = await watch(world, tess, lesson_id, [0, 30_000], [40_000, 70_000], at=70_000)
    assert (told["watched"], told["watched_ms"], told["percent"]) == ([[0, 30_000], [40_000, 70_000]], 60_000, 60)
    assert (told["position_ms"], told["duration_ms"], told["is_completed"]) == (70_000, DURATION_MS, False)


async def test_telling_the_same_again_changes_nothing(world: World, lesson_id: UUID):
    tess = world.cast.tess
    await watch(world, tess, lesson_id)
    await time_passes(world, 10)
    first = await watch(world, tess, lesson_id, [0, 20_000])
    assert await watch(world, tess, lesson_id, [0, 20_000], [5_000, 6_000]) == first | {"position_ms": 0}


@pytest.mark.parametrize(
    "ranges",
    [[[5, 1]], [["a", 1]], [[0]], [[0, 1.5]], [0, 1], [[-1, 5]], {"from": 0}, [[0, 1]] * 101, [[0, 999_999_999]]],
)
async def test_odd_ranges_are_refused_with_a_reason(world: World, lesson_id: UUID, ranges: Any):
    with pytest.raises(asyncpg.RaiseError) as refused:
        await world.as_person(world.cast.tess, WATCH, lesson_id, ranges, 0)
    assert refused.value.detail == "bad_ranges"


async def test_a_lesson_that_is_hidden_or_no_video_is_not_there(world: World, lesson_id: UUID):
    for wrong in (world.course.text_lesson_id, uuid4()):
        with pytest.raises(asyncpg.NoDataFoundError):
            await watch(world, world.cast.tess, wrong)
    await world.as_service("update public.products set is_active = false")
    with pytest.raises(asyncpg.NoDataFoundError):
        await watch(world, world.cast.tess, lesson_id)


async def test_rows_are_written_by_the_function_alone_and_read_by_whom_they_concern(world: World, lesson_id: UUID):
    tess = world.cast.tess
    await watch(world, tess, lesson_id)
    await world.refuses(tess, "update public.video_watching set watched = '{[0,99999)}'")
    await world.refuses(
        tess, "insert into public.video_watching (user_id, lesson_id) values ($1, $2)", tess.user_id, lesson_id
    )
    rows = "select user_id from public.video_watching"
    for person, seen in (
        (tess, 1),
        (world.cast.mira, 1),
        (world.cast.ada, 1),
        (world.cast.theo, 0),
        (world.cast.otto, 0),
        (world.edna, 0),
    ):
        assert len(await world.as_person(person, rows)) == seen


async def test_a_lesson_is_completed_at_nine_tenths_once(world: World, lesson_id: UUID):
    tess = world.cast.tess
    await watch(world, tess, lesson_id)
    await time_passes(world, 100)
    assert (await watch(world, tess, lesson_id, [0, 89_000]))["is_completed"] is False
    for _ in range(2):
        assert (await watch(world, tess, lesson_id, [89_000, 90_000]))["is_completed"] is True
    facts = await world.as_service("select from callx.facts where kind = 'LessonCompleted'")
    assert len(facts) == 1


async def test_the_button_completes_a_video_as_the_specification_prints_it(world: World, lesson_id: UUID):
    async with world.database.acting_as(world.cast.tess) as tx:
        assert await complete(tx, world.cast.tess, lesson_id) == 1


async def test_a_lesson_that_must_be_watched_is_completed_by_nothing_else(world: World, lesson_id: UUID):
    tess = world.cast.tess
    await world.as_service("update public.lessons set must_watch = true where id = $1", lesson_id)
    insert = "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2)"
    await world.refuses(tess, insert, tess.user_id, lesson_id, saying="watching its video: 0 of 90 percent")
    await watch(world, tess, lesson_id)
    await time_passes(world, 30)
    await watch(world, tess, lesson_id, [0, 45_000])
    await world.refuses(tess, insert, tess.user_id, lesson_id, saying="45 of 90 percent")
    await world.refuses(tess, insert, world.cast.theo.user_id, lesson_id)
    await time_passes(world, 30)
    assert (await watch(world, tess, lesson_id, [0, 90_000]))["is_completed"] is True
    await world.as_person(tess, insert, tess.user_id, lesson_id)


async def test_what_was_completed_stays_when_it_must_be_watched_later(world: World, lesson_id: UUID):
    tess = world.cast.tess
    insert = "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2) returning id"
    before = await world.as_person(tess, insert, tess.user_id, lesson_id)
    await world.as_service("update public.lessons set must_watch = true where id = $1", lesson_id)
    assert await world.as_person(tess, insert, tess.user_id, lesson_id) == before


@pytest.mark.parametrize("state", ["missing", "unreadable"])
async def test_a_film_that_nobody_can_watch_keeps_nobody_from_going_on(world: World, lesson_id: UUID, state: str):
    await world.as_service("update public.lessons set must_watch = true where id = $1", lesson_id)
    await world.as_service("update public.lesson_videos set state = $1", state)
    async with world.database.acting_as(world.cast.tess) as tx:
        assert await complete(tx, world.cast.tess, lesson_id) == 1


async def test_a_film_that_is_not_read_yet_is_waited_for(world: World, lesson_id: UUID):
    tess = world.cast.tess
    await world.as_service("update public.lessons set must_watch = true, video_url = 'b.webm' where id = $1", lesson_id)
    insert = "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2)"
    await world.refuses(tess, insert, tess.user_id, lesson_id, saying="still being prepared")
    told = await watch(world, tess, lesson_id)
    assert (told["duration_ms"], told["percent"]) == (None, None)


async def test_of_another_film_nothing_was_watched(world: World, lesson_id: UUID):
    tess = world.cast.tess
    await world.as_service("update public.lessons set must_watch = true where id = $1", lesson_id)
    await watch(world, tess, lesson_id)
    await time_passes(world, 50)
    assert (await watch(world, tess, lesson_id, [0, 80_000]))["percent"] == 80
    await has_film(world, lesson_id, 50_000)
    insert = "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2)"
    await world.refuses(tess, insert, tess.user_id, lesson_id, saying="0 of 90 percent")
    assert (await watch(world, tess, lesson_id))["watched"] == []


async def test_addresses_elsewhere_have_no_film_of_ours(world: World):
    lesson_id = world.course.video_lesson_id
    await has_film(world, lesson_id)
    await world.as_service("update public.lessons set video_url = 'https://video.example/1' where id = $1", lesson_id)
    assert await world.as_service("select from public.lesson_videos") == []


async def test_what_was_watched_elsewhere_is_not_watched_of_the_film_that_replaces_it(world: World):
    lesson_id, tess = world.course.video_lesson_id, world.cast.tess
    await world.as_service("update public.lessons set video_url = 'https://films.example/1' where id = $1", lesson_id)
    await watch(world, tess, lesson_id)
    await time_passes(world, 3_600)
    assert (await watch(world, tess, lesson_id, [0, DURATION_MS]))["watched_ms"] == DURATION_MS
    await world.as_service("update public.lessons set must_watch = true where id = $1", lesson_id)
    await has_film(world, lesson_id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="0 of 90 percent"):
        await complete_by_hand(world, tess, lesson_id)


async def complete_by_hand(world: World, person: Person, lesson_id: UUID) -> None:
    await world.as_person(
        person,
        "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2) returning 1",
        person.user_id,
        lesson_id,
    )
