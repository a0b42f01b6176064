"""What accompanies the bytes of an uploaded object, so that nothing anybody uploads ever runs on our origin. PURE.

Three walls, each enough by itself for a page: what is not shown inside a page is handed out as an attachment, a content
policy takes scripts and origin from what a browser shows all the same, and `nosniff` holds it to the stated type. A
fourth is for our own pages, which may load scripts and styles from this server: what is one is never called one.
"""

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import quote

_WORD = r"[A-Za-z0-9!#$&^_.+-]+"  # of RFC 6838, a little narrower than a token of HTTP
_PARAMETER = rf"{_WORD}=(?:{_WORD}|\"[^\"\\\x00-\x1f\x7f-\U0010ffff]*\")"
_MIME_TYPE = re.compile(rf"\s*({_WORD}/{_WORD})\s*((?:;\s*{_PARAMETER}\s*)*);?\s*")
_PATTERN = re.compile(rf"\*|\*/\*|{_WORD}/(?:\*|{_WORD})")
_LONGEST_MIME_TYPE = 200
_LONGEST_FILE_NAME = 180
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*(\d{1,10})(?=\s*(?:,|$))", re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,10}")
_YEAR_S = 31_536_000
_TURNS_TEXT_ROUND = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that make `gpj.exe` read `exe.jpg`."""

UNKNOWN = "application/octet-stream"
RASTER_IMAGES = frozenset(
    f"image/{name}" for name in ("png", "jpeg", "gif", "webp", "avif", "apng", "bmp", "x-icon", "vnd.microsoft.icon")
)
_SANDBOX = "sandbox; default-src 'none'"
_MEDIA_SANDBOX = (
    "sandbox allow-same-origin; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
)
"""No scripts either, but what a browser's own page round a picture or a video needs when it is opened by itself."""


def mime_type(text: str) -> str:
    """A media type as it is stored and sent, `text/plain; charset=utf-8`: its name in small letters.

    Raises ValueError for what is none.
    """
    found = _MIME_TYPE.fullmatch(text) if len(text) <= _LONGEST_MIME_TYPE else None
    if found is None:
        raise ValueError(f"{text[:100]!r} is no media type.")
    parameters = "".join(f"; {part.strip()}" for part in _split(found[2]))
    return found[1].lower() + parameters


def is_allowed(content_type: str, allowed: Collection[str] | None) -> bool:
    """Whether an object of this type may be stored where these are: `video/mp4`, `video/*` or `*`; none means all."""
    if not allowed:
        return True
    name = _name(content_type)
    family = name.partition("/")[0] + "/*"
    return any(pattern.strip().lower() in (name, family, "*/*", "*") for pattern in allowed)


def is_pattern(text: str) -> bool:
    """Whether a text can stand among the types that a bucket allows."""
    return _PATTERN.fullmatch(text) is not None


def is_shown(content_type: str) -> bool:
    """Whether a browser may show the object by itself, and not only store it: it has nothing in it that could run."""
    name = _name(content_type)
    if name.endswith("xml"):
        return False
    return name.startswith(("video/", "audio/")) or name in RASTER_IMAGES or name == "application/pdf"


def headers(
    content_type: str,
    name: str,
    cache_control: str | None,
    *,
    download: str | None = None,
    public: bool = False,
    by_link: bool = False,
) -> dict[str, str]:
    """The headers that go with an object, beside those of its length and version.

    `content_type` and `cache_control` are as they were stored, whatever they are; `name` is the object's, in any
    script. `download` is that parameter of the request: a name to store it under, or empty for its own. `public`: of a
    public bucket, so that any cache may keep it. `by_link`: the address alone opens it (a signed or public one), so
    pages of other origins may show it in a player.
    """
    content_type = _sent(content_type)
    shown = is_shown(content_type) and download is None
    return {
        "Content-Type": content_type,
        "Content-Disposition": disposition("inline" if shown else "attachment", download or name.rpartition("/")[2]),
        "Content-Security-Policy": _policy(content_type),
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "cross-origin" if by_link else "same-origin",
        "Cache-Control": cache_rule(cache_control, public=public),
        "Referrer-Policy": "no-referrer",  # the address may hold a token
        **({} if by_link else {"Vary": "Authorization"}),
    }


def disposition(kind: str, file_name: str) -> str:
    """Content-Disposition (RFC 6266) with a name of any script, in which nothing can end the header or the name."""
    clean = _file_name(file_name)
    if not clean:
        return kind
    plain = "".join(c if c.isascii() and c not in '"\\%' else "_" for c in clean)
    if plain == clean:
        return f'{kind}; filename="{plain}"'
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"


def cache_rule(stored: str | None, *, public: bool = False) -> str:
    """Cache-Control for what an uploader wished: `3600`, `max-age=3600`, `no-cache` or `no-store`, at most a year.

    Anything else asks the server each time.
    """
    whose = "public" if public else "private"
    wish = (stored or "").strip().lower()
    if "no-store" in wish:
        return "no-store"
    seconds = wish if _SECONDS.fullmatch(wish) else (found[1] if (found := _MAX_AGE.search(wish)) else None)
    if seconds is None or "no-cache" in wish:
        return f"{whose}, no-cache"
    return f"{whose}, max-age={min(int(seconds), _YEAR_S)}"


def _sent(content_type: str) -> str:
    try:
        content_type = mime_type(content_type)
    except ValueError:
        return UNKNOWN
    name = _name(content_type)
    if "script" in name or name.endswith("/css") or name.startswith(("multipart/", "message/")):
        return "text/plain; charset=utf-8"
    return content_type


def _policy(content_type: str) -> str:
    return _MEDIA_SANDBOX if is_shown(content_type) and _name(content_type) != "application/pdf" else _SANDBOX


def _name(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _split(parameters: str) -> list[str]:
    return re.findall(_PARAMETER, parameters)


def _file_name(text: str) -> str:
    """One segment, without what no file system takes or an eye misreads, at most 180 bytes of UTF-8 with its ending."""
    text = text.replace("/", "_").replace("\\", "_").encode("utf-8", "replace").decode()
    text = "".join(c for c in text if unicodedata.category(c) != "Cc" and c not in _TURNS_TEXT_ROUND)
    text = "_".join(re.split(r"[\u2028\u2029]", text)).strip(" .")
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending.encode()) > 20:
        return _cut(text, _LONGEST_FILE_NAME)
    return _cut(stem, _LONGEST_FILE_NAME - len(ending.encode()) - 1) + dot + ending


def _cut(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode("utf-8", "ignore")
