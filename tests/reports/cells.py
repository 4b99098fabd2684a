"""What a link was in, counted cell by cell of four seconds: an oracle written without a look at the reckoning."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from model.intervals import Interval, instant, moment
from model.measurement import SubjectKey
from model.state import State
from reports.facts import Facts, Held, MonthFacts, SubjectFacts
from tests.model.test_availability_oracle import STATES, Story, painted
from tests.reports.random_months import DAY, STEP

Mask = NDArray[np.bool_]
_Kind = TypeVar("_Kind", bound=np.generic)
CODES = {state: STATES.index(state) for state in State}
BEFORE = 2 * DAY
AFTER = 3 * DAY


@dataclass(frozen=True)
class Clock:
    """A month in cells; everything is an array over [start, until) unless it is ``wide``, which reaches beyond."""

    facts: Facts
    month: MonthFacts

    @cached_property
    def begin(self) -> int:
        """The first millisecond of the wide arrays."""
        return self.month.period.interval.start - BEFORE

    @cached_property
    def steps(self) -> int:
        """Cells of the wide arrays."""
        return (self.month.until + AFTER - self.begin) // STEP

    def cut(self, wide: NDArray[_Kind]) -> NDArray[_Kind]:
        """The part of a wide array that is the month."""
        first = BEFORE // STEP
        return wide[first : first + (self.month.until - self.month.period.interval.start) // STEP]

    def at(self, cell: int) -> int:
        """The begin of a cell of the month."""
        return self.month.period.interval.start + cell * STEP

    @cached_property
    def minutes(self) -> list[tuple[int, int, date, int]]:
        """For each minute of the month: weekday, minute of the day, day, hour, as the clock on the wall shows it."""
        span = self.month.span
        shown = (moment(at).astimezone(self.facts.setting.zone) for at in range(span.start, span.end, 60_000))
        return [(one.weekday(), one.hour * 60 + one.minute, one.date(), one.hour) for one in shown]

    def by_minute(self, values: Iterable[object], kind: type[_Kind]) -> NDArray[_Kind]:
        """Stretched to cells."""
        return np.repeat(np.array(list(values), kind), 60_000 // STEP)[: self.month.span.length // STEP]

    @cached_property
    def service(self) -> Mask:
        """Mon-Fri 07:30-17:00."""
        return self.by_minute((day <= 4 and 450 <= minute < 1020 for day, minute, *_ in self.minutes), np.bool_)

    def hours(self, held: Held) -> Mask:
        """The service hours of what held."""
        return self.service if held.service_hours else np.ones_like(self.service)

    def wide_mask(self, spans: Iterable[Interval]) -> Mask:
        """Which wide cells spans cover."""
        cells = np.zeros(self.steps, np.bool_)
        for start, end in spans:
            cells[max(0, (start - self.begin) // STEP) : max(0, (end - self.begin) // STEP)] = True
        return cells

    def excused(self, subject: SubjectKey, site: str) -> Mask:
        """Wide: what announced work excuses."""
        cells = np.zeros(self.steps, np.bool_)
        for each in self.month.announcements:
            window = each.window
            if site not in window.sites and not (subject[0] == "link" and subject[1] in window.links):
                continue
            known = instant(each.at) + round(self.facts.setting.notice * 1_000)
            withdrawn = self.month.until if each.withdrawn_at is None else instant(each.withdrawn_at)
            for start, end in self._openings(window.start, window.end):
                if known <= start:
                    cells |= self.wide_mask([Interval(start, min(end, withdrawn))])
        return cells

    def _openings(self, start: object, end: object) -> list[Interval]:
        if start is not None:
            return [Interval(instant(start), instant(end))]  # type: ignore[arg-type]  # of the closed set, as drawn
        zone, first = self.facts.setting.zone, self.begin // 60_000 * 60_000
        minutes = (at for at in range(first, self.month.until + DAY, 60_000) if _shows_work(at, zone))
        return _joined([Interval(at, at + 60_000) for at in minutes])


def _shows_work(at: int, zone: ZoneInfo) -> bool:
    shown = moment(at).astimezone(zone)
    return shown.weekday() == 6 and 90 <= shown.hour * 60 + shown.minute < 195


def _joined(parts: list[Interval]) -> list[Interval]:
    found: list[Interval] = []
    for part in sorted(parts):
        if found and found[-1].end == part.start:
            found[-1] = Interval(found[-1].start, part.end)
        else:
            found.append(part)
    return found


class Cells:
    """One link or service in a month."""

    def __init__(self, clock: Clock, noun: str, subject: SubjectFacts) -> None:
        self.clock, self.facts, self.noun = clock, subject, noun
        month = clock.month
        blind = [run.span for run in month.runs if run.blind]
        runs = [part for run in month.runs if not run.blind for part in _minus(run.span, blind)]
        story = Story(list(subject.log), runs, [])
        self.wide = painted(story, clock.begin, clock.steps, STEP)
        key: SubjectKey = (noun, subject.id)  # type: ignore[assignment]  # of the closed set, as drawn
        self.wide_away = clock.excused(key, self.last.site)
        self.present, self.held = self._held()
        self.beneath = clock.cut(self.wide)
        self.away = clock.cut(self.wide_away)
        self.hours = np.zeros_like(self.present)
        for number, term in enumerate(subject.terms):
            if term.held is not None:
                self.hours |= (self.held == number) & clock.hours(term.held)

    @property
    def last(self) -> Held:
        """What held at last in the month."""
        started = [term for term in self.facts.terms if term.since < self.clock.month.until]
        return [term.held for term in started if term.held is not None][-1]

    def _held(self) -> tuple[Mask, NDArray[np.int8]]:
        """Where it was there, and by which term."""
        starts = self.clock.month.period.interval.start + np.arange(self.clock.month.span.length // STEP) * STEP
        number = np.full(len(starts), -1, np.int8)
        for place, term in enumerate(self.facts.terms):
            number[starts >= term.since] = place
        there = np.array([*(term.held is not None for term in self.facts.terms), False])
        return np.asarray(there[number], np.bool_), number

    @property
    def passing(self) -> Mask:
        """Known to pass."""
        return np.asarray(self.present & np.isin(self.beneath, [CODES[State.UP], CODES[State.DEGRADED]]), np.bool_)

    @property
    def dark(self) -> Mask:
        """Down or unreachable."""
        return np.asarray(self.present & np.isin(self.beneath, [CODES[State.DOWN], CODES[State.UNREACHABLE]]), np.bool_)

    def of(self, state: State) -> Mask:
        """In a state beneath maintenance."""
        return np.asarray(self.present & (self.beneath == CODES[state]), np.bool_)

    def seconds(self, state: State, where: Mask, *, net: bool = True) -> float:
        """In a state, maintenance laid over it or not."""
        kept = where & self.present
        if net and state is State.MAINTENANCE:
            return seconds(kept & self.away)
        if not net:
            return seconds(kept & self.of(state))
        return seconds(kept & self.of(state) & ~self.away)

    def episodes(self, lost: Iterable[State]) -> list[Mask]:
        """Of each outage: its wide cells that count; those of the month are told apart by the caller."""
        dark = np.isin(self.wide, [CODES[state] for state in lost])
        answered = np.isin(self.wide, [CODES[State.UP], CODES[State.DEGRADED]])
        number = np.cumsum(answered)
        counting = dark & ~self.wide_away
        return [counting & (number == one) for one in np.unique(number[counting])]

    def parts(self) -> list[Mask]:
        """The stretches of the month in which it was there, each by itself."""
        edges = np.flatnonzero(np.diff(np.concatenate([[False], self.present, [False]]).astype(np.int8)))
        masks = []
        for start, end in edges.reshape(-1, 2):
            mask = np.zeros_like(self.present)
            mask[start:end] = True
            masks.append(mask)
        return masks


def seconds(mask: Mask) -> float:
    """That a mask covers."""
    return float(mask.sum()) * STEP / 1_000


def _minus(span: Interval, others: list[Interval]) -> list[Interval]:
    parts = [span]
    for other in others:
        parts = (
            [
                piece
                for part in parts
                for piece in (
                    Interval(part.start, min(part.end, other.start)),
                    Interval(max(part.start, other.end), part.end),
                )
                if piece.start < piece.end
            ]
            if other.start < other.end
            else parts
        )
    return parts


def each(subjects: Iterable[SubjectFacts], clock: Clock, noun: str) -> list[Cells]:
    """Those that were there at all, in order of site and id."""
    found = [Cells(clock, noun, one) for one in subjects if any(_is_seen(one, clock))]
    return sorted(found, key=lambda one: (one.last.site, one.facts.id))


def _is_seen(subject: SubjectFacts, clock: Clock) -> Iterable[bool]:
    span = clock.month.span
    ends = [*(term.since for term in subject.terms[1:]), span.end]
    for term, end in zip(subject.terms, ends, strict=True):
        yield term.held is not None and max(term.since, span.start) < min(end, span.end)
