"""What a handler's types say to the registry, and how an input is read."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from core.errors import BadRequest
from core.functions import FileAnswer, FunctionCall, Functions
from core.functions.inputs import read_input


class Wanted(BaseModel):
    a: str | None = None
    b: int = 0
    many: list[str] | None = None
    anything: Any = None
    renamed: str | None = Field(None, alias="from")


async def handler(call: FunctionCall, wanted: Wanted) -> Wanted:
    """Gives it back.

    More of it.
    """
    return wanted


async def untyped(call, wanted):
    return None


async def without_model(call: FunctionCall, wanted: int) -> Wanted:
    return Wanted()


async def a_file(call: FunctionCall, wanted: Wanted) -> FileAnswer:
    return FileAnswer(b"", "text/plain", "empty.txt")


def test_a_function_knows_what_its_handler_says():
    functions = Functions()
    functions.add("give-back", handler)
    [function] = functions
    assert function.input_model is Wanted
    assert function.answer is not None
    assert function.answer.json_schema()["title"] == "Wanted"
    assert function.description.splitlines()[0] == "Gives it back."


@pytest.mark.parametrize("name", ["", "Give", "give_back", "-give", "give-", "a/b", "1st"])
def test_names_are_words_joined_by_hyphens(name):
    with pytest.raises(ValueError, match="no name"):
        Functions().add(name, handler)


def test_a_name_is_taken_once():
    functions = Functions()
    functions.add("one", handler)
    with pytest.raises(ValueError, match="already"):
        functions.add("one", handler)


@pytest.mark.parametrize("wrong", [untyped, without_model])
def test_a_handler_without_types_is_refused(wrong):
    with pytest.raises(TypeError):
        Functions().add("wrong", wrong)


def test_file_types_are_said_by_those_who_give_files():
    with pytest.raises(TypeError):
        Functions().add("file", a_file)
    with pytest.raises(TypeError):
        Functions().add("file", handler, file_types=("text/plain",))


def test_the_body_wins_over_the_query_and_lists_are_collected():
    query = [("a", "1"), ("b", "2"), ("many", "x"), ("many", "y"), ("from", "here")]
    wanted = read_input(Wanted, query, b'{"b": 3}')
    assert wanted.model_dump() == {"a": "1", "b": 3, "many": ["x", "y"], "anything": None, "renamed": "here"}


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "many", "from", "zz"]), st.text())), st.binary())
def test_no_query_and_no_bytes_are_a_fault(query, body):
    with suppress(BadRequest):
        read_input(Wanted, query, body)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.sampled_from("aé\0\ud800"), max_size=3),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.sampled_from("aé\0\ud800"), max_size=3), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["a", "b", "many", "anything"]), JSON))
def test_what_is_let_in_can_be_stored(values):
    try:
        wanted = read_input(Wanted, [], json.dumps(values).encode())
    except BadRequest:
        return
    text = json.dumps(wanted.model_dump(), allow_nan=False, ensure_ascii=False)
    text.encode()
    assert "\\u0000" not in text
