"""Turns that speak to a machine and not to a customer. PURE.

No defence by itself: a judge that is talked into something still has to quote words that do it. But what is plainly
meant for the judge need not reach it.
"""

import re

from evaluation.conversation import Conversation

_PATTERNS = (
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompt|rubric|checklist|guidelines)\b",
    r"\b(?:system|developer) (?:prompt|message|note|override)\b",
    r"\blanguage model\b|\bas an ai\b|\b(?:dear|to the) (?:ai|judge|model|grader|evaluator|examiner)\b",
    r"\bverdicts?\b|\bjson\b|\bnot_met\b|\ball (?:the )?checks (?:are|as|were)\b|\bmark (?:me|everything) ",
    r"\byou are now\b|\bnew instructions?\b|\brespond only\b|\boutput only\b",
    r"\b(?:give|award|grant) (?:me|the trainee|the agent|this call)\b.{0,30}\b(?:100|hundred percent|full|top|best)\b",
    r"\bpass (?:this trainee|the trainee|the agent|this call)\b|\b(?:full|perfect|top|maximum) (?:score|marks)\b",
    r"[{<\[].{0,80}[:=].{0,80}[}>\]]",
)
_SPEAKS_TO_A_MACHINE = re.compile("|".join(_PATTERNS), re.IGNORECASE | re.DOTALL)


def turns_to_a_machine(conversation: Conversation) -> frozenset[str]:
    """The ids of the trainee's turns that are meant for whoever judges."""
    return frozenset(turn.turn_id for turn in conversation.trainee_turns if _SPEAKS_TO_A_MACHINE.search(turn.text))
