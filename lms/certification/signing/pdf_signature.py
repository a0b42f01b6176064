"""Signs PDFs with the organisation's key, as PAdES baseline B. The one user of pyHanko."""

import io
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

from core.clock import Clock
from core.errors import Unavailable
from lms.certification.certificate import Certificate

_FIELD = "Signature"
_SIGNATURE_BYTES = 4_096
"""More than a signature takes, with what it says about itself and without certificates."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A PKCS#12 file: private key, its certificate, and those that lead to a root."""

    path: Path
    passphrase: str | None = None


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a signing key says about itself."""

    owner: str
    good_from: datetime
    good_until: datetime


class PdfSignature:
    """Signs with one key, which is read when it is first needed. Everything blocks: use it in a thread."""

    def __init__(self, file: KeyFile, clock: Clock) -> None:
        self._file = file
        self._clock = clock
        self._loading = threading.Lock()
        self._signer: SimpleSigner | None = None

    def facts(self) -> KeyFacts:
        """Whose key it is, and when. Raises Unavailable `signing_key_unusable` for a file that cannot be used."""
        return _facts(self._loaded())

    def signed(self, pdf: bytes, certificate: Certificate) -> bytes:
        """The same PDF, certified: readers that check signatures say so for every later change.

        The signature cannot be seen on the page. Raises Unavailable `signing_key_unusable`, for a key that has expired
        too: what is signed with one is worth less than what is not signed.
        """
        signer = self._loaded()
        facts, now = _facts(signer), self._clock.now()
        if not facts.good_from <= now < facts.good_until:
            raise _unusable(f"It is good from {facts.good_from:%Y-%m-%d} to {facts.good_until:%Y-%m-%d}.")
        said = PdfSignatureMetadata(
            field_name=_FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            reason=f"Certificate {certificate.code}",
            contact_info=certificate.verify_url,
        )
        try:
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            out: io.BytesIO = PdfSigner(said, signer=signer).sign_pdf(writer, bytes_reserved=_room(signer))
        except (SigningError, PdfError, ValueError) as error:
            raise _unusable(f"It did not sign: {error}") from error
        return out.getvalue()

    def _loaded(self) -> SimpleSigner:
        with self._loading:
            if self._signer is None:
                self._signer = _load(self._file)
            return self._signer


def _load(file: KeyFile) -> SimpleSigner:
    passphrase = file.passphrase.encode() if file.passphrase else None
    try:
        content = file.path.read_bytes()
        signer: SimpleSigner = SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=passphrase)
    except OSError as error:
        raise _unusable(f"{file.path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, AttributeError) as error:  # the latter two: a file without key or certificate
        reason = f"{file.path} is no PKCS#12 file with key and certificate, or CALLX_CERTIFICATE_SIGNING_PASSPHRASE"
        raise _unusable(f"{reason} is not its passphrase.") from error
    return signer


def _room(signer: SimpleSigner) -> int:
    """Hexadecimal digits that the signature may take. To try it out first would double the time that it takes."""
    certificates = {certificate.dump() for certificate in (signer.signing_cert, *signer.cert_registry)}
    return 2 * (_SIGNATURE_BYTES + sum(map(len, certificates)))


def _facts(signer: SimpleSigner) -> KeyFacts:
    certificate = signer.signing_cert
    assert certificate is not None, "load_pkcs12_data always has one"
    return KeyFacts(
        str(certificate.subject.human_friendly),
        certificate.not_valid_before.astimezone(UTC),
        certificate.not_valid_after.astimezone(UTC),
    )


def _unusable(reason: str) -> Unavailable:
    return Unavailable(
        f"The key that certificates are signed with cannot be used. {reason}", code="signing_key_unusable"
    )
