"""linkward probe: one probe explained, with an exit status that a script can use."""

import socket
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from monitor.cli import main


@pytest.fixture
def listener() -> Iterator[int]:
    """The port of a TCP listener on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    """A TCP and UDP port where nothing listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(*arguments: str) -> tuple[int, str]:
    """Exit status and everything printed."""
    result = CliRunner().invoke(main, ["probe", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_an_answer_is_explained(listener: int) -> None:
    """A handshake is told with its times, and the status is 0."""
    status, output = run("tcp", f"127.0.0.1:{listener}")
    assert status == 0
    assert f"tcp 127.0.0.1:{listener}: answered" in output
    assert "round trip by the kernel" in output


def test_a_reset_is_an_answer(closed_port: int) -> None:
    """A reset proves the path: it is explained, and the status is 0."""
    status, output = run("tcp", f"127.0.0.1:{closed_port}")
    assert status == 0
    assert "reset, so the host is reachable" in output


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["stamp", "127.0.0.1:{}"], "refused"),
        (["dns", "127.0.0.1:{}", "a.example"], "refused"),
        (["http", "http://127.0.0.1:{}/"], "refused"),
        (["snmp", "127.0.0.1", "--port={}", "--timeout=200ms"], "refused"),
    ],
    ids=["stamp", "dns", "http", "snmp"],
)
def test_a_failure_has_a_reason_and_status_1(arguments: list[str], reason: str, closed_port: int) -> None:
    """Nothing listens there: the reason is named and a script can see it."""
    status, output = run(*(argument.format(closed_port) for argument in arguments))
    assert status == 1
    assert reason in output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["tcp", "127.0.0.1"], "needs a port"),
        (["tcp", "127.0.0.1:443", "--timeout=5"], "has no unit"),
        (["http", "ftp://127.0.0.1/"], "http"),
        (["http", "http://127.0.0.1/", "--expect=("], "expression"),
        (["snmp", "127.0.0.1", "--version=3", "--auth=ROT13"], "auth"),
    ],
)
def test_wrong_usage_is_one_sentence_and_status_2(arguments: list[str], words: str) -> None:
    """A mistake of the user is told in words, never as a traceback."""
    status, output = run(*arguments)
    assert status == 2
    assert words in output
    assert "Traceback" not in output


def test_a_community_is_never_printed(closed_port: int) -> None:
    """What was given to ask with does not come out again."""
    _, output = run("snmp", "127.0.0.1", f"--port={closed_port}", "--community=canary-8d1c", "--timeout=200ms")
    assert "canary" not in output


def test_several_probes_of_one_session(listener: int) -> None:
    """--count repeats a probe and explains each run."""
    status, output = run("tcp", f"127.0.0.1:{listener}", "--count=2")
    assert status == 0
    assert output.count("answered") == 2
