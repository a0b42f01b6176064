"""The function that sends letters, and the page that ends them.

Programs that check mail open every link, so the page only asks, and its button ends the letters. Mail programs with an
unsubscribe button of their own POST to the same address (RFC 8058). Neither needs a sign-in.
"""

import secrets
from collections.abc import Mapping, Sequence
from html import escape
from typing import Literal

from aiohttp import web
from pydantic import Field

from accounts.letters.landing import landing_page
from accounts.letters.sending import LetterSender
from core.app_keys import CLOCK, DATABASE, MAILER, SECRETS
from core.catalogue import Texts
from core.localised import Locale
from core.openapi import ANYBODY, Content, Exact, operation
from lms.notifications import queries, sending
from lms.notifications.kinds import EVERYTHING, KINDS, Kind
from lms.notifications.readers import reach_of
from lms.notifications.sending import LETTER_SENDER
from lms.notifications.unsubscribing import LONGEST_TOKEN, PATH, UnsubscribeLinks, Unsubscribing
from lms.notifications.wording import CATALOGUE
from lms.notifications.writing import unsubscribe_links, writers

UNSUBSCRIBE_LINKS = web.AppKey("unsubscribe_links", UnsubscribeLinks)
TAG = "Account"
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Frame-Options": "DENY",
}
_PAGE = Content({"text/html": None}, "A page, in the language of whoever got the letter.")


class UnsubscribeQuery(Exact):
    """What stands in the link of a letter."""

    token: str = Field("", max_length=LONGEST_TOKEN)


class UnsubscribeForm(Exact):
    """What the page's buttons send; mail programs send other fields, which say nothing."""

    scope: Literal["kind", "all"] = Field("kind", description="`all`: every letter but those about the account.")


def add_routes(app: web.Application) -> None:
    """Adds the function and the page; the registry of functions, mailer and secrets are there already."""
    app[UNSUBSCRIBE_LINKS] = unsubscribe_links(app[SECRETS])
    app[LETTER_SENDER] = LetterSender(app[DATABASE], app[MAILER], app[SECRETS], app[CLOCK], writers(app[SECRETS]))
    sending.add_function(app)
    app.router.add_get(PATH, ask, allow_head=False)
    app.router.add_post(PATH, unsubscribe)


@operation(
    "See how to end letters",
    tag=TAG,
    description="Where the last link of a letter leads: a page that asks. Nothing has changed by looking at it.",
    access=ANYBODY,
    query=UnsubscribeQuery,
    answers={200: _PAGE, 400: _PAGE},
)
async def ask(request: web.Request) -> web.Response:
    """`GET /letters/unsubscribe?token=`: a page with two buttons."""
    wanted = _wanted(request)
    if wanted is None:
        return _bad_link()
    texts = await _texts(request, wanted)
    if texts is None:
        return _bad_link()
    buttons = [("kind", texts.text("unsubscribe.this_kind")), ("all", texts.text("unsubscribe.all"))]
    said = [texts.text("unsubscribe.question", _kind_name(texts, wanted.kind))]
    return _page(texts, texts.text("unsubscribe.title"), said, buttons)


@operation(
    "End letters",
    tag=TAG,
    description="No more letters of the kind that the link came in, or none but those about the account. Mail programs "
    "do that by themselves when somebody presses their button (RFC 8058). The person's own settings undo it.",
    access=ANYBODY,
    query=UnsubscribeQuery,
    body=Content({"application/x-www-form-urlencoded": UnsubscribeForm}, required=False),
    answers={200: _PAGE, 400: _PAGE},
)
async def unsubscribe(request: web.Request) -> web.Response:
    """`POST /letters/unsubscribe?token=`: ends the letters, and says so."""
    wanted = _wanted(request)
    texts = None if wanted is None else await _texts(request, wanted)
    if wanted is None or texts is None:
        return _bad_link()
    form = await request.post()
    everything = form.get("scope") == "all"
    async with request.app[DATABASE].acting_as_service() as tx:
        if everything:
            await tx.execute(queries.FORGET_WISHES_FOR_LETTERS, wanted.user_id)
        await tx.execute(queries.STOP_LETTERS, wanted.user_id, EVERYTHING if everything else wanted.kind)
    done = "unsubscribe.done_all" if everything else "unsubscribe.done"
    said = [texts.text(done, _kind_name(texts, wanted.kind)), texts.text("unsubscribe.later")]
    return _page(texts, texts.text("unsubscribe.done_title"), said)


def _wanted(request: web.Request) -> Unsubscribing | None:
    token = request.query.get("token", "")
    return request.app[UNSUBSCRIBE_LINKS].read(token, request.app[CLOCK].now())


async def _texts(request: web.Request, wanted: Unsubscribing) -> Texts | None:
    """The texts in the person's language; None for somebody who is gone, and for a kind that is no more."""
    if wanted.kind not in KINDS:
        return None
    async with request.app[DATABASE].acting_as_service() as tx:
        reach = await reach_of(tx, wanted.user_id, _kind(wanted.kind))
    return None if reach is None else CATALOGUE.for_reader(reach.reader.locale)


def _kind(name: str) -> Kind:
    return next(kind for kind in KINDS if kind == name)


def _kind_name(texts: Texts, kind: str) -> Mapping[str, str]:
    return {"kind": texts.text(f"kind.{kind}.name")}


def _bad_link() -> web.Response:
    texts = CATALOGUE.for_reader(Locale())
    return _page(texts, texts.text("unsubscribe.bad_title"), [texts.text("unsubscribe.bad")], status=400)


def _page(
    texts: Texts, title: str, said: Sequence[str], buttons: Sequence[tuple[str, str]] = (), *, status: int = 200
) -> web.Response:
    nonce = secrets.token_urlsafe(16)
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )
    text = _html(texts, title, said, buttons, nonce)
    headers = _PRIVATE | {"Content-Security-Policy": policy}
    return web.Response(text=text, content_type="text/html", status=status, headers=headers)


def _html(texts: Texts, title: str, said: Sequence[str], buttons: Sequence[tuple[str, str]], nonce: str) -> str:
    paragraphs = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in said)
    inside = "\n".join(f'<button name="scope" value="{scope}">{escape(label)}</button>' for scope, label in buttons)
    form = f'<form method="post">\n{inside}\n</form>' if buttons else ""
    return landing_page(
        title,
        f"{paragraphs}\n{form}",
        nonce=nonce,
        language=texts.locale.language,
        direction=texts.locale.direction,
    )
