"""From sound to words: pocketsphinx with a language model of the scenario. The only importer of pocketsphinx.

Decoding runs along while somebody speaks, so that little is left to do after the last word.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pocketsphinx import Config, Decoder, LogMath, NGramModel, get_model_path

from voice.embedded_customer.language_model import END, Counts, Smoothing, built
from voice.embedded_customer.phrase_book import read_phrase_book
from voice.embedded_customer.pronunciation import pronounced
from voice.embedded_customer.speech_messages import Recognized, Vocabulary
from voice.embedded_customer.spoken_words import digits, proper_nouns, readable, spoken_words

RATE_HZ = 16_000

_PHRASE_BOOK = Path(__file__).with_name("phrase_book.txt")
PROFILES: dict[str, Path | None] = {
    "human": None,
    "formant synthesis": Path(__file__).with_name("acoustic_profiles") / "formant_synthesis.mllr",
}
"""Linear transforms (MLLR) of the acoustic model for kinds of voices that differ from those it was trained on.

The synthetic trainee of `server.py call` and of the tests speaks by formant synthesis, which sounds unlike people:
benchmarks/train_acoustic_profile.py made the transform for it. People are heard with the model as it is.
"""

_CACHE_FORMAT = 1
_CACHE_FILES = 64
_SCENARIO_WEIGHT = 3.0
_GENERAL_WORDS = 1_500
_LANGUAGE_WEIGHT = 7.0
_PAUSE_FRAMES = 30
_NO_WORDS = ("<", "[", "+")
_FEW_WORDS = 2
_LEAST_CONFIDENCE = 0.3
_WORDS_TO_JUDGE_BY = 3
_UTTERANCES_TO_JUDGE_BY = 4
_AVERAGE_SPEAKER = "48,-1,-5,18,-9,0,-3,-16,-0.5,-11,6,-4,-4"
"""Where the mean of the cepstrum starts, before the speaker was heard."""


@dataclass(frozen=True, slots=True)
class BuiltVocabulary:
    """A language model and its dictionary on disk, and how proper nouns are written."""

    model: Path
    dictionary: Path
    proper: dict[str, str]


class VocabularyBuilder:
    """Builds the recognizer's files for a vocabulary, once: they are kept under `cache_dir` by their content."""

    def __init__(self, cache_dir: Path, phonemes: Callable[[str], str], smoothing: Smoothing | None = None) -> None:
        self._cache_dir = cache_dir
        self._phonemes = phonemes
        self._smoothing = smoothing or Smoothing()

    def is_built(self, vocabulary: Vocabulary) -> bool:
        """Whether `built` will be quick."""
        files = self._files(vocabulary)
        return files.model.exists() and files.dictionary.exists()

    def built(self, vocabulary: Vocabulary) -> BuiltVocabulary:
        """The files for `vocabulary`; takes some seconds when they are not there yet."""
        files = self._files(vocabulary)
        if not (files.model.exists() and files.dictionary.exists()):
            # Private: what is built holds the words of hidden facts.
            self._cache_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._build(vocabulary, files)
            self._forget_oldest()
        return files

    def _files(self, vocabulary: Vocabulary) -> BuiltVocabulary:
        content = json.dumps([_CACHE_FORMAT, repr(self._smoothing), list(vocabulary.sentences)]).encode()
        name = hashlib.sha256(content + _PHRASE_BOOK.read_bytes()).hexdigest()[:32]
        proper = proper_nouns(vocabulary.sentences)
        return BuiltVocabulary(self._cache_dir / f"{name}.lm.bin", self._cache_dir / f"{name}.dict", proper)

    def _build(self, vocabulary: Vocabulary, files: BuiltVocabulary) -> None:
        counts = Counts(self._smoothing)
        for phrase in read_phrase_book(_PHRASE_BOOK.read_text(encoding="utf-8").splitlines()):
            counts.add(phrase)
        for sentence in vocabulary.sentences:
            counts.add_sentence(spoken_words(sentence), _SCENARIO_WEIGHT)
            for number in (part for part in sentence.split() if any(map(str.isdecimal, part))):
                counts.add_sentence(digits(number), _SCENARIO_WEIGHT)
        counts.join()
        stock = _stock_dictionary()
        language = built(counts, _general_words(stock))
        ways = pronounced(sorted(language.words - {END}), stock, self._phonemes)
        entries = [
            f"{word}{f'({number})' if number > 1 else ''} {way}"
            for word, found in ways.items()
            for number, way in enumerate(found, start=1)
        ]
        _write_atomically(files.dictionary, "\n".join(entries) + "\n")
        with tempfile.TemporaryDirectory(dir=self._cache_dir) as folder:
            text, binary = Path(folder) / "model.arpa", Path(folder) / "model.lm.bin"
            text.write_text(language.arpa())
            NGramModel(Config(loglevel="FATAL"), LogMath(), str(text)).write(str(binary), NGramModel.str_to_type("bin"))
            binary.replace(files.model)

    def _forget_oldest(self) -> None:
        files = sorted(self._cache_dir.glob("*.lm.bin"), key=lambda path: path.stat().st_mtime)
        for model in files[:-_CACHE_FILES]:
            model.unlink(missing_ok=True)
            model.with_name(model.name.replace(".lm.bin", ".dict")).unlink(missing_ok=True)


