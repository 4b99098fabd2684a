"""Devices, ports and certificates: how long each was down, and what people were told of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from model.incident import AlertName, Entry, Fault, Incident
from model.intervals import Interval, clipped, common, instant, merged, moment
from model.state import State
from model.timeline import Watch, timeline
from reports.facts import DeviceFacts, MonthFacts
from reports.monthly import Scope
from reports.reckoning.books import measure, seen
from reports.reckoning.judged import seconds
from reports.reckoning.month import Month
from reports.sections.others import DeviceHealth, EquipmentRow, Trouble

Noun = Literal["device", "link", "service"]
Key = tuple[Noun, str]
Told = Mapping[Key, Mapping[str, Sequence[Interval]]]
"""By whom it is about and the word for it: when it lasted."""

_FOREVER: Final = 1 << 62
_ON_BATTERY: Final = "on_battery"
_WORDS: Final[Mapping[AlertName, str]] = {
    AlertName.DEVICE_UNHEALTHY: "unhealthy",
    AlertName.SNMP_AGENT_SILENT: "agent_silent",
    AlertName.INTERFACE_ERRORS: "port_errors",
    AlertName.INTERFACE_SPEED_REDUCED: "port_slow",
    AlertName.CERTIFICATE_EXPIRING: "certificate",
}


@dataclass(frozen=True, slots=True)
class _States:
    """What a device was in, in milliseconds of the period."""

    known: int
    unknown: float | None
    downs: tuple[Interval, ...]


def device_health(month: Month, scope: Scope) -> DeviceHealth:
    """The section, of the sites that the review shows."""
    facts, homes = month.facts, _homes(month, scope)
    watch = Watch(seen(facts.runs))
    states = {one.id: _states(one, watch, facts.span) for one in facts.devices if ("device", one.id) in homes}
    is_narrowed = bool(scope.sites or scope.provider)
    told = {key: spans for key, spans in _told(facts).items() if key in homes or not is_narrowed}
    fallen: list[Key] = [("device", name) for name, found in states.items() if found.downs]
    spans = tuple(watch.seen(facts.span))
    rows = tuple(
        _row(key, homes.get(key, ""), states.get(key[1]), _troubles(told.get(key, {}), facts.span, spans))
        for key in sorted({*told, *fallen})
    )
    watched = sum(found.known > 0 for found in states.values())
    if not watched and not rows:
        return DeviceHealth()
    known = {name for name, found in states.items() if found.known}
    batteries = [one.times for row in rows for one in row.troubles if one.what == _ON_BATTERY]
    return DeviceHealth(
        reason="",
        watched=watched,
        unknown=tuple(sorted({name for noun, name in homes if noun == "device"} - known)),
        troubled=sum(row.noun == "device" for row in rows),
        on_battery=sum(batteries) if batteries else None,
        rows=rows,
    )


def _homes(month: Month, scope: Scope) -> Mapping[Key, str]:
    """The site of each device, link and service that the review shows."""
    facts, shown = month.facts, {site.id for site in month.sites}
    found: dict[Key, str] = {("device", one.id): one.site for one in (*facts.unlogged, *facts.devices)}
    found |= {("service", one.id): term.held.site for one in facts.services for term in one.terms if term.held}
    if scope.provider:
        found = {key: site for key, site in found.items() if site in shown}
    return found | {("link", row.id): row.site for row in month.links}


def _states(device: DeviceFacts, watch: Watch, span: Interval) -> _States:
    stretches = timeline(device.log, watch)
    known = measure(clipped(merged(Interval(one.start, one.end) for one in stretches), span))
    downs = merged(Interval(one.start, one.end) for one in stretches if one.state is State.DOWN)
    return _States(known, 1 - known / span.length if span.length > 0 else None, clipped(downs, span))


def _told(facts: MonthFacts) -> Told:
    found: dict[Key, dict[str, list[Interval]]] = defaultdict(lambda: defaultdict(list))
    for incident in facts.incidents:
        for entry in (*incident.entries, *incident.parts):
            noun, name = entry.fault.subject
            if entry.fault.name not in _WORDS or noun not in {"device", "link", "service"}:
                continue
            lasted = _lasted(entry, incident)
            if clipped(merged([lasted]), facts.span):
                found[noun, name][_word(entry.fault)].append(lasted)
    return found


def _lasted(entry: Entry, incident: Incident) -> Interval:
    """What an incident tells of is over with it at the latest."""
    end = entry.ended_at or incident.closed_at
    return Interval(instant(entry.fault.since), instant(end) if end else _FOREVER)


def _word(fault: Fault) -> str:
    if fault.name is AlertName.INTERFACE_SPEED_REDUCED and fault.requirement:
        return f"port_{fault.requirement}"
    return fault.requirement if fault.name is AlertName.DEVICE_UNHEALTHY and fault.requirement else _WORDS[fault.name]


def _troubles(
    told: Mapping[str, Sequence[Interval]], span: Interval, watched: tuple[Interval, ...]
) -> Iterator[Trouble]:
    for what, lasted in sorted(told.items()):
        whole = merged(lasted)
        spans = clipped(whole, span)
        yield Trouble(
            what=what,
            times=len(spans),
            first=moment(spans[0].start),
            last=moment(spans[-1].end),
            seconds=seconds(measure(spans)),
            unseen_seconds=seconds(measure(spans) - measure(common(spans, watched))),
            goes_on=whole[-1].end > span.end and spans[-1].end == span.end,
        )


def _row(key: Key, site: str, states: _States | None, troubles: Iterator[Trouble]) -> EquipmentRow:
    noun, name = key
    if noun != "device":
        return EquipmentRow(noun, name, site, None, None, None, None, tuple(troubles))
    if states is None or not states.known:
        return EquipmentRow(noun, name, site, None, None, None, 1.0, tuple(troubles))
    return EquipmentRow(
        noun=noun,
        id=name,
        site=site,
        outages=len(states.downs),
        down_seconds=seconds(measure(states.downs)),
        longest_seconds=seconds(max(one.length for one in states.downs)) if states.downs else None,
        unknown=states.unknown,
        troubles=tuple(troubles),
    )
