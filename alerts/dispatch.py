"""Gets notices to their receivers: at least once, in order, and none held up by another's channel.

A notice that is handed over is durable already. What to do next is decided by ``alerts.queue``; here it is done.
"""

import asyncio
import contextlib
import logging
import math
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, Protocol

from alerts.directory import Directory
from alerts.errand import Ending, Fate, name_of
from alerts.events import Attempt, Event, Happened, Settled, Turned
from alerts.lanes import Lane, ThreadWorker, Worker
from alerts.ledger import Ledger, Outbox
from alerts.notice import Notice
from alerts.queue import MOST_WAITING, PATIENCE, Queue
from alerts.receivers.delivery import Channel, Delivery, Outcome

log = logging.getLogger(__name__)

TIMEOUT: Final = 10.0
"""Seconds that a channel has for one attempt."""
GRACE: Final = 1.0
"""Seconds beyond, after which its thread is left behind."""

_SHORTEST: Final = 1e-3  # a pause that is less than the clock can tell would be none, again and again
_LEVELS: Final = {Fate.GIVEN_UP: logging.ERROR, Fate.REFUSED: logging.WARNING, Fate.FALLBACK: logging.WARNING}
_QUIET: Final = frozenset({Fate.RETRIED})  # the lane says once that it fails

Freshen = Callable[[Notice, datetime], Notice]


class Counters(Protocol):
    """Who counts."""

    def notified(self, receiver: str, outcome: str) -> None:
        """A ``Fate``: of an attempt (retried, refused, fallback), or of what one chain of channels was to take."""


def as_it_is(notice: Notice, _now: datetime) -> Notice:
    """The notice, however late it is."""
    return notice


