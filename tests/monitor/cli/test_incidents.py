"""linkward incidents, ack, silence and maintenance."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from model.alerting import MaintenanceWindow
from model.incident import Acknowledgement, AlertName, Severity
from model.matcher import parse_matcher
from model.silence import make_silence
from monitor.cli import main
from tests.peers.api import Ward, served
from tests.peers.board import AT
from tests.peers.desk import fault, incident, rich_incident


@pytest.fixture
def daemon() -> Ward:
    """A ward with one open incident."""
    ward = Ward()
    ward.desk.put(rich_incident())
    return ward


@pytest.fixture
async def url(daemon: Ward) -> AsyncIterator[str]:
    """Where the daemon listens."""
    async with served(daemon) as address:
        yield address


async def _run(url: str, *arguments: str) -> Result:
    """In a thread, since the daemon lives on this loop."""
    whole = [*arguments, f"--url={url}"]
    return await asyncio.to_thread(
        CliRunner().invoke, main, whole, env={"COLUMNS": "200", "USER": "an", "LOGNAME": "an"}
    )


def _cells(result: Result) -> list[list[str]]:
    rows = [line.strip("│ ").split("│") for line in result.stdout.splitlines() if "│" in line]
    return [[cell.strip() for cell in row] for row in rows]


async def test_open_incidents_are_a_problem(url: str) -> None:
    """A line for each with what, since when by the ward's clock, and who has taken it on; status 1."""
    result = await _run(url, "incidents")
    assert result.exit_code == 1, result.output
    what = "LinkDown: link office-vnpt, and 2 more because of it"
    assert [rich_incident().id, "critical", what, "13:55:00", "5m", "by nobody"] in _cells(result)
    assert "1 open incident, 2026-11-24 14:00:00 Asia/Ho_Chi_Minh" in result.stdout


async def test_calm_is_no_problem(url: str, daemon: Ward) -> None:
    """No table, a sentence, status 0."""
    daemon.desk.kept.clear()
    result = await _run(url, "incidents")
    assert (result.exit_code, result.stdout) == (0, "0 open incidents, 2026-11-24 14:00:00 Asia/Ho_Chi_Minh\n")


async def test_what_is_over_too(url: str, daemon: Ward) -> None:
    """Of the last seven days, or of a time; status 0 where none of those is open."""
    name = AlertName.LINK_BELOW_REQUIREMENT
    over = incident(
        fault(name, ("link", "office-vnpt"), -90_000, Severity.WARNING, "rtt"),
        closed=-80_000,
    )
    daemon.desk.put(replace(over, acknowledged=Acknowledgement("an\x1b[2J", AT)))
    result = await _run(url, "incidents", "--all")
    row = [over.id, "over", "LinkBelowRequirement (rtt): link office-vnpt", "2026-11-23 13:00", "2.78h", "an\\x1b[2J"]
    assert row in _cells(result)
    assert len(_cells(result)) == 2
    then = await _run(url, "incidents", "--from=2026-11-23", "--to=2026-11-24", "--site=office")
    assert (then.exit_code, len(_cells(then))) == (0, 1)
    assert (await _run(url, "incidents", "--site=point-1")).exit_code == 0


async def test_incidents_as_json(url: str, daemon: Ward) -> None:
    """All of them, however many pages the daemon makes of them."""
    daemon.desk.put(*(incident(fault(seconds=-number)) for number in range(301, 1_401)))
    result = await _run(url, "incidents", "--json")
    found = json.loads(result.stdout)
    assert len(found) == 1_101
    assert (found[0]["id"], found[0]["about"]["provider"]) == (rich_incident().id, "VNPT")


async def test_the_beginning_of_an_id_is_enough(url: str, daemon: Ward) -> None:
    """Somebody takes it on under the name of their account, or another, and gives it back."""
    name = rich_incident().id
    taken = await _run(url, "ack", "office", "--comment=gọi VNPT")
    assert taken.exit_code == 0, taken.output
    assert taken.stdout == f"{name} (LinkDown: link office-vnpt, and 2 more because of it) is taken on by an\n"
    assert "is taken on by Bình" in (await _run(url, "ack", name, "--who=Bình")).stdout
    assert "is taken on by nobody" in (await _run(url, "ack", name, "--who=Bình", "--undo")).stdout
    assert daemon.desk.done == [
        ("acknowledge", name, "an", "gọi VNPT"),
        ("acknowledge", name, "Bình", ""),
        ("unacknowledge", name, "Bình"),
    ]