class Recognizer:
    """Recognises one speaker's utterances, one after the other: `begin`, `feed`..., `finish`.

    A speaker's voice is tried with each acoustic profile, until it is clear which one fits.
    """

    def __init__(self, vocabulary: BuiltVocabulary, profiles: Mapping[str, Path | None] | None = None) -> None:
        self._proper = vocabulary.proper
        chosen = profiles if profiles is not None else PROFILES
        self._decoders = {name: _decoder(vocabulary, profile) for name, profile in chosen.items()}
        self._running = False
        self._fits: dict[str, float] = {}
        self._tried = 0
        self.forget_speaker()

    @property
    def profiles(self) -> list[str]:
        """The names of the acoustic profiles that are still tried."""
        return list(self._active)

    def forget_speaker(self) -> None:
        """Somebody else speaks from now on."""
        self._active = dict(self._decoders)
        self._fits = dict.fromkeys(self._decoders, 0.0)
        self._tried = 0
        for decoder in self._decoders.values():
            decoder.set_cmn(_AVERAGE_SPEAKER)

    def begin(self) -> None:
        """An utterance starts with the next samples."""
        self.cancel()
        for decoder in self._active.values():
            decoder.start_utt()
        self._running = True

    def feed(self, pcm: bytes) -> None:
        """The next samples of the utterance, PCM16 at 16 kHz."""
        if self._running and pcm:
            for decoder in self._active.values():
                decoder.process_raw(pcm, no_search=False, full_utt=False)

    def finish(self) -> Recognized:
        """Ends the utterance and gives its words."""
        if not self._running:
            return Recognized("", None)
        self.cancel()
        sure = {name: _confidence(decoder) for name, decoder in self._active.items()}
        best = max(sure, key=lambda name: sure[name])
        phrases = _phrases(self._active[best])
        word_count = sum(map(len, phrases))
        if word_count <= _FEW_WORDS and sure[best] < _LEAST_CONFIDENCE:
            # A cough or a slammed door is heard as some short word, but without conviction.
            return Recognized("", None)
        self._decide(sure, word_count)
        return Recognized(readable(phrases, self._proper), round(sure[best], 3))

    def cancel(self) -> None:
        """Ends the utterance; nobody wants its words."""
        if self._running:
            for decoder in self._active.values():
                decoder.end_utt()
            self._running = False

    def _decide(self, sure: Mapping[str, float], word_count: int) -> None:
        if word_count < _WORDS_TO_JUDGE_BY or len(sure) == 1:
            return
        for name, confidence in sure.items():
            self._fits[name] += confidence
        self._tried += 1
        if self._tried >= _UTTERANCES_TO_JUDGE_BY:
            best = max(sure, key=lambda name: self._fits[name])
            self._active = {best: self._decoders[best]}


def _decoder(vocabulary: BuiltVocabulary, profile: Path | None) -> Decoder:
    settings: dict[str, float | bool | str] = {
        "hmm": get_model_path("en-us/en-us"),
        "lm": str(vocabulary.model),
        "dict": str(vocabulary.dictionary),
        "loglevel": "FATAL",
        "cmninit": _AVERAGE_SPEAKER,
        "lw": _LANGUAGE_WEIGHT,
        # The second pass costs a tenth of a second after the last word and wins nothing with so small a model.
        "fwdflat": False,
    }
    if profile is not None:
        settings["mllr"] = str(profile)
    return Decoder(Config(**settings))


def _confidence(decoder: Decoder) -> float:
    """How sure the decoder is of its words, 0 to 1: their mean posterior probability, longer words counting more."""
    sure = frames = 0.0
    for segment in decoder.seg() or ():
        if not segment.word.startswith(_NO_WORDS):
            length = segment.end_frame - segment.start_frame + 1
            sure += length * min(segment.prob, 1.0)
            frames += length
    return sure / frames if frames else 0.0


def _phrases(decoder: Decoder) -> list[list[str]]:
    phrases: list[list[str]] = [[]]
    for segment in decoder.seg() or ():
        if segment.word.startswith(_NO_WORDS):
            if segment.end_frame - segment.start_frame >= _PAUSE_FRAMES:
                phrases.append([])
        else:
            phrases[-1].append(segment.word.split("(")[0])
    return [phrase for phrase in phrases if phrase]


def _stock_dictionary() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in Path(get_model_path("en-us/cmudict-en-us.dict")).read_text(encoding="utf-8").splitlines():
        word, _, phones = line.partition(" ")
        plain = word.split("(")[0]
        found[plain] = (*found.get(plain, ()), phones.strip())
    return found


def _general_words(stock: dict[str, tuple[str, ...]]) -> dict[str, float]:
    """The commonest words of the stock language model, and how common they are."""
    logarithm = LogMath()
    model = NGramModel(Config(loglevel="FATAL"), logarithm, get_model_path("en-us/en-us.lm.bin"))
    chances = {word: model.prob([word]) for word in stock}
    common: Sequence[str] = sorted(chances, key=lambda word: -chances[word])[:_GENERAL_WORDS]
    return {word: logarithm.exp(chances[word]) for word in common}


def _write_atomically(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).replace(path)
