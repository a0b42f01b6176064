"""What the user guide and the README name is there: pictures, addresses, documents."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GUIDE = DOCS / "user-guide.md"
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+\.png)\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)#]+\.md)[^)]*\)")
ADDRESS = re.compile(r"`(/[a-z/:-]*)`")
ROUTE = re.compile(r'\{ path: "([^"]+)"')
OUTSIDE_THE_APPLICATION = {"/docs"}
MOST_BYTES, MOST_BYTES_TOGETHER = 120_000, 1_000_000


def pictures_of(page: Path) -> set[Path]:
    return {(page.parent / path).resolve() for _, path in PICTURE.findall(page.read_text("utf-8"))}


def test_each_picture_that_is_named_exists_and_each_that_exists_is_named():
    named = pictures_of(GUIDE) | pictures_of(ROOT / "README.md")
    assert named == set((DOCS / "images").rglob("*.png"))


def test_each_picture_says_what_it_shows():
    assert all(text.strip() for text, _ in PICTURE.findall(GUIDE.read_text("utf-8")))


def test_the_guide_is_quickly_loaded():
    sizes = {path.name: path.stat().st_size for path in (DOCS / "images" / "guide").glob("*.png")}
    assert len(sizes) <= 10
    assert max(sizes.values()) <= MOST_BYTES, sizes
    assert sum(sizes.values()) <= MOST_BYTES_TOGETHER, sizes


def test_each_address_of_the_guide_is_one_of_the_application():
    routes = set(ROUTE.findall((ROOT / "static" / "js" / "routes.js").read_text("utf-8")))
    named = set(ADDRESS.findall(GUIDE.read_text("utf-8"))) - {"/"}
    assert "/team" in named
    assert named - OUTSIDE_THE_APPLICATION <= routes


@pytest.mark.parametrize("page", [GUIDE, ROOT / "README.md"], ids=lambda page: page.name)
def test_each_document_that_is_linked_exists(page: Path):
    links = LINK.findall(page.read_text("utf-8"))
    assert links
    assert [link for link in links if "://" not in link and not (page.parent / link).is_file()] == []
