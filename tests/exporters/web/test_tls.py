"""TLS on real sockets: what is shown, who is let in, and a certificate that is renewed while clients are connected."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization

from exporters.connections import Door
from exporters.web.gate import Gate, RestartNeededError
from exporters.web.tls import TlsFault, is_allowed, tls_context
from model.web import TlsServer
from tests.peers.http_certificates import Certified
from tests.peers.web import gate, guarded, write_pair

PAIR = {"cert_file": "server.crt", "key_file": "server.key"}


@pytest.fixture
def root(tmp_path: Path) -> Certified:
    """An authority, with a server's pair and a client's written beside it."""
    authority = Certified.root()
    (tmp_path / "ca.crt").write_bytes(authority.pem)
    write_pair(tmp_path, "server", authority.leaf("127.0.0.1"))
    write_pair(tmp_path, "client", authority.leaf("prometheus.ward"))
    return authority


def trusting(folder: Path, client: str = "") -> ssl.SSLContext:
    """A client that trusts the authority, and shows a certificate."""
    context = ssl.create_default_context(cafile=str(folder / "ca.crt"))
    if client:
        context.load_cert_chain(folder / f"{client}.crt", folder / f"{client}.key")
    return context


async def status(port: int, context: ssl.SSLContext) -> int:
    """What the server answers."""
    async with httpx.AsyncClient(verify=context, trust_env=False) as web:
        return (await web.get(f"https://127.0.0.1:{port}/-/healthy")).status_code


async def shown(port: int, context: ssl.SSLContext) -> int:
    """The serial number of the certificate that a new client is shown."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    peer = writer.get_extra_info("ssl_object").getpeercert()
    writer.close()
    await reader.read()
    return int(peer["serialNumber"], 16)


@pytest.mark.usefixtures("root")
async def test_it_answers_by_tls_and_only_so(tmp_path: Path) -> None:
    """A client that trusts the authority is answered, one that trusts nobody leaves, and plain HTTP gets no answer."""
    async with guarded(gate(tmp_path, {"tls_server_config": PAIR})) as server:
        assert server.url.startswith("https://")
        assert await status(server.port, trusting(tmp_path)) == 200
        with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
            await status(server.port, ssl.create_default_context())
        async with httpx.AsyncClient(trust_env=False) as web:
            with pytest.raises(httpx.RemoteProtocolError):
                await web.get(f"http://127.0.0.1:{server.port}/")


async def test_a_renewed_certificate_ends_no_connection(tmp_path: Path, root: Certified) -> None:
    """New clients are shown the new certificate, and who was connected before goes on."""
    way, trusts = gate(tmp_path, {"tls_server_config": PAIR}), trusting(tmp_path)
    async with guarded(way) as server, httpx.AsyncClient(verify=trusts, trust_env=False) as web:
        old = await shown(server.port, trusts)
        assert (await web.get(server.url)).status_code == 200
        renewed = root.leaf("127.0.0.1")
        write_pair(tmp_path, "server", renewed)
        way.change(way.settings, tls_context(way.settings.tls_server_config, tmp_path))
        stream = (await web.get(server.url)).extensions["network_stream"]
        assert int(stream.get_extra_info("ssl_object").getpeercert()["serialNumber"], 16) == old
        assert await shown(server.port, trusts) == renewed.certificate.serial_number != old


@pytest.mark.usefixtures("root")
async def test_only_clients_with_a_certificate(tmp_path: Path) -> None:
    """Whoever must show a certificate and has none, or one of another authority, is not let in."""
    wanted = {**PAIR, "client_auth_type": "RequireAndVerifyClientCert", "client_ca_file": "ca.crt"}
    write_pair(tmp_path, "stranger", Certified.root().leaf("prometheus.ward"))
    async with guarded(gate(tmp_path, {"tls_server_config": wanted})) as server:
        assert await status(server.port, trusting(tmp_path, "client")) == 200
        for other in ("", "stranger"):
            with pytest.raises(httpx.TransportError):
                await status(server.port, trusting(tmp_path, other))


async def test_only_certificates_of_certain_names(tmp_path: Path, root: Certified) -> None:
    """A certificate of the right authority does not do where it bears none of the names."""
    wanted: dict[str, Any] = {
        **PAIR,
        "client_auth_type": "RequireAndVerifyClientCert",
        "client_ca_file": "ca.crt",
        "client_allowed_sans": ["prometheus.ward"],
    }
    write_pair(tmp_path, "other", root.leaf("grafana.ward"))
    async with guarded(gate(tmp_path, {"tls_server_config": wanted})) as server:
        assert await status(server.port, trusting(tmp_path, "client")) == 200
        with pytest.raises(httpx.TransportError):
            await status(server.port, trusting(tmp_path, "other"))


@pytest.mark.usefixtures("root")
async def test_a_certificate_may_be_left_out(tmp_path: Path) -> None:
    """Where one is verified only if it is given, who has none is let in, and who has a wrong one is not."""
    wanted = {**PAIR, "client_auth_type": "VerifyClientCertIfGiven", "client_ca_file": "ca.crt"}
    write_pair(tmp_path, "stranger", Certified.root().leaf("prometheus.ward"))
    async with guarded(gate(tmp_path, {"tls_server_config": wanted})) as server:
        assert await status(server.port, trusting(tmp_path)) == 200
        with pytest.raises(httpx.TransportError):
            await status(server.port, trusting(tmp_path, "stranger"))


