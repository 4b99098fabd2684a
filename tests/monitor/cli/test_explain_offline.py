"""linkward explain without a daemon: what the history alone tells."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from history.facts import AuditEntry, Decision, Heartbeat, IncidentRecord
from history.store import Store
from model.alerting import MaintenanceWindow
from model.incident import AlertName
from model.measurement import SubjectKey
from model.state import State
from monitor.announced import Announced
from monitor.cli import main
from monitor.past import news
from tests.peers.board import AT
from tests.peers.desk import fault, incident
from tests.peers.past import change

_LINK: SubjectKey = ("link", "office-vnpt")
_WARD = """\
ward: {id: xuan-dinh, timezone: Asia/Ho_Chi_Minh}
sites:
  - id: office
    devices: [{id: office-rt1, address: 10.20.0.1}]
    links: [{id: office-vnpt, target: icmp://203.0.113.1, depends_on: [office-rt1]}]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An inventory whose history lies elsewhere."""
    path = tmp_path / "ward.yml"
    path.write_text(_WARD)
    return path


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A history in which the office was cut, in announced work, and that was decided upon."""
    address = f"sqlite:///{tmp_path / 'linkward.db'}"
    asyncio.run(_written(address))
    return address


async def _written(url: str) -> None:
    store = Store(url, "monitor")
    await store.start()
    hour = timedelta(hours=1)
    root = incident(fault(AlertName.DEVICE_DOWN, ("device", "office-rt1"), -600))
    keys = {
        "id": "fibre",
        "links": ["office-vnpt"],
        "reason": "kéo cáp",
        "from": "2026-11-24T13:30",
        "to": "2026-11-24T15:00",
    }
    known = Announced()
    known.announce(MaintenanceWindow.model_validate(keys), AT - timedelta(days=3))
    await store.record(
        Heartbeat(AT - 5 * hour, AT),
        change(_LINK, State.UNKNOWN, State.UP, -7_000),
        change(_LINK, State.UP, State.DOWN, -600, {"because": "icmp: timeout"}),
        change(("device", "office-rt1"), State.UNKNOWN, State.DOWN, -610),
        *news({}, known.held, AT - timedelta(days=3)),
        AuditEntry(AT - hour, "An", "silence", {}),
        IncidentRecord(root),
        Decision(("link", "office-vnpt"), "LinkDown", AT - timedelta(days=9), "over", "long-ago-1"),
        Decision(
            *(("link", "office-vnpt"), "LinkDown", AT - timedelta(seconds=590), "maintenance", ""),
            {"detail": "fibre until 15:00: kéo cáp"},
        ),
        Decision(("link", "office-vnpt"), "LinkDown", AT - timedelta(seconds=500), "part", root.id),
        Decision(
            ("device", "office-rt1"), "DeviceDown", AT - timedelta(seconds=498), "told", root.id, {"detail": "duty: An"}
        ),
    )
    await store.close()


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments])


def test_a_link_then(config: Path, url: str) -> None:
    """What it was in and why, which work was going on, and why nobody was told, then somebody; status 0."""
    result = _run("office-vnpt", "--at=2026-11-24T13:53", f"--config.file={config}", f"--storage.url={url}")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(
        "link office-vnpt, site office: maintenance at 2026-11-24 13:53:00 Asia/Ho_Chi_Minh, since 13:30:00"
    )
    assert "icmp: timeout" in result.stdout
    assert "device office-rt1: down since 13:49:50" in result.stdout
    assert "fibre, 13:30:00 to 15:00:00: kéo cáp\n" in result.stdout
    told = result.stdout[result.stdout.index("Told\n") :].splitlines()
    root = incident(fault(AlertName.DEVICE_DOWN, ("device", "office-rt1"), -600)).id
    assert told[1:4] == [
        "  13:50:10  LinkDown: maintenance: fibre until 15:00: kéo cáp",
        f"  13:51:40  LinkDown: part, incident {root}",
        f"  13:51:42  DeviceDown: told, incident {root}: duty: An",
    ]
    assert "long-ago" not in result.stdout


def test_what_held_for_long_is_told(config: Path, url: str) -> None:
    """The last decision before the time, however long ago it was made."""
    at = "--at=2026-11-24T13:49"
    result = _run("office-vnpt", at, f"--config.file={config}", f"--storage.url={url}")
    assert "2026-11-15 14:00:00  LinkDown: over, incident long-ago-1\n" in result.stdout


def test_in_vietnamese(config: Path, url: str) -> None:
    """All but what an earlier version wrote down in English, which stays as it is."""
    arguments = ["--at=2026-11-24T13:53", "--language=vi", f"--config.file={config}", f"--storage.url={url}"]
    result = _run("office-vnpt", *arguments)
    assert "đường truyền office-vnpt, điểm office: bảo trì lúc 13:53:00 24/11/2026" in result.stdout
    assert "Mất đường truyền: không báo: đang bảo trì: fibre until 15:00: kéo cáp\n" in result.stdout


def test_a_device_now(config: Path, url: str) -> None:
    """Nobody watches now: it is unknown since the last heartbeat."""
    result = _run("office-rt1", f"--config.file={config}", f"--storage.url={url}")
    assert result.exit_code == 0, result.output
    assert "unknown at" in result.stdout


def test_the_inventory_says_where_the_history_is(config: Path, url: str) -> None:
    """Without --storage.url."""
    config.write_text(f"{_WARD}storage: {{url: '{url}'}}\n")
    result = _run("office-vnpt", "--at=2026-11-24T13:53", f"--config.file={config}")
    assert (result.exit_code, "Told\n" in result.stdout) == (0, True), result.output


def test_a_history_is_only_read(config: Path, url: str, tmp_path: Path) -> None:
    """Neither is one made where there is none, nor is what is there changed."""
    with closing(sqlite3.connect(tmp_path / "linkward.db")) as database:
        before = list(database.iterdump())
    _run("office-vnpt", f"--config.file={config}", f"--storage.url={url}")
    with closing(sqlite3.connect(tmp_path / "linkward.db")) as database:
        assert list(database.iterdump()) == before
    result = _run("office-vnpt", f"--config.file={config}", f"--storage.url=sqlite:///{tmp_path / 'none.db'}")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "none.db: write the path that the daemon writes to" in result.stderr
    assert not (tmp_path / "none.db").exists()


def test_whatever_is_wrong_is_one_sentence(config: Path, url: str, tmp_path: Path) -> None:
    """Status 2: no inventory, an id that is none, a time that is none, a file that is none, an empty one."""
    (tmp_path / "odd.db").write_text("this is no database, and long enough to be taken for one by nobody at all")
    with closing(sqlite3.connect(tmp_path / "empty.db")) as database:
        database.execute("create table other (x)")
    history, here = f"--storage.url={url}", f"--config.file={config}"
    for arguments, words in (
        ([history], "--storage.url: a history tells nothing without its inventory"),
        ([f"--config.file={tmp_path / 'none.yml'}", history], "none.yml"),
        ([here, history, "--at=noon"], "at='noon' is no time"),
        ([here, "--storage.url=mysql://an:planted@host/x"], "a history cannot be kept in this mysql database"),
        ([here, f"--storage.url=sqlite:///{tmp_path / 'odd.db'}"], "odd.db"),
        ([here, f"--storage.url=sqlite:///{tmp_path / 'empty.db'}"], "is empty, or was written by an older version"),
    ):
        result = _run("office-vnpt", *arguments)
        assert (result.exit_code, result.stderr.count("\n"), words in result.stderr) == (2, 1, True), result.output
        assert "planted" not in result.output
    result = _run("nowhere", here, history)
    assert (result.exit_code, "'nowhere' is no link, device or service" in result.stderr) == (2, True)