class Dispatcher:
    """Sends what it is handed, once it is started.

    Args:
        directory: Where receivers are.
        outbox: Told what becomes of each notice.
        counters: Told likewise.
        freshen: Makes of a notice what is true of it at the time of an attempt.
        patience: Seconds for which a channel of a person may fail before the next is tried, too.
        timeout: Seconds that a channel has for one attempt.
        most: Notices that are held in memory.
        clock: Monotonic seconds; it has to go with the event loop's.
        now: Aware UTC.
        chance: Uniform in [0, 1).
        hire: Makes what runs the sends of one channel.
    """

    def __init__(
        self,
        directory: Directory,
        outbox: Outbox,
        counters: Counters,
        *,
        freshen: Freshen = as_it_is,
        patience: float = PATIENCE,
        timeout: float = TIMEOUT,
        most: int = MOST_WAITING,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
        hire: Callable[[str], Worker] = ThreadWorker,
    ) -> None:
        self._queue = Queue(directory, patience=patience, most=most, chance=chance)
        self._ledger = Ledger(outbox, chance)
        self._counters = counters
        self._freshen = freshen
        self._timeout = timeout
        self._clock = clock
        self._now = now
        self._hire = hire
        self._lanes: dict[Channel, Lane] = {}
        self._sending: set[asyncio.Task[None]] = set()
        self._work_to_do = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._surplus = 0  # given up since there was room

    def take(self, notices: Iterable[Notice]) -> None:
        """Send these, after what was taken before of the same incidents; returns at once."""
        surplus = self._queue.take(notices, self._clock())
        if surplus and not self._surplus:
            log.error("too many messages wait to be sent; the oldest are given up until there is room")
        self._surplus += surplus
        self._work_to_do.set()

    def reconfigure(self, directory: Directory) -> None:
        """Go on with other receivers and channels. What waits for none that is there is given up."""
        self._queue.reconfigure(directory, self._clock())
        self._work_to_do.set()

    def queue(self) -> Mapping[str, tuple[int, float | None]]:
        """By receiver: how many notices wait, and seconds since the oldest was decided; ``None`` where none waits."""
        now = self._now()
        return {receiver: (len(some), _age(some, now)) for receiver, some in self._queue.waiting().items()}

    async def start(self) -> None:
        """Begin to send."""
        self._task = asyncio.create_task(self._work())

    async def stop(self, patience: float) -> None:
        """Start nothing more; end what runs, within so many seconds. What is not delivered stays in the outbox."""
        until = self._clock() + patience
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._sending:
            await asyncio.wait(self._sending, timeout=max(patience, 0))
        left = list(self._sending)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._ledger.close(until - self._clock())
        for lane in self._lanes.values():
            lane.close()

    async def _work(self) -> None:
        while True:
            self._work_to_do.clear()
            try:
                self._step()
            except Exception:
                # A bug about one notice must not end the sending of all others; it is ours, so the log gets all of it.
                log.exception("messages are held up for a second")
                await asyncio.sleep(1)
            pause = self._queue.next_due() - self._clock()
            # Not wait_for, which before Python 3.12 takes no notice of being cancelled as the event comes.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if pause == math.inf else max(pause, _SHORTEST)):
                    await self._work_to_do.wait()

    def _step(self) -> None:
        for attempt in self._queue.due(self._clock()):
            task = asyncio.create_task(self._send(attempt))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        self._tell()
        for channel in self._queue.prune():
            lane = self._lanes.pop(channel, None)
            if lane is not None:
                lane.close()
        if self._surplus and not self._queue.is_full:
            log.warning("there is room for messages again; %d were given up", self._surplus)
            self._surplus = 0

    async def _send(self, attempt: Attempt) -> None:
        answer: Delivery | None = Delivery(Outcome.RETRY, "an error in the program")
        try:
            answer = await self._answer(attempt)
        except Exception:
            log.exception("a message was not sent through %s", name_of(attempt.channel))
        silence = Delivery(Outcome.RETRY, f"no answer within {self._timeout:g} s")
        self._queue.answered(attempt, answer or silence, self._clock(), hung=answer is None)
        self._tell()
        self._work_to_do.set()

    async def _answer(self, attempt: Attempt) -> Delivery | None:
        if attempt.is_first:
            await self._ledger.sent(attempt.notice, self._now())
        job = partial(attempt.channel.send, self._fresh(attempt.notice), self._timeout)
        if attempt.channel not in self._lanes:
            self._lanes[attempt.channel] = Lane(name_of(attempt.channel), self._hire)
        late = partial(self._came_home, attempt)
        return await self._lanes[attempt.channel].run(job, self._timeout + GRACE, late)

    def _fresh(self, notice: Notice) -> Notice:
        try:
            return self._freshen(notice, self._now())
        except Exception:
            log.exception("a message is sent without a word on how late it is")
            return notice

    def _came_home(self, attempt: Attempt, delivery: Delivery) -> None:
        self._queue.came_home(attempt, delivery, self._clock())
        self._tell()
        self._work_to_do.set()

    def _tell(self) -> None:
        for event in self._queue.events():
            try:
                self._tell_one(event)
            except Exception:
                log.exception("what became of a message was not told")

    def _tell_one(self, event: Event) -> None:
        match event:
            case Happened():
                self._counters.notified(event.notice.receiver, event.fate.value)
                _log(event)
            case Settled():
                self._write(event)
            case Turned(channel, detail) if detail:
                log.warning("%s takes no messages: %s; tried again until it does", name_of(channel), detail)
            case _:
                log.info("%s answers again after %.0f s", name_of(event.channel), event.seconds)

    def _write(self, settled: Settled) -> None:
        taken = [(ending.channel, ending) for ending in settled.endings if ending.channel is not None]
        for channel, ending in taken:
            self._ledger.receipted(settled.notice, self._utc(ending), channel.kind, ending.detail)
        failed = [ending for ending in settled.endings if _is_lost(ending, is_partly_taken=bool(taken))]
        if failed:
            also = (f"{name_of(channel)} has it" for channel, _ in taken)
            why = "; ".join(dict.fromkeys([*(ending.detail for ending in failed), *also]))
            self._ledger.given_up(settled.notice, self._utc(failed[-1]), why)

    def _utc(self, ending: Ending) -> datetime:
        return self._now() - timedelta(seconds=self._clock() - ending.at)


def _is_lost(ending: Ending, *, is_partly_taken: bool) -> bool:
    """Whether it has to be written that a chain did not take it; of what was superseded only where none did."""
    return ending.fate is Fate.GIVEN_UP or (ending.fate is Fate.SUPERSEDED and not is_partly_taken)


def _age(notices: Sequence[Notice], now: datetime) -> float | None:
    if not notices:
        return None
    return max((now - min(notice.decided_at for notice in notices)).total_seconds(), 0.0)


def _log(event: Happened) -> None:
    if event.fate in _QUIET or event.is_surplus:
        return
    notice, by = event.notice, f" by {name_of(event.channel)}" if event.channel else ""
    words = f"{event.fate.value.replace('_', ' ')}{by}" + (f": {event.detail}" if event.detail else "")
    level = _LEVELS.get(event.fate, logging.INFO)
    log.log(level, "message %s to %s (%s): %s", notice.key, notice.receiver, notice.kind, words)
