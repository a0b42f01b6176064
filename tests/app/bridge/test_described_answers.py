"""What a finished call answers is what `/openapi.json` says of it: a field more or less would be noticed here."""

from tests.support.bridge import CALLS, Bridge
from voice.call import events as e
from voice.schemas import CallPlaced, CallShown, Transcript


async def test_the_answers_of_a_call_are_as_described(bridge: Bridge) -> None:
    placed = await bridge.place()
    CallPlaced.model_validate(placed)
    phone = await bridge.dial(placed)
    bridge.customer.tell(e.TraineeSpeechStarted("u1", 0), e.TraineeSpeechStopped("u1", 200))
    bridge.customer.tell(e.TraineeText("u1", "I am sorry.", final=True, confidence=0.8))
    await phone.until("turn", final=True)
    await phone.say("hangup")
    await phone.until("ended")
    shown = CallShown.model_validate((await bridge.get(f"{CALLS}/{phone.call_id}"))[1])
    assert shown.state == "ended"
    transcript = Transcript.model_validate((await bridge.get(f"{CALLS}/{phone.call_id}/transcript"))[1])
    assert [turn.text for turn in transcript.turns] == ["I am sorry."]
