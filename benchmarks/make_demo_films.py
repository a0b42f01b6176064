"""Makes the films of the demo courses: spoken by the built-in voices, drawn by reportlab, a few hundred kilobytes each.

    python -m benchmarks.make_demo_films

writes `lms/demo/videos/*/*.webm` and their captions `lms/demo/attachments/*/*.vtt`, and prints when each line begins.
"""

import asyncio
import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pypdfium2
import yaml
from numpy.typing import NDArray
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from voice.audio_format import SAMPLE_RATE_HZ
from voice.embedded_customer.speech_engines import SpeechEngines

DEMO = Path(__file__).parents[1] / "lms" / "demo"
WIDTH, HEIGHT, PER_SECOND = 960, 540, 5
GROUND, PANEL, INK, FAINT, AGENT, CUSTOMER = "#06201b", "#0d332b", "#f4f6f2", "#8fb0a6", "#5fd0ae", "#f2a07b"
BARS = 14


@dataclass(frozen=True)
class Line:
    """One thing that is said; `wait_s` is the silence before it."""

    who: str
    text: str
    wait_s: float
    take: str


@dataclass(frozen=True)
class FilmPlan:
    """A film by the name of its files; who is the agent, and with which voice each of the two speaks."""

    name: str
    title: str
    agent: tuple[str, str]
    customer: tuple[str, str]
    lines: Sequence[Line]


def plans() -> list[FilmPlan]:
    """The films, as `lms/demo/videos/scripts.yaml` has them."""
    written = yaml.safe_load((DEMO / "videos" / "scripts.yaml").read_text("utf-8"))
    return [
        FilmPlan(
            film["name"],
            film["title"],
            (film["agent"]["name"], film["agent"]["voice"]),
            (film["customer"]["name"], film["customer"]["voice"]),
            [Line(line["who"], line["says"], line.get("wait_s", 0.6), line.get("take", "")) for line in film["lines"]],
        )
        for film in written
    ]


@dataclass(frozen=True)
class Cue:
    """A line with its place in the film, in milliseconds."""

    line: Line
    take: str
    begins_ms: int
    ends_ms: int


