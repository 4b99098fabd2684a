"""Stands for the daemon behind the API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from exporters.app import Behind, create_app
from exporters.drift import DriftSource, NoDrift
from exporters.latest import Latest
from exporters.own import OwnMetrics
from exporters.reviews import ReviewSource
from exporters.server import WebServer
from exporters.status import Status, status_of
from tests.peers.board import full_board
from tests.peers.desk import FakeDesk
from tests.peers.past import Kept
from tests.peers.speed_desk import FakeSpeeds


class Ward:
    """Stands for the daemon; what it shows is what it keeps."""

    def __init__(self) -> None:
        self.kept = Kept()
        self.latest: Latest = full_board()
        self.desk = FakeDesk(now=self.kept.now)
        self.has_desk = True
        self.speeds = FakeSpeeds(self.kept.inventory, self.kept.now())
        self.drift: DriftSource = NoDrift()

    def status(self) -> Status:
        """The state of everything."""
        states = {key: state for key, (state, _) in self.kept.states.items()}
        since = {key: at for key, (_, at) in self.kept.states.items() if at is not None}
        return status_of(self.kept.inventory, states, since, self.kept.now())

    async def reload(self) -> list[str]:
        """Nothing is wrong."""
        return []

    def ready(self) -> str | None:
        """It is."""
        return None

    def app(self, reviews: ReviewSource | None = None) -> FastAPI:
        """What it answers over HTTP."""
        desk = self.desk if self.has_desk else None
        around = (self.latest, OwnMetrics(), lambda: 1.0, self, self, self, self.kept, desk)
        behind = Behind(*around, speeds=self.speeds, reviews=reviews, drift=self.drift)
        return create_app(behind)


@asynccontextmanager
async def served(ward: Ward) -> AsyncIterator[str]:
    """The address at which a ward answers."""
    server = WebServer(ward.app(), "127.0.0.1:0")
    await server.start()
    yield server.url
    await server.stop()
