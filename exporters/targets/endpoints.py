"""The paths of this room."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from exporters.past import PastSource
from exporters.targets.aim import Held
from exporters.targets.discovery import DiscoveryPage, discovery_parts
from exporters.targets.kept import Kept
from exporters.targets.probe import ProbePage
from exporters.targets.probed import Probing
from exporters.targets.snmp import SnmpPage


def add_targets(app: FastAPI, watched: PastSource, probing: Probing | None) -> None:
    """Add ``/sd``, and where somebody probes ``/probe`` and ``/snmp``."""
    discovery = DiscoveryPage(Kept(discovery_parts))

    async def sd(request: Request) -> Response:
        return await discovery.answer(request, watched.inventory)

    _add(app, "/sd", sd)
    if probing is not None:
        held = Kept(Held)
        _add(app, "/probe", ProbePage(lambda: watched.inventory, held, probing).answer)
        _add(app, "/snmp", SnmpPage(lambda: watched.inventory, held, probing).answer)


def _add(app: FastAPI, path: str, answer: Callable[[Request], Awaitable[Response]]) -> None:
    app.add_api_route(path, answer, methods=["GET"], response_class=Response, include_in_schema=False)
