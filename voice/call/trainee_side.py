"""The trainee's half of a call: the microphone's sound on its way upstream, and the turns heard in it. PURE."""

from collections import deque
from typing import Any

from voice.audio_format import duration_ms, silence
from voice.call import messages
from voice.call.actions import CallAction, RecordTrainee, SendAudioUpstream, SendToTrainee, StoreTurn, WakeAt
from voice.call.recent_sound import RecentSound
from voice.call.timeline import AppendedLedger, CaptureClock, Moment
from voice.call.transcript import NotTranscribed, Speaker, Turn, TurnNumbers, Utterance

SETTLING_MS = 300
"""A device's first frames may come in a heap: until its clock is known, they wait for their place in the recording."""
TEXT_DEADLINE_MS = 8_000
TEXT = "text:"
SILENCE = "silence"
SILENCE_EVERY_MS = 100
STALLED_MS = 3_000
"""A connected device that sends no sound for so long has no microphone (any more): it counts as muted."""
STALL_LOOK_EVERY_MS = 1_000
NOISE_MS = 1_500
"""Sound in which no word was found is noise when it is shorter, and something that was not understood when longer."""
LONGEST_SILENCE_MS = 1_000
"""Longer holes (a lost connection) are not filled: the upstream's clock just stands still."""
RECENT_MS = 1_500
LONGEST_RECENT_MS = 10_000
"""So much sound is kept for a new session while something is being said, or nobody can hear it."""
HEARD_BEFORE_MS = 400
"""Where somebody begins to speak is noticed a little later."""


