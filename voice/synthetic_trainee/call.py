"""`python server.py call`: one call from beginning to report card, told line by line as it happens."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voice.synthetic_trainee.server_client import PlacedCall, ServerClient, ServerSaidNo, Simulation
from voice.synthetic_trainee.softphone import Softphone

POLITE_PAUSE_MS = 600
WAIT_FOR_ANSWER_S = 12
REPORT_TIMEOUT_S = 120
SPEAKERS = {"ai": "customer", "user": "trainee"}

Show = Callable[[str], None]
Speak = Callable[[str], AsyncIterator[bytes]]
"""Turns a line into PCM of `voice.audio_format`."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something to say: words for the synthesizer, or a WAV file."""

    text: str | None = None
    wav: Path | None = None


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What is to be played, and as whom."""

    url: str
    email: str
    password: str
    simulation: str | None = None
    mode: str = "practice"
    lines: Sequence[Line] = field(default_factory=tuple)


async def make_call(plan: CallPlan, speak: Speak, show: Show) -> bool:
    """Plays the plan and shows turns and report; whether the call was passed. Raises ServerSaidNo, CallRefused."""
    sounds = [await _sound_of(line, speak) for line in plan.lines]
    async with ServerClient(plan.url) as server:
        await server.sign_in(plan.email, plan.password)
        simulation = _chosen(await server.simulations(), plan.simulation)
        placed = await server.place_call(simulation.id, plan.mode)
        offline = " (the offline customer)" if placed.offline else ""
        show(f"Calling {placed.customer_name}{offline}: {simulation.title}")
        phone = Softphone(placed.socket_url, placed.token, lambda message: _show_message(message, placed, show))
        await phone.run(lambda phone: _speak_lines(phone, sounds))
        show(f"The call is over: {phone.end_reason or 'the connection was lost'}.")
        answer = await server.evaluation(placed.id, REPORT_TIMEOUT_S)
    show("")
    show_report(answer, show)
    return bool((answer.get("report") or {}).get("passed"))


async def _sound_of(line: Line, speak: Speak) -> bytes:
    if line.wav is not None:
        from voice.synthetic_trainee.wav_files import read_wav  # pydub complains at import where ffmpeg is missing

        return await asyncio.to_thread(read_wav, line.wav)
    return b"".join([pcm async for pcm in speak(line.text or "")])


def _chosen(simulations: Sequence[Simulation], wanted: str | None) -> Simulation:
    if not simulations:
        raise ServerSaidNo("This person may play no simulation.")
    if wanted is None:
        return simulations[0]
    fitting = [s for s in simulations if wanted.casefold() in s.title.casefold()]
    if not fitting:
        titles = ", ".join(f"“{s.title}”" for s in simulations)
        raise ServerSaidNo(f"There is no simulation “{wanted}”. There are: {titles}.")
    return fitting[0]


async def _speak_lines(phone: Softphone, sounds: Sequence[bytes]) -> None:
    """Waits for the customer to finish, speaks, waits for the answer; hangs up after the last one."""
    await _hear_out(phone, after=0)
    for sound in sounds:
        heard = phone.heard_replies
        await phone.say(sound)
        await _hear_out(phone, after=heard)
    await phone.hang_up()


async def _hear_out(phone: Softphone, *, after: int) -> None:
    """Lets the customer answer and finish; goes on after a while when no answer comes."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(WAIT_FOR_ANSWER_S):
            await phone.reply_after(after)
    await phone.quiet_for(POLITE_PAUSE_MS)


def clock_text(at_ms: int) -> str:
    """A time of the call as `m:ss.t`."""
    minutes, rest_ms = divmod(at_ms, 60_000)
    return f"{minutes}:{rest_ms // 1_000:02}.{rest_ms % 1_000 // 100}"


def _show_message(message: Mapping[str, Any], placed: PlacedCall, show: Show) -> None:
    if message["type"] == "turn" and message["final"]:
        who = placed.customer_name if message["speaker"] == "ai" else SPEAKERS["user"]
        times = f"{clock_text(message['start_ms'])}–{clock_text(message['end_ms'])}"
        cut = " —" if message.get("cut_off") else ""
        words = "(could not be transcribed)" if message.get("not_transcribed") else _words(message)
        show(f"{times:>15}  {who}: {words}{cut}")
    elif message["type"] == "error":
        show(f"{'!':>15}  {message['message']} [{message['code']}]")


def _words(turn: Mapping[str, Any]) -> str:
    return str(turn.get("heard_text") or turn["text"])


def show_report(answer: Mapping[str, Any], show: Show) -> None:
    """The answer of `GET …/evaluation` as text."""
    report = answer.get("report")
    if not report:
        why = answer.get("message")
        show(f"There is no report card: {answer['state']}." + (f" {why}" if why else ""))
        return
    show(
        f"{'PASSED' if report['passed'] else 'NOT PASSED'}  {report['overall_score']} of 100 "
        f"({report['passing_grade']} needed)"
    )
    show(
        f"  script adherence {_or_dash(report['script_adherence'])} · empathy {_or_dash(report['empathy_score'])}"
        f" · call flow {_or_dash(report['call_flow_score'])}"
    )
    show(f"  {report['summary']}")
    for section in report["sections"]:
        show(f"  {section['title']:<24} {_or_dash(section['score']):>4}   weight {section['weight']:g}")
        for criterion in section["criteria"]:
            if criterion["verdict"] in ("not_met", "partial"):
                show(f"    – {criterion['title']}: {criterion['reason'] or criterion['verdict']}")


def _or_dash(value: object) -> str:
    return "–" if value is None else str(value)
