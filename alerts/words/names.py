"""What people call things, and which places an incident reaches."""

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.words.telling import Telling
from alerts.words.text import capital, clean
from model.incident import About, Fault, Incident
from model.inventory import Device, Link, Service, Site


@dataclass(frozen=True, slots=True)
class Headline:
    """A subject in a title.

    Attributes:
        head: What people look for first.
        label: What tells it from its neighbours; may be empty.
        plain: A name in ASCII, for an SMS where the others have no letter of it.
    """

    head: str
    label: str = ""
    plain: str = ""


def site_name(site: Site, told: Telling) -> str:
    """The name of a site, with its ward where there are several."""
    name = clean(site.name) or site.id
    ward = told.places.inventory.ward_of(site)
    return f"{name}, {clean(ward.name) or ward.id}" if ward and len(told.places.inventory.all_wards()) > 1 else name


def ward_name(ward: str, told: Telling) -> str:
    """The name of a ward by its id; where there is none, what is said of all that is watched."""
    wards = told.places.inventory.all_wards()
    found = next((each for each in wards if each.id == ward), wards[0] if len(wards) == 1 else None)
    return (clean(found.name) or found.id) if found else told.say("ward.unknown")


def short_name(subject: About, told: Telling) -> str:
    """The name of a subject without its place."""
    site, item = told.places[subject]
    match item:
        case Link():
            return link_label(item, site)
        case Device():
            return clean(item.name) or told.say(f"role.{item.role}", name=item.id)
        case Service():
            return clean(item.name) or item.id
    return site_name(site, told) if site else clean(subject[1]) or told.say("name.unknown")


def link_label(link: Link, site: Site | None, both: str = "{name} ({provider})") -> str:
    """A line by its name and provider; without a name, by what tells it from the site's others."""
    name, provider, circuit = clean(link.name), clean(link.provider), clean(link.circuit)
    if name:
        return (
            both.format(name=name, provider=provider)
            if provider and provider.casefold() not in name.casefold()
            else name
        )
    others = [other for other in (site.links if site else ()) if other.id != link.id]
    if provider and any(clean(other.provider) == provider for other in others):
        return f"{provider} {circuit or link.id}"
    return provider or link.id


def what(subject: About, told: Telling, place: str = "") -> str:
    """A subject with its place, or with another that is given, to stand in a sentence."""
    noun, _ = subject
    if noun == "monitor":
        return told.say("what.monitor")
    site, item = told.places[subject]
    name = short_name(subject, told)
    if noun in {"provider", "site"}:
        return name
    if noun in {"link", "service"} and not (item and clean(item.name)):
        name = told.say(f"what.{noun}", name=name)
    return (
        told.say("what.seen" if noun == "service" else "what.at", name=name, site=place or site_name(site, told))
        if site
        else name
    )


def headline(incident: Incident, fault: Fault, told: Telling) -> Headline:
    """The subject of a fault in a title."""
    noun, key = fault.subject
    if noun == "monitor":
        return Headline(capital(told.say("what.monitor")), ward_name(incident.ward, told))
    site, item = told.places[fault.subject]
    name = short_name(fault.subject, told)
    if noun == "provider":
        reached = len(reach(incident, told))
        return Headline(name, told.count(reached, "site") if reached else "")
    if not site or not item:
        return Headline(name, plain=key)
    here = site_name(site, told)
    if isinstance(item, Link):
        return Headline(here, link_label(item, site, "{name}, {provider}"), plain=f"{site.id} ({key})")
    if isinstance(item, Service):
        name = name if clean(item.name) else told.say("what.service", name=name)
        here = spread_of(incident, fault, told) or here
    return Headline(capital(name), here, plain=f"{key} ({site.id})")


def spread_of(incident: Incident, fault: Fault, told: Telling) -> str:
    """From how many sites the same fault of one service is seen; empty where it is from one."""
    faults = [each for each in incident_faults(incident) if is_twin(each, fault, told)]
    sites = sites_of([each.subject for each in faults], told)
    return told.count(len(sites), "site") if len(sites) > 1 else ""


def is_twin(one: Fault, other: Fault, told: Telling) -> bool:
    """Whether it is the same of a service of the same name, seen from wherever."""
    if (one.name, one.requirement) != (other.name, other.requirement) or other.subject[0] != "service":
        return False
    return one.subject[0] == "service" and short_name(one.subject, told) == short_name(other.subject, told)


def incident_faults(incident: Incident) -> tuple[Fault, ...]:
    """What lasts; or all that there was, once nothing does."""
    return incident.lasting or tuple(entry.fault for entry in incident.entries)


def reach(incident: Incident, told: Telling) -> tuple[Site, ...]:
    """The sites that it reaches, in order: of what lasts, or of all that there was; and of what is hidden."""
    return sites_of([*(fault.subject for fault in incident_faults(incident)), *incident.hidden], told)


def sites_of(subjects: Iterable[About], told: Telling) -> tuple[Site, ...]:
    """The sites of some subjects, each once."""
    found = (told.places[subject][0] for subject in subjects)
    return tuple({site.id: site for site in found if site}.values())
