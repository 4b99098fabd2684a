"""From what a device has told to the lines that would stand in the inventory, and the words that go with them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from model.directory import Directory, Known
from model.inventory import Device, Inventory, Language, Link, Site, SnmpPolling
from model.measurement import ProbeKind
from model.naming import device_id, slug
from model.placement import Proposal, Role, Why, is_beside, parent_of, role_of, site_of, uplink_of
from model.survey import Survey
from model.target import Target
from model.text import one_line
from monitor.config.editing import Addition, Amendment, Change
from monitor.config.written import Written
from monitor.enrol.reading import reading_line
from monitor.enrol.words import say

_PORT: Final = SnmpPolling.model_fields["port"].default
_HAS_A_WAY_UP: Final = frozenset({"router", "switch", "ont", "ap"})
_ENDS_A_LINE: Final = frozenset({"router", "ont"})


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person has said already; the rest is proposed.

    Attributes:
        site: The id of a site.
        id: For the device.
        role: What it is for.
        name: For people.
        provider: Of a line that is to be added together with its router.
    """

    site: str | None = None
    id: str | None = None
    role: Role | None = None
    name: str | None = None
    provider: str | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A device on its way into the inventory.

    Attributes:
        changes: What would be written.
        told: What is said about it, line by line.
    """

    changes: tuple[Change, ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """How a device was asked.

    Attributes:
        address: As it is to stand in the inventory.
        credentials: Their name.
        port: UDP.
        source: Our own address towards it.
    """

    address: str
    credentials: str
    port: int
    source: str


def known_devices(inventory: Inventory) -> list[Known]:
    """The devices of the inventory as placement wants them."""
    return [
        Known(device.id, site.id, device.address, device.role, frozenset({device.id, device.name} - {""}))
        for site, device in inventory.devices()
    ]


def propose_site(inventory: Inventory, survey: Survey | None, asked: Asked, wishes: Wishes) -> Proposal | None:
    """At which site the device is; ``None`` where a person must say."""
    if wishes.site is not None:
        return Proposal(wishes.site, Why.GIVEN)
    known = known_devices(inventory)
    found = parent_of(survey, uplink_of(survey, asked.source), Directory(known)) if survey else None
    parent = next((each for each in known if found and each.id == found.subject), None)
    return site_of(asked.address, survey, parent, [(site.id, site.name) for site in inventory.sites], known)


def propose(
    inventory: Inventory, survey: Survey, asked: Asked, site: Proposal, wishes: Wishes, *, language: Language
) -> Enrolment:
    """All lines for a device.

    Args:
        inventory: As it is.
        survey: What the device told.
        asked: How it was asked.
        site: Where it is.
        wishes: What a person has said already.
        language: To speak.
    """
    role = wishes.role or role_of(survey)
    uplink = uplink_of(survey, asked.source) if role in _HAS_A_WAY_UP else None
    parent = parent_of(survey, uplink, Directory(known_devices(inventory)))
    name = wishes.id or device_id(survey.system.name, role, site.subject, taken_ids(inventory))
    record = device_record(survey, asked, name, role, wishes.name)
    told = [*_about(survey, role, language), _line(language, "site", site, site=site.subject)]
    if parent is not None:
        record["depends_on"] = [parent.subject]
        told.append(_line(language, "parent", parent, parent=parent.subject))
    else:
        told.append(say(language, "no_parent"))
    device: Change = Addition(record, "devices", site.subject)
    if uplink is None:
        return Enrolment((device,), tuple(told))
    told.append(_line(language, "uplink", uplink, port=uplink.subject))
    if parent is not None or role not in _ENDS_A_LINE:
        return Enrolment((device,), tuple(told))
    links = next(each.links for each in inventory.sites if each.id == site.subject)
    line, said = _line_behind(links, uplink, name, language)
    if wishes.provider is not None:
        link = _link_record(survey, asked, site.subject, f"{name}/{uplink.subject}", wishes.provider)
        line = Addition(link, "links", site.subject)
        said = say(language, "line_added", provider=wishes.provider)
    return Enrolment((device, line) if line else (device,), (*told, said))


def _line_behind(links: Sequence[Link], uplink: Proposal, name: str, language: Language) -> tuple[Change | None, str]:
    """The only line of a site gets the port of its router, if that is sure and the line has none yet."""
    interface = f"{name}/{uplink.subject}"
    if len(links) == 1 and links[0].interface is None and uplink.why is not Why.TRAFFIC:
        return Amendment(links[0].id, "interface", interface), say(language, "uplink_of_link", link=links[0].id)
    return None, say(language, "uplink_by_hand", interface=interface)


def _link_record(survey: Survey, asked: Asked, site: str, interface: str, provider: str) -> dict[str, Written]:
    """A line whose silence is the silence of what only it leads to.

    From elsewhere that is the device itself; from beside it, where it is reached without the line, its next hop.
    """
    hop = next((gateway.address for gateway in survey.gateways), None)
    target = hop if hop is not None and is_beside(survey, asked.source) else asked.address
    return {
        "id": slug(f"{site}-{provider}"),
        "provider": provider,
        "interface": interface,
        "target": str(Target(ProbeKind.ICMP, target)),
    }


def device_record(survey: Survey, asked: Asked, name: str, role: Role, called: str | None = None) -> dict[str, Written]:
    """The lines of a device without what it hangs on."""
    snmp: dict[str, Written] = {"credentials": asked.credentials}
    if asked.port != _PORT:
        snmp["port"] = asked.port
    named = called or describe(survey)
    record: dict[str, Written] = {"id": name}
    if named:
        record["name"] = named
    return {**record, "address": asked.address, "role": role, "snmp": snmp}


def describe(survey: Survey) -> str:
    """Vendor and model of a device, as far as they are known, on one line of at most 60 characters."""
    model = one_line(survey.facts.get("model", ""))
    vendor = survey.vendor if not model.casefold().startswith(survey.vendor.casefold()) else ""
    return f"{vendor} {model}".strip()[:60]


def taken_ids(inventory: Inventory) -> set[str]:
    """Every id of the inventory."""
    return {each for site in inventory.sites for each in _ids(site)}


def registered(inventory: Inventory, addresses: Collection[str]) -> Device | None:
    """The device that has one of these addresses already."""
    return next((device for _, device in inventory.devices() if device.address in addresses), None)


def _ids(site: Site) -> Iterator[str]:
    yield site.id
    parts: Sequence[Sequence[object]] = (site.devices, site.links, site.services)
    yield from (str(getattr(each, "id", "")) for part in parts for each in part)


def _about(survey: Survey, role: Role, language: Language) -> Iterator[str]:
    system = survey.system
    what = " – ".join(filter(None, (describe(survey), one_line(system.name), one_line(system.descr))))
    yield say(language, "is_a", what=what)
    if survey.profile:
        yield reading_line(survey, language)
    yield say(language, "role", role=role)


def _line(language: Language, key: str, proposal: Proposal, **values: str) -> str:
    why = say(language, f"why_{proposal.why}", evidence=one_line(proposal.evidence))
    return say(language, key, why=why, **values)
