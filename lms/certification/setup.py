"""Puts the parts of certification together, for the application and for the worker."""

from core.blobs import Blobs
from core.clock import Clock
from core.db import Database
from core.secrets import Secrets
from core.settings import Settings
from lms.certification.badges.making import Badges
from lms.certification.certificate import Certificate
from lms.certification.issuing import Issuer
from lms.certification.press import Printer, Terms
from lms.certification.printing.printer import printed
from lms.certification.signing.pdf_signature import KeyFile, PdfSignature
from lms.certification.verification import ADDRESS


def open_issuer(settings: Settings, database: Database, blobs: Blobs, clock: Clock, site_url: str) -> Issuer:
    """Who issues certificates whose QR code leads to `site_url`."""
    terms = Terms(settings.certificate_issuer, settings.certificate_page, site_url.rstrip("/") + ADDRESS)
    return Issuer(database, blobs, clock, open_printer(settings, clock), terms)


def open_badges(secrets: Secrets, database: Database, clock: Clock, site_url: str) -> Badges:
    """Who makes badges whose addresses are at `site_url`."""
    return Badges(database, secrets, clock, site_url)


def open_signature(settings: Settings, clock: Clock) -> PdfSignature | None:
    """Who signs the PDFs; None where no key is given."""
    if settings.certificate_signing_key is None:
        return None
    passphrase = settings.certificate_signing_passphrase
    file = KeyFile(settings.certificate_signing_key, passphrase.get_secret_value() if passphrase else None)
    return PdfSignature(file, clock)


def open_printer(settings: Settings, clock: Clock) -> Printer:
    """Prints, and signs where there is a key."""
    signature = open_signature(settings, clock)
    if signature is None:
        return printed

    def printed_and_signed(certificate: Certificate, background: bytes | None) -> bytes:
        return signature.signed(printed(certificate, background), certificate)

    return printed_and_signed
