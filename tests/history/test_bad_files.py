"""SQLite files that are locked, full, read-only, damaged, gone or somebody else's: clear words, and no fact is lost."""

import asyncio
import itertools
import logging
import os
import random
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from history.errors import HistoryError
from history.facts import Fact
from history.retention import Keep
from history.store import Fate, Store
from model.measurement import SubjectKey
from tests.peers.facts import START, block, moment, opened, transition

LINK: SubjectKey = ("link", "office-vnpt")
FAR = moment(10**9)


def url_of(file: Path) -> str:
    """The URL of a file."""
    return f"sqlite:///{file}"


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what other threads do; the test's time limit is the limit."""
    while not condition():  # noqa: ASYNC110  # the thread that writes has no event for a test
        await asyncio.sleep(0.01)


async def written(url: str, facts: int = 3) -> None:
    """A history with some facts, properly closed."""
    async with opened(url) as store:
        await store.record(*(transition(number) for number in range(facts)), block(0))


def names_and_modes(folder: Path) -> dict[str, int]:
    """What lies in a folder, and who may read it."""
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


def remount(disk: Path, how: str) -> None:
    """Mount a disk anew, ``ro`` or ``rw``."""
    subprocess.run(["mount", "-o", f"remount,{how}", disk], check=True)


def empty(folder: Path) -> None:
    """Remove every file of a folder."""
    for path in folder.iterdir():
        path.unlink()


async def known(store: Store) -> int:
    """How many transitions there are."""
    return sum(map(len, (await store.transitions(START, FAR)).values()))


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program writes to the file for so long."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_a_file_that_is_locked_at_the_start_holds_nothing_up(tmp_path: Path) -> None:
    """The daemon starts, its facts wait, the fault has a name; once the lock is gone they are written."""
    file = tmp_path / "history.db"
    await written(url_of(file))
    store = Store(url_of(file), "north", patience=0.3)
    with locked(file):
        await store.start()
        assert await store.record(transition(9)) is Fate.QUEUED
        await until(lambda: store.health().fault is not None)
        health = store.health()
        assert health.fault == (f"{file} is locked by another program: end the program that holds it open for writing")
        assert health.waiting == 1
        assert health.oldest is not None
        assert health.oldest > 0.2
    await until(lambda: store.health().waiting == 0)
    assert await known(store) == 4
    assert store.health().fault is None
    assert await store.close() == []


async def test_a_lock_in_mid_life_delays_facts_and_loses_none(tmp_path: Path) -> None:
    """What came during the lock is there afterwards, in order, and the trouble is logged once, as is its end."""
    file = tmp_path / "history.db"
    async with opened(url_of(file), patience=0.1) as store:
        await store.record(transition(0))
        with locked(file):
            fates = await asyncio.gather(*(store.record(transition(number)) for number in range(1, 50)))
            assert set(fates) == {Fate.QUEUED}
            assert store.health().waiting == 49
        await until(lambda: store.health().waiting == 0)
        assert await known(store) == 50


async def test_a_database_that_is_away_is_not_waited_for_again_and_again() -> None:
    """Once it is known that nothing can be written, a fact is queued and a question refused at once."""
    store = Store("postgresql://nobody@127.0.0.1:1/none", "north")
    async with asyncio.timeout(3):
        await store.start()
        assert [await store.record(transition(number)) for number in range(20)] == [Fate.QUEUED] * 20
        with pytest.raises(HistoryError, match="cannot be reached"):
            await store.transitions(START, FAR)
    assert len(await store.close()) == 20


async def test_pruning_during_a_lock_ends_in_words(tmp_path: Path) -> None:
    """It is tried again by whoever asked, and holds no fact up for ever."""
    file = tmp_path / "history.db"
    async with opened(url_of(file)) as store:
        with locked(file), pytest.raises(HistoryError, match="is locked by another program"):
            await store.prune(START, Keep())
        assert await store.record(transition(1)) is Fate.DURABLE


