"""What people do on the page of a link: they have its speed tested."""

from http import HTTPStatus
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from exporters.api.bodies import read_form
from exporters.pages.deeds import NoPageError, filled_in
from exporters.pages.headers import PAGE_HEADERS
from exporters.pages.press import Press
from exporters.pages.telling import chosen
from exporters.web.caller import user_of


async def speed_tested(press: Press, request: Request, name: str, lang: str) -> Response:
    """Begin a test, and lead back to the page of the link, which says that it runs, or why it does not."""
    if press.link_named(name) is None:
        raise NoPageError("no_link", HTTPStatus.NOT_FOUND)
    desk = press.sources.speeds
    if desk is None:
        raise NoPageError("no_speed_tests", HTTPStatus.SERVICE_UNAVAILABLE)
    filled = filled_in(await read_form(request), user_of(request))
    skip = None if filled.wrong else await desk.demand(name, filled.who)
    asked = {"lang": chosen(lang) or "", "speed": filled.wrong or skip or ""}
    told = urlencode({key: value for key, value in asked.items() if value})
    to = f"/links/{quote(name, safe='')}{told and f'?{told}'}#speed-test"
    return RedirectResponse(to, HTTPStatus.SEE_OTHER, PAGE_HEADERS)
