import pytest

from accounts.people.creation import create_person
from core.errors import Conflict


async def test_a_person_is_made_with_profile_and_exactly_the_given_roles(database):
    async with database.acting_as_service() as tx:
        user_id = await create_person(tx, " Mira@CallX.example ", None, "Mira Moss", ("manager", "admin"))
        roles = await tx.fetch("select role from public.user_roles where user_id = $1 order by role", user_id)
        profile = await tx.fetchrow("select full_name, email from public.profiles where id = $1", user_id)
    assert [row["role"] for row in roles] == ["manager", "admin"]
    assert tuple(profile) == ("Mira Moss", "mira@callx.example")


async def test_an_address_belongs_to_one_person(database):
    async with database.acting_as_service() as tx:
        await create_person(tx, "mira@callx.example", None, "Mira")
        with pytest.raises(Conflict) as caught:
            await create_person(tx, "MIRA@callx.example", None, "Another")
    assert caught.value.code == "user_already_exists"


async def test_roles_that_do_not_exist_are_refused(database):
    async with database.acting_as_service() as tx:
        for roles in ((), ("owner",)):
            with pytest.raises(ValueError, match="Roles are some of"):
                await create_person(tx, "x@callx.example", None, "X", roles)
