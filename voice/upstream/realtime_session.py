"""How a customer's configuration is said in Realtime, and to which address. PURE."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from voice.audio_format import SAMPLE_RATE_HZ
from voice.realtime_protocol.session_object import SessionPatch
from voice.upstream.base import CustomerConfig, TurnDetection

_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
_PCM = {"type": "audio/pcm", "rate": SAMPLE_RATE_HZ}


def endpoint(url: str, model: str) -> str:
    """The WebSocket address under a base URL such as `https://host/v1`. Raises ValueError for what is no base URL."""
    parts = urlsplit(url)
    if (
        parts.scheme not in _SCHEMES or not parts.hostname or parts.port == 0
    ):  # a wrong port raises ValueError by itself
        raise ValueError(f"Not an address of a Realtime server: {url!r}")
    path = parts.path.rstrip("/")
    path = path if path.endswith("/realtime") else f"{path}/realtime"
    query = dict(parse_qsl(parts.query))
    return urlunsplit((_SCHEMES[parts.scheme], parts.netloc, path, urlencode({"model": model, **query}), ""))


def session_patch(config: CustomerConfig, *, transcription_model: str, embedded: bool) -> SessionPatch:
    """The one `session.update` of a session. The embedded customer gets the scenario itself instead of a prompt."""
    transcription = {"model": transcription_model, "language": config.language}
    session: dict[str, Any] = {
        "type": "realtime",
        "output_modalities": ["audio"],
        "audio": {
            "input": {
                "format": _PCM,
                "transcription": transcription,
                "turn_detection": _turn_detection(config.turn_detection),
            },
            "output": {"format": _PCM, "voice": config.voice},
        },
        "tools": [dict(tool) for tool in config.tools],
        "tool_choice": "auto",
    }
    if embedded:
        session["include"] = ["item.input_audio_transcription.logprobs"]
    if embedded and config.scenario is not None:
        scenario = config.scenario
        session["prompt"] = {"id": scenario.id, "version": scenario.version, "variables": dict(scenario.variables)}
    else:
        session["instructions"] = config.instructions
    return SessionPatch.model_validate(session)


def expires_in_ms(session: Mapping[str, Any], now: datetime) -> int | None:
    """For how long a session object says that the server will keep the session; None when it does not say."""
    expires_at = session.get("expires_at")
    if isinstance(expires_at, bool) or not isinstance(expires_at, int | float):
        return None
    return max(0, round(expires_at * 1_000 - now.timestamp() * 1_000))


def _turn_detection(detection: TurnDetection) -> dict[str, Any] | None:
    match detection.kind:
        case "manual":
            return None
        case "semantic_vad":
            return {"type": "semantic_vad", "create_response": True, "interrupt_response": True}
        case "server_vad":
            vad: dict[str, Any] = {
                "type": "server_vad",
                "threshold": detection.threshold,
                "prefix_padding_ms": detection.prefix_padding_ms,
                "silence_duration_ms": detection.silence_duration_ms,
                "create_response": True,
                "interrupt_response": True,
            }
            if detection.idle_timeout_ms is not None:
                vad["idle_timeout_ms"] = detection.idle_timeout_ms
            return vad
