"""What an object may be called, and how a name is read out of an address. Pure.

A name is the key of a row and never a path of a file system. It is checked all the same: clients build addresses and
files out of it.
"""

import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from core.storage.errors import bucket_not_found, invalid_key

LONGEST_NAME_BYTES = 1_024
LONGEST_BUCKET = 100
_CONTROL = frozenset({"Cc", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class ObjectName:
    """A bucket, and the path of an object in it: segments separated by single slashes."""

    bucket: str
    path: str

    def __str__(self) -> str:
        return f"{self.bucket}/{self.path}"


def object_name(bucket: str, path: str) -> ObjectName:
    """The name that stands in a body. Raises StorageError InvalidKey, or NoSuchBucket for what no bucket is called."""
    return ObjectName(bucket_name(bucket), _checked(path))


def from_address(raw: str) -> ObjectName:
    """The name in the rest of an address, `bucket/folder/a%20file.pdf`, not yet decoded.

    It is taken apart first and decoded after, so that an encoded slash cannot make a segment. Raises like
    `object_name`.
    """
    bucket, *segments = raw.split("/")
    decoded = [_decoded(segment) for segment in segments]
    if any("/" in segment for segment in decoded):
        raise invalid_key("/".join(decoded))
    return object_name(_decoded(bucket), "/".join(decoded))


def bucket_from_address(raw: str) -> str:
    """The bucket's name in the rest of an address. Raises StorageError NoSuchBucket."""
    return bucket_name(_decoded(raw))


def bucket_name(name: str) -> str:
    """The name itself, if a bucket can have it. Raises StorageError NoSuchBucket."""
    if not 0 < len(name) <= LONGEST_BUCKET or "/" in name or _has_odd_marks(name) or name in (".", ".."):
        raise bucket_not_found()
    return name


def folder_prefix(path: str) -> str:
    """What the names of everything in a folder begin with: `a/b/`, or nothing for the whole bucket.

    Slashes round the folder are as good as none. Raises StorageError InvalidKey.
    """
    inner = path.strip("/")
    return _checked(inner) + "/" if inner else ""


def _checked(path: str) -> str:
    if len(path) > LONGEST_NAME_BYTES or _has_odd_marks(path) or len(path.encode()) > LONGEST_NAME_BYTES:
        raise invalid_key(path)
    if any(segment in ("", ".", "..") for segment in path.split("/")):
        raise invalid_key(path)
    return path


def _has_odd_marks(text: str) -> bool:
    """Backslashes, which are slashes elsewhere; NUL and its kin; halves of characters."""
    return any(letter == "\\" or unicodedata.category(letter) in _CONTROL for letter in text)


def _decoded(segment: str) -> str:
    try:
        return unquote_to_bytes(segment).decode()
    except UnicodeError as error:
        raise invalid_key(segment) from error
