"""The phrase book, the language model built from it, and the words between text and speech."""

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.embedded_customer import language_model
from voice.embedded_customer.language_model import END, START, Counts, LanguageModel, Smoothing, built
from voice.embedded_customer.phrase_book import PhraseBookError, read_phrase_book
from voice.embedded_customer.pronunciation import arpabet, pronounced
from voice.embedded_customer.spoken_words import cardinal, proper_nouns, readable, spoken_words

PHRASE_BOOK = Path(language_model.__file__).with_name("phrase_book.txt")
words = st.sampled_from(["i", "will", "refund", "you", "the", "charge", "please", "wait"])
sentences = st.lists(st.lists(words, min_size=1, max_size=7), min_size=1, max_size=12)
smoothings = st.builds(
    Smoothing,
    strength=st.floats(0.05, 3),
    general=st.floats(0.01, 0.5),
    joined=st.floats(0, 1),
    openings=st.integers(1, 9),
)


def model_of(said: list[list[str]], smoothing: Smoothing | None = None) -> LanguageModel:
    counts = Counts(smoothing)
    for sentence in said:
        counts.add_sentence(sentence)
    counts.join()
    return built(counts, {"everyday": 3.0, "the": 1.0})


def model_of_book(*lines: str) -> LanguageModel:
    counts = Counts()
    for phrase in read_phrase_book(lines):
        counts.add(phrase)
    return built(counts, {})


@given(sentences, smoothings, st.lists(st.one_of(words, st.just(START), st.just("unheard")), max_size=3))
def test_the_chances_of_all_next_words_add_up_to_one(said: list[list[str]], smoothing: Smoothing, before: list[str]):
    model = model_of(said, smoothing)
    assert math.isclose(sum(model.chance(word, tuple(before)) for word in model.words), 1.0, abs_tol=1e-9)


@given(sentences)
def test_what_was_said_is_likelier_than_what_was_not(said: list[list[str]]):
    model = model_of(said)
    first = said[0][0]
    assert model.chance(first, (START,)) > model.chance("everyday", (START,))


@given(sentences)
def test_the_arpa_text_holds_the_same_chances(said: list[list[str]]):
    model = model_of(said)
    sizes: dict[int, int] = {}
    listed: dict[int, int] = {1: 0, 2: 0, 3: 0}
    order = 0
    for line in model.arpa().splitlines():
        if match := re.fullmatch(r"ngram (\d)=(\d+)", line):
            sizes[int(match[1])] = int(match[2])
        elif match := re.fullmatch(r"\\(\d)-grams:", line):
            order = int(match[1])
        elif line and order and not line.startswith("\\"):
            logged, gram, *_ = line.split("\t")
            *context, word = gram.split()
            listed[order] += 1
            if word != START:
                assert math.isclose(10 ** float(logged), model.chance(word, tuple(context)), rel_tol=1e-4)
    assert sizes == listed


def test_alternatives_and_optional_parts_share_the_chances():
    model = model_of_book("(good|fine) [very] thanks")
    assert math.isclose(model.chance("good", (START,)), model.chance("fine", (START,)))
    assert model.chance("thanks", (START, "good")) > 0.2
    assert model.chance(END, ("very", "thanks")) > 0.5


def test_slots_stand_for_each_of_their_values():
    phrases = read_phrase_book(["name = anna | tom jones", "# a remark", "", "hello {name}"])
    assert [phrase.ways for phrase in phrases] == [2]


@pytest.mark.parametrize("line", ["hello (you", "hello )", "hello {nobody}", "[a|b", "(a]"])
def test_a_line_that_cannot_be_read_is_named(line: str):
    with pytest.raises(PhraseBookError, match="line 2"):
        read_phrase_book(["fine", line])


