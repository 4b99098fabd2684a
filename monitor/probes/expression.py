"""Regular expressions on what strangers send, in bounded time.

Python's engine backtracks, holds the interpreter's lock while it does, and cannot be told to stop: on a hostile body an
innocent-looking ``(a+)+b`` runs for years. So an expression that repeats anything runs in a child process, which is
killed when its time is up; one that repeats nothing is linear and runs here.
"""

import asyncio
import re
import socket
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Final, Self

from monitor.probes import expression_worker

_REPEATS: Final = frozenset("*+?{")


def normal(text: str) -> str:
    """Text in Unicode's composed form (NFC): a page that writes ``ị`` as two code points reads as people see it."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


class Expressions:
    """Searches texts for expressions; one child process, started when it is first needed."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._worker: _Worker | None = None

    async def found(self, pattern: str, text: str, patience: float) -> bool | None:
        """Whether the text holds the pattern; ``None`` when that could not be told within ``patience`` seconds.

        Raises:
            re.error: The pattern is none.
        """
        if not _REPEATS.intersection(pattern):
            return re.search(normal(pattern), normal(text)) is not None
        re.compile(pattern)
        try:
            async with asyncio.timeout(patience), self._turn:
                return await self._ask(normal(pattern), normal(text))
        except TimeoutError:
            return None

    def close(self) -> None:
        """End the child process."""
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    async def _ask(self, pattern: str, text: str) -> bool | None:
        worker = self._worker = self._worker or _Worker.start()
        try:
            return await worker.search(pattern, text)
        except OSError:
            self.close()
            return None
        except asyncio.CancelledError:
            # Out of time: it would go on for ever, and its late answer would be taken for the next one.
            self.close()
            raise


class _Worker:
    """A child process that searches, and the socket to it."""

    def __init__(self, process: subprocess.Popen[bytes], channel: socket.socket) -> None:
        self._process = process
        self._channel = channel

    @classmethod
    def start(cls) -> Self:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        program = Path(expression_worker.__file__)
        with theirs:
            process = subprocess.Popen([sys.executable, "-I", "-S", program], stdin=theirs.fileno())  # noqa: S603  # our own file
        return cls(process, ours)

    async def search(self, pattern: str, text: str) -> bool:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self._channel, expression_worker.question(pattern, text))
        answer = await loop.sock_recv(self._channel, 1)
        if not answer:
            raise ConnectionError("the process that searches has ended")
        return answer == expression_worker.FOUND

    def kill(self) -> None:
        self._channel.close()
        self._process.kill()
        self._process.wait()
