import asyncio

import pytest
from argon2 import PasswordHasher

from accounts.sign_in.passwords import Passwords
from core.errors import Unavailable


@pytest.fixture
def passwords():
    passwords = Passwords(workers=1, waiting=2, hasher=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    yield passwords
    passwords.close()


async def test_a_password_is_right_or_wrong(passwords):
    stored = await passwords.hash("correct horse")
    assert "correct" not in stored
    assert (await passwords.verify("correct horse", stored)).correct
    assert not (await passwords.verify("wrong", stored)).correct
    assert not (await passwords.verify("the password of nobody", None)).correct
    assert not (await passwords.verify("anything", "no hash at all")).correct


async def test_a_hash_of_older_parameters_is_replaced_when_the_password_was_right(passwords):
    older = Passwords(hasher=PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    stored = await older.hash("correct horse")
    older.close()
    assert (await passwords.verify("wrong", stored)).new_hash is None
    new_hash = (await passwords.verify("correct horse", stored)).new_hash
    assert new_hash is not None
    assert await passwords.verify("correct horse", new_hash) == await passwords.verify("correct horse", new_hash)
    assert (await passwords.verify("correct horse", new_hash)).new_hash is None


async def test_a_flood_is_refused_at_once_and_leaves_room_afterwards(passwords):
    results = await asyncio.gather(*(passwords.hash(str(number)) for number in range(20)), return_exceptions=True)
    refused = [result for result in results if isinstance(result, Unavailable)]
    assert 0 < len(refused) <= 17
    assert await passwords.hash("later")


@pytest.mark.parametrize("password", ["", "x" * 1_025])
async def test_a_password_without_measure_is_not_hashed(passwords, password):
    with pytest.raises(ValueError, match="1 to 1024 bytes"):
        await passwords.hash(password)
