"""A script that nobody can play and a rubric that nobody can judge by do not get into the database."""

import asyncio
import copy
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from evaluation.rubric import Rubric, default_rubric
from lms.demo_files import read_demo_files
from tests.support.json_schemas import bare_schema
from tests.support.world import World
from voice.scenario import Scenario

KEYWORDS = {
    "$defs", "$ref", "additionalProperties", "anyOf", "const", "enum", "exclusiveMaximum", "exclusiveMinimum", "items",
    "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum", "pattern", "prefixItems", "properties",
    "required", "type",
}  # fmt: skip
"""What callx.schema_problem understands."""

RUBRIC: dict[str, Any] = json.loads(default_rubric().model_dump_json())
SPARSE_SCRIPT: dict[str, Any] = {
    "title": "A double charge",
    "customer": {"name": "Priya"},
    "opening": "Hello, I was charged twice.",
    "restatements": ["There are two charges on my card."],
    "facts": [
        {"key": "account", "label": "Account", "value": "44 17", "say": "It is 44 17."},
        {"key": "street", "label": "Street", "value": "Strauss Lane", "say": "In that lane.", "hidden": False},
    ],
    "objections": [{"say": "Really?", "overcome_by": ["yes"], "satisfied": "Fine."}],
    "wrong_solutions": [{"offered_by": ["voucher"], "say": "I want no voucher."}],
    "resolution": {"offered_by": ["refund"], "agree": "Thank you.", "goodbye": "Bye."},
    "mood": {"angry_goodbye": "That is enough."},
    "patience": {"prompts": ["Hello?"], "give_up": "I hang up."},
}
SCRIPT: dict[str, Any] = json.loads(Scenario.model_validate(SPARSE_SCRIPT).model_dump_json())
LETTERS = st.sampled_from("aks 17\u0130\u00df\u017f\u212a\ufb06\u0307_-\u00e9\u00c9\u00a0")
ODD_VALUES = st.one_of(
    st.sampled_from(
        [
            *("", " ", "\u00a0", "\u3000x", "x" * 401, "x" * 601, "a", "A b", "a\n", "44 17", "44\u00a017", "(44) 17."),
            *("STRAUSS lane", "Strau\u00df Lane", "\u017ftrau\ufb06", "\u212a", "my problem", "problem"),
            *("cap", "checks", "metric", "outcome", "zero", "en", "female", "dead_air"),
        ]
    ),
    st.sampled_from([0, 1, 5, 6, -1, 2.0, 0.5, 99.999, 100, 100.005, 100.00001, 1e-9, 1e-12, 1e15, 1e16, 1e300, 2000]),
    st.sampled_from([None, True, False, [], {}, [0, 2], [0], [0, 1, 2], ["x"], [" "], [None], {"a": 1}]),
    st.text(LETTERS, max_size=6),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in items for place in places(item, (*path, key)))]


@st.composite
def damaged(draw: st.DrawFn, whole: dict[str, Any]) -> dict[str, Any]:
    """The value with one to three changes, most of them for the worse."""
    changed = copy.deepcopy(whole)
    odd_values = ODD_VALUES.map(copy.deepcopy)  # a list among them may be changed next
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(places(changed)[1:]))
        holder: Any = changed
        for key in way:
            holder = holder[key]
        match draw(st.sampled_from(["replace", "replace", "remove", "add", "double"])):
            case "replace":
                holder[last] = draw(odd_values)
            case "remove":
                del holder[last]
            case "add" if isinstance(holder[last], dict):
                holder[last]["more"] = draw(odd_values)
            case "double" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[last]))
        if not places(changed)[1:]:
            break
    return changed


def is_valid(model: type[BaseModel], value: Any) -> bool:
    try:
        model.model_validate(json.loads(json.dumps(value)))
    except ValidationError:
        return False
    return True


