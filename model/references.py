"""Cross-checks between the records of an inventory: every name that is used exists, and what exists is used."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, TypeVar

from model.consistency import check_records
from model.cycles import find_cycles
from model.finding import Finding, Path
from model.inventory import Device, Inventory, Link, Service
from model.measurement import ProbeKind
from model.requirement import Requirement
from model.routing import check_routing
from model.target import Target

_MAINTAINED: Final = ("sites", "devices", "links")

Item = TypeVar("Item")
_Lists = Mapping[str, tuple[Item, ...]]
Used = tuple[Path, str]
"""A name where it is used."""


def check(inventory: Inventory, presets: Collection[str] = ()) -> tuple[Finding, ...]:
    """All findings about an inventory whose values are valid, warnings among them.

    Args:
        inventory: As read; its requirements do not hold the presets yet.
        presets: Names of requirements that exist beside the inventory's own.
    """
    findings = [*check_records(inventory), *_ids(inventory), *_wards(inventory), *_interfaces(inventory)]
    doubled = _doubled(inventory)
    findings += [*_targets(inventory), *_dependencies(inventory, doubled), *_maintenance(inventory)]
    findings += check_routing(inventory)
    # Which of two records an id that is there twice means, nobody can tell: that it is there twice is enough to say.
    return (*(finding for finding in findings if finding.about not in doubled), *_names(inventory, presets))


def _things(inventory: Inventory) -> Iterator[tuple[Path, str, str]]:
    if inventory.ward:
        yield ("ward", "id"), "ward", inventory.ward.id
    for number, ward in enumerate(inventory.wards):
        yield ("wards", number, "id"), "ward", ward.id
    for number, site in enumerate(inventory.sites):
        path: Path = ("sites", number)
        yield (*path, "id"), "site", site.id
        yield from (((*path, "devices", place, "id"), "device", item.id) for place, item in enumerate(site.devices))
        yield from (((*path, "links", place, "id"), "link", item.id) for place, item in enumerate(site.links))
        yield from (((*path, "services", place, "id"), "service", item.id) for place, item in enumerate(site.services))


def _ids(inventory: Inventory) -> Iterator[Finding]:
    windows = ((("maintenance", number, "id"), "window", w.id) for number, w in enumerate(inventory.maintenance))
    yield from _twice(_things(inventory))
    yield from _twice(windows)


def _twice(things: Iterable[tuple[Path, str, str]]) -> Iterator[Finding]:
    first: dict[str, tuple[Path, str]] = {}
    for path, kind, name in things:
        if name in first:
            other, other_kind = first[name]
            what = f"`{name}` is the id of a {other_kind} already"
            yield Finding(path, what, f"give this {kind} an id of its own", other=other)
        else:
            first[name] = path, kind


def _doubled(inventory: Inventory) -> set[str]:
    counts = Counter(name for _, _, name in _things(inventory))
    return {name for name, count in counts.items() if count > 1}


def _wards(inventory: Inventory) -> Iterator[Finding]:
    wards = {ward.id for ward in inventory.all_wards()}
    for number, site in enumerate(inventory.sites):
        path = ("sites", number, "ward")
        if site.ward is not None and not inventory.wards:
            yield Finding(path, "`ward` in a site belongs to a list of `wards`", "take it out")
        elif site.ward is not None and site.ward not in wards:
            yield _dangling(path, "ward", site.ward, wards, "`wards`")
        elif site.ward is None and inventory.wards:
            yield Finding(path, f"site `{site.id}` does not say its ward", "add `ward: ID`, one of `wards`")


def _interfaces(inventory: Inventory) -> Iterator[Finding]:
    polled = {device.id: device.snmp is not None for _, device in inventory.devices()}
    for path, link in _links(inventory):
        if link.interface_parts:
            yield from _polled((*path, "interface"), link.interface_parts[0], polled)


def _targets(inventory: Inventory) -> Iterator[Finding]:
    polled = {device.id: device.snmp is not None for _, device in inventory.devices()}
    for path, target in _all_targets(inventory):
        if target.kind is ProbeKind.SNMP:
            yield from _polled(path, target.host, polled)


def _all_targets(inventory: Inventory) -> Iterator[tuple[Path, Target]]:
    yield from ((("anchors", number), target) for number, target in enumerate(inventory.anchors))
    for path, link in _links(inventory):
        yield from (((*path, "target", number), target) for number, target in enumerate(link.targets))


def _polled(path: Path, name: str, polled: Mapping[str, bool]) -> Iterator[Finding]:
    if name not in polled:
        yield _dangling(path, "device", name, polled, "the `devices` of a site")
    elif not polled[name]:
        what = f"device `{name}` is not polled over SNMP"
        yield Finding(path, what, "add `snmp: {credentials: …}` to the device", about=name)


def _dependencies(inventory: Inventory, doubled: Collection[str]) -> Iterator[Finding]:
    known = {thing for _, kind, thing in _things(inventory) if kind in {"device", "link"}}
    arrows: dict[str, list[Used]] = {}
    for path, subject, depends_on in _dependents(inventory):
        uses = [((*path, "depends_on", number), name) for number, name in enumerate(depends_on)]
        if subject not in doubled:
            arrows[subject] = uses
        yield from _missing(uses, "device or link", known, "the `devices` or `links` of a site")
    yield from find_cycles(arrows)


def _dependents(inventory: Inventory) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    for number, site in enumerate(inventory.sites):
        lists: _Lists[Device | Link | Service]
        lists = {"devices": site.devices, "links": site.links, "services": site.services}
        for key, items in lists.items():
            yield from ((("sites", number, key, place), item.id, item.depends_on) for place, item in enumerate(items))


def _maintenance(inventory: Inventory) -> Iterator[Finding]:
    known: dict[str, set[str]] = {key: set() for key in _MAINTAINED}
    for _, kind, name in _things(inventory):
        known.get(f"{kind}s", set()).add(name)
    for number, window in enumerate(inventory.maintenance):
        for key in _MAINTAINED:
            uses = [(("maintenance", number, key, place), name) for place, name in enumerate(getattr(window, key))]
            yield from _missing(uses, key.removesuffix("s"), known[key], f"`{key}`")


def _names(inventory: Inventory, presets: Collection[str]) -> Iterator[Finding]:
    own = inventory.requirements
    extended = list(_extended(own, presets))
    yield from find_cycles({str(path[1]): [(path, base)] for path, base in extended if base in own})
    yield from _table("requirement", own, [*_required(inventory), *extended], others=presets)
    yield from _table("credentials", inventory.credentials, _credentials(inventory))
    yield from _table("team", inventory.teams, _teams(inventory))
    yield from _table("person", inventory.people, _members(inventory), key="people")
    yield from _table(
        "receiver", inventory.alerts.receivers, _receivers(inventory), key="receivers", within=("alerts",)
    )


def _table(
    kind: str,
    own: Mapping[str, object],
    uses: list[Used],
    *,
    others: Collection[str] = (),
    key: str | None = None,
    within: Path = (),
) -> Iterator[Finding]:
    key = key or f"{kind.removesuffix('s')}s"
    yield from _missing(uses, kind, {*own, *others}, f"`{key}`")
    used = Counter(name for _, name in uses)
    for name in own:
        if name not in used:
            yield Finding((*within, key, name), f"nobody uses `{name}`", "use it or take it out", is_warning=True)


def _missing(uses: Iterable[Used], kind: str, known: Collection[str], where: str) -> Iterator[Finding]:
    return (_dangling(path, kind, name, known, where) for path, name in uses if name not in known)


def _dangling(path: Path, kind: str, name: str, known: Collection[str], where: str) -> Finding:
    what = f"there is no {kind} `{name}`" if kind != "credentials" else f"there are no credentials `{name}`"
    return Finding(path, what, f"write one that is under {where}", sought=name, candidates=known)


def _links(inventory: Inventory) -> Iterator[tuple[Path, Link]]:
    for number, site in enumerate(inventory.sites):
        yield from ((("sites", number, "links", place), link) for place, link in enumerate(site.links))


def _required(inventory: Inventory) -> Iterator[Used]:
    for number, site in enumerate(inventory.sites):
        lists: _Lists[Link | Service] = {"links": site.links, "services": site.services}
        for key, items in lists.items():
            for place, item in enumerate(items):
                yield from _requirement(("sites", number, key, place, "requirement"), item)


def _requirement(path: Path, subject: Link | Service) -> Iterator[Used]:
    own = subject.requirement
    if isinstance(own, str):
        yield path, own
    elif own is not None and own.extends is not None:
        yield (*path, "extends"), own.extends


def _extended(own: Mapping[str, Requirement], presets: Collection[str]) -> Iterator[Used]:
    for name, requirement in own.items():
        base = requirement.extends
        # An overlay on the preset of its own name uses the preset, not itself.
        if base is not None and not (base == name and base in presets):
            yield ("requirements", name, "extends"), base


def _credentials(inventory: Inventory) -> list[Used]:
    traps = inventory.traps.credentials if inventory.traps else ()
    heard: list[Used] = [(("traps", "credentials", number), name) for number, name in enumerate(traps)]
    return heard + [
        (("sites", number, "devices", place, "snmp", "credentials"), device.snmp.credentials)
        for number, site in enumerate(inventory.sites)
        for place, device in enumerate(site.devices)
        if device.snmp
    ]


def _teams(inventory: Inventory) -> list[Used]:
    sites = [(("sites", number, "team"), site.team) for number, site in enumerate(inventory.sites)]
    receivers = [(("alerts", "receivers", name, "team"), r.team) for name, r in inventory.alerts.receivers.items()]
    return [(path, team) for path, team in (*sites, *receivers) if team is not None]


def _members(inventory: Inventory) -> list[Used]:
    members = [
        (("teams", name, "members", place), member)
        for name, team in inventory.teams.items()
        for place, member in enumerate(team.members)
    ]
    overrides = [
        (("teams", name, "overrides", place, "member"), override.member)
        for name, team in inventory.teams.items()
        for place, override in enumerate(team.overrides)
    ]
    return [*members, *overrides]


def _receivers(inventory: Inventory) -> list[Used]:
    routes = list(enumerate(inventory.alerts.routes))
    first = [(("alerts", "routes", number, "receiver"), route.receiver) for number, route in routes]
    later = [
        (("alerts", "routes", number, "escalate", place, "receiver"), step.receiver)
        for number, route in routes
        for place, step in enumerate(route.escalate)
    ]
    reports = [(("reports", "receivers", number), name) for number, name in enumerate(inventory.reports.receivers)]
    return [*first, *later, *reports]
