"""What one transfer gave, and what its end means. Pure: libcurl's numbers in, readings and failures out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import pycurl

from model.measurement import Failure, Reason, TlsFacts
from model.text import counted, one_line
from model.units import format_duration
from monitor.probes.curl_loop import CurlError
from monitor.probes.sockets import failure_of
from monitor.probes.web_address import WebAddress

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)

_HTTP2_STREAM: Final = 92  # CURLcodes that pycurl has no name for
_TOO_LARGE: Final = 100

_NO_TLS: Final = "wrong version number"  # OpenSSL, of bytes that are no record of TLS

_EXPIRED: Final = 10  # X509_V_ERR_… of OpenSSL
_NOT_YET_VALID: Final = 9
_REVOKED: Final = 23

_MEANINGS: Final[Mapping[int, tuple[Reason, str]]] = {
    pycurl.E_COULDNT_RESOLVE_HOST: (Reason.UNRESOLVED, "the name has no address"),
    pycurl.E_SSL_CONNECT_ERROR: (Reason.TLS, "the TLS handshake failed"),
    pycurl.E_SSL_CIPHER: (Reason.TLS, "no common cipher suite"),
    pycurl.E_SSL_CACERT_BADFILE: (Reason.LOCAL, "the file of trusted roots cannot be read: check tls.ca_file"),
    pycurl.E_GOT_NOTHING: (Reason.DISCONNECTED, "the peer closed the connection without an answer"),
    pycurl.E_RECV_ERROR: (Reason.DISCONNECTED, "the connection broke in mid-answer"),
    pycurl.E_SEND_ERROR: (Reason.DISCONNECTED, "the connection broke before the request was sent"),
    pycurl.E_PARTIAL_FILE: (Reason.DISCONNECTED, "the peer closed the connection before the body was complete"),
    pycurl.E_UNSUPPORTED_PROTOCOL: (Reason.PROTOCOL, "what came back is not HTTP"),
    pycurl.E_FTP_WEIRD_SERVER_REPLY: (Reason.PROTOCOL, "what came back is not valid HTTP"),
    pycurl.E_BAD_CONTENT_ENCODING: (Reason.PROTOCOL, "the body is not what its Content-Encoding says"),
    pycurl.E_HTTP2: (Reason.PROTOCOL, "HTTP/2 framing is broken"),
    _HTTP2_STREAM: (Reason.PROTOCOL, "the HTTP/2 stream was broken off"),
    _TOO_LARGE: (Reason.TOO_LARGE, "the response headers do not end"),
    pycurl.E_FAILED_INIT: (Reason.LOCAL, "libcurl itself failed"),
    pycurl.E_OUT_OF_MEMORY: (Reason.LOCAL, "this machine is out of memory"),
    pycurl.E_INTERFACE_FAILED: (Reason.LOCAL, "cannot send from this source: check that it is on this machine"),
    pycurl.E_ABORTED_BY_CALLBACK: (Reason.LOCAL, "the probe was stopped"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one transfer gave, from one host.

    Attributes:
        phases: Seconds in each phase that was completed.
        status: ``None`` when no response began.
        version: Of HTTP, such as 1.1; ``None`` likewise.
        content_length: As announced; ``None`` when the peer did not say.
        body: What was kept of the body; empty where nobody will look at it.
        body_bytes: Bytes of decompressed body that were read.
        is_cut: Whether the body goes on beyond the limit.
        address: The peer's; empty when no connection was made.
        content_type: The header of that name; empty when absent.
        last_modified: ``None`` when absent.
        location: Where a redirect leads, made absolute; ``None`` when it is none.
        tls: ``None`` without TLS.
        os_error: ``errno`` of the connection attempt, or 0.
        verify_result: OpenSSL's code for the chain of certificates.
    """

    phases: Mapping[str, float]
    status: int | None
    version: float | None
    content_length: int | None
    body: bytes
    body_bytes: int
    is_cut: bool
    address: str
    content_type: str
    last_modified: datetime | None
    location: bytes | None
    tls: TlsFacts | None
    os_error: int
    verify_result: int

    def text(self) -> str:
        """The kept body by its charset, UTF-8 where it names none; what is no text is replaced."""
        named = _CHARSET.search(self.content_type)
        try:
            return self.body.decode(named[1] if named else "utf-8", "replace")
        except (LookupError, ValueError):
            return self.body.decode("utf-8", "replace")


