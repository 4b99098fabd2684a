"""linkward report: the review as files, and what is said where there can be none."""

import asyncio
import contextlib
import errno
import json
import os
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from history.facts import AuditEntry
from history.store import Store
from monitor.cli import main
from tests.monitor.test_reporting import OFFICE, happened, standing
from tests.peers.facts import opened

INVENTORY = """\
ward: {id: xuan-dinh, name: Xuân Đỉnh, timezone: Asia/Ho_Chi_Minh}
requirements: {office: {availability: 99.9%, restore: 4m, loss: 1%}}
sites:
  - id: office
    citizens_per_hour: 120
    links: [{id: office-vnpt, provider: VNPT, requirement: office, target: "icmp://192.0.2.1"}]
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with an inventory and the history of a month."""
    (tmp_path / "ward.yml").write_text(INVENTORY, "utf-8")

    async def fill() -> None:
        async with opened(f"sqlite:///{tmp_path}/linkward.db") as store:
            await store.record(*standing(OFFICE), *happened())

    asyncio.run(fill())
    return tmp_path


def run(home: Path, *arguments: str, command: Sequence[str] = ("report",)) -> Result:
    """The command, on that history."""
    common = [f"--config.file={home / 'ward.yml'}", f"--storage.url=sqlite:///{home}/linkward.db"]
    return CliRunner().invoke(main, [*command, *common, *arguments])


def test_a_month_becomes_a_file_that_is_named(home: Path) -> None:
    """In a folder that is made where it is missing, with nothing beside it; again it is the same, byte for byte."""
    folder = home / "reviews" / "of-2026"
    result = run(home, "--month=2026-10", "--format=json", f"--output={folder}")
    assert result.exit_code == 0, result.output
    file = folder / "review-2026-10-xuan-dinh.json"
    assert result.stdout.splitlines() == [str(file)]
    assert result.stderr == ""
    assert [path.name for path in folder.iterdir()] == [file.name]
    first = file.read_bytes()
    assert json.loads(first)["report"]["links"][0]["outages"] == 3
    assert run(home, "--month=2026-10", "--format=json", f"--output={folder}").exit_code == 0
    assert file.read_bytes() == first


def test_without_a_format_all_are_made(home: Path) -> None:
    """As the contract says; in the ward's language, and nothing half-written beside them."""
    assert run(home, "--month=2026-10", f"--output={home / 'out'}").exit_code == 0
    name = "review-2026-10-xuan-dinh"
    files = [f"{name}.en.html", f"{name}.en.pdf", f"{name}.en.xlsx", f"{name}.json"]
    assert sorted(path.name for path in (home / "out").iterdir()) == files


def test_the_inventory_says_what_the_command_does_not(home: Path) -> None:
    """Formats, the day of the cut and the notice; what is written on the command line goes before."""
    settings = "reports: {formats: [json, html], cut_day: 15, notice: 24h}\n"
    (home / "ward.yml").write_text(INVENTORY + settings, "utf-8")
    name = "review-2026-10-xuan-dinh"
    assert run(home, "--month=2026-10", f"--output={home / 'own'}").exit_code == 0
    assert sorted(path.name for path in (home / "own").iterdir()) == [f"{name}.en.html", f"{name}.json"]
    own = json.loads((home / "own" / f"{name}.json").read_bytes())["report"]
    assert (own["period"]["span"]["start"], own["method"]["notice_seconds"]) == ("2026-09-14T17:00:00.000Z", 86_400)
    options = ["--format=json", "--cut-day=1", "--notice=0s"]
    assert run(home, "--month=2026-10", *options, f"--output={home / 'said'}").exit_code == 0
    said = json.loads((home / "said" / f"{name}.json").read_bytes())["report"]
    assert (said["period"]["span"]["start"], said["method"]["notice_seconds"]) == ("2026-09-30T17:00:00.000Z", 0)


def test_missing_fonts_are_told_and_leave_no_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a program that was not installed whole."""
    monkeypatch.setattr("reports.pdf._FONTS", ("NoSuchFont.ttf",))
    result = run(home, "--month=2026-10", f"--output={home / 'out'}")
    assert result.exit_code == 2
    assert "the fonts of the PDF are missing: install the program anew" in result.stderr
    assert "Traceback" not in result.output
    assert list((home / "out").iterdir()) == []


def test_a_full_disk_is_told_and_leaves_what_was_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The review of the month before stays whole."""
    assert run(home, "--month=2026-10", "--format=json", f"--output={home / 'out'}").exit_code == 0
    before = (home / "out" / "review-2026-10-xuan-dinh.json").read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    result = run(home, "--month=2026-10", "--format=json", f"--output={home / 'out'}")
    assert result.exit_code == 2
    assert "cannot be written (No space left on device)" in result.stderr
    assert [(path.name, path.read_bytes()) for path in (home / "out").iterdir()] == [
        ("review-2026-10-xuan-dinh.json", before)
    ]


