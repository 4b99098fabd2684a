"""What hangs on what, as the devices themselves see it, beside what the inventory says; and what has changed since.

Everything here is a proposal or a remark for people: states and alerts go by the inventory alone.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from model.directory import Directory, Known
from model.placement import Proposal, Why, parent_of, uplink_of
from model.survey import Port, Survey

_FACTS: Final = ("object_id", "name", "model", "serial", "firmware")


class Agreement(StrEnum):
    """What the inventory says of a proposal."""

    SAYS_SO = "says so"
    SAYS_NOTHING = "says nothing"
    SAYS_OTHERWISE = "says otherwise"
    SAYS_THE_REVERSE = "says the reverse"  # the parent hangs on the child


@dataclass(frozen=True, slots=True)
class Dependency:
    """One device that seems to hang on another.

    Attributes:
        device: The id of the lower one.
        parent: The id of the upper one, and why.
        said: What the inventory has under `depends_on`.
        agreement: What that means.
    """

    device: str
    parent: Proposal
    said: tuple[str, ...]
    agreement: Agreement


class Change(StrEnum):
    """How a device is not what it was."""

    GONE = "gone"  # it answered, and does not any more
    BACK = "back"
    FACT = "fact"  # what it says of itself: model, serial number, firmware, name
    UPLINK = "uplink"  # its way up is another port
    MOVED = "moved"  # a neighbour is at another port
    LEFT = "left"  # a neighbour is not seen any more
    CAME = "came"  # a neighbour is new


@dataclass(frozen=True, slots=True, order=True)
class Drift:
    """One thing that changed.

    Attributes:
        device: The id of the device that tells of it.
        change: What kind.
        what: What it is about: a fact's name, a neighbour's.
        was: Before; empty for nothing.
        now: Now; empty for nothing.
    """

    device: str
    change: Change
    what: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of a device until the next look.

    Attributes:
        answered: Whether it did.
        facts: What it said of itself.
        uplink: The port of its way up; empty where it is not known.
        neighbours: By their names, or hardware addresses where they have none: the port behind which each is.
    """

    answered: bool
    facts: Mapping[str, str]
    uplink: str
    neighbours: Mapping[str, str]


def enriched(known: Collection[Known], surveys: Mapping[str, Survey]) -> list[Known]:
    """The known devices with every name and address that they tell of themselves, or that others have of them."""
    macs = {address: mac for survey in surveys.values() for address, (mac, _) in survey.arp.items()}
    found = [_enriched(each, surveys.get(each.id), macs.get(each.address, "")) for each in known]
    # An address that two have, as two routers that stand in for each other do (VRRP), tells neither.
    owners = Counter(mac for each in found for mac in each.macs)
    return [replace(each, macs=frozenset(mac for mac in each.macs if owners[mac] == 1)) for each in found]


def _enriched(known: Known, survey: Survey | None, mac: str) -> Known:
    seen = known.macs | {mac} - {""}
    if survey is None:
        return replace(known, macs=seen)
    own = {survey.chassis, *(port.mac for port in survey.ports)} - {""}
    return replace(
        known,
        names=known.names | {survey.system.name} - {""},
        macs=seen | own,
        addresses=known.addresses | {network.partition("/")[0] for network in survey.networks},
    )


Said = Mapping[str, tuple[str, ...]]
"""What the inventory has under ``depends_on``, by the ids of devices and links."""


Uplinks = Mapping[str, Proposal | None]
"""The way up of each device that told something."""


def dependencies(
    known: Collection[Known], surveys: Mapping[str, Survey], said: Said, monitor: str | None = None
) -> list[Dependency]:
    """For each device the one that it seems to hang on, where anything tells; the surest of those that contradict.

    Args:
        known: The devices of the inventory.
        surveys: What those told that answered, by their ids.
        said: What the inventory says.
        monitor: Our own address.
    """
    devices = enriched(known, surveys)
    directory = Directory(devices)
    uplinks = {name: uplink_of(survey, monitor) for name, survey in surveys.items()}
    below = _seen_below(directory, [each.id for each in devices], surveys, uplinks)
    parents = ((each.id, _parent(each.id, directory, surveys, uplinks) or below.get(each.id)) for each in devices)
    proposed = [(name, parent) for name, parent in parents if parent is not None]
    surest = sorted(proposed, key=lambda each: list(Why).index(each[1].why))
    accepted = dict(said)
    found: dict[str, Dependency] = {}
    for name, parent in surest:
        agreement = _agreement(name, parent.subject, said)
        if agreement is Agreement.SAYS_NOTHING:
            if _hangs_on(parent.subject, name, accepted):
                continue  # a surer proposal says the reverse
            accepted[name] = (parent.subject,)
        found[name] = Dependency(name, parent, said.get(name, ()), agreement)
    return [found[each.id] for each in devices if each.id in found]


def _parent(device: str, directory: Directory, surveys: Mapping[str, Survey], uplinks: Uplinks) -> Proposal | None:
    own = surveys.get(device)
    return parent_of(own, uplinks[device], directory, device) if own is not None else None


