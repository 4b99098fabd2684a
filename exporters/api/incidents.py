"""``/api/v1/incidents``: what goes wrong, and who has taken it on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from http import HTTPStatus
from itertools import islice
from typing import Annotated, Any, Final, Literal, get_args

from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import TypeAdapter

from exporters.api.answers import tagged_answer
from exporters.api.asked import MOST, check_parameters, parse_limit, parse_time, site_named
from exporters.api.bodies import Body, Comment, Who, body_of, read_object
from exporters.api.desks import READ_REFUSALS, WRITE_REFUSALS, WhoAsked, running, somebody
from exporters.api.etags import NOT_MODIFIED
from exporters.api.problems import RefusedError
from exporters.desk import Desk, UnknownIncidentError
from exporters.incident_view import IncidentSummary, IncidentView, incident_summary, incident_view
from exporters.names import Names, Naming
from exporters.past import PastSource
from exporters.zones import zone_of
from model.incident import Incident

LOOKED_BACK: Final = timedelta(days=7)
"""How far back closed incidents are told where nobody says since when."""

Wanted = Literal["open", "closed", "all"]

_PARAMETERS: Final = ("from", "to", "state", "site", "limit", "after")
_USUAL: Final = 100


@dataclass(frozen=True, slots=True)
class Incidents:
    """Incidents, the newest first.

    Attributes:
        now: When it is so.
        timezone: Whose clock times without an offset are read from.
        after: The id to ask on with where there are more; else null.
        incidents: They.
    """

    now: datetime
    timezone: str
    after: str | None
    incidents: list[IncidentSummary]


@dataclass(frozen=True, slots=True)
class _Head:
    now: datetime
    timezone: str
    after: str | None


class Taking(Body):
    """Somebody takes an incident on."""

    who: Who
    comment: Comment = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which incidents are wanted."""

    period: tuple[datetime, datetime] | None
    state: Wanted
    site: str | None
    limit: int | None
    after: str | None


_HEAD: Final = TypeAdapter(_Head)
_SUMMARY: Final = TypeAdapter(IncidentSummary)
_VIEW: Final = TypeAdapter(IncidentView)


def _time(name: str, text: str) -> Any:
    """A time as a parameter."""
    told = f"{text}; a time or a day, without an offset by the ward's clock."
    return Query(alias=name, description=told, examples=["2026-11-01", "2026-11-24T14:30:00+07:00"])


def add_incidents(app: FastAPI, desk: Desk | None, source: PastSource, naming: Naming) -> None:
    """Answer for incidents."""

    @app.get(
        "/api/v1/incidents",
        response_model=Incidents,
        responses=READ_REFUSALS | NOT_MODIFIED,
        summary="Incidents, newest first",
    )
    async def incidents(  # noqa: PLR0917  # the parameters of the query
        request: Request,
        start: Annotated[str | None, _time("from", "Only what lasted then or later")] = None,
        end: Annotated[str | None, _time("to", "Only what began before")] = None,
        state: Annotated[
            str | None, Query(description="`open`, `closed` or `all`. Left out: open, or with a time all.")
        ] = None,
        site: Annotated[str | None, Query(description="Only what touches the site with this id.")] = None,
        limit: Annotated[str | None, Query(description=f"At most so many, up to {MOST}. Left out: {_USUAL}.")] = None,
        after: Annotated[str | None, Query(description="Only those after the one with this id in the list.")] = None,
    ) -> Response:
        check_parameters(request, _PARAMETERS)
        now, names, zone = source.now(), naming.of(source.inventory), zone_of(source.inventory)
        period = _period(start, end, zone, now)
        asked = _Asked(period, _state(state, period), site, parse_limit(limit, _USUAL), after)
        if site is not None:
            site_named(source.inventory, site)
        page, following = await _page(running(desk), asked, names, now)
        head = _HEAD.dump_json(_Head(now, zone.key, following))
        lists = {"incidents": (_SUMMARY, (incident_summary(one, names) for one in page))}
        return await tagged_answer(request, head, lists, mark=following or "")

    @app.get(
        "/api/v1/incidents/{id}", response_model=IncidentView, responses=READ_REFUSALS, summary="All of one incident"
    )
    async def incident(request: Request, name: Annotated[str, Path(alias="id", description="Its id.")]) -> Response:
        check_parameters(request, ())
        return _told(await _found(running(desk), name), naming.of(source.inventory))

    _add_acknowledgements(app, desk, source, naming)


