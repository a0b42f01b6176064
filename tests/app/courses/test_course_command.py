"""`server.py course import` and `course export` against real databases."""

import zipfile
from pathlib import Path

import pytest

import server
from lms.courses.packs.course import PackCourse
from lms.courses.packs.reading import read_course
from lms.courses.packs.writing import write_course
from tests.people import Cast
from tests.support.packs import MEDIA, a_course, zipped

pytestmark = pytest.mark.usefixtures("logging_as_before")


@pytest.fixture
def course(owner_dsn, cast: Cast, tmp_path: Path, monkeypatch, capsys):
    """Runs the command; its exit status and what it printed."""
    monkeypatch.setenv("DATABASE_URL", owner_dsn)

    def run(*options: object):
        status = server.main(["course", *map(str, options), "--data-dir", str(tmp_path / "data")])
        return status, capsys.readouterr()

    return run


def read(content: bytes) -> PackCourse:
    return read_course(lambda name: content if name == "course.yaml" else None)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    file = tmp_path / "billing.zip"
    file.write_bytes(zipped({"course.yaml": write_course(a_course()).encode(), **MEDIA}))
    return file


def test_a_dry_run_then_an_import_then_nothing_to_do_then_the_same_file_again(course, pack: Path, tmp_path: Path):
    status, printed = course("import", pack, "--dry-run")
    assert status == 0, printed
    assert printed.out.endswith("9 create.\nThis was a dry run: nothing was changed.\n")
    status, printed = course("import", pack, "--publish", "--actor", "ADA@callx.example")
    assert status == 0, printed
    assert "store     lesson-videos/films/watch.mp4" in printed.out
    assert course("import", pack)[1].out == "9 unchanged.\n"
    given = tmp_path / "given.zip"
    assert course("export", "billing_basics", given)[0] == 0
    with zipfile.ZipFile(given) as pack_file:
        assert {name: pack_file.read(name) for name in MEDIA} == MEDIA
        assert read(pack_file.read("course.yaml")) == a_course()
    status, printed = course("export", "Billing Basics", given)
    assert (status, "[result_not_writable]" in printed.err) == (2, True)
    assert course("export", "Billing basics", tmp_path / "given.yaml")[0] == 0
    assert read((tmp_path / "given.yaml").read_bytes()) == a_course()


def test_what_is_wrong_is_printed_with_its_line(course, tmp_path: Path):
    file = tmp_path / "wrong.yaml"
    file.write_text(write_course(a_course()).replace("type: video", "type: film"), "utf8")
    status, printed = course("import", file)
    assert status == 1
    assert printed.out.startswith("course.yaml:")
    assert "modules.0.lessons.1.type: Input should be 'video'" in printed.out
    assert printed.out.endswith("Nothing was changed.\n")


def test_what_is_no_pack_is_refused(course, tmp_path: Path):
    assert course("import", tmp_path / "none.zip")[0] == 2
    (tmp_path / "x.zip").write_bytes(b"hello")
    status, printed = course("import", tmp_path / "x.zip")
    assert (status, "[bad_course_pack]" in printed.err) == (2, True)
    status, printed = course("export", "nothing", tmp_path / "y.zip")
    assert (status, "[product_not_found]" in printed.err) == (2, True)
