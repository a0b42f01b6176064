"""The client's sound on its way in: turn detection, utterances as items, and their words.

Offsets count the audio appended to the session. An ear lives in another process; when that process dies a new ear takes
over, and the utterance it was hearing ends there without words.
"""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from core.errors import CallXError
from core.tasks import Tasks
from voice.audio_format import BYTES_PER_SAMPLE, duration_ms
from voice.embedded_customer.conversation import Conversation
from voice.embedded_customer.response_writer import Say, new_id
from voice.embedded_customer.speech_messages import EarSettings, Recognized, SpeechBegan, SpeechEvent, Vocabulary
from voice.realtime_protocol import server_events as say
from voice.realtime_protocol.errors import ProtocolError
from voice.realtime_protocol.items import ContentPart, message

log = logging.getLogger(__name__)

SHORTEST_COMMIT_MS = 100
PAUSE_BETWEEN_EARS_MS = 1_000
"""How much sound goes unheard after no ear could be opened, before the next try."""
LONGEST_PIECE_BYTES = 48_000
"""What an ear gets at a time, so that a long append cannot fill a pipe: one second."""


class Hearing(Protocol):
    """An ear as a session needs it; `speech_engines.Ear` is one."""

    async def hear(self, pcm: bytes) -> list[SpeechEvent]:
        """Takes the next sound and tells what began or ended in it."""

    async def transcript(self) -> Recognized:
        """The words of the oldest ended utterance that was not asked for yet."""

    async def commit(self) -> None:
        """Ends the utterance here."""

    async def clear(self) -> None:
        """Forgets the utterance that is being heard."""

    async def close(self) -> None:
        """Frees the ear."""


class Speech(Protocol):
    """The ears and the voice of this server; `SpeechEngines` is one."""

    async def open_ear(self, vocabulary: Vocabulary, detection: EarSettings) -> Hearing:
        """An ear that expects `vocabulary`."""

    def speak(self, text: str, voice: str, pace_wpm: int) -> AsyncIterator[bytes]:
        """The sound of `text`, in pieces."""


@dataclass(frozen=True, slots=True)
class ListeningSettings:
    """What the ear expects, how it finds the ends of an utterance, and what the client wants to be told."""

    vocabulary: Vocabulary
    detection: EarSettings
    transcription: bool = False
    logprobs: bool = False


@dataclass(frozen=True, slots=True)
class Utterance:
    """One committed utterance that is being put into words."""

    item_id: str
    length_ms: int
    settings: ListeningSettings


@dataclass(frozen=True, slots=True)
class Said:
    """What the client said or typed, and how long that took; empty when it held no words."""

    text: str
    spoke_ms: int = 0


