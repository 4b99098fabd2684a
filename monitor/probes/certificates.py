"""What a chain of certificates says: when it ends, whose it is, who signed it.

libcurl has verified the chain, or has refused it; nothing here decides on trust.
"""

import ssl
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from model.measurement import TlsFacts

_LONGEST_CHAIN: Final = 10
_MANY: Final = 4096
_BEGIN: Final = b"-----BEGIN CERTIFICATE-----"
_END: Final = b"-----END CERTIFICATE-----"

Stamp = tuple[str, int, int]


def system_roots() -> str | None:
    """The file of roots that this system trusts (``SSL_CERT_FILE`` counts); ``None`` where there is none."""
    return ssl.get_default_verify_paths().cafile


def stamp(ca_file: str) -> Stamp:
    """What changes when the file does: path, inode, time of change in ns.

    Raises:
        OSError: It cannot be read.
    """
    status = Path(ca_file).stat()
    return ca_file, status.st_ino, status.st_mtime_ns


@dataclass(frozen=True, slots=True)
class Handshake:
    """What one TLS handshake showed.

    Attributes:
        chain: PEM of the certificates as they were sent, the leaf first.
        version: Such as ``TLS 1.3``; ``None`` where it is not known.
        cipher: The cipher suite's name; ``None`` where it is not known.
        verified_by: The stamp of the file of roots that it was verified against; ``None`` where it was not verified.
    """

    chain: tuple[bytes, ...]
    version: str | None
    cipher: str | None
    verified_by: Stamp | None


class CertificateReader:
    """Reads chains; a chain that it has read before, with the same roots, costs nothing."""

    def __init__(self) -> None:
        self._facts: dict[tuple[tuple[bytes, ...], Stamp | None], TlsFacts | None] = {}
        self._roots: dict[Stamp, Sequence[x509.Certificate]] = {}

    def facts(self, handshake: Handshake) -> TlsFacts | None:
        """The facts of a handshake; ``None`` when the chain is empty or its certificates cannot be parsed."""
        key = handshake.chain, handshake.verified_by
        if key not in self._facts:
            if len(self._facts) >= _MANY:
                self._facts.clear()
            self._facts[key] = self._read(*key)
        facts = self._facts[key]
        return facts and replace(facts, version=handshake.version, cipher=handshake.cipher)

    def _read(self, chain: tuple[bytes, ...], verified: Stamp | None) -> TlsFacts | None:
        certificates = list(_parsed(chain))
        if not certificates or len(certificates) < len(chain):
            return None
        roots = self._roots_of(verified) if verified else ()
        return facts_of(certificates, chain_expiry(certificates, roots) if verified else None)

    def _roots_of(self, verified: Stamp) -> Sequence[x509.Certificate]:
        if verified not in self._roots:
            self._roots = {known: roots for known, roots in self._roots.items() if known[0] != verified[0]}
            self._roots[verified] = list(_parsed(_blocks(_bundle(verified[0]))))
        return self._roots[verified]


def facts_of(chain: Sequence[x509.Certificate], verified_until: datetime | None) -> TlsFacts:
    """The facts of a chain as it was sent, the leaf first and at least that; version and cipher left out."""
    leaf = chain[0]
    return TlsFacts(
        version=None,
        cipher=None,
        earliest_expiry=min(certificate.not_valid_after_utc for certificate in chain),
        chain_expiry=verified_until,
        fingerprint_sha256=leaf.fingerprint(hashes.SHA256()).hex(),
        subject=leaf.subject.rfc4514_string(),
        issuer=leaf.issuer.rfc4514_string(),
        alternative_names=_alternative_names(leaf),
        serial_number=f"{leaf.serial_number:x}",
    )


def chain_expiry(chain: Sequence[x509.Certificate], roots: Iterable[x509.Certificate]) -> datetime | None:
    """When the best path from the leaf to a trusted root ends: the latest, over the paths, of their first expiry.

    A certificate that was sent but is not needed, such as an old cross-signature, does not count.
    ``None`` when no path is found.
    """
    trusted = _by_subject(roots)
    sent = _by_subject(chain[1:])
    ends = [min(step.not_valid_after_utc for step in path) for path in _paths((chain[0],), sent, trusted)]
    return max(ends, default=None)


_BySubject = dict[x509.Name, list[x509.Certificate]]


def _by_subject(certificates: Iterable[x509.Certificate]) -> _BySubject:
    found: _BySubject = defaultdict(list)
    for certificate in certificates:
        found[certificate.subject].append(certificate)
    return found


def _paths(
    path: tuple[x509.Certificate, ...], sent: _BySubject, trusted: _BySubject
) -> Iterator[tuple[x509.Certificate, ...]]:
    last = path[-1]
    if last in trusted.get(last.subject, ()):
        yield path
        return
    for root in trusted.get(last.issuer, ()):
        if _signed(last, root):
            yield (*path, root)
    if len(path) < _LONGEST_CHAIN:
        for issuer in sent.get(last.issuer, ()):
            if issuer not in path and _signed(last, issuer):
                yield from _paths((*path, issuer), sent, trusted)


def _signed(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _alternative_names(leaf: x509.Certificate) -> tuple[str, ...]:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return ()
    return tuple(str(name.value) for name in names if isinstance(name, x509.DNSName | x509.IPAddress))


def _parsed(chain: Iterable[bytes]) -> Iterator[x509.Certificate]:
    """The certificates that can be read; what is malformed is left out, as OpenSSL may be more lenient."""
    for pem in chain:
        try:
            with warnings.catch_warnings():
                # Old roots have serial numbers and names that cryptography warns of; nobody here can mend them.
                warnings.simplefilter("ignore")
                certificate = x509.load_pem_x509_certificate(pem)
                _ = certificate.subject, certificate.issuer, certificate.not_valid_after_utc, certificate.serial_number
        except (ValueError, UnsupportedAlgorithm):
            continue
        yield certificate


def _bundle(ca_file: str) -> bytes:
    try:
        return Path(ca_file).read_bytes()
    except OSError:  # gone since libcurl read it: then the end of the chain is not known
        return b""


def _blocks(bundle: bytes) -> Iterator[bytes]:
    for part in bundle.split(_BEGIN)[1:]:
        yield _BEGIN + part.partition(_END)[0] + _END + b"\n"