async def spoken(plan: FilmPlan, engines: SpeechEngines) -> tuple[NDArray[np.int16], list[Cue]]:
    """The sound of the whole film, and when each line is said."""
    voices = {name: voice for name, voice in (plan.agent, plan.customer)}
    pieces: list[NDArray[np.int16]] = []
    cues: list[Cue] = []
    at, take = 0, ""
    for line in plan.lines:
        take = line.take or take
        pieces.append(np.zeros(int(line.wait_s * SAMPLE_RATE_HZ), np.int16))
        pcm = b"".join([chunk async for chunk in engines.speak(line.text, voices[line.who], 150)])
        said = np.frombuffer(pcm, np.int16)
        begins = at + len(pieces[-1])
        at = begins + len(said)
        pieces.append(said)
        cues.append(Cue(line, take, begins * 1_000 // SAMPLE_RATE_HZ, at * 1_000 // SAMPLE_RATE_HZ))
    pieces.append(np.zeros(SAMPLE_RATE_HZ, np.int16))
    return np.concatenate(pieces), cues


def picture(plan: FilmPlan, cue: Cue | None, take: str, levels: Sequence[float]) -> NDArray[np.uint8]:
    """One frame: who speaks, how loud it was just now, and what is said."""
    paper = io.BytesIO()
    canvas = Canvas(paper, pagesize=(WIDTH, HEIGHT))
    canvas.setFillColor(GROUND)
    canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    canvas.setFillColor(FAINT)
    canvas.setFont("Helvetica", 17)
    canvas.drawString(48, HEIGHT - 52, plan.title)
    canvas.drawRightString(WIDTH - 48, HEIGHT - 52, take)
    for place, ((name, _), colour) in enumerate(((plan.agent, AGENT), (plan.customer, CUSTOMER))):
        _speaker(canvas, 48 + place * 444, name, colour, levels if cue and cue.line.who == name else ())
    if cue:
        canvas.setFillColor(INK)
        canvas.setFont("Helvetica", 25)
        for number, line in enumerate(simpleSplit(cue.line.text, "Helvetica", 25, WIDTH - 96)):
            canvas.drawString(48, 150 - 36 * number, line)
    canvas.showPage()
    canvas.save()
    page = pypdfium2.PdfDocument(paper.getvalue())[0]
    return np.ascontiguousarray(page.render(scale=1).to_numpy()[:, :, :3][:, :, ::-1])


def _speaker(canvas: Canvas, left: float, name: str, colour: str, levels: Sequence[float]) -> None:
    canvas.setFillColor(PANEL)
    canvas.roundRect(left, 230, 420, 210, 22, stroke=0, fill=1)
    canvas.setFillColor(colour)
    canvas.circle(left + 70, 335, 34, stroke=0, fill=1)
    canvas.setFillColor(GROUND)
    canvas.setFont("Helvetica-Bold", 26)
    canvas.drawCentredString(left + 70, 326, "".join(word[0] for word in name.split()))
    canvas.setFillColor(INK)
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(left + 40, 252, name)
    canvas.setFillColor(colour)
    for bar in range(BARS):
        height = 4 + 88 * (levels[bar] if bar < len(levels) else 0)
        canvas.roundRect(left + 140 + bar * 18, 335 - height / 2, 9, height, 2, stroke=0, fill=1)


def frames(plan: FilmPlan, sound: NDArray[np.int16], cues: Sequence[Cue]) -> Iterator[NDArray[np.uint8]]:
    """The film's pictures, in order."""
    step = SAMPLE_RATE_HZ // PER_SECOND
    take = ""
    for number in range(-(-len(sound) // step)):
        now_ms = number * 1_000 // PER_SECOND
        cue = next((cue for cue in cues if cue.begins_ms <= now_ms + 100 and now_ms < cue.ends_ms), None)
        take = cue.take if cue else take or cues[0].take
        piece = sound[number * step : (number + 1) * step].astype(np.float32) / 32_768
        parts = np.array_split(piece, BARS)
        yield picture(
            plan, cue, take, [min(1.0, float(np.abs(part).mean()) * 9) if len(part) else 0.0 for part in parts]
        )


def write_film(path: Path, sound: NDArray[np.int16], pictures: Iterator[NDArray[np.uint8]]) -> None:
    """VP9 and Opus in WebM, which every browser of today plays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", format="webm") as film:
        video: Any = film.add_stream("libvpx-vp9", rate=PER_SECOND, options={"crf": "40", "b": "0", "g": "50"})
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        audio: Any = film.add_stream("libopus", rate=48_000, options={"b": "24k", "application": "voip"})
        audio.layout = "mono"
        for number, drawn in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(drawn, "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, PER_SECOND)
            film.mux(video.encode(frame))
        film.mux(video.encode(None))
        heard = av.AudioFrame.from_ndarray(sound[None, :], format="s16", layout="mono")
        heard.sample_rate, heard.pts = SAMPLE_RATE_HZ, 0
        for resampled in av.AudioResampler(format="s16", layout="mono", rate=48_000).resample(heard):
            film.mux(audio.encode(resampled))
        film.mux(audio.encode(None))


def write_captions(path: Path, cues: Sequence[Cue]) -> None:
    """The same words as WebVTT."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = [f"{_time(cue.begins_ms)} --> {_time(cue.ends_ms)}\n<v {cue.line.who}>{cue.line.text}" for cue in cues]
    path.write_text("WEBVTT\n\n" + "\n\n".join(blocks) + "\n", encoding="utf-8")


def _time(ms: int) -> str:
    return f"{ms // 60_000:02}:{ms % 60_000 // 1_000:02}.{ms % 1_000:03}"


async def make() -> None:
    """Both films."""
    with tempfile.TemporaryDirectory() as cache:
        engines = SpeechEngines(workers=1, cache_dir=Path(cache))
        await engines.start()
        try:
            for plan in plans():
                sound, cues = await spoken(plan, engines)
                film = DEMO / "videos" / f"{plan.name}.webm"
                await asyncio.to_thread(write_film, film, sound, frames(plan, sound, cues))
                write_captions(DEMO / "attachments" / f"{plan.name}.vtt", cues)
                print(plan.name, f"{len(sound) / SAMPLE_RATE_HZ:.0f} s, {film.stat().st_size // 1_000} kB")
                for cue in cues:
                    print("  ", _time(cue.begins_ms), cue.take, "|", cue.line.who)
        finally:
            await engines.close()


if __name__ == "__main__":
    asyncio.run(make())
