"""HTTPS probes against certificates that are good, and each kind that is not."""

import ssl
from pathlib import Path

import pytest

from model.measurement import Reason
from tests.peers.http_certificates import DAY, NOW, Certified, self_signed
from tests.peers.http_outcome import Fetch, failure, leading, partial, reading, saying
from tests.peers.http_server import Visit, silent_server, web_server

ROOT = Certified.root()


@pytest.fixture
def ca(tmp_path: Path) -> str:
    """A file with the one root that is trusted."""
    file = tmp_path / "ca.pem"
    file.write_bytes(ROOT.pem)
    return str(file)


async def test_a_good_certificate_is_read(fetch: Fetch, ca: str, tmp_path: Path) -> None:
    """Phases with TLS, version, cipher suite, and all that the leaf and its chain say."""
    leaf = ROOT.authority("Middle").leaf("127.0.0.1", "web.example")
    async with web_server(saying(), tls=leaf.context(tmp_path)) as web:
        got = reading(await fetch(web.url, ca_file=ca))
    assert set(got.phases) == {"connect", "tls", "processing", "transfer"}
    assert got.phases["tls"] > 0
    assert got.tls is not None
    assert got.tls.version == "TLS 1.3"
    assert got.tls.cipher is not None
    assert got.tls.cipher.startswith("TLS_")
    assert got.tls.earliest_expiry == got.tls.chain_expiry == NOW + 90 * DAY
    assert (got.tls.subject, got.tls.issuer) == ("CN=leaf", "CN=Middle")
    assert got.tls.alternative_names == ("127.0.0.1", "web.example")
    assert got.tls.serial_number == f"{leaf.certificate.serial_number:x}"
    assert len(got.tls.fingerprint_sha256) == 64


async def test_the_first_certificate_to_expire_counts(fetch: Fetch, ca: str, tmp_path: Path) -> None:
    """An intermediate that ends before its leaf sets the date of the chain."""
    leaf = ROOT.authority("Short", NOW + 5 * DAY).leaf("127.0.0.1")
    async with web_server(saying(), tls=leaf.context(tmp_path)) as web:
        got = reading(await fetch(web.url, ca_file=ca))
    assert got.tls is not None
    assert got.tls.earliest_expiry == got.tls.chain_expiry == NOW + 5 * DAY


async def test_a_certificate_that_is_not_needed_does_not_shorten_the_chain(
    fetch: Fetch, ca: str, tmp_path: Path
) -> None:
    """An old certificate sent along is the earliest expiry, but not that of the verified chain."""
    stray = Certified.root("Old", NOW + 2 * DAY).certificate
    leaf = ROOT.leaf("127.0.0.1")
    async with web_server(saying(), tls=leaf.context(tmp_path, extra=(stray,))) as web:
        got = reading(await fetch(web.url, ca_file=ca))
    assert got.tls is not None
    assert got.tls.earliest_expiry == NOW + 2 * DAY
    assert got.tls.chain_expiry == NOW + 90 * DAY


@pytest.mark.parametrize(
    ("leaf", "words"),
    [
        (ROOT.leaf("127.0.0.1", until=NOW - DAY), "expired on"),
        (ROOT.authority("Old", NOW - DAY).leaf("127.0.0.1"), "expired on"),
        (ROOT.leaf("other.example", "10.0.0.1"), "is for other.example, 10.0.0.1, not for this host"),
        (self_signed("127.0.0.1"), "signed by CN=self, which is not trusted here"),
        (self_signed("127.0.0.1", until=NOW - DAY), "not trusted here, and a certificate of its chain expired on"),
        (Certified.root("Stranger").leaf("127.0.0.1"), "signed by CN=Stranger, which is not trusted here"),
    ],
    ids=["expired", "expired intermediate", "wrong host", "self-signed", "self-signed and expired", "untrusted"],
)
async def test_a_bad_certificate_ends_the_probe_before_the_request(
    fetch: Fetch, ca: str, tmp_path: Path, leaf: Certified, words: str
) -> None:
    """One plain sentence, the facts of the chain and the phases so far; the server never sees a request."""
    async with web_server(saying(), tls=leaf.context(tmp_path)) as web:
        outcome = failure(await fetch(web.url.replace("://", "://an:canary@"), ca_file=ca), Reason.CERTIFICATE)
        assert web.heads == []
    assert words in outcome.detail
    got = partial(outcome)
    assert got.tls is not None
    assert got.tls.serial_number == f"{leaf.certificate.serial_number:x}"
    assert got.tls.chain_expiry is None
    assert "connect" in got.phases
    assert (got.status, got.version) == (None, None)


@pytest.mark.parametrize("leaf", [ROOT.leaf("127.0.0.1", until=NOW - DAY), self_signed("elsewhere.example")])
async def test_without_verification_any_certificate_will_do(fetch: Fetch, tmp_path: Path, leaf: Certified) -> None:
    """Its dates are told all the same, as those of no verified chain."""
    async with web_server(saying(), tls=leaf.context(tmp_path)) as web:
        got = reading(await fetch(web.url, verify=False))
    assert got.tls is not None
    assert got.tls.earliest_expiry == leaf.certificate.not_valid_after_utc
    assert got.tls.chain_expiry is None


