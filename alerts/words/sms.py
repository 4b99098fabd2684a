"""An incident in one SMS: what matters most first, the time at the end, never half a word."""

from typing import Final

from alerts.notice import Kind
from alerts.words.forms import brief_moment, brief_span, lasted, whole
from alerts.words.lines import end_of, lasting_for, lead_of, waited
from alerts.words.names import Headline, headline, reach
from alerts.words.sentences import affects_people, brief_whom, citizens, key_of
from alerts.words.telling import Telling
from alerts.words.text import unaccented, whole_words
from model.incident import Incident

LONGEST_SMS: Final = 160


def sms_of(incident: Incident, kind: Kind, prefix: str, told: Telling) -> str:
    """At most 160 characters of ASCII.

    Args:
        incident: What it tells of.
        kind: Why.
        prefix: What stands before the name in the title.
        told: Whom.
    """
    tail = unaccented(_time(incident, told))
    start = unaccented(prefix)
    room = LONGEST_SMS - len(start) - len(": . ") - len(tail)
    name = _name(headline(incident, lead_of(incident), told), room)
    said = f"{start}: {name}." if name else f"{start}."
    parts = [(rank, unaccented(part)) for rank, part in _parts(incident, kind, told)]
    while parts and len(said) + sum(len(part) + len(" .") for _, part in parts) + 1 + len(tail) > LONGEST_SMS:
        parts.remove(max(parts))
    return " ".join([said, *(f"{part}." for _, part in parts), tail])


def _name(line: Headline, room: int) -> str:
    """As much of the name as fits; that of the inventory where the other has no ASCII letter."""
    head, label = unaccented(line.head), unaccented(line.label)
    if not any(map(str.isalnum, head)):
        head, label = unaccented(line.plain), ""
    if len(head) + len(label) + len(" ()") <= room:
        return f"{head} ({label})" if label else head
    left = room - len(label) - len(" ()")
    short = whole_words(head, left) if label else ""
    return f"{short} ({label})" if short else whole_words(head, room)


def _time(incident: Incident, told: Telling) -> str:
    if incident.is_open or incident.merged_into:
        return told.say("sms.since", since=brief_moment(lead_of(incident).since, told))
    end = end_of(incident, told.now)
    duration = lasted((end - incident.began_at).total_seconds(), told)
    return told.say("sms.span", span=brief_span(incident.began_at, end, told), duration=duration)


def _parts(incident: Incident, kind: Kind, told: Telling) -> list[tuple[int, str]]:
    """What else is worth saying while it lasts, each with its rank: the higher, the sooner it is left out."""
    if not incident.is_open:
        return []
    lead = lead_of(incident)
    parts = []
    if kind is Kind.REMINDER:
        duration = lasted(lasting_for(incident, told.now), told)
        parts.append((0, told.say("sms.reminder", duration=duration)))
    if kind is Kind.ESCALATED and not incident.acknowledged:
        parts.append((0, told.say("sms.escalated", duration=lasted(waited(incident, told.now), told))))
    number, _ = citizens(reach(incident, told)) if affects_people(lead, incident, told) else (0.0, True)
    if round(number):
        parts.append((3, told.say("sms.citizens", citizens=whole(number, told))))
    parts.append((2, told.say(key_of("brief", lead, told))))
    called = brief_whom(lead, told)
    return [*parts, (1, told.say("sms.call", whom=called))] if called else parts
