"""Looks at the signature of a PDF as a reader would."""

import io
from collections.abc import Sequence

from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext


def signatures(pdf: bytes) -> int:
    """How many a PDF has."""
    return len(PdfFileReader(io.BytesIO(pdf)).embedded_signatures)


def checked_signature(pdf: bytes, roots: Sequence[x509.Certificate]) -> PdfSignatureStatus:
    """What pyHanko's validator makes of the only signature, if these are trusted and nothing is fetched."""
    [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    trusted = [Certificate.load(root.public_bytes(Encoding.DER)) for root in roots]
    return validate_pdf_signature(signature, ValidationContext(trust_roots=trusted, allow_fetching=False))
