"""The parts of the benchmark of alerts: the plan of the cuts, the webhook, who told what, and the storm."""

import asyncio
import json
import math
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bench import alert_stack
from bench.outages import PHASE, Course, Outage, in_pairs
from bench.storm import city, course, storm
from bench.told import GRACE, Message, message, tally
from bench.webhook import Receipt, inbox
from model.state import State
from monitor.demo.fault import FaultKind
from monitor.demo.ground import Ground
from monitor.demo.ward import plan_ward

WARD = plan_ward(Ground(41, 18_000), 41)
DICE = random.Random  # draws moments, guards nothing
COURSE = Course(lead=10.0, commons=2, singles=41, common_length=16.0, single_length=45.0)


def test_cuts_that_are_close_together_are_pairs_of_different_providers() -> None:
    """Two within a second, then none for more than ten: three would have one cause."""
    singles = [outage for outage in COURSE.of(WARD, DICE(1)) if not outage.is_common]
    providers = {link.id: link.provider for site in WARD.sites for link in site.links}
    for first, second in zip(singles[:-1:2], singles[1::2], strict=False):
        assert abs(second.begin - first.begin) <= PHASE
        assert providers[first.name] != providers[second.name]
    begins = sorted(outage.begin for outage in singles)
    assert all(third - first > 11 for first, third in zip(begins, begins[2:], strict=False))


def test_each_link_is_cut_once_and_all_points_by_one_cause() -> None:
    """41 single cuts of 41 sites; before them the office's router, with each point's link, as often as wanted."""
    outages = COURSE.of(WARD, DICE(1))
    singles = [outage.name for outage in outages if not outage.is_common]
    commons = [outage for outage in outages if outage.is_common]
    assert sorted(singles) == sorted(site.links[0].id for site in WARD.sites)
    assert [(each.name, len(each.links)) for each in commons] == [("office-rt1", 40)] * 2
    assert max(each.end for each in commons) + 10 < min(each.begin for each in outages if not each.is_common)
    assert max(each.end for each in outages) + 10 < COURSE.end


def test_a_common_cut_is_the_failure_of_what_all_hang_on() -> None:
    """The story of the simulated ward: no power at the office's devices, and silence of all links behind them."""
    (fault,) = Outage(1.0, 2.0, "rt", ("a", "b")).faults(["rt", "sw"])
    assert (fault.kind, fault.subjects) == (FaultKind.POWER_CUT, ("rt", "sw", "a", "b"))
    (fault,) = Outage(1.0, 2.0, "a", ("a",)).faults(["rt", "sw"])
    assert (fault.kind, fault.subjects) == (FaultKind.LINK_CUT, ("a",))


def test_pairs_are_of_one_provider_only_where_no_other_is_left() -> None:
    """With all of one provider there is nothing to choose, and still each link is there once."""
    links = [link for site in WARD.sites for link in site.links if link.provider == WARD.sites[0].links[0].provider]
    assert sorted(link.id for link in in_pairs(links, DICE(1))) == sorted(link.id for link in links)


def payload(*alerts: dict[str, str], kind: str = "opened") -> dict[str, Any]:
    """As a webhook is sent."""
    status = "resolved" if kind == "resolved" else "firing"
    entries = [{"status": status, "labels": {"alertname": "LinkDown", **labels}} for labels in alerts]
    return {"status": status, "kind": kind, "alerts": entries}


def test_a_message_names_links_devices_and_sites() -> None:
    """A site that is cut off stands for its links; a certificate is nothing that was cut."""
    links_of = {"office": ["one", "two"]}
    said = message(Receipt(105.0, "/", payload({"link": "a"}, {"site": "office"})), 100.0, links_of)
    assert said == Message(5.0, frozenset({"a", "one", "two"}), frozenset(), is_new=True)
    assert not message(Receipt(105.0, "/", payload({"link": "a"}, kind="updated")), 100.0, links_of).is_new
    expiring = payload({"alertname": "CertificateExpiring", "service": "page"})
    assert message(Receipt(105.0, "/", expiring), 100.0, links_of) == Message(
        5.0, frozenset(), frozenset(), is_new=False
    )


