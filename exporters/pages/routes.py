"""The pages, and what people do on them."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from exporters.api.bodies import read_form
from exporters.desk import Desk
from exporters.pages.deeds import Deeds, NoPageError, filled_in
from exporters.pages.desk_views import incident_view, list_view
from exporters.pages.headers import FORM_HEADERS, PAGE_HEADERS
from exporters.pages.incidents import Filled, Opened
from exporters.pages.lines import RANGES, USUAL, link_view, read_before
from exporters.pages.live import Live
from exporters.pages.page_words import PAGE_WORDS
from exporters.pages.places import site_view
from exporters.pages.press import Press
from exporters.pages.report_routes import add_reports
from exporters.pages.sources import Sources
from exporters.pages.speed_part import speed_part
from exporters.pages.speed_routes import speed_tested
from exporters.pages.telling import Telling, chosen
from exporters.pages.views import view_of
from exporters.past import PastUnavailableError
from exporters.web.caller import is_by_token, user_of
from model.inventory import Link, Site

_EMPTY: Final = Filled()

_Id = Annotated[str, Path(alias="id")]
_Lang = Annotated[str, Query(alias="lang")]


def add_pages(app: FastAPI, sources: Sources) -> None:
    """Answer with pages, and with what changes on them."""
    press = Press(sources)
    pages = _Pages(press)
    doing = _Doing(press)
    for path, answer, method in (
        ("/", pages.status, "GET"),
        ("/sites/{id}", pages.site, "GET"),
        ("/links/{id}", pages.link, "GET"),
        ("/incidents", pages.incidents, "GET"),
        ("/incidents/{id}", pages.incident, "GET"),
        ("/events", pages.events, "GET"),
        ("/incidents/{id}/ack", doing.opened, "GET"),
        ("/incidents/{id}/ack", doing.take, "POST"),
        ("/incidents/{id}/unack", doing.give_back, "POST"),
        ("/incidents/{id}/silence", doing.silence, "POST"),
        ("/incidents/{id}/unsilence", doing.end_silence, "POST"),
        ("/links/{id}/speed", doing.test_speed, "POST"),
    ):
        app.add_api_route(path, answer, methods=[method], response_class=Response, include_in_schema=False)
    add_reports(app, press)


class _Answers:
    """What all pages have in common."""

    def __init__(self, press: Press) -> None:
        self._press = press

    @property
    def _sources(self) -> Sources:
        return self._press.sources

    @property
    def _desk(self) -> Desk:
        if self._sources.desk is None:
            raise NoPageError("not_running", HTTPStatus.SERVICE_UNAVAILABLE)
        return self._sources.desk

    @property
    def _deeds(self) -> Deeds:
        return Deeds(self._desk, self._sources.past)

    async def _answered(self, answer: Awaitable[Response], lang: str) -> Response:
        try:
            return await answer
        except NoPageError as refusal:
            return self._note(refusal, lang)
        except PastUnavailableError:
            return self._note(NoPageError("unreadable", HTTPStatus.SERVICE_UNAVAILABLE), lang)

    def _note(self, refusal: NoPageError, lang: str) -> Response:
        ward = refusal.incident.ward if refusal.incident else ""
        text = self._press.incidents.note(refusal.word, self._telling(ward, lang), refusal.incident)
        return HTMLResponse(text, refusal.status, PAGE_HEADERS)

    def _telling(self, ward: str, lang: str) -> Telling:
        return Telling(self._sources.names, ward, self._sources.past.now(), chosen(lang))

    async def _incident(self, name: str, filled: Filled, lang: str) -> Response:
        incident = await self._deeds.found(name)
        view = await incident_view(self._sources, self._desk, incident, chosen(lang), filled)
        text = await asyncio.to_thread(self._press.incidents.incident, view)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if filled.wrong else HTTPStatus.OK
        return HTMLResponse(text, status, FORM_HEADERS)


class _Pages(_Answers):
    """What can be looked at."""

    def __init__(self, press: Press) -> None:
        super().__init__(press)
        self._live = Live(press.sources.feed)
        # A page of thousands of sites takes a second: one at a time, or the probes would suffer.
        self._city = asyncio.Lock()

    async def status(self, lang: _Lang = "", ward: str = "") -> Response:
        known = any(each.id == ward for each in self._sources.past.inventory.all_wards())
        incidents = self._press.overlooking.open_incidents
        async with self._city:
            text = await asyncio.to_thread(self._status, ward if known else "", lang, incidents)
        return HTMLResponse(text, headers=PAGE_HEADERS)

    def _status(self, ward: str, lang: str, incidents: int) -> str:
        return self._press.status.html(self._press.overlooking.overview(ward, chosen(lang), incidents))

    async def site(self, name: _Id, lang: _Lang = "") -> Response:
        return await self._answered(self._site(name, lang), lang)

    async def link(
        self,
        request: Request,
        name: _Id,
        lang: _Lang = "",
        asked: Annotated[str, Query(alias="range")] = "",
        speed: str = "",
    ) -> Response:
        wanted = asked if asked in RANGES else USUAL
        return await self._answered(self._link(name, lang, wanted, user_of(request), speed), lang)

    async def incidents(self, lang: _Lang = "") -> Response:
        return await self._answered(self._incidents(lang), lang)

    async def incident(self, request: Request, name: _Id, lang: _Lang = "") -> Response:
        return await self._answered(self._incident(name, Filled(user_of(request)), lang), lang)

    async def events(self, request: Request) -> Response:
        """What changes on one page."""
        asked = dict(request.query_params)
        # A browser that comes again says so itself what it heard last.
        since = request.headers.get("last-event-id") or asked.pop("since", "")
        asked.pop("since", None)
        view = view_of(self._press, asked)
        if view is None:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        return await self._live.answer(urlencode(sorted(asked.items())), view, since)

    async def _site(self, name: str, lang: str) -> Response:
        view = site_view(self._sources, self._site_named(name), chosen(lang))
        text = await asyncio.to_thread(self._press.site.html, view)
        return HTMLResponse(text, headers=PAGE_HEADERS)

    async def _link(self, name: str, lang: str, asked: str, who: str, speed: str) -> Response:
        site, link = self._link_named(name)
        before = await read_before(self._sources, site, link, asked)
        part = await speed_part(self._sources, link)
        test = part.asked_by(who, speed) if part else None
        view = link_view(self._sources, site, link, asked, before=before, test=test, language=chosen(lang))
        text = await asyncio.to_thread(self._press.link.html, view)
        return HTMLResponse(text, headers=FORM_HEADERS if test else PAGE_HEADERS)

    async def _incidents(self, lang: str) -> Response:
        view = await list_view(self._sources, self._desk, chosen(lang))
        text = await asyncio.to_thread(self._press.incidents.overview, view)
        return HTMLResponse(text, headers=PAGE_HEADERS)

    def _site_named(self, name: str) -> Site:
        site = self._press.site_named(name)
        if site is None:
            raise NoPageError("no_site", HTTPStatus.NOT_FOUND)
        return site

    def _link_named(self, name: str) -> tuple[Site, Link]:
        found = self._press.link_named(name)
        if found is None:
            raise NoPageError("no_link", HTTPStatus.NOT_FOUND)
        return found


class _Doing(_Answers):
    """What can be done."""

    async def opened(self, name: _Id, token: str = "", lang: _Lang = "") -> Response:
        return await self._answered(self._confirmation(name, token, lang), lang)

    async def take(self, request: Request, name: _Id, lang: _Lang = "") -> Response:
        return await self._answered(self._take(request, name, lang), lang)

    async def give_back(self, request: Request, name: _Id, lang: _Lang = "") -> Response:
        return await self._answered(self._give_back(request, name, lang), lang)

    async def silence(self, request: Request, name: _Id, lang: _Lang = "") -> Response:
        return await self._answered(self._silence(request, name, lang), lang)

    async def end_silence(self, request: Request, name: _Id, lang: _Lang = "") -> Response:
        return await self._answered(self._end_silence(request, name, lang), lang)

    async def test_speed(self, request: Request, name: _Id, lang: _Lang = "") -> Response:
        return await self._answered(speed_tested(self._press, request, name, lang), lang)

    async def _confirmation(self, name: str, token: str, lang: str) -> Response:
        """Changes nothing: programs that look through mail open every link."""
        person = self._deeds.person(name, token)
        incident = await self._deeds.lasting(name)
        tell = self._telling(incident.ward, lang)
        text = self._press.incidents.confirmation(incident, Opened(name, token, tell.person(person)), tell)
        return HTMLResponse(text, headers=FORM_HEADERS)

    async def _take(self, request: Request, name: str, lang: str) -> Response:
        form = await read_form(request)
        if "token" in form:
            taken = await self._deeds.acknowledge(name, self._deeds.person(name, form["token"]), "")
            if is_by_token(request):  # every other page would ask them for a password
                again = f"/incidents/{quote(name, safe='')}/ack?{urlencode({'token': form['token']})}"
                return RedirectResponse(again, HTTPStatus.SEE_OTHER, PAGE_HEADERS)
        else:
            filled = filled_in(form, user_of(request))
            if filled.wrong:
                return await self._incident(name, filled, lang)
            taken = await self._deeds.acknowledge(name, filled.who, filled.comment)
        return _back(taken.id, "ack", lang)

    async def _give_back(self, request: Request, name: str, lang: str) -> Response:
        filled = filled_in(await read_form(request))
        given = await self._deeds.give_back(name, user_of(request) or filled.who or "-")
        return _back(given.id, "ack", lang)

    async def _silence(self, request: Request, name: str, lang: str) -> Response:
        form = await read_form(request)
        filled = filled_in(form, user_of(request))
        if filled.wrong:
            return await self._incident(name, filled, lang)
        incident = await self._deeds.lasting(name)
        tell = self._telling(incident.ward, lang)
        if not filled.comment:
            filled = replace(filled, comment=PAGE_WORDS[tell.language]["silence_from"].format(name=incident.id))
        silenced = await self._deeds.silence(name, filled, form.get("for", ""), tell.zone)
        return _back(silenced.id, "silence", lang)

    async def _end_silence(self, request: Request, name: str, lang: str) -> Response:
        form = await read_form(request)
        who = user_of(request) or filled_in(form).who or "-"
        incident = await self._deeds.end_silence(name, form.get("silence", ""), who)
        return _back(incident.id, "silence", lang)


def _back(incident: str, part: str, lang: str) -> Response:
    language = chosen(lang)
    asked = f"?lang={language}" if language else ""
    return RedirectResponse(f"/incidents/{quote(incident, safe='')}{asked}#{part}", HTTPStatus.SEE_OTHER, PAGE_HEADERS)
