"""The web configuration follows its files: taken over whole when they are right, kept and told once when not."""

import logging
import os
from pathlib import Path

import pytest

from monitor.config.web import load_web
from monitor.web import WebConfig
from tests.peers.http_certificates import Certified
from tests.peers.web import hashed, write_pair

TLS = "tls_server_config: {cert_file: server.crt, key_file: server.key}\n"


class Counted:
    """Counts readings."""

    def __init__(self) -> None:
        self.outcomes: list[bool] = []

    def web_config_read(self, *, successful: bool) -> None:
        """One was made."""
        self.outcomes.append(successful)


class Files:
    """A web configuration file with a certificate, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = Certified.root()
        self.path = folder / "web.yml"
        self._age = 0
        self.renew()
        self.say(TLS)
        self.counted = Counted()
        self.config = WebConfig(self.path, load_web(self.path), self.counted)

    def say(self, text: str) -> None:
        """Write the file; each time with a later time, however coarse the clock of the disk is."""
        self.path.write_text(text)
        self._age += 1
        os.utime(self.path, (self._age, self._age))

    def renew(self) -> None:
        """Write another certificate of the same length."""
        write_pair(self.folder, "server", self.root.leaf("127.0.0.1"))

    async def look(self, times: int = 2) -> None:
        """Let the daemon look."""
        for _ in range(times):
            await self.config.look()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """In force."""
    return Files(tmp_path)


async def test_a_change_is_taken_over(files: Files) -> None:
    """Users that are added are asked for; nothing is read again while nothing changes."""
    before = files.config.gate.context
    files.say(f"{TLS}basic_auth_users: {{anna: {hashed('x')}}}\n")
    await files.look()
    assert list(files.config.gate.settings.basic_auth_users) == ["anna"]
    assert files.config.gate.context is not before
    await files.look(5)
    assert files.counted.outcomes == [True, True]


async def test_a_certificate_is_renewed(files: Files) -> None:
    """The file that names it need not change."""
    before = files.config.gate.context
    files.renew()
    await files.look()
    assert files.config.gate.context is not before


async def test_what_is_being_written_is_waited_for(files: Files, caplog: pytest.LogCaptureFixture) -> None:
    """Of a certificate and its key one is written first; nothing is read, and nothing refused, until both are."""
    leaf = files.root.leaf("127.0.0.1")
    (files.folder / "server.crt").write_bytes(leaf.pem)
    await files.look(1)
    write_pair(files.folder, "server", leaf)
    await files.look(2)
    assert files.counted.outcomes == [True, True]
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


async def test_a_broken_change_is_told_once(files: Files, caplog: pytest.LogCaptureFixture) -> None:
    """The old one stays in force, the log has one line however often is looked, and what is mended is taken over."""
    before = files.config.gate.context
    files.say("tls_server_config: {cert_file: other.crt, key_file: other.key}\n")
    await files.look(10)
    assert files.config.gate.context is before
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert len(told) == 1
    assert f"{files.path}:1: `cert_file`: {files.folder}/other.crt cannot be read" in told[0]
    assert files.counted.outcomes[-1] is False
    write_pair(files.folder, "other", files.root.leaf("127.0.0.1"))
    await files.look()
    assert files.config.gate.context is not before
    assert files.counted.outcomes[-1] is True


@pytest.mark.parametrize("text", ["", "rate_limit: {interval: 1s}\n"])
async def test_tls_does_not_end_while_the_daemon_runs(files: Files, text: str) -> None:
    """It is refused in words; nothing else of the file is taken over either."""
    files.say(text)
    assert await files.config.read() == [
        f"{files.path}: TLS cannot begin or end while the daemon runs: start it anew",
    ]
    assert files.config.gate.context is not None
    assert files.config.gate.settings.rate_limit.interval == 0


async def test_without_a_file_there_is_nothing_to_read() -> None:
    """Everybody is let in by plain HTTP."""
    config = WebConfig(None, None, Counted())
    await config.look()
    assert await config.read() == []
    assert config.gate.scheme == "http"


def test_http2_is_wished_for_in_vain(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever writes it is told; whoever leaves it to the default is not."""
    path = tmp_path / "web.yml"
    for text in ("http_server_config: {headers: {}}", "http_server_config: {http2: false}"):
        path.write_text(text)
        WebConfig(path, load_web(path), Counted())
    assert caplog.records == []
    path.write_text("http_server_config: {http2: true}")
    WebConfig(path, load_web(path), Counted())
    assert [record.getMessage() for record in caplog.records] == [
        f"{path}: `http2: true` changes nothing, HTTP/1.1 is spoken"
    ]
