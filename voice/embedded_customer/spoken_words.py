"""Between written text and the words that are spoken, both ways. PURE.

Recognised text keeps numbers as words; `spoken_words` brings written text to the same form, so that the two compare.
"""

import re
from collections.abc import Mapping, Sequence


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ONES = _listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ODD_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_SPOKEN = {
    "mr": "mister",
    "mrs": "missus",
    "dr": "doctor",
    "ok": "okay",
    "&": "and",
    "%": "percent",
    "@": "at",
    "+": "plus",
    "alright": "all right",
    "e-mail": "email",
}
_TOKEN = re.compile(
    r"\$\s?(?P<dollars>\d[\d,]*)(?:\.(?P<cents>\d\d))?"
    r"|(?P<hour>\d{1,2}):(?P<minute>\d\d)"
    r"|(?P<ordinal>\d+)(?:st|nd|rd|th)\b"
    r"|(?P<number>\d+(?:,\d{3})*)(?:\.(?P<decimals>\d+))?"
    r"|(?P<word>[a-z]+(?:'[a-z]+)*)|(?P<sign>[&%@+])"
)
_QUESTION_WORDS = frozenset(
    _listed(
        "who whom whose what which when where why how is are am was were do does did can could will would shall should "
        "may might have has had isn't aren't wasn't don't doesn't didn't can't couldn't won't wouldn't shouldn't"
    )
)
_NOT_A_QUESTION = frozenset({("have", "a"), ("do", "not"), ("may", "the"), ("what", "a")})
_BEFORE_A_QUESTION = frozenset({"hello", "hi", "so", "and", "okay", "well", "but", "yes", "no", "sorry"})
_OPENERS = _QUESTION_WORDS | frozenset(
    _listed(
        "i i'm i'll i've i'd we we'll you your it it's that this there thank thanks please let okay yes no hello hi "
        "good just so sorry unfortunately absolutely the my before for and but"
    )
)
_HANGING = frozenset(
    _listed(
        "a an the to of for in on at with your my our their and or but is are was will can could would i you we they "
        "he she it's i'm i'll i've that's from by as if because than about not so very"
    )
)
_CAPITALISED = frozenset(
    _listed(
        "i i'm i'll i've i'd january february april june july august september october november december monday "
        "tuesday wednesday thursday friday saturday sunday"
    )
)
_FIRST_NAMES = frozenset(
    _listed(
        "alex alice amy andrea andrew anna anne anthony barbara ben brian carlos carol caroline catherine charles "
        "charlotte chris christina christine christopher claire daniel david diana donald dorothy edward elizabeth "
        "emily emma eric fiona george hannah helen henry isabel jacob james jane jason jennifer jessica joan joe john "
        "jonathan joseph joshua juan julia julie karen kate katherine kathy kevin kim laura lauren lena linda lisa "
        "louis louise lucas lucy luis maria marie mary matthew megan melissa michael michelle mike monica nancy "
        "natalie nathan nick nicole nina oliver olivia patricia patrick paul paula peter philip priya rachel ralph "
        "rebecca richard robert roger ryan sam samantha samuel sandra sara sarah simon sofia sophia sophie stephanie "
        "stephen steve steven susan thomas tim timothy tom tony victoria vincent walter william"
    )
)
_MONTHS_THAT_ARE_WORDS = frozenset({"march", "may"})
_BEFORE_A_MONTH = frozenset({"in", "of", "until", "since", "on", "by", "last", "next", "before", "after"})
_LEADS = (
    ("thank", "you", "very", "much"),
    ("thank", "you", "so", "much"),
    ("thank", "you"),
    ("thanks",),
    ("okay",),
    ("all", "right"),
)
_AFTER_A_LEAD = _QUESTION_WORDS | frozenset(
    _listed("i i'm i'll i've i'd we we'll you your let please this my there it that it's that's unfortunately")
)
_GREETINGS = tuple(("good", part) for part in ("morning", "afternoon", "evening"))
_AFTER_A_GREETING = frozenset(_listed("i i'm my this you you're how what can may could who welcome thank thanks we"))


