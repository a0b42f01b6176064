"""A telling becomes a letter, or a line on the screen. Pure but for the texts, which are read when this is imported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from accounts.letters.layout import Content, Letter, laid_out
from core.catalogue import Catalogue, Texts, Value
from core.localised import Locale
from lms.notifications.calendar_file import calendar_file
from lms.notifications.kinds import TONES, Kind, Notice

CATALOGUE = Catalogue.load(Path(__file__).parent / "texts")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text of the catalogue, as a value."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Telling:
    """What there is to say about a subject, in no language yet. Names and titles are as the database has them."""

    path: str
    """Where in the application it leads."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """What the texts of the kind ask for."""
    facts: Sequence[tuple[str, Value | Phrase]] = ()
    """By keys of `label`."""
    items: Sequence[Phrase] = ()
    due_at: datetime | None = None
    """For the calendar."""
    locale: Locale | None = None
    """If it is to be said in another language, or with another time zone, than the person's own."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom it is said to."""

    name: str
    locale: Locale


@dataclass(frozen=True, slots=True)
class Line:
    """What stands on the screen."""

    title: str
    body: str


def line(kind: Kind, telling: Telling, reader: Reader) -> Line:
    """A telling as a line on the screen."""
    texts = CATALOGUE.for_reader(telling.locale or reader.locale)
    return Line(
        texts.text(f"kind.{kind}.subject", telling.values), texts.text(f"kind.{kind}.preheader", telling.values)
    )


def letter(
    notice: Notice, telling: Telling, reader: Reader, *, site_url: str, unsubscribe_url: str, now: datetime
) -> Letter:
    """A telling as a letter; one about a due date brings it as a calendar file."""
    texts = CATALOGUE.for_reader(telling.locale or reader.locale)
    kind, values, url = f"kind.{notice.kind}", telling.values, f"{site_url}{telling.path}"
    content = Content(
        subject=texts.text(f"{kind}.subject", values),
        preheader=texts.text(f"{kind}.preheader", values),
        band=texts.text(f"{kind}.band", values),
        heading=texts.text(f"{kind}.heading", values),
        paragraphs=[_greeting(texts, reader.name), *texts.texts(f"{kind}.paragraphs", values)],
        facts=[(texts.text(f"label.{name}"), _said(texts, value)) for name, value in telling.facts],
        items=[texts.text(item.key, item.values) for item in telling.items],
        button=(texts.text(f"{kind}.button", values), url),
        small_print=[texts.text("footer.why")],
        unsubscribe=(texts.text("footer.unsubscribe"), unsubscribe_url),
        tone=TONES[notice.kind],
        site_url=site_url,
        language=texts.locale.language,
        direction=texts.locale.direction,
    )
    calendar = None
    if telling.due_at is not None:
        calendar = calendar_file(
            uid=f"{notice.user_id}.{notice.subject_id}@callx",
            title=texts.text("calendar.title", values),
            description=texts.text("calendar.description", values),
            url=url,
            due_at=telling.due_at,
            written_at=now,
        )
    return laid_out(content, calendar=calendar)


def _greeting(texts: Texts, name: str) -> str:
    return texts.text("greeting", {"name": name}) if name.strip() else texts.text("greeting_without_name")


def _said(texts: Texts, value: Value | Phrase) -> str:
    return texts.text(value.key, value.values) if isinstance(value, Phrase) else texts.shown(value)
