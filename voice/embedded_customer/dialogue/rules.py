"""The customer's rules of conversation, in the order in which they are tried. PURE.

A rule looks at what was heard and either answers or passes. The first answer counts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from voice.embedded_customer.dialogue import mood
from voice.embedded_customer.dialogue.lines import Lines
from voice.embedded_customer.dialogue.memory import Memory
from voice.embedded_customer.dialogue.reply import EndReason
from voice.embedded_customer.dialogue.understanding import Heard
from voice.scenario import Scenario
from voice.speech_acts.acts import SpeechAct

_TURNS_AFTER_SETTLED = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say; `ends` when the customer hangs up after it."""

    text: str
    ends: EndReason | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a rule may look at and use."""

    scenario: Scenario
    memory: Memory
    lines: Lines
    heard: Heard

    def say(self, situation: str, thing: str = "") -> str:
        """A wording that fits the mood."""
        return self.lines.say(situation, self.memory.mood, thing=thing)


Rule = Callable[[Situation], Answer | None]


def leaves_angry(s: Situation) -> Answer | None:
    """Below the scenario's limit the customer has had enough."""
    if s.memory.mood < s.scenario.mood.hang_up_below:
        return Answer(s.scenario.mood.angry_goodbye, "angry")
    return None


def takes_offence(s: Situation) -> Answer | None:
    """A rude word stops everything else."""
    return Answer(s.say("offended")) if s.heard.has(SpeechAct.RUDE) else None


def ends_settled_call(s: Situation) -> Answer | None:
    """Once agreed, the customer answers what is asked, and says goodbye when the trainee lets go."""
    if not s.memory.settled:
        return None
    s.memory.turns_since_settled += 1
    if s.heard.has(SpeechAct.OFFERS_MORE_HELP):
        return Answer(f"{s.say('nothing_else')} {s.scenario.resolution.goodbye}", "resolved")
    letting_go = s.heard.has(SpeechAct.CLOSES)
    if letting_go or s.memory.turns_since_settled > _TURNS_AFTER_SETTLED:
        return Answer(s.scenario.resolution.goodbye, "resolved")
    if s.heard.facts or s.heard.unknown_identifiers:
        return answers_facts(s)
    if s.heard.has(SpeechAct.ASKS_TO_HOLD, SpeechAct.CHECKS_RECORDS):
        return grants_time(s)
    return Answer(s.say("settled_yes" if s.heard.utterance.found else "settled_wait"))


def weighs_solution(s: Situation) -> Answer | None:
    """Takes the right solution, after every objection was met and not while too upset to listen."""
    newly_offered = s.heard.offers_right_solution
    s.memory.offered = s.memory.offered or newly_offered
    if not s.memory.offered or (not newly_offered and s.heard.has(SpeechAct.REFUSES)):
        return None
    met = _meets_objection(s)
    if not newly_offered and not met and not _is_about_to_agree(s):
        return None
    if newly_offered and "solution" not in s.memory.praised and s.memory.mood >= s.scenario.mood.accepts_from:
        s.memory.praised.add("solution")
        mood.change(s.memory, mood.RIGHT_SOLUTION)
    if s.memory.mood < s.scenario.mood.accepts_from:
        return Answer(s.say("too_upset"))
    satisfied = s.scenario.objections[s.memory.objections_met - 1].satisfied if met else ""
    if s.memory.objections_met < len(s.scenario.objections):
        return _raises_objection(s, satisfied)
    return _agrees(s, satisfied)


def _is_about_to_agree(s: Situation) -> bool:
    """The offer stands, and what held the customer back was the mood: kind words now are enough."""
    kind = s.heard.has(SpeechAct.ACKNOWLEDGES_FEELING, SpeechAct.APOLOGISES, SpeechAct.TAKES_OWNERSHIP)
    return kind and not s.memory.objection_raised and "solution" not in s.memory.praised


def _meets_objection(s: Situation) -> bool:
    if not (s.memory.objection_raised and s.heard.meets_objection):
        return False
    s.memory.objections_met += 1
    s.memory.objection_raised = False
    mood.change(s.memory, mood.OBJECTION_MET)
    return True


def _raises_objection(s: Situation, satisfied: str) -> Answer:
    objection = s.scenario.objections[s.memory.objections_met]
    prefix = s.say("objection_unanswered") if s.memory.objection_raised else ""
    s.memory.objection_raised = True
    return Answer(" ".join(part for part in (satisfied, prefix, objection.say) if part))


def _agrees(s: Situation, satisfied: str) -> Answer:
    s.memory.settled = True
    agree = " ".join(part for part in (satisfied, s.scenario.resolution.agree) if part)
    if s.heard.has(SpeechAct.CLOSES):
        return Answer(f"{agree} {s.scenario.resolution.goodbye}", "resolved")
    return Answer(agree)


def refuses_wrong_solution(s: Situation) -> Answer | None:
    """Says why something else does not help; the second time in fewer words."""
    reason = s.heard.wrong_solution
    if not reason:
        return None
    known = reason in s.memory.refused
    s.memory.refused.add(reason)
    return Answer(s.say("wrong_solution") if known else reason)


def insists_on_objection(s: Situation) -> Answer | None:
    """After an explanation or promise that misses the doubt, the doubt comes again; not after a question."""
    tries = s.heard.has(SpeechAct.EXPLAINS, SpeechAct.PROMISES_TIME, SpeechAct.REASSURES, SpeechAct.OFFERS_SOLUTION)
    if not (s.memory.objection_raised and tries) or s.heard.facts:
        return None
    objection = s.scenario.objections[s.memory.objections_met]
    return Answer(f"{s.say('objection_unanswered')} {objection.say}")