def test_a_row_that_was_changed_is_told_and_not_believed(home: Path) -> None:
    """One figure of one row, by somebody who knows SQL."""
    with contextlib.closing(sqlite3.connect(home / "linkward.db")) as connection, connection:
        changed = connection.execute("UPDATE transitions SET uncertainty = 9.0 WHERE after = 'down'")
        assert changed.rowcount > 0
    result = run(home, "--month=2026-10", f"--output={home / 'out'}")
    assert result.exit_code == 2
    assert "transitions" in result.stderr
    assert "Traceback" not in result.output
    assert list((home / "out").iterdir()) == []


def test_a_narrowed_review_says_so_in_its_name(home: Path) -> None:
    """So that it is not taken for the whole."""
    result = run(home, "--month=2026-10", "--sites=office", "--provider=VNPT", f"--output={home}")
    assert result.exit_code == 0, result.output
    assert (home / "review-2026-10-xuan-dinh-office-vnpt.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--month=2026-00"], 2, "'2026-00' is not a month: write a year and a month such as 2026-10"),
        (["--month=2999-01"], 2, "the month 2999-01 has not begun: the last month that is over is "),
        (["--month=2026-02"], 1, "nothing is stored of 2026-02: the monitor did not run: the history reaches from"),
        (["--month=2026-10", "--format=docx"], 2, "there is no format 'docx': write one or more of"),
        (["--month=2026-10", "--format=,"], 2, "no format is named"),
        (["--month=2026-10", "--notice=soon"], 2, "--notice=soon: "),
        (["--month=2026-10", "--sites=nowhere"], 2, "there is no site 'nowhere'"),
        (["--month=2026-10", "--monitor=other"], 2, "there is no monitor 'other' in the history"),
        (["--storage.url=sqlite:////nowhere/linkward.db"], 2, "say where the history is with --storage.url"),
        (["--storage.url=nonsense"], 2, "the storage URL cannot be read"),
    ],
)
def test_what_cannot_be_is_one_sentence(home: Path, arguments: list[str], status: int, words: str) -> None:
    """With the status of the contract, and no file."""
    folder = home / "out"
    result = run(home, f"--output={folder}", *arguments)
    assert result.exit_code == status, result.output
    assert words in result.stderr
    assert "Traceback" not in result.output
    assert not folder.is_dir() or not list(folder.iterdir())


def test_a_folder_that_cannot_be_written_is_told_before_the_work(home: Path) -> None:
    """A file stands where the folder should be."""
    (home / "taken").write_text("")
    result = run(home, "--month=2026-10", f"--output={home / 'taken'}")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_a_damaged_history_is_told_and_left_alone(home: Path) -> None:
    """Only the daemon sets a history aside; whoever reads beside it says what is wrong."""
    file = home / "linkward.db"
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    result = run(home, "--month=2026-10", f"--output={home}")
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert file.read_bytes() == bytes(content)


def test_what_somebody_wrote_down_is_in_the_review(home: Path) -> None:
    """``incidents annotate`` takes the id of an outage as the review lists it, while the daemon may be writing."""
    name = "office-vnpt@2026-10-06T02:00:00Z"
    command = ("incidents", "annotate", name)
    result = run(home, "--cause=provider", "--ticket=HN-4711", "--who=an", command=command)
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{name}: written down\n"
    assert run(home, "--month=2026-10", f"--output={home}").exit_code == 0
    rows = json.loads((home / "review-2026-10-xuan-dinh.json").read_bytes())["report"]["outages"]["rows"]
    (row,) = [one for one in rows if one["id"] == name]
    assert (row["cause"], row["said_by"], row["ticket"]) == ("provider", "person", "HN-4711")


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("no-such-incident", ["--ticket=1"], "there is no incident 'no-such-incident'"),
        ("other@2026-10-06T02:00:00Z", ["--ticket=1"], "there is no link 'other'"),
        ("office-vnpt@2026-10-06T02:00:00Z", [], "nothing is written down"),
    ],
)
def test_an_annotation_of_nothing_is_refused(home: Path, name: str, options: list[str], words: str) -> None:
    """In one sentence, and nothing is stored."""
    result = run(home, *options, command=("incidents", "annotate", name))
    assert result.exit_code == 2
    assert words in result.stderr

    async def audit() -> int:
        async with opened(f"sqlite:///{home}/linkward.db") as store:
            return sum(one.action == "annotate" for one in await _all(store))

    assert asyncio.run(audit()) == 0


async def _all(store: Store) -> Sequence[AuditEntry]:
    return await store.audit(datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