async def test_what_waits_when_the_history_is_closed_is_handed_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A fact that could not be written is named to the caller, and nobody waits for ever."""
    file = tmp_path / "history.db"
    store = Store(url_of(file), "north", patience=0.2)
    await store.start()
    with locked(file):
        assert await store.record(transition(1)) is Fate.QUEUED
        restoring = asyncio.create_task(store.prune(START, Keep()))
        await asyncio.sleep(0)
        store._patience = 10
        assert await store.close() == [transition(1)]
        with pytest.raises(HistoryError, match="the history was closed: try again after the next start"):
            await restoring
    assert "1 facts were not written" in caplog.text
    with pytest.raises(HistoryError, match="the history is closed"):
        await store.prune(START, Keep())


async def test_a_question_waits_for_the_check_at_the_start(tmp_path: Path) -> None:
    """Nothing is answered from a file that may turn out to be damaged."""
    store = Store(url_of(tmp_path / "history.db"), "north", patience=0.05)
    with pytest.raises(HistoryError, match="is still being checked: ask again later"):
        await store.transitions(START, FAR)


@pytest.mark.parametrize(
    ("pragma", "words"),
    [
        ("max_page_count=1", "cannot grow: no room is left: make room on its disk"),
        ("query_only=ON", "cannot be written: it is read-only: let the daemon's user write the file and its folder"),
    ],
    ids=["full", "read-only"],
)
async def test_a_file_that_cannot_be_written_keeps_facts_waiting(
    pragma: str, words: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The words name the file and the mend, once; reading goes on; with the cause gone, everything is written."""
    file = tmp_path / "history.db"
    hindered = True

    def hinder(connection: Any, _record: Any) -> None:
        if hindered:
            connection.execute(f"PRAGMA {pragma}")

    async with opened(url_of(file), patience=0.2) as store:
        await store.record(transition(0))
        event.listen(store._database.engine, "connect", hinder)
        store._database.forget_connections()
        facts: list[Fact] = [
            block(0, links=tuple(f"l{n}" for n in range(999))),
            *(transition(number) for number in range(1, 200)),
        ]
        fates = await asyncio.gather(*(store.record(fact) for fact in facts))
        assert Fate.REFUSED not in fates
        assert Fate.QUEUED in fates
        await until(lambda: store.health().fault == f"{file} {words}")
        assert await known(store) >= 1
        hindered = False
        await until(lambda: store.health().waiting == 0)
        assert await known(store) == 200
    assert len([record for record in caplog.records if "nothing can be written" in record.message]) == 1
    assert len([record for record in caplog.records if "written again" in record.message]) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk], check=False).returncode:
        pytest.skip("needs root, to mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


@pytest.mark.root
async def test_a_full_disk_is_survived(small_disk: Path) -> None:
    """Facts wait while there is no room, and the file is whole and complete after room is made."""
    filler = small_disk / "filler"
    url = url_of(small_disk / "history.db")
    async with opened(url, patience=0.2) as store:
        await store.record(transition(0))
        filler.write_bytes(b"x" * 10**6 if (free := _free(small_disk)) > 10**6 else b"x" * free)
        fates = [await store.record(*(transition(n) for n in range(m, m + 100))) for m in range(1, 1001, 100)]
        assert fates[-1] is Fate.QUEUED
        assert "no room is left" in str(store.health().fault)
        filler.unlink()
        await until(lambda: store.health().waiting == 0)
    async with opened(url) as store:
        assert store.health().set_aside is None
        assert await known(store) == 1001


@pytest.mark.root
async def test_a_disk_that_turns_read_only_is_survived(small_disk: Path) -> None:
    """As a disk with errors does (errors=remount-ro); also a start on such a disk ends in words, not in a traceback."""
    file = small_disk / "history.db"
    await written(url_of(file), 3)
    remount(small_disk, "ro")
    async with opened(url_of(file), patience=0.2) as store:
        assert await store.record(transition(9)) is Fate.QUEUED
        await until(lambda: store.health().fault is not None)
        assert str(file) in str(store.health().fault)
        remount(small_disk, "rw")
        await until(lambda: store.health().waiting == 0)
        assert await known(store) == 4


def _free(disk: Path) -> int:
    numbers = os.statvfs(disk)
    return numbers.f_bavail * numbers.f_bsize


async def test_a_missing_folder_is_made_but_only_its_last_part(tmp_path: Path) -> None:
    """`data/` beside the program is made; a path that is missing further up may be a disk that is not mounted."""
    await written(url_of(tmp_path / "data" / "history.db"))
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    with pytest.raises(HistoryError) as error:
        await Store(url_of(tmp_path / "disk" / "data" / "history.db"), "north").start()
    place = tmp_path / "disk" / "data" / "history.db"
    assert str(error.value) == f"the folder of {place} does not exist: create it, or mount its disk"


async def test_the_file_is_private(tmp_path: Path) -> None:
    """Nobody else may read who was told what; a file that was open to others is closed."""
    file = tmp_path / "history.db"
    file.touch(0o644)
    async with opened(url_of(file)) as store:
        await store.record(transition(0))
        modes = names_and_modes(tmp_path)
    assert modes == {"history.db": 0o600, "history.db-wal": 0o600, "history.db-shm": 0o600}


def _a_text(file: Path) -> None:
    file.write_text("ward: {id: xuan-dinh}\n" * 9)


def _another_database(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE moz_places (id INTEGER)")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_a_text, "{file} is not a database: name another file"),
        (_another_database, "{file} is another program's database: name another file in the storage URL"),
        (Path.mkdir, "{file}: Is a directory"),
    ],
    ids=["text", "database", "folder"],
)
async def test_what_belongs_to_somebody_else_is_left_alone(
    make: Callable[[Path], None], words: str, tmp_path: Path
) -> None:
    """A wrong path in the configuration costs nobody a file."""
    file = tmp_path / "ward.yml"
    make(file)
    before = file.read_bytes() if file.is_file() else b""
    store = Store(url_of(file), "north", patience=0.3)
    try:
        await store.start()
        fault = str(store.health().fault)
    except HistoryError as error:
        fault = str(error)
    await store.close()
    assert words.format(file=file) in fault
    assert list(names_and_modes(tmp_path)) == ["ward.yml"]
    assert not file.is_file() or file.read_bytes() == before


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _zeros(data: bytes) -> bytes:
    return bytes(len(data))


