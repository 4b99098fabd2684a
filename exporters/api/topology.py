"""``GET /api/v1/topology/drift``: what the network is otherwise than it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import FastAPI, Query, Request

from exporters.api.asked import check_parameters
from exporters.api.problems import RefusedError, refusals
from exporters.drift import Drifted, DriftSource
from exporters.past import PastSource
from model.topology_proposals import Change, Drift

_REFUSALS: Final = refusals(HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
_Site = Annotated[str | None, Query(description="Only what is otherwise on the site with this id.")]


@dataclass(frozen=True, slots=True)
class DriftView:
    """One thing that is otherwise.

    Attributes:
        site: The id of the site.
        device: The id of the device that tells of it.
        change: Gone, back, fact (what it says of itself), uplink (its way up), or of a neighbour: moved, left, came.
        what: The name of the fact or of the neighbour; empty of the others.
        was: Before; empty for nothing.
        now: Now; empty for nothing.
    """

    site: str
    device: str
    change: Change
    what: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class DriftList:
    """What the last look has found.

    Attributes:
        looked_at: When that was; null until `linkward topology` has been run.
        since: When what it is compared with was seen, or accepted.
        drift: Each thing that is otherwise, by device.
    """

    looked_at: datetime | None
    since: datetime | None
    drift: list[DriftView]


def add_topology(app: FastAPI, past: PastSource, drift: DriftSource) -> None:
    """Answer for what is otherwise."""

    @app.get("/api/v1/topology/drift", responses=_REFUSALS, summary="What the network is otherwise than it was")
    async def drifted(request: Request, site: _Site = None) -> DriftList:
        check_parameters(request, ("site",))
        sites = {device.id: place.id for place, device in past.inventory.devices()}
        if site is not None and all(place.id != site for place in past.inventory.sites):
            raise RefusedError(HTTPStatus.NOT_FOUND, f"there is no site {site!r}", "see /api/v1/sites for the ids")
        return _list(drift.drifted, sites, site)


def _list(drifted: Drifted | None, sites: Mapping[str, str], site: str | None) -> DriftList:
    """Of devices that the inventory has left behind nothing is said."""
    if drifted is None:
        return DriftList(None, None, [])
    known = [each for each in drifted.changes if each.device in sites and site in {None, sites[each.device]}]
    return DriftList(drifted.looked_at, drifted.since, [_view(each, sites[each.device]) for each in known])


def _view(drift: Drift, site: str) -> DriftView:
    return DriftView(site, drift.device, drift.change, drift.what, drift.was, drift.now)
