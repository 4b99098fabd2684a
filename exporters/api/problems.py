"""How a request is refused: RFC 9457, with how to mend it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from exporters.desk import DeskError, UnknownError
from exporters.past import PastUnavailableError

PREFIX: Final = "/api/"
_MEDIA_TYPE: Final = "application/problem+json"
_SEE: Final = "see /api/v1/openapi.json for what can be asked, and how"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request was refused (RFC 9457).

    Attributes:
        title: The status in words.
        status: The HTTP status.
        detail: What is wrong.
        mend: How to mend it.
        type: Nothing more is said elsewhere.
    """

    title: str
    status: int
    detail: str
    mend: str
    type: str = "about:blank"


class RefusedError(Exception):
    """A request that cannot be answered.

    Args:
        status: 400 where the parameters are not those of the question, 404 where nothing bears such an id, 413 and 415
            where a body is too long or of another type, 422 where a value cannot be read or cannot be, 503 where what
            would answer is not there.
        detail: What is wrong.
        mend: How to mend it.
    """

    def __init__(self, status: HTTPStatus, detail: str, mend: str) -> None:
        super().__init__(f"{detail}: {mend}")
        self.status, self.detail, self.mend = status, detail, mend


def refusals(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """The refusals of a route, for its description."""
    content = {_MEDIA_TYPE: {"schema": TypeAdapter(Problem).json_schema()}}
    return {status.value: {"description": status.phrase, "content": content} for status in statuses}


def refuse_as_problems(app: FastAPI) -> None:
    """Answer every refusal below ``/api/`` in the one form, those of the framework too."""
    _refuse_ours(app)
    _refuse_the_frameworks(app)


def _refuse_ours(app: FastAPI) -> None:
    @app.exception_handler(RefusedError)
    async def refused(_: Request, error: RefusedError) -> Response:
        return problem_response(error.status, error.detail, error.mend)

    @app.exception_handler(PastUnavailableError)
    async def unavailable(_: Request, error: PastUnavailableError) -> Response:
        return problem_response(HTTPStatus.SERVICE_UNAVAILABLE, error.what, error.mend)

    @app.exception_handler(DeskError)
    async def impossible(_: Request, error: DeskError) -> Response:
        status = HTTPStatus.NOT_FOUND if isinstance(error, UnknownError) else HTTPStatus.CONFLICT
        return problem_response(status, error.what, error.mend)


def _refuse_the_frameworks(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, error: RequestValidationError) -> Response:
        if not request.url.path.startswith(PREFIX):
            return await request_validation_exception_handler(request, error)
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"][1:]))
        return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, f"{place}: {first['msg']}", _SEE)

    @app.exception_handler(HTTPException)
    async def otherwise(request: Request, error: HTTPException) -> Response:
        if not request.url.path.startswith(PREFIX):
            return await http_exception_handler(request, error)
        what, mend, headers = f"{request.method} {request.url.path} is not there", _SEE, error.headers
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = _allowed(app, request)
            mend, headers = f"it takes {allowed.replace(', ', ' and ')}; {_SEE}", {"allow": allowed}
        return problem_response(HTTPStatus(error.status_code), what, mend, headers)

    @app.exception_handler(Exception)
    async def failed(request: Request, _: Exception) -> Response:
        # What has failed stands in the log, and nowhere else: the words of an exception may be anything.
        if not request.url.path.startswith(PREFIX):
            return PlainTextResponse("Linkward could not answer this: its log says why.\n", 500)
        return problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, "this could not be answered", "look into the log")


def _allowed(app: FastAPI, request: Request) -> str:
    """What can be done there; the framework would name the methods of one route only (RFC 9110 §10.2.1 wants all)."""
    routes = [route for route in app.routes if isinstance(route, Route)]
    fitting = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return ", ".join(sorted({method for route in fitting for method in route.methods or ()}))


def problem_response(status: HTTPStatus, detail: str, mend: str, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal as it is answered."""
    problem = Problem(status.phrase, status.value, detail, mend)
    return JSONResponse(asdict(problem), status.value, headers=headers, media_type=_MEDIA_TYPE)
