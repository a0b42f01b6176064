"""Makes the acoustic profile for formant synthesis: `python benchmarks/train_acoustic_profile.py`.

Speaks sentences drawn from the phrase book in several of espeak-ng's voices, aligns them with the stock acoustic model,
and estimates the linear transform of the model's means (MLLR, one class, diagonal covariances) that makes the sound
most likely. Takes about two minutes and writes voice/embedded_customer/acoustic_profiles/formant_synthesis.mllr.
"""

import itertools
import random
import re
import struct
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pocketsphinx import Config, Decoder, get_model_path

from voice.audio_format import SAMPLE_RATE_HZ, silence
from voice.embedded_customer import recognizer
from voice.embedded_customer.phrase_book import Choice, Phrase, read_phrase_book
from voice.embedded_customer.recognizer import RATE_HZ, VocabularyBuilder
from voice.embedded_customer.resampler import Resampler, pcm_of, samples_of
from voice.embedded_customer.speech_messages import Vocabulary
from voice.embedded_customer.synthesizer import Synthesizer, VoiceStyle

Numbers = npt.NDArray[np.float64]
MODEL = Path(get_model_path("en-us/en-us"))
PROFILE = Path(recognizer.__file__).with_name("acoustic_profiles") / "formant_synthesis.mllr"
PHRASE_BOOK = Path(recognizer.__file__).with_name("phrase_book.txt")
VOICES = [f"en-us{variant}" for variant in ("", "+f1", "+f2", "+f3", "+f4", "+m1", "+m2", "+m3", "+m5", "+m7")]
SENTENCES, ROUNDS, PACE_WPM, SEED = 260, 5, 165, 5
STREAMS, SIZE = 3, 13
NOISE = 3e-4


def parameters(name: str) -> Numbers:
    """The Gaussians of a model file, shape (phones, streams, densities, 13)."""
    data = (MODEL / name).read_bytes()
    at = data.index(b"endhdr\n") + len(b"endhdr\n")
    phones, streams, densities = struct.unpack_from("<3i", data, at + 4)
    numbers = np.frombuffer(data, "<f4", phones * streams * densities * SIZE, at + 4 * (5 + streams))
    return numbers.reshape(phones, streams, densities, SIZE).astype(np.float64)


def drawn(phrase: Phrase, chance: random.Random) -> list[str]:
    """One way to say `phrase`."""
    words: list[str] = []
    for part in phrase.parts:
        words += drawn(chance.choice(part.phrases), chance) if isinstance(part, Choice) else [part]
    return words


def sound(synthesizer: Synthesizer, text: str, voice: str) -> bytes:
    """`text` as the recognizer would hear it, PCM16 at 16 kHz, over a little noise."""
    pcm = silence(300) + b"".join(synthesizer.speak_as(text, VoiceStyle(voice, 50, 50), PACE_WPM)) + silence(400)
    samples = Resampler(SAMPLE_RATE_HZ, RATE_HZ).feed(samples_of(pcm))
    noise = np.random.default_rng(1).standard_normal(len(samples)).astype(np.float32)
    return pcm_of(samples + np.float32(NOISE) * noise)


def features(cepstra: Numbers) -> Numbers:
    """The model's features, shape (frames, 3, 13): cepstra less their mean, first and second differences."""
    count = len(cepstra)
    centred = cepstra - cepstra.mean(axis=0)
    line = np.concatenate([centred[:1].repeat(3, 0), centred, centred[-1:].repeat(3, 0)])

    def shifted(frames: int) -> Numbers:
        return line[3 + frames : 3 + frames + count]

    second = (shifted(3) - shifted(-1)) - (shifted(1) - shifted(-3))
    return np.stack([centred, shifted(2) - shifted(-2), second], axis=1)


def aligned(decoder: Any, log_dir: Path, text: str, pcm: bytes) -> tuple[Numbers, list[str]] | None:
    """The features of `pcm` and the phone of each frame; None where the text could not be aligned."""
    before = set(log_dir.iterdir())
    try:
        decoder.set_align_text(text)
        for second_pass in (False, True):
            if second_pass:
                decoder.set_alignment()
            decoder.start_utt()
            decoder.process_raw(pcm, full_utt=True)
            decoder.end_utt()
        phones = [phone.name for word in decoder.get_alignment() for phone in word for _ in range(phone.duration)]
    except RuntimeError:
        return None
    newest = max(set(log_dir.iterdir()) - before, key=lambda path: path.stat().st_size).read_bytes()
    cepstra = np.frombuffer(newest, ">f4", offset=4).reshape(-1, SIZE).astype(np.float64)
    if np.abs(cepstra).max() > 1e4 or not np.isfinite(cepstra).all():
        cepstra = np.frombuffer(newest, "<f4", offset=4).reshape(-1, SIZE).astype(np.float64)
    if abs(len(cepstra) - len(phones)) > 3:
        return None
    count = min(len(cepstra), len(phones))
    return features(cepstra[:count]), phones[:count]


