"""What is wrong, what is over, and what to do first: a sentence for each fault."""

import math
from typing import Final

from alerts.words.forms import decimal, evidence_number, lasted, measured
from alerts.words.names import link_label, short_name, what
from alerts.words.telling import Telling
from alerts.words.text import capital, clean
from model.health_rules import Symptom
from model.incident import AlertName, Fault, Incident
from model.inventory import Device, Link, Service, Site
from model.verdict import Quality

_SILENT: Final = frozenset({
    AlertName.LINK_DOWN,
    AlertName.DEVICE_DOWN,
    AlertName.SERVICE_DOWN,
    AlertName.SITE_UNREACHABLE,
})
_CALLS: Final = _SILENT - {AlertName.DEVICE_DOWN, AlertName.SERVICE_DOWN} | {
    AlertName.PROVIDER_OUTAGE,
    AlertName.LINK_FLAPPING,
    AlertName.LINK_BELOW_REQUIREMENT,
    AlertName.ERROR_BUDGET_BURN,
}
_AT_LEAST: Final = frozenset({
    *(Quality.DOWNLOAD, Quality.UPLOAD, Quality.AVAILABILITY),
    *(Symptom.OPTICAL, Symptom.BATTERY_LOW),
})
_LONGEST_PART: Final = 60  # characters of a name that a device gives
_LONGEST_REASON: Final = 200  # characters of a reason that somebody else has put in words


def key_of(part: str, fault: Fault, told: Telling) -> str:
    """The key of a phrase about a fault, the closest that the language has."""
    special = "expired" if _is_expired(fault) else fault.requirement
    exact = f"{part}.{fault.name}.{special}"
    return exact if special and told.has(exact) else f"{part}.{fault.name}"


def opened(fault: Fault, told: Telling, place: str = "") -> str:
    """What is wrong, with the figures that are known, at its own place or that which is given; without a full stop."""
    sentence = capital(told.say(key_of("opened", fault, told), what=what(fault.subject, told, place)))
    detail = _detail(fault, told)
    return told.say("detail", sentence=sentence, detail=detail) if detail else sentence


def over(fault: Fault, told: Telling, place: str = "") -> str:
    """That it is over, at its own place or that which is given; without a full stop."""
    return capital(told.say(key_of("over", fault, told), what=what(fault.subject, told, place)))


def first_step(fault: Fault, incident: Incident, told: Telling) -> str:
    """What to do first, in one or a few sentences."""
    key = key_of("step", fault, told)
    if fault.name is AlertName.LINK_BELOW_REQUIREMENT and fault.subject[0] == "service":
        key = "step.LinkBelowRequirement.service"
    step = told.say(key, call=told.say("call", whom=whom(fault, told)))
    other = _other_line(fault, incident, told)
    return f"{step} {told.say('step.LinkDown.backup', other=other)}" if other else step


def whom(fault: Fault, told: Telling) -> str:
    """Who is to be called: the providers of the lines that it is about, with their numbers of them."""
    noun, name = fault.subject
    if noun == "provider":
        return clean(name) or told.say("contact.unknown")
    if noun == "service":
        return told.say("contact.service")
    known = (_contact(link, told) for link in _lines(fault, told) if clean(link.provider))
    return ", ".join(known) or told.say("contact.unknown")


def brief_whom(fault: Fault, told: Telling) -> str:
    """The same in few characters; empty where nobody is to be called, or nobody knows whom."""
    noun, name = fault.subject
    if fault.name not in _CALLS:
        return ""
    if noun == "provider":
        return clean(name)
    lines = (f"{clean(link.provider)} {clean(link.circuit)}" for link in _lines(fault, told) if clean(link.provider))
    return ", ".join(line.strip() for line in lines)


def _lines(fault: Fault, told: Telling) -> tuple[Link, ...]:
    site, item = told.places[fault.subject]
    if isinstance(item, Link):
        return (item,)
    return site.links if site and item is None else ()


def _contact(link: Link, told: Telling) -> str:
    provider, circuit = clean(link.provider), clean(link.circuit)
    key = "contact.circuit" if circuit else "contact.provider"
    return told.say(key, provider=provider, **({"circuit": circuit} if circuit else {}))


def _other_line(fault: Fault, incident: Incident, told: Telling) -> str:
    """The line that a site may fall back to, where the one it works on is down and this one is not known to be."""
    site, item = told.places[fault.subject]
    if fault.name is not AlertName.LINK_DOWN or not site or not isinstance(item, Link) or item.role == "backup":
        return ""
    silent = {entry.fault.subject for entry in incident.entries} | set(incident.hidden)
    return next((link_label(link, site) for link in site.links if ("link", link.id) not in silent), "")