@pytest.fixture
async def owner(owner_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(owner_dsn)
    yield connection
    await connection.close()


async def problem(owner: asyncpg.Connection, what: str, value: Any) -> str | None:
    """What the database finds wrong with a script or a rubric."""
    found: str | None = await owner.fetchval(f"select callx.{what}_problem($1::text::jsonb)", json.dumps(value))
    return found


@pytest.mark.parametrize(("what", "model"), [("script", Scenario), ("rubric", Rubric)])
async def test_the_database_has_the_schema_of_the_model(owner, what, model):
    """When this fails, a new migration replaces callx.script_schema() or callx.rubric_schema() by what is here."""
    assert json.loads(await owner.fetchval(f"select callx.{what}_schema()")) == bare_schema(model)


@pytest.mark.parametrize("model", [Scenario, Rubric])
def test_the_database_understands_every_keyword_of_the_schema(model):
    def keywords(schema):
        for keyword, part in schema.items() if isinstance(schema, dict) else ():
            yield keyword
            parts = part.values() if keyword in ("properties", "$defs") else part if isinstance(part, list) else [part]
            for inner in parts:
                yield from keywords(inner)

    assert set(keywords(bare_schema(model))) <= KEYWORDS


async def test_what_ships_can_be_used(owner):
    assert await problem(owner, "rubric", RUBRIC) is None
    assert await problem(owner, "rubric", {}) is None
    assert await problem(owner, "script", SCRIPT) is None
    assert await problem(owner, "script", {}) is None
    files = await asyncio.to_thread(read_demo_files)
    for simulation in files.simulations.values():
        assert await problem(owner, "script", simulation.script.model_dump(mode="json")) is None


def changed(whole, path, value):
    """A copy with another value at this place; ... takes it away."""
    copied = copy.deepcopy(whole)
    *way, last = path
    holder = copied
    for key in way:
        holder = holder[key]
    if value is ...:
        del holder[last]
    else:
        holder[last] = value
    return copied


FIRST = ("sections", 0, "criteria", 0)
WRONG_RUBRICS = [
    (("title",), ..., "rubric needs `title`"),
    (("titel",), "x", "rubric has no `titel`"),
    (("sections",), [], "rubric.sections must have at least 1 items"),
    (("sections", 0, "weight"), "10", "rubric.sections[0].weight must be a number"),
    (("sections", 0, "weight"), 0, "rubric.sections[0].weight must be more than 0"),
    (("sections", 0, "weight"), 11, "the weights of the sections must make 100"),
    (("version",), 1.5, "rubric.version must be a whole number"),
    ((*FIRST, "kind"), "vibes", 'rubric.sections[0].criteria[0].kind must be one of ["checks", "metric", "outcome"]'),
    ((*FIRST, "key"), "Greeting", "rubric.sections[0].criteria[0].key must match ^[a-z][a-z0-9_]{0,59}$"),
    ((*FIRST, "title"), " ", "rubric.sections[0].criteria[0].title must have at least 1 characters"),
    ((*FIRST, "checks"), [], "greeting: a criterion of kind checks has 1 to 6 checks"),
    ((*FIRST, "kind"), "metric", "greeting: a metric needs its name, band_ok and band_warn"),
    ((*FIRST, "kind"), "outcome", "greeting: an outcome needs the name of its fact"),
    ((*FIRST, "cap"), 50, "greeting: cap goes with on_fail cap, and only with it"),
    (("sections", 1, "criteria", 0, "key"), "greeting", "each criterion needs a key of its own"),
]
WRONG_SCRIPTS = [
    (("opening",), ..., "script needs `opening`"),
    (("language",), "de", "script.language must be one of en"),
    (("customer", "pace_wpm"), 400, "script.customer.pace_wpm must be at most 260"),
    (("facts", 1, "key"), "account", "two facts have the same key"),
    (("opening",), "Hello, 44-17 here.", "the hidden fact `account` is told without being asked for"),
    (("facts", 0, "value"), "Problem", "the hidden fact `account` is told without being asked for"),
    (("facts", 0, "value"), "—", "the hidden fact `account` has no words"),
]


@pytest.mark.parametrize(
    ("what", "value", "said"),
    [
        *(("rubric", changed(RUBRIC, path, value), said) for path, value, said in WRONG_RUBRICS),
        *(
            ("script", changed(SCRIPT | {"issue": "my problem"}, path, value), said)
            for path, value, said in WRONG_SCRIPTS
        ),
    ],
)
async def test_what_is_wrong_is_said(owner, what, value, said):
    assert await problem(owner, what, value) == said


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=damaged(RUBRIC))
async def test_a_rubric_that_the_database_takes_can_be_judged_by(owner, value):
    if await problem(owner, "rubric", value) is None:
        assert value == {} or is_valid(Rubric, value)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=damaged(SCRIPT) | damaged(SPARSE_SCRIPT))
