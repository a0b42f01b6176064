import pytest

from core.rest.errors import RestError
from core.rest.parser.limits import MAXIMUM_DEPTH, MAXIMUM_EMBEDS, MAXIMUM_ITEMS, MAXIMUM_JSON_STEPS
from core.rest.parser.select import parse_select
from core.rest.query import EmbedSelect, Field, FieldSelect, JsonStep, StarSelect

STAR = (StarSelect(),)


def column(name, alias=None, cast=None):
    return FieldSelect(Field(name), alias, cast)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", STAR),
        ("*", STAR),
        ("id,title", (column("id"), column("title"))),
        (" id , title ", (column("id"), column("title"))),
        ("t:title::text", (column("title", "t", "text"),)),
        ("score::double precision", (column("score", None, "double precision"),)),
        ('"a,b"', (column("a,b"),)),
        (r'"a\"b\\c"', (column('a"b\\c'),)),
        ('"(inside,parens)",":colon","-dash"', (column("(inside,parens)"), column(":colon"), column("-dash"))),
        ("first-name,$x,grün", (column("first-name"), column("$x"), column("grün"))),
        ('"my alias":"my column"', (column("my column", "my alias"),)),
        ("count", (column("count"),)),
        ("c:count", (column("count", "c"),)),
    ],
)
def test_columns(text, items):
    assert parse_select(text) == items


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("data->key", Field("data", (JsonStep("key"),))),
        ("data->>key", Field("data", (JsonStep("key", True),))),
        ("data->0->>question_id", Field("data", (JsonStep(0), JsonStep("question_id", True)))),
        ("data->-1", Field("data", (JsonStep(-1),))),
        ("data->-1->>x", Field("data", (JsonStep(-1), JsonStep("x", True)))),
        ("data->0abc", Field("data", (JsonStep("0abc"),))),
        ('data->"0"', Field("data", (JsonStep("0"),))),
        ('data->>"a.b,c->d"', Field("data", (JsonStep("a.b,c->d", True),))),
        ("data->a-b->$c", Field("data", (JsonStep("a-b"), JsonStep("$c")))),
        ("data->!@#%^&*_ ", Field("data", (JsonStep("!@#%^&*_"),))),
        ('"data"->a', Field("data", (JsonStep("a"),))),
    ],
)
def test_paths_into_json(text, field):
    assert parse_select(text) == (FieldSelect(field),)
    assert parse_select(f"x:{text}::int,id") == (FieldSelect(field, "x", "int"), column("id"))


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("*,lessons(*)", (StarSelect(), EmbedSelect("lessons", STAR))),
        ("m:modules!inner(id)", (EmbedSelect("modules", (column("id"),), "m", None, True),)),
        ("people!boss_id!left(*)", (EmbedSelect("people", STAR, None, "boss_id"),)),
        ("people!inner!boss_id(*)", (EmbedSelect("people", STAR, None, "boss_id", True),)),
        ("a(b(c()))", (EmbedSelect("a", (EmbedSelect("b", (EmbedSelect("c", ()),)),)),)),
        ("...modules!inner(t:title)", (EmbedSelect("modules", (column("title", "t"),), inner=True, spread=True),)),
        ("x(...y(z))", (EmbedSelect("x", (EmbedSelect("y", (column("z"),), spread=True),)),)),
        ("lessons(count)", (EmbedSelect("lessons", (column("count"),)),)),
        ('"odd table"!"odd hint"(*)', (EmbedSelect("odd table", STAR, hint="odd hint"),)),
    ],
)
def test_embeds(text, items):
    assert parse_select(text) == items


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("count()", FieldSelect(None, aggregate="count")),
        ("n:count()::text", FieldSelect(None, "n", "text", "count")),
        ("score.avg()", FieldSelect(Field("score"), aggregate="avg")),
        ("m:a->>b.max()::int", FieldSelect(Field("a", (JsonStep("b", True),)), "m", "int", "max")),
    ],
)
def test_aggregates_are_read_so_that_the_planner_can_refuse_them(text, item):
    assert parse_select(text) == (item,)


@pytest.mark.parametrize(
    "text",
    [
        ",", "id,", "id title(", "a(b", "a(b))", "a!x!y(b)", "a!inner!left(b)", "a!inner", "a:", ":a", "a::", '"a',
        '""', "*::text", "...", "...a", "...x:a(b)", "...a:x(b)", "a->", "a->>", "a->b->", "a->(", "count(x)",
        "a.median()",
        "a.sum", "a.sum(", 'x"y:id', "é" * 64 + ":id", '"a\\"b;":id', "a::text.sum",
    ],
)  # fmt: skip
def test_a_select_that_is_none(text):
    with pytest.raises(RestError) as caught:
        parse_select(text)
    assert (caught.value.status, caught.value.code) == (400, "PGRST100")


def test_an_error_says_where():
    with pytest.raises(RestError) as caught:
        parse_select("id,title,")
    assert caught.value.message == '"failed to parse select parameter (id,title,)" (line 1, column 10)'
    assert caught.value.details == "unexpected end of input expecting field name (* or [a..z0..9_$])"


def nested(depth):
    return "a(" * depth + "id" + ")" * depth


@pytest.mark.parametrize(
    ("largest", "too_large"),
    [
        (",".join(["id"] * MAXIMUM_ITEMS), ",".join(["id"] * (MAXIMUM_ITEMS + 1))),
        (",".join(["a(id)"] * MAXIMUM_EMBEDS), ",".join(["a(id)"] * (MAXIMUM_EMBEDS + 1))),
        (nested(MAXIMUM_DEPTH), nested(MAXIMUM_DEPTH + 1)),
        ("a" + "->b" * MAXIMUM_JSON_STEPS, "a" + "->b" * (MAXIMUM_JSON_STEPS + 1)),
        ("é" * 31 + ":id", "é" * 32 + ":id"),
    ],
)
def test_each_limit_is_where_it_says(largest, too_large):
    assert parse_select(largest)
    with pytest.raises(RestError) as caught:
        parse_select(too_large)
    assert caught.value.code == "PGRST100"


def test_a_parenthesis_repeated_ten_thousand_times_is_no_stack_overflow():
    with pytest.raises(RestError):
        parse_select("a(" * 10_000)
