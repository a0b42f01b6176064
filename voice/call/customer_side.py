"""The customer's half of a call: replies, their playback, and the one way in which they are interrupted. PURE.

The order of an interruption: clear the device's playback, then cancel if the upstream has not done so by itself, wait
for the device to say what it really played (or guess after a deadline), then truncate or delete upstream, then store.
"""

from voice.audio_format import duration_ms
from voice.call import messages
from voice.call.actions import (
    CallAction,
    CancelReply,
    ClearPlayback,
    DeleteItem,
    RecordCustomer,
    Said,
    SendToTrainee,
    StoreTurn,
    TruncateReply,
    WakeAt,
)
from voice.call.playback_ledger import PlaybackLedger, Reply, Stop
from voice.call.timeline import Moment
from voice.call.transcript import Speaker, Turn, TurnNumbers

CLEARED_DEADLINE_MS = 150
CLEARED = "cleared:"


class CustomerSide:
    """Everything the customer says, from the upstream's first byte to the trainee's ear."""

    def __init__(self, numbers: TurnNumbers) -> None:
        self.ledger = PlaybackLedger()
        self._numbers = numbers
        self._upstream_gone = False
        self._latest_reply_id: str | None = None

    @property
    def silent(self) -> bool:
        """Whether nothing is being generated, played or cleared."""
        return not self.ledger.replies()

    def reply_started(self, reply_id: str) -> None:
        """A reply with this id begins."""
        self._latest_reply_id = reply_id
        self.ledger.begin(reply_id)

    def tool_called(self) -> None:
        """The reply that is being generated uses a tool."""
        reply = self.ledger.known(self._latest_reply_id) if self._latest_reply_id else None
        if reply:
            reply.called_tool = True

    def audio(self, reply_id: str, item_id: str, pcm: bytes) -> list[CallAction]:
        """Sound of a reply; dropped when the reply was interrupted or is over."""
        if self.ledger.known(reply_id) is None:
            self.reply_started(reply_id)
        reply = self.ledger.known(reply_id)
        if reply is None or reply.finished:
            return []
        if reply.stop is Stop.INTERRUPTED:
            reply.lost_sound = True
            return []
        if not self.ledger.receive(reply, item_id, pcm):
            reply.finished = True
            return [CancelReply(reply_id), *self.ledger.frames()]
        return [*self.ledger.frames()]

    def text(self, reply_id: str, item_id: str, text: str, *, final: bool) -> None:
        """Words of a reply."""
        reply = self.ledger.reply(reply_id)
        if reply is not None:
            item = reply.item(item_id)
            item.text = text if final else item.text + text

    def wrote(self, text: str, at: Moment) -> list[CallAction]:
        """The customer answered in writing, which is read as soon as it is there."""
        turn = Turn(
            self._numbers.take(),
            Speaker.CUSTOMER,
            text,
            at.call_ms,
            at.call_ms,
            heard_text=text,
            details={"typed": True},
        )
        return [StoreTurn(turn)]

    def reply_finished(self, reply_id: str, status: str, at: Moment) -> tuple[list[CallAction], bool]:
        """Nothing more comes of this reply. The second value says that it used a tool and said nothing."""
        reply = self.ledger.known(reply_id)
        if reply is None:
            self.ledger.forget(reply_id)
            return [], False
        reply.finished = True
        reply.completed = status == "completed" and not reply.lost_sound
        if reply.stop is Stop.INTERRUPTED:
            return [], False
        frames = self.ledger.frames()
        return [*frames, *self._close_if_played_out(reply, at)], reply.called_tool and reply.received == 0

    def progressed(self, epoch: int, played_ms: int, heard_ms: int, at: Moment) -> list[CallAction]:
        """The device reports what it has played."""
        reply = self.ledger.playing(epoch)
        if reply is None:
            return []
        actions = self._heard(reply, played_ms, heard_ms)
        if reply.stop is None:
            actions += self.ledger.frames()
            actions += self._close_if_played_out(reply, at)
        return actions

    def cleared(self, epoch: int, played_ms: int, heard_ms: int, at: Moment) -> list[CallAction]:
        """The device threw the rest of an epoch away; what it had played by then is the truth."""
        reply = self.ledger.playing(epoch)
        if reply is None or reply.stop is None:
            return self.progressed(epoch, played_ms, heard_ms, at)
        return [*self._heard(reply, played_ms, heard_ms), *self._settle(reply, at)]

    def cleared_deadline(self, epoch: int, at: Moment) -> list[CallAction]:
        """The device did not say what it had played: it is estimated, and marked so."""
        reply = self.ledger.playing(epoch)
        if reply is None or reply.stop is None:
            return []
        return [*self._estimate(reply, reply.stopped_ms), *self._settle(reply, at)]

    def interrupt(self, at: Moment, *, cancel: bool) -> list[CallAction]:
        """The trainee cuts in: nothing more of any open reply is heard. `cancel`: the upstream does not know yet."""
        clears: list[CallAction] = []
        cancels: list[CallAction] = []
        rest: list[CallAction] = []
        playing = [reply for reply in self.ledger.replies() if reply.stop is not Stop.INTERRUPTED]
        cleared_already = [reply for reply in playing if reply.stop is Stop.PAUSED]
        for reply in playing:
            reply.stop = Stop.INTERRUPTED
            reply.forget_unsent()
            if cancel and not reply.finished:
                cancels.append(CancelReply(reply.reply_id))
        for reply in playing:
            if not reply.outstanding:
                rest += self._settle(reply, at)
            elif reply not in cleared_already:
                clears.append(self._clear(reply, at))
                rest.append(self._deadline(reply, at))
        return [*clears, *cancels, *rest]

    def pause(self, *, connected: bool, at: Moment) -> list[CallAction]:
        """Playback stops where it is; without a connection the device is told when it is back."""
        self.ledger.paused = True
        for reply in self.ledger.replies():
            reply.network_gap |= not connected and reply.received > 0
            reply.connection_lost |= not connected
        return self._clear_outstanding(at) if connected else []

    def reconnected(self, at: Moment) -> list[CallAction]:
        """A device came back: it may be a new one, so that what was in flight is cleared and said again."""
        return self._clear_outstanding(at)

    def resume(self) -> list[CallAction]:
        """Playback goes on, in new epochs, from where it was heard."""
        self.ledger.paused = False
        return [*self.ledger.frames()]

    def leave(self) -> None:
        """The upstream is no longer needed: nothing is truncated or deleted any more."""
        self._upstream_gone = True
        self.ledger.paused = True

    def line_lost(self, at: Moment) -> list[CallAction]:
        """No more comes of any reply; what is there is still played."""
        actions: list[CallAction] = []
        for reply in self.ledger.replies():
            reply.orphaned = reply.finished = True
            if reply.stop is None:
                actions += [*self.ledger.frames(), *self._close_if_played_out(reply, at)]
        return actions

    def being_said(self) -> tuple[tuple[Said, ...], bool]:
        """What is still being played, and whether the customer meant to say more of it."""
        playing = [reply for reply in self.ledger.replies() if reply.stop is not Stop.INTERRUPTED and reply.text]
        words = tuple(Said(Speaker.CUSTOMER, reply.text) for reply in playing)
        return words, any(not reply.completed for reply in playing)

    def settle_all(self, at: Moment) -> list[CallAction]:
        """The call is over: what the device has not reported is estimated."""
        actions: list[CallAction] = []
        for reply in self.ledger.replies():
            actions += self._estimate(reply, reply.stopped_ms if reply.stop else at.call_ms)
            actions += self._close(reply, at)
        return actions

    def _clear_outstanding(self, at: Moment) -> list[CallAction]:
        clears: list[CallAction] = []
        deadlines: list[CallAction] = []
        for reply in self.ledger.replies():
            if reply.stop is Stop.INTERRUPTED or not reply.outstanding:
                continue
            reply.stop = Stop.PAUSED
            clears.append(self._clear(reply, at))
            deadlines.append(self._deadline(reply, at))
        return [*clears, *deadlines]

    def _clear(self, reply: Reply, at: Moment) -> CallAction:
        assert reply.epoch is not None
        reply.stopped_ms = at.call_ms
        return ClearPlayback(reply.epoch)

    def _deadline(self, reply: Reply, at: Moment) -> CallAction:
        return WakeAt(f"{CLEARED}{reply.epoch}", at.now_ms + CLEARED_DEADLINE_MS)

    def _heard(self, reply: Reply, played_ms: int, heard_ms: int) -> list[CallAction]:
        piece = self.ledger.acknowledge(reply, played_ms, heard_ms)
        if piece is None:
            return []
        actions: list[CallAction] = [RecordCustomer(piece.at_ms, piece.pcm)]
        if reply.number is None:
            reply.number = self._numbers.take()
            actions.append(SendToTrainee(messages.speech(Speaker.CUSTOMER, "started", piece.at_ms)))
        actions.append(SendToTrainee(messages.turn(self._turn(reply, end_ms=None), final=False)))
        return actions

    def _estimate(self, reply: Reply, stopped_ms: int) -> list[CallAction]:
        if not reply.outstanding:
            return []
        reply.estimated = True
        return self._heard(reply, self.ledger.estimated_played_ms(reply, stopped_ms), stopped_ms)

    def _settle(self, reply: Reply, at: Moment) -> list[CallAction]:
        """It is known what was heard of a stopped reply."""
        if reply.stop is Stop.PAUSED:
            reply.rewind()
            return [*self._close_if_played_out(reply, at), *self.ledger.frames()]
        upstream = [] if self._upstream_gone or reply.orphaned else self._corrections(reply)
        return [*upstream, *self._close(reply, at), *self.ledger.frames()]

    def _corrections(self, reply: Reply) -> list[CallAction]:
        actions: list[CallAction] = []
        for number, item in enumerate(reply.items):
            heard_ms = item.heard_ms(reply.heard)
            complete = reply.completed or number + 1 < len(reply.items)
            if heard_ms == 0:
                actions.append(DeleteItem(item.item_id))
            elif not (complete and item.fully_heard(reply.heard)):
                actions.append(TruncateReply(item.item_id, heard_ms))
        return actions

    def _close_if_played_out(self, reply: Reply, at: Moment) -> list[CallAction]:
        return self._close(reply, at) if reply.played_out else []

    def _close(self, reply: Reply, at: Moment) -> list[CallAction]:
        self.ledger.close(reply)
        if reply.number is None:
            return []
        turn = self._turn(reply, end_ms=min(reply.heard_until_ms, at.call_ms), cut_off=reply.cut_off)
        end_ms = turn.end_ms or turn.start_ms
        return [SendToTrainee(messages.speech(Speaker.CUSTOMER, "stopped", end_ms)), StoreTurn(turn)]

    def _turn(self, reply: Reply, *, end_ms: int | None, cut_off: bool = False) -> Turn:
        assert reply.number is not None
        assert reply.heard_from_ms is not None
        start_ms = reply.heard_from_ms if end_ms is None else min(reply.heard_from_ms, end_ms)
        text = reply.text
        details = {"received_ms": duration_ms(reply.received), "heard_ms": duration_ms(reply.heard)}
        return Turn(
            number=reply.number,
            speaker=Speaker.CUSTOMER,
            text=text,
            start_ms=start_ms,
            end_ms=end_ms,
            heard_text=reply.heard_text if cut_off or end_ms is None else text,
            cut_off=cut_off,
            network_gap=reply.network_gap,
            details={**details, "estimated": True} if reply.estimated else details,
        )
