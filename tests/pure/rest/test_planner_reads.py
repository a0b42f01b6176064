import pytest

from core.rest.catalog import Catalog, Column, Table
from core.rest.errors import RestError
from core.rest.parser import parse_query
from core.rest.planner.plans import CountOutput, EmbedOutput, EmbedTest, FieldOutput, FieldTest, Group, SpreadOutput
from core.rest.planner.reads import plan_read
from core.rest.query import Compare
from tests.pure.rest.course_catalog import CATALOG


def planned(table, max_rows=1_000, catalog=CATALOG, **parameters):
    return plan_read(catalog, table, parse_query(parameters.items()), max_rows=max_rows)


def level_of(table, **parameters):
    return planned(table, **parameters).level


def names(level):
    return [output.name for output in level.outputs]


def refused(table, **parameters):
    with pytest.raises(RestError) as caught:
        planned(table, **parameters)
    return caught.value.code


def test_a_star_is_what_the_role_may_read():
    assert names(level_of("simulations")) == ["id", "lesson_id"]


def test_what_is_selected_twice_comes_once():
    assert names(level_of("simulations", select="id,*,id,x:id")) == ["id", "lesson_id", "x"]


def test_of_two_with_one_name_the_later_one_is_meant():
    level = level_of("lessons", select="title,title:id,modules(id),...modules(id:title)")

    assert names(level) == ["title", "modules", "id"]
    assert level.outputs[0] == FieldOutput("title", level_of("lessons", select="id").outputs[0].value)
    assert [type(output) for output in level.outputs[1:]] == [EmbedOutput, SpreadOutput]


def test_a_hidden_column_is_planned_and_left_to_the_database_to_refuse():
    [output] = level_of("simulations", select="prompt").outputs
    assert output.value.column.name == "prompt"


def test_embeds_know_which_way_they_go():
    [lessons] = level_of("modules", select="lessons(simulations(id),modules(id))").embeds
    simulations, modules = lessons.level.embeds

    assert (lessons.shape, lessons.relationship.pairs) == ("array", (("id", "module_id"),))
    assert (simulations.shape, simulations.relationship.pairs) == ("object", (("id", "lesson_id"),))
    assert (modules.shape, modules.relationship.pairs) == ("object", (("module_id", "id"),))


def test_an_embed_without_outputs_only_filters():
    [modules] = level_of("lessons", select="id,modules(products())").embeds

    assert (modules.shape, modules.level.embeds[0].shape) == ("hidden", "hidden")


def test_a_plan_names_every_table_that_it_reads():
    plan = planned("lessons", select="id,modules!inner(products())")
    assert plan.tables == {"lessons", "modules", "products"}


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"select": "nope"}, "42703"),
        ({"nope": "eq.1"}, "42703"),
        ({"order": "nope"}, "42703"),
        ({"or": "(id.eq.1,and(nope.eq.1))"}, "42703"),
        ({"select": "lessons(*)"}, "PGRST200"),
        ({"select": "modules(nope)"}, "42703"),
        ({"select": "id::regclass"}, "PGRST100"),
        ({"select": "title->a"}, "42883"),
        ({"title->a": "eq.1"}, "42883"),
        ({"order": "title->a"}, "42883"),
        ({"select": "count()"}, "PGRST123"),
        ({"select": "id.max()"}, "PGRST123"),
        ({"select": "modules(id)", "order": "modules(title)"}, "PGRST118"),
        ({"select": "id", "order": "modules(title)"}, "PGRST108"),
        ({"select": "modules(id)", "modules": "eq.1"}, "PGRST120"),
        ({"select": "modules(id)", "modules": "is.true"}, "PGRST120"),
        ({"select": "modules(id)", "or": "(id.eq.1,modules.gt.1)"}, "PGRST120"),
        ({"select": "count,id"}, "42803"),
    ],
)
def test_what_cannot_be_planned_is_refused(parameters, code):
    assert refused("products", **parameters) == code


def test_a_table_that_does_not_exist_is_refused():
    assert refused("nothing") == "PGRST205"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("modules.title", "eq.1"),
        ("x.lessons.title", "eq.1"),
        ("modules.or", "(id.eq.1,id.eq.2)"),
        ("modules.order", "id"),
        ("modules.limit", "1"),
        ("modules.offset", "0"),
    ],
)
def test_nothing_that_is_asked_of_an_embed_is_forgotten(key, value):
    assert refused("products", **{key: value}) == "PGRST108"
    assert refused("lessons", select="m:modules(*)", **{f"wrong.{key}": value}) == "PGRST108"
    assert refused("lessons", select="m:modules(*)", **{f"m.{key}": value}) == "PGRST108"


