"""``/api/v1/maintenance``: planned work, announced while the daemon runs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from difflib import get_close_matches
from http import HTTPStatus
from secrets import token_hex
from typing import Annotated, Any, Final

from fastapi import FastAPI, Path, Request, Response
from pydantic import Field, TypeAdapter

from exporters.api.asked import check_parameters, parse_time
from exporters.api.bodies import Body, Who, body_of, read_object, validated
from exporters.api.desks import READ_REFUSALS, WRITE_REFUSALS, WhoAsked, running, somebody
from exporters.api.problems import RefusedError
from exporters.desk import Desk
from exporters.maintenance_view import WindowView, window_view
from exporters.past import PastSource
from exporters.zones import zone_of
from model.alerting import MaintenanceWindow
from model.fields import Hours, Id, PositiveDuration
from model.inventory import Inventory

_ID_BYTES: Final = 3
_LONGEST: Final = timedelta(days=366)
_MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Windows:
    """Maintenance windows.

    Attributes:
        now: When it is so.
        timezone: Whose clock times without an offset are read from.
        maintenance: They; what is open or comes next first, what is over last.
    """

    now: datetime
    timezone: str
    maintenance: list[WindowView]


class NewWindow(Body):
    """Work that somebody plans; its keys are those of the inventory."""

    id: Id | None = Field(None, description="Names it; left out, one is made up.")
    sites: tuple[str, ...] = Field((), max_length=_MOST, description="Sites with all that is in them.")
    devices: tuple[str, ...] = Field((), max_length=_MOST, description="Devices alone.")
    links: tuple[str, ...] = Field((), max_length=_MOST, description="Links alone.")
    start: str | None = Field(
        None, alias="from", description="A time; without an offset by the ward's clock. With `for` left out: now."
    )
    end: str | None = Field(None, alias="to", description="A time; not part of it. Either this, `for` or `every`.")
    lasting: PositiveDuration | None = Field(None, alias="for", description="How long, such as `2h`.")
    every: Hours | None = Field(None, description="When it recurs, such as `Sun 02:00-03:00`.")
    reason: str = Field("", max_length=500, description="Shown wherever the window hides an alert.")
    who: Who


_VIEW: Final = TypeAdapter(WindowView)
_LIST: Final = TypeAdapter(Windows)


def add_maintenance(app: FastAPI, desk: Desk | None, source: PastSource) -> None:
    """Answer for planned work."""

    @app.get("/api/v1/maintenance", response_model=Windows, responses=READ_REFUSALS, summary="Planned work")
    async def windows(request: Request) -> Response:
        check_parameters(request, ())
        now, inventory = source.now(), source.inventory
        found = [window_view(window, inventory, now) for window in running(desk).maintenance()]
        found.sort(key=lambda view: (view.next is None, view.next.start if view.next else now, view.id))
        return Response(_LIST.dump_json(Windows(now, zone_of(inventory).key, found)), media_type="application/json")

    @app.post(
        "/api/v1/maintenance",
        response_model=WindowView,
        status_code=HTTPStatus.CREATED,
        responses=WRITE_REFUSALS,
        openapi_extra=body_of(NewWindow),
        summary="Announce planned work",
    )
    async def add(request: Request) -> Response:
        check_parameters(request, ())
        wanted = await read_object(request, NewWindow)
        window = _window(wanted, source.inventory, source.now())
        added = await running(desk).add_maintenance(window, wanted.who)
        return _told(added, source, HTTPStatus.CREATED)

    @app.delete(
        "/api/v1/maintenance/{id}", response_model=WindowView, responses=WRITE_REFUSALS, summary="End planned work now"
    )
    async def end(
        request: Request, name: Annotated[str, Path(alias="id", description="Its id.")], who: WhoAsked = ""
    ) -> Response:
        return _told(await running(desk).end_maintenance(name, somebody(request, who)), source)


def _window(wanted: NewWindow, inventory: Inventory, now: datetime) -> MaintenanceWindow:
    _check_subjects(wanted, inventory)
    window = validated(
        {
            "id": wanted.id or f"work-{token_hex(_ID_BYTES)}",
            "sites": wanted.sites,
            "devices": wanted.devices,
            "links": wanted.links,
            "reason": wanted.reason,
            **_times(wanted, zone_of(inventory), now),
        },
        MaintenanceWindow,
    )
    if window_view(window, inventory, now).next is None:
        raise _wrong("it would be over already", "write an end that is still to come")
    return window


def _times(wanted: NewWindow, zone: tzinfo, now: datetime) -> Mapping[str, Any]:
    """When it is open, in the keys of the inventory; once is from one instant to another, whoever reads it."""
    if wanted.every is not None:
        if (wanted.start, wanted.end, wanted.lasting) != (None, None, None):
            raise _wrong("it is single and recurring", "write either `every`, or `from` with `to` or `for`")
        return {"every": wanted.every}
    if (wanted.end is None) == (wanted.lasting is None):
        raise _wrong("its end is not clear", "write one of `to`, `for` and `every`")
    start = now if wanted.start is None else parse_time("from", wanted.start, zone)
    if wanted.end is not None:
        end = parse_time("to", wanted.end, zone)
    else:
        end = start + timedelta(seconds=min(wanted.lasting or 0, 2 * _LONGEST.total_seconds()))
    if end - start > _LONGEST:
        raise _wrong("it would last for more than a year", "write an end within a year")
    return {"from": start, "to": end}


def _check_subjects(wanted: NewWindow, inventory: Inventory) -> None:
    known: Mapping[str, tuple[tuple[str, ...], list[str]]] = {
        "sites": (wanted.sites, [site.id for site in inventory.sites]),
        "devices": (wanted.devices, [device.id for _, device in inventory.devices()]),
        "links": (wanted.links, [link.id for _, link in inventory.links()]),
    }
    if not any(named for named, _ in known.values()):
        raise _wrong("it covers nothing", "name something in `sites`, `devices` or `links`")
    for key, (named, ids) in known.items():
        for name in named:
            _check_id(key, name, ids)


def _check_id(key: str, name: str, ids: Collection[str]) -> None:
    if name in set(ids):
        return
    near = get_close_matches(name, ids, 1)
    mend = f"did you mean {near[0]!r}?" if near else f"see /api/v1/{key} for the ids"
    raise _wrong(f"{key}: there is no {key.removesuffix('s')} {name!r} in the inventory", mend)


def _told(window: MaintenanceWindow, source: PastSource, status: HTTPStatus = HTTPStatus.OK) -> Response:
    view = window_view(window, source.inventory, source.now())
    return Response(_VIEW.dump_json(view), status, media_type="application/json")


def _wrong(what: str, mend: str) -> RefusedError:
    return RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, what, mend)
