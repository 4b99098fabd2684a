"""The transitions of the months before, as the daemon would have written them down."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from history.facts import Heartbeat
from model.measurement import SubjectKey
from model.state import State
from model.transition import Transition
from monitor.demo.months.events import Past, PastOutage
from monitor.demo.ward import SitePlan, WardPlan
from reports.sections.outages import Cause

FIRST_LOOK: Final = timedelta(seconds=2)
"""From when the monitor begins, or sees again, until it knows how everything is."""
_NOTICED: Final = timedelta(seconds=3)
_SEEN_BY_AGENTS: Final = 60.0  # seconds of an outage that an agent asked each ten seconds is sure to miss
_UNCERTAIN: Final = 0.5


@dataclass(frozen=True, slots=True)
class Spell:
    """A subject was in a state other than UP."""

    start: datetime
    end: datetime
    state: State


def transitions(ward: WardPlan, past: Past, begins: Mapping[str, datetime]) -> list[Transition]:
    """All of them, in order of time.

    Args:
        ward: The plan.
        past: What happened.
        begins: Since when each link is there.
    """
    found: list[Transition] = []
    spells = _spells(ward, past)
    for subject in _subjects(ward):
        begin = begins.get(subject[1], past.begin) if subject[0] == "link" else past.begin
        found += _log(subject, begin, spells[subject], past)
    return sorted(found, key=lambda one: (one.noticed_at, one.subject))


def heartbeats(past: Past) -> Iterator[Heartbeat]:
    """When the monitor was alive, and when it was blind."""
    begin = past.begin
    for pause in past.pauses:
        yield Heartbeat(begin, pause.start)
        if pause.is_blind:
            yield Heartbeat(pause.start, pause.end, blind=True)
        begin = pause.end
    yield Heartbeat(begin, past.end)


def _subjects(ward: WardPlan) -> Iterator[SubjectKey]:
    for site in ward.sites:
        yield from (("link", link.id) for link in site.links)
        yield from (("device", device.id) for device in site.devices)
        yield from (("service", service.id) for service in site.services)


def _log(subject: SubjectKey, begin: datetime, spells: Sequence[Spell], past: Past) -> Iterator[Transition]:
    for start in (begin, *(pause.end for pause in past.pauses if pause.end > begin)):
        at = start + FIRST_LOOK
        yield Transition(subject, State.UNKNOWN, State.UP, at, _UNCERTAIN, at)
    for spell in spells:
        evidence = {"why": "silent"}
        yield Transition(
            subject, State.UP, spell.state, spell.start, _UNCERTAIN, min(spell.start + _NOTICED, spell.end), evidence
        )
        yield Transition(subject, spell.state, State.UP, spell.end, _UNCERTAIN, spell.end)


def _spells(ward: WardPlan, past: Past) -> Mapping[SubjectKey, list[Spell]]:
    found: defaultdict[SubjectKey, list[Spell]] = defaultdict(list)
    homes = {link.id: site for site in ward.sites for link in site.links}
    office = ward.sites[0]
    for outage in past.outages:
        state = State.DOWN if outage.is_own else State.UNREACHABLE
        found["link", outage.link].append(Spell(outage.start, outage.end, state))
        site = homes[outage.link]
        # The office stands behind two lines that are never cut together but by what strikes the office itself.
        if site is not office or (outage.link == office.links[0].id and _is_whole(outage)):
            for subject, behind in _behind(site, outage):
                found[subject].append(Spell(outage.start, outage.end, behind))
    for fault in past.faults:
        found["service", fault.service].append(Spell(fault.start, fault.end, State.DOWN))
    return {subject: sorted(spells, key=lambda one: one.start) for subject, spells in found.items()} | {
        subject: [] for subject in _subjects(ward) if subject not in found
    }


def _is_whole(outage: PastOutage) -> bool:
    return outage.cause in {Cause.POWER, Cause.EQUIPMENT}


def _behind(site: SitePlan, outage: PastOutage) -> Iterator[tuple[SubjectKey, State]]:
    """What falls silent with the line of a site; what stands behind it is unreachable, what has no power is down."""
    for service in site.services:
        yield ("service", service.id), State.UNREACHABLE
    if outage.seconds < _SEEN_BY_AGENTS:
        return
    router, *others = site.devices
    is_router_down = outage.cause in {Cause.POWER, Cause.EQUIPMENT}
    yield ("device", router.id), State.DOWN if is_router_down else State.UNREACHABLE
    for device in others:
        yield ("device", device.id), State.DOWN if outage.cause is Cause.POWER else State.UNREACHABLE
