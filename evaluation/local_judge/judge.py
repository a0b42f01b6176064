"""The local judge: always there, always the same answer for the same call. PURE but for the interface's await."""

import asyncio

from evaluation.conversation import Conversation
from evaluation.judgement import ForWhom, Judgement
from evaluation.local_judge.checks import judge_check
from evaluation.local_judge.flags import flagged_turns
from evaluation.local_judge.outcomes import DECISIONS
from evaluation.rubric import Rubric

KIND = "local"
VERSION = "1"


def judge_locally(rubric: Rubric, conversation: Conversation) -> Judgement:
    """Verdicts for every check and outcome of the rubric, from rules alone."""
    flagged = flagged_turns(conversation)
    turns = [turn for turn in conversation.trainee_turns if turn.turn_id not in flagged]
    satisfied = conversation.outcome == "resolved" and conversation.end_reason == "customer_hung_up"
    return Judgement(
        judge=KIND,
        version=VERSION,
        checks=tuple(
            judge_check(criterion, check, turns, facts=conversation.identifying_facts, customer_said_goodbye=satisfied)
            for criterion in rubric.criteria
            for check in criterion.checks
        ),
        outcomes=tuple(
            DECISIONS[criterion.outcome](criterion.key, conversation)
            for criterion in rubric.criteria
            if criterion.outcome is not None
        ),
        flagged_turns=flagged,
    )


class LocalJudge:
    """The Judge interface over the rules; the work leaves the event loop."""

    async def judge(self, rubric: Rubric, conversation: Conversation, for_whom: ForWhom) -> Judgement:
        """Verdicts for every check and outcome of the rubric. Needs at least one turn of the trainee."""
        return await asyncio.to_thread(judge_locally, rubric, conversation)
