"""``GET /api/v1/explain``."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import FastAPI, Query, Request, Response
from pydantic import TypeAdapter

from exporters.api.asked import check_parameters, parse_time, subject_named
from exporters.api.problems import RefusedError, refusals
from exporters.explaining import Present, Question, around, explain
from exporters.explanation import Explanation
from exporters.explanation_text import explanation_text
from exporters.past import PastSource
from exporters.verdict_view import VerdictsOf
from exporters.zones import zone_of
from model.measurement import Noun, SubjectKey

_PARAMETERS: Final = ("link", "device", "service", "at")
_REFUSALS: Final = refusals(
    HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE
)
_EXPLANATION: Final = TypeAdapter(Explanation)
_TEXT: Final = "text/plain"

_Id = Annotated[str | None, Query(description="Its id; one of link, device and service.")]


def add_explanations(app: FastAPI, source: PastSource, verdicts_of: VerdictsOf) -> None:
    """Answer for why something is in its state."""

    @app.get(
        "/api/v1/explain",
        response_model=Explanation,
        responses={**_REFUSALS, 200: {"content": {_TEXT: {"schema": {"type": "string"}}}}},
        summary="Why a link, device or service is, or was, in its state; as text to whoever accepts text/plain",
    )
    async def explained(
        request: Request,
        link: _Id = None,
        device: _Id = None,
        service: _Id = None,
        at: Annotated[
            str | None,
            Query(description="A time that has passed; without an offset by the ward's clock. Left out: now."),
        ] = None,
    ) -> Response:
        check_parameters(request, _PARAMETERS)
        question = _question(source, _subject(link, device, service), at)
        above = source.topology.ancestors(question.subject)
        past = await source.past((question.subject, *above), question.period)
        present = None
        if at is None:
            states = {subject: source.state(subject) for subject in (question.subject, *above)}
            present = Present(states, tuple(verdicts_of(question.subject)))
        found = explain(question, source.inventory, source.topology, past, present)
        if _TEXT in request.headers.get("accept", ""):
            return Response(explanation_text(found), media_type=f"{_TEXT}; charset=utf-8")
        return Response(_EXPLANATION.dump_json(found), media_type="application/json")


def _subject(link: str | None, device: str | None, service: str | None) -> SubjectKey:
    asked: list[tuple[Noun, str | None]] = [("link", link), ("device", device), ("service", service)]
    given: list[SubjectKey] = [(noun, name) for noun, name in asked if name is not None]
    if len(given) != 1:
        wrong = f"{len(given)} of link, device and service are given" if given else "nothing is asked about"
        raise RefusedError(HTTPStatus.BAD_REQUEST, wrong, "write one of them, such as ?link=office-vnpt")
    return given[0]


def _question(source: PastSource, subject: SubjectKey, at: str | None) -> Question:
    site, item = subject_named(source.inventory, subject)
    now = source.now()
    asked = parse_time("at", at, zone_of(source.inventory, site)) if at is not None else now
    if asked > now:
        raise RefusedError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"at={at!r} has not come yet",
            "write a time that has passed, or leave it out",
        )
    return Question(subject, item, site, asked, around(asked, now))
