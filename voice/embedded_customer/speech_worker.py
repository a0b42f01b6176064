"""A speech worker: the process in which ears and voice live, `python -m voice.embedded_customer.speech_worker`.

Requests come in on standard input and are answered, in their order, on standard output; at the end of its input, so
also when the server dies, the worker ends. Recognition and synthesis hold Python's lock: that is why it is a process.
"""

import argparse
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from voice.embedded_customer.recognizer import BuiltVocabulary, Recognizer, VocabularyBuilder
from voice.embedded_customer.speech_messages import (
    LENGTHS,
    EarSettings,
    Recognized,
    SpeechBegan,
    Vocabulary,
    lengths,
    packed,
    unpacked_head,
)
from voice.embedded_customer.synthesizer import Synthesizer
from voice.embedded_customer.turn_detector import VoiceChance
from voice.embedded_customer.worker_ear import WorkerEar

log = logging.getLogger("speech_worker")

_IDLE_RECOGNIZERS = 4
_REQUESTS_WAITING = 1_000
Head = dict[str, Any]
Answer = tuple[Head, bytes]


class SpeechWorker:
    """Carries out requests, one at a time."""

    def __init__(self, cache_dir: Path) -> None:
        self._synthesizer = Synthesizer()
        self._builder = VocabularyBuilder(cache_dir, self._synthesizer.phonemes)
        self._ears: dict[str, tuple[WorkerEar, BuiltVocabulary]] = {}
        self._idle: list[tuple[BuiltVocabulary, Recognizer]] = []
        self._voices: dict[str, Iterator[bytes]] = {}
        self._actions: dict[str, Callable[[Head, bytes], Answer]] = {
            "ping": lambda _head, _body: ({}, b""),
            "is_prepared": self._is_prepared,
            "prepare": self._prepare,
            "open": self._open,
            "hear": self._hear,
            "transcript": self._transcript,
            "commit": self._commit,
            "clear": self._clear,
            "close": self._close,
            "speak": self._speak,
            "more": self._more,
            "hush": self._hush,
        }

    def answer(self, head: Head, body: bytes) -> bytes:
        """The packed answer to one request; a failure is an answer too."""
        try:
            answer, sound = self._actions[head["do"]](head, body)
        except Exception as error:  # the worker's loop boundary
            log.exception("The request %s failed.", head.get("do"))
            answer, sound = {"error": f"{type(error).__name__}: {error}"}, b""
        return packed({"id": head.get("id"), **answer}, sound)

    def _is_prepared(self, head: Head, _body: bytes) -> Answer:
        return {"prepared": self._builder.is_built(_vocabulary(head))}, b""

    def _prepare(self, head: Head, _body: bytes) -> Answer:
        self._builder.built(_vocabulary(head))
        return {}, b""

    def _open(self, head: Head, _body: bytes) -> Answer:
        built = self._builder.built(_vocabulary(head))
        settings = EarSettings(**head["detection"])
        self._ears[head["ear"]] = (WorkerEar(settings, self._recognizer(built), VoiceChance().of), built)
        return {}, b""

    def _hear(self, head: Head, body: bytes) -> Answer:
        events = self._ears[head["ear"]][0].hear(body)
        told = [
            ["began", event.audio_start_ms] if isinstance(event, SpeechBegan) else ["ended", event.audio_end_ms]
            for event in events
        ]
        return {"events": told}, b""

    def _transcript(self, head: Head, _body: bytes) -> Answer:
        recognized: Recognized = self._ears[head["ear"]][0].transcript()
        return asdict(recognized), b""

    def _commit(self, head: Head, _body: bytes) -> Answer:
        self._ears[head["ear"]][0].commit()
        return {}, b""

    def _clear(self, head: Head, _body: bytes) -> Answer:
        self._ears[head["ear"]][0].clear()
        return {}, b""

    def _close(self, head: Head, _body: bytes) -> Answer:
        ear, built = self._ears.pop(head["ear"], (None, None))
        if ear is not None and built is not None:
            ear.clear()
            self._idle.append((built, ear.recognizer))
            del self._idle[:-_IDLE_RECOGNIZERS]
        return {}, b""

    def _speak(self, head: Head, body: bytes) -> Answer:
        self._voices[head["voice"]] = self._synthesizer.speak(head["text"], head["gender"], head["pace_wpm"])
        return self._more(head, body)

    def _more(self, head: Head, _body: bytes) -> Answer:
        voice = self._voices.get(head["voice"], iter(()))
        sound = next((piece for piece in voice if piece), None)
        if sound is None:
            self._voices.pop(head["voice"], None)
        return {"over": sound is None}, sound or b""

    def _hush(self, head: Head, _body: bytes) -> Answer:
        self._voices.pop(head["voice"], None)
        return {}, b""

    def _recognizer(self, built: BuiltVocabulary) -> Recognizer:
        for place, (idle, recognizer) in enumerate(self._idle):
            if idle == built:
                del self._idle[place]
                recognizer.forget_speaker()
                return recognizer
        return Recognizer(built)


def _vocabulary(head: Head) -> Vocabulary:
    return Vocabulary(head["vocabulary"]["key"], tuple(head["vocabulary"]["sentences"]))


def _read_exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def _read_requests(stream: BinaryIO, requests: "queue.Queue[tuple[Head, bytes]]") -> None:
    try:
        while True:
            head_length, body_length = lengths(_read_exactly(stream, LENGTHS.size))
            head = unpacked_head(_read_exactly(stream, head_length))
            requests.put((head, _read_exactly(stream, body_length)))
    except (EOFError, OSError):
        # The server has gone: nobody waits for what is still being worked on.
        os._exit(0)


def main() -> None:
    """Runs a worker until its input ends."""
    parser = argparse.ArgumentParser(description="Hears and speaks for a CallX server.")
    parser.add_argument("--cache-dir", type=Path, required=True)
    cache_dir: Path = parser.parse_args().cache_dir
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    # A Ctrl-C reaches the whole group of processes; the server decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not get between the messages.
    os.dup2(2, 1)
    requests: queue.Queue[tuple[Head, bytes]] = queue.Queue(_REQUESTS_WAITING)
    reader = threading.Thread(target=_read_requests, args=(sys.stdin.buffer, requests), daemon=True, name="requests")
    worker = SpeechWorker(cache_dir)
    reader.start()
    while True:
        head, body = requests.get()
        try:
            answers.write(worker.answer(head, body))
            answers.flush()
        except BrokenPipeError:
            os._exit(0)


if __name__ == "__main__":
    main()
