"""One incident in words: a title, a text that fits into a chat message, an SMS; and the annotations of its alerts."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from alerts.notice import Kind, Words
from alerts.words.forms import measured
from alerts.words.lines import lead_of, lines_of, since_line, state_lines, whom_it_hits
from alerts.words.names import Headline, headline, reach, site_name
from alerts.words.sentences import first_step, key_of, service_names
from alerts.words.sms import sms_of
from alerts.words.telling import Telling
from alerts.words.text import capital, shorten, utf16_length
from model.incident import AlertName, Entry, Incident

LONGEST_TITLE: Final = 90
LONGEST_MESSAGE: Final = 1_900
"""Characters of title and text together, as UTF-16 counts them, with an empty line between.

A Zalo message has 2,000; the rest is for the mark of a message that comes late.
"""

_NAMES: Final = (8, 4, 2, 1, 0)  # how many a list shows, until the text fits
_ANNOTATED: Final = 50  # names for programs
_ROOM_FOR_WORDS: Final = 600  # characters that no link may take


def words_of(incident: Incident, kind: Kind, told: Telling) -> Words:
    """A message to people.

    An incident that is not over is never called resolved: it is told of as an update.

    Args:
        incident: What it tells of.
        kind: Why.
        told: Whom, in which language and when.
    """
    if kind is Kind.RESOLVED and incident.is_open and not incident.merged_into:
        kind = Kind.UPDATED
    prefix = _prefix(incident, kind, told)
    title = _composed(_title(prefix, headline(incident, lead_of(incident), told)))
    text = _text(incident, kind, told, LONGEST_MESSAGE - utf16_length(title) - 2)
    return Words(title, text, sms_of(incident, kind, prefix, told))


def annotations_of(entry: Entry, incident: Incident, told: Telling) -> Mapping[str, str]:
    """What an alert says beside its labels, without what would be empty.

    Args:
        entry: The fault of the alert.
        incident: What it is part of.
        told: In which language, and where the pages are.
    """
    value, threshold = measured(entry.fault, told)
    runbook = f"{told.runbook_url.rstrip('#')}#{entry.fault.name.lower()}" if told.runbook_url else ""
    annotations = {
        "summary": _composed(_summary(entry, incident, told)),
        "description": _composed(" ".join(_description(entry, incident, told))),
        "affected": _composed(_affected(entry, incident, told)),
        "value": value,
        "threshold": threshold,
        "runbook_url": runbook,
        "incident_url": told.incident_url,
    }
    return {name: text for name, text in annotations.items() if text}


def _prefix(incident: Incident, kind: Kind, told: Telling) -> str:
    """What stands before the name in a title."""
    state = told.say(key_of("state", lead_of(incident), told))
    if incident.merged_into:
        return told.say("title.merged")
    if not incident.is_open:
        return told.say("title.resolved")
    if kind is Kind.ESCALATED and incident.acknowledged:
        kind = Kind.REMINDER
    return told.say(f"title.{kind}", state=state)


def _title(prefix: str, line: Headline) -> str:
    room = LONGEST_TITLE - len(prefix) - len(": ")
    whole = f"{line.head} ({line.label})" if line.label else line.head
    left = room - len(line.label) - len(" ()")
    if len(whole) > room and line.label and left >= room // 3:
        return f"{prefix}: {shorten(line.head, left)} ({line.label})"
    return f"{prefix}: {shorten(whole, room)}"


def _text(incident: Incident, kind: Kind, told: Telling, room: int) -> str:
    links = _links(incident, told)
    while links and room - utf16_length("\n".join(links)) < _ROOM_FOR_WORDS:
        links = links[1:]  # half a link leads nowhere; the last is the one to act on
    left = room - sum(utf16_length(link) + 1 for link in links)
    for most in _NAMES:
        body = _composed("\n".join(lines_of(incident, kind, told, most)))
        if utf16_length(body) <= left:
            break
    else:
        body = shorten(body, len(body) - (utf16_length(body) - left))
    return "\n".join([body, *links])


def _links(incident: Incident, told: Telling) -> list[str]:
    can_be_taken = incident.is_open and not incident.merged_into and not incident.acknowledged
    links = [told.say("link.incident", url=told.incident_url)] if told.incident_url else []
    return [*links, *([told.say("link.ack", url=told.ack_url)] if told.ack_url and can_be_taken else [])]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _summary(entry: Entry, incident: Incident, told: Telling) -> str:
    state = capital(told.say(key_of("state", entry.fault, told)).lower())
    return _title(state, headline(_alone(entry, incident), entry.fault, told))


def _alone(entry: Entry, incident: Incident) -> Incident:
    """The incident as if it told of this fault alone; what is hidden is so because of the cause."""
    hidden = incident.hidden if entry.fault == incident.cause else ()
    began = entry.fault.since
    return replace(
        incident, entries=(entry,), hidden=hidden, began_at=began, closed_at=entry.ended_at, merged_into=None
    )


def _description(entry: Entry, incident: Incident, told: Telling) -> list[str]:
    alone = _alone(entry, incident)
    lines = [*state_lines(alone, told), since_line(alone, told), *whom_it_hits(alone, told, _NAMES[0])]
    return [*lines, first_step(entry.fault, alone, told)] if alone.is_open else lines


def _affected(entry: Entry, incident: Incident, told: Telling) -> str:
    if entry.fault.name is AlertName.MONITOR_BLIND:
        return ""
    alone = _alone(entry, incident)
    sites = tuple(site_name(site, told) for site in reach(alone, told))
    parts = [told.list_of(sites, _ANNOTATED, "site")] if sites else []
    services = service_names(alone, told)
    return "; ".join([*parts, *([told.list_of(services, _ANNOTATED, "service")] if services else [])])
