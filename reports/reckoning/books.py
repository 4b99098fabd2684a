"""What one link or service was in during a month, by what held for it at each time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import chain, pairwise
from operator import add
from typing import Final, Literal
from zoneinfo import ZoneInfo

from model.availability import Availability, Frame, Share, Tally, reckoned
from model.calendar import service_spans
from model.intervals import DAY, Interval, Spans, clipped, instant, merged, moment, without
from model.maintenance import covers, excused
from model.measurement import SubjectKey
from model.periods import Periods
from model.requirement import Requirement
from model.state import State
from model.timeline import Stretch, Watch, timeline
from reports.facts import Held, MonthFacts, Run, Setting, SubjectFacts

Noun = Literal["link", "service"]

_BEHIND: Final = 40 * DAY
"""Milliseconds before the month in which maintenance is looked for: an outage may have begun there."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the month in which one thing held.

    Attributes:
        span: The part.
        held: What held.
        required: The version of the requirement; ``None`` where it has none.
    """

    span: Interval
    held: Held
    required: Requirement | None


@dataclass(frozen=True, slots=True)
class Book:
    """What is written of one link or service in a month.

    Attributes:
        facts: What it was computed from.
        parts: What held, in order; at least one.
        present: When anything did.
        hours: Its service hours while it was present.
        excused: Announced maintenance, also before the month.
        reckoned: Its availability while it was present.
        shares: What its requirement is judged by, of each part that requires an availability.
        stretches: Its states, also before and after the month.
        passing: When it is known to pass, in the month, maintenance or not.
        dark: When it was down or unreachable, likewise.
    """

    facts: SubjectFacts
    parts: tuple[Part, ...]
    present: Spans
    hours: Spans
    excused: Spans
    reckoned: Availability
    shares: tuple[tuple[Part, Share], ...]
    stretches: Sequence[Stretch]
    passing: Spans
    dark: Spans

    @property
    def id(self) -> str:
        """Its id."""
        return self.facts.id

    @property
    def last(self) -> Held:
        """What held at last."""
        return self.parts[-1].held

    def part_at(self, at: int) -> Part:
        """What held at an instant; before and after its presence, what held first and last."""
        if len(self.parts) == 1:
            return self.parts[0]
        earlier = [part for part in self.parts if part.span.start <= at]
        return earlier[-1] if earlier else self.parts[0]


class Reckoner:
    """Reckons the books of a month; what many subjects share is worked out once.

    Args:
        month: Its facts.
        setting: What all months have in common.
    """

    def __init__(self, month: MonthFacts, setting: Setting) -> None:
        self.month, self.zone = month, setting.zone
        self.periods = Periods(setting.zone, setting.cut_day)
        self.watch = Watch(seen(month.runs))
        self._notice = setting.notice
        self._hours: dict[tuple[str, ...], Spans] = {}
        self._excused: dict[tuple[int, ...], Spans] = {}
        self._frames: dict[tuple[tuple[str, ...], tuple[int, ...], Interval], Frame] = {}

    @cached_property
    def due(self) -> int:
        """The end of the month after this one: until when what this one recommends is to be done."""
        return self.periods.after(self.month.period).interval.end

    def books(self, noun: Noun, subjects: Iterable[SubjectFacts]) -> list[Book]:
        """Of those that were there in the month, in order of their sites' ids and their own."""
        found = (self._book(noun, facts) for facts in subjects)
        return sorted((book for book in found if book), key=lambda book: (book.last.site, book.id))

    def hours_of(self, texts: tuple[str, ...]) -> Spans:
        """Service hours in the month."""
        if texts not in self._hours:
            self._hours[texts] = service_spans(texts, self.zone, self.month.span)
        return self._hours[texts]

    def _book(self, noun: Noun, facts: SubjectFacts) -> Book | None:
        parts = tuple(parts_of(facts, self.month.span, self.zone))
        if not parts:
            return None
        subject: SubjectKey = (noun, facts.id)
        present = merged(part.span for part in parts)
        windows = self._windows(subject, parts)
        frames = [self._frame(parts, windows, span) for span in present]
        stretches = timeline(facts.log, self.watch)
        whole = together([reckoned(stretches, frame) for frame in frames])
        return Book(
            facts=facts,
            parts=parts,
            present=present,
            hours=self._hours_in(parts, self.month.span),
            excused=self._excused_by(windows),
            reckoned=whole,
            shares=tuple(self._shares(noun, stretches, parts, windows, whole)),
            stretches=stretches,
            passing=_when(stretches, lambda state: state.passes, present),
            dark=_when(stretches, lambda state: state.is_lost, present),
        )

    def _shares(
        self,
        noun: Noun,
        stretches: Sequence[Stretch],
        parts: Sequence[Part],
        windows: tuple[int, ...],
        whole: Availability,
    ) -> Iterable[tuple[Part, Share]]:
        for part in parts:
            if part.required is None or part.required.availability is None:
                continue
            of_part = whole
            if len(parts) > 1:
                of_part = reckoned(stretches, self._frame(parts, windows, part.span))
            yield part, share_of(noun, of_part.inside)

    def _windows(self, subject: SubjectKey, parts: Sequence[Part]) -> tuple[int, ...]:
        """The numbers of the announcements that cover it."""
        site = parts[-1].held.site
        announced = enumerate(self.month.announcements)
        return tuple(number for number, each in announced if covers(each.window, subject, site))

    def _excused_by(self, windows: tuple[int, ...]) -> Spans:
        if windows not in self._excused:
            within = Interval(self.month.span.start - _BEHIND, self.month.until)
            announced = [self.month.announcements[number] for number in windows]
            self._excused[windows] = excused(announced, self.zone, within, self._notice)
        return self._excused[windows]

    def _frame(self, parts: Sequence[Part], windows: tuple[int, ...], span: Interval) -> Frame:
        texts = {part.held.service_hours for part in parts}
        if len(texts) > 1:
            return Frame(span, self._hours_in(parts, span), self._excused_by(windows))
        key = (parts[0].held.service_hours, windows, span)
        if key not in self._frames:
            self._frames[key] = Frame(span, self.hours_of(key[0]), self._excused_by(windows))
        return self._frames[key]

    def _hours_in(self, parts: Sequence[Part], span: Interval) -> Spans:
        if len({part.held.service_hours for part in parts}) == 1 and parts[0].span == self.month.span == span:
            return self.hours_of(parts[0].held.service_hours)
        shown = (clipped(self.hours_of(part.held.service_hours), part.span) for part in parts)
        return clipped(merged(chain.from_iterable(shown)), span)