def _add_acknowledgements(app: FastAPI, desk: Desk | None, source: PastSource, naming: Naming) -> None:
    path = "/api/v1/incidents/{id}/ack"

    @app.post(
        path,
        response_model=IncidentView,
        responses=WRITE_REFUSALS,
        openapi_extra=body_of(Taking),
        summary="Somebody takes an incident on",
    )
    async def acknowledge(request: Request, name: Annotated[str, Path(alias="id", description="Its id.")]) -> Response:
        check_parameters(request, ())
        taking = await read_object(request, Taking)
        found = await running(desk).acknowledge(name, taking.who, taking.comment)
        return _told(found, naming.of(source.inventory))

    @app.delete(path, response_model=IncidentView, responses=WRITE_REFUSALS, summary="They give it back")
    async def unacknowledge(
        request: Request, name: Annotated[str, Path(alias="id", description="Its id.")], who: WhoAsked = ""
    ) -> Response:
        found = await running(desk).unacknowledge(name, somebody(request, who))
        return _told(found, naming.of(source.inventory))


def newest_first(incidents: Iterable[Incident]) -> list[Incident]:
    """In the order of every list."""
    return sorted(incidents, key=_place, reverse=True)


async def _page(desk: Desk, asked: _Asked, names: Names, now: datetime) -> tuple[list[Incident], str | None]:
    """The incidents of a page, and the id after which the next one goes on."""
    found = [one for one in newest_first(await _all(desk, asked, now)) if _is_wanted(one, asked, names)]
    if asked.after is not None:
        # The last of the page before may have left the list meanwhile, but its place in it is known.
        last = _place(await _found(desk, asked.after))
        found = [one for one in found if _place(one) < last]
    page = list(islice(found, asked.limit))
    return page, page[-1].id if len(found) > len(page) else None


async def _all(desk: Desk, asked: _Asked, now: datetime) -> Sequence[Incident]:
    if asked.period is not None:
        return await desk.incidents(*asked.period)
    if asked.state == "open":
        return desk.open_incidents()
    return await desk.incidents(now - LOOKED_BACK, now)


def _is_wanted(incident: Incident, asked: _Asked, names: Names) -> bool:
    if asked.state != "all" and incident.is_open != (asked.state == "open"):
        return False
    subjects = [*(entry.fault.subject for entry in incident.entries), *incident.hidden]
    return asked.site is None or any(names[subject].site == asked.site for subject in subjects)


def _place(incident: Incident) -> tuple[datetime, str]:
    return incident.opened_at, incident.id


async def _found(desk: Desk, name: str) -> Incident:
    found = await desk.incident(name)
    if found is None:
        raise UnknownIncidentError(name)
    return found


def _told(incident: Incident, names: Names) -> Response:
    return Response(_VIEW.dump_json(incident_view(incident, names)), media_type="application/json")


def _period(start: str | None, end: str | None, zone: tzinfo, now: datetime) -> tuple[datetime, datetime] | None:
    if start is None and end is None:
        return None
    until = parse_time("to", end, zone) if end is not None else now
    since = parse_time("from", start, zone) if start is not None else until - LOOKED_BACK
    if since >= until:
        wrong = f"nothing lies between {since.astimezone(zone)} and {until.astimezone(zone)}"
        raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, wrong, "write a `from` that is earlier than `to`")
    return since, until


def _state(text: str | None, period: object) -> Wanted:
    if text is None:
        return "open" if period is None else "all"
    for state in get_args(Wanted):
        if text == state:
            found: Wanted = state
            return found
    raise RefusedError(
        HTTPStatus.UNPROCESSABLE_ENTITY, f"state={text!r} is none of an incident", "write open, closed or all"
    )
