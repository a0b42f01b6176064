"""One response, written event by event in the order that the protocol prescribes. PURE."""

import secrets
from collections.abc import Callable
from typing import Any, Literal

from voice.audio_format import duration_ms
from voice.embedded_customer.conversation import OUTPUT_MS_PER_TOKEN, Conversation, text_tokens
from voice.realtime_protocol import server_events as say
from voice.realtime_protocol.audio import AudioDelta
from voice.realtime_protocol.items import ContentPart, Item, function_call, message

Say = Callable[[say.ServerEvent | AudioDelta], None]
Modality = Literal["audio", "text"]
CancelReason = Literal["turn_detected", "client_cancelled"]


def new_id(kind: str) -> str:
    """An id that nobody can guess, for example `item_5f0c…`."""
    return f"{kind}_{secrets.token_hex(12)}"


class ResponseWriter:
    """Writes `response.created` at once; after `finish` or `cancel` it writes nothing more."""

    def __init__(
        self,
        say_event: Say,
        conversation: Conversation,
        *,
        modality: Modality,
        metadata: dict[str, str] | None = None,
        instruction_tokens: int = 0,
    ) -> None:
        self.id = new_id("resp")
        self.audio_ms = 0
        self.over = False
        self._say = say_event
        self._conversation = conversation
        self._modality = modality
        self._metadata = metadata
        text, audio = conversation.input_tokens()
        self._input_tokens = (text + instruction_tokens, audio)
        self._output: list[Item] = []
        self._output_tokens = 0
        self._open: Item | None = None
        self._words = ""
        self._bytes = 0
        self._say(say.ResponseCreated(response=self._response("in_progress")))

    def begin_message(self) -> None:
        """The customer begins to speak (or to write)."""
        item = message(new_id("item"), "assistant", "in_progress")
        self._add(item)
        part = ContentPart(type="audio", transcript="") if self._spoken else ContentPart(type="text", text="")
        self._say(say.ContentPartAdded(**self._place(item), part=part))

    def words(self, delta: str) -> None:
        """More words of the message."""
        if self.over or self._open is None:
            return
        self._words += delta
        kind = say.TranscriptDelta if self._spoken else say.TextDelta
        self._say(kind(**self._place(self._open), delta=delta))

    def audio(self, pcm: bytes) -> None:
        """More sound of the message (PCM16, 24 kHz)."""
        if self.over or self._open is None:
            return
        self._bytes += len(pcm)
        self.audio_ms = duration_ms(self._bytes)
        self._conversation.replace(self._open, audio_ms=self.audio_ms)
        self._say(AudioDelta(self.id, self._open.id, pcm, len(self._output)))

    def end_message(self, status: str = "completed") -> None:
        """The message is complete, or as complete as it will be."""
        item = self._open
        if self.over or item is None:
            return
        place = self._place(item)
        if self._spoken:
            self._say(say.OutputAudioDone(**place))
            self._say(say.TranscriptDone(**place, transcript=self._words))
            part = ContentPart(type="audio", transcript=self._words)
            content = ContentPart(type="output_audio", transcript=self._words)
        else:
            self._say(say.TextDone(**place, text=self._words))
            part = ContentPart(type="text", text=self._words)
            content = ContentPart(type="output_text", text=self._words)
        self._say(say.ContentPartDone(**place, part=part))
        self._output_tokens += text_tokens(self._words)
        self._end(item.model_copy(update={"status": status, "content": (content,)}))

    def call(self, name: str, arguments: str) -> None:
        """The customer uses one of the client's functions; `arguments` is JSON text."""
        if self.over:
            return
        call_id = new_id("call")
        item = function_call(new_id("item"), call_id, name, "", "in_progress")
        self._add(item)
        place: dict[str, Any] = {
            "response_id": self.id, "item_id": item.id, "output_index": len(self._output), "call_id": call_id,
        }  # fmt: skip
        self._say(say.ArgumentsDelta(**place, delta=arguments))
        self._say(say.ArgumentsDone(**place, name=name, arguments=arguments))
        self._output_tokens += text_tokens(name + arguments)
        self._end(function_call(item.id, call_id, name, arguments, "completed"))

    def finish(self) -> None:
        """The response is complete."""
        self._close("completed", None)

    def cancel(self, reason: CancelReason) -> None:
        """The response stops where it is."""
        self.end_message("incomplete")
        self._close("cancelled", {"type": "cancelled", "reason": reason})

    def fail(self, code: str, text: str) -> None:
        """The response could not be made."""
        self.end_message("incomplete")
        error = {"type": "server_error", "code": code, "message": text}
        self._close("failed", {"type": "failed", "error": error})

    @property
    def _spoken(self) -> bool:
        return self._modality == "audio"

    def _place(self, item: Item) -> dict[str, Any]:
        return {"response_id": self.id, "item_id": item.id, "output_index": len(self._output), "content_index": 0}

    def _add(self, item: Item) -> None:
        self._open, self._words, self._bytes = item, "", 0
        self._say(say.OutputItemAdded(response_id=self.id, output_index=len(self._output), item=item))
        previous = self._conversation.add(item)
        self._say(say.ItemAdded(item=item, previous_item_id=previous))

    def _end(self, item: Item) -> None:
        self._say(say.OutputItemDone(response_id=self.id, output_index=len(self._output), item=item))
        previous = self._conversation.replace(item)
        self._say(say.ItemDone(item=item, previous_item_id=previous))
        self._output.append(item)
        self._open = None

    def _close(self, status: str, details: dict[str, Any] | None) -> None:
        if not self.over:
            self.over = True
            self._say(say.ResponseDone(response=self._response(status, details, self._usage())))

    def _response(
        self, status: str, details: dict[str, Any] | None = None, usage: dict[str, Any] | None = None
    ) -> say.Response:
        return say.Response(
            id=self.id,
            status=status,
            status_details=details,
            output=tuple(self._output),
            conversation_id="conv_1",
            output_modalities=(self._modality,),
            max_output_tokens="inf",
            usage=usage,
            metadata=self._metadata,
        )

    def _usage(self) -> dict[str, Any]:
        text_in, audio_in = self._input_tokens
        audio_out = self.audio_ms // OUTPUT_MS_PER_TOKEN
        text_out = self._output_tokens
        return {
            "total_tokens": text_in + audio_in + text_out + audio_out,
            "input_tokens": text_in + audio_in,
            "output_tokens": text_out + audio_out,
            "input_token_details": {"text_tokens": text_in, "audio_tokens": audio_in, "cached_tokens": 0},
            "output_token_details": {"text_tokens": text_out, "audio_tokens": audio_out},
        }
