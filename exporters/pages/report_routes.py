"""Answers with monthly reviews: as pages, and as files."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Final, cast, get_args

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.responses import HTMLResponse

from exporters.api.etags import headers_of, tag_of, unchanged
from exporters.api.problems import problem_response
from exporters.pages.headers import PAGE_HEADERS
from exporters.pages.press import Press
from exporters.pages.report_words import REPORT_WORDS
from exporters.pages.reports import MonthsView, review_headers
from exporters.pages.telling import Telling, chosen
from exporters.reviews import NoReview, NoReviewError, ReviewAsked, ReviewFile, ReviewSource
from model.inventory import ReviewFormat

PAGE_PATIENCE: Final = 8.0
"""Seconds after which somebody in front of an empty page wants to know what is going on."""
FILE_PATIENCE: Final = 50.0
"""Seconds that a program waits for a file: less than a proxy does."""

_AGAIN: Final = 3  # seconds until a page that is being made is looked at again
_STATUS: Final[Mapping[NoReview, HTTPStatus]] = {
    NoReview.NOT_RUNNING: HTTPStatus.SERVICE_UNAVAILABLE,
    NoReview.MAKING: HTTPStatus.SERVICE_UNAVAILABLE,
    NoReview.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    NoReview.UNREADABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    NoReview.FAILED: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""What is not there by the nature of things is 404."""

_Month = Annotated[str, Path()]
_Language = Annotated[str, Query(alias="language")]
_Lang = Annotated[str, Query(alias="lang")]
"""What the other pages call it."""


def add_reports(app: FastAPI, press: Press) -> None:
    """Answer with the months, their reviews, and the files of these."""
    reports = _Reports(press)
    for path, answer in (
        ("/reports", reports.months),
        ("/reports/{month}.{format}", reports.file),
        ("/reports/{month}", reports.review),
    ):
        app.add_api_route(path, answer, methods=["GET"], response_class=Response, include_in_schema=False)


class _Reports:
    def __init__(self, press: Press) -> None:
        self._press = press

    @property
    def _source(self) -> ReviewSource:
        if self._press.sources.reviews is None:
            raise NoReviewError(NoReview.NOT_RUNNING)
        return self._press.sources.reviews

    async def months(self, language: _Language = "", lang: _Lang = "", ward: str = "") -> Response:
        """The months."""
        tell = self._telling(language or lang, ward)
        try:
            months = await self._source.months(ward)
        except NoReviewError as error:
            return self._note(error, tell, "", "")
        wards = self._press.sources.past.inventory.all_wards()
        view = MonthsView(tell, ward, months, wards if len(wards) > 1 else ())
        return HTMLResponse(self._press.reports.months(view), headers=PAGE_HEADERS)

    async def review(
        self, request: Request, month: _Month, language: _Language = "", lang: _Lang = "", ward: str = ""
    ) -> Response:
        """One review, to be read."""
        tell = self._telling(language or lang, ward)
        try:
            found = await self._source.file(ReviewAsked(month, ward, "html", tell.language), PAGE_PATIENCE)
        except NoReviewError as error:
            return self._note(error, tell, month, ward)
        content = await asyncio.to_thread(self._press.reports.with_bar, found.content, tell, month, ward)
        return _given(request, content, found, review_headers(content))

    async def file(
        self,
        request: Request,
        month: _Month,
        form: Annotated[str, Path(alias="format")],
        *,
        language: _Language = "",
        lang: _Lang = "",
        ward: str = "",
    ) -> Response:
        """One file of it, to be kept."""
        tell = self._telling(language or lang, ward)
        try:
            found = await self._source.file(ReviewAsked(month, ward, _form(form), tell.language), FILE_PATIENCE)
        except NoReviewError as error:
            return _problem(error) if form == "json" else self._note(error, tell, month, ward, is_file=True)
        # A page is for /reports/{month}; what is asked for by its ending is to be saved, but for what browsers show.
        shows = "inline" if form in {"pdf", "json"} else "attachment"
        how = {"content-disposition": f'{shows}; filename="{found.name}"'}
        headers = review_headers(found.content) if form == "html" else _FILE_HEADERS
        return _given(request, found.content, found, {**headers, **how})

    def _telling(self, language: str, ward: str) -> Telling:
        sources = self._press.sources
        return Telling(sources.names, ward, sources.past.now(), chosen(language))

    def _note(self, error: NoReviewError, tell: Telling, month: str, ward: str, *, is_file: bool = False) -> Response:
        known = any(each.id == ward for each in self._press.sources.past.inventory.all_wards())
        text = self._press.reports.note(error.why, tell, month, ward if known else "", error.share)
        headers = {**PAGE_HEADERS, **_come_again(error.why)}
        # A person who waits is answered; a program that wants a file must not take this for it.
        waits = error.why is NoReview.MAKING and not is_file
        return HTMLResponse(text, HTTPStatus.ACCEPTED if waits else _status(error.why), headers)


def _form(name: str) -> ReviewFormat:
    if name not in get_args(ReviewFormat):
        raise NoReviewError(NoReview.NO_FORMAT)
    return cast("ReviewFormat", name)


_FILE_HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": "frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def _given(request: Request, content: bytes, found: ReviewFile, headers: Mapping[str, str]) -> Response:
    tag = tag_of([content])
    return unchanged(request, tag) or Response(
        content, media_type=found.media_type, headers={**headers, **headers_of(tag)}
    )


def _status(why: NoReview) -> HTTPStatus:
    return _STATUS.get(why, HTTPStatus.NOT_FOUND)


def _come_again(why: NoReview) -> Mapping[str, str]:
    if why is NoReview.MAKING:
        return {"retry-after": str(_AGAIN), "refresh": str(_AGAIN)}
    return {"retry-after": "60"} if why is NoReview.BUSY else {}


def _problem(error: NoReviewError) -> Response:
    detail = REPORT_WORDS["en"][error.why].rstrip(".")
    return problem_response(_status(error.why), detail, "see /reports for the months", _come_again(error.why))