def cardinal(number: int) -> list[str]:
    """`number` (from 0) as it is said: 342 is three hundred forty two."""
    if number < 20:
        return [ONES[number]]
    if number < 100:
        return [TENS[number // 10], *([ONES[number % 10]] if number % 10 else [])]
    for size, name in ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = cardinal(number % size) if number % size else []
            return [*cardinal(number // size), name, *rest]
    raise AssertionError(number)


def ordinal(number: int) -> list[str]:
    """`number` as a place in a row: 21 is twenty first."""
    *head, last = cardinal(number)
    if last not in _ODD_ORDINALS and last.endswith("y"):
        return [*head, f"{last[:-1]}ieth"]
    return [*head, _ODD_ORDINALS.get(last) or f"{last}th"]


def digits(text: str) -> list[str]:
    """The digits of `text`, read out one by one."""
    return [ONES[int(character)] for character in text if character.isdecimal() and character.isascii()]


def spoken_words(text: str) -> list[str]:
    """`text` as lower-case words, numbers written out; long numbers and those that start with 0 digit by digit."""
    clean = text.lower().replace("\u2019", "'").replace("e-mail", "email")
    words: list[str] = []
    for match in _TOKEN.finditer(clean):
        words += _words_of(match)
    return words


def _words_of(match: re.Match[str]) -> list[str]:
    kind = match.lastgroup
    found = match.groupdict()
    if word := found["word"] or found["sign"]:
        return _SPOKEN.get(word, word).split()
    if found["dollars"]:
        return _money(found["dollars"].replace(",", ""), found["cents"])
    if found["hour"]:
        minute = int(found["minute"])
        return [
            *cardinal(int(found["hour"])),
            *(["oh"] if 0 < minute < 10 else []),
            *(cardinal(minute) if minute else []),
        ]
    if kind == "ordinal":
        number = found["ordinal"]
        return ordinal(int(number)) if len(number) < 7 else digits(number)
    return _plain_number(found["number"], found["decimals"])


def _money(dollars: str, cents: str | None) -> list[str]:
    amount = int(dollars[:9])
    words = [*cardinal(amount), "dollar" if amount == 1 else "dollars"]
    if cents and int(cents):
        words += ["and", *cardinal(int(cents)), "cent" if int(cents) == 1 else "cents"]
    return words


def _plain_number(number: str, decimals: str | None) -> list[str]:
    plain = number.replace(",", "")
    as_digits = "," not in number and (len(plain) > 4 or (plain[0] == "0" and len(plain) > 1))
    words = digits(plain) if as_digits or len(plain) > 9 else cardinal(int(plain))
    return [*words, "point", *digits(decimals)] if decimals else words


def proper_nouns(sentences: Sequence[str]) -> dict[str, str]:
    """The words that are only ever written with a capital inside a sentence: lower case to how they are written.

    A word that stands in lower case anywhere is no name: a screen's label says `Date of birth`, a person `my date`.
    """
    found: dict[str, str] = {}
    common = {word for sentence in sentences for word in re.findall(r"[A-Za-z'\u2019]+", sentence) if word.islower()}
    for sentence in sentences:
        for word in re.findall(r"(?<=[a-z,] )[A-Z][A-Za-z'\u2019]*", sentence):
            if word.lower() not in common:
                found.setdefault(word.lower(), word)
    return found


def readable(phrases: Sequence[Sequence[str]], proper: Mapping[str, str] | None = None) -> str:
    """Recognised words as sentences. `phrases` were parted by pauses: a full stop goes where one may stand."""
    sentences: list[list[str]] = []
    for phrase in phrases:
        if not phrase:
            continue
        if sentences and not _parts(sentences[-1], phrase):
            sentences[-1].extend(phrase)
        else:
            sentences.append(list(phrase))
    parted = [part for words in sentences for part in _after_its_lead(words)]
    return " ".join(_sentence(words, proper or {}) for words in parted)


def _parts(before: Sequence[str], after: Sequence[str]) -> bool:
    return before[-1] not in _HANGING and after[0] in _OPENERS


def _after_its_lead(words: list[str]) -> list[list[str]]:
    """`words` as one sentence, or as two when a greeting or thanks stand before one: good morning | this is Sam."""
    for leads, openers in ((_GREETINGS, _AFTER_A_GREETING), (_LEADS, _AFTER_A_LEAD)):
        for lead in leads:
            end = len(lead)
            if tuple(words[:end]) != lead:
                continue
            if len(words) > end and words[end] in _FIRST_NAMES:
                end += 1
            if len(words) > end + 1 and words[end] in openers:
                return [words[:end], words[end:]]
    return [words]


def _sentence(words: Sequence[str], proper: Mapping[str, str]) -> str:
    core = words[1:] if words[0] in _BEFORE_A_QUESTION else words
    asks = len(core) > 1 and core[0] in _QUESTION_WORDS and tuple(core[:2]) not in _NOT_A_QUESTION
    written = [
        proper.get(word) or (word.capitalize() if _has_a_capital(before, word) else word)
        for before, word in zip(("", *words), words, strict=False)
    ]
    text = " ".join(written)
    return f"{text[0].upper()}{text[1:]}{'?' if asks else '.'}"


def _has_a_capital(before: str, word: str) -> bool:
    if word in _MONTHS_THAT_ARE_WORDS:
        return before in _BEFORE_A_MONTH
    return word in _CAPITALISED or word in _FIRST_NAMES
