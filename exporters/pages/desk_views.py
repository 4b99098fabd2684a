"""What the pages about incidents show, gathered from the desk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from exporters.api.incidents import LOOKED_BACK, newest_first
from exporters.desk import Decided, Desk
from exporters.names import Names
from exporters.pages.incidents import Filled, IncidentView, ListView
from exporters.pages.sources import Sources
from exporters.pages.telling import Telling
from exporters.past import PastUnavailableError
from model.incident import About, Fault, Incident
from model.inventory import Language
from model.matcher import Matcher, Operator
from model.silence import Silence

_MOST_OVER: Final = 200
_EMPTY: Final = Filled()


async def list_view(sources: Sources, desk: Desk, language: Language | None = None) -> ListView:
    """The list as it is now."""
    now, mark = sources.past.now(), sources.feed.mark
    open_ones = newest_first(desk.open_incidents())
    return ListView(Telling(sources.names, "", now, language), mark, open_ones, await _over(desk, now))


async def _over(desk: Desk, now: datetime) -> list[Incident] | None:
    try:
        found = await desk.incidents(now - LOOKED_BACK, now)
    except PastUnavailableError:
        return None
    return newest_first(one for one in found if not one.is_open)[:_MOST_OVER]


async def incident_view(
    sources: Sources, desk: Desk, incident: Incident, language: Language | None = None, filled: Filled = _EMPTY
) -> IncidentView:
    """One incident as it is now.

    Args:
        sources: What is known.
        desk: Where it is kept.
        incident: It.
        language: As the reader has chosen.
        filled: What stands in the form.
    """
    now, mark = sources.past.now(), sources.feed.mark
    silences = silences_of(incident, desk.silences(), sources.names, now) if incident.is_open else []
    return IncidentView(
        tell=Telling(sources.names, incident.ward, now, language),
        mark=mark,
        incident=incident,
        decided=await _decided(desk, incident, now),
        silences=silences,
        may_silence=incident.is_open,
        filled=filled,
    )


async def _decided(desk: Desk, incident: Incident, now: datetime) -> Sequence[Decided] | None:
    try:
        found = await desk.decisions(incident.cause.subject, incident.closed_at or now)
    except PastUnavailableError:
        return None
    return [one for one in found if one.incident in {"", incident.id}]


def silences_of(incident: Incident, silences: Sequence[Silence], names: Names, now: datetime) -> list[Silence]:
    """Those that mute what an incident is about at an aware time."""
    labels = labels_of(incident.cause, incident.ward, names)
    return [silence for silence in silences if silence.mutes(labels, now)]


def labels_of(fault: Fault, ward: str, names: Names) -> Mapping[str, str]:
    """The labels of a fault by which routes and silences know it."""
    named = names[fault.subject]
    labels = {
        "alertname": fault.name.value,
        "severity": fault.severity.value,
        "ward": ward,
        "site": named.site,
        "requirement": fault.requirement,
    }
    if named.kind != "monitor":
        labels[named.kind] = named.id
    if named.kind == "link":
        labels["provider"] = named.provider
    return {label: value for label, value in labels.items() if value}


def matcher_of(subject: About, fault: Fault) -> Matcher:
    """What mutes all that is told of a subject; the monitor itself is known by its alert alone."""
    noun, name = subject
    return (
        Matcher("alertname", Operator.IS, fault.name.value) if noun == "monitor" else Matcher(noun, Operator.IS, name)
    )
