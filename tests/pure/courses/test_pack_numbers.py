"""Numbers of strangers, of which computing one could take minutes."""

import pytest

from lms.courses.packs.yaml_text import BadYaml, read_yaml


@pytest.mark.parametrize("number", ["1" + ":59" * 200, "1" * 400, "0x" + "f" * 400, "1." + "0" * 400])
def test_a_number_that_is_longer_than_any_number_is_refused_unread(number: str):
    with pytest.raises(BadYaml, match="no number that is read"):
        read_yaml(f"weight: {number}\n".encode(), "course.yaml")


def test_short_numbers_are_read_as_yaml_has_them():
    assert read_yaml(b"a: 1:30\nb: -1.5\nc: 0x10\n", "course.yaml").value == {"a": 90, "b": -1.5, "c": 16}
