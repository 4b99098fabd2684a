"""A daemon that is killed at any moment and started again, while its lines are cut and mended and a webhook listens."""

import asyncio
import asyncio.subprocess
import itertools
import json
import os
import random
import re
import signal
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote

from monitor.reflector import Reflector
from tests.peers.daemon import ROOT, Process, daemon
from tests.peers.hook import Call, Hook, hook

SITES = {"a": ("a1", "a2"), "b": ("b1",), "c": ("c1",), "d": ("d1",)}
"""The lines of each site; none has anything to do with a line of another."""
LINES = tuple(line for lines in SITES.values() for line in lines)
_UP, _CUT = (1.0, 4.0), (4.0, 14.0)  # seconds
_LIFE = 6.0  # seconds at most, from when it says that it listens
_CHILDHOOD = 1.0
_START = 20.0
_SHORTLY = 0.03
_BEGINS, _NEVER = re.compile(r"http://[\d.:]+/"), re.compile(r"(?!)")


class Moment(StrEnum):
    """When a daemon is killed."""

    STARTING = "while it starts"
    ANY = "at any time"
    CUT = "just after it noticed a cut"
    RETURN = "just after it noticed a return"
    TELLING = "before its message is answered"
    TOLD = "just after its message was answered"


_SIGNS = {Moment.CUT: re.compile(r"link \w+ is down"), Moment.RETURN: re.compile(r"link \w+ is up")}


@dataclass
class Line:
    """A line for a reflector to stand behind, and what happened to it.

    Attributes:
        cuts: From when to when nothing passed, seconds of the Unix epoch; the last may last.
    """

    cuts: list[tuple[float, float]] = field(default_factory=list)
    _cut_at: float | None = None

    def forward(self) -> float | None:
        """At once, or not at all."""
        return 0.0 if self._cut_at is None else None

    def backward(self) -> float | None:
        """The same."""
        return self.forward()

    async def live(self, dice: random.Random) -> None:
        """Be cut and mended again and again, until cancelled; then mended."""
        try:
            while True:
                await asyncio.sleep(dice.uniform(*_UP))
                self._cut_at = time.time()
                await asyncio.sleep(dice.uniform(*_CUT))
                self._mend()
        finally:
            self._mend()

    def passed(self, begin: float, end: float) -> bool:
        """Whether it was whole at any moment from begin to end."""
        at = begin
        for cut, mended in self.cuts:
            if at < cut:
                break
            at = max(at, mended)
        return at <= end

    def _mend(self) -> None:
        if self._cut_at is not None:
            self.cuts.append((self._cut_at, time.time()))
        self._cut_at = None


@dataclass(frozen=True)
class Heard:
    """One alert of one message.

    Attributes:
        at: When it came, seconds of the Unix epoch.
        key: Of the message, as its content has it.
        header: The same, as its header has it.
        kind: Why it was told.
        is_firing: What it says of the alert.
        lines: That the alert is about.
        starts: When it began.
        ends: When it was over.
    """

    at: float
    key: str
    header: str
    kind: str
    is_firing: bool
    lines: tuple[str, ...]
    starts: datetime
    ends: datetime

    @property
    def incident(self) -> str:
        """Whose message it is."""
        return self.key.partition("/")[0]


