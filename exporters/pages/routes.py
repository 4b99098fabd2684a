"""``/incidents``: what people see of incidents, and how they take one on."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from exporters.api.bodies import LONGEST_COMMENT, LONGEST_NAME, read_form
from exporters.api.incidents import LOOKED_BACK, newest_first
from exporters.desk import ClosedError, Decided, Desk, UnknownIncidentError
from exporters.names import Names, Naming
from exporters.pages.headers import FORM_HEADERS, PAGE_HEADERS
from exporters.pages.incidents import Filled, IncidentPages, Opened
from exporters.past import PastSource, PastUnavailableError
from exporters.web.caller import is_by_token
from model.ack_token import ExpiredTokenError, TokenError
from model.incident import Incident

_MOST_OVER: Final = 200
_EMPTY: Final = Filled()

_Id = Annotated[str, Path(alias="id")]


def add_incident_pages(app: FastAPI, desk: Desk | None, source: PastSource, naming: Naming) -> None:
    """Answer with pages."""
    pages = _Pages(desk, source, naming)
    for path, answer, method in (
        ("/incidents", pages.overview, "GET"),
        ("/incidents/{id}", pages.one, "GET"),
        ("/incidents/{id}/ack", pages.opened, "GET"),
        ("/incidents/{id}/ack", pages.take, "POST"),
    ):
        app.add_api_route(path, answer, methods=[method], response_class=Response, include_in_schema=False)


class _NoPageError(Exception):
    """There is nothing to be seen but a page that says why.

    Args:
        word: What it says.
        status: Of the answer.
        incident: Where the way leads on to.
    """

    def __init__(self, word: str, status: HTTPStatus, incident: Incident | None = None) -> None:
        super().__init__(word)
        self.word, self.status, self.incident = word, status, incident


class _Pages:
    def __init__(self, desk: Desk | None, source: PastSource, naming: Naming) -> None:
        self._kept = desk
        self._source = source
        self._naming = naming
        self._pages: Final = IncidentPages()

    async def overview(self) -> Response:
        return await self._answered(self._overview())

    async def one(self, name: _Id) -> Response:
        return await self._answered(self._one(name))

    async def opened(self, name: _Id, token: str = "") -> Response:
        return await self._answered(self._confirmation(name, token))

    async def take(self, request: Request, name: _Id) -> Response:
        return await self._answered(self._take(request, name, await read_form(request)))

    @property
    def _names(self) -> Names:
        return self._naming.of(self._source.inventory)

    @property
    def _desk(self) -> Desk:
        if self._kept is None:
            raise _NoPageError("not_running", HTTPStatus.SERVICE_UNAVAILABLE)
        return self._kept

    async def _answered(self, answer: Awaitable[Response]) -> Response:
        try:
            return await answer
        except _NoPageError as refusal:
            return self._note(refusal)
        except PastUnavailableError:
            return self._note(_NoPageError("unreadable", HTTPStatus.SERVICE_UNAVAILABLE))

    def _note(self, refusal: _NoPageError) -> Response:
        text = self._pages.note(refusal.word, self._names, self._source.now(), refusal.incident)
        return HTMLResponse(text, refusal.status, PAGE_HEADERS)

    async def _overview(self) -> Response:
        now = self._source.now()
        open_ones = newest_first(self._desk.open_incidents())
        over = await self._over(now)
        text = await asyncio.to_thread(self._pages.overview, open_ones, over, self._names, now)
        return HTMLResponse(text, headers=PAGE_HEADERS)

    async def _over(self, now: datetime) -> list[Incident] | None:
        try:
            found = await self._desk.incidents(now - LOOKED_BACK, now)
        except PastUnavailableError:
            return None
        return newest_first(one for one in found if not one.is_open)[:_MOST_OVER]

    async def _one(self, name: str, filled: Filled = _EMPTY) -> Response:
        incident = await self._found(name)
        decided = await self._decided(incident)
        text = await asyncio.to_thread(self._pages.incident, incident, decided, self._names, self._source.now(), filled)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if filled.wrong else HTTPStatus.OK
        return HTMLResponse(text, status, FORM_HEADERS)

    async def _decided(self, incident: Incident) -> Sequence[Decided] | None:
        at = incident.closed_at or self._source.now()
        try:
            found = await self._desk.decisions(incident.cause.subject, at)
        except PastUnavailableError:
            return None
        return [one for one in found if one.incident in {"", incident.id}]

    async def _confirmation(self, name: str, token: str) -> Response:
        """Changes nothing: programs that look through mail open every link."""
        person = self._person(name, token)
        incident = await self._lasting(name)
        opened = Opened(name, token, self._called(person))
        text = self._pages.confirmation(incident, opened, self._names, self._source.now())
        return HTMLResponse(text, headers=FORM_HEADERS)

    async def _take(self, request: Request, name: str, form: Mapping[str, str]) -> Response:
        if "token" in form:
            taken = await self._acknowledge(name, self._person(name, form["token"]), "")
            if is_by_token(request):  # every other page would ask them for a password
                again = f"/incidents/{quote(name, safe='')}/ack?{urlencode({'token': form['token']})}"
                return RedirectResponse(again, HTTPStatus.SEE_OTHER, PAGE_HEADERS)
        else:
            filled = _filled(form)
            if filled.wrong:
                return await self._one(name, filled)
            taken = await self._acknowledge(name, filled.who, filled.comment)
        return RedirectResponse(f"/incidents/{quote(taken.id, safe='')}#ack", HTTPStatus.SEE_OTHER, PAGE_HEADERS)

    async def _acknowledge(self, name: str, who: str, comment: str) -> Incident:
        try:
            return await self._desk.acknowledge(name, who, comment)
        except UnknownIncidentError as error:
            raise _NoPageError("unknown", HTTPStatus.NOT_FOUND) from error
        except ClosedError as error:
            raise _NoPageError("is_over", HTTPStatus.CONFLICT, await self._found(name)) from error

    def _person(self, name: str, token: str) -> str:
        """For whom a link to this incident was made."""
        signer = self._desk.link_signer()
        try:
            incident, person = ("", "") if signer is None else signer.opened(token, self._source.now())
        except ExpiredTokenError as error:
            raise _NoPageError("expired", HTTPStatus.GONE) from error
        except TokenError as error:
            raise _NoPageError("forged", HTTPStatus.FORBIDDEN) from error
        if signer is None or incident != name:
            raise _NoPageError("forged", HTTPStatus.FORBIDDEN)
        return person

    def _called(self, person: str) -> str:
        found = self._source.inventory.people.get(person)
        return (found.name if found else "") or person

    async def _lasting(self, name: str) -> Incident:
        incident = await self._found(name)
        if incident.merged_into is not None:
            incident = await self._found(incident.merged_into)
        if not incident.is_open:
            raise _NoPageError("is_over", HTTPStatus.CONFLICT, incident)
        return incident

    async def _found(self, name: str) -> Incident:
        incident = await self._desk.incident(name)
        if incident is None:
            raise _NoPageError("unknown", HTTPStatus.NOT_FOUND)
        return incident


def _filled(form: Mapping[str, str]) -> Filled:
    who, comment = form.get("who", "").strip(), form.get("comment", "").strip()
    if not who.isprintable() or not 1 <= len(who) <= LONGEST_NAME:
        return Filled(who, comment, "name_missing")
    return Filled(who, comment, "comment_too_long" if len(comment) > LONGEST_COMMENT else "")