def failure_of_transfer(
    error: CurlError, answer: Answer, address: WebAddress, timeout: float, now: datetime
) -> Failure:
    """What libcurl's error means.

    Args:
        error: libcurl's own.
        answer: What was measured until then.
        address: Where the request went.
        timeout: The whole probe's, for the sentence.
        now: Aware, tells whether a certificate has expired.
    """
    where = f"{address.authority} ({answer.address})" if answer.address else address.authority
    if error.code == pycurl.E_OPERATION_TIMEDOUT:
        return Failure(Reason.TIMEOUT, f"{where}: {_hung(address, answer)} within {format_duration(timeout)}")
    if error.code == pycurl.E_COULDNT_CONNECT:
        return _no_connection(where, error, answer)
    if error.code == pycurl.E_PEER_FAILED_VERIFICATION:
        return Failure(Reason.CERTIFICATE, f"{where}: {_certificate_fault(error, answer, now)}")
    if error.code == pycurl.E_SSL_CONNECT_ERROR and _NO_TLS in error.text:
        mend = f"write http://{address.authority}/, or another port"
        return Failure(Reason.TLS, f"{where}: what listens there speaks no TLS: {mend}")
    if _headers_ran_on(error):
        return Failure(Reason.TOO_LARGE, f"{where}: the response headers do not end")
    reason, words = _MEANINGS.get(error.code, (Reason.PROTOCOL, f"libcurl error {error.code}"))
    return Failure(reason, f"{where}: {words} ({one_line(error.text)})" if error.text else f"{where}: {words}")


def _hung(address: WebAddress, answer: Answer) -> str:
    if "connect" not in answer.phases:
        return "the TCP connection did not open"
    if address.is_tls and "tls" not in answer.phases:
        return "the TLS handshake did not end"
    if answer.status is None:
        return "the response did not begin"
    return f"the response did not end (HTTP {answer.status}, {counted(answer.body_bytes, 'byte')} of body so far)"


def _no_connection(where: str, error: CurlError, answer: Answer) -> Failure:
    if answer.os_error:
        return failure_of(OSError(answer.os_error, ""), where)
    return Failure(Reason.UNREACHABLE, f"{where}: no connection ({one_line(error.text)})")


def _headers_ran_on(error: CurlError) -> bool:
    # libcurl stops at 300 kB of headers in all, or 100 kB in a line, under codes that mean other things too.
    return error.code in {pycurl.E_RECV_ERROR, pycurl.E_OUT_OF_MEMORY} and "header" in error.text.lower()


def _certificate_fault(error: CurlError, answer: Answer, now: datetime) -> str:
    facts = answer.tls
    if facts is None:
        return f"the certificate was refused ({one_line(error.text)})"
    if answer.verify_result == _EXPIRED:
        return f"a certificate of its chain expired on {_day(facts.earliest_expiry)}: have it renewed"
    if answer.verify_result == _NOT_YET_VALID:
        return "the certificate is not valid yet: check this machine's clock, and the certificate's dates"
    if answer.verify_result == _REVOKED:
        return "the certificate was revoked"
    if "subject name" in error.text:
        names = ", ".join(facts.alternative_names) or facts.subject
        return f"the certificate is for {one_line(names)}, not for this host"
    return _untrusted(facts, now)


def _untrusted(facts: TlsFacts, now: datetime) -> str:
    signed = f"the certificate is signed by {one_line(facts.issuer)}, which is not trusted here"
    mend = "name its root in tls.ca_file, or have it signed by a known authority"
    # OpenSSL stops at the first fault that it meets, and never comes to the dates.
    if facts.earliest_expiry <= now:
        return (
            f"{signed}, and a certificate of its chain expired on {_day(facts.earliest_expiry)}: renew it, and {mend}"
        )
    return f"{signed}: {mend}"


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
