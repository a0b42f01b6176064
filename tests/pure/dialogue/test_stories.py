"""Whole calls, told from the trainee's side."""

import pytest

from tests.pure.dialogue.scenarios import DANA, PRIYA, call, scenario

GOOD = {
    DANA: (
        "Good morning, Brightline Mobile, this is Noah. How can I help you today?",
        "Three calls for one bill, I am so sorry. I completely understand how frustrating that is.",
        "I will sort it out with you now. May I have your account number and your date of birth, please?",
        "Thank you. What did your bank say, have both payments gone through?",
        "And how did that affect you?",
        "So both payments went through and your rent bounced. Is that right?",
        "I am refunding the second payment to your card right now.",
        "You get a reference number and a confirmation by e-mail while we are talking.",
        "It takes three to five business days.",
        "So the second payment goes back to your card. Is there anything else I can do for you?",
    ),
    PRIYA: (
        "Hello, this is Noah at Marlow and Finch, how can I help?",
        "I understand that you are worried, let me find it with you.",
        "Could you tell me your order number and your e-mail, please?",
        "Thank you. What is your current delivery address?",
        "That happens when you move. And when is the wedding?",
        "I will send you the same dress with an overnight courier.",
        "You get the tracking number by text message and I will follow up personally.",
        "So it is there on Friday before noon. Anything else I can do?",
    ),
}

RECOGNISED = {
    DANA: (
        "thank you for calling right line mobile this is no a how can i help you",
        "i'm so sorry to hear that i understand how frustrating this must be for you",
        "may have your account number please",
        "and you're date of birth",
        "so you were charged twice is that correct",
        "i will refunded second charge to your card",
        "you will get a confirmation email in the next minutes",
        "it will take five business days",
        "is there anything else i can help you with",
    ),
    PRIYA: (
        "hello this is marlow and finish how can i help you",
        "i'm sorry i understand you were worried",
        "can i have your order number please",
        "what is your current address",
        "i will send you a new dress by overnight career",
        "i will text you the tracking number",
        "is there anything else",
    ),
}


@pytest.mark.parametrize("key", [DANA, PRIYA])
@pytest.mark.parametrize("lines", [GOOD, RECOGNISED], ids=["typed", "recognised"])
@pytest.mark.parametrize("seed", range(5))
def test_a_good_trainee_solves_it(key: str, lines: dict[str, tuple[str, ...]], seed: int) -> None:
    played = call(key, seed)
    played.say(*lines[key])
    assert (played.last.hang_up, played.last.reason) == (True, "resolved"), [reply.text for reply in played.replies]
    assert played.last.text.endswith(scenario(key).resolution.goodbye)
    assert [reply.hang_up for reply in played.replies[:-1]] == [False] * (len(played.replies) - 1)
    assert played.last.mood >= 60 > scenario(key).mood.start


def test_the_shape_of_danas_call() -> None:
    played = call(DANA)
    played.say(*GOOD[DANA])
    said = [reply.text for reply in played.replies]
    script = scenario(DANA)
    assert said[0] == script.opening
    assert said[1] in script.restatements
    assert "four four seven, one nine two" in said[3]
    assert "March ninth" in said[3]
    assert "settled" in said[4]
    assert "rent bounced" in said[5]
    assert said[7].startswith(script.objections[0].say)
    assert said[8] == f"{script.objections[0].satisfied} {script.objections[1].say}"
    assert said[9] == f"{script.objections[1].satisfied} {script.resolution.agree}"


def test_priya_finds_out_about_her_address_only_once() -> None:
    played = call(PRIYA)
    assert "Oh no" in played.say("What is your current address?").text
    again = played.say("Sorry, what was your address again?").text
    assert "Seven Mill Lane" in again
    assert "Oh no" not in again


@pytest.mark.parametrize("key", [DANA, PRIYA])
@pytest.mark.parametrize("seed", range(5))
def test_a_rude_trainee_is_hung_up_on(key: str, seed: int) -> None:
    played = call(key, seed)
    first = played.say("Calm down, it is not a big deal.")
    assert not first.hang_up
    for line in (
        "That is not my problem.",
        "You should have checked that yourself.",
        "Shut up and listen.",
        "Whatever.",
    ):
        if not played.last.hang_up:
            played.say(line)
    assert (played.last.text, played.last.reason) == (scenario(key).mood.angry_goodbye, "angry")


@pytest.mark.parametrize("key", [DANA, PRIYA])
def test_a_silent_trainee_is_given_up_on(key: str) -> None:
    played = call(key)
    patience = scenario(key).patience
    played.wait(len(patience.prompts) + 1)
    assert [reply.text for reply in played.replies[1:]] == [*patience.prompts, patience.give_up]
    assert played.last.reason == "gave_up"
    assert played.last.mood < scenario(key).mood.start


def test_speaking_resets_the_customers_patience_with_silence() -> None:
    played = call(DANA)
    played.wait(2)
    played.say("Sorry, I am here.")
    assert played.wait(3).reason is None
    assert played.wait().reason == "gave_up"


def test_a_trainee_who_leaves_early_is_protested_against_once() -> None:
    played = call(DANA)
    protest = played.say("Thank you for calling, goodbye.")
    assert not protest.hang_up
    assert "that double charge" in protest.text
    assert played.say("Bye.").reason == "ended_by_trainee"


def test_an_angry_customer_accepts_nothing_before_being_acknowledged() -> None:
    played = call(DANA)
    first = played.say("I will refund the second charge.")
    objections = [objection.say for objection in scenario(DANA).objections]
    assert objections[0] not in first.text
    thawed = played.say("I am sorry, I understand how frustrating that was.")
    assert objections[0] in thawed.text


def test_a_wrong_solution_is_refused_with_a_reason_and_then_in_other_words() -> None:
    played = call(PRIYA)
    reason = scenario(PRIYA).wrong_solutions[0].say
    assert played.say("I can give you a refund.").text == reason
    assert played.say("But I could refund it.").text != reason
    assert not played.last.hang_up


def test_a_refused_refund_is_no_offer() -> None:
    played = call(DANA)
    played.say("I am sorry, I understand how upset you are.", "I can't refund that, it is against our policy.")
    assert scenario(DANA).objections[0].say not in played.last.text
    assert played.moods[-1] < played.moods[-2]


def test_an_objection_stays_until_it_is_met() -> None:
    played = call(PRIYA)
    objection = scenario(PRIYA).objections[0].say
    played.say("I will send you a replacement by courier.")
    assert played.last.text == objection
    insisting = played.say("We will send a replacement because it is fast.").text
    assert insisting.endswith(objection)
    assert insisting != objection
    assert scenario(PRIYA).resolution.agree in played.say("I will text you the tracking number.").text


def test_the_customer_closes_a_settled_call_that_drags_on() -> None:
    played = call(PRIYA)
    played.say("I will send you the same dress by courier.", "I send you the tracking number by e-mail.")
    for _ in range(5):
        if not played.last.hang_up:
            played.say("The weather is nice today.")
    assert played.last.reason == "resolved"


def test_offering_and_leaving_in_one_breath_is_answered_with_agreement_and_goodbye() -> None:
    played = call(PRIYA)
    played.say("I will send a new dress by courier tomorrow.")
    last = played.say("You get a tracking number by text. Have a great day, goodbye!")
    assert last.reason == "resolved"
    assert scenario(PRIYA).resolution.agree in last.text
