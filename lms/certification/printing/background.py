"""The page of an admin, and printing on it. The one user of pypdf."""

import io
from dataclasses import dataclass

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, ByteStringObject, NameObject, RectangleObject

from core.errors import Unprocessable

MM_PT = 72 / 25.4
"""Points in a millimetre."""
_SHORTEST_MM, _LONGEST_MM = 140, 900
_KEPT = frozenset({"/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/Group"})
"""Of a page: all else (links, scripts, forms, previews) stays out of certificates."""
_MOST_CONTENT_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page that certificates can be printed on: a PDF of one landscape page. Points."""

    content: bytes
    width_pt: float
    height_pt: float


def bad_background(reason: str) -> Unprocessable:
    """The refusal of a file."""
    return Unprocessable(f"This cannot be the page of a certificate. {reason}", code="bad_background")


def checked_page(content: bytes) -> Page:
    """The first page of a PDF, without anything that acts. Raises Unprocessable `bad_background` with the reason."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise bad_background("It is locked by a password.")
        if not reader.pages:
            raise bad_background("It has no page.")
        writer = PdfWriter()
        page = _upright(writer.add_page(_bare(reader.pages[0])))
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        _check_size(width / MM_PT, height / MM_PT)
        drawn = page.get_contents()
        if drawn is not None and len(drawn.get_data()) > _MOST_CONTENT_BYTES:
            raise bad_background("It draws too much.")
        page.extract_text()  # reads the page as a viewer would: what is broken shows here
        return Page(_bytes_of(writer), width, height)
    except Unprocessable:
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, OSError) as error:
        raise bad_background("It is no PDF that can be read.") from error
    except RecursionError as error:
        raise bad_background("It is nested too deeply.") from error


def printed_on(page: bytes, printed: bytes) -> bytes:
    """`printed`, which has one page of the same size, on top of `page`."""
    under, over = PdfReader(io.BytesIO(page)), PdfReader(io.BytesIO(printed))
    writer = PdfWriter(clone_from=over)
    target = writer.pages[0]
    below = under.pages[0]
    x, y = float(below.mediabox.left), float(below.mediabox.bottom)
    target.merge_transformed_page(below, Transformation().translate(-x, -y), over=False)
    if (identity := over.trailer.get("/ID")) is not None:
        writer._ID = ArrayObject([ByteStringObject(bytes(part.original_bytes)) for part in identity])
    return _bytes_of(writer)


def _bare(page: PageObject) -> PageObject:
    for name in [name for name in page if name not in _KEPT]:
        del page[name]
    return page


def _upright(page: PageObject) -> PageObject:
    if page.rotation:
        page.transfer_rotation_to_content()
    if page.cropbox != page.mediabox:
        page.mediabox = RectangleObject(page.cropbox)
    page[NameObject("/Type")] = NameObject("/Page")
    return page


def _check_size(width_mm: float, height_mm: float) -> None:
    if width_mm <= height_mm:
        raise bad_background("Its page must be wider than high.")
    if height_mm < _SHORTEST_MM or width_mm > _LONGEST_MM:
        raise bad_background(f"Its page is {width_mm:.0f} × {height_mm:.0f} mm; A4 across has 297 × 210 mm.")


def _bytes_of(writer: PdfWriter) -> bytes:
    for page in writer.pages:
        page.compress_content_streams()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