def protests_goodbye(s: Situation) -> Answer | None:
    """Too early a goodbye is protested against once; the second one ends the call."""
    if not s.heard.has(SpeechAct.CLOSES):
        return None
    if s.memory.protested:
        return Answer(s.say("left"), "ended_by_trainee")
    s.memory.protested = True
    return Answer(s.say("protest"))


def answers_facts(s: Situation) -> Answer | None:
    """Tells what was asked for, and nothing else."""
    if not s.heard.facts and not s.heard.unknown_identifiers:
        return None
    parts: list[str] = []
    again = any(s.memory.asked[fact.key] for fact in s.heard.facts)
    if s.heard.facts:
        parts.append(s.say("answering_again" if again else "answering"))
    for fact in s.heard.facts:
        told = s.memory.asked[fact.key] > 0
        parts.append(fact.say_again if told and fact.say_again else fact.say)
        s.memory.asked[fact.key] += 1
    for key in s.heard.unknown_identifiers[:1]:
        parts.append(_unknown_identifier(s, key))
    return Answer(" ".join(part for part in parts if part))


def _unknown_identifier(s: Situation, key: str) -> str:
    if key == "full_name":
        return f"My name is {s.scenario.customer.name}."
    return s.say("unknown_identifier", key.replace("_", " "))


def asks_what_is_needed(s: Situation) -> Answer | None:
    """The trainee announces a check without asking for anything yet."""
    return Answer(s.say("verify_me")) if "identity" in s.heard.utterance.details(SpeechAct.ASKS_VERIFICATION) else None


def grants_time(s: Situation) -> Answer | None:
    """On hold, or while the trainee looks something up, the customer is more patient with silence."""
    if s.heard.has(SpeechAct.ASKS_TO_HOLD):
        s.memory.waiting = "hold"
        return Answer(s.say("held"))
    if s.heard.has(SpeechAct.CHECKS_RECORDS) and not s.heard.has(SpeechAct.EXPLAINS, SpeechAct.ASKS_OPEN_QUESTION):
        s.memory.waiting = "check"
        return Answer(s.say("checking"))
    return None


def restates_issue(s: Situation) -> Answer | None:
    """Asked what is wrong, the customer tells it in other words."""
    asked = s.heard.has(SpeechAct.ASKS_OPEN_QUESTION, SpeechAct.OFFERS_HELP)
    if asked and not s.heard.has(SpeechAct.OFFERS_MORE_HELP):
        return Answer(s.lines.pick("restatement", s.scenario.restatements))
    if s.heard.has(SpeechAct.ASKS_TO_REPEAT):
        return Answer(f"{s.say('repeat')} {s.lines.pick('restatement', s.scenario.restatements)}")
    return None


def reacts_to_feeling(s: Situation) -> Answer | None:
    """Kind words alone soften the customer, but only the first few times."""
    if not s.heard.has(SpeechAct.ACKNOWLEDGES_FEELING, SpeechAct.APOLOGISES):
        return None
    often = s.memory.acknowledgements + s.memory.apologies > 3
    return Answer(s.say("sorry_is_not_enough" if often else "softened"))


def wants_to_know(s: Situation) -> Answer | None:
    """A question that the scenario has no answer to."""
    return Answer(s.say("do_not_know")) if s.heard.has(SpeechAct.ASKS_CLOSED_QUESTION) else None


def nudges(s: Situation) -> Answer | None:
    """Anything else leads back to the matter."""
    return Answer(s.say("nudge"))


def _says(situation: str, *acts: SpeechAct) -> Rule:
    """A rule that answers these acts with a wording."""

    def rule(s: Situation) -> Answer | None:
        return Answer(s.say(situation)) if s.heard.has(*acts) else None

    return rule


RULES: tuple[Rule, ...] = (
    leaves_angry,
    takes_offence,
    ends_settled_call,
    _says("minimised", SpeechAct.MINIMISES),
    weighs_solution,
    refuses_wrong_solution,
    _says("refused", SpeechAct.REFUSES),
    insists_on_objection,
    answers_facts,
    protests_goodbye,
    asks_what_is_needed,
    _says("transferred", SpeechAct.TRANSFERS),
    grants_time,
    _says("not_done_yet", SpeechAct.OFFERS_MORE_HELP),
    _says("wrong_solution", SpeechAct.OFFERS_SOLUTION),
    _says("confirmed", SpeechAct.PARAPHRASES, SpeechAct.CONFIRMS_UNDERSTANDING),
    restates_issue,
    _says("back", SpeechAct.RETURNS_FROM_HOLD),
    reacts_to_feeling,
    _says("verified", SpeechAct.CONFIRMS_VERIFIED),
    _says("explained", SpeechAct.EXPLAINS),
    _says("taken_on", SpeechAct.TAKES_OWNERSHIP, SpeechAct.REASSURES),
    _says("promised", SpeechAct.PROMISES_TIME),
    wants_to_know,
    _says("greeted", SpeechAct.GREETING, SpeechAct.INTRODUCES_SELF, SpeechAct.NAMES_COMPANY),
    _says("thanked", SpeechAct.THANKS),
    _says("go_on", SpeechAct.BACKCHANNEL, SpeechAct.RECAPS),
    nudges,
)
