"""Calls for tests to begin with."""

from collections.abc import Sequence
from typing import TypeVar

from voice.audio_format import silence
from voice.call.actions import CallAction, SendAudioToTrainee
from voice.call.call import Call
from voice.call.events import CustomerAudio, CustomerReplyStarted, PlaybackProgressed, TraineeConnected, UpstreamReady
from voice.call.rules import CallRules

Kind = TypeVar("Kind")

RULES = CallRules()
FRAME = silence(20)


def live_call(rules: CallRules = RULES) -> Call:
    """A call that was answered at now_ms 0, so that both clocks agree."""
    call = Call("call-1", rules)
    call.start(0)
    call.handle(TraineeConnected(), 0)
    call.handle(UpstreamReady(), 0)
    return call


def speak(call: Call, reply_id: str, length_ms: int, now_ms: int) -> list[CallAction]:
    """The upstream begins a reply of one item and sends this much of its sound."""
    started = call.handle(CustomerReplyStarted(reply_id), now_ms)
    return [*started, *call.handle(CustomerAudio(reply_id, f"{reply_id}-item", silence(length_ms)), now_ms)]


def hear(call: Call, epoch: int, until_ms: int, began_ms: int, every_ms: int = 200) -> list[CallAction]:
    """The device plays an epoch from `began_ms` on, and reports it as the protocol asks."""
    actions: list[CallAction] = []
    for played_ms in [*range(0, until_ms, every_ms), until_ms]:
        actions += call.handle(PlaybackProgressed(epoch, played_ms), began_ms + played_ms)
    return actions


def of_kind(actions: Sequence[CallAction], kind: type[Kind]) -> list[Kind]:
    """The actions of one kind."""
    return [action for action in actions if isinstance(action, kind)]


def sent_ms(actions: Sequence[CallAction]) -> int:
    """How much sound went to the trainee."""
    return sum(len(frame.pcm) // 48 for frame in of_kind(actions, SendAudioToTrainee))


def sent_types(actions: Sequence[CallAction]) -> list[str]:
    """The kinds of actions, in order."""
    return [type(action).__name__ for action in actions]
