"""An authority of our own that vouches for signing keys."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

PASSPHRASE = "correct horse battery staple"


@dataclass(frozen=True)
class Authority:
    """A root certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def founded(cls) -> "Authority":
        """A new one."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Test Root")
        usage = _usage(key_cert_sign=True, crl_sign=True)
        builder = _builder(name, name, key.public_key(), days=(-900, 3_650), is_ca=True, usage=usage)
        return cls(builder.sign(key, hashes.SHA256()), key)

    def write_key(self, path: Path, owner: str, *, days: tuple[int, int] = (-1, 365)) -> Path:
        """A PKCS#12 file whose certificate is good between these days, counted from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        usage = _usage(digital_signature=True, content_commitment=True)
        builder = _builder(
            _name(owner), self.certificate.subject, key.public_key(), days=days, is_ca=False, usage=usage
        )
        certificate = builder.sign(self.key, hashes.SHA256())
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(
                b"signing", key, certificate, [self.certificate], BestAvailableEncryption(PASSPHRASE.encode())
            )
        )
        return path


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(**wanted: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names})


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    *,
    days: tuple[int, int],
    is_ca: bool,
    usage: x509.KeyUsage,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )
