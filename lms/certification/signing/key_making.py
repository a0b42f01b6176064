"""A signing key that nobody but its owner vouches for: better than none, and replaced by one of a known authority.

Readers show such a signature as intact, and its signer as unknown until its certificate is trusted there.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID, ObjectIdentifier

from core.errors import BadRequest, Conflict, Unavailable

_BITS = 3_072
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
_LONGEST_NAME_BYTES = 64
"""Of organisations in X.509."""
_LEAST_PASSPHRASE = 12


def make_signing_key(path: Path, organisation: str, passphrase: str, now: datetime, *, years: int) -> None:
    """Writes a PKCS#12 file that only its owner can read. Blocks for some seconds.

    Raises BadRequest `weak_passphrase`, Conflict `file_exists`: a key is never written over.
    """
    if len(passphrase) < _LEAST_PASSPHRASE:
        said = f"CALLX_CERTIFICATE_SIGNING_PASSPHRASE needs {_LEAST_PASSPHRASE} characters or more."
        raise BadRequest(said, code="weak_passphrase")
    content = _key_and_certificate(organisation, passphrase, now, years)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Conflict(f"{path} is there already.", code="file_exists") from error
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}.", code="file_unusable") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _key_and_certificate(organisation: str, passphrase: str, now: datetime, years: int) -> bytes:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=_BITS)
    short = organisation.encode()[:_LONGEST_NAME_BYTES].decode(errors="ignore")
    name = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, short), x509.NameAttribute(NameOID.COMMON_NAME, short)]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        organisation.encode(), key, certificate, None, BestAvailableEncryption(passphrase.encode())
    )
