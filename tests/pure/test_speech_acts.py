"""The vocabulary of call-center speech."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.speech_acts.acts import SpeechAct
from voice.speech_acts.analysis import PHRASE_TABLES, acts_of, analyse
from voice.speech_acts.keywords import Keywords
from voice.speech_acts.normalise import words_of
from voice.speech_acts.patterns import PatternIndex, compiled
from voice.speech_acts.repair import edit_distance, repaired

A = SpeechAct

SHOWS = [
    ("good evening you are speaking with noah", A.GREETING, ""),
    ("good evening you are speaking with noah", A.INTRODUCES_SELF, ""),
    ("hi this is noah from riverbank telecom", A.NAMES_COMPANY, ""),
    ("please note that this call is being recorded for training", A.ANNOUNCES_RECORDING, ""),
    ("what can i do for you", A.OFFERS_HELP, ""),
    ("that must have been really stressful for you", A.ACKNOWLEDGES_FEELING, ""),
    ("i can absolutely see why you are upset", A.ACKNOWLEDGES_FEELING, ""),
    ("i would feel the same in your place", A.ACKNOWLEDGES_FEELING, ""),
    ("we apologise for that", A.APOLOGISES, ""),
    ("i'm terribly sorry", A.APOLOGISES, ""),
    ("i will personally make sure that it gets done", A.TAKES_OWNERSHIP, ""),
    ("let me sort that out for you", A.TAKES_OWNERSHIP, ""),
    ("you are in good hands", A.REASSURES, ""),
    ("could you please tell me your account number", A.ASKS_VERIFICATION, "account_number"),
    ("and your date of birth", A.ASKS_VERIFICATION, "date_of_birth"),
    ("may i ask who i am speaking with", A.ASKS_VERIFICATION, "full_name"),
    ("what is the zip code on file", A.ASKS_VERIFICATION, "postcode"),
    ("can you read me the last four digits of the card", A.ASKS_VERIFICATION, "last_four"),
    ("can i get the order number from you", A.ASKS_VERIFICATION, "order_number"),
    ("i need to verify your identity first", A.ASKS_VERIFICATION, "identity"),
    ("what e-mail address did you use", A.ASKS_VERIFICATION, "email"),
    ("thank you for confirming that", A.CONFIRMS_VERIFIED, ""),
    ("tell me more about what went wrong", A.ASKS_OPEN_QUESTION, ""),
    ("did you notice it this week", A.ASKS_CLOSED_QUESTION, ""),
    ("could you say that once more please", A.ASKS_TO_REPEAT, ""),
    ("so you paid for it two times", A.PARAPHRASES, ""),
    ("did i get that right", A.CONFIRMS_UNDERSTANDING, ""),
    ("let me pull up your account", A.CHECKS_RECORDS, ""),
    ("that happened because the parcel had the old address", A.EXPLAINS, ""),
    ("i'll send you a refund for that", A.OFFERS_SOLUTION, "refund"),
    ("you will have your money back", A.OFFERS_SOLUTION, "refund"),
    ("i could put a twenty dollar credit on the account", A.OFFERS_SOLUTION, "credit"),
    ("we can send you a new one", A.OFFERS_SOLUTION, "replacement"),
    ("i have canceled the contract", A.OFFERS_SOLUTION, "cancel"),
    ("i can call you back in the afternoon", A.OFFERS_SOLUTION, "callback"),
    ("it takes three to five business days", A.PROMISES_TIME, ""),
    ("it will arrive tomorrow", A.PROMISES_TIME, ""),
    ("the money will be back on your card within three days", A.PROMISES_TIME, ""),
    ("you get it within the next 5 days", A.PROMISES_TIME, ""),
    ("i'm afraid we can't do that", A.REFUSES, ""),
    ("i cannot refund this", A.REFUSES, "refund"),
    ("i will transfer you to my colleague", A.TRANSFERS, ""),
    ("would you mind holding for a minute", A.ASKS_TO_HOLD, ""),
    ("thank you for waiting", A.RETURNS_FROM_HOLD, ""),
    ("thanks a lot", A.THANKS, ""),
    ("to sum up the second payment is on its way back", A.RECAPS, ""),
    ("is there something else i can do", A.OFFERS_MORE_HELP, ""),
    ("have a lovely evening", A.CLOSES, ""),
    ("bye now", A.CLOSES, ""),
    ("are you stupid", A.RUDE, "insult"),
    ("that's not my problem", A.RUDE, "dismissive"),
    ("you should have read the small print", A.RUDE, "blame"),
    ("calm down please", A.RUDE, "command"),
    ("this is bullshit", A.RUDE, "swearing"),
    ("it's only a few dollars", A.MINIMISES, ""),
    ("okay", A.BACKCHANNEL, ""),
    ("yes i see", A.BACKCHANNEL, ""),
]


@pytest.mark.parametrize(("text", "act", "detail"), SHOWS)
def test_a_sentence_shows_its_act(text: str, act: SpeechAct, detail: str) -> None:
    found = [found for found in analyse(text).found if found.act is act]
    assert found, analyse(text).found
    assert detail in {found.detail for found in found}


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("i am not sorry", A.APOLOGISES),
        ("i can not refund that", A.OFFERS_SOLUTION),
        ("we will never refund anything", A.OFFERS_SOLUTION),
        ("i have changed your address", A.ASKS_VERIFICATION),
        ("your account number is on the letter", A.ASKS_VERIFICATION),
        ("what e-mail address did you use", A.CLOSES),
        ("i see two charges on the account", A.ASKS_VERIFICATION),
        ("how can i help you", A.OFFERS_MORE_HELP),
        ("this is important", A.INTRODUCES_SELF),
        ("i am sorry about the delay", A.RUDE),
        ("i see that you were charged twice", A.BACKCHANNEL),
        ("the weather is nice", A.GREETING),
    ],
)
def test_a_sentence_does_not_show_what_it_only_resembles(text: str, act: SpeechAct) -> None:
    assert act not in acts_of(text)


def test_only_the_e_mail_is_asked_for_by_e_mail_address() -> None:
    assert analyse("could you give me your e-mail address").details(A.ASKS_VERIFICATION) == ("email",)


def test_several_details_are_found_in_one_question_in_their_order() -> None:
    utterance = analyse("may I have your account number, your date of birth and your address please?")
    assert utterance.details(A.ASKS_VERIFICATION) == ("account_number", "date_of_birth", "address")


def test_evidence_is_quoted_from_the_original_text() -> None:
    text = "Well... I'm SO sorry about that; I'll refund the second charge."
    utterance = analyse(text)
    assert utterance.evidence(A.APOLOGISES)[0].startswith("I'm SO sorry")
    assert all(quote in text for found in utterance.found for quote in utterance.evidence(found.act))


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("i apologyze for this", A.APOLOGISES),
        ("i understnd how frustratng this is", A.ACKNOWLEDGES_FEELING),
        ("may i have your acount number", A.ASKS_VERIFICATION),
        ("um thank you uh for calling", A.GREETING),
    ],
)
def test_small_recognition_errors_do_not_matter(text: str, act: SpeechAct) -> None:
    assert act in acts_of(text)


def test_real_words_near_a_key_word_are_left_alone() -> None:
    assert [repaired(word) for word in ("changed", "charged", "refuse", "reports")] == [
        "changed",
        "charged",
        "refuse",
        "reports",
    ]


def test_contractions_and_spellings_become_the_same_words() -> None:
    assert words_of("I'm sure you'll apologise, won't you?") == words_of("i am sure you will apologize will not you")
    assert words_of("that’s Dana's e-mail") == ("that", "is", "dana", "email")
    assert words_of("Um, uh... hmm") == ()


sentences = st.sampled_from([text for text, _, _ in SHOWS])
punctuation = st.sampled_from(["", ",", ".", "!", "?", ";", " -", "..."])


@given(text=sentences, data=st.data())
def test_case_and_punctuation_do_not_matter(text: str, data: st.DataObject) -> None:
    words = [
        (word.upper() if data.draw(st.booleans()) else word) + data.draw(punctuation)
        for word in text.replace("-", "").split()
    ]
    assert acts_of(" ".join(words)) == acts_of(text)


@given(st.text(alphabet=string.ascii_letters + " ',.?!0123456789", max_size=200))
def test_case_does_not_matter_in_any_text(text: str) -> None:
    assert acts_of(text.upper()) == acts_of(text.lower())


@given(st.one_of(st.text(), st.lists(sentences, max_size=6).map(" ".join)))
def test_any_text_is_analysed_and_every_piece_of_evidence_lies_inside_it(text: str) -> None:
    utterance = analyse(text)
    assert all(0 <= found.start < found.end <= len(text) for found in utterance.found)
    assert [found.start for found in utterance.found] == sorted(found.start for found in utterance.found)
    assert analyse.__wrapped__(text) == utterance


def test_every_pattern_compiles_and_no_act_is_without_phrases() -> None:
    assert all(compiled(pattern) for phrases in PHRASE_TABLES for pattern in phrases.patterns)
    assert {phrases.act for phrases in PHRASE_TABLES} == set(SpeechAct)


@pytest.mark.parametrize("pattern", ["", ".. word", "maybe? word"])
def test_a_pattern_that_begins_with_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="must begin"):
        compiled(pattern)


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_edit_distance_is_symmetric_and_zero_only_for_equal_words(left: str, right: str) -> None:
    assert edit_distance(left, right) == edit_distance(right, left)
    assert (edit_distance(left, right) == 0) == (left == right)


def test_scenario_keywords_match_inflected_and_spread_words() -> None:
    keywords = Keywords(["refund", "business days", "send a new"])
    assert keywords.find(words_of("I have refunded it")) == 2
    assert keywords.affirmed(words_of("three full business working days"))
    assert keywords.affirmed(words_of("I'm sending you a new one"))
    assert not Keywords(["send new"]).affirmed(words_of("I'm sending it to your very new address"))
    assert not keywords.affirmed(words_of("we can't refund that"))
    assert not Keywords([])


@pytest.mark.parametrize("text", ["within a week", "within two weeks", "within 2 weeks"])
def test_a_number_may_be_one_of_several_words(text: str) -> None:
    index = PatternIndex([("time", "within #|a week|weeks")])
    assert index.find(words_of(text)) == [("time", 0, 3)]
    assert index.find(words_of("within some weeks")) == []


def test_a_pattern_that_needs_no_word_is_refused() -> None:
    with pytest.raises(ValueError, match="must be there"):
        PatternIndex([("anything", "@ maybe?")])


@pytest.mark.parametrize(
    ("text", "introduces"),
    [
        ("Good morning, this is Sam. I am so sorry about that.", True),
        ("this is maria thank you for calling", True),
        ("This is stupid.", False),
        ("this is bad i know", False),
    ],
)
def test_a_name_introduces_and_a_judgement_does_not(text: str, introduces: bool):
    assert (SpeechAct.INTRODUCES_SELF in acts_of(text)) is introduces