def collected() -> tuple[Numbers, npt.NDArray[np.str_]]:
    """All features and their phones."""
    chance = random.Random(SEED)
    phrases = read_phrase_book(PHRASE_BOOK.read_text(encoding="utf-8").splitlines())
    synthesizer = Synthesizer()
    found: list[tuple[Numbers, list[str]]] = []
    with tempfile.TemporaryDirectory() as folder:
        log_dir = Path(folder) / "cepstra"
        log_dir.mkdir()
        files = VocabularyBuilder(Path(folder), synthesizer.phonemes).built(Vocabulary("training"))
        settings = {"hmm": str(MODEL), "lm": None, "dict": str(files.dictionary), "mfclogdir": str(log_dir)}
        decoder = Decoder(Config(loglevel="FATAL", **settings))
        drawing = (drawn(chance.choice(phrases), chance) for _ in itertools.count())
        long_enough = (words for words in drawing if len(words) >= 4)
        for number, words in enumerate(itertools.islice(long_enough, SENTENCES)):
            text = " ".join(words)
            pcm = sound(synthesizer, text, VOICES[number % len(VOICES)])
            if (one := aligned(decoder, log_dir, text, pcm)) is not None:
                found.append(one)
    print(f"{len(found)} of {SENTENCES} sentences aligned")
    return np.concatenate([frames for frames, _ in found]), np.array([name for _, names in found for name in names])


def estimated(frames: Numbers, means: Numbers, variances: Numbers, old: Numbers) -> tuple[Numbers, float]:
    """A better transform of one stream than `old`, shape (13, 14) with the offset first; and the likelihood of `old`.

    `frames` holds the frames of each phone, `means` and `variances` have the shape (phones, densities, 13).
    """
    left, right = np.zeros((SIZE, SIZE + 1, SIZE + 1)), np.zeros((SIZE, SIZE + 1))
    likelihood = 0.0
    for heard, mean, variance in zip(frames, means, variances, strict=True):
        if len(heard) < 10:
            continue
        extended = np.concatenate([np.ones((len(mean), 1)), mean], axis=1)
        distance = (heard[:, None] - extended @ old.T) ** 2 / variance
        logged = -0.5 * (distance.sum(2) + np.log(variance).sum(1))
        highest = logged.max(1, keepdims=True)
        share = np.exp(logged - highest)
        likelihood += float((highest[:, 0] + np.log(share.sum(1))).sum())
        share /= share.sum(1, keepdims=True)
        weight, summed = share.sum(0), share.T @ heard
        for row in range(SIZE):
            left[row] += (extended * (weight / variance[:, row])[:, None]).T @ extended
            right[row] += (summed[:, row] / variance[:, row]) @ extended
    return np.stack(
        [np.linalg.solve(a + 1e-6 * np.eye(SIZE + 1), b) for a, b in zip(left, right, strict=True)]
    ), likelihood


def written(transforms: list[Numbers]) -> str:
    """The recognizer's format: one class; for each stream its size, matrix, offset and factors of the variances."""
    lines = ["1", str(STREAMS)]
    for transform in transforms:
        rows = [*transform[:, 1:], transform[:, 0], np.ones(SIZE)]
        lines += [str(SIZE), *(" ".join(f"{number:.6f}" for number in row) for row in rows)]
    return "\n".join([*lines, ""])


def main() -> None:
    """Trains the profile and writes it."""
    means, variances = parameters("means"), np.maximum(parameters("variances"), 1e-4)
    names = [name.decode() for name in re.findall(rb"[A-Z+]+(?=\0)", (MODEL / "mdef").read_bytes()[:2_000])]
    names = [name for name in names if name != "BMDF"][: len(means)]
    frames, phones = collected()
    transforms: list[Numbers] = []
    for stream in range(STREAMS):
        by_phone: Any = [frames[phones == name, stream] for name in names]
        transform = np.concatenate([np.zeros((SIZE, 1)), np.eye(SIZE)], axis=1)
        for _ in range(ROUNDS):
            transform, likelihood = estimated(by_phone, means[:, stream], variances[:, stream], transform)
            print(f"stream {stream}: {likelihood / len(frames):.3f} a frame")
        transforms.append(transform)
    PROFILE.write_text(written(transforms))


if __name__ == "__main__":
    main()
