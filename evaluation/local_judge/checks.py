"""Whether a check was fulfilled, by the speech acts and phrases that the rubric names for it. PURE."""

from collections.abc import Sequence

from evaluation.conversation import IdentifyingFact, Turn
from evaluation.judgement import CheckVerdict, Evidence
from evaluation.rubric import Check, Criterion
from voice.speech_acts.acts import Found, SpeechAct
from voice.speech_acts.analysis import analyse
from voice.speech_acts.normalise import tokens_of

MOST_EVIDENCE = 3
FAREWELLS = frozenset({SpeechAct.THANKS.value, SpeechAct.CLOSES.value})
_KNOWN_ACTS = {act.value for act in SpeechAct}


def phrase_in(phrase: str, text: str) -> str | None:
    """The piece of `text` that says `phrase`, whatever the case and punctuation; None when it does not."""
    wanted = [token.word for token in tokens_of(phrase)]
    tokens = tokens_of(text)
    words = [token.word for token in tokens]
    for start in range(len(words) - len(wanted) + 1):
        if wanted and words[start : start + len(wanted)] == wanted:
            return text[tokens[start].start : tokens[start + len(wanted) - 1].end]
    return None


def _by_acts(check: Check, turn: Turn) -> list[tuple[str, Evidence]]:
    """What in this turn fulfils the check: a name for the way it was done, and the evidence."""
    utterance = analyse(turn.text)
    return [
        (_way(found), Evidence(turn.turn_id, turn.text[found.start : found.end]))
        for found in utterance.found
        if found.act.value in check.acts
    ]


def _way(found: Found) -> str:
    return f"{found.act}:{found.detail}"


def _by_phrases(check: Check, turn: Turn) -> list[tuple[str, Evidence]]:
    found = []
    for phrase in check.phrases:
        quote = phrase_in(phrase, turn.text)
        if quote:
            found.append((f"phrase:{phrase}", Evidence(turn.turn_id, quote)))
    return found


def _by_facts(check: Check, turn: Turn, facts: Sequence[IdentifyingFact]) -> list[tuple[str, Evidence]]:
    """What else this turn asks for, in the scenario's own words, where it asks who is calling at all."""
    asks = SpeechAct.ASKS_VERIFICATION
    if asks.value not in check.acts or not analyse(turn.text).has(asks):
        return []
    quotes = [(fact.key, phrase_in(phrase, turn.text)) for fact in facts for phrase in fact.asked_by]
    return [(f"{asks}:{key}", Evidence(turn.turn_id, quote)) for key, quote in quotes if quote]


def judge_check(
    criterion: Criterion,
    check: Check,
    turns: Sequence[Turn],
    *,
    facts: Sequence[IdentifyingFact] = (),
    customer_said_goodbye: bool = False,
) -> CheckVerdict:
    """The verdict on one check; `turns` are the trainee's that may earn credit, `facts` prove who is calling.

    A satisfied customer who hangs up leaves the trainee no time for a farewell, so that is then not asked for.
    """
    if not check.phrases and _KNOWN_ACTS.isdisjoint(check.acts):
        return CheckVerdict(criterion.key, check.key, "cannot_assess", reason="The local judge cannot judge this.")
    ways: dict[str, Evidence] = {}
    for turn in check.window(turns):
        for way, evidence in [*_by_acts(check, turn), *_by_facts(check, turn, facts), *_by_phrases(check, turn)]:
            ways.setdefault(way, evidence)
    if len(ways) >= check.count:
        return CheckVerdict(criterion.key, check.key, "met", tuple(ways.values())[:MOST_EVIDENCE])
    if customer_said_goodbye and FAREWELLS.issuperset(check.acts):
        return CheckVerdict(criterion.key, check.key, "not_applicable", reason="The customer had already said goodbye.")
    return CheckVerdict(criterion.key, check.key, "not_met", tuple(ways.values()), reason=_missing(check))


def _missing(check: Check) -> str:
    return f"Missing: {check.text[:1].lower()}{check.text[1:]}"
