"""Web services whose phases and answers go by the truth."""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from monitor.demo.certificates import Authority
from monitor.demo.ground import Endpoint
from monitor.demo.services import ServicePlan
from monitor.demo.truth import ServiceTruth
from monitor.demo.web import WebService, answer

PAGE = ServicePlan("dich-vu", "Dịch vụ", "http", "dichvu.example", Endpoint("127.0.0.1", 1), "Một cửa", "/trang", "/")
SLOW = 0.6


@pytest.mark.parametrize(
    ("request_line", "state", "status", "phrase"),
    [
        ("GET /trang HTTP/1.1", ServiceTruth(), 200, "Một cửa"),
        ("GET / HTTP/1.1", ServiceTruth(), 302, "Location: /trang"),
        ("GET /khac HTTP/1.1", ServiceTruth(), 404, "Không tìm thấy"),
        ("PUT /trang HTTP/1.1", ServiceTruth(), 405, ""),
        ("nonsense", ServiceTruth(), 405, ""),
        ("GET /trang HTTP/1.1", ServiceTruth(status=503, whole=False), 503, "bảo trì"),
        ("GET /trang HTTP/1.1", ServiceTruth(status=200, whole=False), 200, "bảo trì"),
    ],
)
def test_the_answer_goes_by_path_and_state(request_line: str, state: ServiceTruth, status: int, phrase: str) -> None:
    """Each request has its status and its words, and announces its length rightly."""
    head, body = answer(PAGE, state, f"{request_line}\r\nHost: x\r\n\r\n".encode())
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert phrase in (head + body).decode()
    assert f"Content-Length: {len(body)}\r\n".encode() in head
    assert state.whole or PAGE.phrase not in body.decode()


def test_head_has_no_body() -> None:
    """HEAD announces the length and sends nothing (RFC 9110 §9.3.2)."""
    head, body = answer(PAGE, ServiceTruth(), b"HEAD /trang HTTP/1.1\r\n\r\n")
    assert b"Content-Length: " in head
    assert body == b""


Serve = Callable[..., Awaitable[Endpoint]]


def _free_endpoint() -> Endpoint:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return Endpoint("127.0.0.1", free.getsockname()[1])


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a service at a free port."""
    services: list[WebService] = []

    async def starting(state: ServiceTruth, tls: ssl.SSLContext | None = None) -> Endpoint:
        endpoint = _free_endpoint()
        service = WebService(replace(PAGE, endpoint=endpoint), lambda: state, tls)
        await service.start()
        services.append(service)
        return endpoint

    yield starting
    for service in services:
        await service.close()


@pytest.fixture(scope="module")
def authority() -> Authority:
    """A root of the tests' own."""
    return Authority(datetime.now(UTC))


def _server_context(authority: Authority, folder: Path, days: int = 9) -> ssl.SSLContext:
    authority.write_leaf(folder / "leaf.pem", ["dichvu.example", "127.0.0.1"], days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "leaf.pem")
    return context


def _client_context(authority: Authority, folder: Path) -> ssl.SSLContext:
    authority.write_root(folder / "ca.pem")
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


async def _timed_get(endpoint: Endpoint, tls: ssl.SSLContext | None = None) -> tuple[list[float], bytes]:
    """When the connection was open (TLS included), the first byte was there, and all; and what came."""
    begin = time.monotonic()
    reader, writer = await asyncio.open_connection(endpoint.address, endpoint.port, ssl=tls)
    times = [time.monotonic() - begin]
    writer.write(b"GET /trang HTTP/1.1\r\nHost: dichvu.example\r\n\r\n")
    content = await reader.readexactly(1)
    times.append(time.monotonic() - begin)
    content += await reader.read()
    times.append(time.monotonic() - begin)
    writer.close()
    await writer.wait_closed()
    return times, content


@pytest.mark.parametrize(
    ("phase", "late_from"), [("accept", 1), ("first_byte", 1), ("body", 2)], ids=["accept", "first_byte", "body"]
)
async def test_a_slow_phase_is_slow_and_no_other(serve: Serve, phase: str, late_from: int) -> None:
    """Over plain HTTP a phase takes its time, what comes before it does not, and the page is whole."""
    endpoint = await serve(ServiceTruth(slow={phase: SLOW}))
    times, content = await _timed_get(endpoint)
    assert [moment >= SLOW for moment in times] == [n >= late_from for n in range(3)]
    assert "Một cửa" in content.decode()


async def test_a_slow_handshake_is_slow(serve: Serve, authority: Authority, tmp_path: Path) -> None:
    """Over HTTPS the handshake itself takes its time; the client trusts the authority and reads the page."""
    endpoint = await serve(ServiceTruth(slow={"tls": SLOW}), _server_context(authority, tmp_path))
    times, content = await _timed_get(endpoint, _client_context(authority, tmp_path))
    assert times[0] >= SLOW
    assert "Một cửa" in content.decode()


async def test_garbage_and_hasty_peers_leave_the_service_alive(
    serve: Serve, authority: Authority, tmp_path: Path
) -> None:
    """A peer that speaks no TLS, and one that leaves at once, disturb nobody: the next one is served."""
    endpoint = await serve(ServiceTruth(), _server_context(authority, tmp_path))
    for words in (b"\x00" * 5_000, b""):
        _, writer = await asyncio.open_connection(endpoint.address, endpoint.port)
        writer.write(words)
        writer.close()
    _, content = await _timed_get(endpoint, _client_context(authority, tmp_path))
    assert content.startswith(b"HTTP/1.1 200 ")


async def test_closing_drops_what_is_under_way() -> None:
    """A service in the midst of an answer that takes a minute ends at once: its peer is let go and its port is free."""
    endpoint = _free_endpoint()
    asked = asyncio.Event()

    def slow() -> ServiceTruth:
        asked.set()
        return ServiceTruth(slow={"first_byte": 60.0})

    service = WebService(replace(PAGE, endpoint=endpoint), slow)
    await service.start()
    reader, writer = await asyncio.open_connection(endpoint.address, endpoint.port)
    writer.write(b"GET /trang HTTP/1.1\r\n\r\n")
    async with asyncio.timeout(5):
        await asked.wait()
        await service.close()
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
    writer.close()
    with socket.create_server((endpoint.address, endpoint.port)):
        assert not service._tasks


def test_a_certificate_has_its_names_and_days(authority: Authority, tmp_path: Path) -> None:
    """A leaf for nine days is signed by the root, names host and address, and is readable by its owner only."""
    file = tmp_path / "leaf.pem"
    authority.write_leaf(file, ["dichvu.example", "127.0.0.1"], 9)
    leaf = x509.load_pem_x509_certificate(file.read_bytes())
    left = leaf.not_valid_after_utc - datetime.now(UTC)
    assert timedelta(days=8, hours=23) < left <= timedelta(days=9)
    leaf.verify_directly_issued_by(authority.certificate)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["dichvu.example"]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    assert file.stat().st_mode & 0o077 == 0
