"""Realtime server events as the call's own events. PURE."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from voice.call.events import (
    CustomerAudio,
    CustomerReplyFinished,
    CustomerReplyStarted,
    CustomerText,
    ToolCalled,
    TraineeSpeechStarted,
    TraineeSpeechStopped,
    TraineeText,
    TraineeTextFailed,
    UpstreamEvent,
    UpstreamFailed,
    UsageReported,
)
from voice.realtime_protocol import server_events as said
from voice.realtime_protocol.audio import AudioDelta
from voice.upstream.base import TurnDetection

SESSION_EXPIRED = "session_expired"
PERMANENT_CODES = frozenset(
    {
        "invalid_api_key",
        "insufficient_quota",
        "account_deactivated",
        "beta_api_shape_disabled",
        "model_not_found",
    }
)
"""After these errors nothing more comes of this session or another. After SESSION_EXPIRED another may begin."""

NO_SUCH_REPLY = "response_cancel_not_active"
TRUNCATED_TOO_LATE = "truncate_beyond_audio"
"""Our name for OpenAI's error about an item that holds less sound than was to be kept; it has no code of its own."""


class Translator:
    """Translates one session's events. Offsets come out without the detector's padding and waiting time."""

    def __init__(self, detection: TurnDetection, *, model: str, transcription_model: str) -> None:
        counts = detection.kind == "server_vad"
        self._padding_ms = detection.prefix_padding_ms if counts else 0
        self._waiting_ms = detection.silence_duration_ms if counts else 0
        self._model = model
        self._transcription_model = transcription_model
        self._started_ms: dict[str, int] = {}
        self._tool_names: dict[str, str] = {}

    def translate(self, event: said.ServerEvent | AudioDelta) -> Iterable[UpstreamEvent]:
        """What `event` means for the call: nothing, one event or several."""
        match event:
            case AudioDelta():
                return (CustomerAudio(event.response_id, event.item_id, event.pcm),)
            case said.TranscriptDelta() | said.TextDelta():
                return (CustomerText(event.response_id, event.item_id, event.delta),)
            case said.TranscriptDone():
                return (CustomerText(event.response_id, event.item_id, event.transcript, final=True),)
            case said.TextDone():
                return (CustomerText(event.response_id, event.item_id, event.text, final=True),)
            case said.ResponseCreated():
                return (CustomerReplyStarted(event.response.id),)
            case said.ResponseDone():
                return self._response_done(event.response)
            case said.OutputItemAdded() | said.ArgumentsDone():
                return self._tool(event)
            case said.ErrorReported():
                return (failure(event.error),)
            case _:
                return self._trainee(event)

    def _trainee(self, event: said.ServerEvent | AudioDelta) -> Iterable[UpstreamEvent]:
        match event:
            case said.SpeechStarted():
                at_ms = event.audio_start_ms + self._padding_ms
                self._started_ms[event.item_id] = at_ms
                return (TraineeSpeechStarted(event.item_id, at_ms),)
            case said.SpeechStopped():
                began_ms = self._started_ms.pop(event.item_id, 0)
                return (TraineeSpeechStopped(event.item_id, max(began_ms, event.audio_end_ms - self._waiting_ms)),)
            case said.TranscriptionDelta():
                return (TraineeText(event.item_id, event.delta),) if event.delta else ()
            case said.TranscriptionCompleted():
                text = TraineeText(event.item_id, event.transcript, final=True, confidence=confidence(event.logprobs))
                return (text, *self._usage("transcription", self._transcription_model, event.usage))
            case said.TranscriptionFailed():
                return (TraineeTextFailed(event.item_id, event.error.message),)
            case _:
                return ()

    def _response_done(self, response: said.Response) -> Iterable[UpstreamEvent]:
        events: list[UpstreamEvent] = [*self._usage("response", self._model, response.usage)]
        if response.status == "failed":
            error = (response.status_details or {}).get("error") or {}
            events.append(failure(said.ErrorDetails.model_validate({"code": "response_failed", **error})))
        return (*events, CustomerReplyFinished(response.id, response.status))

    def _tool(self, event: said.OutputItemAdded | said.ArgumentsDone) -> Iterable[UpstreamEvent]:
        if isinstance(event, said.OutputItemAdded):
            if event.item.type == "function_call" and event.item.name:
                self._tool_names[event.item.id] = event.item.name
            return ()
        name = event.name or self._tool_names.get(event.item_id, "")
        try:
            arguments = json.loads(event.arguments or "{}")
        except ValueError:
            arguments = None
        if not isinstance(arguments, dict):
            return (UpstreamFailed("tool_arguments_invalid", f"The arguments of {name} are not a JSON object."),)
        return (ToolCalled(event.call_id, name, arguments),)

    def _usage(self, kind: str, model: str, usage: Mapping[str, Any] | None) -> Iterable[UpstreamEvent]:
        return (UsageReported({"kind": kind, "model": model, **usage}),) if usage else ()


def failure(error: said.ErrorDetails) -> UpstreamFailed:
    """An error event; most are harmless to the session."""
    code = error.code or error.type
    if "is already shorter than" in error.message:
        code = TRUNCATED_TOO_LATE
    permanent = code in PERMANENT_CODES
    return UpstreamFailed(code, error.message, fatal=permanent or code == SESSION_EXPIRED, permanent=permanent)


def confidence(logprobs: tuple[dict[str, Any], ...] | None) -> float | None:
    """The mean probability of a transcript's tokens, 0 to 1; None when the server gave none."""
    values = [entry["logprob"] for entry in logprobs or () if isinstance(entry.get("logprob"), int | float)]
    return min(1.0, math.exp(sum(values) / len(values))) if values else None
