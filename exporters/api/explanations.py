"""``GET /api/v1/explain``."""

from http import HTTPStatus
from typing import Annotated, Final, get_args

from fastapi import FastAPI, Query, Request, Response
from pydantic import TypeAdapter

from exporters.api.asked import check_parameters, parse_time, subject_named
from exporters.api.problems import RefusedError, refusals
from exporters.desk import Decisions
from exporters.explaining import Present, Question, around, explain
from exporters.explanation import Explanation
from exporters.explanation_text import explanation_text
from exporters.past import PastSource
from exporters.verdict_view import VerdictsOf
from exporters.zones import zone_of
from model.inventory import Inventory, Language
from model.measurement import Noun, SubjectKey

_PARAMETERS: Final = ("link", "device", "service", "at", "lang")
_OF_ITS_WARD: Final = "ward"
_REFUSALS: Final = refusals(
    HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE
)
_EXPLANATION: Final = TypeAdapter(Explanation)
_TEXT: Final = "text/plain"

_Id = Annotated[str | None, Query(description="Its id; one of link, device and service.")]


def add_explanations(
    app: FastAPI, source: PastSource, verdicts_of: VerdictsOf, decisions: Decisions | None = None
) -> None:
    """Answer for why something is in its state, and why somebody was told of it or nobody."""

    @app.get(
        "/api/v1/explain",
        response_model=Explanation,
        responses={**_REFUSALS, 200: {"content": {_TEXT: {"schema": {"type": "string"}}}}},
        summary="Why a link, device or service is, or was, in its state; as text to whoever accepts text/plain",
    )
    async def explained(
        request: Request,
        *,
        link: _Id = None,
        device: _Id = None,
        service: _Id = None,
        at: Annotated[
            str | None,
            Query(description="A time that has passed; without an offset by the ward's clock. Left out: now."),
        ] = None,
        lang: Annotated[
            str | None,
            Query(description="Of the text: vi, en, id, or `ward` for that of its ward. Left out: en."),
        ] = None,
    ) -> Response:
        check_parameters(request, _PARAMETERS)
        subject = _subject(link, device, service)
        language = language_named(source.inventory, lang, subject)
        found = await explanation(source, subject, at, verdicts_of, decisions)
        if _TEXT in request.headers.get("accept", ""):
            return Response(explanation_text(found, language), media_type=f"{_TEXT}; charset=utf-8")
        return Response(_EXPLANATION.dump_json(found), media_type="application/json")


async def explanation(
    source: PastSource,
    subject: SubjectKey,
    at: str | None,
    verdicts_of: VerdictsOf | None,
    decisions: Decisions | None,
) -> Explanation:
    """Everything that is known of a subject.

    Args:
        source: What is watched, and what happened to it.
        subject: Of which.
        at: When, as it was asked; ``None`` for now.
        verdicts_of: The last verdicts; ``None`` where only the history is there to speak of the present.
        decisions: Why somebody was told or nobody; ``None`` where nobody decides that.

    Raises:
        RefusedError: There is no such subject, or no such time.
        PastUnavailableError: The history cannot be read.
    """
    question = _question(source, subject, at)
    above = source.topology.ancestors(subject)
    past = await source.past((subject, *above), question.period)
    present = None
    if at is None and verdicts_of is not None:
        states = {each: source.state(each) for each in (subject, *above)}
        present = Present(states, tuple(verdicts_of(subject)))
    decided = None if decisions is None else await decisions.decisions(subject, question.at)
    return explain(question, source.inventory, source.topology, past, present, decided=decided)


def _subject(link: str | None, device: str | None, service: str | None) -> SubjectKey:
    asked: list[tuple[Noun, str | None]] = [("link", link), ("device", device), ("service", service)]
    given: list[SubjectKey] = [(noun, name) for noun, name in asked if name is not None]
    if len(given) != 1:
        wrong = f"{len(given)} of link, device and service are given" if given else "nothing is asked about"
        raise RefusedError(HTTPStatus.BAD_REQUEST, wrong, "write one of them, such as ?link=office-vnpt")
    return given[0]


def language_named(inventory: Inventory, lang: str | None, subject: SubjectKey) -> Language:
    """The language that is asked for in words about a subject; English where none is.

    Raises:
        RefusedError: There is no such language, or no such subject.
    """
    if lang == _OF_ITS_WARD:
        site, _ = subject_named(inventory, subject)
        return inventory.language_of(site)
    languages: tuple[Language, ...] = get_args(Language)
    for language in languages:
        if language == (lang or "en"):
            return language
    mend = f"write {', '.join(languages)} or {_OF_ITS_WARD}, or leave it out"
    raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, f"lang={lang!r} is no language of this program", mend)


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
