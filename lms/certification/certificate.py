"""What is printed on a certificate. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

PageSize = Literal["a4", "letter"]


@dataclass(frozen=True, slots=True)
class Certificate:
    """Everything that a reader sees; the same certificate is always the same bytes."""

    holder_name: str
    product_title: str
    issuer: str
    issued_on: date
    expires_on: date | None
    score: int | None
    """The mean of the best results, 0 to 100; None where nothing was assessed."""
    code: str
    """In groups."""
    verify_url: str
    page: PageSize = "a4"