@pytest.mark.parametrize(
    ("wanted", "version", "cipher"),
    [
        ({"min_version": "TLS13"}, ssl.TLSVersion.TLSv1_2, None),
        ({"max_version": "TLS12"}, ssl.TLSVersion.TLSv1_3, "TLSv1.2"),
        (
            {"cipher_suites": ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"]},
            ssl.TLSVersion.TLSv1_2,
            "ECDHE-ECDSA-AES256-GCM-SHA384",
        ),
        ({"cipher_suites": ["TLS_AES_128_GCM_SHA256"]}, ssl.TLSVersion.TLSv1_2, None),
        ({"curve_preferences": ["CurveP384"]}, ssl.TLSVersion.TLSv1_3, "TLSv1.3"),
    ],
)
@pytest.mark.usefixtures("root")
async def test_versions_and_suites(
    tmp_path: Path, wanted: dict[str, Any], version: ssl.TLSVersion, cipher: str | None
) -> None:
    """What the file leaves out is not spoken; a client that can nothing else is refused."""
    context = trusting(tmp_path)
    if version is ssl.TLSVersion.TLSv1_2:
        context.maximum_version = version
    async with guarded(gate(tmp_path, {"tls_server_config": {**PAIR, **wanted}})) as server:
        opening = asyncio.open_connection("127.0.0.1", server.port, ssl=context)
        if cipher is None:
            with pytest.raises(OSError):  # noqa: PT011  # in the words of OpenSSL, or the other side has hung up by then
                await opening
            return
        reader, writer = await opening
        used = writer.get_extra_info("ssl_object")
        assert cipher in {used.version(), used.cipher()[0]}
        writer.close()
        await reader.read()


@pytest.mark.parametrize("silent", [b"", b"\x16\x03\x01\x02\x00"])
@pytest.mark.usefixtures("root")
async def test_who_never_ends_the_handshake_makes_room(tmp_path: Path, silent: bytes) -> None:
    """Clients that begin a handshake, or not even that, count; the door hangs up on them, and others are answered."""
    door = Door(most=5, patience=0.5)
    async with guarded(gate(tmp_path, {"tls_server_config": PAIR}), door=door) as server:
        slow = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(8)]
        for _, writer in slow:
            writer.write(silent)
        assert await status(server.port, trusting(tmp_path)) == 200
        async with asyncio.timeout(5):
            for reader, writer in slow:
                assert await _rest(reader) == b""
                writer.close()


async def _rest(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""


@pytest.mark.usefixtures("root")
def test_inline_pems_leave_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Certificate and key may stand in the file itself; nothing of them stays on the disk."""
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    tls = TlsServer.model_validate({
        "cert": (tmp_path / "server.crt").read_text(),
        "key": (tmp_path / "server.key").read_text(),
        "client_ca": (tmp_path / "ca.crt").read_text(),
        "client_auth_type": "RequireAndVerifyClientCert",
    })
    context = tls_context(tls, tmp_path)
    assert context is not None
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert list(aside.iterdir()) == []
    assert "PRIVATE KEY" not in repr(tls)


@pytest.mark.parametrize(
    ("files", "key", "words"),
    [
        ({"cert_file": "none.crt"}, "cert_file", "cannot be read (No such file"),
        ({"cert_file": "server.key"}, "cert_file", "no certificate"),
        ({"key_file": "server.crt"}, "key_file", "no key"),
        ({"key_file": "client.key"}, "key_file", "not the key of the certificate"),
        ({"key_file": "locked.key"}, "key_file", "passphrase"),
        ({"client_ca_file": "server.key"}, "client_ca_file", "no certificate"),
    ],
)
def test_files_that_are_something_else(
    tmp_path: Path, root: Certified, files: dict[str, str], key: str, words: str
) -> None:
    """Which key of the file is to blame, and for what; OpenSSL itself would say "PEM lib" to most."""
    locked = serialization.BestAvailableEncryption(b"secret")
    pem = serialization.Encoding.PEM
    (tmp_path / "locked.key").write_bytes(root.key.private_bytes(pem, serialization.PrivateFormat.PKCS8, locked))
    asks = {"client_auth_type": "RequireAndVerifyClientCert"} if "client_ca_file" in files else {}
    with pytest.raises(TlsFault) as caught:
        tls_context(TlsServer.model_validate({**PAIR, **asks, **files}), tmp_path)
    assert caught.value.key == key
    assert words in caught.value.what


@pytest.mark.usefixtures("root")
def test_tls_neither_begins_nor_ends_while_it_listens(tmp_path: Path) -> None:
    """Who is connected by one protocol could not be told of the other; nothing is changed."""
    way = gate(tmp_path, {"tls_server_config": PAIR})
    before = way.context
    with pytest.raises(RestartNeededError):
        way.change(way.settings, None)
    assert way.context is before
    with pytest.raises(RestartNeededError):
        Gate().change(way.settings, before)


def test_names_of_every_kind_are_compared() -> None:
    """DNS, address and URI count alike; no certificate bears no name."""
    peer = {"subjectAltName": (("DNS", "a"), ("IP Address", "127.0.0.1"), ("URI", "spiffe://ward/p"))}
    assert is_allowed(peer, ("spiffe://ward/p",))
    assert is_allowed(peer, ("b", "127.0.0.1"))
    assert not is_allowed(peer, ("b",))
    assert not is_allowed(None, ("b",))
    assert is_allowed(None, ())
