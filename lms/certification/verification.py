"""What a code stands for, as the public may know it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

ADDRESS = "/verify/"
BADGES = "/badges/"
State = Literal["valid", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class Verified:
    """What anybody who has the code is told."""

    state: State
    code: str
    """In groups."""
    holder: str
    product: str
    issuer: str
    score: int | None
    issued_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    is_renewed: bool
    """A newer certificate took its place."""
    pdf_sha256: str
    earlier_pdf_sha256: Sequence[str]
    """Of the PDFs that were given out for it before it was printed anew."""
    has_badge: bool

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "state": self.state,
            "code": self.code,
            "holder": self.holder,
            "product": self.product,
            "issuer": self.issuer,
            "score": self.score,
            "issued_at": self.issued_at.isoformat(),
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "revoked_at": self.revoked_at.isoformat() if self.revoked_at else None,
            "is_renewed": self.is_renewed,
            "pdf_sha256": self.pdf_sha256,
            "earlier_pdf_sha256": list(self.earlier_pdf_sha256),
            "badge": f"{BADGES}{self.code}.svg" if self.has_badge else None,
            "credential": f"{BADGES}{self.code}" if self.has_badge else None,
        }


def verified(row: Mapping[str, Any], code: str, now: datetime) -> Verified:
    """What a row of queries.BY_CODE says at a time."""
    state: State = "valid"
    if row["revoked_at"] is not None:
        state = "revoked"
    elif row["expires_at"] is not None and row["expires_at"] <= now:
        state = "expired"
    return Verified(
        state=state,
        code=code,
        holder=row["holder_name"] if row["shown_name"] == "full" else initials(row["holder_name"]),
        product=row["product_title"],
        issuer=row["issuer"],
        score=row["score"] if state == "valid" else None,
        issued_at=row["issued_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        is_renewed=row["is_renewed"],
        pdf_sha256=row["pdf_sha256"],
        earlier_pdf_sha256=row["earlier_pdf_sha256"],
        has_badge=row["has_badge"],
    )


def initials(name: str) -> str:
    """`Anna-Maria Österreich` becomes `A. Ö.`"""
    return " ".join(f"{word[0].upper()}." for word in name.split())
