"""linkward status: 0 nothing is down, 1 something is, 2 the daemon does not answer."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from click.testing import CliRunner, Result

from model.state import State
from monitor.cli import main
from monitor.cli.client import DEFAULT_URL, PASSWORD
from tests.peers.api import Ward, served
from tests.peers.board import AT


@pytest.fixture
def daemon() -> Ward:
    """A ward in which the office works and nothing is known of the point."""
    ward = Ward()
    ward.kept.states = {
        ("site", "office"): (State.UP, AT),
        ("link", "office-vnpt"): (State.UP, AT),
        ("device", "office-rt1"): (State.DEGRADED, AT),
    }
    return ward


@pytest.fixture
async def url(daemon: Ward) -> AsyncIterator[str]:
    """Where the daemon listens."""
    async with served(daemon) as address:
        yield address


async def _run(*arguments: str, columns: int = 200) -> Result:
    """In a thread, since the daemon lives on this loop."""
    return await asyncio.to_thread(CliRunner().invoke, main, ["status", *arguments], env={"COLUMNS": str(columns)})


async def test_a_table_of_all_that_is_watched(url: str) -> None:
    """Every site with what stands on it, its state by sign and word, and since when by the ward's clock."""
    result = await _run(f"--url={url}")
    assert result.exit_code == 0, result.output
    rows = [line.strip("│ ").split("│") for line in result.stdout.splitlines() if "│" in line]
    cells = [[cell.strip() for cell in row] for row in rows]
    assert ["site office", "✓ up", "14:00:00", "Trụ sở UBND phường"] in cells
    assert ["link office-vnpt", "✓ up", "14:00:00", "VNPT"] in cells
    assert ["device office-rt1", "! degraded", "14:00:00", "10.20.0.1"] in cells
    assert "Phường Xuân Đỉnh, 2026-11-24 14:00:00 Asia/Ho_Chi_Minh: 1 unknown, 1 up" in result.stdout


async def test_a_narrow_terminal_cuts_nothing_off(url: str) -> None:
    """An id that is longer than its column goes on in the next line, so that it can be copied."""
    result = await _run(f"--url={url}", columns=40)
    assert "…" not in result.stdout
    first = "".join(line.strip("│ ").split("│")[0].strip() for line in result.stdout.splitlines() if "│" in line)
    assert "public-services" in first.replace(" ", "")


async def test_the_worst_comes_first(url: str, daemon: Ward) -> None:
    """A site that is down stands above all others."""
    daemon.kept.states["site", "point-1"] = (State.DOWN, AT)
    result = await _run(f"--url={url}")
    assert result.stdout.index("point-1") < result.stdout.index("office")


@pytest.mark.parametrize("subject", [("site", "point-1"), ("link", "office-vnpt"), ("service", "resolver")])
async def test_something_that_is_down_is_a_problem(url: str, daemon: Ward, subject: tuple[str, str]) -> None:
    """Whatever is down, the exit status is 1; the table is printed all the same."""
    daemon.kept.states[subject] = (State.DOWN, AT)  # type: ignore[index]  # the parameters are nouns
    result = await _run(f"--url={url}")
    assert result.exit_code == 1
    assert "✕ down" in result.stdout


async def test_what_began_on_another_day_bears_its_date(url: str, daemon: Ward) -> None:
    """A time without a day would be taken for today's."""
    daemon.kept.seconds = 86_400.0
    result = await _run(f"--url={url}")
    assert "2026-11-24 14:00" in result.stdout


def test_a_daemon_that_is_not_there_is_one_sentence() -> None:
    """Nothing listens: status 2, and how to mend it."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        result = CliRunner().invoke(main, ["status", f"--url=http://127.0.0.1:{port}"])
    assert result.exit_code == 2
    assert result.stderr == (
        f"http://127.0.0.1:{port}: nothing answers there: start `linkward run`, or say where the daemon is with --url\n"
    )


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "--url: not the address of a daemon"),
        ("ftp://127.0.0.1", "--url: not the address of a daemon"),
        ("http://127.0.0.1:99999", "--url: not the address of a daemon"),
        ("http://[::1", "--url: not the address of a daemon"),
        ("http://no-such-host.invalid", "nothing answers there"),
        ("http://an:planted@127.0.0.1", "--url: everybody on this machine could read the password"),
    ],
)
def test_an_address_that_cannot_be_is_one_sentence(url: str, words: str) -> None:
    """Status 2, one line, no traceback."""
    result = CliRunner().invoke(main, ["status", f"--url={url}"])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert words in result.stderr
    assert "planted" not in result.output


@asynccontextmanager
async def _answering(said: bytes) -> AsyncIterator[str]:
    """A server that says the same to each who asks."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://an@127.0.0.1:{server.sockets[0].getsockname()[1]}"


def _http(status_line: str, content_type: str, body: str) -> bytes:
    head = f"HTTP/1.1 {status_line}\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n"
    return f"{head}{body}".encode()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (_http("200 OK", "text/html", "<p>hello"), "what answers there is not this version of Linkward"),
        (_http("200 OK", "application/json", "{"), "what the daemon says cannot be read"),
        (_http("200 OK", "application/json", '{"ward": 3}'), "what the daemon says cannot be read"),
        (_http("401 Unauthorized", "text/plain", "no"), "the name or the password is wrong"),
        (_http("500 Internal Server Error", "text/plain", "no"), "(HTTP status 500)"),
        (_http("503 Service Unavailable", "application/problem+json", "no json"), "(HTTP status 503)"),
        (
            _http(
                "503 Service Unavailable", "application/problem+json", '{"detail": "busy\\u001b[2J", "mend": "wait"}'
            ),
            "busy [2J: wait",
        ),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "nothing answers there"),
        (b"", "nothing answers there"),
    ],
)
async def test_whatever_else_answers_is_one_sentence(
    answer: bytes, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No other server makes a traceback, and no password is repeated."""
    monkeypatch.setenv(PASSWORD, "planted-password")
    async with _answering(answer) as url:
        result = await _run(f"--url={url}")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert words in result.stderr
    assert "planted" not in result.output


def test_the_help_has_an_example() -> None:
    """It names the daemon's usual address."""
    result = CliRunner().invoke(main, ["status", "--help"])
    assert "Example:" in result.stdout
    assert DEFAULT_URL in result.stdout
