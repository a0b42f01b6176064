"""The session object: what a client may ask of a session, and how an update changes it. PURE."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from voice.realtime_protocol.errors import ProtocolError


class Strict(BaseModel):
    """A part of a client's message: a field that the protocol does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PcmFormat(Strict):
    """16 bits little-endian, one channel, 24,000 samples a second."""

    type: Literal["audio/pcm"]
    rate: Literal[24000] = 24000


class G711Format(Strict):
    """Telephone sound: 8 bits, one channel, 8,000 samples a second."""

    type: Literal["audio/pcmu", "audio/pcma"]


AudioFormat = Annotated[PcmFormat | G711Format, Field(discriminator="type")]


class NoiseReduction(Strict):
    """Which filter the input passes through."""

    type: Literal["near_field", "far_field"]
    strength: float | None = None


class Transcription(Strict):
    """How the input is put into words."""

    model: str | None = None
    language: str | None = None
    languages: tuple[str, ...] | None = None
    prompt: str | None = None
    keywords: tuple[str, ...] | None = None
    delay: str | None = None


class ServerVad(Strict):
    """Turns end after a silence."""

    type: Literal["server_vad"]
    threshold: float = Field(default=0.5, ge=0, le=1)
    prefix_padding_ms: int = Field(default=300, ge=0, le=5_000)
    silence_duration_ms: int = Field(default=500, ge=0, le=10_000)
    create_response: bool = True
    interrupt_response: bool = True
    idle_timeout_ms: int | None = Field(default=None, ge=1_000, le=60_000)


class SemanticVad(Strict):
    """Turns end when the sentence seems complete."""

    type: Literal["semantic_vad"]
    eagerness: Literal["low", "medium", "high", "auto"] = "auto"
    create_response: bool = True
    interrupt_response: bool = True


TurnDetection = Annotated[ServerVad | SemanticVad, Field(discriminator="type")]


class AudioInput(Strict):
    """The client's sound. Fields that a client leaves out stay as they are."""

    format: AudioFormat | None = None
    noise_reduction: NoiseReduction | None = None
    transcription: Transcription | None = None
    turn_detection: TurnDetection | None = None


class VoiceId(Strict):
    """A voice of one's own."""

    id: str


class AudioOutput(Strict):
    """The server's sound."""

    format: AudioFormat | None = None
    voice: str | VoiceId | None = None
    speed: float | None = Field(default=None, ge=0.25, le=1.5)


class Audio(Strict):
    """Both directions."""

    input: AudioInput | None = None
    output: AudioOutput | None = None


class FunctionTool(Strict):
    """A function that the model may call."""

    type: Literal["function"]
    name: str = Field(min_length=1, max_length=64)
    description: str | None = None
    parameters: dict[str, JsonValue] | None = None


class Prompt(Strict):
    """A prompt that the server keeps, with values for its variables."""

    id: str = Field(min_length=1, max_length=200)
    version: str | None = None
    variables: dict[str, str] | None = None


Modalities = Annotated[tuple[Literal["audio", "text"], ...], Field(min_length=1, max_length=1)]
OutputTokens = Annotated[int, Field(ge=1, le=4096)] | Literal["inf"]


class SessionPatch(Strict):
    """What `session.update` carries; only the fields that the client set count."""

    type: Literal["realtime"]
    model: str | None = None
    instructions: str | None = None
    output_modalities: Modalities | None = None
    audio: Audio | None = None
    tools: tuple[FunctionTool, ...] | None = None
    tool_choice: JsonValue = None
    parallel_tool_calls: bool | None = None
    max_output_tokens: OutputTokens | None = None
    truncation: JsonValue = None
    reasoning: JsonValue = None
    tracing: JsonValue = None
    include: tuple[Literal["item.input_audio_transcription.logprobs"], ...] | None = None
    prompt: Prompt | None = None

    def to_dict(self) -> dict[str, Any]:
        """Only what was set, for the wire."""
        return self.model_dump(mode="json", exclude_unset=True)


PCM = PcmFormat(type="audio/pcm")
_MAY_BE_NULL = {"noise_reduction", "transcription", "turn_detection"}
_Part = TypeVar("_Part", AudioInput, AudioOutput)


class SessionAudio(Strict):
    """Both directions, complete."""

    input: AudioInput = AudioInput(format=PCM, turn_detection=ServerVad(type="server_vad"))
    output: AudioOutput = AudioOutput(format=PCM, voice="marin", speed=1.0)


class Session(Strict):
    """The session as it stands, with every default filled in."""

    type: Literal["realtime"] = "realtime"
    object: Literal["realtime.session"] = "realtime.session"
    id: str
    model: str
    expires_at: int | None = None
    instructions: str = ""
    output_modalities: Modalities = ("audio",)
    audio: SessionAudio = SessionAudio()
    tools: tuple[FunctionTool, ...] = ()
    tool_choice: JsonValue = "auto"
    parallel_tool_calls: bool | None = None
    max_output_tokens: OutputTokens = "inf"
    truncation: JsonValue = "auto"
    reasoning: JsonValue = None
    tracing: JsonValue = None
    include: tuple[str, ...] | None = None
    prompt: Prompt | None = None

    def updated(self, patch: SessionPatch) -> "Session":
        """This session after `patch`. Raises ProtocolError when something cannot be changed."""
        if patch.model is not None and patch.model != self.model:
            raise ProtocolError("invalid_value", "The model of a session cannot be changed.", param="session.model")
        changes: dict[str, Any] = {}
        for name in patch.model_fields_set - {"type", "model", "audio"}:
            value = getattr(patch, name)
            changes[name] = Session.model_fields[name].default if value is None else value
        if patch.audio is not None:
            changes["audio"] = SessionAudio(
                input=_over(self.audio.input, patch.audio.input), output=_over(self.audio.output, patch.audio.output)
            )
        return self.model_copy(update=changes)

    def to_dict(self) -> dict[str, Any]:
        """The whole session, for the wire."""
        return self.model_dump(mode="json")


def _over(below: _Part, above: _Part | None) -> _Part:
    """`below` with the fields that `above` has set; a null clears only what may be off."""
    if above is None:
        return below
    given = {name: getattr(above, name) for name in above.model_fields_set}
    return below.model_copy(
        update={name: value for name, value in given.items() if value is not None or name in _MAY_BE_NULL}
    )
