"""A certificate authority for one test, and the certificates that go wrong."""

import datetime as dt
import ipaddress
import ssl
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DAY = dt.timedelta(days=1)
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Certified:
    """A certificate with its key, and the certificates to send along."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    @classmethod
    def root(cls, name: str = "Test root", until: dt.datetime = NOW + 3650 * DAY) -> Self:
        """A self-signed authority."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(name)
        return cls(_sign(subject, key, subject, key, until, authority=True), key)

    def authority(self, name: str, until: dt.datetime = NOW + 1000 * DAY) -> "Certified":
        """An intermediate authority that is sent along with its leaves."""
        key = ec.generate_private_key(ec.SECP256R1())
        signed = _sign(_name(name), key, self.certificate.subject, self.key, until, authority=True)
        return Certified(signed, key, (signed, *self.chain))

    def leaf(self, *names: str, until: dt.datetime = NOW + 90 * DAY) -> "Certified":
        """A server's certificate for these names and addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        signed = _sign(_name("leaf"), key, self.certificate.subject, self.key, until, names=names)
        return Certified(signed, key, self.chain)

    @cached_property
    def pem(self) -> bytes:
        """The certificate alone."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def context(self, folder: Path, extra: tuple[x509.Certificate, ...] = ()) -> ssl.SSLContext:
        """What a server needs to show this certificate, its chain and anything extra."""
        file = folder / f"{self.certificate.serial_number:x}.pem"
        secret = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        sent = (self.certificate, *self.chain, *extra)
        file.write_bytes(secret + b"".join(each.public_bytes(serialization.Encoding.PEM) for each in sent))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def self_signed(*names: str, until: dt.datetime = NOW + 90 * DAY) -> Certified:
    """A server's certificate that nobody else has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name("self")
    return Certified(_sign(subject, key, subject, key, until, names=names), key)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _sign(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    until: dt.datetime,
    *,
    names: tuple[str, ...] = (),
    authority: bool = False,
) -> x509.Certificate:
    builder = (
        x509
        .CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(NOW, until) - DAY)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())
