"""Text to words: case, punctuation, contractions and spelling stop mattering here. PURE.

Recognised speech has no punctuation and one case, typed answers have both; after this module they look alike. Every
word keeps its place in the original text, so that a match can be quoted.
"""

import re
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*")

_FILLERS = frozenset({"um", "uh", "er", "erm", "uhm", "hmm", "mm", "ah", "eh"})

_ENDINGS = {
    "n't": ("not",),
    "'m": ("am",),
    "'re": ("are",),
    "'ve": ("have",),
    "'ll": ("will",),
    "'d": ("would",),
}
"""Contracted endings; the part before stays, except for the irregular ones below."""

_IRREGULAR = {
    "can't": ("can", "not"),
    "won't": ("will", "not"),
    "shan't": ("shall", "not"),
    "let's": ("let", "us"),
    "ma'am": ("madam",),
    "y'all": ("you", "all"),
    "o'clock": ("oclock",),
}

_TAKES_IS = frozenset({"that", "what", "it", "here", "there", "who", "how", "where", "when", "he", "she", "this"})
"""Words after which 's is `is`; after every other word it is a possessive and is dropped."""

_WITHOUT_APOSTROPHE = {
    "im": ("i", "am"),
    "ive": ("i", "have"),
    "youre": ("you", "are"),
    "youve": ("you", "have"),
    "youll": ("you", "will"),
    "weve": ("we", "have"),
    "theyre": ("they", "are"),
    "thats": ("that", "is"),
    "whats": ("what", "is"),
    "heres": ("here", "is"),
    "theres": ("there", "is"),
    "dont": ("do", "not"),
    "doesnt": ("does", "not"),
    "didnt": ("did", "not"),
    "cant": ("can", "not"),
    "couldnt": ("could", "not"),
    "wouldnt": ("would", "not"),
    "shouldnt": ("should", "not"),
    "wont": ("will", "not"),
    "isnt": ("is", "not"),
    "arent": ("are", "not"),
    "wasnt": ("was", "not"),
    "havent": ("have", "not"),
    "hasnt": ("has", "not"),
    "cannot": ("can", "not"),
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
    "gotta": ("got", "to"),
    "lemme": ("let", "me"),
    "gimme": ("give", "me"),
}

_SPELLINGS = {
    "ok": "okay",
    "apologise": "apologize",
    "apologises": "apologizes",
    "apologising": "apologizing",
    "realise": "realize",
    "recognise": "recognize",
    "summarise": "summarize",
    "cheque": "check",
    "cancelled": "canceled",
    "cancelling": "canceling",
    "favour": "favor",
    "hiya": "hi",
    "yeah": "yes",
    "yep": "yes",
    "yup": "yes",
    "nope": "no",
    "ya": "you",
    "mr": "mister",
    "mrs": "missus",
    "ms": "miss",
    "telephone": "phone",
    "cellphone": "phone",
    "mobile": "phone",
}

_JOINED = {
    ("e", "mail"): "email",
    ("email", "address"): "email",
    ("post", "code"): "postcode",
    ("good", "bye"): "goodbye",
    ("bye", "bye"): "bye",
    ("all", "right"): "alright",
    ("birth", "date"): "birthdate",
    ("call", "back"): "callback",
    ("pass", "word"): "password",
    ("o", "k"): "okay",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A normalised word and the characters `[start, end)` of the original text that it stands for."""

    word: str
    start: int
    end: int


def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of a text, normalised, fillers left out. Never raises."""
    tokens: list[Token] = []
    for match in _WORD.finditer(text):
        for word in _expand(match.group().casefold().replace("’", "'").replace("`", "'")):
            _append(tokens, Token(_SPELLINGS.get(word, word), match.start(), match.end()))
    return tuple(tokens)


def words_of(text: str) -> tuple[str, ...]:
    """The normalised words alone."""
    return tuple(token.word for token in tokens_of(text))


def _append(tokens: list[Token], token: Token) -> None:
    if token.word in _FILLERS:
        return
    joined = _JOINED.get((tokens[-1].word, token.word)) if tokens else None
    if joined is None:
        tokens.append(token)
    else:
        tokens[-1] = Token(joined, tokens[-1].start, token.end)


def _expand(word: str) -> tuple[str, ...]:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _WITHOUT_APOSTROPHE:
        return _WITHOUT_APOSTROPHE[word]
    if "'" not in word:
        return (word,)
    for ending, replacement in _ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending):
            return (word[: -len(ending)].replace("'", ""), *replacement)
    if word.endswith("'s"):
        stem = word[:-2].replace("'", "")
        return (stem, "is") if stem in _TAKES_IS else (stem,)
    return (word.replace("'", ""),)
