"""``GET /api/v1/availability``."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Query, Request, Response
from pydantic import TypeAdapter

from exporters.api.answers import long_answer
from exporters.api.asked import check_parameters, parse_time, site_named, subject_named
from exporters.api.problems import RefusedError, refusals
from exporters.availability_view import Account, account
from exporters.past import PastSource
from exporters.zones import zone_of
from model.availability import Availability
from model.intervals import Interval, instant, moment
from model.inventory import Device, Inventory, Link, Service, Site
from model.measurement import SubjectKey
from model.periods import Periods

_PARAMETERS: Final = ("from", "to", "site", "link", "service")
_REFUSALS: Final = refusals(
    HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE
)

_Id = Annotated[str | None, Query(description="Its id: this one alone, or what stands on this site.")]


def _time(name: str, otherwise: str) -> Any:
    """A time as a parameter."""
    text = f"A time or a day; without an offset by the ward's clock. Left out: {otherwise}."
    return Query(alias=name, description=text, examples=["2026-11-01", "2026-11-24T14:30:00+07:00"])


@dataclass(frozen=True, slots=True)
class Head:
    """What the accounts are of.

    Attributes:
        start: The first instant.
        end: No longer part of it.
        timezone: Whose clock the days were read from.
    """

    start: datetime
    end: datetime
    timezone: str


@dataclass(frozen=True, slots=True)
class Accounts(Head):
    """How long each link and service was in which state."""

    links: list[Account]
    services: list[Account]


_Parts = Mapping[SubjectKey, tuple[Site, Link | Service]]
_HEAD: Final = TypeAdapter(Head)
_ACCOUNT: Final = TypeAdapter(Account)


def add_accounts(app: FastAPI, source: PastSource) -> None:
    """Answer for availability."""

    @app.get(
        "/api/v1/availability",
        response_model=Accounts,
        responses=_REFUSALS,
        summary="How long each link and service was in which state: this month so far, or from one time to another",
    )
    async def availability(  # noqa: PLR0917  # the parameters of the query
        request: Request,
        start: Annotated[str | None, _time("from", "the begin of the month")] = None,
        end: Annotated[str | None, _time("to", "now")] = None,
        site: _Id = None,
        link: _Id = None,
        service: _Id = None,
    ) -> Response:
        check_parameters(request, _PARAMETERS)
        inventory = source.inventory
        parts = _parts(inventory, site=site, link=link, service=service)
        homes = {home.id: home for home, _ in parts.values()}
        zone = zone_of(inventory, *homes.values())
        period = _period(start, end, zone, source.now())
        found = await source.availabilities(parts.keys(), period)
        head = _HEAD.dump_json(Head(moment(period.start), moment(period.end), zone.key))
        lists = {f"{noun}s": (_ACCOUNT, _accounts(inventory, parts, found, noun)) for noun in ("link", "service")}
        return long_answer(head, lists)


def _parts(inventory: Inventory, **asked: str | None) -> _Parts:
    """The links and services that are asked for: all, those of a site, or one."""
    given = {noun: name for noun, name in asked.items() if name is not None}
    if len(given) > 1:
        wrong = f"{' and '.join(given)} were given together"
        raise RefusedError(HTTPStatus.BAD_REQUEST, wrong, "ask for a site, a link or a service; ids are unique")
    match given:
        case {"link": name}:
            return _alone(inventory, ("link", name))
        case {"service": name}:
            return _alone(inventory, ("service", name))
        case {"site": name}:
            return _of_sites([site_named(inventory, name)])
        case _:
            return _of_sites(inventory.sites)


def _alone(inventory: Inventory, key: SubjectKey) -> _Parts:
    site, item = subject_named(inventory, key)
    return {} if isinstance(item, Device) else {key: (site, item)}


def _of_sites(sites: Iterable[Site]) -> _Parts:
    parts: dict[SubjectKey, tuple[Site, Link | Service]] = {}
    for site in sites:
        parts |= {("link", link.id): (site, link) for link in site.links}
        parts |= {("service", service.id): (site, service) for service in site.services}
    return parts


def _period(start: str | None, end: str | None, zone: ZoneInfo, now: datetime) -> Interval:
    """From one time to another, but not beyond now; left out, from the begin of the month, until now.

    Raises:
        RefusedError: 422.
    """
    until = min(instant(parse_time("to", end, zone)), instant(now)) if end is not None else instant(now)
    month = Periods(zone).at(moment(until - 1))
    since = instant(parse_time("from", start, zone)) if start is not None else month.interval.start
    if since >= until:
        wrong = f"nothing has passed from {moment(since).astimezone(zone)} to {moment(until).astimezone(zone)}"
        mend = "write a `from` that is earlier than `to` and than now"
        raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, wrong, mend)
    return Interval(since, until)


def _accounts(
    inventory: Inventory, parts: _Parts, found: Mapping[SubjectKey, Availability], noun: str
) -> Iterator[Account]:
    for key, (site, item) in parts.items():
        if key[0] == noun and key in found:
            yield account(inventory, site, item, found[key])
