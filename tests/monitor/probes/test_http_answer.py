"""What libcurl's endings mean."""

import dataclasses
import errno
from datetime import UTC, datetime, timedelta

import pycurl
import pytest

from model.measurement import Reason, TlsFacts
from monitor.probes.curl_loop import CurlError
from monitor.probes.http_answer import Answer, failure_of_transfer
from monitor.probes.web_address import WebAddress

NOTHING = Answer(
    phases={},
    status=None,
    version=None,
    content_length=None,
    body=b"",
    body_bytes=0,
    is_cut=False,
    address="",
    content_type="",
    last_modified=None,
    location=None,
    tls=None,
    os_error=0,
    verify_result=0,
)
HOSTILE = TlsFacts(
    version=None,
    cipher=None,
    earliest_expiry=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    chain_expiry=None,
    fingerprint_sha256="",
    subject="CN=x\n\x1b[31mred",
    issuer="CN=evil\r\nX: " + "y" * 10_000,
    alternative_names=("a\x00b\n",) * 1000,
    serial_number="1",
)
HERE = WebAddress.parse("https://web.example/")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ECONNREFUSED, Reason.REFUSED),
        (errno.EHOSTUNREACH, Reason.UNREACHABLE),
        (errno.ENETUNREACH, Reason.UNREACHABLE),
        (errno.ETIMEDOUT, Reason.TIMEOUT),
        (errno.EMFILE, Reason.LOCAL),
        (errno.EACCES, Reason.LOCAL),
        (0, Reason.UNREACHABLE),
    ],
)
def test_a_connection_that_failed_is_told_by_its_errno(number: int, reason: Reason) -> None:
    """Libcurl has one code for all of them; the kernel knows."""
    answer = dataclasses.replace(NOTHING, os_error=number)
    assert failure_of_transfer(CurlError(pycurl.E_COULDNT_CONNECT, ""), answer, HERE, 5, NOW).reason is reason


@pytest.mark.parametrize(
    ("code", "text", "reason"),
    [
        (pycurl.E_SSL_CONNECT_ERROR, "alert", Reason.TLS),
        (pycurl.E_FAILED_INIT, "internal error", Reason.LOCAL),
        (pycurl.E_SSL_CACERT_BADFILE, "", Reason.LOCAL),
        (pycurl.E_GOT_NOTHING, "", Reason.DISCONNECTED),
        (pycurl.E_RECV_ERROR, "Recv failure: Connection reset by peer", Reason.DISCONNECTED),
        (pycurl.E_RECV_ERROR, "Too large response headers: 307212 > 307200", Reason.TOO_LARGE),
        (pycurl.E_UNSUPPORTED_PROTOCOL, "Received HTTP/0.9 when not allowed", Reason.PROTOCOL),
        (92, "stream 1 was reset", Reason.PROTOCOL),
        (pycurl.E_INTERFACE_FAILED, "", Reason.LOCAL),
        (9999, "a code of the future", Reason.PROTOCOL),
    ],
)
def test_each_code_has_a_reason(code: int, text: str, reason: Reason) -> None:
    """Known codes are named; an unknown one is not lost."""
    outcome = failure_of_transfer(CurlError(code, text), NOTHING, HERE, 5, NOW)
    assert outcome.reason is reason
    assert outcome.detail.startswith("web.example: ")


@pytest.mark.parametrize("result", [0, 9, 10, 18, 23])
@pytest.mark.parametrize("text", ["x\n\x1b" + "y" * 10_000, "no alternative certificate subject name matches"])
def test_a_hostile_certificate_fits_on_one_line(result: int, text: str) -> None:
    """Names and messages of strangers are printable and cut."""
    answer = dataclasses.replace(NOTHING, tls=HOSTILE, verify_result=result)
    outcome = failure_of_transfer(CurlError(pycurl.E_PEER_FAILED_VERIFICATION, text), answer, HERE, 5, NOW)
    assert outcome.reason is Reason.CERTIFICATE
    assert outcome.detail.isprintable()
    assert len(outcome.detail) < 500


@pytest.mark.parametrize(("days", "told"), [(-1, True), (0, True), (1, False)])
def test_an_untrusted_certificate_that_has_also_expired_is_both(days: int, *, told: bool) -> None:
    """OpenSSL tells the first fault only; whoever mends that must not meet the second one afterwards."""
    facts = dataclasses.replace(HOSTILE, issuer="CN=self", earliest_expiry=NOW + timedelta(days))
    answer = dataclasses.replace(NOTHING, tls=facts, verify_result=18)
    detail = failure_of_transfer(CurlError(pycurl.E_PEER_FAILED_VERIFICATION, ""), answer, HERE, 5, NOW).detail
    assert "signed by CN=self, which is not trusted here" in detail
    assert ("expired on" in detail) is told
    assert ("renew it" in detail) is told
