"""One Realtime session with the embedded customer: what the client says, and what it brings about.

Knows no socket: messages come in by `receive`, go out through the outbox, and time passes by `tick`.
"""

import itertools
import secrets
from dataclasses import dataclass, field

from core.clock import Clock
from core.errors import CallXError
from voice.embedded_customer.conversation import Conversation
from voice.embedded_customer.listening import Speech
from voice.embedded_customer.outbox import Outbox
from voice.embedded_customer.persona import Persona, ScenarioSource, improvised, prompted
from voice.embedded_customer.response_writer import new_id
from voice.embedded_customer.session_rules import check
from voice.embedded_customer.speaking import Pace
from voice.embedded_customer.turn_taking import TurnTaking
from voice.realtime_protocol import client_events as client
from voice.realtime_protocol import server_events as say
from voice.realtime_protocol.audio import AppendAudio, AudioDelta, delta_json
from voice.realtime_protocol.errors import ProtocolError
from voice.realtime_protocol.items import NewItem
from voice.realtime_protocol.session_object import Prompt, Session, SessionPatch

MODEL = "callx-embedded-customer"
LONGEST_TYPED = 2_000
"""Characters of a typed answer that the customer reads."""
LONGEST_SESSION_MS = 60 * 60_000


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """What a session depends on beside its client.

    `scenarios` is None for clients that may not name a stored scenario.
    """

    speech: Speech
    clock: Clock
    scenarios: ScenarioSource | None = None
    pace: Pace = field(default_factory=Pace)
    longest_ms: int = LONGEST_SESSION_MS


class RealtimeSession:
    """The customer's end of one connection."""

    def __init__(self, outbox: Outbox, options: SessionOptions, requested_model: str = MODEL) -> None:
        self._outbox = outbox
        self._options = options
        self._requested_model = requested_model
        self._event_numbers = itertools.count(1)
        self._seed = secrets.randbits(32)
        self._began_ms = options.clock.monotonic_ms()
        expires_at = int(options.clock.now().timestamp()) + options.longest_ms // 1_000
        self._session = Session(id=new_id("sess"), model=MODEL, expires_at=expires_at)
        self._conversation = Conversation()
        self._persona = improvised("", self._seed)
        self._turns = TurnTaking(
            options.speech,
            options.clock,
            self._say,
            self._conversation,
            self._session,
            self._persona,
            options.pace,
        )
        self._say(say.SessionCreated(session=self._session.to_dict()))

    async def receive(self, text: str | bytes) -> None:
        """Carries out one message of the client. A wrong one is answered with an `error`, and the session goes on."""
        event_id = None
        try:
            event = client.parse_client_event(text)
            event_id = event.event_id
            await self._handle(event)
        except ProtocolError as error:
            self._say_error("invalid_request_error", error.code, error.message, error.param, error.event_id or event_id)
        except CallXError as error:
            self._say_error("server_error", error.code, error.message, None, event_id)

    def tick(self) -> None:
        """Lets time pass; to be called about ten times a second."""
        if self._options.clock.monotonic_ms() - self._began_ms >= self._options.longest_ms:
            minutes = self._options.longest_ms // 60_000
            text = f"Your session hit the maximum duration of {minutes} minutes."
            self._say_error("invalid_request_error", "session_expired", text, None, None)
            self._outbox.close(1001, text)
        else:
            self._turns.tick()

    async def close(self) -> None:
        """Frees the ear and stops the response."""
        await self._turns.close()

    async def _handle(self, event: client.ClientEvent) -> None:
        match event:
            case AppendAudio(pcm=pcm):
                await self._turns.listening.append(pcm)
            case client.SessionUpdate(session=patch):
                await self._update(patch)
            case client.CommitAudio():
                await self._turns.listening.commit()
            case client.ClearAudio():
                await self._turns.listening.clear()
            case client.CreateResponse(response=parameters):
                self._turns.respond(parameters or client.ResponseParameters())
            case client.CancelResponse(response_id=response_id):
                self._turns.cancel(response_id)
            case _:
                self._handle_item(event)

    def _handle_item(self, event: client.ClientEvent) -> None:
        match event:
            case client.CreateItem(item=item, previous_item_id=previous_id):
                self._create_item(item, previous_id)
            case client.TruncateItem(item_id=item_id, content_index=index, audio_end_ms=end_ms):
                self._conversation.truncate(item_id, index, end_ms)
                self._say(say.ItemTruncated(item_id=item_id, content_index=index, audio_end_ms=end_ms))
            case client.DeleteItem(item_id=item_id):
                self._conversation.delete(item_id)
                self._say(say.ItemDeleted(item_id=item_id))
            case client.RetrieveItem(item_id=item_id):
                self._say(say.ItemRetrieved(item=self._conversation.get(item_id)))

    async def _update(self, patch: SessionPatch) -> None:
        if patch.model == self._requested_model:
            patch = patch.model_copy(update={"model": MODEL})
        session = self._session.updated(patch)
        check(session)
        persona = await self._persona_for(session)
        await self._turns.configure(session, persona)
        self._session, self._persona = session, persona
        self._say(say.SessionUpdated(session=session.to_dict()))

    async def _persona_for(self, session: Session) -> Persona:
        """The customer whom the session describes; once it has spoken it stays who it is."""
        same = (session.prompt, session.instructions) == (self._session.prompt, self._session.instructions)
        if same or self._persona.opened:
            return self._persona
        if session.prompt is None:
            return improvised(session.instructions, self._seed)
        return await self._prompted(session.prompt)

    async def _prompted(self, prompt: Prompt) -> Persona:
        find = self._options.scenarios
        scenario = await find(prompt.id, prompt.version) if find is not None else None
        if scenario is None:
            text = f"Prompt with id '{prompt.id}' and version '{prompt.version}' not found."
            raise ProtocolError("prompt_not_found", text, param="session.prompt")
        return prompted(scenario, prompt, self._seed)

    def _create_item(self, new: NewItem, previous_id: str | None) -> None:
        parts = new.content or ()
        if any(part.type == "input_audio" for part in parts):
            text = "Append sound to the input audio buffer instead."
            raise ProtocolError("invalid_value", text, param="item.content")
        item = new.with_id(new_id("item"))
        previous = self._conversation.add(item, after=previous_id)
        self._say(say.ItemAdded(item=item, previous_item_id=previous))
        self._say(say.ItemDone(item=item, previous_item_id=previous))
        if item.type == "message" and item.role == "user":
            self._turns.typed(" ".join(part.text or "" for part in parts)[:LONGEST_TYPED])
        elif item.type == "message" and item.role == "assistant":
            self._turns.replayed()
        elif item.type == "message" and item.role == "system":
            self._turns.told(" ".join(part.text or "" for part in parts))

    def _say(self, event: say.ServerEvent | AudioDelta) -> None:
        event_id = f"event_{next(self._event_numbers)}"
        self._outbox.put(delta_json(event, event_id) if isinstance(event, AudioDelta) else event.to_json(event_id))

    def _say_error(self, kind: str, code: str, message: str, param: str | None, event_id: str | None) -> None:
        details = say.ErrorDetails(type=kind, code=code, message=message, param=param, event_id=event_id)
        self._say(say.ErrorReported(error=details))
