"""What the embedded customer makes of a session object."""

from voice.embedded_customer.listening import ListeningSettings
from voice.embedded_customer.persona import Persona
from voice.embedded_customer.speaking import Manner
from voice.embedded_customer.speech_messages import EarSettings
from voice.realtime_protocol.client_events import ResponseParameters
from voice.realtime_protocol.errors import ProtocolError
from voice.realtime_protocol.session_object import PCM, SemanticVad, ServerVad, Session

_SEMANTIC_SILENCE_MS = {"low": 1_000, "medium": 700, "auto": 700, "high": 400}
LONGEST_INSTRUCTIONS = 50_000
LOGPROBS = "item.input_audio_transcription.logprobs"


def check(session: Session) -> None:
    """Raises ProtocolError for what this server cannot do."""
    for path, audio_format in (("input", session.audio.input.format), ("output", session.audio.output.format)):
        if audio_format != PCM:
            param = f"session.audio.{path}.format"
            raise ProtocolError("invalid_value", "This server takes and gives audio/pcm at 24000 only.", param=param)
    if len(session.instructions) > LONGEST_INSTRUCTIONS:
        text = f"The instructions are longer than {LONGEST_INSTRUCTIONS} characters."
        raise ProtocolError("string_above_max_length", text, param="session.instructions")


def check_response(parameters: ResponseParameters) -> None:
    """Raises ProtocolError for a response that this server cannot give. Instructions for one response are ignored."""
    if parameters.conversation == "none":
        text = "This server has no responses out of band."
        raise ProtocolError("invalid_value", text, param="response.conversation")
    if parameters.input is not None:
        text = "This server answers the conversation only."
        raise ProtocolError("invalid_value", text, param="response.input")


def listening_settings(session: Session, persona: Persona) -> ListeningSettings:
    """How the session wants to be heard."""
    detection = session.audio.input.turn_detection
    match detection:
        case ServerVad():
            ear = EarSettings(
                threshold=detection.threshold,
                prefix_padding_ms=detection.prefix_padding_ms,
                silence_duration_ms=detection.silence_duration_ms,
            )
        case SemanticVad():
            ear = EarSettings(silence_duration_ms=_SEMANTIC_SILENCE_MS[detection.eagerness])
        case None:
            ear = EarSettings(manual=True)
    return ListeningSettings(
        vocabulary=persona.vocabulary,
        detection=ear,
        transcription=session.audio.input.transcription is not None,
        logprobs=LOGPROBS in (session.include or ()),
    )


def idle_timeout_ms(session: Session, persona: Persona) -> int | None:
    """After how much silence the customer speaks up; never in push-to-talk, where silence means nothing."""
    detection = session.audio.input.turn_detection
    if detection is None:
        return None
    if persona.silence_ms is not None:
        return persona.silence_ms
    return detection.idle_timeout_ms if isinstance(detection, ServerVad) else None


def manner(session: Session, persona: Persona, parameters: ResponseParameters) -> Manner:
    """How a response is given: the scenario decides the voice of its customer, else the session."""
    output = session.audio.output
    if parameters.audio is not None and parameters.audio.output is not None:
        output = parameters.audio.output
    customer = persona.scenario.customer
    voice = output.voice if persona.improvised and isinstance(output.voice, str) else customer.voice
    modalities = parameters.output_modalities or session.output_modalities
    tools = session.tools if parameters.tools is None else parameters.tools
    choice = parameters.tool_choice or session.tool_choice
    return Manner(
        voice=voice,
        pace_wpm=round(customer.pace_wpm * (output.speed or 1.0)),
        aloud=modalities == ("audio",),
        tools=frozenset() if choice == "none" else frozenset(tool.name for tool in tools),
    )