async def test_several_ids_are_listed(url: str, daemon: Ward) -> None:
    """Nobody takes on the wrong one."""
    other = incident(fault(AlertName.DEVICE_DOWN, ("device", "office-rt1"), -10))
    daemon.desk.put(other)
    result = await _run(url, "ack", "office-")
    assert (result.exit_code, result.stderr) == (
        2,
        f"'office-' is the beginning of several ids: write more of one of {other.id}, {rich_incident().id}\n",
    )
    assert daemon.desk.done == []


@pytest.mark.parametrize("given", ["nothing", ""])
async def test_an_id_that_nothing_bears(url: str, given: str) -> None:
    """One sentence that says where the ids are."""
    result = await _run(url, "ack", given)
    assert (result.exit_code, result.stderr) == (
        2,
        f"there is no open incident {given!r}: see `linkward incidents` for the ids\n",
    )


async def test_what_is_over_cannot_be_taken_on(url: str, daemon: Ward) -> None:
    """The daemon's own words."""
    over = incident(fault(seconds=-900), closed=-800)
    daemon.desk.put(over)
    result = await _run(url, "ack", over.id)
    assert (result.exit_code, result.stderr) == (
        2,
        f"incident {over.id!r} is over: there is nothing left to be done about it\n",
    )


async def test_a_daemon_without_alerting_is_one_sentence() -> None:
    """Status 2."""
    daemon = Ward()
    daemon.has_desk = False
    async with served(daemon) as url:
        for command in (["incidents"], ["ack", "x"], ["silence", "list"], ["maintenance", "list"]):
            result = await _run(url, *command)
            assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
            assert "alerting is not running" in result.stderr


async def test_a_silence_from_its_begin_to_its_end(url: str, daemon: Ward) -> None:
    """It is added with what holds, listed with whose it is and why, and ended by the beginning of its id."""
    added = await _run(url, "silence", "add", "site=office", "alertname=~Link.*", "--for=2h", "--comment=UPS mới")
    assert added.exit_code == 0, added.output
    (kept,) = daemon.desk.quiet.values()
    muted = 'site="office" alertname=~"Link.*"'
    assert added.stdout == f"{kept.id}: {muted}, from 14:00:00 until 16:00:00, by an\n"
    listed = await _run(url, "silence", "list")
    assert [kept.id, "active", muted, "from 14:00:00 until 16:00:00", "an", "UPS mới"] in _cells(listed)
    ended = await _run(url, "silence", "end", kept.id[:10], "--who=Bình")
    assert (ended.exit_code, ended.stdout) == (0, f"{kept.id}: {muted}, ended by Bình\n")
    assert (await _run(url, "silence", "list")).stdout == "nothing is silenced\n"
    assert [kept.id, "ended", muted, "from 14:00:00 until 14:00:00", "an", "UPS mới"] in _cells(
        await _run(url, "silence", "list", "--all")
    )


async def test_a_silence_until_a_local_time(url: str, daemon: Ward) -> None:
    """The ward's clock is meant; the day is said where it is another."""
    times = ("--from=2026-11-24T22:00", "--until=2026-11-25T02:00")
    result = await _run(url, "silence", "add", "site=office", *times, "--comment=x", "--author=Bình")
    assert "from 22:00:00 until 2026-11-25 02:00, by Bình" in result.stdout
    (kept,) = daemon.desk.quiet.values()
    assert kept.ends_at == AT + timedelta(hours=12)


async def test_several_silences_are_listed(url: str, daemon: Ward) -> None:
    """Nobody ends the wrong one."""
    for number in (1, 2):
        silence = make_silence((parse_matcher("site=office"),), AT, AT + timedelta(hours=number), "An", "x", now=AT)
        daemon.desk.quiet[silence.id] = silence
    result = await _run(url, "silence", "end", "silence-")
    assert result.exit_code == 2
    assert all(name in result.stderr for name in daemon.desk.quiet)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["site=office", "--comment=x"], "its end is not clear: write either --for, such as --for=2h, or --until"),
        (["site=office", "--comment=x", "--for=2h", "--until=2026-11-25"], "its end is not clear"),
        (["site", "--comment=x", "--for=2h"], "'site' is not a matcher"),
        (["site=office", "--comment=", "--for=2h"], "comment: is missing"),
        (["site=office", "--comment=x", "--for=2"], "for: '2' has no unit"),
        (["site=office", "--for=2h"], "Missing option '--comment'"),
        (["--comment=x", "--for=2h"], "Missing argument 'MATCHER...'"),
    ],
)
async def test_what_cannot_be_silenced_says_how_to_mend_it(url: str, arguments: list[str], words: str) -> None:
    """Status 2, and no traceback."""
    result = await _run(url, "silence", "add", *arguments)
    assert (result.exit_code, words in result.stderr) == (2, True), result.stderr
    assert "Traceback" not in result.output


