"""A PostgreSQL server of the tests' own: a fresh cluster on a free port of loopback, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from tests.peers.processes import free_port

PASSWORD = "planted-password"
_FOLDERS = "/usr/lib/postgresql"


def find_postgresql() -> Path | None:
    """The folder of the server's programs; ``None`` where it is not installed."""
    newest_first = sorted(Path(_FOLDERS).glob("*/bin/postgres"), reverse=True)
    on_path = shutil.which("postgres")
    found = newest_first[0] if newest_first else Path(on_path) if on_path else None
    return None if found is None else found.resolve().parent


class Postgresql:
    """A server that asks for a password. It refuses to run as root, so under root it runs as another user."""

    def __init__(self, programs: Path, *, careful: bool = False) -> None:
        """``careful`` waits for the disk as a real server does; without it a test is ten times as fast."""
        self._programs = programs
        self._careful = careful
        self._user = _unprivileged()
        self._folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir="/tmp"))  # its user must reach it
        self._server: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self.port = free_port()

    def __enter__(self) -> Self:
        secret = self._folder / "password"
        secret.write_text(PASSWORD)
        if self._user:
            for path in (self._folder, secret):
                shutil.chown(path, self._user)
        command = ["initdb", "-D", self._data, "-U", "linkward", "-E", "UTF8", "--locale=C.UTF-8"]
        self._run([*command, "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"])
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop(signal.SIGQUIT)  # what it holds is thrown away, and needs no last checkpoint
        shutil.rmtree(self._folder)

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self._folder}"]
        settings += ["shared_buffers=32MB", f"fsync={'on' if self._careful else 'off'}"]
        flags = [part for setting in settings for part in ("-c", setting)]
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, *flags],
                stdout=log,
                stderr=log,
                user=self._user,
                group=self._user and pwd.getpwnam(self._user).pw_gid,
                extra_groups=[] if self._user else None,
                cwd=self._folder,
            )
        self._wait()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: SIGINT ends its clients, SIGQUIT ends it as a crash would."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(30)
            self._server = None

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"history{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def url(self, database: str, password: str = PASSWORD) -> str:
        """The URL of a database on this server."""
        return f"postgresql://linkward:{password}@127.0.0.1:{self.port}/{database}"

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def _run(self, command: list[str]) -> None:
        subprocess.run(
            [self._programs / command[0], *command[1:]],
            check=True,
            capture_output=True,
            user=self._user,
            group=self._user and pwd.getpwnam(self._user).pw_gid,
            extra_groups=[] if self._user else None,
            cwd=self._folder,
        )


def _unprivileged() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
