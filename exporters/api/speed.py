"""``/api/v1/links/{id}/speed``: a throughput test now, and what those before gave."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import FastAPI, Path, Request, Response
from pydantic import TypeAdapter

from exporters.api.asked import check_parameters
from exporters.api.bodies import Body, Who, body_of, read_object
from exporters.api.desks import READ_REFUSALS, WRITE_REFUSALS
from exporters.api.problems import RefusedError
from exporters.speed_desk import REFUSED, SpeedDesk, SpeedView

_VIEW: Final = TypeAdapter(SpeedView)
_PATH: Final = "/api/v1/links/{id}/speed"
_Id = Annotated[str, Path(alias="id", description="The link's.")]


class NewSpeedTest(Body):
    """A speed test that somebody wants now."""

    who: Who


def add_speed(app: FastAPI, desk: SpeedDesk | None) -> None:
    """Answer for speed tests."""

    @app.get(_PATH, response_model=SpeedView, responses=READ_REFUSALS, summary="The speed tests of a link")
    async def tests(request: Request, name: _Id) -> Response:
        check_parameters(request, ())
        return _told(await _known(desk, name).view(name), HTTPStatus.OK)

    @app.post(
        _PATH,
        response_model=SpeedView,
        status_code=HTTPStatus.ACCEPTED,
        responses=WRITE_REFUSALS,
        openapi_extra=body_of(NewSpeedTest),
        summary="Test the speed of a link now, both directions",
    )
    async def test(request: Request, name: _Id) -> Response:
        check_parameters(request, ())
        wanted = await read_object(request, NewSpeedTest)
        found = _known(desk, name)
        skip = await found.demand(name, wanted.who)
        if skip is not None:
            raise RefusedError(
                HTTPStatus.CONFLICT, f"link {name!r} is not tested now: {REFUSED[skip][0]}", REFUSED[skip][1]
            )
        return _told(await found.view(name), HTTPStatus.ACCEPTED)


def _known(desk: SpeedDesk | None, name: str) -> SpeedDesk:
    if desk is None:
        what, mend = "speed tests are not running", "start the daemon with `linkward run`"
        raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, what, mend)
    if not desk.knows(name):
        raise RefusedError(HTTPStatus.NOT_FOUND, f"there is no link {name!r}", "see /api/v1/links for the ids")
    return desk


def _told(view: SpeedView, status: HTTPStatus) -> Response:
    return Response(_VIEW.dump_json(view), status, media_type="application/json")
