"""Length, size and codecs of a film. Runs in a confined process (`python -m lms.courses.videos.media`)."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import av
from av.error import FFmpegError

from lms.courses.confined.worker import serve


def facts_of(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """`{"duration_ms", "width", "height", "codecs"}`, or `{"problem": "unreadable" | "no_video"}`."""
    try:
        with av.open(file) as film:
            if not film.streams.video:
                yield {"problem": "no_video"}
                return
            picture = film.streams.video[0]
            codecs = [stream.codec_context.name for stream in (*film.streams.video[:1], *film.streams.audio[:1])]
            size = {"width": picture.codec_context.width, "height": picture.codec_context.height}
            duration_ms = _told_ms(film) or _counted_ms(film, picture)
    except (FFmpegError, ValueError, EOFError, MemoryError):
        yield {"problem": "unreadable"}
        return
    yield {"duration_ms": duration_ms, "codecs": codecs, **size} if duration_ms > 0 else {"problem": "unreadable"}


def _told_ms(film: Any) -> int:
    """As its head says; 0 if it says nothing, as what browsers record does."""
    return round(film.duration * 1_000 / av.time_base) if film.duration else 0


def _counted_ms(film: Any, picture: Any) -> int:
    packets = (packet for packet in film.demux(picture) if packet.pts is not None)
    end_s = max((float((packet.pts + (packet.duration or 0)) * packet.time_base) for packet in packets), default=0.0)
    return round(end_s * 1_000)


if __name__ == "__main__":
    serve(facts_of)
