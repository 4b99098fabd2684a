"""Where a device belongs: what it is for, its way up, what it hangs on, at which site. Proposals, each with its reason.

What is proposed is shown to a person with the reason, and nothing of it is acted on before somebody agrees.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address, ip_interface, ip_network
from typing import Final, Literal

from model.directory import Directory, Known
from model.survey import Neighbour, Port, Survey

Role = Literal["router", "switch", "ap", "ont", "ups", "server", "camera", "other"]

# By what sysDescr says; the first that fits.
_ROLES: Final[tuple[tuple[Role, str], ...]] = (
    ("ups", r"\bups\b|smart-?ups|9px|powerware"),
    ("camera", r"camera|\bipc\b|\bnvr\b|\bdvr\b"),
    ("other", r"printer|brother|laserjet|\bolt\b"),
    ("switch", r"switch|swos|\bC[239]\d{3}|jetstream|procurve|comware|\bS5\d{3}|edgeswitch|zte 59|zxr10"),
    ("ont", r"\bont\b|\bonu\b|gpon|\btd-w"),
    ("ap", r"access point|\bwap\b|airos|unifi|\buap\b|\bu[5-7][- ]|instant on|\beap\d"),
    ("router", r"router|vigor|gateway|firewall|forti|edgeos|junos|openwrt|pfsense|opnsense|vyos|\bIOS\b"),
    ("server", r"linux|windows|freebsd|darwin|vmware|esxi|diskstation|synology"),
)
# By the beginning of sysObjectID, where sysDescr says less: of boxes that all are of one kind.
_ROLES_OF_OBJECTS: Final[Mapping[str, Role]] = {
    "1.3.6.1.4.1.318.": "ups",
    "1.3.6.1.4.1.534.": "ups",
    "1.3.6.1.4.1.705.": "ups",
    "1.3.6.1.4.1.3808.": "ups",
    "1.3.6.1.4.1.47196.4.1.1.": "switch",
    "1.3.6.1.4.1.3902.3.600.": "switch",
    "1.3.6.1.4.1.10002.1.": "ap",
    "1.3.6.1.4.1.41112.1.4.": "ap",
    "1.3.6.1.4.1.41112.1.6.": "ap",
    "1.3.6.1.4.1.7367.": "router",
    "1.3.6.1.4.1.12356.": "router",
    "1.3.6.1.4.1.16972.": "router",
    "1.3.6.1.4.1.2011.2.240.": "other",
    "1.3.6.1.4.1.3902.1082.": "other",
}
_LAYERS: Final = 0b110  # data link and network of sysServices
_ROUTES: Final = 0b100
_UPWARDS: Final = re.compile(
    r"\bwan|uplink|pppoe|internet|\bisp\b|\bvnpt\b|viettel|\bfpt\b|\bcmc\b|lte|trunk", re.IGNORECASE
)
_PHYSICAL: Final = frozenset({6, 71, 117, 161, 250})  # ethernet, 802.11, gigabit ethernet, LAG, GPON
_LEAVES: Final = frozenset({"ap", "ups", "camera", "other", "server"})


class Why(StrEnum):
    """By what a proposal was made, the surest first."""

    ROUTE = "route"  # the default route leaves there
    STATION = "station"  # the bridge has seen the gateway behind it
    NEIGHBOUR = "neighbour"  # LLDP or CDP names the device there
    NAME = "name"  # it is called so
    TRAFFIC = "traffic"  # it carries the most
    GATEWAY = "gateway"  # it is the next hop
    ONLY = "only"  # there is no other
    NETWORK = "network"  # others of the same network are there
    LOCATION = "location"  # sysLocation or sysName says so
    PARENT = "parent"  # what it hangs on is there
    GIVEN = "given"  # a person said so


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed and why: ``subject`` is the name of a port, the id of a device or of a site."""

    subject: str
    why: Why
    evidence: str = ""


def role_of(survey: Survey) -> Role:
    """What a device is for; ``other`` where nothing tells."""
    if survey.is_ups:
        return "ups"
    of_object = (role for head, role in _ROLES_OF_OBJECTS.items() if f"{survey.system.object_id}.".startswith(head))
    known = next(of_object, None)
    if known is not None:
        return known
    told = f"{survey.system.descr} {survey.facts.get('model', '')} {survey.vendor}"
    for role, pattern in _ROLES:
        if re.search(pattern, told, re.IGNORECASE):
            return role
    layers = (survey.services or 0) & _LAYERS
    if not layers:
        return "other"
    return "router" if layers & _ROUTES else "switch"


def uplink_of(survey: Survey, monitor: str | None = None) -> Proposal | None:
    """The port by which a device reaches the rest of the world.

    Args:
        survey: What the device told.
        monitor: Our own address, towards which a device without a route looks.
    """
    return next(_uplinks(survey, monitor), None)


