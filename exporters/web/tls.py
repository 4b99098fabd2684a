"""From settings to a TLS context, with words for what OpenSSL does not take."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from model.web import CIPHERS, CURVES, TlsServer

_VERSIONS: Final[Mapping[str, ssl.TLSVersion]] = {
    "TLS12": ssl.TLSVersion.TLSv1_2,
    "TLS13": ssl.TLSVersion.TLSv1_3,
}
_VERIFYING: Final[Mapping[str, ssl.VerifyMode]] = {
    "VerifyClientCertIfGiven": ssl.CERT_OPTIONAL,
    "RequireAndVerifyClientCert": ssl.CERT_REQUIRED,
}


class TlsFault(Exception):  # noqa: N818  # it is a fact about a file, which becomes a Problem
    """What is wrong with the files or words of ``tls_server_config``.

    Attributes:
        key: Which key is to blame.
        what: What is wrong; holds nothing of a key.
        mend: How to mend it.
    """

    def __init__(self, key: str, what: str, mend: str) -> None:
        super().__init__(f"{key}: {what}: {mend}")
        self.key, self.what, self.mend = key, what, mend


def tls_context(tls: TlsServer, folder: Path) -> ssl.SSLContext | None:
    """A context for the server's side.

    Args:
        tls: What is wanted.
        folder: What its paths are relative to.

    Returns:
        The context; ``None`` where TLS is not spoken.

    Raises:
        TlsFault: A file cannot be read or holds something else, or the key is not that of the certificate.
    """
    if not tls.is_on:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _choose_versions(context, tls)
    with _file(tls.cert_file, tls.cert, folder) as cert, _file(tls.key_file, _secret(tls), folder) as key:
        _load_certificate(context, cert, key, "cert_file" if tls.cert_file else "cert")
    _load_client_ca(context, tls, folder)
    return context


def is_allowed(peer: Mapping[str, Any] | None, wanted: tuple[str, ...]) -> bool:
    """Whether a client's certificate bears one of the alternative names that are wanted.

    Args:
        peer: As ``ssl.SSLObject.getpeercert`` tells it.
        wanted: ``client_allowed_sans``; empty: any certificate will do.
    """
    names = {name for _, name in (peer or {}).get("subjectAltName", ())}
    return not wanted or not names.isdisjoint(wanted)


def _choose_versions(context: ssl.SSLContext, tls: TlsServer) -> None:
    suites = [CIPHERS[name] for name in tls.cipher_suites if name in CIPHERS]
    only_newest = bool(tls.cipher_suites) and not suites
    context.minimum_version = _VERSIONS["TLS13" if only_newest else tls.min_version]
    context.maximum_version = _VERSIONS[tls.max_version]
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_SINGLE_ECDH_USE
    if not tls.prefer_server_cipher_suites:
        context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
    try:
        if suites:
            context.set_ciphers(":".join(suites))
        for curve in tls.curve_preferences:
            context.set_ecdh_curve(CURVES[curve])
    except (ssl.SSLError, ValueError) as error:
        key = "cipher_suites" if isinstance(error, ssl.SSLError) else "curve_preferences"
        raise TlsFault(key, "this machine's OpenSSL has none of them", "leave the key out") from None
    context.set_alpn_protocols(["http/1.1"])


def _load_certificate(context: ssl.SSLContext, cert: Path, key: Path, cert_key: str) -> None:
    key_key = cert_key.replace("cert", "key")
    _check_readable(cert, cert_key)
    _check_readable(key, key_key)
    try:
        context.load_cert_chain(cert, key, password=_no_passphrase)
    except _PassphraseError:
        what = "the key is locked with a passphrase"
        raise TlsFault(key_key, what, "unlock it: openssl pkey -in KEY -out UNLOCKED") from None
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            what, mend = "this is not the key of the certificate", "name the pair that belongs together"
            raise TlsFault(key_key, what, mend) from None
        _blame_certificate(cert, cert_key)
        raise TlsFault(key_key, "this is no key in PEM", "name a file with BEGIN PRIVATE KEY in it") from None


def _blame_certificate(cert: Path, cert_key: str) -> None:
    """Tell which of the two cannot be read: OpenSSL calls both "PEM lib"."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cert)
    except ssl.SSLError:
        mend = "name a file with BEGIN CERTIFICATE in it"
        raise TlsFault(cert_key, "this is no certificate in PEM", mend) from None


def _load_client_ca(context: ssl.SSLContext, tls: TlsServer, folder: Path) -> None:
    if tls.client_auth_type not in _VERIFYING:
        return
    key = "client_ca_file" if tls.client_ca_file else "client_ca"
    with _file(tls.client_ca_file, tls.client_ca, folder) as path:
        _check_readable(path, key)
        try:
            context.load_verify_locations(path)
        except ssl.SSLError:
            mend = "name a file with BEGIN CERTIFICATE in it"
            raise TlsFault(key, "this is no certificate in PEM", mend) from None
    context.verify_mode = _VERIFYING[tls.client_auth_type]


def _check_readable(path: Path, key: str) -> None:
    try:
        with path.open("rb"):
            return
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no such path"
        mend = "name a file that exists and that this user may read"
        raise TlsFault(key, f"{path} cannot be read ({reason})", mend) from None


@contextmanager
def _file(name: str, content: str, folder: Path) -> Iterator[Path]:
    """A file in which OpenSSL finds it; one that only this user may read, and only for so long, where it is none."""
    if name:
        yield folder / name
        return
    with NamedTemporaryFile("w", encoding="utf-8") as file:  # created with mode 0600
        file.write(content)
        file.flush()
        yield Path(file.name)


def _secret(tls: TlsServer) -> str:
    return tls.key.get_secret_value() if tls.key else ""


class _PassphraseError(Exception):
    """A key wants a passphrase."""


def _no_passphrase() -> str:
    # Without this OpenSSL would ask at the terminal, and wait.
    raise _PassphraseError
