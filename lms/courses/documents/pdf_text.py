"""The text of a PDF's pages. Runs in a confined process (`python -m lms.courses.documents.pdf_text`)."""

import io
import re
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from lms.courses.confined.worker import serve

MOST_PAGES = 1_000
LONGEST_PAGE = 20_000
MOST_TEXT = 2_000_000
"""Characters."""
MOST_CPU_S = 45
"""After so long the pages that are left stay unread."""
_BROKEN = (
    PyPdfError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    OSError,
    ArithmeticError,
)
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\xa0]+")
_EMPTY_LINES = re.compile(r"\s*\n\s*\n\s*")


def pages_of(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """`{"page_count"}`, then `{"number", "text"}` for each page with text, or `{"problem"}`, which ends it.

    Problems: `encrypted`, `broken`, `too_large`; `left_out` and `bad_pages` say that some pages are missing.
    """
    try:
        reader = PdfReader(io.BytesIO(file.read()), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            yield {"problem": "encrypted"}
            return
        page_count = len(reader.pages)
    except (DependencyError, FileNotDecryptedError):
        yield {"problem": "encrypted"}
    except (*_BROKEN, RecursionError):
        yield {"problem": "broken"}
    except MemoryError:
        yield {"problem": "too_large"}
    else:
        yield {"page_count": page_count}
        yield from _texts(reader, page_count)


def _texts(reader: PdfReader, page_count: int) -> Iterator[dict[str, Any]]:
    length, bad, until_s = 0, [], time.process_time() + MOST_CPU_S
    for number in range(1, page_count + 1):
        if number > MOST_PAGES or length > MOST_TEXT or time.process_time() > until_s:
            yield {"left_out": page_count - number + 1}
            break
        try:
            text = tidy(_text_of(reader.pages[number - 1]))
        except (*_BROKEN, RecursionError, MemoryError):
            bad.append(number)
            continue
        length += len(text)
        if text:
            yield {"number": number, "text": text}
    if bad:
        yield {"bad_pages": bad}


def _text_of(page: PageObject) -> str:
    return page.extract_text() or ""


def tidy(text: str) -> str:
    """Without what no database keeps and nobody reads, at most LONGEST_PAGE characters."""
    text = _SPACES.sub(" ", _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return _EMPTY_LINES.sub("\n\n", text).strip()[:LONGEST_PAGE]


if __name__ == "__main__":
    serve(pages_of)