def _is_expired(fault: Fault) -> bool:
    left = evidence_number(fault, "days_left")
    return fault.name is AlertName.CERTIFICATE_EXPIRING and left is not None and left <= 0


def _detail(fault: Fault, told: Telling) -> str:
    match fault.name:
        case name if name in _SILENT:
            return _silences(fault, told) or _because(fault)
        case AlertName.CERTIFICATE_EXPIRING:
            return _days_left(fault, told)
        case AlertName.ERROR_BUDGET_BURN:
            return _burn(fault, told)
        case AlertName.MONITOR_BLIND | AlertName.PROVIDER_OUTAGE:
            return ""
        case AlertName.DEVICE_UNHEALTHY:
            return _of_part(fault, told)
        case _:
            return figures(fault, told) or _because(fault)


def _silences(fault: Fault, told: Telling) -> str:
    number = evidence_number(fault, "silences")
    return told.count(round(number), "detail.silences") if number is not None and number >= 1 else ""


def _days_left(fault: Fault, told: Telling) -> str:
    left = evidence_number(fault, "days_left")
    if left is None or left <= 0:
        return ""
    return told.count(math.floor(left), "detail.days") if left >= 1 else told.say("detail.days.none")


def _burn(fault: Fault, told: Telling) -> str:
    rate, hours = evidence_number(fault, "rate"), evidence_number(fault, "hours")
    if rate is None or rate <= 0:
        return ""
    times = decimal(rate, 2, told)
    if hours is None or hours <= 0:
        return told.say("detail.burn", rate=times)
    return told.say("detail.burn.hours", rate=times, hours=lasted(hours * 3_600, told))


def figures(fault: Fault, told: Telling) -> str:
    """What was measured, what is required, and over which time, as far as it is known."""
    value, threshold = measured(fault, told)
    if not value and not threshold:
        return ""
    bound = "least" if is_smallest(fault) else "most"
    parts = [told.say("detail.value", value=value)] if value else []
    parts += [told.say(f"detail.{bound}", threshold=threshold)] if threshold else []
    window = evidence_number(fault, "window")
    parts += [told.say("detail.window", window=lasted(window, told))] if value and window and window > 0 else []
    return ", ".join(parts)


def is_smallest(fault: Fault) -> bool:
    """Whether the threshold is the least that will do, and not the most."""
    return fault.requirement in _AT_LEAST or fault.name is AlertName.INTERFACE_SPEED_REDUCED


def _of_part(fault: Fault, told: Telling) -> str:
    """Which part of a device it is, as the device calls it, and what was measured."""
    part = clean(str(fault.evidence.get("part", "")), _LONGEST_PART)
    rest = figures(fault, told) or _because(fault)
    return told.say("detail.part", part=part, rest=rest) if part and rest else part or rest


def _because(fault: Fault) -> str:
    return clean(str(fault.evidence.get("because", "")), _LONGEST_REASON)


def affects_people(fault: Fault, incident: Incident, told: Telling) -> bool:
    """Whether somebody at the place may notice it by its nature: an outage does, a certificate with days left not."""
    if fault.name in {AlertName.LINK_BELOW_REQUIREMENT, AlertName.LINK_FLAPPING, AlertName.PROVIDER_OUTAGE}:
        return True
    if fault.name not in _SILENT:
        return bool(incident.hidden) and fault.name is not AlertName.MONITOR_BLIND
    _, item = told.places[fault.subject]
    return not isinstance(item, Device) or item.role not in {"camera", "ups", "other"} or bool(incident.hidden)


def service_names(incident: Incident, told: Telling) -> tuple[str, ...]:
    """The services that it takes with it, each name once, without the one that it is about."""
    behind = [*incident.hidden, *(fault.subject for fault in incident.lasting[1:])]
    items = (told.places[subject][1] for subject in behind)
    names = dict.fromkeys(clean(item.name) or item.id for item in items if isinstance(item, Service))
    itself = short_name(incident.cause.subject, told) if incident.cause.subject[0] == "service" else ""
    return tuple(name for name in names if name != itself)


def citizens(sites: tuple[Site, ...]) -> tuple[float, bool]:
    """Citizens an hour that some sites serve, as far as it is known, and whether it is known of all."""
    known = [site.citizens_per_hour for site in sites if site.citizens_per_hour is not None]
    return sum(known), len(known) == len(sites)
