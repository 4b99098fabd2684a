"""``GET /api/v1/status``."""

from collections.abc import Callable
from http import HTTPStatus

from fastapi import FastAPI, Request, Response

from exporters.api.asked import check_parameters
from exporters.api.etags import NOT_MODIFIED, headers_of, moment_json, tag_of, unchanged
from exporters.api.problems import refusals
from exporters.status import Status, status_json


def add_status(app: FastAPI, status_now: Callable[[], Status]) -> None:
    """Answer for the state of everything."""

    # A city is thousands of sites: it is written in one step of compiled code.
    @app.get(
        "/api/v1/status",
        response_model=Status,
        responses=refusals(HTTPStatus.BAD_REQUEST) | NOT_MODIFIED,
        summary="The state of every site, link, device and service",
    )
    async def status(request: Request) -> Response:
        check_parameters(request, ())
        now = status_now()
        text = status_json(now)
        tag = tag_of([text.replace(moment_json(now.now), b"", 1)])
        return unchanged(request, tag) or Response(text, media_type="application/json", headers=dict(headers_of(tag)))