@pytest.mark.parametrize("name", ["m", "lessons_module_id_fkey", "modules"])
def test_an_embed_is_addressed_by_alias_target_or_table(name):
    asked = {
        f"{name}.title": "eq.x",
        f"{name}.limit": "3",
        "or": f"({name}.is.null,id.eq.1)",
        "order": f"{name}(title)",
    }
    level = level_of("lessons", select="m:lessons_module_id_fkey(id)", **asked)

    [embed] = level.embeds
    [condition] = embed.level.conditions
    assert (condition.test, embed.level.limit) == (Compare("eq", "x"), 3)
    assert level.sortings[0].embed is embed
    assert level.conditions[0].members[0].embed is embed


def test_an_alias_goes_before_a_table_of_the_same_name():
    level = level_of("people", select="people:boss_id(id),reports:people(id)", **{"people.id": "eq.1"})

    assert [len(embed.level.conditions) for embed in level.embeds] == [1, 0]


def test_two_embeds_of_one_name_cannot_be_addressed_by_it():
    select = "a:people!teams_trainee_id_fkey(id),b:people!teams_manager_id_fkey(id)"

    assert refused("teams", select=select, **{"people.id": "eq.1"}) == "PGRST108"
    assert refused("teams", select=select, order="people(id)") == "PGRST108"
    level = level_of("teams", select=select, **{"b.id": "eq.1"})
    assert [len(embed.level.conditions) for embed in level.embeds] == [0, 1]


def test_a_filter_of_an_embed_behind_many_aliases_reaches_it():
    select = "id"
    for depth in range(8):
        select = f"a{depth}:{'lessons' if depth % 2 == 0 else 'modules'}({select})"
    for path in (
        ".".join(f"a{depth}" for depth in reversed(range(8))),
        ".".join("lessons" if depth % 2 == 0 else "modules" for depth in reversed(range(8))),
    ):
        level = level_of("lessons", select=select, **{f"{path}.title": "eq.x"})
        while level.embeds:
            assert level.conditions == ()
            level = level.embeds[0].level
        assert len(level.conditions) == 1


def test_an_embed_is_tested_wherever_a_column_is():
    level = level_of("products", select="modules()", **{"or": "(modules.is.null,and(title.eq.x,modules.not.is.null))"})

    [group] = level.conditions
    assert isinstance(group, Group)
    first, second = group.members
    assert isinstance(first, EmbedTest)
    assert isinstance(second, Group)
    assert (first.present, [type(member) for member in second.members]) == (False, [FieldTest, EmbedTest])
    assert first.embed is level.embeds[0]


def test_a_column_goes_before_an_embed_of_its_name():
    level = level_of("lessons", select="module_id(id)", module_id="is.null")

    assert isinstance(level.conditions[0], FieldTest)


def test_every_level_of_a_read_is_limited():
    level = level_of("modules", max_rows=10, select="lessons(id,simulations(id))", limit="50", **{"lessons.limit": "3"})
    [lessons] = level.embeds

    assert (level.limit, lessons.level.limit, lessons.level.embeds[0].level.limit) == (10, 3, 10)


def test_count_is_a_column_where_there_is_one():
    counted = Catalog("public", {"t": Table("t", {"count": Column("count", "pg_catalog.int4", readable=True)})})

    assert isinstance(planned("t", catalog=counted, select="count").level.outputs[0], FieldOutput)
    assert level_of("products", select="n:count::text").outputs == (CountOutput("n", "pg_catalog.text"),)


def test_a_key_that_makes_no_name_needs_an_alias():
    columns = {"data": Column("data", "pg_catalog.jsonb", readable=True, kind="jsonb")}
    catalog = Catalog("public", {"t": Table("t", columns)})

    def output(select):
        return planned("t", catalog=catalog, select=select).level.outputs[0].name

    assert [output(text) for text in ("data->a->0", "data->0", "x:data->a", 'data->"a b"')] == ["a", "data", "x", "a b"]
    for key in ('""', f'"{"k" * 64}"', '"a\nb"'):
        with pytest.raises(RestError):
            output(f"data->{key}")
        assert output(f"x:data->{key}") == "x"
