"""`generate-certificate`, `set-certificate-background` and `reissue-certificates`."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, Field

from core.app_keys import SITE_URL
from core.functions.registry import FUNCTIONS, FunctionCall
from core.openapi.operations import Exact
from core.rate_limits import Rate
from core.storage.keys import OBJECT_LINKS
from core.storage.object_names import ObjectName
from lms.certification.codes import grouped
from lms.certification.issuing import BUCKET
from lms.certification.keys import BACKGROUNDS, BADGES, ISSUER, REISSUER
from lms.certification.reissuing import How, Which, Wish
from lms.certification.verification import ADDRESS

LINK_LIFETIME_S = 3_600
_OFTEN = Rate("generate-certificate", burst=100, refill_ms=1_000)
_REISSUES = Rate("reissue-certificates", burst=30, refill_ms=2_000)
_SELDOM = Rate("set-certificate-background", burst=30, refill_ms=2_000)


class CertificateWanted(BaseModel):
    """Whose certificate it is follows from who asks."""

    product_id: UUID
    renew: bool = Field(
        False,
        description="Renews a certificate that is about to expire, of a product without quizzes and simulations. Where "
        "there are some, passing them again renews it by itself.",
    )


class CertificateGiven(Exact):
    """A certificate that holds."""

    certificate_url: str = Field(description="The PDF, for an hour and without a header. Ask again for a new address.")
    path: str = Field(description="The same PDF in the bucket `certificates`, for `storage.from(…).download(…)`.")
    certification_id: UUID
    code: str = Field(examples=["7KQ4-9M2C-X0TB-5HZW"])
    verify_url: str = Field(description="A page where anybody may check it.")
    issued_at: datetime
    expires_at: datetime | None
    badge_url: str = Field(description="The same as an Open Badge: a picture with its credential baked in.")
    credential_url: str = Field(description="That credential alone, as a VC-JWT.")


class BackgroundWanted(BaseModel):
    """A page for the certificates of one product."""

    product_id: UUID
    path: str | None = Field(
        description="A PDF that was uploaded before, as `bucket/path`: its first page is copied. Null: our own design."
    )


class BackgroundSet(Exact):
    """What certificates will be printed on from now on."""

    certificate_background: str | None = Field(description="An object in the bucket `certificates`.")
    width_mm: float | None
    height_mm: float | None


class ReissueWanted(BaseModel):
    """What is to be done with which certificates of a product."""

    product_id: UUID
    how: How = Field(
        description="`reprint`: the same certificates, under their codes and with their words, on the page, by the "
        "issuer's name and with the signature of today. `reissue`: new ones with new codes and the names and titles of "
        "today, in the place of those; people are told."
    )
    which: Which = Field("valid", description="The newest of each person; revoked ones never.")
    reason: str = Field(min_length=1, max_length=1_000, description="For the audit log.")


class ReissueProgress(Exact):
    """How far it is. Later it is the row of `certificate_reissues`."""

    reissue_id: UUID
    total: int
    done: int
    skipped: int = Field(description="Revoked, renewed or removed meanwhile.")
    failed: int = Field(description="`certificate_reissue_items` has the problem of each.")
    asked_at: datetime
    finished_at: datetime | None


async def generate_certificate(call: FunctionCall, wanted: CertificateWanted) -> CertificateGiven:
    """Give me my certificate.

    Makes it if everything is completed and it is not there yet: a job does that too, as soon as the last lesson is
    completed. Asking again answers with the same certificate and a new link.
    """
    person = call.person
    assert person.user_id is not None, "SIGNED_IN lets nobody else in"
    async with call.acting(read_only=True):
        pass  # a login that has ended gets nothing
    issued = await call.app[ISSUER].issue(person.user_id, wanted.product_id, renew=wanted.renew)
    await call.app[BADGES].make(issued.certification_id)
    addresses = call.app[BADGES].addresses
    token = call.app[OBJECT_LINKS].for_download(person, ObjectName(BUCKET, issued.path), LINK_LIFETIME_S)
    site, code = call.app[SITE_URL], grouped(issued.code)
    return CertificateGiven(
        certificate_url=f"{site}/storage/v1/object/sign/{BUCKET}/{issued.path}?token={token}",
        path=issued.path,
        certification_id=issued.certification_id,
        code=code,
        verify_url=f"{site}{ADDRESS}{code}",
        issued_at=issued.issued_at,
        expires_at=issued.expires_at,
        badge_url=addresses.picture(code),
        credential_url=addresses.credential(code),
    )


async def set_certificate_background(call: FunctionCall, wanted: BackgroundWanted) -> BackgroundSet:
    """Choose the page that certificates of a product are printed on.

    Certificates that were issued already stay as they are. For admins.
    """
    page = await call.app[BACKGROUNDS].choose(call.person, wanted.product_id, wanted.path)
    if page is None:
        return BackgroundSet(certificate_background=None, width_mm=None, height_mm=None)
    return BackgroundSet(certificate_background=page.name, width_mm=page.width_mm, height_mm=page.height_mm)


async def reissue_certificates(call: FunctionCall, wanted: ReissueWanted) -> ReissueProgress:
    """Print or issue all certificates of a product anew.

    A job does it, one after the other. Asking again while it is not finished goes on with it and says how far it is.
    For admins.
    """
    wish = Wish(wanted.product_id, wanted.how, wanted.which, wanted.reason)
    return ReissueProgress(**asdict(await call.app[REISSUER].ask(call.person, wish)))


def add_functions(app: web.Application) -> None:
    """Enters them all."""
    functions = app[FUNCTIONS]
    functions.add(
        "generate-certificate",
        generate_certificate,
        rate=_OFTEN,
        timeout_s=90,
        errors={
            404: "`product_not_found`: no such product, or not for this person.",
            409: "`not_completed`: `details` says what is missing, a module each; `certificate_revoked`.",
        },
    )
    functions.add(
        "set-certificate-background",
        set_certificate_background,
        rate=_SELDOM,
        errors={
            403: "`not_admin`.",
            404: "`product_not_found`; `background_not_found`: no such file, or not visible.",
            422: "`bad_background`: not a PDF with a landscape page that certificates can be printed on.",
        },
    )
    functions.add(
        "reissue-certificates",
        reissue_certificates,
        rate=_REISSUES,
        errors={
            403: "`not_admin`.",
            404: "`product_not_found`.",
            409: "`reissue_running`: another one of this product is not finished yet.",
        },
    )
