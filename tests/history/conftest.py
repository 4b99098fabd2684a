"""An empty history on each engine, so that every test of the store runs over both."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from history.store import Store
from tests.peers.facts import opened
from tests.peers.postgresql import Postgresql, find_postgresql


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    """A PostgreSQL server; skips with the reason where there is none."""
    programs = find_postgresql()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with Postgresql(programs) as server:
        yield server


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'history.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.live)])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database of each engine."""
    if request.param == "sqlite":
        file: str = request.getfixturevalue("sqlite_url")
        return file
    server: Postgresql = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """A started store on an empty database of each engine."""
    async with opened(url) as started:
        yield started