async def test_work_from_its_announcement_to_its_end(url: str, daemon: Ward) -> None:
    """It is added and says when it is open next, is listed, and ended by the beginning of its id."""
    added = await _run(
        url, "maintenance", "add", "--link=office-vnpt", "--from=2026-11-28T22:00", "--for=4h", "--reason=kéo cáp"
    )
    assert added.exit_code == 0, added.output
    (window,) = daemon.desk.maintenance()
    when = "Sat 2026-11-28 22:00 to Sun 2026-11-29 02:00 Asia/Ho_Chi_Minh, in 4.33d"
    assert added.stdout == f"{window.id}: link office-vnpt: {when}\n"
    assert [window.id, "link office-vnpt", "", when, "kéo cáp"] in _cells(await _run(url, "maintenance", "list"))
    ended = await _run(url, "maintenance", "end", window.id[:7])
    assert (ended.exit_code, ended.stdout) == (0, f"{window.id}: link office-vnpt: ended\n")
    assert (await _run(url, "maintenance", "list")).stdout == "no work is planned\n"
    assert daemon.desk.done == [("add-maintenance", window.id, "an"), ("end-maintenance", window.id, "an")]


async def test_work_that_recurs_or_begins_now(url: str) -> None:
    """The next time, or that it is open now."""
    weekly = await _run(
        url, "maintenance", "add", "--site=office", "--device=office-rt1", "--every=Sun 02:00-03:00", "--id=weekly"
    )
    assert weekly.stdout == (
        "weekly: site office, device office-rt1: Sun 2026-11-29 02:00 to 03:00 Asia/Ho_Chi_Minh, in 4.5d\n"
    )
    now = await _run(url, "maintenance", "add", "--site=office", "--for=30m", "--id=now")
    assert now.stdout == "now: site office: open now, Tue 2026-11-24 14:00 to 14:30 Asia/Ho_Chi_Minh\n"
    once = await _run(url, "maintenance", "add", "--site=office", "--to=2026-11-24T15:00", "--id=once")
    assert once.stdout == "once: site office: open now, Tue 2026-11-24 14:00 to 15:00 Asia/Ho_Chi_Minh\n"


async def test_work_of_the_inventory(url: str, daemon: Ward) -> None:
    """It is listed, also when it is over, and ended where it is written."""
    keys = {"id": "fibre", "sites": ["office"], "from": "2026-11-01T22:00", "to": "2026-11-02T02:00"}
    daemon.desk.work = {"fibre": (MaintenanceWindow.model_validate(keys), True)}
    assert ["fibre", "site office", "", "over"] in _cells(await _run(url, "maintenance", "list"))
    result = await _run(url, "maintenance", "end", "fibre")
    assert (result.exit_code, result.stderr) == (
        2,
        "maintenance window 'fibre' is one of the inventory: take it out of the inventory, then reload\n",
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--for=2h"], "it covers nothing: write --site, --link or --device"),
        (["--site=office"], "its end is not clear: write one of --to, --for and --every"),
        (["--site=office", "--for=2h", "--every=Sun 02:00-03:00"], "its end is not clear"),
        (["--site=ofice", "--for=2h"], "did you mean 'office'?"),
        (["--site=office", "--for=2"], "for: '2' has no unit"),
        (["--site=office", "--every=sometimes"], "every: 'sometimes' is not hours of the week"),
    ],
)
async def test_what_cannot_be_planned_says_how_to_mend_it(url: str, arguments: list[str], words: str) -> None:
    """Status 2, one sentence."""
    result = await _run(url, "maintenance", "add", *arguments)
    assert (result.exit_code, result.stderr.count("\n"), words in result.stderr) == (2, 1, True), result.stderr
