"""What the front end embeds, in CallX's own schema."""

import pytest

from core.errors import CallXError
from core.rest.introspection import load_catalog
from core.rest.relationships import find_relationship


@pytest.fixture
async def catalog(database):
    async with database.acting_as_service() as tx:
        return await load_catalog(tx, "public")


@pytest.mark.parametrize(
    ("parent", "target", "hint", "cardinality"),
    [
        ("products", "modules", None, "one-to-many"),
        ("modules", "lessons", None, "one-to-many"),
        ("lessons", "modules", None, "many-to-one"),
        ("lessons", "quizzes", None, "one-to-one"),
        ("lessons", "simulations", None, "one-to-one"),
        ("simulations", "simulation_scenarios", None, "one-to-one"),
        ("quizzes", "quiz_questions", None, "one-to-many"),
        ("quiz_questions", "quiz_answers", None, "one-to-many"),
        ("lessons", "lesson_attachments", None, "one-to-many"),
        ("profiles", "user_roles", None, "one-to-many"),
        ("profiles", "lesson_completions", None, "one-to-many"),
        ("quiz_attempts", "profiles", None, "many-to-one"),
        ("certifications", "products", None, "many-to-one"),
        ("manager_assignments", "profiles", "manager_assignments_trainee_id_fkey", "many-to-one"),
        ("manager_assignments", "profiles", "manager_id", "many-to-one"),
        ("manager_assignments", "trainee_id", None, "many-to-one"),
        ("profiles", "manager_assignments", "manager_assignments_manager_id_fkey", "one-to-many"),
    ],
)
def test_an_embed_of_the_front_end_is_found(catalog, parent, target, hint, cardinality):
    assert find_relationship(catalog, parent, target, hint).cardinality == cardinality


def test_an_assignment_has_two_profiles(catalog):
    with pytest.raises(CallXError) as caught:
        find_relationship(catalog, "manager_assignments", "profiles")
    assert caught.value.code == "PGRST201"


async def test_a_hidden_column_is_not_readable_and_no_internal_function_is_there(database, cast):
    async with database.acting_as(cast.tess) as tx:
        catalog = await load_catalog(tx, "public")

    assert not catalog.tables["quiz_answers"].columns["is_correct"].readable
    assert not catalog.tables["simulations"].columns["ai_system_prompt"].readable
    assert "has_role" in catalog.functions
    assert not [name for name in catalog.functions if name.startswith("handle_")]


def test_the_locks_are_embedded_by_the_keys_that_their_view_declares(catalog):
    assert find_relationship(catalog, "modules", "module_locks").cardinality == "one-to-one"
    assert find_relationship(catalog, "module_locks", "modules").cardinality == "one-to-one"
    assert find_relationship(catalog, "products", "module_locks").cardinality == "one-to-many"
