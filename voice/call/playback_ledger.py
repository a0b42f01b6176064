"""What the customer said, what was sent of it, and what was heard when. PURE.

A *reply* is what the upstream generates in one go. It is played in one or more *epochs*: a reply that was paused (hold,
lost connection) goes on in a new epoch, from where it was heard. Only the device's acknowledgements count as heard.
Positions are bytes from the beginning of the reply.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from voice.audio_format import BYTES_PER_MS, FRAME_BYTES, duration_ms
from voice.call.actions import SendAudioToTrainee
from voice.call.transcript import heard_part

WINDOW_MS = 400
WINDOW_BYTES = WINDOW_MS * BYTES_PER_MS
LONGEST_REPLY_BYTES = 300_000 * BYTES_PER_MS
JOIN_MS = 40
"""Pieces that were heard this close together were heard without a gap: acknowledgements are not exact."""


class Stop(Enum):
    """Why the device was told to clear an epoch that it has not answered for yet."""

    INTERRUPTED = "interrupted"
    PAUSED = "paused"


@dataclass(slots=True)
class ReplyItem:
    """One item of a reply: the upstream truncates and deletes by item."""

    item_id: str
    text: str = ""
    begins: int | None = None
    ends: int = 0

    def heard_ms(self, reply_heard: int) -> int:
        """How much of this item was heard when the reply was heard up to `reply_heard`."""
        return 0 if self.begins is None else max(0, duration_ms(min(reply_heard, self.ends) - self.begins))

    def fully_heard(self, reply_heard: int) -> bool:
        """Whether all that was received of this item was heard."""
        return self.begins is not None and reply_heard >= self.ends


@dataclass(frozen=True, slots=True)
class Heard:
    """A piece of a reply and the call time at which it began to sound."""

    at_ms: int
    pcm: bytes


@dataclass(slots=True)
class Reply:
    """One reply from its first byte to the last one heard."""

    reply_id: str
    items: list[ReplyItem] = field(default_factory=list)
    unheard: bytearray = field(default_factory=bytearray)
    received: int = 0
    sent: int = 0
    heard: int = 0
    finished: bool = False
    completed: bool = False
    lost_sound: bool = False
    called_tool: bool = False
    orphaned: bool = False
    """The session that generated it is gone: there is nobody to tell what was heard."""

    epoch: int | None = None
    epoch_begins: int = 0
    frames_sent: int = 0
    last_frame_sent: bool = False
    acknowledged_ms: int | None = None
    next_piece_ms: int | None = None
    stop: Stop | None = None
    stopped_ms: int = 0

    number: int | None = None
    heard_from_ms: int | None = None
    heard_until_ms: int = 0
    network_gap: bool = False
    connection_lost: bool = False
    estimated: bool = False

    @property
    def outstanding(self) -> bool:
        """Whether the device holds sound that it has not reported as played."""
        return self.sent > self.heard

    @property
    def played_out(self) -> bool:
        """Whether all of a finished reply was heard."""
        return self.finished and self.heard == self.received

    @property
    def cut_off(self) -> bool:
        """Whether less was heard than the customer meant to say."""
        return not self.completed or self.heard < self.received

    @property
    def text(self) -> str:
        """All words generated so far."""
        return " ".join(item.text.strip() for item in self.items if item.text.strip())

    @property
    def heard_text(self) -> str:
        """The words that were heard so far."""
        parts = []
        for number, item in enumerate(self.items):
            if item.begins is None:
                continue
            complete = self.completed or number + 1 < len(self.items)
            text = item.text.strip()
            received_ms = duration_ms(item.ends - item.begins)
            parts.append(heard_part(text, item.heard_ms(self.heard), received_ms, complete=complete))
        return " ".join(part for part in parts if part)

    def item(self, item_id: str) -> ReplyItem:
        """The item of this id, begun if it is new."""
        for item in self.items:
            if item.item_id == item_id:
                return item
        self.items.append(ReplyItem(item_id))
        return self.items[-1]

    def forget_unsent(self) -> None:
        """Nothing more of this reply will be sent."""
        del self.unheard[self.sent - self.heard :]

    def rewind(self) -> None:
        """What was sent and not heard will be sent again, in a new epoch."""
        self.sent = self.heard
        self.epoch = None
        self.last_frame_sent = False
        self.connection_lost = False
        self.stop = None


class PlaybackLedger:
    """All replies that are not over, oldest first, and the window of sound in flight to the device."""

    def __init__(self) -> None:
        self.paused = False
        self._open: dict[str, Reply] = {}
        self._over: set[str] = set()
        self._epochs = 0
        self._placed_until_ms = 0
        self._reported_ms = 0

    def replies(self) -> list[Reply]:
        """The replies that are not over, oldest first."""
        return list(self._open.values())

    def reply(self, reply_id: str) -> Reply | None:
        """The reply of this id, begun if it is new; None when it is over: late sound and words of it are dropped."""
        if reply_id in self._over:
            return None
        return self._open.setdefault(reply_id, Reply(reply_id))

    def begin(self, reply_id: str) -> None:
        """A reply begins; an upstream speaks one at a time, so that earlier ones are complete."""
        if reply_id in self._over:
            return
        for reply in self._open.values():
            if reply.reply_id != reply_id and not reply.finished:
                reply.finished = reply.completed = True
        self.reply(reply_id)

    def known(self, reply_id: str) -> Reply | None:
        """The open reply of this id, if there is one."""
        return self._open.get(reply_id)

    def playing(self, epoch: int) -> Reply | None:
        """The open reply that is played as this epoch, if there is one."""
        return next((reply for reply in self._open.values() if reply.epoch == epoch), None)

    def close(self, reply: Reply) -> None:
        """This reply is over."""
        self._open.pop(reply.reply_id, None)
        self._over.add(reply.reply_id)

    def forget(self, reply_id: str) -> None:
        """A reply that never began here is over: nothing that still comes of it is played."""
        self._over.add(reply_id)

    def receive(self, reply: Reply, item_id: str, pcm: bytes) -> bool:
        """Takes more sound; False when the reply is longer than any reply may be."""
        if len(reply.unheard) + len(pcm) > LONGEST_REPLY_BYTES:
            return False
        item = reply.item(item_id)
        if item.begins is None:
            item.begins = reply.received
        reply.unheard += pcm
        reply.received += len(pcm)
        item.ends = reply.received
        return True

    def frames(self) -> list[SendAudioToTrainee]:
        """What may be sent now: at most the window ahead of what was heard, one reply after the other."""
        if self.paused:
            return []
        frames: list[SendAudioToTrainee] = []
        room = WINDOW_BYTES - sum(
            reply.sent - reply.heard for reply in self._open.values() if reply.stop is not Stop.INTERRUPTED
        )
        for reply in self._open.values():
            if reply.stop is Stop.INTERRUPTED:
                continue
            if reply.stop is Stop.PAUSED:
                break
            for frame in self._frames_of(reply, room):
                frames.append(frame)
                room -= len(frame.pcm)
            if not reply.last_frame_sent:
                break
        return frames

    def _frames_of(self, reply: Reply, room: int) -> Iterable[SendAudioToTrainee]:
        while not reply.last_frame_sent and reply.received > 0:
            waiting = reply.received - reply.sent
            size = min(waiting, FRAME_BYTES)
            if size > room or (size < FRAME_BYTES and not reply.finished):
                return
            room -= size
            yield self._next_frame(reply, size)

    def _next_frame(self, reply: Reply, size: int) -> SendAudioToTrainee:
        if reply.epoch is None:
            self._epochs += 1
            reply.epoch = self._epochs
            reply.epoch_begins = reply.sent
            reply.frames_sent = 0
            reply.acknowledged_ms = reply.next_piece_ms = None
        begin = reply.sent - reply.heard
        frame = SendAudioToTrainee(
            epoch=reply.epoch,
            sequence=reply.frames_sent,
            t_ms=duration_ms(reply.sent - reply.epoch_begins),
            pcm=bytes(reply.unheard[begin : begin + size]),
            last=reply.finished and reply.sent + size == reply.received,
        )
        reply.sent += size
        reply.frames_sent += 1
        reply.last_frame_sent = frame.last
        return frame

    def acknowledge(self, reply: Reply, played_ms: int, heard_ms: int) -> Heard | None:
        """The device had played `played_ms` of the reply's epoch at call time `heard_ms`.

        Never more than was sent counts. Returns what was newly heard and from when.
        """
        self._reported_ms = heard_ms = max(heard_ms, self._reported_ms)
        reply.acknowledged_ms = heard_ms
        sent_ms = duration_ms(reply.sent - reply.epoch_begins)
        until = reply.sent if played_ms >= sent_ms else reply.epoch_begins + played_ms * BYTES_PER_MS
        if until <= reply.heard:
            if played_ms == 0 and reply.next_piece_ms is None:
                reply.next_piece_ms = heard_ms
            return None
        return self._place(reply, until, heard_ms)

    def _place(self, reply: Reply, until: int, heard_ms: int) -> Heard:
        size = until - reply.heard
        at_ms = heard_ms - duration_ms(size)
        # What was in flight when the connection broke was played at once, however late it is reported.
        expected_ms = reply.next_piece_ms
        if expected_ms is not None and (reply.connection_lost or abs(at_ms - expected_ms) <= JOIN_MS):
            at_ms = expected_ms
        at_ms = max(at_ms, self._placed_until_ms)
        heard = Heard(at_ms, bytes(reply.unheard[:size]))
        del reply.unheard[:size]
        reply.heard = until
        reply.next_piece_ms = self._placed_until_ms = reply.heard_until_ms = at_ms + duration_ms(size)
        if reply.heard_from_ms is None:
            reply.heard_from_ms = min(at_ms, heard_ms)
        return heard

    def estimated_played_ms(self, reply: Reply, stopped_ms: int) -> int:
        """What the device has probably played of the epoch by `stopped_ms`: it went on since its last report."""
        heard_in_epoch_ms = duration_ms(reply.heard - reply.epoch_begins)
        if reply.acknowledged_ms is None:
            return heard_in_epoch_ms
        return heard_in_epoch_ms + max(0, stopped_ms - reply.acknowledged_ms)
