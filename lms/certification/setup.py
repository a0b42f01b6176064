"""Puts the parts of certification together, for the application and for the worker."""

from core.blobs import Blobs
from core.clock import Clock
from core.db import Database
from core.settings import Settings
from lms.certification.issuing import Issuer, Terms
from lms.certification.printing.printer import printed
from lms.certification.verification import ADDRESS


def open_issuer(settings: Settings, database: Database, blobs: Blobs, clock: Clock, site_url: str) -> Issuer:
    """Who issues certificates whose QR code leads to `site_url`."""
    terms = Terms(settings.certificate_issuer, settings.certificate_page, site_url.rstrip("/") + ADDRESS)
    return Issuer(database, blobs, clock, printed, terms)
