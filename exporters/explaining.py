"""Why something is, or was, in the state it is in: one pure function of what is watched and what happened."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from exporters.desk import Decided
from exporters.evidence_words import evidence_in_words
from exporters.explanation import Change, Explanation, Gap, Parent, Threshold, Work
from exporters.past import Past
from exporters.verdict_view import QUALITIES, requirement_in_words, verdict_view
from exporters.zones import zone_of
from model.intervals import DAY, Interval, common, instant, merged, moment, without
from model.inventory import Device, Inventory, Link, Service, Site
from model.judge import required_speed
from model.maintenance import Announcement, covers, excused, open_spans
from model.measurement import SubjectKey
from model.requirement import Requirement
from model.state import State
from model.timeline import Watch, timeline
from model.topology import Topology
from model.transition import Transition
from model.verdict import Quality, Verdict

_BEFORE: Final = DAY
_AFTER: Final = DAY // 24
_MOST_BEFORE: Final = 10
_MOST_AFTER: Final = 5
_RECURS_WITHIN: Final = 2 * DAY
_HAPPENS_WITHIN: Final = 4_000 * DAY

Held = tuple[State, datetime | None]
"""A state, and since when; ``None`` where nobody knows."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be explained.

    Attributes:
        subject: Noun and id.
        item: The same in the inventory.
        site: Its site.
        at: The time, aware UTC.
        period: Of what happened, the part that the explanation takes in.
    """

    subject: SubjectKey
    item: Link | Device | Service
    site: Site
    at: datetime
    period: Interval


@dataclass(frozen=True, slots=True)
class Present:
    """What is so now, which only an explanation of now takes in.

    Attributes:
        states: What the subject and everything above it is shown in, and since when.
        verdicts: On the subject.
    """

    states: Mapping[SubjectKey, Held]
    verdicts: Sequence[Verdict] = ()


def around(at: datetime, now: datetime) -> Interval:
    """What an explanation of a time takes in: the day before and the hour after, but nothing after now."""
    here = instant(at)
    return Interval(here - _BEFORE, max(here, min(instant(now), here + _AFTER)))


def explain(
    question: Question,
    inventory: Inventory,
    topology: Topology,
    past: Past,
    present: Present | None = None,
    *,
    decided: Sequence[Decided] | None = None,
) -> Explanation:
    """Everything that is known of a subject at one time.

    Args:
        question: About what and when.
        inventory: What is watched.
        topology: What depends on what in it.
        past: What happened in the question's period to the subject and everything above it.
        present: What is so now; ``None`` where the question is about the past.
        decided: Why somebody was told or nobody; ``None`` where nobody decides that.
    """
    subject, at = question.subject, question.at
    then = _Then(past, at, present)
    work = _work(question, inventory, past.announcements)
    state, since = then.shown(subject, work)
    changes, left_out = _changes(past.transitions.get(subject, ()), question)
    name, thresholds = _required(question, inventory)
    return Explanation(
        kind=subject[0],
        id=question.item.id,
        name=question.item.name,
        site=question.site.id,
        at=at,
        timezone=zone_of(inventory, question.site).key,
        looked_from=moment(question.period.start),
        looked_to=moment(question.period.end),
        state=state,
        since=since,
        beneath=then.seen(subject)[0] if state is State.MAINTENANCE else None,
        changes=changes,
        left_out=left_out,
        requirement=name,
        thresholds=thresholds,
        verdicts=[verdict_view(verdict) for verdict in present.verdicts] if present else None,
        depends_on=[sorted(name for _, name in group) for group in topology.needs(subject)],
        parents=list(_parents(subject, topology, then)),
        maintenance=work,
        gaps=list(_gaps(past, question.period)),
        decisions=None if decided is None else list(decided),
    )


class _Then:
    """What everything was in at one time."""

    def __init__(self, past: Past, at: datetime, present: Present | None) -> None:
        self._past = past
        self._watch = Watch(past.runs)
        # The present run ends now, and its end is no longer part of it.
        self._at = instant(at) - (present is not None)
        self._present = present

    def shown(self, subject: SubjectKey, work: Sequence[Work]) -> Held:
        """With maintenance laid over it."""
        if self._present is not None:
            return self._present.states[subject]
        if work:
            return State.MAINTENANCE, min(each.start for each in work)
        return self.seen(subject)

    def seen(self, subject: SubjectKey) -> Held:
        """Beneath maintenance."""
        if self._present is not None and self._present.states[subject][0] is not State.MAINTENANCE:
            return self._present.states[subject]
        return _at(self._past.transitions.get(subject, ()), self._watch, self._at)

    def parent(self, subject: SubjectKey) -> Held:
        """Of something above: as it is shown now, or as it was seen."""
        return self._present.states[subject] if self._present is not None else self.seen(subject)


def _at(log: Iterable[Transition], watch: Watch, at: int) -> Held:
    """The state at an instant by the log."""
    stretches = timeline(log, watch)
    place = bisect_right(stretches, at, key=lambda stretch: stretch.start) - 1
    if place < 0:
        return State.UNKNOWN, None
    here = stretches[place]
    if at >= here.end:
        return State.UNKNOWN, moment(here.end)
    # A new run of the monitor says anew what everything is in; where no time lies between, it is one stretch.
    while place and stretches[place - 1].end == here.start and stretches[place - 1].state is here.state:
        place -= 1
        here = stretches[place]
    return here.state, moment(here.start)


def _work(question: Question, inventory: Inventory, announcements: Iterable[Announcement]) -> list[Work]:
    """The windows over the subject that were open at the time, each as long as it was announced for."""
    at, zone = instant(question.at), zone_of(inventory, question.site)
    found = []
    for announcement in announcements:
        window, withdrawn = announcement.window, announcement.withdrawn_at
        if not covers(window, question.subject, question.site.id) or (withdrawn and withdrawn <= question.at):
            continue
        reach = _RECURS_WITHIN if window.every else _HAPPENS_WITHIN
        for start, end in open_spans(window, zone, Interval(at - reach, at + reach)):
            if start <= at < end:
                is_excused = bool(excused([announcement], zone, Interval(at, at + 1)))
                found.append(Work(window.id, moment(start), moment(end), window.reason, is_excused))
    return found


def _changes(log: Sequence[Transition], question: Question) -> tuple[list[Change], int]:
    """What happened around the time, with the last change before it however long ago; and how many were left out."""
    before = [record for record in log if record.at <= question.at]
    after = [record for record in log if record.at > question.at]
    kept = [*before[-_MOST_BEFORE:], *after[:_MOST_AFTER]]
    return [_change(record) for record in kept], len(log) - len(kept)


def _change(record: Transition) -> Change:
    return Change(
        at=record.at,
        uncertainty_seconds=record.uncertainty,
        noticed_at=record.noticed_at,
        before=record.before,
        after=record.after,
        words=evidence_in_words(record.evidence),
        evidence=record.evidence,
    )


def _required(question: Question, inventory: Inventory) -> tuple[str, list[Threshold]]:
    """The name and the thresholds of what it had to keep at the time."""
    item = question.item
    if isinstance(item, Device):
        return "", []
    requirement = inventory.requirement_of(item, question.at.astimezone(zone_of(inventory, question.site)))
    name = item.requirement if isinstance(item.requirement, str) else ""
    return name, [_threshold(*each) for each in _thresholds(requirement, item)] if requirement else []


def _thresholds(requirement: Requirement, item: Link | Service) -> Iterator[tuple[Quality, float | None]]:
    stated = {
        Quality.AVAILABILITY: requirement.availability,
        Quality.RTT: requirement.rtt_p95,
        Quality.LOSS: requirement.loss,
        Quality.DELAY_VARIATION: requirement.delay_variation_p99,
    }
    yield from ((quality, value) for quality, value in stated.items() if value is not None)
    sold, share = item.contracted if isinstance(item, Link) else None, requirement.contracted_share
    ways = (
        (Quality.DOWNLOAD, requirement.download, sold.download if sold else None),
        (Quality.UPLOAD, requirement.upload, sold.upload if sold else None),
    )
    for quality, required, contracted in ways:
        if required is not None or share is not None:
            yield quality, required_speed(required, share, contracted)


def _threshold(quality: Quality, value: float | None) -> Threshold:
    bound = "a share of a contracted speed, which the inventory does not state"
    told = bound if value is None else requirement_in_words(quality, value)
    return Threshold(quality, value, f"{QUALITIES[quality]} {told}")


def _parents(subject: SubjectKey, topology: Topology, then: _Then) -> Iterator[Parent]:
    above = topology.ancestors(subject)
    direct = set(topology.parents(subject))
    roots = set(topology.roots(subject, {parent: then.seen(parent)[0] for parent in above}))
    for parent in above:
        state, since = then.parent(parent)
        yield Parent(*parent, state, since, direct=parent in direct, explains=parent in roots)


def _gaps(past: Past, period: Interval) -> Iterator[Gap]:
    """The times in the period in which the monitor saw nothing, in order."""
    unseen = without((period,), merged(past.runs))
    blind = common(unseen, merged(past.blind))
    gaps = [*((span, True) for span in blind), *((span, False) for span in without(unseen, blind))]
    for (start, end), was_blind in sorted(gaps):
        yield Gap(moment(start), moment(end), was_blind)
