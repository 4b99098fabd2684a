"""A certificate authority of the demo's own, made anew at each start, and the certificates of its web services."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_BACKDATED: Final = timedelta(days=30)
_AUTHORITY_LIFE: Final = timedelta(days=730)


class Authority:
    """A root that signs.

    Args:
        now: Aware time of its making.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("Linkward demo authority")
        # Path length 0, and key usages: OpenSSL's strict mode refuses a root without them.
        self.certificate = (
            self
            ._begun(self._name, self._key.public_key(), _AUTHORITY_LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_may_sign_certificates(), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def write_root(self, file: Path) -> None:
        """Write the root as PEM: what a client is to trust."""
        file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def write_leaf(self, file: Path, names: Iterable[str], days: int) -> None:
        """Write a key and its certificate as PEM into one file that only its owner reads.

        Args:
            file: Where to.
            names: DNS names and addresses; the first is the subject.
            days: For which it is good from now on.
        """
        names = tuple(names)
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = (
            self
            ._begun(_named(names[0]), key.public_key(), timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        file.touch(mode=0o600)
        file.write_bytes(_private_bytes(key) + leaf.public_bytes(serialization.Encoding.PEM))

    def _begun(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, life: timedelta) -> x509.CertificateBuilder:
        issuer_key = self._key.public_key()
        return (
            x509
            .CertificateBuilder(subject_name=subject, issuer_name=self._name, public_key=key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - _BACKDATED)
            .not_valid_after(self._now + life)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
        )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _may_sign_certificates() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def _private_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
