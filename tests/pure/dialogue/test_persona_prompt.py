"""Instructions for a model, a scenario from instructions, and the recogniser's text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.pure.dialogue.scenarios import DANA, PRIYA, scenario
from voice.embedded_customer.dialogue.engine import Dialogue
from voice.embedded_customer.dialogue.vocabulary import vocabulary_sentences
from voice.persona_prompt import improvised_scenario, instructions
from voice.scenario import Scenario


@pytest.mark.parametrize("key", [DANA, PRIYA])
def test_the_instructions_tell_the_model_everything_it_needs(key: str) -> None:
    script = scenario(key)
    text = instructions(script, "You have a cold today.")
    assert text.startswith(f"You are {script.customer.name}, a customer")
    for needed in (
        script.opening,
        "You have a cold today.",
        script.resolution.agree,
        script.resolution.goodbye,
        script.mood.angry_goodbye,
        "set_mood {mood}",
        "end_call {reason}",
        *(fact.value for fact in script.facts),
        *(objection.say for objection in script.objections),
    ):
        assert needed in text
    hidden = text.index("only when you are asked")
    assert all(text.index(fact.value) > hidden for fact in script.facts if fact.hidden)
    assert len(text) < 12_000


def test_a_customer_is_improvised_from_instructions() -> None:
    script = improvised_scenario(
        "You are Marco Bianchi, a customer who is upset because your internet has been down for three days. "
        "He is impatient."
    )
    assert script.customer.name == "Marco Bianchi"
    assert script.customer.voice == "male"
    assert "my internet has been down for three days" in script.opening


@pytest.mark.parametrize("text", ["", "Play a customer.", "YOU ARE A BOT", "name: \n\n because .", "x" * 50_000])
def test_instructions_without_a_story_still_bring_a_customer(text: str) -> None:
    script = improvised_scenario(text)
    assert Dialogue(script, 1).open().text == script.opening


@given(st.text())
def test_any_instructions_bring_a_customer(text: str) -> None:
    assert Dialogue(improvised_scenario(text), 1).open().text


def test_an_improvised_call_can_be_solved() -> None:
    dialogue = Dialogue(improvised_scenario("You are Ann, your bill is wrong."), 4)
    dialogue.open()
    for line in ("I am sorry, I understand.", "I will fix that for you.", "You get a confirmation.", "Anything else?"):
        reply = dialogue.hear(line, response_gap_ms=500, interrupted_customer=False)
    assert reply.reason == "resolved"


def test_the_recogniser_learns_what_may_be_asked_and_offered() -> None:
    sentences = vocabulary_sentences(scenario(DANA))
    assert len(sentences) == len(set(sentences))
    assert "may i have your account number please" in sentences
    assert "i can refund today" in sentences
    assert any("Brightline Mobile" in sentence for sentence in sentences)
    assert scenario(DANA).opening in sentences


def test_a_scenario_that_tells_a_hidden_fact_unasked_is_refused() -> None:
    script = scenario(DANA).model_dump()
    script["opening"] = "My account is four four seven, one nine two!"
    with pytest.raises(ValidationError, match="account_number"):
        Scenario.model_validate(script)


def test_a_scenario_survives_its_way_through_json() -> None:
    script = scenario(PRIYA)
    assert Scenario.model_validate_json(script.model_dump_json()) == script
