"""Whether the alerts of an inventory reach somebody: its teams, receivers and routes, looked at together."""

from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import Final

from model.alerting import Alerts, Route, Team
from model.finding import Finding, Path
from model.incident import AlertName, Severity
from model.inventory import Inventory, Link, Site
from model.verdict import Quality

LABELS: Final = (
    *("alertname", "severity", "ward", "site", "link", "device", "service", "anchor", "provider", "requirement"),
)
"""Every label that an alert can have."""

_SHORTEST_KEY: Final = 16  # characters; 96 bits where they are drawn at random from letters and digits


def check_routing(inventory: Inventory) -> Iterator[Finding]:
    """All findings about who is told, but for names that lead nowhere."""
    yield from _link_key(inventory.alerts)
    yield from _teams(inventory)
    yield from _channels(inventory)
    for number, route in enumerate(inventory.alerts.routes):
        yield from _route(("alerts", "routes", number), route)
    yield from _untaken(inventory)


def _link_key(alerts: Alerts) -> Iterator[Finding]:
    path: Path = ("alerts", "link_key")
    if alerts.link_key is None:
        return
    if len(alerts.link_key.get_secret_value()) < _SHORTEST_KEY:
        mend = f"write at least {_SHORTEST_KEY} random characters, as from `openssl rand -hex 32`"
        yield Finding(path, "`link_key` is so short that it can be guessed", mend)
    if alerts.external_url is None:
        what = "`link_key` signs links, which nobody can follow without `external_url`"
        yield Finding(path, what, "add `external_url: …`, where people reach the pages", is_warning=True)


def _teams(inventory: Inventory) -> Iterator[Finding]:
    zones = {ward.timezone for ward in inventory.all_wards()}
    for name, team in inventory.teams.items():
        path: Path = ("teams", name)
        if team.timezone is None and len(zones) > 1:
            what = f"the wards are in several time zones, and team `{name}` does not say which its clock shows"
            yield Finding(path, what, "add `timezone: …`; without one it is UTC", is_warning=True)
        yield from _handover((*path, "handover"), team)


def _handover(path: Path, team: Team) -> Iterator[Finding]:
    if team.rotation == "daily" and " " in team.handover and "handover" in team.model_fields_set:
        day, time = team.handover.split()
        what = f"the turn passes on daily, not only on {day}"
        yield Finding(path, what, f"write `handover: {time}`, or `rotation: weekly`", is_warning=True)


def _channels(inventory: Inventory) -> Iterator[Finding]:
    told = {receiver.team for receiver in inventory.alerts.receivers.values()}
    called = {
        member
        for name, team in inventory.teams.items()
        if name in told
        for member in (*team.members, *(override.member for override in team.overrides))
    }
    for name, person in inventory.people.items():
        if name in called and not person.channels:
            what = f"`{name}` can be on call, and has no channel to be told by"
            yield Finding(("people", name), what, "add `channels: […]`, Apprise URLs", is_warning=True)


def _route(path: Path, route: Route) -> Iterator[Finding]:
    yield from _labels((*path, "match"), {label: label for label in route.match})
    written = len(route.conditions) - len(route.matchers)
    yield from _labels((*path, "matchers"), dict(enumerate(one.label for one in route.conditions[written:])))
    yield from _labels((*path, "group_by"), dict(enumerate(route.group_by)))
    told = {route.receiver}
    for number, step in enumerate(route.escalate):
        if step.receiver in told:
            what = f"`{step.receiver}` is told before this step, which therefore tells nobody"
            mend = "name another receiver, or have it reminded by a shorter `repeat_interval`"
            yield Finding((*path, "escalate", number, "receiver"), what, mend, is_warning=True)
        told.add(step.receiver)


def _labels(path: Path, used: Mapping[str, str] | Mapping[int, str]) -> Iterator[Finding]:
    for place, label in used.items():
        if label not in LABELS:
            what, mend = f"no alert has a label `{label}`", f"write one of {', '.join(LABELS)}"
            yield Finding((*path, place), what, mend, sought=label, candidates=LABELS, is_warning=True)


def _untaken(inventory: Inventory) -> Iterator[Finding]:
    alerts = inventory.alerts
    # Without a receiver nobody wants to be told; through Prometheus it is Alertmanager that routes.
    if not alerts.receivers or alerts.via == "prometheus" or any(not route.conditions for route in alerts.routes):
        return
    for labels in kinds_of_alert(inventory, {one.label for route in alerts.routes for one in route.conditions}):
        if alerts.route_of(labels) is None:
            which = ", ".join(f'{label}="{value}"' for label, value in labels.items())
            what = f"no route takes an alert with {which}" if which else "no route takes any alert"
            mend = "add a route without `match` and `matchers` as the last"
            yield Finding(("alerts", "routes"), f"{what}, so nobody is told", mend, is_warning=True)
            return


def kinds_of_alert(inventory: Inventory, told_apart: Collection[str]) -> Iterator[Mapping[str, str]]:
    """The alerts that an inventory can have, each kind once: those that agree in some labels are of one kind.

    Args:
        inventory: What is watched.
        told_apart: The labels that matter.
    """
    of_the_fault = {
        "severity": tuple(Severity),
        "alertname": tuple(AlertName),
        "requirement": ("", *Quality),
    }
    varied = {label: values for label, values in of_the_fault.items() if label in told_apart}
    seen: set[frozenset[tuple[str, str]]] = set()
    for place in _places(inventory):
        kept = {label: value for label, value in place.items() if label in told_apart and value}
        if frozenset(kept.items()) in seen:
            continue
        seen.add(frozenset(kept.items()))
        for values in product(*varied.values()):
            chosen = {label: str(value) for label, value in zip(varied, values, strict=True) if value}
            yield {**chosen, **kept}


def _places(inventory: Inventory) -> Iterator[Mapping[str, str]]:
    wards = inventory.all_wards()
    nowhere = {"ward": wards[0].id} if len(wards) == 1 else {}
    yield nowhere
    for provider in {link.provider: None for _, link in inventory.links() if link.provider}:
        yield {**nowhere, "provider": provider}
    for site in inventory.sites:
        ward = inventory.ward_of(site)
        yield from _in_site(site, {"ward": ward.id if ward else "", "site": site.id})


def _in_site(site: Site, here: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    lines = [{**here, **_of_link(link)} for link in site.links]
    yield lines[0] if len(lines) == 1 else here
    yield from lines
    yield from ({**here, "device": device.id} for device in site.devices)
    yield from ({**here, "service": service.id} for service in site.services)


def _of_link(link: Link) -> Mapping[str, str]:
    return {"link": link.id, "provider": link.provider}
