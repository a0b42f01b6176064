"""Who speaks when: a turn is answered, speech over an answer stops it, after a silence the customer speaks up."""

from core.clock import Clock
from voice.embedded_customer.conversation import Conversation, text_tokens
from voice.embedded_customer.dialogue.reply import Reply
from voice.embedded_customer.listening import Listening, Speech
from voice.embedded_customer.persona import Persona
from voice.embedded_customer.responding import Responding
from voice.embedded_customer.response_writer import ResponseWriter, Say
from voice.embedded_customer.session_rules import check_response, idle_timeout_ms, listening_settings, manner
from voice.embedded_customer.speaking import Manner, Pace, Speaking
from voice.realtime_protocol import hold
from voice.realtime_protocol.client_events import ResponseParameters
from voice.realtime_protocol.errors import ProtocolError
from voice.realtime_protocol.session_object import Session

DEAD_LINE_MS = 1_000
"""A trainee's line carries sound all the time, be it silence: when none comes for so long, it is broken."""


class TurnTaking:
    """The floor of one session."""

    def __init__(
        self,
        speech: Speech,
        clock: Clock,
        say_event: Say,
        conversation: Conversation,
        session: Session,
        persona: Persona,
        pace: Pace,
    ) -> None:
        self._clock = clock
        self._say = say_event
        self._conversation = conversation
        self._session = session
        self._persona = persona
        self._speaking = Speaking(speech, clock, pace)
        self._responding = Responding(self._response_done)
        self.listening = Listening(
            speech,
            say_event,
            conversation,
            listening_settings(session, persona),
            on_speech_started=self._speech_started,
            on_turn_ended=self._turn_ended,
        )
        self._owed = False
        self._held = False
        self._spoke_on_hold = False
        self._interrupted = False
        self._gap_ms = 0
        self._last_activity_ms = self._last_sound_ms = clock.monotonic_ms()
        self._appended_ms = 0

    async def configure(self, session: Session, persona: Persona) -> None:
        """Goes on under another session object, perhaps as another customer. Returns when the ear is ready."""
        await self.listening.configure(listening_settings(session, persona))
        self._session, self._persona = session, persona

    def respond(self, parameters: ResponseParameters) -> None:
        """The client asks for a response. Raises ProtocolError while one is running, and for what cannot be had."""
        check_response(parameters)
        if (running := self._responding.running) is not None:
            text = f"Conversation already has an active response in progress: {running.id}."
            raise ProtocolError("conversation_already_has_active_response", text)
        self._start(parameters)

    def cancel(self, response_id: str | None) -> None:
        """The client stops the running response. Raises ProtocolError when it is not running."""
        running = self._responding.running
        if running is None or response_id not in (None, running.id):
            raise ProtocolError("response_cancel_not_active", "Cancellation failed: no active response found")
        self._responding.cancel("client_cancelled")
        self._touch()

    def typed(self, text: str) -> None:
        """The client wrote; the customer answers at the next response."""
        self.listening.typed(text)
        self._touch()

    def replayed(self) -> None:
        """An answer was put into the conversation by the client: what came before it counts as answered by it."""
        said = self.listening.take_said()
        if said or not self._persona.opened:
            self._persona.answer(said, gap_ms=0, interrupted=False)

    def told(self, text: str) -> None:
        """The client says something about the line. Of all that can be said, this customer understands a hold."""
        held_ms = hold.held_ms(text)
        if hold.began(text):
            self._held, self._spoke_on_hold = True, False
        elif held_ms is not None and self._held:
            self._held = False
            self._come_back(held_ms)

    def tick(self) -> None:
        """Lets time pass: after a long silence the customer speaks up, unless it is on hold."""
        if self._held:
            return
        if self._persona.silence_ms is not None and self._line_is_dead():
            self._touch()
            self._speaking.unheard()
            return
        idle_ms = idle_timeout_ms(self._session, self._persona)
        busy = self._responding.running is not None or self.listening.speaking or self.listening.unanswered
        if idle_ms is None or busy or not self._persona.opened or self._persona.over:
            return
        quiet_ms = self._clock.monotonic_ms() - max(self._speaking.playing_until_ms, self._last_activity_ms)
        if quiet_ms >= idle_ms:
            self.listening.commit_silence(max(0, self.listening.appended_ms - quiet_ms))
            self._start(ResponseParameters())

    async def close(self) -> None:
        """Stops everything, without a word."""
        await self._responding.close()
        await self.listening.close()

    def _come_back(self, held_ms: int) -> None:
        """After a hold the customer remarks on it once, if it was too long and nothing else is waiting to be said."""
        self._touch()
        self._speaking.unheard()  # the time on hold is counted by the hold, not as waiting for an answer
        if not self._persona.opened or self._persona.over:
            return
        remark = self._persona.back_from_hold(held_ms)
        if remark is not None and not self._spoke_on_hold and self._responding.running is None:
            self._start(ResponseParameters(), remark)

    def _line_is_dead(self) -> bool:
        now_ms = self._clock.monotonic_ms()
        if self.listening.appended_ms != self._appended_ms:
            self._appended_ms, self._last_sound_ms = self.listening.appended_ms, now_ms
        return now_ms - self._last_sound_ms >= DEAD_LINE_MS

    def _speech_started(self, start_ms: int) -> None:
        if self._speaking.audible:
            self._interrupted = True
        if not self.listening.unanswered:
            heard_late_ms = self.listening.appended_ms - start_ms
            quiet_ms = self._clock.monotonic_ms() - self._speaking.playing_until_ms
            self._gap_ms = max(0, quiet_ms - heard_late_ms)
        detection = self._session.audio.input.turn_detection
        if detection is not None and detection.interrupt_response:
            self._responding.cancel("turn_detected")
            self._speaking.silenced()

    def _turn_ended(self) -> None:
        self._touch()
        detection = self._session.audio.input.turn_detection
        if detection is None or not detection.create_response or self._persona.over:
            return
        if self._responding.running is not None:
            self._owed = True
        else:
            self._start(ResponseParameters())

    def _response_done(self) -> None:
        self._touch()
        if self._owed and not self.listening.speaking and not self._persona.over:
            self._owed = False
            self._start(ResponseParameters())

    def _start(self, parameters: ResponseParameters, remark: Reply | None = None) -> None:
        self._owed = False
        self._spoke_on_hold |= self._held
        how = manner(self._session, self._persona, parameters)
        writer = ResponseWriter(
            self._say,
            self._conversation,
            modality="audio" if how.aloud else "text",
            metadata=parameters.metadata,
            instruction_tokens=text_tokens(self._session.instructions),
        )
        self._responding.start(writer, lambda: self._make(writer, how, remark))

    async def _make(self, writer: ResponseWriter, how: Manner, remark: Reply | None) -> None:
        await self.listening.settled()
        reply = remark or self._reply()
        if reply is not None:
            await self._speaking.give(reply, writer, how)

    def _reply(self) -> Reply | None:
        """The answer to what was said; if nothing was, what the customer says unasked, but nothing after a function."""
        said = self.listening.take_said()
        if said:
            interrupted, self._interrupted = self._interrupted, False
            return self._persona.answer(said, gap_ms=self._gap_ms, interrupted=interrupted)
        last = self._conversation.last
        if self._persona.opened and last is not None and last.type == "function_call_output":
            return None
        return self._persona.speak_up()

    def _touch(self) -> None:
        self._last_activity_ms = self._clock.monotonic_ms()
