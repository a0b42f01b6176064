"""Short codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.codes import BITS, code_of, grouped, read_code

numbers = st.integers(0, 2**BITS - 1)


@given(numbers)
def test_every_code_reads_back_however_it_is_typed(number: int):
    code = code_of(number)
    assert len(code) == 16
    for typed in (code, grouped(code), grouped(code).lower(), f" {code[:5]} {code[5:]} ", code.replace("0", "O")):
        assert read_code(typed) == code
    assert read_code(code.replace("1", "l")) == code


@given(numbers, numbers)
def test_two_numbers_have_two_codes(one: int, other: int):
    assert (code_of(one) == code_of(other)) == (one == other)


@given(st.text())
def test_anything_else_is_none_and_no_error(text: str):
    code = read_code(text)
    assert code is None or read_code(grouped(code)) == code


@pytest.mark.parametrize("text", ["", "7KQ4-9M2C-X0TB-5HZ", "7KQ4-9M2C-X0TB-5HZWW", "UUUU-UUUU-UUUU-UUUU", "-" * 80])
def test_what_is_no_code(text: str):
    assert read_code(text) is None


def test_it_is_grouped_in_fours():
    assert grouped("7KQ49M2CX0TB5HZW") == "7KQ4-9M2C-X0TB-5HZW"
    with pytest.raises(ValueError, match="80 bits"):
        code_of(2**BITS)
