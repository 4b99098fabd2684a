"""From sites and links as somewhere else has them to changes: what is new is added, what differs amended.

What somewhere else does not say, or does not have, stays as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from pydantic import ValidationError

from model.inventory import Device, Inventory, Link, Site
from monitor.config.editing import Addition, Amendment, Change
from monitor.config.explaining import explain_errors
from monitor.config.mending import nearest
from monitor.config.tree import tree_of
from monitor.config.written import Written

PARTS: Final = {"location": ("latitude", "longitude"), "contracted": ("download", "upload")}
"""Keys of the inventory that two columns of a sheet make together."""

Kind = Literal["site", "link", "device"]

_MODELS: Final[Mapping[Kind, type[Site | Link | Device]]] = {"site": Site, "link": Link, "device": Device}
_ALIASES: Final = {"target": "targets"}


@dataclass(frozen=True, slots=True, order=True)
class EntryProblem:
    """What is wrong with an entry.

    Attributes:
        number: Of the entry, where it came from: of a sheet the row.
        place: What is meant inside of it: of a sheet the column's letter; empty where the whole is meant.
        what: What is wrong.
        mend: How to mend it.
        kind: Of the entry.
    """

    number: int
    place: str
    what: str
    mend: str
    kind: Kind = "site"


@dataclass(slots=True)
class Entry:
    """A site, link or device as somewhere else has it.

    Attributes:
        kind: Which of them.
        number: Where it came from.
        values: By the inventory's keys, and the parts of PARTS.
        places: Where each value came from.
        links: Of a site.
        devices: Of a site.
        is_wounded: Whether one of its values could not be read.
    """

    kind: Kind
    number: int
    values: dict[str, Written] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    links: list["Entry"] = field(default_factory=list)
    devices: list["Entry"] = field(default_factory=list)
    is_wounded: bool = False

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.values["id"])

    def problem(self, key: str, what: str, mend: str) -> EntryProblem:
        """What is wrong with one of its values."""
        return EntryProblem(self.number, self.places.get(key, ""), what, mend, self.kind)


@dataclass(frozen=True, slots=True)
class Imported:
    """What sites from elsewhere mean for an inventory.

    Attributes:
        changes: What would be written.
        problems: What is wrong; while there are any, nothing is written.
        sites: How many sites there are.
        links: How many links there are.
    """

    changes: tuple[Change, ...]
    problems: tuple[EntryProblem, ...]
    sites: int = 0
    links: int = 0


def reconcile(sites: Sequence[Entry], inventory: Inventory, problems: Sequence[EntryProblem] = ()) -> Imported:
    """What would change if the inventory said what these sites say.

    Args:
        sites: With their links and devices.
        inventory: As it is.
        problems: What was wrong before.
    """
    found = [*problems, *_unknown_names(sites, inventory)]
    there = _There.of(inventory)
    changes = [change for site in sites for change in _changes_of_site(site, there, found)]
    links = sum(len(site.links) for site in sites)
    return Imported(tuple(changes), tuple(sorted(set(found))), len(sites), links)


@dataclass(frozen=True, slots=True)
class _There:
    """What the inventory has, by its ids; of parts with the site that they are at."""

    sites: Mapping[str, Site]
    parts: Mapping[str, tuple[Site, Link | Device]]

    @classmethod
    def of(cls, inventory: Inventory) -> "_There":
        parts: dict[str, tuple[Site, Link | Device]] = {link.id: (site, link) for site, link in inventory.links()}
        parts |= {device.id: (site, device) for site, device in inventory.devices()}
        return cls({site.id: site for site in inventory.sites}, parts)


def _changes_of_site(site: Entry, inventory: _There, problems: list[EntryProblem]) -> Iterator[Change]:
    there = inventory.sites.get(site.id)
    own = _record(site, there)
    parts = {"devices": site.devices, "links": site.links}
    if there is None:
        inner = {key: [_record(each, None) for each in entries] for key, entries in parts.items() if entries}
        entries = (site, *site.devices, *site.links)
        # Every problem is to be told, not only the first.
        if len([each for each in entries if _is_valid(each, _record(each, None), problems)]) == len(entries):
            yield Addition({**own, **inner}, "sites")
        return
    if _is_valid(site, own, problems):
        yield from _amendments(site, own, there)
    for entry in (*site.devices, *site.links):
        yield from _changes_of_part(entry, there, inventory, problems)


def _changes_of_part(entry: Entry, site: Site, inventory: _There, problems: list[EntryProblem]) -> Iterator[Change]:
    owner, there = inventory.parts.get(entry.id, (site, None))
    if owner.id != site.id:
        what = f"{entry.kind} `{entry.id}` is in the inventory at site `{owner.id}`"
        problems.append(entry.problem("id", what, f"write {owner.id}, or move it by hand"))
        return
    record = _record(entry, there)
    if not _is_valid(entry, {**_least(there), **record}, problems):
        return
    if there is None:
        yield Addition(record, "links" if entry.kind == "link" else "devices", site.id)
    else:
        yield from _amendments(entry, record, there)


def _amendments(entry: Entry, record: Mapping[str, Written], there: Site | Link | Device) -> Iterator[Change]:
    """What is said otherwise than in the inventory."""
    said = _MODELS[entry.kind].model_validate({**_least(there), **record})
    for key, value in record.items():
        attribute = _ALIASES.get(key, key)
        if key != "id" and getattr(said, attribute) != getattr(there, attribute, None):
            yield Amendment(entry.id, key, value)


def _least(there: Site | Link | Device | None) -> dict[str, Written]:
    """What a record cannot be without."""
    if isinstance(there, Link):
        return {"target": [str(each) for each in there.targets]}
    return {"address": there.address} if isinstance(there, Device) else {}


def _record(entry: Entry, there: Site | Link | Device | None) -> dict[str, Written]:
    """The keys of the inventory; of a pair of which one half is said, the other is taken from what is there."""
    halves = {part for parts in PARTS.values() for part in parts}
    record = {key: value for key, value in entry.values.items() if key not in halves}
    first, second = (entry.values.get(part) for part in PARTS["location"])
    if first is not None and second is not None:
        record["location"] = [first, second]
    speeds = {part: entry.values[part] for part in PARTS["contracted"] if part in entry.values}
    if speeds:
        record["contracted"] = {**_speeds_of(there), **speeds}
    targets = record.get("target")
    if isinstance(targets, list) and len(targets) == 1:
        record["target"] = targets[0]
    return record


def _speeds_of(there: Site | Link | Device | None) -> dict[str, Written]:
    contracted = there.contracted if isinstance(there, Link) else None
    return (
        {}
        if contracted is None
        else {key: f"{getattr(contracted, key) / 1e6:.10g}Mbit/s" for key in PARTS["contracted"]}
    )


def _is_valid(entry: Entry, record: Mapping[str, Written], problems: list[EntryProblem]) -> bool:
    if entry.is_wounded:
        return False  # what else is wrong with it may only follow from that
    model = _MODELS[entry.kind]
    try:
        model.model_validate(record)
    except ValidationError as error:
        for path, problem in explain_errors(error, tree_of(dict(record)), model):
            problems.append(entry.problem(_key(entry, path), problem.what, problem.mend))
        return False
    return True


def _key(entry: Entry, path: Sequence[str | int]) -> str:
    keys = [str(part) for part in reversed(path)]
    parts = [part for key in keys for part in PARTS.get(key, ())]
    return next((key for key in (*keys, *parts) if key in entry.places), "")


def _unknown_names(sites: Sequence[Entry], inventory: Inventory) -> Iterator[EntryProblem]:
    own = {device.id for site in sites for device in site.devices}
    tables = {
        "team": set(inventory.teams),
        "requirement": set(inventory.requirements),
        "ward": {ward.id for ward in inventory.wards},
        "interface": own | {device.id for _, device in inventory.devices()},
    }
    for entry in (each for site in sites for each in (site, *site.links)):
        for key, known in tables.items():
            name = str(entry.values.get(key, "")).partition("/")[0]
            if name and name not in known:
                noun = "device" if key == "interface" else key
                mend = nearest(name, known) or (f"write one of {_some(known)}" if known else "leave it empty")
                yield entry.problem(key, f"there is no {noun} `{name}`", mend)


def _some(names: set[str]) -> str:
    shown = sorted(names)[:12]
    return ", ".join(shown) + (", …" if len(shown) < len(names) else "")