def _beginning(data: bytes) -> bytes:
    return b"SQLlte format 3\0" + data[16:]


def _page(data: bytes) -> bytes:
    return data[:20480] + b"\xa5" * 4096 + data[24576:]


def _pages(data: bytes) -> bytes:
    return data[:4096] + b"\xa5" * (len(data) - 4096)


def _fact(data: bytes) -> bytes:
    # The file stays a perfect database; only the link has another name.
    return data.replace(b"office-vnpt", b"office-fpt!")


@pytest.mark.parametrize("damage", [_cut, _zeros, _beginning, _page, _pages, _fact])
async def test_a_damaged_file_is_set_aside_and_a_new_history_begins(
    damage: Callable[[bytes], bytes], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Watching goes on after a power cut at night; the old file stays as it is, and log, health and audit say where."""
    file = tmp_path / "history.db"
    await written(url_of(file), 300)
    broken = damage(file.read_bytes())
    file.write_bytes(broken)
    async with opened(url_of(file)) as store:
        aside = store.health().set_aside
        assert aside is not None
        assert aside.read_bytes() == broken
        assert await store.record(transition(1)) is Fate.DURABLE
        assert await known(store) == 1
        (entry,) = await store.audit(START.replace(year=2000), FAR)
        assert (entry.who, entry.action, entry.content["file"]) == ("linkward", "set-aside", str(aside))
    assert "is damaged" in caplog.text
    async with opened(url_of(file)) as store:
        assert store.health().set_aside is None


async def test_damage_in_mid_life_costs_no_fact(tmp_path: Path) -> None:
    """A file that turns bad under the daemon is set aside by the next fact, which is written to the new one."""
    file = tmp_path / "history.db"
    await written(url_of(file), 300)
    async with opened(url_of(file)) as store:
        await store.record(transition(1))
        store._database.forget_connections()
        file.write_bytes(_pages(file.read_bytes()))
        assert await store.record(transition(2)) is Fate.DURABLE
        assert store.health().set_aside is not None
        assert await known(store) == 1


async def test_a_file_that_is_removed_in_mid_life_is_made_anew(tmp_path: Path) -> None:
    """Nothing is written into a file that nobody can open any more."""
    file = tmp_path / "history.db"
    async with opened(url_of(file)) as store:
        await store.record(transition(1))
        empty(tmp_path)
        assert await store.record(transition(2)) is Fate.DURABLE
    async with opened(url_of(file)) as store:
        assert await known(store) == 1


async def _truth_or_words(file: Path, truth: object) -> bool:
    """Whether the file still tells the whole truth; if not, it was set aside or refused."""
    store = Store(url_of(file), "north", patience=2)
    try:
        await store.start()
    except HistoryError:
        return False
    try:
        if store.health().set_aside is not None or store.health().fault is not None:
            return False
        facts = await store.transitions(START, FAR), [one async for one in store.blocks(START, FAR)]
    finally:
        await store.close()
    assert facts in (truth, ({}, []))
    return facts == truth


async def test_a_file_cut_anywhere_never_tells_half_the_truth(tmp_path: Path) -> None:
    """At every length the history is whole, or set aside, or new because nothing of it was left."""
    data, truth = await _small_history(tmp_path)
    lengths = [0, 1, 15, 16, 99, 100, *range(101, len(data), 4001)]
    whole = 0
    for number, length in enumerate(lengths):
        file = tmp_path / f"{number}" / "history.db"
        file.parent.mkdir()
        file.write_bytes(data[:length])
        whole += await _truth_or_words(file, truth)
    # The end of the last page may be empty, and then nothing was cut off.
    assert whole <= 1


async def test_a_file_with_any_byte_changed_never_tells_another_truth(tmp_path: Path) -> None:
    """Every byte of the header, and many of the rest: the history is as it was, or set aside, or refused with words."""
    logging.getLogger("history").setLevel(logging.CRITICAL)
    data, truth = await _small_history(tmp_path)
    chosen = random.Random(4)  # noqa: S311  # the same bytes each time
    places = [*range(0, 100, 3), *(chosen.randrange(100, len(data)) for _ in range(120))]
    facts = [data.index(b"office-vnpt") + n for n in range(12)]
    whole = 0
    for number, place in enumerate(itertools.chain(places, facts)):
        file = tmp_path / f"{number}" / "history.db"
        file.parent.mkdir()
        changed = bytearray(data)
        changed[place] ^= 1 << chosen.randrange(8)
        file.write_bytes(changed)
        whole += await _truth_or_words(file, truth)
    logging.getLogger("history").setLevel(logging.NOTSET)
    assert 0 < whole < len(places)


async def _small_history(folder: Path) -> tuple[bytes, object]:
    file = folder / "small.db"
    await written(url_of(file))
    async with opened(url_of(file)) as store:
        truth = await store.transitions(START, FAR), [one async for one in store.blocks(START, FAR)]
    return file.read_bytes(), truth
