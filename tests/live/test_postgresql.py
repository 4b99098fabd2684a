"""A history on a PostgreSQL server that is stopped, crashes, refuses and is shared."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from history.errors import HistoryError
from history.store import Fate, Store
from model.measurement import SubjectKey
from tests.peers.facts import START, moment, opened, transition
from tests.peers.postgresql import PASSWORD, Postgresql, find_postgresql

pytestmark = pytest.mark.live

LINK: SubjectKey = ("link", "office-vnpt")
FAR = moment(10**9)


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Postgresql]:
    """A server of this module alone, since its tests stop it."""
    programs = find_postgresql()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with Postgresql(programs, careful=True) as server:
        yield server


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what other threads do; the test's time limit is the limit."""
    while not condition():  # noqa: ASYNC110  # the thread that writes has no event for a test
        await asyncio.sleep(0.01)


async def fault_of(url: str) -> HistoryError:
    """What a start on this URL ends with."""
    with pytest.raises(HistoryError) as error:
        await Store(url, "north").start()
    return error.value


async def test_a_wrong_password_is_said_at_once_and_not_repeated(
    postgresql: Postgresql, caplog: pytest.LogCaptureFixture
) -> None:
    """Only a person can mend it, so the start fails; neither the wrong nor the right password is in any word."""
    caplog.set_level(logging.DEBUG)
    error = await fault_of(postgresql.url("postgres", password="not-the-word"))
    place = f"PostgreSQL database 'postgres' on 127.0.0.1:{postgresql.port}"
    assert error.what == f"{place} refuses the user or the password"
    assert error.mend == "correct them in the storage URL"
    assert "not-the-word" not in caplog.text + str(error) + repr(error)


async def test_a_database_that_does_not_exist_is_named(postgresql: Postgresql) -> None:
    """With the way to make it."""
    error = await fault_of(postgresql.url("nowhere"))
    assert error.what == f"PostgreSQL database 'nowhere' on 127.0.0.1:{postgresql.port} does not exist"
    assert error.mend == "create it (createdb), or correct its name in the storage URL"


async def test_a_server_that_goes_away_and_comes_back_costs_no_fact(
    postgresql: Postgresql, caplog: pytest.LogCaptureFixture
) -> None:
    """Stopped or crashed: what was durable stays, what came meanwhile follows, in words without the password."""
    url = postgresql.new_database()
    async with opened(url, patience=0.3) as store:
        for number, how in enumerate((signal.SIGINT, signal.SIGQUIT)):
            first = number * 100
            assert await store.record(transition(first)) is Fate.DURABLE
            await asyncio.to_thread(postgresql.stop, how)
            fates = await asyncio.gather(*(store.record(transition(first + n)) for n in range(1, 20)))
            assert set(fates) == {Fate.QUEUED}
            await until(lambda: store.health().fault is not None)
            assert f"on 127.0.0.1:{postgresql.port} " in str(store.health().fault)
            with pytest.raises(HistoryError, match=r"cannot be reached|is shutting down"):
                await store.transitions(START, FAR)
            await asyncio.to_thread(postgresql.start)
            await until(lambda: store.health().waiting == 0)
            assert store.health().fault is None
        known = (await store.transitions(START, FAR))[LINK]
    assert known == [transition(number) for number in (*range(20), *range(100, 120))]
    assert PASSWORD not in caplog.text


async def test_a_server_that_is_not_there_yet_holds_no_start_up(postgresql: Postgresql) -> None:
    """After a power cut the daemon may be up before its database: it watches, and its facts wait."""
    url = postgresql.new_database()
    await asyncio.to_thread(postgresql.stop)
    async with opened(url, patience=0.3) as store:
        assert await store.record(transition(1)) is Fate.QUEUED
        assert "cannot be reached: start the server" in str(store.health().fault)
        await asyncio.to_thread(postgresql.start)
        await until(lambda: store.health().waiting == 0)
        assert await store.transitions(START, FAR) == {LINK: [transition(1)]}


async def test_a_server_that_never_answers_blocks_nothing() -> None:
    """A host that takes the connection and is silent: the event loop turns, facts wait."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        store = Store(f"postgresql://linkward@127.0.0.1:{port}/lw?connect_timeout=2", "north", patience=0.2)
        await store.start()
        assert await store.record(transition(1)) is Fate.QUEUED
        await until(lambda: store.health().fault is not None)
        assert "cannot be reached" in str(store.health().fault)
        assert await store.close() == [transition(1)]


async def test_monitors_that_start_together_make_the_tables_once(postgresql: Postgresql) -> None:
    """Each waits for the other's migration; each fact is there, with its monitor."""
    url = postgresql.new_database()
    stores = [Store(url, f"monitor-{number}", patience=20) for number in range(4)]
    await asyncio.gather(*(store.start() for store in stores))
    fates = await asyncio.gather(*(store.record(transition(number)) for number, store in enumerate(stores)))
    assert set(fates) == {Fate.DURABLE}
    assert len((await stores[0].transitions(START, FAR))[LINK]) == 4
    for store in stores:
        assert await store.close() == []


async def test_a_backup_is_left_to_the_tools_of_postgresql(postgresql: Postgresql, tmp_path: Path) -> None:
    """Words that name the tool."""
    async with opened(postgresql.new_database()) as store:
        with pytest.raises(HistoryError, match=r"use PostgreSQL's own tools, such as pg_dump"):
            await store.back_up(tmp_path / "backup.db")
