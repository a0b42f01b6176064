"""A ZIP file of strangers: looked at before anything in it is read, and never written anywhere by its own names.

Blocks: call it in threads.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Protocol

from lms.courses.packs.problems import bad_pack
from lms.courses.packs.reading import COURSE_FILE
from lms.courses.packs.yaml_text import MOST_BYTES

MOST_FILES = 2_000
LONGEST_NAME = 1_200
MOST_TIMES_LARGER = 200
"""So much larger than the ZIP file its content may be, once it is larger than that:"""
SMALL_BYTES = 16 * 1024 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FOLDERS = ("simulations/", "videos/", "attachments/")
_CHUNK_BYTES = 256 * 1024
_ENCRYPTED = 0x1


class PackFiles(Protocol):
    """What a pack consists of, wherever it comes from."""

    def text(self, name: str) -> bytes | None:
        """A YAML file of it; None when there is none."""

    def size(self, name: str) -> int | None:
        """How long a media file is, in bytes; None when there is none."""

    def open(self, name: str) -> IO[bytes]:
        """A media file, to be read and closed."""

    @property
    def ignored(self) -> tuple[str, ...]:
        """Files that mean nothing here."""


@dataclass(frozen=True, slots=True)
class YamlAlone:
    """A course without media: one YAML file."""

    content: bytes

    def text(self, name: str) -> bytes | None:
        """The file."""
        return self.content if name == COURSE_FILE else None

    def size(self, name: str) -> int | None:
        """There is no media."""
        return None

    def open(self, name: str) -> IO[bytes]:
        """There is no media."""
        raise FileNotFoundError(name)

    @property
    def ignored(self) -> tuple[str, ...]:
        """Nothing."""
        return ()


class Archive:
    """The files of a ZIP file whose names and sizes can be trusted."""

    def __init__(self, zip_file: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> None:
        self._zip = zip_file
        self._members = members

    def text(self, name: str) -> bytes | None:
        """A YAML file; at most one byte more than is read of it."""
        member = self._members.get(name)
        if member is None:
            return None
        with self._open(member) as file:
            return file.read(MOST_BYTES + 1)

    def size(self, name: str) -> int | None:
        """How long a file is, in bytes."""
        member = self._members.get(name)
        return None if member is None else member.file_size

    def open(self, name: str) -> IO[bytes]:
        """A file, to be read and closed."""
        return self._open(self._members[name])

    @property
    def ignored(self) -> tuple[str, ...]:
        """Files that mean nothing here."""
        return tuple(name for name in self._members if name != COURSE_FILE and not name.startswith(_FOLDERS))

    def _open(self, member: zipfile.ZipInfo) -> IO[bytes]:
        try:
            return self._zip.open(member)
        except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
            raise bad_pack(f"{member.filename} cannot be read: {error}.") from error


def open_archive(file: IO[bytes], *, most_bytes: int) -> Archive:
    """The pack in a ZIP file, with at most `most_bytes` when it is unpacked.

    Raises BadRequest `bad_course_pack` for what is no ZIP file, and for names, links, sizes and ratios that no pack
    has. A folder that all of it lies in does not count.
    """
    try:
        zip_file = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise bad_pack(f"The file is no ZIP file: {error}.") from error
    infos = zip_file.infolist()
    if len(infos) > MOST_FILES:
        raise bad_pack(f"A pack has at most {MOST_FILES} files.")
    _check_sizes(infos, most_bytes)
    members: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    for info in infos:
        _check_member(info)
        if info.filename.casefold() in seen:
            raise bad_pack(f"{_shown(info.filename)} is in the pack twice.")
        seen.add(info.filename.casefold())
        if not info.is_dir() and not _is_clutter(info.filename):
            members[info.filename] = info
    return Archive(zip_file, _without_folder(members))


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """The content of a file of a pack. Raises BadRequest `bad_course_pack` when it is damaged."""
    try:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise bad_pack(f"A file of the pack is damaged: {error}.") from error


def _check_sizes(infos: list[zipfile.ZipInfo], most_bytes: int) -> None:
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if unpacked > most_bytes:
        raise bad_pack(f"Unpacked, the pack has more than {most_bytes} bytes.")
    if unpacked > SMALL_BYTES and unpacked > packed * MOST_TIMES_LARGER:
        raise bad_pack(f"Unpacked, the pack is more than {MOST_TIMES_LARGER} times as large: that is no course.")


def _check_member(info: zipfile.ZipInfo) -> None:
    name = info.filename
    shown = _shown(name)
    segments = name.removesuffix("/").split("/")
    if len(name) > LONGEST_NAME or any(not part.isprintable() for part in segments):
        raise bad_pack(f"{shown} is no name of a file.")
    # The name as it was stored: `zipfile` cuts names at NUL and turns the system's separators.
    if name.startswith("/") or "\\" in info.orig_filename or ":" in segments[0] or {"", ".", ".."} & set(segments):
        raise bad_pack(f"{shown} leads out of the pack.")
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise bad_pack(f"{shown} is a link or a device.")
    if info.flag_bits & _ENCRYPTED:
        raise bad_pack(f"{shown} is encrypted.")
    if info.compress_type not in _METHODS:
        raise bad_pack(f"{shown} is packed in a way that is not read; use plain ZIP.")


def _is_clutter(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2] in (".DS_Store", "Thumbs.db", "desktop.ini")


def _without_folder(members: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if COURSE_FILE in members or not members:
        return members
    folder = next(iter(members)).partition("/")[0] + "/"
    if f"{folder}{COURSE_FILE}" in members and all(name.startswith(folder) for name in members):
        return {name.removeprefix(folder): info for name, info in members.items()}
    return members


def _shown(name: str) -> str:
    return repr(name[:80])