def seen(runs: Iterable[Run]) -> list[Interval]:
    """When the monitor was alive and saw: its runs, without the time in which it was blind."""
    known = list(runs)
    blind = merged(run.span for run in known if run.blind)
    return [part for run in known if not run.blind for part in without(merged([run.span]), blind)]


def parts_of(facts: SubjectFacts, span: Interval, zone: ZoneInfo) -> Iterable[Part]:
    """What held in a span, part by part; nothing where the inventory did not hold the subject."""
    ends = [*(term.since for term in facts.terms[1:]), span.end]
    for term, end in zip(facts.terms, ends, strict=True):
        within = Interval(max(term.since, span.start), min(end, span.end))
        if term.held is not None and within.start < within.end:
            yield from _versions(within, term.held, zone)


def _versions(within: Interval, held: Held, zone: ZoneInfo) -> Iterable[Part]:
    requirement = held.requirement
    if requirement is None or not requirement.changes:
        yield Part(within, held, requirement)
        return
    start, end = (moment(at).astimezone(zone) for at in within)
    for begin, until, version in requirement.periods(start, end):
        yield Part(Interval(instant(begin), instant(until)), held, version)


def share_of(noun: Noun, tally: Tally) -> Share:
    """What a requirement is judged by: a link by its line, a service by what people had."""
    return tally.link if noun == "link" else tally.service


def together(parts: Sequence[Availability]) -> Availability:
    """The availability over parts that do not overlap, in order; at least one."""
    if len(parts) == 1:
        return parts[0]
    return Availability(
        Interval(parts[0].period.start, parts[-1].period.end),
        reduce(add, (part.inside for part in parts)),
        reduce(add, (part.outside for part in parts)),
        reduce(add, (part.gross_inside for part in parts)),
        reduce(add, (part.gross_outside for part in parts)),
        tuple(chain.from_iterable(part.outages for part in parts)),
        tuple(chain.from_iterable(part.interruptions for part in parts)),
    )


def _when(stretches: Iterable[Stretch], is_wanted: Callable[[State], bool], within: Spans) -> Spans:
    spans = merged(Interval(start, end) for start, end, state, _ in stretches if is_wanted(state))
    return tuple(chain.from_iterable(clipped(spans, part) for part in within))


def measure(spans: Spans) -> int:
    """Milliseconds that spans cover."""
    return sum(span.length for span in spans)


def gaps_between(spans: Spans) -> list[Interval]:
    """What lies between spans in succession."""
    return [Interval(before.end, after.start) for before, after in pairwise(spans)]
