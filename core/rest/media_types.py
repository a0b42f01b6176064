"""`Accept`: the form that an answer takes. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from core.rest.errors import RestError

Form = Literal["array", "object", "csv"]

JSON = "application/json"
_ARRAY = "application/vnd.pgrst.array+json"
_OBJECT = "application/vnd.pgrst.object+json"
_CSV = "text/csv"
_UTF8 = "; charset=utf-8"
_STRIPPED = "; nulls=stripped"


@dataclass(frozen=True, slots=True)
class MediaType:
    """An array of objects, one object alone, or lines of CSV; `strip_nulls` leaves out members that are null."""

    form: Form = "array"
    strip_nulls: bool = False

    @property
    def content_type(self) -> str:
        """The value of `Content-Type`."""
        if self.form == "csv":
            return _CSV + _UTF8
        if self.form == "object":
            return _OBJECT + (_STRIPPED if self.strip_nulls else "") + _UTF8
        return (_ARRAY + _STRIPPED if self.strip_nulls else JSON) + _UTF8


_FORMS: dict[str, Form] = {
    JSON: "array",
    "text/json": "array",
    "application/*": "array",
    "*/*": "array",
    _ARRAY: "array",
    "application/vnd.pgrst.array": "array",
    _OBJECT: "object",
    "application/vnd.pgrst.object": "object",
    _CSV: "csv",
    "text/*": "csv",
}
_CAN_STRIP = (_ARRAY, "application/vnd.pgrst.array", _OBJECT, "application/vnd.pgrst.object")
_QUALITY = re.compile(r"q=([0-9](?:\.[0-9]{0,3})?)")


def parse_accept(accept: str) -> MediaType:
    """The served media type that is liked best; of equals the first. Nothing said means an array.

    Raises RestError PGRST107 (406) when none is served: the plan of a statement, for one, never is.
    """
    if not accept.strip():
        return MediaType()
    liked: list[tuple[float, MediaType]] = []
    for entry in accept.split(","):
        name, *parameters = (part.strip().lower() for part in entry.split(";"))
        form = _FORMS.get(name)
        quality = next((float(match[1]) for part in parameters if (match := _QUALITY.fullmatch(part))), 1.0)
        if form is not None and quality > 0:
            strip = "nulls=stripped" in parameters and name in _CAN_STRIP
            liked.append((quality, MediaType(form, strip)))
    if not liked:
        raise RestError(406, "PGRST107", f"None of these media types are available: {accept[:200]}")
    return max(liked, key=lambda entry: entry[0])[1]
