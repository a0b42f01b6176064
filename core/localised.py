"""Numbers, dates and plurals as a language has them; the only importer of Babel.

Pure but for what is read from disk: the languages when this is imported, a time zone when it is first asked for. On an
event loop call `zone_named` in a thread first.
"""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale as BabelLocale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent

Language = Literal["en", "es", "fr", "de", "ar"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT_LANGUAGE: Final[Language] = "en"
LONGEST_INSERTED = 300
_RIGHT_TO_LEFT = frozenset({"ar"})
_UNBROKEN = "\u00a0"
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Locale:
    """How things are written for one reader: in a language, and with times in a time zone.

    `time_zone` is a name of the IANA database; an unknown one counts as UTC.
    """

    language: Language = DEFAULT_LANGUAGE
    time_zone: str = "UTC"

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """In which direction the language is written."""
        return "rtl" if self.language in _RIGHT_TO_LEFT else "ltr"

    @property
    def zone(self) -> tzinfo:
        """The time zone itself."""
        return zone_named(self.time_zone)

    def date(self, at: datetime) -> str:
        """The day of an aware time: `Friday, November 27, 2026`."""
        return format_date(at.astimezone(self.zone), "full", locale=self.language)

    def date_time(self, at: datetime) -> str:
        """Day, time and time zone of an aware time, so that nobody has to guess whose time it is."""
        time = format_time(at.astimezone(self.zone), "short", locale=self.language)
        comma = "،" if self.language == "ar" else ","
        zone = "UTC" if self.zone is UTC else self.time_zone.replace("_", " ")
        return f"{self.date(at)}{comma} {_UNBROKEN.join(time.split())} ({zone})"

    def number(self, value: int | float) -> str:
        """A number with the separators of the language."""
        return format_decimal(value, locale=self.language)

    def percent(self, value: int | float) -> str:
        """`value` of a hundred, with the sign where the language puts it."""
        return format_percent(value / 100, locale=self.language)

    def plural(self, count: int) -> str:
        """Which of the forms `zero`, `one`, `two`, `few`, `many`, `other` a count takes."""
        return BabelLocale.parse(self.language).plural_form(count)

    def inserted(self, text: str) -> str:
        """What somebody has written, as it goes into a sentence: short, on one line, turning nothing round."""
        plain = " ".join("".join(letter for letter in text if not _steers(letter)).split())
        plain = plain if len(plain) <= LONGEST_INSERTED else f"{plain[: LONGEST_INSERTED - 1].rstrip()}…"
        foreign = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in plain)
        return f"{_ISOLATE}{plain}{_END_OF_ISOLATE}" if plain and (foreign or self.direction == "rtl") else plain


def language_of(text: str | None) -> Language:
    """The language of a tag like `fr-CA`, as far as it is spoken here."""
    primary = (text or "").lower().replace("_", "-").partition("-")[0]
    return next((language for language in LANGUAGES if language == primary), DEFAULT_LANGUAGE)


@lru_cache(maxsize=1_000)
def zone_named(name: str) -> tzinfo:
    """The time zone of this name; UTC for one that does not exist."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _load_languages() -> None:
    """Babel reads a language when it is first used, and keeps it."""
    for language in LANGUAGES:
        locale = Locale(language)
        locale.date_time(datetime(2000, 1, 1, tzinfo=UTC))
        locale.percent(1)
        locale.plural(1)


def _steers(letter: str) -> bool:
    """Whether it is there to change how others look: controls but white space, and marks of direction."""
    return unicodedata.category(letter) in ("Cc", "Cf") and not letter.isspace() and letter not in "\u200c\u200d"


_load_languages()