async def test_another_server_name_can_be_asked_for(fetch: Fetch, ca: str, tmp_path: Path) -> None:
    """SNI and the check go by the name that is given; the Host header stays that of the URL."""
    asked = []
    context = ROOT.leaf("inner.example").context(tmp_path)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    async with web_server(saying(), tls=context) as web:
        reading(await fetch(web.url, ca_file=ca, server_name="inner.example"))
        failure(await fetch(web.url, ca_file=ca), Reason.CERTIFICATE)
        assert asked[0] == "inner.example"
        assert f"Host: 127.0.0.1:{web.port}\r\n".encode() in web.heads[0]


async def test_two_files_of_roots_do_not_mix(fetch: Fetch, ca: str, tmp_path: Path) -> None:
    """What one service trusts, another does not; and a file that is replaced counts at the next probe."""
    other = Certified.root("Other")
    file = tmp_path / "other.pem"
    file.write_bytes(other.pem)
    async with web_server(saying(), tls=other.leaf("127.0.0.1").context(tmp_path)) as web:
        reading(await fetch(web.url, ca_file=str(file)))
        failure(await fetch(web.url, ca_file=ca), Reason.CERTIFICATE)
        reading(await fetch(web.url, ca_file=str(file)))
        failure(await fetch(web.url), Reason.CERTIFICATE)
        file.unlink()
        file.write_bytes(ROOT.pem)
        failure(await fetch(web.url, ca_file=str(file)), Reason.CERTIFICATE)


async def test_a_file_of_roots_that_cannot_be_used_is_this_machines_fault(fetch: Fetch, tmp_path: Path) -> None:
    """A missing file and one without a certificate are named."""
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    async with web_server(saying(), tls=ROOT.leaf("127.0.0.1").context(tmp_path)) as web:
        for file in (tmp_path / "missing.pem", broken):
            assert "tls.ca_file" in failure(await fetch(web.url, ca_file=str(file)), Reason.LOCAL).detail


async def test_a_handshake_that_fails_is_told_from_a_bad_certificate(fetch: Fetch, tmp_path: Path) -> None:
    """No common cipher suite, and another protocol on the port, are faults of the handshake."""
    context = ROOT.leaf("127.0.0.1").context(tmp_path)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA")  # needs an RSA key, and there is none
    async with web_server(saying(), tls=context) as web:
        failure(await fetch(web.url), Reason.TLS)
    async with silent_server(greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        failure(await fetch(f"https://127.0.0.1:{port}/"), Reason.TLS)


async def test_a_server_name_is_not_taken_along_by_a_redirect(fetch: Fetch, ca: str, tmp_path: Path) -> None:
    """The other host must have a certificate of its own."""
    there = ROOT.leaf("inner.example").context(tmp_path)
    here = ROOT.leaf("inner.example").context(tmp_path)
    async with web_server(saying(), "127.0.0.2", tls=there) as inner, web_server(leading(inner.url), tls=here) as web:
        failure(await fetch(web.url, ca_file=ca, server_name="inner.example"), Reason.CERTIFICATE)
        assert inner.heads == []


async def test_each_hop_of_a_redirect_is_verified(fetch: Fetch, ca: str, tmp_path: Path) -> None:
    """A redirect to a host with a bad certificate fails there, and nothing is asked of it."""
    bad = self_signed("127.0.0.1").context(tmp_path)
    async with web_server(saying(), tls=bad) as inner, web_server(leading(inner.url)) as web:
        outcome = failure(await fetch(web.url, ca_file=ca), Reason.CERTIFICATE)
        assert inner.heads == []
    assert partial(outcome).redirects == 1


async def test_a_redirect_within_the_server_keeps_its_name(fetch: Fetch, ca: str, tmp_path: Path) -> None:
    """A relative redirect of a server that is asked by another name leads to the same server, under that name."""

    async def conduct(visit: Visit) -> None:
        if visit.path == "/":
            await visit.respond(b"", "302 Found", "Location: /inside")
        else:
            await visit.respond(b"inside")

    async with web_server(conduct, tls=ROOT.leaf("inner.example").context(tmp_path)) as web:
        got = reading(await fetch(web.url, ca_file=ca, server_name="inner.example"))
        assert got.redirects == 1
        assert web.heads[1].startswith(b"GET /inside ")
        assert f"Host: 127.0.0.1:{web.port}\r\n".encode() in web.heads[1]


async def test_a_port_without_tls_is_told_as_such(fetch: Fetch) -> None:
    """Asked by https:// what speaks plain HTTP, the probe says so and how to write it."""
    async with silent_server(greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        outcome = failure(await fetch(f"https://127.0.0.1:{port}/"), Reason.TLS)
    assert f"speaks no TLS: write http://127.0.0.1:{port}/, or another port" in outcome.detail