def _uplinks(survey: Survey, monitor: str | None) -> Iterator[Proposal]:
    for gateway in survey.gateways:
        mac, seen = survey.arp.get(gateway.address, ("", 0))
        behind = survey.port(survey.stations.get(mac))
        through = survey.port(gateway.port or seen)
        if behind is not None:
            yield Proposal(behind.name, Why.STATION, gateway.address)
        elif through is not None:
            yield Proposal(through.name, Why.ROUTE, gateway.address)
    mac, _ = survey.arp.get(monitor or "", ("", 0))
    towards = survey.port(survey.stations.get(mac))
    if towards is not None:
        yield Proposal(towards.name, Why.STATION, monitor or "")
    named = [port for port in survey.ports if _UPWARDS.search(f"{port.name} {port.alias}") and port.is_up]
    yield from (Proposal(port.name, Why.NAME, port.alias) for port in named)
    yield from _busiest(survey.ports)


def _busiest(ports: Sequence[Port]) -> Iterator[Proposal]:
    lines = [port for port in ports if port.kind in _PHYSICAL and port.is_up and port.octets]
    if lines:
        busiest = max(lines, key=lambda port: port.octets or 0)
        yield Proposal(busiest.name, Why.TRAFFIC)


def parent_of(survey: Survey, uplink: Proposal | None, known: Directory, own: str = "") -> Proposal | None:
    """The device without which this one cannot be reached, if it is among those that are known.

    Args:
        survey: What this one told.
        uplink: Its way up.
        known: The devices.
        own: Its own id, where it is among them.
    """
    return next(_parents(survey, uplink, known, own), None)


def _parents(survey: Survey, uplink: Proposal | None, known: Directory, own: str) -> Iterator[Proposal]:
    up = next((port.index for port in survey.ports if uplink and port.name == uplink.subject), None)
    matched = [(each, found) for each in survey.neighbours if (found := known.match(each, survey, own)) is not None]
    yield from (
        Proposal(found.id, Why.NEIGHBOUR, _seen(each, survey))
        for each, found in matched
        if up is not None and each.port == up
    )
    for gateway in survey.gateways:
        mac, _ = survey.arp.get(gateway.address, ("", 0))
        hop = known.at(gateway.address, mac, own)
        if hop is not None:
            yield Proposal(hop.id, Why.GATEWAY, gateway.address)
    # Where no port tells it, the only neighbour that others hang on will be it.
    above = {found.id: each for each, found in matched if found.role not in _LEAVES}
    name, each = next(iter(above.items()), ("", None))
    if len(above) == 1 and each is not None and (up is None or each.port is None):
        yield Proposal(name, Why.NEIGHBOUR, _seen(each, survey))


def _seen(neighbour: Neighbour, survey: Survey) -> str:
    port = survey.port(neighbour.port)
    ends = f"{port.name if port else '?'} – {neighbour.far_port or '?'}"
    return f"{neighbour.witness}: {neighbour.name or neighbour.mac} ({ends})"


def site_of(
    address: str,
    survey: Survey | None,
    parent: Known | None,
    sites: Collection[tuple[str, str]],
    known: Collection[Known],
) -> Proposal | None:
    """The site of a device; ``None`` where a person must say.

    Args:
        address: Of the device.
        survey: What it told.
        parent: What it hangs on.
        sites: Id and name of each.
        known: The devices that are known.
    """
    if len(sites) == 1:
        return Proposal(next(iter(sites))[0], Why.ONLY)
    told = f"{survey.system.location} {survey.system.name}".casefold() if survey else ""
    called = [own for own, name in sites if _says(told, own) or (name and name.casefold() in told)]
    if len(called) == 1:
        return Proposal(called[0], Why.LOCATION, survey.system.location if survey else "")
    beside = Counter(each.site for each in known if _same_network(address, each.address))
    if len(beside) == 1:
        return Proposal(next(iter(beside)), Why.NETWORK)
    return Proposal(parent.site, Why.PARENT, parent.id) if parent is not None else None


def _says(told: str, name: str) -> bool:
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", told) is not None


def _same_network(one: str, other: str) -> bool:
    """Whether two addresses are as near as hosts of one office usually are: /24, /64."""
    try:
        first, second = ip_address(one), ip_address(other)
    except ValueError:
        return False
    width = 24 if first.version == 4 else 64  # noqa: PLR2004  # the version of IP
    return first.version == second.version and second in ip_network(f"{first}/{width}", strict=False)


def is_beside(survey: Survey, monitor: str | None) -> bool:
    """Whether the monitor is in one of the device's own networks, so that reaching the device proves no line."""
    if monitor is None or not monitor:
        return False
    own = ip_address(monitor)
    networks = [ip_interface(text).network for text in survey.networks]
    return any(own in network for network in networks if network.version == own.version)
