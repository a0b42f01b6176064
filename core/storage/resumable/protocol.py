"""The headers of TUS 1.0.0, read and written. PURE."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.storage import content_rules, upload_fields
from core.storage.errors import StorageError, bad_type, invalid_request
from core.storage.object_names import ObjectName, object_name
from core.storage.ranges import http_date
from core.storage.shapes import Details

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,termination"
CONTENT_TYPE = "application/offset+octet-stream"
LARGEST = 2**53 - 1
"""What JavaScript can count."""

_LONGEST_METADATA = 65_536
_NUMBER = re.compile(r"\d{1,16}")
_KEY = re.compile(r"[!-+\--~]{1,255}")
_OVERRIDABLE = frozenset({"PATCH", "HEAD", "DELETE"})


@dataclass(frozen=True, slots=True)
class Creation:
    """What a client wants to upload: `length` bytes as `name`; `has_content` says that the first of them come along."""

    name: ObjectName
    length: int
    details: Details
    upsert: bool
    has_content: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """What an upload's answers say: `offset` bytes of `length` are safe, and until when it waits for more."""

    offset: int
    length: int
    expires_at: datetime


def check_version(headers: Mapping[str, str]) -> None:
    """Raises StorageError 412 for a client of another version; the answer to it needs `discovery`."""
    if headers.get("Tus-Resumable") != VERSION:
        raise refusal(412, "UnsupportedVersion", f"This is TUS {VERSION}: send Tus-Resumable.")


def method(name: str, headers: Mapping[str, str]) -> str:
    """The method that is meant: some clients can only POST and name it in a header."""
    wished = headers.get("X-HTTP-Method-Override", "").strip().upper()
    return wished if name == "POST" and wished in _OVERRIDABLE else name


def creation(headers: Mapping[str, str]) -> Creation:
    """What a POST asks for. Raises StorageError for what is missing, cannot be read or is not offered."""
    if "Upload-Defer-Length" in headers:
        raise invalid_request("Send Upload-Length: an upload of unknown length is not offered.")
    if "Upload-Concat" in headers:
        raise invalid_request("Uploads cannot be concatenated.")
    length = _number(headers, "Upload-Length")
    fields = metadata(headers.get("Upload-Metadata", ""))
    named = [fields.get(key) for key in ("bucketName", "objectName")]
    if not all(named):
        raise invalid_request("Upload-Metadata must name bucketName and objectName.")
    content_type = fields.get("contentType") or content_rules.UNKNOWN
    try:
        content_type = content_rules.mime_type(content_type)
    except ValueError as error:
        raise bad_type(content_type) from error
    return Creation(
        name=object_name(named[0] or "", named[1] or ""),
        length=length,
        details=Details(
            content_type,
            upload_fields.cache_control(fields.get("cacheControl")),
            upload_fields.user_metadata(fields.get("metadata")),
        ),
        upsert=upload_fields.wants_upsert(headers.get("x-upsert")),
        has_content=_is_content(headers),
    )


def append_offset(headers: Mapping[str, str]) -> int:
    """Where the content of a PATCH belongs. Raises StorageError 415 for content of another type, 400 for no offset."""
    if not _is_content(headers):
        raise refusal(415, "InvalidContentType", f"The content must be {CONTENT_TYPE}.")
    return _number(headers, "Upload-Offset")


def metadata(text: str) -> dict[str, str]:
    """Upload-Metadata: `key base64,key base64`; a key alone has an empty value. Raises StorageError InvalidRequest."""
    if len(text) > _LONGEST_METADATA:
        raise invalid_request("Upload-Metadata is too long.")
    fields: dict[str, str] = {}
    for pair in text.split(",") if text.strip() else ():
        key, _, value = pair.strip().partition(" ")
        if not _KEY.fullmatch(key) or key in fields:
            raise invalid_request("Upload-Metadata holds a key that is none, or twice.")
        try:
            fields[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise invalid_request(f"The value of {key} in Upload-Metadata is no base64 of UTF-8.") from error
    return fields


def progress_headers(progress: Progress, *, complete: bool) -> dict[str, str]:
    """The headers of an answer about an upload; what is complete waits for nothing and does not expire."""
    headers = {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(progress.offset),
        "Upload-Length": str(progress.length),
        "Cache-Control": "no-store",
    }
    return headers if complete else headers | {"Upload-Expires": http_date(progress.expires_at)}


def discovery(largest_bytes: int) -> dict[str, str]:
    """What OPTIONS tells: the versions, extensions and sizes that are served."""
    return {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(largest_bytes),
    }


def refusal(status: int, code: str, message: str) -> StorageError:
    """An error that has this status over HTTP too: clients of this protocol look at it."""
    return StorageError(status, code, code, message, status=status)


def _is_content(headers: Mapping[str, str]) -> bool:
    return headers.get("Content-Type", "").partition(";")[0].strip().lower() == CONTENT_TYPE


def _number(headers: Mapping[str, str], name: str) -> int:
    text = headers.get(name, "").strip()
    if not _NUMBER.fullmatch(text) or not text.isascii() or int(text) > LARGEST:
        raise invalid_request(f"{name} must be a whole number of bytes.")
    return int(text)
