"""What is done every few seconds or hours: judging, reckoning, forgetting, beating, rolling up."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, TypeVar
from zoneinfo import ZoneInfo

from exporters.verdict_view import in_words
from history.errors import HistoryError
from history.retention import Keep
from history.rollup import RollupBlock
from history.store import Store
from model.availability import Tally
from model.intervals import instant
from model.measurement import SubjectKey
from model.occasion import Occasion
from model.shortfall import figures_of
from model.verdict import Verdict
from model.window import StableMinutes, WindowFacts
from monitor.folding import Fold, folds_due
from monitor.heart import Beat
from monitor.memory import Memory
from monitor.quality import Judged, LinkQuality
from monitor.scribe import Scribe
from monitor.service_quality import ServiceQuality
from monitor.states import Because

log = logging.getLogger(__name__)

T = TypeVar("T")

JUDGE_EVERY: Final = 10
RECKON_EVERY: Final = 30
_SLICE: Final = 50  # subjects looked at before the probes have their turn again
_RECKON_CPU: Final = 1.0  # seconds that one round of accounts may take of the processor
_STANDS_FOR: Final = 2.5  # rounds for which a judgement is shown


class Board(Protocol):
    """Who shows what the rounds find."""

    def judged(self, subject: SubjectKey, verdicts: Sequence[Verdict]) -> None:
        """Show these verdicts."""

    def windowed(self, link_id: str, facts: WindowFacts, until: float) -> None:
        """Show what the window of a link holds, until then (monotonic)."""

    def minutes(self, link_id: str, known: StableMinutes) -> None:
        """Show how many minutes of a link were stable."""

    def burning(self, subject: SubjectKey, rates: Mapping[float, float | None]) -> None:
        """Show how fast the error budget of a link or service goes."""

    def accounted(
        self, subject: SubjectKey, tally: Tally, ratio: float | None, budget: float | None, outages: dict[str, int]
    ) -> None:
        """Show the month's account of a link or service."""


