"""What the routes about incidents, silences and maintenance have in common."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Query, Request

from exporters.api.asked import check_parameters
from exporters.api.bodies import Body, Who, validated
from exporters.api.problems import RefusedError, refusals
from exporters.desk import Desk
from exporters.web.caller import user_of

READ_REFUSALS: Final = refusals(
    HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE
)
"""How a question may be refused."""
WRITE_REFUSALS: Final = {
    **READ_REFUSALS,
    **refusals(
        HTTPStatus.FORBIDDEN,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ),
}
"""How a change may be refused."""

WhoAsked = Annotated[
    str,
    Query(description="Who does it: a name under `people`, or any other. Left out: whose password was sent."),
]


class _Somebody(Body):
    who: Who


def running(desk: Desk | None) -> Desk:
    """The desk.

    Raises:
        RefusedError: 503; nobody keeps incidents.
    """
    if desk is None:
        raise RefusedError(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "alerting is not running",
            "start the daemon with `alerts: {via: daemon}` in its inventory",
        )
    return desk


def somebody(request: Request, who: str) -> str:
    """The only parameter of what is taken back: who does it.

    Raises:
        RefusedError: 400, 422.
    """
    check_parameters(request, ("who",))
    found: dict[str, Any] = {"who": who or user_of(request)}
    return validated(found, _Somebody).who
