"""ZIP files of strangers: what no pack has is refused before anything is unpacked."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable

import pytest

from core.errors import BadRequest
from lms.courses.packs.archive import Archive, chunks_of, open_archive
from tests.support.packs import zipped

MEBIBYTE = 1024 * 1024


def opened(content: bytes, *, most_bytes: int = 100 * MEBIBYTE) -> Archive:
    return open_archive(io.BytesIO(content), most_bytes=most_bytes)


def packed(fill: Callable[[zipfile.ZipFile], None], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as pack:
        fill(pack)
    return content.getvalue()


def refused(content: bytes, says: str, **bounds: int) -> None:
    with pytest.raises(BadRequest, match=says) as caught:
        opened(content, **bounds)
    assert caught.value.code == "bad_course_pack"


def test_a_pack_gives_its_texts_and_files():
    pack = opened(zipped({"course.yaml": b"key: x", "videos/a b.mp4": b"film", "notes.txt": b"?", "__MACOSX/x": b""}))
    assert pack.text("course.yaml") == b"key: x"
    assert pack.text("simulations/x.yaml") is None
    assert (pack.size("videos/a b.mp4"), pack.size("videos/b.mp4")) == (4, None)
    assert list(chunks_of(pack.open("videos/a b.mp4"))) == [b"film"]
    assert pack.ignored == ("notes.txt",)


def test_a_folder_round_all_of_it_does_not_count():
    pack = opened(zipped({"My course/course.yaml": b"key: x", "My course/videos/a.mp4": b"film"}))
    assert (pack.text("course.yaml"), pack.size("videos/a.mp4")) == (b"key: x", 4)


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../x", "videos/../../x", "videos//x", "./x", "C:/x", "c:x", "videos/..\\..\\x", "\\\\host\\x"],
)
def test_names_that_lead_out_of_the_pack_are_refused(name: str):
    refused(packed(lambda pack: pack.writestr(_raw(name), b"x")), "leads out of the pack")


def _raw(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = name
    return info


def test_odd_and_endless_names_are_refused():
    refused(packed(lambda pack: pack.writestr(_raw("videos/a\x1b[2J.mp4"), b"x")), "no name of a file")
    refused(packed(lambda pack: pack.writestr(_raw("videos/" + "a" * 2_000), b"x")), "no name of a file")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(kind: int):
    info = zipfile.ZipInfo("videos/a.mp4")
    info.external_attr = (kind | 0o777) << 16
    refused(packed(lambda pack: pack.writestr(info, b"/etc/passwd")), "link or a device")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["videos/a.mp4", "videos/A.mp4"])
def test_no_name_is_there_twice(second: str):
    def fill(pack: zipfile.ZipFile) -> None:
        pack.writestr("videos/a.mp4", b"1")
        pack.writestr(second, b"2")

    refused(packed(fill), "in the pack twice")


def test_bombs_are_refused_by_what_they_say_and_stopped_by_what_they_are():
    bomb = packed(lambda pack: pack.writestr("videos/a.mp4", bytes(40 * MEBIBYTE)))
    assert len(bomb) < MEBIBYTE
    refused(bomb, "times as large")
    refused(bomb, "more than 1048576 bytes", most_bytes=MEBIBYTE)
    liar = _with_sizes(bomb, 1_000)
    pack = opened(liar)
    unpacked: list[bytes] = []
    with pytest.raises(BadRequest, match="damaged"):
        unpacked.extend(chunks_of(pack.open("videos/a.mp4")))
    assert sum(map(len, unpacked)) <= 1_000


def _with_sizes(content: bytes, size: int) -> bytes:
    """The only member says that it is so large when it is unpacked."""
    at = content.index(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]


def test_many_files_encrypted_ones_and_odd_methods_are_refused():
    refused(zipped({f"videos/{number}": b"" for number in range(2_001)}), "at most 2000 files")
    plain = packed(lambda pack: pack.writestr("videos/a.mp4", b"x"))
    at = plain.index(b"PK\x01\x02")
    refused(plain[: at + 8] + b"\x01" + plain[at + 9 :], "encrypted")
    refused(packed(lambda pack: pack.writestr("videos/a.mp4", b"x"), zipfile.ZIP_LZMA), "packed in a way")


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04" + bytes(99), b"hello", zipped({"a": b"x"})[:-9]])
def test_what_is_no_zip_file_is_refused(content: bytes):
    refused(content, "no ZIP file")


def test_a_damaged_file_is_found_when_it_is_read():
    whole = packed(lambda pack: pack.writestr("videos/a.mp4", b"film" * 100), zipfile.ZIP_STORED)
    pack = opened(whole.replace(b"filmfilm", b"filmFILM", 1))
    with pytest.raises(BadRequest, match="damaged"):
        list(chunks_of(pack.open("videos/a.mp4")))
