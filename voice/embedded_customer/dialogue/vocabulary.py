"""What a trainee is likely to say in one scenario: the text that teaches the recogniser this call. PURE."""

from collections.abc import Iterator

from voice.scenario import Fact, Scenario

_QUESTIONS = (
    "what is your {}",
    "may i have your {} please",
    "can you give me your {}",
    "could you confirm your {} please",
    "can you tell me the {}",
    "and your {}",
)
_MENTIONS = (
    "i see the {}",
    "let me check the {}",
    "can you tell me about the {}",
    "so you are calling about the {}",
)
_OFFERS = (
    "i will {} for you",
    "i can {} today",
    "what i can do is {}",
    "i have {}",
    "you will get {}",
    "would you like {}",
)


def vocabulary_sentences(scenario: Scenario) -> tuple[str, ...]:
    """Sentences for a language model, without duplicates, in a fixed order.

    They hold what may be asked, offered and answered in this scenario, the customer's own words (a trainee repeats
    them), and the names.
    """
    return tuple(dict.fromkeys(sentence for sentence in _sentences(scenario) if sentence.strip()))


def _sentences(scenario: Scenario) -> Iterator[str]:
    yield from _names(scenario)
    for topic in scenario.topics:
        yield topic
        yield from (template.format(topic) for template in _MENTIONS)
    for fact in scenario.facts:
        yield from _about_fact(fact)
    for phrase in scenario.resolution.offered_by:
        yield from _as_offer(phrase)
    for wrong in scenario.wrong_solutions:
        for phrase in wrong.offered_by:
            yield from _as_offer(phrase)
    for objection in scenario.objections:
        yield objection.say
        for phrase in objection.overcome_by:
            yield phrase
            yield f"i understand your concern {phrase}"
    yield scenario.opening
    yield from scenario.restatements
    yield scenario.resolution.agree


def _names(scenario: Scenario) -> Iterator[str]:
    first_name = scenario.customer.name.split()[0]
    for name in dict.fromkeys((scenario.customer.name, first_name)):
        yield f"hello {name}"
        yield f"thank you {name}"
        yield f"am i speaking with {name}"
        yield f"i understand {name}"
    if scenario.company:
        yield f"thank you for calling {scenario.company} how can i help you today"
        yield f"welcome to {scenario.company}"
        yield f"my name is sam from {scenario.company}"
    yield f"i am sorry about {scenario.issue}"
    yield f"so you are calling about {scenario.issue}"


def _about_fact(fact: Fact) -> Iterator[str]:
    for words in dict.fromkeys((fact.label, *fact.asked_by)):
        yield words
        yield from (template.format(words) for template in _QUESTIONS)
    yield fact.value
    yield fact.say
    yield f"so it is {fact.value} is that correct"


def _as_offer(phrase: str) -> Iterator[str]:
    yield phrase
    yield from (template.format(phrase) for template in _OFFERS)