def test_the_phrase_book_is_large_and_every_word_in_it_is_plain():
    phrases = read_phrase_book(PHRASE_BOOK.read_text().splitlines())
    counts = Counts()
    for phrase in phrases:
        counts.add(phrase)
    assert len(phrases) > 300
    odd = [word for word in counts.after[()] if not re.fullmatch(r"[a-z]+('[a-z]+)*", word) and word != END]
    assert odd == []


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("It’s $42.50, due on the 3rd.", "it's forty two dollars and fifty cents due on the third"),
        ("Order 0417 or 1,200 items", "order zero four one seven or one thousand two hundred items"),
        ("Account 99120045", "account nine nine one two zero zero four five"),
        ("At 3:05, 20% off", "at three oh five twenty percent off"),
        ("Mr. Ortiz & e-mail", "mister ortiz and email"),
        ("", ""),
    ],
)
def test_text_is_brought_to_the_words_that_are_spoken(text: str, spoken: str):
    assert spoken_words(text) == spoken.split()


@given(st.integers(0, 999_999_999))
def test_numbers_are_said_in_known_words(number: int):
    assert spoken_words(" ".join(cardinal(number))) == cardinal(number)


@given(st.text(max_size=80))
def test_any_text_gives_plain_words(text: str):
    assert all(re.fullmatch(r"[a-z]+('[a-z]+)*", word) for word in spoken_words(text))


@given(st.lists(st.lists(words, max_size=5), max_size=4))
def test_readable_text_keeps_every_word(phrases: list[list[str]]):
    text = readable(phrases)
    assert spoken_words(text) == [word for phrase in phrases for word in phrase]
    assert not text or text[-1] in ".?"


def test_recognised_words_become_sentences():
    assert readable([["i", "am", "sorry", "maria"], ["can", "you", "wait"]], {"maria": "Maria"}) == (
        "I am sorry Maria. Can you wait?"
    )
    assert readable([["i", "will", "send", "the"], ["charger", "on", "monday"]]) == "I will send the charger on Monday."


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("thank you could you tell me what happened", "Thank you. Could you tell me what happened?"),
        ("good morning you are speaking with sam", "Good morning. You are speaking with Sam."),
        ("thank you maria i have found your account", "Thank you Maria. I have found your account."),
        ("okay let me check", "Okay. Let me check."),
        ("thank you for calling how can i help", "Thank you for calling how can I help."),
        ("good morning is fine", "Good morning is fine."),
        ("thank you", "Thank you."),
        ("your contract ends in march and you may leave", "Your contract ends in March and you may leave."),
    ],
)
def test_thanks_and_greetings_stand_alone_and_names_have_capitals(heard: str, written: str):
    assert readable([heard.split()]) == written


def test_what_is_said_in_every_call_can_weigh_more():
    rare, usual = read_phrase_book(["i (am|was) here", "weight: 3", "i (am|was) here"])
    assert (rare.weight, usual.weight) == (1, 3)
    model = model_of_book("you wait", "weight: 3", "please wait")
    assert math.isclose(model.chance("please", (START,)), 3 * model.chance("you", (START,)), rel_tol=0.1)


def test_names_in_a_scenario_keep_their_capitals():
    assert proper_nouns(["Hello, this is Maria Ortiz.", "Ask for the Brightline plan."]) == {
        "maria": "Maria",
        "ortiz": "Ortiz",
        "brightline": "Brightline",
    }


def test_a_word_that_is_also_written_small_is_no_name():
    sentences = ["Your Account number, please.", "What is your account number?", "it is for Ortiz"]

    assert proper_nouns(sentences) == {"ortiz": "Ortiz"}


def test_words_that_no_dictionary_has_are_pronounced_from_their_phonemes():
    assert arpabet("O@t'i:z") == "AO R T IY Z"
    assert arpabet("tS'A@dZd") == "CH AA R JH D"
    known = {"plan": ("P L AE N",), "box": ("B AA K S",)}
    found = pronounced(["plan", "plan's", "box's", "ortiz", "..."], known, {"ortiz": "O@t'i:z", "...": ""}.__getitem__)
    assert found == {
        "plan": ["P L AE N"],
        "plan's": ["P L AE N Z"],
        "box's": ["B AA K S IH Z"],
        "ortiz": ["AO R T IY Z"],
    }