async def test_a_script_that_the_database_takes_can_be_played(owner, value):
    if await problem(owner, "script", value) is None:
        assert value == {} or is_valid(Scenario, value)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(LETTERS, max_size=8), st.text(LETTERS, max_size=3))
async def test_no_secret_that_python_finds_in_a_line_is_overlooked(owner, line, secret):
    script = changed(changed(SCRIPT, ("opening",), f"a{line}b"), ("facts", 0, "value"), f"a{secret}")
    if not is_valid(Scenario, script):
        assert await problem(owner, "script", script) is not None


async def test_letters_that_are_written_differently_once_case_does_not_count_hide_no_secret(owner):
    folding = [letter for letter in map(chr, range(0x80, 0x110000)) if re.search("[a-z0-9_]", letter.casefold())]
    assert len(folding) >= 19
    for letter in folding:
        for line, secret in ((f"q{letter}q", f"q{letter.casefold()}q"), (f"q{letter.casefold()}q", f"q{letter}q")):
            script = changed(changed(SCRIPT, ("opening",), line), ("facts", 0, "value"), secret)
            assert not is_valid(Scenario, script)
            assert await problem(owner, "script", script) is not None, letter


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("facts", 0, "value"), "problem"),  # which the default of `issue` says
        (("opening",), "44 17"),  # a fact is hidden unless it says otherwise
    ],
)
async def test_what_is_left_out_counts_with_its_default(owner, path, value):
    script = changed(SPARSE_SCRIPT, path, value)
    assert not is_valid(Scenario, script)
    assert "told without being asked for" in str(await problem(owner, "script", script))


@pytest.mark.parametrize("weight", ["1e-400", "0.0000000001", "1e400"])
async def test_numbers_that_python_reads_as_others_are_refused(owner, weight):
    text = json.dumps(changed(RUBRIC, ("sections", 0, "criteria", 0, "weight"), "W")).replace('"W"', weight)
    found = await owner.fetchval("select callx.rubric_problem($1::text::jsonb)", text)
    assert found.startswith("rubric.sections[0].criteria[0].weight")


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("rubric", {"title": "R"}, "cannot be used"), ("script", {"title": "S"}, "cannot be played")],
)
async def test_an_admin_cannot_write_what_cannot_be_used(world: World, column, value, said):
    sql = f"update public.simulation_scenarios set {column} = $1"
    with pytest.raises(asyncpg.CheckViolationError, match=said):
        await world.as_person(world.cast.ada, sql, value)
    await world.as_person(world.cast.ada, sql, RUBRIC if column == "rubric" else SCRIPT)


async def test_what_an_older_release_let_in_can_be_changed_in_all_else(world: World, owner):
    await owner.execute("alter table public.simulation_scenarios disable trigger user")
    await owner.execute("update public.simulation_scenarios set script = '{\"old\": 1}'")
    await owner.execute("alter table public.simulation_scenarios enable trigger user")
    await world.as_person(world.cast.ada, "update public.simulation_scenarios set title = 'New', script = script")
    with pytest.raises(asyncpg.CheckViolationError):
        await world.as_person(world.cast.ada, "update public.simulation_scenarios set script = '{\"old\": 2}'")
