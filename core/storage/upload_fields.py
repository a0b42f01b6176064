"""What clients say about a file beside its bytes: caching, metadata of their own, whether to replace. Pure."""

import base64
import binascii
import json
from typing import Any, NoReturn

from core.storage.errors import StorageError, invalid_request

LONGEST_METADATA = 16_384
LONGEST_CACHE_RULE = 200


def cache_control(text: str | None) -> str:
    """The rule to keep: seconds (`3600`) become `max-age=3600`; nothing, or what is too long, `no-cache`."""
    rule = (text or "").strip()
    if not rule or len(rule) > LONGEST_CACHE_RULE or not (rule.isascii() and rule.isprintable()):
        return "no-cache"
    return f"max-age={rule}" if rule.isdigit() else rule


def user_metadata(text: str | None) -> dict[str, Any]:
    """The uploader's own metadata, a JSON object; none if there is no text. Raises StorageError InvalidRequest."""
    if not text:
        return {}
    if len(text) > LONGEST_METADATA:
        raise invalid_request(f"The metadata has more than {LONGEST_METADATA} characters.")
    try:
        found = json.loads(text, parse_constant=_no_number)
        # What PostgreSQL could not keep: NUL, halves of characters, numbers beyond a double.
        kept = json.dumps(found, ensure_ascii=False, allow_nan=False)
        kept.encode()
    except (ValueError, RecursionError) as error:
        raise _no_object() from error
    if not isinstance(found, dict) or "\\u0000" in kept:
        raise _no_object()
    return found


def user_metadata_of_header(header: str | None) -> dict[str, Any]:
    """The same as it stands in `x-metadata`: JSON in base64."""
    if not header:
        return {}
    try:
        text = base64.b64decode(header, validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise _no_object() from error
    return user_metadata(text)


def wants_upsert(header: str | None) -> bool:
    """Whether an object that has the name is to be replaced (`x-upsert`)."""
    return (header or "").strip().lower() == "true"


def _no_number(_: str) -> NoReturn:
    raise ValueError("JSON has no such number.")


def _no_object() -> StorageError:
    return invalid_request("The metadata is no JSON object.")
