"""Receivers on a clock that jumps: channels that do what a test says, and what they and the outbox were told."""

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from alerts.notice import Kind, Notice, Words
from alerts.receivers.delivery import Delivery, Outcome

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
TAKEN = Delivery(Outcome.DELIVERED, "200", receipt="r")
AGAIN = Delivery(Outcome.RETRY, "503")
NEVER = Delivery(Outcome.REFUSED, "401")

Answer = tuple[Delivery, float]
"""What a channel says, and after how many seconds."""
Conduct = Callable[[Notice, float], Answer]
"""What a channel answers to a notice at a time."""


def notice(
    key: str, incident: str = "", *, receiver: str = "hook", kind: Kind = Kind.OPENED, person: str = "", at: float = 0.0
) -> Notice:
    """A message; of an incident of its own unless one is named."""
    return Notice(
        key=key,
        receiver=receiver,
        kind=kind,
        incidents=(incident or key,),
        decided_at=NOON + timedelta(seconds=at),
        words=Words(key, key, key),
        alerts=(),
        group_key="g",
        person=person,
    )


def takes(_notice: Notice, _at: float) -> Answer:
    """Take everything at once."""
    return TAKEN, 0.0


def always(delivery: Delivery, seconds: float = 0.0) -> Conduct:
    """The same answer to everything."""
    return lambda _notice, _at: (delivery, seconds)


def until(end: float, before: Answer, after: Answer = (TAKEN, 0.0)) -> Conduct:
    """One answer until a time, and another from then on."""
    return lambda _notice, at: before if at < end else after


@dataclass
class Post:
    """All that has been sent and written, and the clock.

    Attributes:
        loop: Whose time it is.
        attempts: When which channel was asked to send which notice.
        taken: When which channel had taken which notice.
        written: What the outbox was told, and when.
        counted: How often which receiver had which outcome.
        seconds: For how long the send that is being made blocks.
    """

    loop: asyncio.AbstractEventLoop
    attempts: list[tuple[float, str, str]] = field(default_factory=list)
    taken: list[tuple[float, str, str]] = field(default_factory=list)
    written: list[tuple[float, str, str, str]] = field(default_factory=list)
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: float = 0.0
    fails_until: float = -math.inf
    writing_takes: float = 0.0

    def now(self) -> datetime:
        """By the wall clock."""
        return NOON + timedelta(seconds=self.loop.time())

    def keys(self, place: str) -> Sequence[str]:
        """What one channel has taken, in order."""
        return [key for _, name, key in self.taken if name == place]

    def tried(self, place: str) -> Sequence[float]:
        """When one channel was asked to send anything."""
        return [at for at, name, _ in self.attempts if name == place]

    def notified(self, receiver: str, outcome: str) -> None:
        """Count."""
        self.counted[receiver, outcome] += 1

    async def sent(self, notice: Notice, at: datetime) -> None:
        """Write that it is sent."""
        await self._write("sent", notice, at, "")

    async def receipted(self, notice: Notice, at: datetime, channel_kind: str, receipt: str) -> None:
        """Write that it was taken."""
        await self._write("receipted", notice, at, f"{channel_kind} {receipt}")

    async def given_up(self, notice: Notice, at: datetime, why: str) -> None:
        """Write that it was not."""
        await self._write("given up", notice, at, why)

    async def _write(self, what: str, notice: Notice, at: datetime, words: str) -> None:
        if self.writing_takes:
            await asyncio.sleep(self.writing_takes)
        if self.loop.time() < self.fails_until:
            raise OSError("disk full")
        self.written.append(((at - NOON).total_seconds(), what, notice.key, words))


@dataclass(eq=False)
class Door:
    """A channel."""

    post: Post
    place: str
    conduct: Conduct = takes
    kind: str = "hook"

    def send(self, notice: Notice, timeout: float) -> Delivery:
        """Do what the test says."""
        assert timeout > 0
        at = self.post.loop.time()
        self.post.attempts.append((at, self.place, notice.key))
        delivery, self.post.seconds = self.conduct(notice, at)
        if delivery.outcome is Outcome.DELIVERED:
            self.post.taken.append((at + self.post.seconds, self.place, notice.key))
        return delivery


class Hand:
    """A worker whose jobs take time by the loop's clock, or for ever."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._free_at = 0.0

    def run(self, job: Callable[[], Delivery]) -> "asyncio.Future[Delivery]":
        """Do it."""
        loop = asyncio.get_running_loop()
        assert self._free_at <= loop.time(), "a lane does one thing at a time"
        answer: asyncio.Future[Delivery] = loop.create_future()
        delivery = job()
        self._free_at = loop.time() + self._post.seconds
        if self._post.seconds < math.inf:
            loop.call_later(self._post.seconds, answer.set_result, delivery)
        return answer

    def close(self) -> None:
        """Nothing is held."""


def counts(post: Post, receiver: str) -> Mapping[str, int]:
    """The outcomes of one receiver."""
    return {outcome: number for (name, outcome), number in post.counted.items() if name == receiver}