class Rounds:
    """The work of the calendar. Each method is one round, and gives way to the probes every few dozen subjects."""

    def __init__(
        self,
        memory: Memory,
        board: Board,
        scribe: Scribe,
        store: Store,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._now = now
        self._memory = memory
        self._board = board
        self._scribe = scribe
        self._store = store
        self._minutes: dict[str, StableMinutes] = {}
        self._reckoned = 0  # subjects so far, of the turn that goes on

    async def judge(self) -> None:
        """Judge every link and service by its requirement."""
        async for link in _gently(self._memory.quality.links()):
            state = self._memory.states.observed(("link", link))
            self._memory.hours.was(link, state, JUDGE_EVERY, self._now())
            self._look_at(link)
            self._judge(self._memory.quality, link, is_up=state.passes)
        async for service in _gently(self._memory.services.services()):
            self._judge(self._memory.services, service, is_up=self._memory.states.observed(("service", service)).passes)

    def _look_at(self, link: str) -> None:
        window = self._memory.quality.window(link)
        if window is not None:
            self._memory.smoke.look(link, window, asyncio.get_running_loop().time(), instant(self._now()))

    def _judge(self, quality: LinkQuality | ServiceQuality, name: str, *, is_up: bool) -> None:
        now = asyncio.get_running_loop().time()
        judged = quality.judge(name, now, self._now(), self._memory.accounts.share, is_up=is_up)
        if judged is not None:
            self._show(judged, now, is_up=is_up)

    def _show(self, judged: Judged, now: float, *, is_up: bool) -> None:
        noun, name = judged.subject
        self._board.judged(judged.subject, judged.verdicts)
        if noun == "link":
            self._board.windowed(name, judged.window, now + _STANDS_FOR * JUDGE_EVERY)
        if not is_up:
            return  # a breach outlasts an outage or a pause, until it is judged again
        short = judged.shortfalls
        at = self._now()
        evidence: dict[str, str | float] = {} if short else {"because": Occasion.ALL_MET.value}
        for verdict in short:
            evidence |= {verdict.requirement.value: in_words(verdict), **figures_of(verdict)}
        because = Because(at, at, evidence=evidence)
        self._scribe.take(self._memory.states.judge(judged.subject, because, falls_short=bool(short)))

    async def reckon(self) -> None:
        """Bring the month's accounts of links and services up to date: as many as fit, the others in the next round."""
        subjects = self._memory.accounts.subjects()
        begun = time.process_time()
        async for subject in _gently(subjects[self._reckoned :]):
            self._reckon(subject)
            self._reckoned += 1
            if time.process_time() - begun > _RECKON_CPU:
                return
        self._reckoned = 0

    def _reckon(self, subject: SubjectKey) -> None:
        accounts, now = self._memory.accounts, self._now()
        account = accounts.reckon(subject, now)
        if account is not None:
            outages = dict(account.outages)
            self._board.accounted(subject, account.tally, account.share.ratio, account.budget, outages)
            self._board.burning(subject, accounts.burn_rates(subject, now))

    async def minutes(self) -> None:
        """Judge the last minute of every link: was it stable?"""
        async for link in _gently(self._memory.quality.links()):
            is_up = self._memory.states.observed(("link", link)).passes
            at = self._now()
            stable = self._memory.quality.minute(link, asyncio.get_running_loop().time(), at, is_up=is_up)
            self._minutes[link] = self._minutes.get(link, StableMinutes()).after(stable)
            self._board.minutes(link, self._minutes[link])
            if stable is not None:
                self._memory.hours.minute(link, at, stable=stable)

    async def expire(self) -> None:
        """Make unknown what has not been measured for too long, and lay maintenance over what is being worked on."""
        at = self._now()
        self._scribe.take(self._memory.states.maintain(self._memory.accounts.in_maintenance(at), Because(at, at)))
        subjects = self._memory.states.subjects()
        because = Because(at, at, evidence={"because": Occasion.NOT_MEASURED.value})
        for start in range(0, len(subjects), _SLICE):
            now = asyncio.get_running_loop().time()
            self._scribe.take(self._memory.states.expire(subjects[start : start + _SLICE], now, because))
            await asyncio.sleep(0)

    async def beat(self) -> None:
        """Say that the monitor is alive; where it was not, everything has to be measured anew."""
        at = self._now()
        await self._enter(self._memory.heart.beat(at, asyncio.get_running_loop().time()), at)

    async def turn(self, since: datetime, *, blind: bool) -> None:
        """The monitor has become blind since then, or sees again."""
        at = self._now()
        if not blind:
            self._leave_blind_time_out(at)
        beat = self._memory.heart.turn(since, at, asyncio.get_running_loop().time(), blind=blind)
        word = Occasion.BLIND if blind else Occasion.SIGHTED
        log.warning("%s", word)
        because = Because(since, at, evidence={"because": word.value})
        self._scribe.take(self._memory.states.watch(because, is_watched=not blind))
        await self._enter(beat, at)

    async def _enter(self, beat: Beat, at: datetime) -> None:
        if beat.lost_since is not None:
            log.warning("the process was held up, or the clock was set: the time is booked as unknown")
            self._start_anew(beat.lost_since, at)
        for run in beat.runs:
            self._memory.accounts.beat(run)
        await self._store.record(*beat.runs)

    def _start_anew(self, since: datetime, at: datetime) -> None:
        because = Because(since, at, evidence={"because": Occasion.HELD_UP.value})
        self._scribe.take(self._memory.states.watch(because, is_watched=False))
        self._scribe.take(self._memory.states.watch(because, is_watched=not self._memory.heart.run.blind))

    def _leave_blind_time_out(self, at: datetime) -> None:
        now = asyncio.get_running_loop().time()
        since = now - (at - self._memory.heart.run.began).total_seconds()
        for link in self._memory.quality.links():
            self._memory.quality.leave_out(link, since, now)

    async def roll_up(self, wards: Mapping[str, ZoneInfo]) -> None:
        """Store the hour that is over, if one is, and fold the day and month that end with it.

        Args:
            wards: The time zone of each ward.
        """
        now = self._now()
        if not self._memory.hours.is_over(now):
            return
        await self._store_blocks(self._memory.hours.over(now))
        for ward, zone in wards.items():
            for fold in folds_due(now, zone):
                await self._fold(ward, fold)

    async def _fold(self, ward: str, fold: Fold) -> None:
        try:
            await self._store.fold(ward, fold.span, fold.start, fold.end)
        except HistoryError as error:
            log.warning("the %s of ward %s was not folded: %s", fold.span, ward, error)

    async def close_hour(self, now: datetime) -> None:
        """Store what was gathered of the hour so far."""
        await self._store_blocks(self._memory.hours.rest(now))

    async def _store_blocks(self, blocks: Sequence[RollupBlock]) -> None:
        if blocks:
            await self._store.record(*blocks)

    async def tidy(self, transitions: float, rollups: float) -> None:
        """Remove what is older than it is kept, and look for the highest throughput anew.

        Args:
            transitions: Seconds for which facts are kept.
            rollups: Seconds for which rollups are kept.
        """
        self._memory.quality.begin_day()
        keep = Keep(transitions=timedelta(seconds=transitions), rollups=timedelta(seconds=rollups))
        try:
            await self._store.prune(self._now(), keep)
        except HistoryError as error:
            log.warning("old facts were not removed: %s", error)


async def _gently(subjects: Sequence[T]) -> AsyncIterator[T]:
    """One after the other, with a pause for the probes after every few dozen."""
    for number, subject in enumerate(subjects, 1):
        yield subject
        if number % _SLICE == 0:
            await asyncio.sleep(0)
