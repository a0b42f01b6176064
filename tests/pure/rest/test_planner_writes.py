import pytest

from core.rest.errors import RestError
from core.rest.parser import parse_query
from core.rest.planner.plans import Conflict
from core.rest.planner.writes import plan_delete, plan_insert, plan_update
from tests.pure.rest.course_catalog import CATALOG


def insert(table, keys=("title",), representation=True, resolution=None, **parameters):
    query = parse_query(parameters.items())
    return plan_insert(CATALOG, table, query, keys, representation=representation, resolution=resolution)


def update(table, keys=("title",), representation=True, **parameters):
    return plan_update(CATALOG, table, parse_query(parameters.items()), keys, representation=representation)


def delete(table, representation=True, **parameters):
    return plan_delete(CATALOG, table, parse_query(parameters.items()), representation=representation)


def refused(plan, *arguments, **parameters):
    with pytest.raises(RestError) as caught:
        plan(*arguments, **parameters)
    return caught.value.status, caught.value.code


def names(plan):
    return [column.name for column in plan.columns]


def test_the_columns_are_those_of_the_query_else_the_keys_of_the_rows():
    assert names(insert("modules", ("title", "id", "title"))) == ["title", "id"]
    assert names(insert("modules", ("nope",), columns="id,title")) == ["id", "title"]
    assert names(update("modules", ("nope",), columns="id", id="eq.1")) == ["id"]


def test_what_cannot_be_written_is_refused():
    assert refused(insert, "modules", ("nope",)) == (400, "PGRST204")
    assert refused(update, "modules", ("nope",), id="eq.1") == (400, "PGRST204")
    assert refused(insert, "nothing") == (404, "PGRST205")
    assert refused(insert, "modules", select="nope") == (400, "42703")
    assert refused(insert, "modules", representation=False, select="nope") == (400, "42703")


@pytest.mark.parametrize("representation", [True, False])
def test_without_a_filter_of_its_own_table_nothing_is_changed(representation):
    for parameters in ({}, {"select": "id,products!inner()", "products.id": "eq.1"}, {"select": "id"}):
        assert refused(update, "modules", representation=representation, **parameters) == (400, "21000")
        assert refused(delete, "modules", representation=representation, **parameters) == (400, "21000")


@pytest.mark.parametrize("parameters", [{"limit": "1"}, {"offset": "1"}, {"limit": "0", "order": "id"}])
def test_writes_are_never_limited(parameters):
    for plan in (update, delete):
        assert refused(plan, "modules", id="eq.1", **parameters) == (400, "PGRST100")
    assert refused(insert, "modules", **parameters) == (400, "PGRST100")


def test_an_order_is_for_what_is_answered():
    assert update("modules", id="eq.1", order="id").answer.sortings
    assert refused(update, "modules", id="eq.1", order="id", representation=False) == (400, "PGRST100")


def test_an_insert_has_no_filters():
    assert refused(insert, "modules", id="eq.1") == (400, "PGRST100")


@pytest.mark.parametrize("representation", [True, False])
def test_what_is_asked_of_no_embed_is_not_forgotten(representation):
    for plan in (update, delete):
        error = refused(plan, "modules", representation=representation, id="eq.1", **{"lessons.title": "eq.1"})
        assert error == (400, "PGRST108")
    assert refused(insert, "modules", representation=representation, **{"lessons.id": "eq.1"}) == (400, "PGRST108")


def test_filters_choose_rows_and_do_not_filter_the_answer():
    plan = update("modules", id="eq.1", select="id,lessons!inner(id)", **{"lessons.title": "eq.x"})

    assert (len(plan.conditions), plan.answer.conditions) == (1, ())
    [lessons] = plan.answer.embeds
    assert (len(lessons.level.conditions), lessons.inner) == (1, False)
    assert (plan.answer.limit, lessons.level.limit) == (None, None)


def test_nothing_is_answered_that_was_not_asked_for():
    assert insert("modules", representation=False).answer is None
    assert update("modules", representation=False, id="eq.1").answer is None
    assert delete("modules", representation=False, id="eq.1").answer is None


def test_a_conflict_is_over_the_columns_named_else_the_primary_key():
    assert insert("modules", resolution="merge", on_conflict="product_id,title").conflict == Conflict(
        ("product_id", "title"), "merge"
    )
    assert insert("modules", resolution="ignore").conflict is None  # this catalog knows no primary keys
    assert insert("modules", on_conflict="id").conflict is None
    assert refused(insert, "modules", on_conflict="nope") == (400, "42703")


def test_a_plan_names_every_table_that_it_writes_or_reads():
    assert update("modules", id="eq.1", select="id,lessons()").tables == {"modules", "lessons"}
    assert delete("modules", representation=False, id="eq.1").tables == {"modules"}
