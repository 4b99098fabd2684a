"""What the daemon answers over HTTP."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from fastapi import FastAPI, Response
from fastapi.responses import PlainTextResponse
from fastapi.staticfiles import StaticFiles

from exporters.api.accounts import add_accounts
from exporters.api.description import DescribedApi
from exporters.api.explanations import add_explanations
from exporters.api.incidents import add_incidents
from exporters.api.lists import add_lists
from exporters.api.maintenance import add_maintenance
from exporters.api.problems import refuse_as_problems
from exporters.api.silences import add_silences
from exporters.api.speed import add_speed
from exporters.api.status import add_status
from exporters.api.topology import add_topology
from exporters.desk import Desk
from exporters.drift import DriftSource, NoDrift
from exporters.feed import Feed
from exporters.health_view import HealthDesk
from exporters.latest import Latest
from exporters.names import Naming
from exporters.origin import SameOrigin
from exporters.own import OwnMetrics
from exporters.pages.routes import add_pages
from exporters.pages.sources import LatencySource, NoLatency, Sources
from exporters.past import PastSource
from exporters.reviews import ReviewSource
from exporters.scrape import Scrape
from exporters.speed_desk import SpeedDesk
from exporters.status import Status
from exporters.targets.endpoints import add_targets
from exporters.targets.probed import Probing

_STATIC: Final = Path(__file__).parent / "pages" / "static"


class StatusSource(Protocol):
    """Knows the state of everything."""

    def status(self) -> Status:
        """The state of everything now."""


class Reloader(Protocol):
    """Reads the configuration anew."""

    async def reload(self) -> list[str]:
        """Take over the configuration if all of it is right; otherwise keep the old one and say each problem."""


class Readiness(Protocol):
    """Knows when a scrape shows the whole picture."""

    def ready(self) -> str | None:
        """``None`` when the first round of probes is complete, otherwise why it is not ready yet."""


class Health(Protocol):
    """Knows whether the daemon does what it is there for."""

    def ailments(self) -> list[str]:
        """What does not work, one sentence each without its full stop; empty while all is well."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the web server.

    Attributes:
        latest: What ``/metrics`` shows of every subject.
        own: What it shows of the daemon.
        clock: Monotonic seconds, as ``Latest.record`` is given them.
        status: For the status page and ``/api/v1/status``.
        reloader: For ``/-/reload``.
        readiness: For ``/-/ready``.
        past: For ``/api/v1/availability`` and ``/api/v1/explain``.
        desk: For incidents, silences and maintenance; ``None`` where alerting is not running.
        probing: For ``/probe`` and ``/snmp``; ``None`` where nothing is probed.
        health: For ``/-/healthy``; ``None`` where to answer is all.
        feed: What changes, for pages that are open.
        latency: How long probes took, for the graphs of links.
        speeds: For speed tests; ``None`` where none are run.
        reviews: Monthly reviews; ``None`` where they are not made.
        drift: What the network is otherwise than it was.
    """

    latest: Latest
    own: OwnMetrics
    clock: Callable[[], float]
    status: StatusSource
    reloader: Reloader
    readiness: Readiness
    past: PastSource
    desk: Desk | None = None
    probing: Probing | None = None
    health: Health | None = None
    feed: Feed = field(default_factory=Feed)
    latency: LatencySource = field(default_factory=NoLatency)
    speeds: SpeedDesk | None = None
    reviews: ReviewSource | None = None
    drift: DriftSource = field(default_factory=NoDrift)


def create_app(behind: Behind) -> FastAPI:
    """The application; nothing that it serves loads anything from elsewhere."""
    app = DescribedApi(
        title="Linkward", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json", redirect_slashes=False
    )
    scrape = Scrape(behind.latest, behind.own, behind.clock)
    app.add_api_route("/metrics", scrape.answer, methods=["GET"], response_class=Response, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    add_targets(app, behind.past, behind.probing)
    _add_lifecycle(app, behind)
    _add_api(app, behind)
    app.add_middleware(SameOrigin)
    return app


def _add_api(app: FastAPI, behind: Behind) -> None:
    refuse_as_problems(app)
    add_status(app, behind.status.status)
    add_lists(app, behind.status.status, behind.latest.verdicts, HealthDesk(behind.latest, behind.clock))
    add_accounts(app, behind.past)
    add_explanations(app, behind.past, behind.latest.verdicts, behind.desk)
    naming = Naming()
    add_incidents(app, behind.desk, behind.past, naming)
    add_silences(app, behind.desk, behind.past)
    add_maintenance(app, behind.desk, behind.past)
    add_speed(app, behind.speeds)
    add_topology(app, behind.past, behind.drift)
    add_pages(app, _sources(behind, naming))


def _sources(behind: Behind, naming: Naming) -> Sources:
    return Sources(
        past=behind.past,
        desk=behind.desk,
        verdicts_of=behind.latest.verdicts,
        healths=HealthDesk(behind.latest, behind.clock),
        naming=naming,
        feed=behind.feed,
        latency=behind.latency,
        blocks=lambda site: behind.latest.blocks(behind.clock(), frozenset({site})),
        reviews=behind.reviews,
        speeds=behind.speeds,
        drift=behind.drift,
    )


def _add_lifecycle(app: FastAPI, behind: Behind) -> None:
    @app.get("/-/healthy", include_in_schema=False)
    async def healthy() -> PlainTextResponse:
        ailments = behind.health.ailments() if behind.health else []
        if ailments:
            return PlainTextResponse("\n".join(["Linkward is not healthy:", *ailments, ""]), 503)
        return PlainTextResponse("Linkward is healthy.\n")

    @app.get("/-/ready", include_in_schema=False)
    async def ready() -> PlainTextResponse:
        reason = behind.readiness.ready()
        return PlainTextResponse(f"{reason}\n", 503) if reason else PlainTextResponse("Linkward is ready.\n")

    @app.api_route("/-/reload", methods=["POST", "PUT"], include_in_schema=False)
    async def reload() -> PlainTextResponse:
        problems = await behind.reloader.reload()
        if problems:
            return PlainTextResponse("\n".join(["The configuration was not taken over:", *problems, ""]), 500)
        return PlainTextResponse("The configuration was taken over.\n")
