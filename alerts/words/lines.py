"""The lines of a message, each about one thing: what, since when, whom it hits, since when not, first step."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from alerts.notice import Kind
from alerts.words.forms import lasted, moment, moment_beside, span, whole
from alerts.words.names import is_twin, reach, short_name, site_name, sites_of, spread_of, what
from alerts.words.sentences import affects_people, citizens, first_step, opened, over, service_names
from alerts.words.telling import Telling
from alerts.words.text import clean
from model.incident import About, AlertName, Entry, Fault, Incident
from model.inventory import Site

_WORTH_SAYING: Final = 60  # seconds
_LONGEST_COMMENT: Final = 120
_SAID_ANYWAY: Final = frozenset({"service", "site"})
_SAID: Final = dict.fromkeys((AlertName.PROVIDER_OUTAGE, AlertName.SITE_UNREACHABLE), _SAID_ANYWAY | {"link"})
"""Nouns that the other lines tell of, of what is hidden."""


def lead_of(incident: Incident) -> Fault:
    """The fault that a message is about: the first that lasts, or the cause once all is over."""
    return next(iter(incident.lasting), incident.cause)


def end_of(incident: Incident, now: datetime) -> datetime:
    """When all was over, aware UTC; now where nobody has written it down."""
    ends = [entry.ended_at for entry in incident.entries if entry.ended_at is not None]
    return incident.closed_at or max(ends, default=now)


def lasting_for(incident: Incident, now: datetime) -> float:
    """Seconds that the fault that a message is about has lasted."""
    return (now - lead_of(incident).since).total_seconds()


def lines_of(incident: Incident, kind: Kind, told: Telling, most: int) -> list[str]:
    """The whole message but for its links, with at most so many names in each list."""
    since = since_line(incident, told, counts=kind is not Kind.REMINDER)
    if incident.merged_into:
        return [told.say("merged"), since]
    others = _others(incident, kind, told, most)
    stands_first = incident.entries[0].ended_at is None or not incident.is_open
    lines = [*_news(incident, kind, told), *state_lines(incident, told)]
    lines += [since, *others] if stands_first else others
    lines += whom_it_hits(incident, told, most)
    if incident.is_open:
        lines.append(told.say("step", step=first_step(lead_of(incident), incident, told)))
        lines += what_it_hides(incident, told, most)
    return [line for line in [*lines, _acknowledged(incident, told)] if line]


def _news(incident: Incident, kind: Kind, told: Telling) -> list[str]:
    match kind:
        case Kind.REMINDER:
            return [told.say("reminder", duration=lasted(lasting_for(incident, told.now), told))]
        case Kind.ESCALATED if not incident.acknowledged:
            return [_escalated(incident, told)]
        case Kind.UPDATED if incident.is_open:
            return [_update(incident, told)]
    return []


def waited(incident: Incident, now: datetime) -> float:
    """Seconds since somebody was told of it first."""
    first = min((told.first_at for told in incident.told.values()), default=incident.opened_at)
    return (now - first).total_seconds()


def _escalated(incident: Incident, told: Telling) -> str:
    duration = lasted(waited(incident, told.now), told)
    names = ", ".join(name for name in map(clean, told.escalated_from[:3]) if name)
    return (
        told.say("escalated.from", duration=duration, names=names)
        if names
        else told.say("escalated", duration=duration)
    )


def _is_new(entry: Entry, incident: Incident, told: Telling) -> bool:
    """Whether the receiver has not been told of it yet."""
    return entry.ended_at is None and entry.fault.noticed_at > _told_until(incident, told)


def _told_until(incident: Incident, told: Telling) -> datetime:
    return told.told_at or incident.changed_at - timedelta(microseconds=1)


def _update(incident: Incident, told: Telling) -> str:
    """What has changed since the receiver was told last; empty where the sentences after it tell that."""
    cause, *others = incident.entries
    if others and _is_new(cause, incident, told):
        is_same = any(other.fault.subject == cause.fault.subject for other in others)
        return told.say("news.worse" if is_same else "news.cause")
    last = _told_until(incident, told)
    if any(_is_new(entry, incident, told) or (entry.ended_at and entry.ended_at > last) for entry in incident.entries):
        return ""
    return _extent_news(incident, told)


def _extent_news(incident: Incident, told: Telling) -> str:
    extent = _extent(incident, told)
    if not extent:
        return told.say("news.other")
    before = incident.revision - 1 if told.told_revision is None else told.told_revision
    return told.say("news.grown" if incident.widened > before else "news.extent", extent=extent)


def _extent(incident: Incident, told: Telling) -> str:
    sites = reach(incident, told)
    return told.count(len(sites), "site") if len(sites) > 1 else _counts(incident.hidden, told)


def state_lines(incident: Incident, told: Telling) -> list[str]:
    """What is wrong with the cause, or that it is over."""
    first = incident.entries[0]
    place = _spread(incident, told)
    if first.ended_at is None:
        return [f"{opened(first.fault, told, place)}."]
    return [f"{over(first.fault, told, place) if place else _spanned(first, incident, told)}."]


def _spanned(entry: Entry, incident: Incident, told: Telling) -> str:
    """That it is over, with its own times where they are not those of the whole incident."""
    end = entry.ended_at or told.now
    if (entry.fault.since, end) == (incident.began_at, incident.closed_at):
        return over(entry.fault, told)
    return told.say("from.to", sentence=over(entry.fault, told), span=span(entry.fault.since, end, told))


def since_line(incident: Incident, told: Telling, *, counts: bool = False) -> str:
    """Since when, or from when to when.

    Args:
        incident: Of what.
        told: In whose time.
        counts: Whether to say how long it has lasted so far.
    """
    if not incident.is_open and not incident.merged_into:
        end = end_of(incident, told.now)
        duration = lasted((end - incident.began_at).total_seconds(), told)
        key = "lasted.all" if any(entry.ended_at != end for entry in incident.entries) else "lasted"
        return told.say(key, span=span(incident.began_at, end, told), duration=duration)
    began = lead_of(incident).since
    since, seconds = moment(began, told), (told.now - began).total_seconds()
    if (began - incident.began_at).total_seconds() >= _WORTH_SAYING:
        return told.say("since.began", since=since, began=moment_beside(incident.began_at, began, told))
    if seconds < _WORTH_SAYING or not counts or incident.merged_into:
        return told.say("since", since=since)
    return told.say("since.lasting", since=since, duration=lasted(seconds, told))


def _others(incident: Incident, kind: Kind, told: Telling, most: int) -> list[str]:
    """A line for each of the other entries, what lasts first; one for all that are in the state of the cause."""
    cause, *others = incident.entries
    if _spread(incident, told):
        told_of = (entry for entry in others if entry.ended_at is None or not incident.is_open)
        twins = {entry.fault.key for entry in told_of if is_twin(entry.fault, cause.fault, told)}
        others = [entry for entry in others if entry.fault.key not in twins]
    alike = [[entry for entry in others if _is_alike(entry, cause, has_ended=ended)] for ended in (False, True)]
    same = [entries for entries in alike if len(entries) > 1]
    rest = [entry for entry in others if not any(entry in entries for entries in same)]
    rest.sort(key=lambda entry: entry.ended_at is not None)
    lines = [_same(entries, cause, told, most) for entries in same]
    lines += [_other(entry, incident, kind, told) for entry in rest[:most]]
    return [*lines, told.count(len(rest) - most, "more.entry")] if len(rest) > most else lines


def _is_alike(entry: Entry, cause: Entry, *, has_ended: bool) -> bool:
    same = (entry.fault.name, entry.fault.requirement) == (cause.fault.name, cause.fault.requirement)
    return same and (entry.ended_at is not None) is has_ended


def _spread(incident: Incident, told: Telling) -> str:
    """From how many sites the service of the cause is seen to fail; empty where only others still fail."""
    first = incident.entries[0]
    return spread_of(incident, first.fault, told) if first.ended_at is None or not incident.is_open else ""


def _same(entries: list[Entry], cause: Entry, told: Telling, most: int) -> str:
    names = told.list_of(tuple(what(entry.fault.subject, told) for entry in entries), most, "item")
    if entries[0].ended_at is not None:
        return told.say("over.same", names=names)
    return told.say("also.same" if cause.ended_at is None else "still.same", names=names)


def _other(entry: Entry, incident: Incident, kind: Kind, told: Telling) -> str:
    if entry.ended_at is not None:
        return told.say("over", sentence=_spanned(entry, incident, told))
    sentence = told.say("from", sentence=opened(entry.fault, told), since=moment(entry.fault.since, told))
    if kind is Kind.UPDATED and _is_new(entry, incident, told):
        return told.say("news.entry", sentence=sentence)
    return told.say("also" if incident.entries[0].ended_at is None else "still", sentence=sentence)


def whom_it_hits(incident: Incident, told: Telling, most: int) -> list[str]:
    """The sites with the citizens that they serve, and the services."""
    if not affects_people(lead_of(incident), incident, told):
        return []
    sites, services = reach(incident, told), service_names(incident, told)
    lines = [_sites_line(sites, told)] if sites else []
    return [*lines, *([told.say("services", names=told.list_of(services, most, "service"))] if services else [])]


def _sites_line(sites: tuple[Site, ...], told: Telling) -> str:
    names = site_name(sites[0], told) if len(sites) == 1 else told.count(len(sites), "site")
    number, is_whole = citizens(sites)
    if not round(number):
        return told.say("hits", sites=names)
    key = "hits.citizens" if is_whole else "hits.citizens.least"
    return told.say(key, sites=names, citizens=whole(number, told))


def what_it_hides(incident: Incident, told: Telling, most: int) -> list[str]:
    """The names of the sites where there are several, and what else falls silent."""
    if not affects_people(lead_of(incident), incident, told):
        return []
    sites = tuple(site_name(site, told) for site in reach(incident, told))
    lines = [told.say("sites", names=told.list_of(sites, most, "site"))] if len(sites) > 1 and most else []
    unsaid = _SAID.get(incident.cause.name, _SAID_ANYWAY)
    rest = tuple(subject for subject in incident.hidden if subject[0] not in unsaid)
    return [*lines, told.say("hidden", names=_hidden(rest, told, most))] if rest else lines


def _hidden(subjects: tuple[About, ...], told: Telling, most: int) -> str:
    """Names where all stand at one site; else how many of each kind, for the sites have been named."""
    if len(sites_of(subjects, told)) > 1 or not most:
        return _counts(subjects, told)
    return told.list_of(tuple(short_name(subject, told) for subject in subjects), most, "item")


def _counts(subjects: tuple[About, ...], told: Telling) -> str:
    numbers = Counter[str](noun for noun, _ in subjects)
    nouns = ("site", "link", "device", "service")
    parts = [told.count(numbers[noun], noun) for noun in nouns if numbers[noun]]
    others = sum(number for noun, number in numbers.items() if noun not in nouns)
    return ", ".join([*parts, *([told.count(others, "item")] if others else [])])


def _acknowledged(incident: Incident, told: Telling) -> str:
    taken = incident.acknowledged
    if taken is None:
        return ""
    person = told.places.inventory.people.get(taken.who)
    who = clean(person.name if person else "") or clean(taken.who) or told.say("name.unknown")
    comment, at = clean(taken.comment, _LONGEST_COMMENT), moment(taken.at, told)
    if comment:
        return told.say("acknowledged.comment", who=who, at=at, comment=comment)
    return told.say("acknowledged", who=who, at=at)
