"""The embedded customer, in writing: the same dialogue as on the telephone, with no ears and no voice."""

import asyncio

from voice.call.transcript import Speaker
from voice.embedded_customer.dialogue.engine import Dialogue
from voice.embedded_customer.dialogue.reply import Reply
from voice.typed_calls.customers import CustomerReply, Story

MODEL = "callx-embedded"


class OfflineCustomer:
    """Answers from the scenario alone. The same call always gets the same answers."""

    model = MODEL
    offline = True

    async def answer(self, story: Story) -> CustomerReply:
        """What the customer says now; never fails."""
        reply = await asyncio.to_thread(_reply, story)
        return CustomerReply(reply.text, reply.mood, reply.reason if reply.hang_up else None)


def _reply(story: Story) -> Reply:
    """Lives through the call again. Writing takes its time, so nobody is held to have kept the customer waiting."""
    dialogue = Dialogue(story.scenario, story.seed)
    said: list[str] = []
    opened = False

    def step() -> Reply:
        text = " ".join(said)
        said.clear()
        if not opened:
            return dialogue.open()
        return dialogue.hear(text, response_gap_ms=0, interrupted_customer=False)

    for turn in story.turns:
        if turn.speaker is Speaker.TRAINEE:
            said.append(turn.text)
        else:
            step()
            opened = True
    return step()