@dataclass
class Hunt:
    """A daemon's lives, and what was told in all of them.

    Attributes:
        folder: Where its inventory, history and log are.
        lines: By name.
        heard: What the webhook was told, in order.
        messages: How many messages that was.
        kills: How often it was killed, by the moment.
    """

    folder: Path
    dice: random.Random
    lines: dict[str, Line] = field(default_factory=lambda: {name: Line() for name in LINES})
    heard: list[Heard] = field(default_factory=list)
    messages: int = 0
    kills: dict[Moment, int] = field(default_factory=lambda: dict.fromkeys(Moment, 0))
    inventory: str = ""
    _victim: int = 0
    _moment: Moment = Moment.ANY

    @property
    def log(self) -> str:
        """What it wrote in the lives that were ended by a kill."""
        lives = self.folder / "lives"
        return lives.read_text(errors="backslashreplace") if lives.exists() else ""

    @property
    def url(self) -> str:
        """Of its history."""
        return f"sqlite:///{self.folder}/history.db"

    async def through(self, kills: int) -> None:
        """Let it live and be killed so often, then mend everything and wait until all is told."""
        async with self._reflectors() as targets:
            with hook(self._hear) as ear:
                self.inventory = _inventory(targets, ear)
                (self.folder / "ward.yml").write_text(self.inventory)
                fates = [asyncio.create_task(line.live(self._die())) for line in self.lines.values()]
                async with _nursery(self.folder, self.url) as nursery:
                    for moment in itertools.islice(itertools.cycle(self._moments()), kills):
                        await self._live(moment, nursery)
                for fate in fates:
                    fate.cancel()
                await asyncio.gather(*fates, return_exceptions=True)
                await self._rest()

    def _die(self) -> random.Random:
        return random.Random(self.dice.random())  # noqa: S311  # the same each time

    def _moments(self) -> Sequence[Moment]:
        return self.dice.sample(list(Moment), k=len(Moment))

    @asynccontextmanager
    async def _reflectors(self) -> AsyncIterator[dict[str, int]]:
        reflectors = {name: Reflector(line) for name, line in self.lines.items()}
        try:
            for reflector in reflectors.values():
                await reflector.start("127.0.0.1", 0)
            yield {name: reflector.port for name, reflector in reflectors.items()}
        finally:
            for reflector in reflectors.values():
                reflector.close()

    def _hear(self, call: Call) -> None:
        self.messages += 1
        self.heard += _alerts(call)
        victim, moment = self._victim, self._moment
        if victim and moment is Moment.TELLING:
            os.kill(victim, signal.SIGKILL)
            return
        call.answer(200)
        if victim and moment is Moment.TOLD:
            time.sleep(self.dice.random() * _SHORTLY)
            os.kill(victim, signal.SIGKILL)

    async def _live(self, moment: Moment, nursery: "Nursery") -> None:
        seen, begun = len(self.log), time.monotonic()
        self._moment, self._victim = moment, await nursery.live()
        begin = _BEGINS if moment is not Moment.STARTING else re.compile("")
        await self._until(begin, seen, begun + _START)
        latest = time.monotonic() + (self.dice.random() * _CHILDHOOD if moment is Moment.STARTING else _LIFE)
        if moment is Moment.ANY:
            latest -= self.dice.random() * _LIFE
        await self._until(_SIGNS.get(moment, _NEVER), seen, latest)
        if moment in _SIGNS:
            await asyncio.sleep(self.dice.random() * _SHORTLY)
        self._victim = 0
        assert await nursery.end() == -signal.SIGKILL, self.log
        self.kills[moment] += 1

    async def _until(self, sign: re.Pattern[str], seen: int, latest: float) -> None:
        """Until the log says so, or the daemon has been killed, or it is late."""
        while time.monotonic() < latest and _lives(self._victim) and not sign.search(self.log[seen:]):  # noqa: ASYNC110  # a log has no event
            await asyncio.sleep(0.005)

    async def _rest(self) -> None:
        """The last life: nothing is cut any more."""
        async with daemon(self.folder, self.inventory) as last, asyncio.timeout(40):
            while not await _is_calm(last):  # noqa: ASYNC110  # asked over HTTP, which has no event
                await asyncio.sleep(0.25)


async def _is_calm(last: Process) -> bool:
    status = await last.json("/api/v1/status")
    states = {link["state"] for site in status["sites"] for link in site["links"]}
    incidents = (await last.json("/api/v1/incidents?state=open"))["incidents"]
    waiting = await last.value('linkward_notification_queue_length{receiver="hook"}')
    return states == {"up"} and not incidents and not waiting


@dataclass
class Nursery:
    """Where daemons come from.

    Attributes:
        process: Of ``tests.peers.nursery``.
    """

    process: asyncio.subprocess.Process

    async def live(self) -> int:
        """Let one live; its process id, which is its own until ``end``."""
        return await self._ask("live")

    async def end(self) -> int:
        """Kill it, if that is still to be done; how it ended."""
        return await self._ask("end")

    async def _ask(self, what: str) -> int:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{what}\n".encode())
        return int(await self.process.stdout.readline())


@asynccontextmanager
async def _nursery(folder: Path, url: str) -> AsyncIterator[Nursery]:
    command = [sys.executable, "-m", "tests.peers.nursery", str(folder / "lives"), "run"]
    command += [f"--config.file={folder}/ward.yml", "--web.listen-address=127.0.0.1:0", f"--storage.url={url}"]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)
    try:
        yield Nursery(process)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


def _lives(process: int) -> bool:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def _inventory(targets: Mapping[str, int], ear: Hook) -> str:
    sites = [
        {
            "id": f"site-{site}",
            "links": [
                {"id": line, "target": f"stamp://127.0.0.1:{targets[line]}", "interval": "250ms", "timeout": "250ms"}
                for line in lines
            ],
        }
        for site, lines in SITES.items()
    ]
    alerts = {"receivers": {"hook": {"webhook": f"{ear.url}/"}}, "routes": [{"receiver": "hook"}]}
    return json.dumps({"ward": {"id": "w"}, "sites": sites, "alerts": alerts})  # JSON is YAML


def _alerts(call: Call) -> Iterator[Heard]:
    content = call.json
    for alert in content["alerts"]:
        labels = alert["labels"]
        site = labels["site"].removeprefix("site-")
        yield Heard(
            at=time.time(),
            key=content["notificationKey"],
            header=unquote(call.headers["Idempotency-Key"]),
            kind=content["kind"],
            is_firing=alert["status"] == "firing",
            lines=(labels["link"],) if "link" in labels else SITES[site],
            starts=datetime.fromisoformat(alert["startsAt"]),
            ends=datetime.fromisoformat(alert["endsAt"]),
        )