class Listening:
    """Hears one client.

    `on_speech_started` (with the offset at which it started) and `on_turn_ended` are called in the order of the events
    that they stand for; the words follow, and `take_said` gives those of all utterances that nobody has answered.
    """

    def __init__(
        self,
        speech: Speech,
        say_event: Say,
        conversation: Conversation,
        settings: ListeningSettings,
        *,
        on_speech_started: Callable[[int], None],
        on_turn_ended: Callable[[], None],
    ) -> None:
        self.speaking = False
        self._speech = speech
        self._say = say_event
        self._conversation = conversation
        self._settings = settings
        self._on_speech_started = on_speech_started
        self._on_turn_ended = on_turn_ended
        self._ear: Hearing | None = None
        self._appended_bytes = 0
        self._half_sample = b""
        self._ear_opened_ms = 0
        self._deaf_until_ms = 0
        self._item_id = new_id("item")
        self._item_start_ms = 0
        self._tasks = Tasks("transcription")
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0
        self._settled = asyncio.Event()
        self._settled.set()
        self._said: list[Said] = []
        self._unanswered = 0

    @property
    def appended_ms(self) -> int:
        """How much sound was appended in this session."""
        return duration_ms(self._appended_bytes)

    @property
    def unanswered(self) -> bool:
        """Whether something was said or typed that `take_said` has not given."""
        return self._unanswered > 0

    async def configure(self, settings: ListeningSettings) -> None:
        """Listens differently from now on. Returns when the ear is ready."""
        old, self._settings = self._settings, settings
        same = (old.vocabulary, old.detection) == (settings.vocabulary, settings.detection)
        if self._ear is None or not same:
            await self._settled.wait()
            await self._lose_ear()
            await self._open_ear()

    async def append(self, pcm: bytes) -> None:
        """Hears `pcm`. Returns when it was heard, so that a client that sends too fast has to wait."""
        pcm = self._half_sample + pcm
        whole = len(pcm) - len(pcm) % BYTES_PER_SAMPLE
        self._half_sample = pcm[whole:]
        for start in range(0, whole, LONGEST_PIECE_BYTES):
            await self._hear(pcm[start : min(start + LONGEST_PIECE_BYTES, whole)])

    async def commit(self) -> None:
        """The client says that the utterance is complete. Raises ProtocolError when there is hardly any sound."""
        length_ms = self.appended_ms - self._item_start_ms
        if length_ms < SHORTEST_COMMIT_MS:
            text = (
                "Error committing input audio buffer: buffer too small. Expected at least "
                f"{SHORTEST_COMMIT_MS}ms of audio, but buffer only has {length_ms}ms of audio."
            )
            raise ProtocolError("input_audio_buffer_commit_empty", text)
        try:
            await (await self._open_ear()).commit()
        except CallXError as error:
            log.warning("The ear failed at a commit: %s", error.code)
            await self._lose_ear()
        self.speaking = False
        self._commit(length_ms)

    async def clear(self) -> None:
        """Forgets what was appended and not committed."""
        if self._ear is not None:
            await self._ear.clear()
        self.speaking = False
        self._item_start_ms = self.appended_ms
        self._say(say.AudioCleared())

    def commit_silence(self, start_ms: int) -> None:
        """The silence since `start_ms` becomes an item of its own, after nobody spoke for too long."""
        item_id, self._item_id = self._item_id, new_id("item")
        end_ms = max(start_ms, self.appended_ms)
        self._say(say.TimeoutTriggered(audio_start_ms=start_ms, audio_end_ms=end_ms, item_id=item_id))
        self._add_item(item_id, end_ms - start_ms)

    def typed(self, text: str) -> None:
        """The client wrote instead of speaking."""
        self._unanswered += 1
        self._said.append(Said(text))

    async def settled(self) -> None:
        """Returns when everything that was committed is put into words."""
        await self._settled.wait()

    def take_said(self) -> list[Said]:
        """What was said since the last call, one for each utterance."""
        said, self._said = self._said, []
        self._unanswered -= len(said)
        return said

    async def close(self) -> None:
        """Frees the ear."""
        await self._tasks.close()
        if self._ear is not None:
            await self._ear.close()

    async def _hear(self, pcm: bytes) -> None:
        if self._ear is None and self.appended_ms < self._deaf_until_ms:
            self._appended_bytes += len(pcm)
            return
        try:
            events = await (await self._open_ear()).hear(pcm)
        except CallXError as error:
            log.warning("The ear failed: %s", error.code)
            self._appended_bytes += len(pcm)
            if self._ear is None:
                self._deaf_until_ms = self.appended_ms + PAUSE_BETWEEN_EARS_MS
            await self._lose_ear()
            return
        self._appended_bytes += len(pcm)
        for event in events:
            if isinstance(event, SpeechBegan):
                self._speech_started(self._ear_opened_ms + event.audio_start_ms)
            else:
                self._speech_stopped(self._ear_opened_ms + event.audio_end_ms)

    def _speech_started(self, start_ms: int) -> None:
        self.speaking = True
        self._item_start_ms = start_ms
        self._say(say.SpeechStarted(audio_start_ms=start_ms, item_id=self._item_id))
        self._on_speech_started(start_ms)

    def _speech_stopped(self, end_ms: int) -> None:
        self.speaking = False
        self._say(say.SpeechStopped(audio_end_ms=end_ms, item_id=self._item_id))
        self._commit(end_ms - self._item_start_ms)
        self._on_turn_ended()

    def _commit(self, length_ms: int) -> None:
        item_id, self._item_id = self._item_id, new_id("item")
        self._item_start_ms = self.appended_ms
        self._add_item(item_id, length_ms)
        self._unanswered += 1
        self._waiting += 1
        self._settled.clear()
        self._tasks.start(self._transcribe(Utterance(item_id, length_ms, self._settings), self._ear), item_id)

    def _add_item(self, item_id: str, length_ms: int) -> None:
        item = message(item_id, "user", "completed", ContentPart(type="input_audio"))
        previous = self._conversation.add(item, audio_ms=length_ms)
        self._say(say.AudioCommitted(item_id=item_id, previous_item_id=previous))
        self._say(say.ItemAdded(item=item, previous_item_id=previous))
        self._say(say.ItemDone(item=item, previous_item_id=previous))

    async def _transcribe(self, utterance: Utterance, ear: Hearing | None) -> None:
        recognized = Recognized("", None)
        try:
            async with self._one_at_a_time:
                if ear is not None:
                    recognized = await ear.transcript()
            self._tell(utterance, recognized)
        except CallXError as error:
            log.warning("An utterance was not put into words: %s", error.code)
            details = say.ErrorDetails(type="server_error", code=error.code, message=error.message)
            if utterance.settings.transcription:
                self._say(say.TranscriptionFailed(item_id=utterance.item_id, error=details))
        finally:
            self._said.append(Said(recognized.text, utterance.length_ms))
            self._waiting -= 1
            if not self._waiting:
                self._settled.set()

    def _tell(self, utterance: Utterance, recognized: Recognized) -> None:
        if not utterance.settings.transcription:
            return
        if recognized.text:
            self._say(say.TranscriptionDelta(item_id=utterance.item_id, delta=recognized.text))
        logprobs = None
        if utterance.settings.logprobs and recognized.confidence is not None:
            logprob = math.log(max(recognized.confidence, 1e-6))
            logprobs = ({"token": recognized.text, "logprob": logprob, "bytes": list(recognized.text.encode())},)
        self._say(
            say.TranscriptionCompleted(
                item_id=utterance.item_id,
                transcript=recognized.text,
                usage={"type": "duration", "seconds": utterance.length_ms / 1_000},
                logprobs=logprobs,
            )
        )

    async def _open_ear(self) -> Hearing:
        if self._ear is None:
            self._ear = await self._speech.open_ear(self._settings.vocabulary, self._settings.detection)
            self._ear_opened_ms = self.appended_ms
        return self._ear

    async def _lose_ear(self) -> None:
        """The utterance ends here; the next sound opens a new ear."""
        if self.speaking:
            self._speech_stopped(self.appended_ms)
        old, self._ear = self._ear, None
        if old is not None:
            await old.close()