def opened(at: float, *about: str) -> Message:
    """A first message."""
    return Message(at, frozenset(about), frozenset(), is_new=True)


def over(at: float, *about: str) -> Message:
    """The message of an end."""
    return Message(at, frozenset(), frozenset(about), is_new=False)


def test_each_cut_is_put_beside_its_first_message() -> None:
    """Delays from the cut; what is told twice, too late or of what was whole is a false alarm."""
    cuts = [Outage(10.0, 20.0, "a", ("a",)), Outage(40.0, 50.0, "b", ("b",)), Outage(80.0, 90.0, "c", ("c",))]
    said = [
        opened(13.5, "a"),
        opened(14.0, "a"),
        opened(15.0, "x"),
        over(31.0, "a"),
        opened(43.0, "b"),
        opened(90.0 + GRACE + 1, "c"),
    ]
    found = tally(cuts, said)
    assert found.singles == [3.5, 3.0, math.inf]
    assert [each.at for each in found.false_alarms] == [14.0, 15.0, 90.0 + GRACE + 1]
    assert found.not_over == 2


def test_of_a_common_cut_every_message_counts() -> None:
    """The one about its cause, and each about what hangs on it."""
    cut = Outage(10.0, 26.0, "rt", ("a", "b"))
    found = tally([cut], [opened(13.0, "a"), opened(14.0, "rt"), over(27.0, "rt")])
    assert (found.commons, found.messages, found.false_alarms, found.not_over) == ([4.0], [2], [], 0)
    others = tally([cut], [opened(13.0, "a"), opened(14.0, "b"), over(30.0, "a")], by_cause=False)
    assert (others.commons, others.messages) == ([3.0], [2])


async def test_the_webhook_notes_each_message_whole() -> None:
    """Two requests on one connection, in pieces."""
    async with inbox() as box:
        reader, writer = await asyncio.open_connection("127.0.0.1", box.port)
        body = json.dumps({"n": "ä"}).encode()
        request = b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        for piece in (request[:30], request[30:-3], request[-3:] + request):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01)
        async with asyncio.timeout(5):
            await reader.readuntil(b"\r\n\r\n")
            await reader.readuntil(b"\r\n\r\n")
        writer.close()
        assert [(each.path, each.content) for each in box.receipts] == [("/x", {"n": "ä"})] * 2
        assert box.url("/y") == f"http://127.0.0.1:{box.port}/y"


@pytest.mark.live
def test_prometheus_and_alertmanager_take_their_configurations(tmp_path: Path) -> None:
    """As their own tools judge."""
    for tool in ("promtool", "amtool"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    files = {
        "prometheus.yml": alert_stack.prometheus_configuration({("w", "l"): "127.0.0.1:1"}, 2, 3, tmp_path),
        "rules.yml": alert_stack.rules(),
        "alertmanager.yml": alert_stack.alertmanager_configuration("http://127.0.0.1:4"),
    }
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content))
    for command in (("promtool", "check", "config", "prometheus.yml"), ("amtool", "check-config", "alertmanager.yml")):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=30)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_storm_goes_down_and_up_within_a_minute_and_never_a_whole_site() -> None:
    """Each link once; at no time are two links of one site down."""
    links = [link.id for _, link in city(20, None).links()]
    down: set[int] = set()
    for at, (_, link), state in course(links, DICE(1)):
        assert 0 <= at < 60
        site = links.index(link) // 3
        if state is State.DOWN:
            assert site not in down
            down.add(site)
        else:
            down.remove(site)
    assert down == set()


def test_a_small_storm_is_told_rightly() -> None:
    """Each cut once, and its end once; of four providers far fewer messages, and nothing left open."""
    apart, shared = storm(20, 60, None), storm(20, 60, 4)
    assert (apart.transitions, apart.wrong, apart.messages) == (120, 0, 120)
    assert sorted(apart.told.values()) == [1] * 60
    assert (shared.wrong, shared.open) == (0, 0)
    assert shared.messages < 60
