import pytest

from core.rest.errors import RestError
from core.rest.preferences import Action, Preferences, parse_prefer


def test_nothing_preferred():
    assert parse_prefer([]) == parse_prefer([""]) == parse_prefer([" , "]) == Preferences()
    assert Preferences().applied("read") == ""


def test_preferences_are_read_from_all_headers_and_the_first_counts():
    assert parse_prefer(["return=representation,count=exact", "return=minimal"]) == Preferences(
        returned="representation", count="exact"
    )
    assert parse_prefer(["resolution=merge-duplicates, missing=default", "RETURN = Headers-Only"]) == Preferences(
        returned="headers-only", resolution="merge", missing_default=True
    )
    assert parse_prefer(["resolution=ignore-duplicates"]) == Preferences(resolution="ignore")
    for count in ("planned", "estimated"):
        assert parse_prefer([f"count={count}"]).count == count


def test_what_is_not_known_is_passed_over_unless_handling_is_strict():
    assert parse_prefer(["tx=rollback,respond-async,return=all,count=some"]) == Preferences()
    assert parse_prefer(["handling=lenient,anything"]) == Preferences()
    assert parse_prefer(["handling=strict, return=minimal, missing=null, tx=commit"]) == Preferences(
        returned="minimal", strict=True
    )


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("handling=strict, anything", "anything"),
        ("handling=strict, return=all", "return=all"),
        ("tx=rollback, handling=strict", "tx=rollback"),
        ("handling=strict, max-affected=many, x=y", "max-affected=many, x=y"),
    ],
)
def test_what_is_not_known_is_refused_under_strict_handling(header, named):
    with pytest.raises(RestError) as caught:
        parse_prefer([header])
    assert (caught.value.status, caught.value.code) == (400, "PGRST122")
    assert caught.value.details == f"Invalid preferences: {named}"


def test_the_most_rows_that_may_be_affected_need_strict_handling():
    assert parse_prefer(["handling=strict, max-affected=10"]).max_affected == 10
    assert parse_prefer(["max-affected=10"]).max_affected is None


def test_an_answer_confirms_what_its_action_knows():
    everything = parse_prefer(
        [
            "return=representation, count=planned, resolution=merge-duplicates, missing=default",
            "handling=strict, max-affected=5",
        ]
    )
    expected: list[tuple[Action, str]] = [
        ("read", "count=exact, handling=strict"),
        (
            "insert",
            "resolution=merge-duplicates, missing=default, return=representation, count=exact, handling=strict",
        ),
        ("update", "return=representation, count=exact, handling=strict, max-affected=5"),
        ("delete", "return=representation, count=exact, handling=strict, max-affected=5"),
        ("call", "count=exact, handling=strict, max-affected=5"),
    ]
    for action, applied in expected:
        assert everything.applied(action) == applied
