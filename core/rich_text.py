"""Markup that people write, made into markup that can do nothing but look like text. The one door to nh3. Pure.

The database refuses what is not written as `clean_html` writes it (`callx.is_safe_html`), so both change together.
"""

import html
import re

import nh3

from core.errors import BadRequest

_INLINE = ("a", "b", "br", "code", "del", "em", "i", "ins", "kbd", "mark", "s", "small", "strong", "sub", "sup", "u")
_BLOCKS = ("blockquote", "dd", "dl", "dt", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "ul")
_TABLES = ("caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr")
TAGS = frozenset((*_INLINE, *_BLOCKS, *_TABLES))
_FRAMES = ("canvas", "embed", "iframe", "math", "noembed", "noframes", "object", "svg")
_NO_TEXTS = ("audio", "noscript", "script", "select", "style", "template", "textarea", "title", "video")
_GONE_WITH_CONTENT = frozenset((*_FRAMES, *_NO_TEXTS))
_CELL = {"colspan", "rowspan"}
_ATTRIBUTES = {"*": set[str](), "a": {"href", "title", "target"}, "td": _CELL, "th": _CELL}
"""Without the star nh3 would let `lang` and `title` through everywhere."""
_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|#|/(?=[^/\\]|$))[^\\\"<>\s\x00-\x1f\x7f]*", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z]+:", re.IGNORECASE)
_SPAN = re.compile(r"[0-9]{1,3}")
_LIKE_A_TAG = re.compile(r"<[a-zA-Z/!?]")
_TAG_BEGINS = re.compile(r"</?[a-zA-Z]")
_SINGLE = re.compile(r"<(?:br|hr|img)\b", re.IGNORECASE)
_DECLARATION = re.compile(r"<[!?]")
MOST_TAGS = 5_000
"""Beginnings and ends. The time that nh3 takes grows with the square of how deep tags are nested."""
DEEPEST = 500
MOST_READINGS = 8
LONGEST_TAG = 4_000
_TOO_LONG_A_TAG = re.compile(rf"<[a-zA-Z][^<>]{{{LONGEST_TAG}}}")


def clean_html(text: str) -> str:
    """The text as it may be shown as HTML by anybody.

    Text without anything like a tag stays as it is, byte for byte: it has no markup to clean. Where something only
    begins like a tag (`if x <y`), all of it is text and is written as such, in paragraphs. In HTML the tags of TAGS
    stay, and links to `http(s):`, `mailto:`, `tel:`, `#…` and `/…`, each with `rel="noopener noreferrer"`; of other
    tags the text inside stays, except where it was no text (scripts, styles, frames, drawings). Raises BadRequest.
    """
    if not _LIKE_A_TAG.search(text):
        return text
    begins = _TAG_BEGINS.search(text)
    # One look from each end: a pattern of a whole tag takes minutes over tags that never end.
    if not (begins and text.rfind(">") >= begins.end()) and not _DECLARATION.search(text):
        return _as_paragraphs(text)
    if _has_too_much_markup(text):
        limits = f"at most {MOST_TAGS} tags of at most {LONGEST_TAG} characters, {DEEPEST} inside each other"
        raise BadRequest(f"The text has too much markup: {limits} are read.", code="too_much_markup")
    # What is read again is not always read alike (`<h1><table><h1>`): clean is what stays as it is.
    cleaned = _cleaned(text)
    for _ in range(MOST_READINGS):
        if (again := _cleaned(cleaned)) == cleaned:
            return cleaned
        cleaned = again
    return _as_paragraphs(text)


def _cleaned(text: str) -> str:
    return nh3.clean(
        text,
        tags=set(TAGS),
        clean_content_tags=set(_GONE_WITH_CONTENT),
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        link_rel="noopener noreferrer",
        url_schemes={"http", "https", "mailto", "tel"},
    )


def _has_too_much_markup(text: str) -> bool:
    begins = _TAG_BEGINS.findall(text)
    depth = deepest = 0
    for begin in begins:
        depth = max(0, depth - 1) if begin.startswith("</") else depth + 1
        deepest = max(deepest, depth)
    single = len(_SINGLE.findall(text))  # they are counted as open, though nothing closes them
    return len(begins) > MOST_TAGS or deepest - single > DEEPEST or _TOO_LONG_A_TAG.search(text) is not None


def _as_paragraphs(text: str) -> str:
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))]
    return "".join(f"<p>{html.escape(block, quote=False).replace(chr(10), '<br>')}</p>" for block in blocks if block)


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "href":
        value = value.strip()
        scheme = _SCHEME.match(value)
        if scheme:
            value = scheme[0].lower() + value[scheme.end() :]
        return value if _ADDRESS.fullmatch(value) else None
    if name == "target":
        return value if value == "_blank" else None
    if name == "title":
        return re.sub(r"[<>\"]", "", value)
    if name == "rel":
        return value  # put in by nh3 itself
    return value if _SPAN.fullmatch(value) else None
