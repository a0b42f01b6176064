"""Places that are taken and given back."""

from voice.places import Places


def test_no_more_are_taken_than_there_are() -> None:
    places = Places(2)
    assert [places.take(), places.take(), places.take()] == [True, True, False]
    places.give_back()
    assert [places.take(), places.take()] == [True, False]


def test_without_a_limit_there_is_always_one() -> None:
    places = Places()
    assert all(places.take() for _ in range(1_000))