def _seen_below(
    directory: Directory, devices: Iterable[str], surveys: Mapping[str, Survey], uplinks: Uplinks
) -> dict[str, Proposal]:
    """Who has whom behind a port that is not its way up: by LLDP, else by the emptiest port of a bridge."""
    named: dict[str, Proposal] = {}
    bridged: dict[str, tuple[int, Proposal]] = {}
    for device in devices:
        survey, uplink = surveys.get(device), uplinks.get(device)
        if survey is None:
            continue
        for lower, proposal in _named(device, directory, survey, uplink):
            named.setdefault(lower, proposal)
        for lower, crowd, proposal in _bridged(device, directory, survey, uplink):
            if lower not in bridged or crowd < bridged[lower][0]:
                bridged[lower] = crowd, proposal
    return {lower: proposal for lower, (_, proposal) in bridged.items()} | named


def _named(
    device: str, directory: Directory, survey: Survey, uplink: Proposal | None
) -> Iterator[tuple[str, Proposal]]:
    for neighbour in survey.neighbours:
        port = survey.port(neighbour.port)
        lower = directory.match(neighbour, survey, device)
        if lower is not None and port is not None and _is_below(port, uplink):
            yield lower.id, Proposal(device, Why.NEIGHBOUR, f"{neighbour.witness}: {device} {port.name}")


def _bridged(
    device: str, directory: Directory, survey: Survey, uplink: Proposal | None
) -> Iterator[tuple[str, int, Proposal]]:
    """With how many stations are behind the same port."""
    crowds, ports = Counter(survey.stations.values()), {port.index: port for port in survey.ports}
    for mac, index in survey.stations.items():
        port = ports.get(index)
        if port is not None and _is_below(port, uplink):
            for lower in directory.owners(mac):
                if lower.id != device:
                    yield lower.id, crowds[index], Proposal(device, Why.NEIGHBOUR, f"bridge: {device} {port.name}")


def _is_below(port: Port, uplink: Proposal | None) -> bool:
    return uplink is None or port.name != uplink.subject


def _agreement(device: str, parent: str, said: Said) -> Agreement:
    if _hangs_on(device, parent, said):
        return Agreement.SAYS_SO
    if _hangs_on(parent, device, said):
        return Agreement.SAYS_THE_REVERSE
    return Agreement.SAYS_OTHERWISE if said.get(device) else Agreement.SAYS_NOTHING


def _hangs_on(lower: str, upper: str, said: Said) -> bool:
    """Whether the one depends on the other, directly or through others."""
    waiting, met = [lower], set()
    while waiting:
        current = waiting.pop()
        if current in met:
            continue
        met.add(current)
        if upper in said.get(current, ()):
            return True
        waiting += said.get(current, ())
    return False


def seen_of(survey: Survey, monitor: str | None = None) -> Seen:
    """What is to be remembered of a device that answered."""
    system = survey.system
    told = {"object_id": system.object_id, "name": system.name, **survey.facts}
    uplink = uplink_of(survey, monitor)
    # Which port carries the most may differ from day to day; that is no change of the network.
    is_sure = uplink is not None and uplink.why in {Why.ROUTE, Why.STATION, Why.NAME}
    ports = {port.index: port.name for port in survey.ports}
    neighbours = {each.name or each.mac: ports.get(each.port or 0, "") for each in survey.neighbours}
    return Seen(
        answered=True,
        facts={key: told[key] for key in _FACTS if told.get(key)},
        uplink=uplink.subject if uplink is not None and is_sure else "",
        neighbours={name: port for name, port in neighbours.items() if name},
    )


def drift(before: Mapping[str, Seen], now: Mapping[str, Seen]) -> list[Drift]:
    """What changed between two looks, of the devices that were there both times."""
    return sorted(each for name in before.keys() & now.keys() for each in _drift(name, before[name], now[name]))


def _drift(name: str, was: Seen, now: Seen) -> Iterator[Drift]:
    if was.answered != now.answered:
        yield Drift(name, Change.BACK if now.answered else Change.GONE, "", "", "")
    if not now.answered:
        return
    for key in _FACTS:
        old, new = was.facts.get(key, ""), now.facts.get(key, "")
        if old and new and old != new:
            yield Drift(name, Change.FACT, key, old, new)
    if was.uplink and now.uplink and was.uplink != now.uplink:
        yield Drift(name, Change.UPLINK, "", was.uplink, now.uplink)
    yield from _drift_of_neighbours(name, was.neighbours, now.neighbours)


def _drift_of_neighbours(name: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Drift]:
    for neighbour in was.keys() | now.keys():
        old, new = was.get(neighbour), now.get(neighbour)
        if old is None:
            yield Drift(name, Change.CAME, neighbour, "", new or "")
        elif new is None:
            yield Drift(name, Change.LEFT, neighbour, old, "")
        elif old and new and old != new:
            yield Drift(name, Change.MOVED, neighbour, old, new)


def remembered(before: Mapping[str, Seen], now: Mapping[str, Seen]) -> dict[str, Seen]:
    """What is to be compared with the next time: of a device that does not answer, what it told the last time."""
    return {
        name: replace(before[name], answered=False) if not seen.answered and name in before else seen
        for name, seen in now.items()
    }
