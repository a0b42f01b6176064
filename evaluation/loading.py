"""From the database's rows to the conversation that judges read."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from evaluation.conversation import Conversation, IdentifyingFact, MoodChange, Turn
from voice.scenario import Scenario


def conversation_of(call: Mapping[str, Any], turns: Sequence[Any], moods: Sequence[Any]) -> Conversation:
    """The call as the evaluation sees it; the frozen scenario gives the facts."""
    scenario = _scenario(call["scenario"])
    shown = [_turn(row) for row in turns]
    return Conversation(
        turns=shown,
        duration_ms=call["duration_ms"] or max((turn.end_ms for turn in shown), default=0),
        end_reason=call["end_reason"] or "interrupted",
        gaps=[(from_ms, to_ms) for from_ms, to_ms in call.get("gaps") or ()],
        moods=[MoodChange(row["at_ms"], row["mood"]) for row in moods],
        outcome=call["customer_outcome"],
        identifying_facts=_identifying(scenario),
        solution_phrases=scenario.resolution.offered_by if scenario else (),
        agreement_lines=(scenario.resolution.agree, scenario.resolution.goodbye) if scenario else (),
        secrets={fact.key: fact.value for fact in scenario.facts if fact.identifies and fact.hidden}
        if scenario
        else {},
        call_script=call.get("call_script") or "",
    )


def _scenario(frozen: Any) -> Scenario | None:
    if not frozen:
        return None
    try:
        return Scenario.model_validate(frozen)
    except ValidationError:
        # A scenario of an older shape: the call is judged without its facts rather than not at all.
        return None


def _identifying(scenario: Scenario | None) -> tuple[IdentifyingFact, ...]:
    if scenario is None:
        return ()
    return tuple(IdentifyingFact(fact.key, fact.asked_by) for fact in scenario.facts if fact.identifies)


def _turn(row: Any) -> Turn:
    details = row["details"] or {}
    return Turn(
        turn_id=f"t{row['number']}",
        number=row["number"],
        speaker=row["speaker"],
        text=row["text"],
        heard_text=row["heard_text"],
        start_ms=row["start_ms"],
        end_ms=row["end_ms"],
        cut_off=row["cut_off"],
        confidence=row["confidence"],
        network_gap=row["network_gap"],
        typed=bool(details.get("typed")),
        not_transcribed=details.get("not_transcribed"),
    )
