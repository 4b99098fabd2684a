"""linkward explain: what something is in, since when, and why."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from exporters.past import PastUnavailableError
from model.state import State
from monitor.cli import explain as explaining
from monitor.cli import main
from tests.peers.api import Ward, served
from tests.peers.board import AT
from tests.peers.past import change, span


@pytest.fixture
def daemon() -> Ward:
    """A ward whose office was cut for five minutes."""
    ward = Ward()
    ward.kept.runs = [span(-7_200, 0)]
    ward.kept.log = [
        change(("link", "office-vnpt"), State.UNKNOWN, State.UP, -7_000),
        change(("link", "office-vnpt"), State.UP, State.DOWN, -600, {"because": "a fibre\x1b[2J was cut"}),
        change(("link", "office-vnpt"), State.DOWN, State.UP, -300),
    ]
    ward.kept.states = {("link", "office-vnpt"): (State.UP, AT - timedelta(seconds=300))}
    return ward


@pytest.fixture
async def url(daemon: Ward) -> AsyncIterator[str]:
    """Where the daemon listens."""
    async with served(daemon) as address:
        yield address


async def _run(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, main, ["explain", *arguments])


async def test_a_link_now(url: str) -> None:
    """What, since when and why, and what was judged; status 0."""
    result = await _run("office-vnpt", f"--url={url}")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("link office-vnpt, site office: up at 2026-11-24 14:00:00 Asia/Ho_Chi_Minh, since")
    assert "round-trip time, 95th percentile: breached: 45ms" in result.stdout


async def test_a_link_then(url: str) -> None:
    """A time that has passed, by the ward's clock; what a stranger wrote moves no cursor."""
    result = await _run("office-vnpt", "--at=2026-11-24 13:52", f"--url={url}")
    assert result.exit_code == 0, result.output
    assert "down at 2026-11-24 13:52:00 Asia/Ho_Chi_Minh, since 13:50:00, for 2m" in result.stdout
    assert "a fibre\\x1b[2J was cut" in result.stdout


async def test_in_vietnamese(url: str) -> None:
    """To whoever asks for it; a program that asks for nothing reads English, whatever the ward speaks."""
    result = await _run("office-vnpt", "--language=vi", f"--url={url}")
    assert result.stdout.startswith("đường truyền office-vnpt, điểm office: hoạt động lúc 14:00:00 24/11/2026 (Asia")
    assert "độ trễ: không đạt: 45 ms, yêu cầu ≤ 30 ms; " in result.stdout


async def test_a_person_reads_the_language_of_the_ward(url: str, daemon: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal, where nothing else is asked for."""
    ward = daemon.kept.inventory.ward
    assert ward is not None
    changed = {"ward": ward.model_copy(update={"language": "id"})}
    daemon.kept.inventory = daemon.kept.inventory.model_copy(update=changed)
    monkeypatch.setattr(explaining, "is_read_by_a_person", lambda: True)
    result = await _run("office-vnpt", f"--url={url}")
    assert result.stdout.startswith("sambungan office-vnpt, lokasi office: aktif")


@pytest.mark.parametrize(("name", "noun"), [("office-rt1", "device"), ("resolver", "service")])
async def test_devices_and_services_too(url: str, name: str, noun: str) -> None:
    """Ids are unique, so that nobody has to say what it is."""
    result = await _run(name, f"--url={url}")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"{noun} {name}")


def test_the_usage_asks_for_a_name() -> None:
    """Not for a link, because it takes devices and services as well."""
    usage = CliRunner().invoke(main, ["explain", "--help"]).stdout
    assert "[OPTIONS] NAME\n" in usage
    assert "NAME is the id of a link, a device or a service." in usage


async def test_an_unknown_id_is_one_sentence(url: str) -> None:
    """Status 2, and where the ids are."""
    result = await _run("nowhere", f"--url={url}")
    assert result.exit_code == 2
    assert result.stderr == (
        "'nowhere' is no link, device or service of the inventory: see `linkward status` for the ids\n"
    )


async def test_a_time_that_is_none_is_one_sentence(url: str) -> None:
    """The daemon's own words, with how to mend it."""
    result = await _run("office-vnpt", "--at=noon", f"--url={url}")
    assert result.exit_code == 2
    assert result.stderr.startswith("at='noon' is no time: write a day such as 2026-11-24")


async def test_a_history_that_cannot_be_read_is_one_sentence(url: str, daemon: Ward) -> None:
    """Likewise."""
    daemon.kept.fault = PastUnavailableError("the history is locked", "end the other program")
    result = await _run("office-vnpt", f"--url={url}")
    assert (result.exit_code, result.stderr) == (2, "the history is locked: end the other program\n")


def test_a_daemon_that_is_not_there_is_one_sentence() -> None:
    """Nothing listens: status 2."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        result = CliRunner().invoke(main, ["explain", "x", f"--url=http://127.0.0.1:{closed.getsockname()[1]}"])
    assert result.exit_code == 2
    assert "nothing answers there" in result.stderr
