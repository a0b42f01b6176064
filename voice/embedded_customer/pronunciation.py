"""Pronunciations for words that the stock dictionary lacks, from espeak-ng's phonemes. PURE.

The recognizer's dictionary is in ARPABET (39 phones without stress); espeak-ng's own notation is ASCII, for example
`h@l'oU` for hello.
"""

from collections.abc import Callable, Iterable, Mapping

_PHONES = {
    "aI@": "AY ER", "aI3": "AY ER", "aU@": "AW ER", "aU3": "AW ER", "i@3": "IH R", "O@": "AO R", "o@": "AO R",
    "A@": "AA R", "e@": "EH R", "i@": "IY AH", "U@": "UH R", "u@": "UW AH", "@L": "AH L", "IR": "IH R", "VR": "ER",
    "3:": "ER", "A:": "AA", "O:": "AO", "i:": "IY", "u:": "UW", "oU": "OW", "eI": "EY", "aI": "AY", "aU": "AW",
    "OI": "OY", "tS": "CH", "dZ": "JH", "aa": "AE", "a#": "AH", "A#": "AA", "E#": "EH", "I#": "IH", "I2": "IH",
    "@2": "AH", "@5": "AH", "@-": "AH", "t#": "T", "t2": "T", "d#": "D", "n-": "AH N", "l^": "L", "r-": "R",
    "@": "AH", "3": "ER", "a": "AE", "E": "EH", "I": "IH", "i": "IY", "0": "AA", "O": "AO", "V": "AH", "U": "UH",
    "u": "UW", "o": "OW", "e": "EH", "A": "AA", "p": "P", "b": "B", "t": "T", "d": "D", "k": "K", "g": "G", "f": "F",
    "v": "V", "T": "TH", "D": "DH", "s": "S", "z": "Z", "S": "SH", "Z": "ZH", "h": "HH", "m": "M", "n": "N",
    "N": "NG", "l": "L", "r": "R", "j": "Y", "w": "W", "x": "K", "C": "SH", "Q": "G", "B": "B", "X": "K", "H": "HH",
}  # fmt: skip
_LONGEST = max(map(len, _PHONES))
_VOICELESS = frozenset({"P", "T", "K", "F", "TH"})
_HISSING = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
_CONTRACTED = {"'s": "Z", "s'": "", "'ll": "AH L", "'ve": "V", "'re": "ER", "'d": "D", "'m": "M"}

Pronunciations = Mapping[str, tuple[str, ...]]


def arpabet(phonemes: str) -> str:
    """espeak-ng's phonemes as ARPABET; signs without a sound of their own (stress, pauses) are left out."""
    made: list[str] = []
    at = 0
    while at < len(phonemes):
        for length in range(min(_LONGEST, len(phonemes) - at), 0, -1):
            if phones := _PHONES.get(phonemes[at : at + length]):
                made.append(phones)
                at += length
                break
        else:
            at += 1
    return " ".join(made)


def pronounced(words: Iterable[str], known: Pronunciations, phonemes: Callable[[str], str]) -> dict[str, list[str]]:
    """ARPABET pronunciations of each of `words`: from `known`, from its stem there, else from `phonemes(word)`.

    A word without any sound is left out.
    """
    found: dict[str, list[str]] = {}
    for word in words:
        ways = list(known.get(word, ())) or _from_stem(word, known) or [arpabet(phonemes(word))]
        if any(ways):
            found[word] = [way for way in ways if way]
    return found


def _from_stem(word: str, known: Pronunciations) -> list[str]:
    for ending, sound in _CONTRACTED.items():
        stem = word.removesuffix(ending) if ending != "s'" else word.removesuffix("'")
        if stem != word and stem in known:
            return [f"{way} {_ending(way, sound)}".strip() for way in known[stem]]
    return []


def _ending(stem: str, sound: str) -> str:
    last = stem.split()[-1]
    if sound == "Z" and last in _HISSING:
        return "IH Z"
    if sound == "Z" and last in _VOICELESS:
        return "S"
    return sound
