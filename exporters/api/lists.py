"""``GET /api/v1/sites``, ``links``, ``devices`` and ``services``: what is watched, one after the other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal, Protocol, TypeVar, get_args

from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import TypeAdapter

from exporters.api.answers import tagged_answer
from exporters.api.asked import MOST, check_parameters, parse_limit
from exporters.api.etags import NOT_MODIFIED
from exporters.api.problems import RefusedError, refusals
from exporters.health_view import HealthDesk, HealthSummary, HealthView
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
class DevicePart(Part):
    """One device.

    Attributes:
        health: What it says it is, and what is wrong with it; null where it tells nothing. All that it tells is at
            ``/api/v1/devices/{id}/health``.
    """

    health: HealthSummary | None = None


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
    """When it is so.

    Attributes:
        now: Then.
        after: The id to ask on with where there are more; else null.
    """

    now: datetime
    after: str | None


@dataclass(frozen=True, slots=True)
class Sites(Now):
    """The sites."""

    sites: list[SiteSummary]


@dataclass(frozen=True, slots=True)
class Links(Now):
    """The links."""

    links: list[Part]


@dataclass(frozen=True, slots=True)
class Devices(Now):
    """The devices."""

    devices: list[DevicePart]


@dataclass(frozen=True, slots=True)
class Services(Now):
    """The services."""

    services: list[Part]


_NOW: Final = TypeAdapter(Now)
_PARTS: Final[dict[PartNoun, TypeAdapter[Any]]] = {
    "link": TypeAdapter(Part),
    "device": TypeAdapter(DevicePart),
    "service": TypeAdapter(Part),
}
_SITE: Final = TypeAdapter(SiteSummary)
_SHAPES: Final[dict[PartNoun, type[Now]]] = {"link": Links, "device": Devices, "service": Services}

_State = Annotated[str | None, Query(description="Only what is in this state.", examples=[State.DOWN.value])]
_Limit = Annotated[str | None, Query(description=f"At most so many, up to {MOST}. Left out: all.")]
_After = Annotated[str | None, Query(description="Only those after the one with this id in the list.")]
_Device = Annotated[str, Path(description="Of the device.")]
_Site = Annotated[str | None, Query(description="Only what stands on the site with this id.")]


def add_lists(app: FastAPI, status: Callable[[], Status], verdicts_of: VerdictsOf, healths: HealthDesk) -> None:
    """Answer for what is watched."""

    @app.get(
        "/api/v1/sites", response_model=Sites, responses=_REFUSALS | NOT_MODIFIED, summary="Every site and its state"
    )
    async def sites(request: Request, state: _State = None, limit: _Limit = None, after: _After = None) -> Response:
        check_parameters(request, ("state", "limit", "after"))
        wanted, most, now = _state(state), parse_limit(limit), status()
        places = [site for site in _following(now.sites, "site", after) if wanted in {None, site.state}]
        page, following = _paged(places, most)
        head = _NOW.dump_json(Now(now.now, following))
        return await tagged_answer(request, head, {"sites": (_SITE, map(_summary, page))}, mark=following or "")

    for noun in get_args(PartNoun):
        _add_parts(app, noun, status, _Shower(noun, verdicts_of, healths))
    _add_health(app, status, healths)


def _add_health(app: FastAPI, status: Callable[[], Status], healths: HealthDesk) -> None:
    @app.get(
        "/api/v1/devices/{id}/health",
        responses=_REFUSALS,
        summary="All that a device tells of its health",
    )
    async def health(request: Request, id: _Device) -> HealthView:  # noqa: A002  # the name in the path
        check_parameters(request, ())
        if not any(part.id == id for place in status().sites for part in place.devices):
            raise RefusedError(HTTPStatus.NOT_FOUND, f"there is no device {id!r}", "see /api/v1/devices for the ids")
        return healths.view(id)


@dataclass(frozen=True, slots=True)
class _Shower:
    """Adds to a part what is known beside its state."""

    noun: PartNoun
    verdicts_of: VerdictsOf
    healths: HealthDesk

    def shown(self, placed: "_Placed") -> Part:
        """With what was judged of it; of a device, what it says it is and what is wrong with it."""
        part = placed.part
        views = [verdict_view(verdict) for verdict in self.verdicts_of((self.noun, part.id))]
        told = (part.id, placed.site, part.name, part.detail, part.state, part.since, views)
        return DevicePart(*told, self.healths.summary(part.id)) if self.noun == "device" else Part(*told)


def _add_parts(app: FastAPI, noun: PartNoun, status: Callable[[], Status], shower: _Shower) -> None:
    async def parts(
        request: Request,
        site: _Site = None,
        state: _State = None,
        limit: _Limit = None,
        after: _After = None,
    ) -> Response:
        check_parameters(request, ("site", "state", "limit", "after"))
        wanted, most, now = _state(state), parse_limit(limit), status()
        found = _following(list(_placed(_places(now, site), noun)), noun, after)
        page, following = _paged([part for part in found if wanted in {None, part.state}], most)
        head = _NOW.dump_json(Now(now.now, following))
        lists = {f"{noun}s": (_PARTS[noun], map(shower.shown, page))}
        return await tagged_answer(request, head, lists, mark=following or "")

    app.add_api_route(
        f"/api/v1/{noun}s",
        parts,
        name=f"{noun}s",
        response_model=_SHAPES[noun],
        responses=_REFUSALS | NOT_MODIFIED,
        summary=f"Every {noun}, its state and what was judged of it",
    )


class _Listed(Protocol):
    @property
    def id(self) -> str: ...


_AnyListed = TypeVar("_AnyListed", bound=_Listed)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A part with its site."""

    site: str
    part: PartStatus

    @property
    def id(self) -> str:
        return self.part.id

    @property
    def state(self) -> State:
        return self.part.state


def _following(found: Sequence[_AnyListed], noun: str, after: str | None) -> Sequence[_AnyListed]:
    """Those after the one with an id, in the order of the inventory.

    Raises:
        RefusedError: 404.
    """
    if after is None:
        return found
    for place, one in enumerate(found, 1):
        if one.id == after:
            return found[place:]
    raise RefusedError(
        HTTPStatus.NOT_FOUND, f"after={after!r}: the list holds no such {noun}", "begin the list anew, without `after`"
    )


def _paged(found: Sequence[_AnyListed], most: int | None) -> tuple[Sequence[_AnyListed], str | None]:
    """A page, and the id after which the next one goes on."""
    page = found if most is None else found[:most]
    return page, page[-1].id if len(page) < len(found) else None


def _summary(site: SiteStatus) -> SiteSummary:
    counts = len(site.links), len(site.devices), len(site.services)
    return SiteSummary(site.id, site.name, site.state, site.since, *counts)


def _places(status: Status, site: str | None) -> list[SiteStatus]:
    places = [place for place in status.sites if site in {None, place.id}]
    if site is not None and not places:
        raise RefusedError(HTTPStatus.NOT_FOUND, f"there is no site {site!r}", "see /api/v1/sites for the ids")
    return places


def _placed(places: Iterable[SiteStatus], noun: PartNoun) -> Iterator[_Placed]:
    for place in places:
        held: dict[PartNoun, list[PartStatus]] = {
            "link": place.links,
            "device": place.devices,
            "service": place.services,
        }
        yield from (_Placed(place.id, part) for part in held[noun])


def _state(text: str | None) -> State | None:
    if text is None:
        return None
    try:
        return State(text)
    except ValueError as error:
        raise RefusedError(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"{text!r} is no state", f"states are {', '.join(State)}"
        ) from error
