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
        (["stamp", "stamp://127.0.0.1:{}"], "refused"),
        (["stamp", "[::1]:{}"], "refused"),
        (["dns", "dns://127.0.0.1:{}", "a.example", "--type=AAAA"], "refused"),
        (["snmp", "127.0.0.1:{}", "--timeout=200ms"], "refused"),
        (["snmp", "snmp://127.0.0.1:{}", "--timeout=200ms"], "refused"),
        (["snmp", "snmp://127.0.0.1", "--port={}", "--timeout=200ms"], "refused"),
    ],
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
        (["tcp", "127.0.0.1:443", "--timeout=0s"], "not above zero"),
        (["tcp", "127.0.0.1:443", "--timeout=1000y"], "at most 1h"),
        (["icmp", "tcp://127.0.0.1:443"], "neither a host's name nor an address"),
        (["stamp", "127.0.0.1:99999"], "a port that does not exist"),
        (["dns", "127.0.0.1", "bad..name"], "NAME: 'bad..name' is neither a host's name nor an address"),
        (["dns", "127.0.0.1:99999", "a.example"], "SERVER: '127.0.0.1:99999' is not a server"),
        (["dns", "127.0.0.1", "a.example", "--type=BLA"], "'BLA' is not one of 'A', 'AAAA'"),
        (["http", "127.0.0.1:18001"], "has no scheme: write http://127.0.0.1:18001/"),
        (["http", "portal.example/page"], "write http://portal.example/page or https://portal.example/page"),
        (["http", "ftp://127.0.0.1/"], "http"),
        (["http", "http://127.0.0.1/", "--expect=("], "--expect: this is not a regular expression"),
        (["http", "http://127.0.0.1/", "--source=a b"], "--source: 'a b' is neither an address nor"),
        (["snmp", "127.0.0.1", "--version=3", "--auth=ROT13"], "auth"),
        (["snmp", "127.0.0.1", "--port=99999"], "99999 is not in the range"),
        (["snmp", "127.0.0.1:0"], "--port cannot be `0`: write a whole number from 1 to 65535"),
        (["snmp", "127.0.0.1:161", "--port=162"], "leave one of them out"),
        (["snmp", "127.0.0.1/24"], "ADDRESS: '127.0.0.1/24' is neither a host's name nor an address"),
        (["snmp", "127.0.0.1", "--version=3"], "--user is missing, which version 3 needs"),
        (["snmp", "127.0.0.1", "--version=3", "--user=a", "--auth=MD5"], "--auth-passphrase is missing"),
        (["snmp", "127.0.0.1", "--version=2c", "--user=a"], "--user means nothing in version 2c"),
    ],
)
def test_wrong_usage_is_one_sentence_and_status_2(arguments: list[str], words: str) -> None:
    """A mistake of the user is told in words, never as a traceback."""
    status, output = run(*arguments)
    assert status == 2
    assert words in output
    assert "Traceback" not in output
    assert "pydantic" not in output


@pytest.mark.parametrize("target", ["icmp://127.0.0.1", "127.0.0.1", "::1"])
def test_a_scheme_may_be_left_out_or_written(target: str) -> None:
    """What stands in an inventory can be pasted, and an address alone will do."""
    _, output = run("icmp", target)
    assert output.startswith(f"icmp {target.removeprefix('icmp://')}: ")


def test_a_secret_of_the_environment_is_no_wrong_usage(closed_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies in the environment for another version is left there; what is typed for another version is refused."""
    monkeypatch.setenv("SNMP_COMMUNITY", "canary-1")
    monkeypatch.setenv("SNMP_AUTH_PASSPHRASE", "canary-2-long")
    arguments = ["snmp", f"127.0.0.1:{closed_port}", "--version=3", "--user=a", "--timeout=200ms"]
    status, output = run(*arguments)
    assert (status, "refused" in output) == (1, True)
    status, output = run(*arguments, "--community=canary-3")
    assert (status, "--community means nothing in version 3" in output) == (2, True)
    assert "canary" not in output


def test_a_short_passphrase_is_refused_unseen() -> None:
    """Its length is told, never its text."""
    status, output = run("snmp", "127.0.0.1", "--version=3", "--user=a", "--auth=MD5", "--auth-passphrase=canary")
    assert (status, "--auth-passphrase is too short: write at least 8" in output) == (2, True)
    assert "canary" not in output


def test_a_password_in_a_url_is_not_repeated() -> None:
    """A URL with a login is refused without being quoted, with a scheme or without."""
    for url in ("http://an:canary@127.0.0.1/", "an:canary@127.0.0.1"):
        status, output = run("http", url)
        assert status == 2
        assert "canary" not in output


def test_the_help_names_where_secrets_may_lie() -> None:
    """Nobody has to write a passphrase where other users of the machine can read it."""
    _, output = run("snmp", "--help")
    for name in ("SNMP_COMMUNITY", "SNMP_AUTH_PASSPHRASE", "SNMP_PRIVACY_PASSPHRASE"):
        assert name in output


def test_a_community_is_never_printed(closed_port: int) -> None:
    """What was given to ask with does not come out again."""
    _, output = run("snmp", "127.0.0.1", f"--port={closed_port}", "--community=canary-8d1c", "--timeout=200ms")
    assert "canary" not in output


def test_several_probes_of_one_session(listener: int) -> None:
    """--count repeats a probe and explains each run."""
    status, output = run("tcp", f"127.0.0.1:{listener}", "--count=2")
    assert status == 0
    assert output.count("answered") == 2
