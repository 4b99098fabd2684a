"""``GET /api/v1/sites``, ``links``, ``devices`` and ``services``: what is watched, one after the other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final, Literal, get_args

from fastapi import FastAPI, Query, Request, Response
from pydantic import TypeAdapter

from exporters.api.answers import long_answer
from exporters.api.asked import check_parameters
from exporters.api.problems import RefusedError, refusals
from exporters.status import PartStatus, SiteStatus, Status
from exporters.verdict_view import VerdictsOf, VerdictView, verdict_view
from model.state import State

PartNoun = Literal["link", "device", "service"]

_REFUSALS: Final = refusals(HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)


@dataclass(frozen=True, slots=True)
class Part:
    """One link, device or service.

    Attributes:
        id: Its id.
        site: The id of its site.
        name: As people call it; empty where the inventory has no name.
        detail: Of a link its provider, of a device its address, of a service the host or the name that it serves.
        state: The state it is in.
        since: Since when; null until that is known.
        verdicts: What was last judged of it; empty of a device, and where nothing is required.
    """

    id: str
    site: str
    name: str
    detail: str
    state: State
    since: datetime | None
    verdicts: list[VerdictView]


@dataclass(frozen=True, slots=True)
class SiteSummary:
    """One site.

    Attributes:
        id: Its id.
        name: As people call it; empty where the inventory has no name.
        state: The state it is in.
        since: Since when; null until that is known.
        links: How many links it has.
        devices: How many devices.
        services: How many services.
    """

    id: str
    name: str
    state: State
    since: datetime | None
    links: int
    devices: int
    services: int


@dataclass(frozen=True, slots=True)
class Now:
    """When it is so."""

    now: datetime


@dataclass(frozen=True, slots=True)
class Sites(Now):
    """All sites."""

    sites: list[SiteSummary]


@dataclass(frozen=True, slots=True)
class Links(Now):
    """The links."""

    links: list[Part]


@dataclass(frozen=True, slots=True)
class Devices(Now):
    """The devices."""

    devices: list[Part]


@dataclass(frozen=True, slots=True)
class Services(Now):
    """The services."""

    services: list[Part]


_NOW: Final = TypeAdapter(Now)
_PART: Final = TypeAdapter(Part)
_SITE: Final = TypeAdapter(SiteSummary)
_SHAPES: Final[dict[PartNoun, type[Now]]] = {"link": Links, "device": Devices, "service": Services}

_State = Annotated[str | None, Query(description="Only what is in this state.", examples=[State.DOWN.value])]
_Site = Annotated[str | None, Query(description="Only what stands on the site with this id.")]


def add_lists(app: FastAPI, status: Callable[[], Status], verdicts_of: VerdictsOf) -> None:
    """Answer for what is watched."""

    @app.get("/api/v1/sites", response_model=Sites, responses=_REFUSALS, summary="Every site and its state")
    async def sites(request: Request, state: _State = None) -> Response:
        check_parameters(request, ("state",))
        wanted, now = _state(state), status()
        found = (_summary(site) for site in now.sites if wanted in {None, site.state})
        return long_answer(_NOW.dump_json(Now(now.now)), {"sites": (_SITE, found)})

    for noun in get_args(PartNoun):
        _add_parts(app, noun, status, verdicts_of)


def _add_parts(app: FastAPI, noun: PartNoun, status: Callable[[], Status], verdicts_of: VerdictsOf) -> None:
    async def parts(request: Request, site: _Site = None, state: _State = None) -> Response:
        check_parameters(request, ("site", "state"))
        wanted, now = _state(state), status()
        places = _places(now, site)
        found = (part for part in _parts(places, noun, verdicts_of) if wanted in {None, part.state})
        return long_answer(_NOW.dump_json(Now(now.now)), {f"{noun}s": (_PART, found)})

    app.add_api_route(
        f"/api/v1/{noun}s",
        parts,
        name=f"{noun}s",
        response_model=_SHAPES[noun],
        responses=_REFUSALS,
        summary=f"Every {noun}, its state and what was judged of it",
    )


def _summary(site: SiteStatus) -> SiteSummary:
    counts = len(site.links), len(site.devices), len(site.services)
    return SiteSummary(site.id, site.name, site.state, site.since, *counts)


def _places(status: Status, site: str | None) -> list[SiteStatus]:
    places = [place for place in status.sites if site in {None, place.id}]
    if site is not None and not places:
        raise RefusedError(HTTPStatus.NOT_FOUND, f"there is no site {site!r}", "see /api/v1/sites for the ids")
    return places


def _parts(places: Iterable[SiteStatus], noun: PartNoun, verdicts_of: VerdictsOf) -> Iterator[Part]:
    for place in places:
        held: dict[PartNoun, list[PartStatus]] = {
            "link": place.links,
            "device": place.devices,
            "service": place.services,
        }
        for part in held[noun]:
            verdicts = [verdict_view(verdict) for verdict in verdicts_of((noun, part.id))]
            yield Part(part.id, place.id, part.name, part.detail, part.state, part.since, verdicts)


def _state(text: str | None) -> State | None:
    if text is None:
        return None
    try:
        return State(text)
    except ValueError as error:
        raise RefusedError(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"{text!r} is no state", f"states are {', '.join(State)}"
        ) from error
