"""What each letter says, in the language of whoever gets it. Pure but for the texts, read when this is imported."""

from datetime import datetime
from pathlib import Path

from accounts.letters.layout import Content, Letter, laid_out
from core.catalogue import Catalogue, Values
from core.localised import Locale

CATALOGUE = Catalogue.load(Path(__file__).parent / "languages")
_ENGLISH = Locale()


def confirm_sign_up(site_url: str, link: str, code: str, *, locale: Locale = _ENGLISH) -> Letter:
    """To somebody who has signed up, or whose address somebody has typed: it repeats nothing that was typed."""
    return _letter("confirm_sign_up", locale, site_url, link=link, code=code)


def already_registered(site_url: str, *, locale: Locale = _ENGLISH) -> Letter:
    """To somebody who has an account, when the address is given for a new one."""
    return _letter("already_registered", locale, site_url, link=site_url)


def reset_password(site_url: str, link: str, code: str, *, name: str, locale: Locale = _ENGLISH) -> Letter:
    """To somebody who forgot the password."""
    return _letter("reset_password", locale, site_url, name=name, link=link, code=code)


def invitation(site_url: str, link: str, *, name: str, locale: Locale = _ENGLISH) -> Letter:
    """To somebody for whom an admin has made an account."""
    return _letter("invitation", locale, site_url, name=name, link=link)


def confirm_new_address(site_url: str, link: str, code: str, *, locale: Locale = _ENGLISH) -> Letter:
    """To the address that an account shall move to."""
    return _letter("confirm_new_address", locale, site_url, link=link, code=code)


def agree_to_new_address(
    site_url: str, link: str, code: str, *, name: str, new_email: str, locale: Locale = _ENGLISH
) -> Letter:
    """To the address that an account shall move away from."""
    values = {"new_email": new_email}
    return _letter("agree_to_new_address", locale, site_url, name=name, link=link, code=code, values=values)


def reauthentication(site_url: str, code: str, *, name: str, locale: Locale = _ENGLISH) -> Letter:
    """To somebody who does something that a stolen device must not be able to do."""
    return _letter("reauthentication", locale, site_url, name=name, code=code)


def password_changed(site_url: str, *, name: str, at: datetime, locale: Locale = _ENGLISH) -> Letter:
    """To somebody whose password has changed."""
    return _letter("password_changed", locale, site_url, name=name, link=site_url, values={"at": at})


def address_changed(site_url: str, *, name: str, new_email: str, at: datetime, locale: Locale = _ENGLISH) -> Letter:
    """To the old address, after the change."""
    return _letter("address_changed", locale, site_url, name=name, values={"new_email": new_email, "at": at})


def _letter(
    kind: str,
    locale: Locale,
    site_url: str,
    *,
    name: str | None = None,
    link: str | None = None,
    code: str | None = None,
    values: Values | None = None,
) -> Letter:
    """A letter that begins with a heading of its own, or with a greeting if a `name` is given, empty or not."""
    texts = CATALOGUE.for_reader(locale)
    if name is None:
        heading = texts.text(f"{kind}.heading")
    else:
        heading = texts.text("greeting", {"name": name}) if name.strip() else texts.text("greeting_without_name")
    paragraphs = texts.texts(f"{kind}.paragraphs", values)
    return laid_out(
        Content(
            subject=texts.text(f"{kind}.subject"),
            heading=heading,
            paragraphs=paragraphs,
            preheader=paragraphs[0],
            site_url=site_url,
            button=(texts.text(f"{kind}.button"), link) if link else None,
            code=code,
            code_label=texts.text("code"),
            code_lead=texts.text("code_lead"),
            small_print=texts.texts(f"{kind}.small_print"),
            language=locale.language,
            direction=locale.direction,
        )
    )
