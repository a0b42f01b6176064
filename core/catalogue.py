"""Texts in several languages: one YAML file for each, with the same keys in all of them.

A text is a template of `str.format`; one that counts is a mapping of plural forms (`one`, `other`, and what else the
language has) and goes by the value `count`. A list holds several texts.

    subject: "You are certified: {product}"
    people: {one: "{count} person", other: "{count} people"}
"""

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from core.localised import LANGUAGES, Language, Locale


@dataclass(frozen=True, slots=True)
class Day:
    """A time of which only the day matters."""

    at: datetime


Value: TypeAlias = str | int | datetime | Day
Values: TypeAlias = Mapping[str, Value]
FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts for one reader. Keys are paths like `certified.subject`."""

    locale: Locale
    _texts: Mapping[str, Any]

    def text(self, key: str, values: Values | None = None) -> str:
        """One text with its values. Raises KeyError for a key or a value that is missing."""
        return self._filled(self._texts[key], values or {})

    def texts(self, key: str, values: Values | None = None) -> list[str]:
        """A list of texts; empty when there is none of this key."""
        return [self._filled(template, values or {}) for template in self._texts.get(key, ())]

    def shown(self, value: Value) -> str:
        """A value as it stands in a text: numbers and times as the language has them, words on one line."""
        if isinstance(value, str):
            return self.locale.inserted(value)
        if isinstance(value, Day):
            return self.locale.date(value.at)
        return self.locale.date_time(value) if isinstance(value, datetime) else self.locale.number(value)

    def _filled(self, template: str | Mapping[str, str], values: Values) -> str:
        if not isinstance(template, str):
            form = self.locale.plural(int(str(values["count"])))
            template = template.get(form, template["other"])
        return template.format_map({name: self.shown(value) for name, value in values.items()})


class Catalogue:
    """All texts of one package."""

    def __init__(self, languages: Mapping[Language, Mapping[str, Any]]) -> None:
        self._languages = languages

    @classmethod
    def load(cls, folder: Path) -> "Catalogue":
        """Reads `<language>.yaml` of each language. Raises ValueError when one lacks what another has."""
        languages = {language: dict(_flat(_read(folder / f"{language}.yaml"))) for language in LANGUAGES}
        keys = {language: set(texts) for language, texts in languages.items()}
        for language, found in keys.items():
            if different := found ^ keys[LANGUAGES[0]]:
                raise ValueError(f"{folder.name}/{language}.yaml and {LANGUAGES[0]}.yaml differ: {sorted(different)}")
        return cls(languages)

    def all_keys(self) -> list[str]:
        """The keys, which are the same in all languages."""
        return sorted(self._languages[LANGUAGES[0]])

    def raw(self, language: Language, key: str) -> Any:
        """A text as it stands in the file, for whoever compares languages."""
        return self._languages[language][key]

    def for_reader(self, locale: Locale) -> Texts:
        """The texts in the reader's language."""
        return Texts(locale, self._languages[locale.language])


def placeholders(template: Any) -> frozenset[str]:
    """The names of the values that a template, a list of them, or its plural forms ask for."""
    if isinstance(template, str):
        return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)
    inside = template.values() if isinstance(template, dict) else template
    return frozenset().union(*(placeholders(part) for part in inside))


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader


def _flat(part: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in part.items():
        if isinstance(value, dict) and not FORMS.issuperset(value):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value