class TraineeSide:
    """Everything the trainee says, from the microphone to the stored turn."""

    def __init__(self, numbers: TurnNumbers) -> None:
        self.muted = False
        self.held = False
        self._numbers = numbers
        self._capture = CaptureClock()
        self._captured_until_ms = 0
        self._latest_sound_ms = 0
        self._settled_ms: int | None = None
        self._unplaced: list[tuple[int, bytes]] = []
        self._appended = AppendedLedger()
        self._open: dict[str, Utterance] = {}
        self._over: set[str] = set()
        self._said_until_ms = 0
        self._keys: list[dict[str, Any]] = []
        self._recent = RecentSound()
        self._line_up = True
        self._unheard_from_ms = 0
        self._again: deque[Utterance] = deque()

    @property
    def speaking(self) -> bool:
        """Whether the upstream hears the trainee right now."""
        return any(utterance.end_ms is None for utterance in self._open.values())

    @property
    def unfinished(self) -> bool:
        """Whether a turn is not stored yet."""
        return bool(self._open)

    def connected(self, at: Moment) -> list[CallAction]:
        """A device came, perhaps another one: its capture count means something new, its microphone is on."""
        placed = self._place()
        self._recent.clear()
        self._latest_sound_ms = at.call_ms
        self.muted = False
        self._capture.reset()
        self._captured_until_ms = 0
        self._settled_ms = None
        return placed

    def disconnected(self) -> list[CallAction]:
        """The device is gone: what is being said has a hole."""
        for utterance in self._open.values():
            utterance.network_gap = True
        return self._place()

    def audio(self, pcm: bytes, captured_ms: int, at: Moment) -> list[CallAction]:
        """A frame of the microphone; a frame that was here already, or that came while muted, is dropped."""
        if self.muted or captured_ms < self._captured_until_ms:
            return []
        self._latest_sound_ms = at.call_ms
        if self._settled_ms is None:
            self._settled_ms = at.call_ms + SETTLING_MS
            self._appended.mark()
        self._captured_until_ms = captured_ms + duration_ms(len(pcm))
        settled = at.call_ms >= self._settled_ms
        moved_ms = self._capture.observe(self._captured_until_ms, at.call_ms, settled=settled)
        if not settled:
            self._appended.correct(moved_ms)
        self._unplaced.append((captured_ms, pcm))
        placed = self._place() if settled else []
        heard = bytes(len(pcm)) if self.held else pcm
        wanted = bool(self._open) or not self._line_up
        self._recent.add(captured_ms, heard, keep_ms=LONGEST_RECENT_MS if wanted else RECENT_MS)
        if not self._line_up:
            return placed
        self._appended.append(len(pcm), self._captured_at_ms(captured_ms))
        return [SendAudioUpstream(heard), *placed]

    def _place(self) -> list[CallAction]:
        unplaced, self._unplaced = self._unplaced, []
        return [RecordTrainee(self._captured_at_ms(captured_ms), pcm) for captured_ms, pcm in unplaced]

    def _captured_at_ms(self, captured_ms: int) -> int:
        call_ms = self._capture.call_ms(captured_ms)
        assert call_ms is not None
        return call_ms

    def heard_at_ms(self, captured_ms: int | None, at: Moment) -> int:
        """The call time of something that the device dates by its capture count; without one it is now."""
        call_ms = None if captured_ms is None else self._capture.call_ms(captured_ms)
        return at.call_ms if call_ms is None else max(0, min(call_ms, at.call_ms))

    def mute(self, *, muted: bool, at: Moment) -> list[CallAction]:
        """The microphone is off or on again; silence takes its place, so that the upstream's clock goes on."""
        changed = muted != self.muted
        self.muted = muted
        if not changed:
            return []
        if muted:
            return [WakeAt(SILENCE, at.now_ms + SILENCE_EVERY_MS)]
        self._latest_sound_ms = at.call_ms
        return self.fill(at)

    def watch(self, at: Moment) -> list[CallAction]:
        """The device is expected to send sound from now on."""
        return [WakeAt(SILENCE, at.now_ms + STALL_LOOK_EVERY_MS)]

    def silence_due(self, at: Moment) -> list[CallAction]:
        """Time for more silence, if it is wanted."""
        if not self.muted and at.call_ms - self._latest_sound_ms < STALLED_MS:
            return self.watch(at)
        return [*self.fill(at), WakeAt(SILENCE, at.now_ms + SILENCE_EVERY_MS)]

    def fill(self, at: Moment) -> list[CallAction]:
        """Appends silence up to now."""
        if not self._line_up:
            return []
        length_ms = min(at.call_ms - self._appended.until_ms, LONGEST_SILENCE_MS)
        return [] if length_ms <= 0 else [self._append_silence(length_ms, at.call_ms - length_ms)]

    def end_utterance(self, at: Moment) -> list[CallAction]:
        """Appends a second of silence, so that the upstream notices that nothing more will be said."""
        if not self._line_up:
            return []
        return [self._append_silence(LONGEST_SILENCE_MS, max(at.call_ms, self._appended.until_ms))]

    def answered(self) -> None:
        """The customer speaks: it has understood what was said until now."""
        for utterance in self._open.values():
            utterance.answered |= utterance.end_ms is not None

    def line_lost(self, at: Moment) -> list[CallAction]:
        """The session is gone: the next one will hear again what is being said and was not answered yet."""
        self._line_up = False
        actions: list[CallAction] = []
        earliest_ms = at.call_ms - LONGEST_RECENT_MS + HEARD_BEFORE_MS
        for utterance in sorted(self._open.values(), key=lambda utterance: utterance.number):
            utterance.network_gap = True
            utterance.end_ms = at.call_ms if utterance.end_ms is None else utterance.end_ms
            if utterance.answered or utterance.start_ms < earliest_ms:
                actions += self._lose(utterance, at)
            else:
                del self._open[utterance.item_id]
                self._over.add(utterance.item_id)
                self._again.append(utterance)
        begins_ms = self._again[0].start_ms if self._again else at.call_ms
        self._unheard_from_ms = begins_ms - HEARD_BEFORE_MS
        self._said_until_ms = min(self._said_until_ms, begins_ms)
        return actions

    def line_back(self, at: Moment) -> list[CallAction]:
        """A new session listens, and counts from 0: it hears what the one before it did not."""
        self._line_up = True
        self._appended = AppendedLedger()
        self._appended.mark()
        actions: list[CallAction] = []
        for captured_ms, pcm in self._recent.frames():
            begins_ms = self._captured_at_ms(captured_ms)
            if begins_ms + duration_ms(len(pcm)) > self._unheard_from_ms:
                self._appended.append(len(pcm), begins_ms)
                actions.append(SendAudioUpstream(pcm))
        return actions

    @property
    def repeating(self) -> bool:
        """Whether something that was said is yet to be understood by a new session."""
        return bool(self._again)

    def _append_silence(self, length_ms: int, begins_ms: int) -> CallAction:
        pcm = silence(length_ms)
        self._appended.append(len(pcm), begins_ms)
        return SendAudioUpstream(pcm)

    def speech_started(self, item_id: str, appended_ms: int, at: Moment) -> list[CallAction]:
        """The upstream hears the trainee since this offset of the appended audio."""
        if item_id in self._open or item_id in self._over:
            return []
        start_ms = self._bounded(self._appended.began_ms(appended_ms), self._said_until_ms, at)
        missed = self._miss_what_ended_before(start_ms, at)
        again = self._again.popleft() if self._again else None
        begun = self._begin(item_id, start_ms, again)
        return [*missed, SendToTrainee(messages.speech(Speaker.TRAINEE, "started", begun.start_ms))]

    def speech_stopped(self, item_id: str, appended_ms: int, at: Moment) -> list[CallAction]:
        """The trainee fell silent at this offset of the appended audio."""
        utterance = self._open.get(item_id)
        if utterance is None or utterance.end_ms is not None:
            return []
        end_ms = self._bounded(self._appended.ended_ms(appended_ms), utterance.start_ms, at)
        utterance.end_ms = end_ms
        self._said_until_ms = max(self._said_until_ms, end_ms)  # something may have been typed meanwhile
        stopped = SendToTrainee(messages.speech(Speaker.TRAINEE, "stopped", end_ms))
        if utterance.text_final:
            return [stopped, *self._close(utterance, at)]
        return [stopped, *self._interim(utterance), WakeAt(f"{TEXT}{item_id}", at.now_ms + TEXT_DEADLINE_MS)]

    def text(self, item_id: str, text: str, confidence: float | None, at: Moment, *, final: bool) -> list[CallAction]:
        """More words that the trainee was heard to say; with `final`, the whole text."""
        if item_id in self._over:
            return []
        utterance = self._open.get(item_id)
        if utterance is None:
            utterance = self._begin(item_id, max(at.call_ms, self._said_until_ms))
            utterance.end_ms = utterance.start_ms
            utterance.details["times"] = "arrival"
        utterance.text = text.strip() if final else (utterance.text + text).lstrip()
        utterance.confidence = confidence
        utterance.text_final = final
        if final and utterance.end_ms is not None:
            return self._close(utterance, at)
        return self._interim(utterance)

    def text_failed(
        self, item_id: str, message: str, at: Moment, why: NotTranscribed = NotTranscribed.FAILED
    ) -> list[CallAction]:
        """No better text will come of this utterance."""
        utterance = self._open.get(item_id)
        if utterance is None:
            return []
        utterance.details["transcription"] = message[:200]
        utterance.not_transcribed = why
        utterance.text_final = True
        return self._close(utterance, at) if utterance.end_ms is not None else []

    def text_deadline(self, item_id: str, at: Moment) -> list[CallAction]:
        """The text of an utterance has been waited for long enough."""
        return self.text_failed(item_id, "It took too long.", at, NotTranscribed.TOO_LATE)

    def typed(self, text: str, at: Moment) -> list[CallAction]:
        """The trainee answered in writing."""
        start_ms = max(at.call_ms, self._said_until_ms)
        self._said_until_ms = start_ms
        turn = Turn(
            self._numbers.take(),
            Speaker.TRAINEE,
            text,
            start_ms,
            start_ms,
            details={"typed": True, **self._take_keys()},
        )
        return [StoreTurn(turn)]

    def key_pressed(self, digit: str, at: Moment) -> None:
        """A key of the keypad; it is kept with the trainee's next stored turn."""
        self._keys.append({"digit": digit, "at_ms": at.call_ms})

    def settle_all(self, at: Moment) -> list[CallAction]:
        """The call is over: every utterance ends, with the text that is known."""
        actions: list[CallAction] = self._place()
        while self._again:
            actions += self._lose(self._again.popleft(), at)
        for utterance in list(self._open.values()):
            if utterance.end_ms is None:
                utterance.end_ms = max(utterance.start_ms, min(at.call_ms, self._appended.until_ms or at.call_ms))
            if not utterance.text_final:
                utterance.details.setdefault("transcription", "The call ended first.")
                utterance.not_transcribed = utterance.not_transcribed or NotTranscribed.CALL_ENDED
            actions += self._close(utterance, at)
        return actions

    def _begin(self, item_id: str, start_ms: int, again: Utterance | None = None) -> Utterance:
        if again is None:
            utterance = Utterance(self._numbers.take(), item_id, start_ms)
        else:
            utterance = Utterance(again.number, item_id, again.start_ms, network_gap=True)
        self._open[item_id] = utterance
        return utterance

    def _miss_what_ended_before(self, start_ms: int, at: Moment) -> list[CallAction]:
        missed: list[CallAction] = []
        while self._again and start_ms > (self._again[0].end_ms or 0):
            missed += self._lose(self._again.popleft(), at)
        return missed

    def _lose(self, utterance: Utterance, at: Moment) -> list[CallAction]:
        utterance.details["transcription"] = "The line to the customer broke."
        utterance.not_transcribed = utterance.not_transcribed or NotTranscribed.FAILED
        return self._close(utterance, at)

    def _bounded(self, call_ms: int, earliest_ms: int, at: Moment) -> int:
        return max(earliest_ms, min(call_ms, at.call_ms))

    def _interim(self, utterance: Utterance) -> list[CallAction]:
        return [SendToTrainee(messages.turn(utterance.as_turn(), final=False))] if utterance.text else []

    def _close(self, utterance: Utterance, at: Moment) -> list[CallAction]:
        self._open.pop(utterance.item_id, None)
        self._over.add(utterance.item_id)
        utterance.end_ms = max(utterance.start_ms, min(utterance.end_ms or 0, at.call_ms))
        if not utterance.text:
            long_enough = utterance.end_ms - utterance.start_ms >= NOISE_MS
            why = utterance.not_transcribed or (NotTranscribed.NO_WORDS if long_enough else None)
            if why is None:
                self._numbers.give_back(utterance.number)
                return []
            utterance.details["not_transcribed"] = why.value
        utterance.details.update(self._take_keys())
        return [StoreTurn(utterance.as_turn())]

    def _take_keys(self) -> dict[str, Any]:
        keys, self._keys = self._keys, []
        return {"keys": keys} if keys else {}
