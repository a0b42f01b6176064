"""A trigram language model of call-center speech, built from phrases and written as ARPA. PURE.

Counting is exact, not by sampling: a phrase is a set of sentences with equal chances at each choice, and what is
counted is how often each trigram is to be expected. Smoothing is Witten-Bell's, interpolated:

    P(w | h) = (count(h w) + s * kinds(h) * P(w | shorter h)) / (count(h) + s * kinds(h))
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from voice.embedded_customer.phrase_book import Choice, Phrase

START, END = "<s>", "</s>"
Context = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Smoothing:
    """How much of the chances goes to what was not seen."""

    strength: float = 0.35
    """`s` above: more of it trusts longer contexts less."""
    general: float = 0.05
    """The part of the unigram chances that goes to words of everyday English that no phrase holds."""
    ways_power: float = 0.35
    """A phrase that can be said in n ways counts as n to this power."""
    joined: float = 0.3
    """How often another sentence follows in the same breath, for each time that the utterance ends."""
    openings: int = 60
    """How many of the usual first words may follow a sentence."""


class Counts:
    """Expected counts of the words that follow each context of none, one or two words."""

    def __init__(self, smoothing: Smoothing | None = None) -> None:
        self.smoothing = smoothing or Smoothing()
        self.after: dict[Context, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self._ends: dict[Context, float] = defaultdict(float)

    def add(self, phrase: Phrase, weight: float = 1.0) -> None:
        """Counts `phrase`, which weighs `weight` times its own weight for each (damped) way to say it."""
        start: dict[Context, float] = {(START,): weight * phrase.weight * phrase.ways**self.smoothing.ways_power}
        for context, chance in self._follow(phrase, start).items():
            self._count(context, END, chance)
            self._ends[context] += chance

    def add_sentence(self, words: Iterable[str], weight: float = 1.0) -> None:
        """Counts one plain sentence."""
        if parts := tuple(words):
            self.add(Phrase(parts), weight)

    def join(self) -> None:
        """Lets sentences follow one another; to be called once, after the last `add`."""
        opening = sorted(self.after[(START,)].items(), key=lambda item: (-item[1], item[0]))[: self.smoothing.openings]
        total = sum(count for word, count in opening if word != END)
        for context, chance in self._ends.items():
            for word, count in opening:
                if word != END:
                    self._count(context[-1:], word, self.smoothing.joined * chance * count / total)

    def _follow(self, phrase: Phrase, contexts: dict[Context, float]) -> dict[Context, float]:
        for part in phrase.parts:
            after: dict[Context, float] = defaultdict(float)
            if isinstance(part, Choice):
                share = 1 / len(part.phrases)
                for alternative in part.phrases:
                    begun = {context: chance * share for context, chance in contexts.items()}
                    for context, chance in self._follow(alternative, begun).items():
                        after[context] += chance
            else:
                for context, chance in contexts.items():
                    self._count(context, part, chance)
                    after[(*context, part)[-2:]] += chance
            contexts = dict(after)
        return contexts

    def _count(self, context: Context, word: str, chance: float) -> None:
        for length in range(len(context) + 1):
            self.after[context[len(context) - length :]][word] += chance


@dataclass(frozen=True)
class LanguageModel:
    """Chances of the next word after up to two words."""

    chances: Mapping[Context, Mapping[str, float]]
    """For each context, the words that were seen after it."""
    back_off: Mapping[Context, float] = field(default_factory=dict)
    """For each context, the factor that the shorter context's chances get for words not seen after it."""

    @property
    def words(self) -> frozenset[str]:
        """All words, the sentence's end included and its start not."""
        return frozenset(self.chances[()])

    def chance(self, word: str, context: Context = ()) -> float:
        """P(word | context), from 0 to 1; context may hold any number of words, the last two count."""
        known = context[-2:]
        seen = self.chances.get(known)
        if seen is not None and word in seen:
            return seen[word]
        if not known:
            return 0.0
        return self.back_off.get(known, 1.0) * self.chance(word, known[1:])

    def arpa(self) -> str:
        """The model in the ARPA format, logarithms to base 10."""
        orders = [sorted(context for context in self.chances if len(context) == length) for length in range(3)]
        sizes = [sum(len(self.chances[context]) for context in order) for order in orders]
        sizes[0] += 1
        lines = ["\\data\\", *(f"ngram {order + 1}={size}" for order, size in enumerate(sizes)), ""]
        for order, contexts in enumerate(orders):
            lines.append(f"\\{order + 1}-grams:")
            if order == 0:
                lines.append(f"-99\t{START}\t{self._logged_back_off((START,))}")
            for context in contexts:
                for word in sorted(self.chances[context]):
                    line = f"{math.log10(self.chances[context][word]):.5f}\t{' '.join((*context, word))}"
                    ends = order == 2 or word == END
                    lines.append(line if ends else f"{line}\t{self._logged_back_off((*context, word))}")
            lines.append("")
        return "\n".join([*lines, "\\end\\", ""])

    def _logged_back_off(self, context: Context) -> str:
        return f"{math.log10(self.back_off.get(context, 1.0)):.5f}"


def built(counts: Counts, general_words: Mapping[str, float]) -> LanguageModel:
    """The smoothed model. `general_words` are everyday words and how common they are, in any unit."""
    smoothing = counts.smoothing
    everyday = sum(general_words.values())
    general = smoothing.general if everyday else 0.0
    counted = sum(counts.after[()].values())
    unigrams = {word: (1 - general) * count / counted for word, count in counts.after[()].items()}
    for word, common in general_words.items():
        unigrams[word] = unigrams.get(word, 0.0) + general * common / everyday
    chances: dict[Context, dict[str, float]] = {(): unigrams}
    back_off: dict[Context, float] = {}
    for context in sorted(counts.after, key=len):
        if not context:
            continue
        after = counts.after[context]
        unseen = smoothing.strength * len(after)
        whole = sum(after.values()) + unseen
        back_off[context] = unseen / whole
        shorter = LanguageModel(chances, back_off)
        chances[context] = {
            word: count / whole + back_off[context] * shorter.chance(word, context[1:]) for word, count in after.items()
        }
    return LanguageModel(chances, back_off)
