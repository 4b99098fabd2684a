"""From an inventory to the probes of it: who is probed, how, how patiently, and what a reload disturbs."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from model.inventory import Inventory
from model.lateness import LATEST
from model.measurement import ProbeKind
from monitor.instruments import Instruments
from monitor.task import Task, TaskKey
from monitor.tasks import TaskBuilder, instance_of

ROUTER = {"id": "router", "address": "192.0.2.1", "icmp": {"interval": "7s", "timeout": "2s"}}
SNMP = {"credentials": "c", "interval": "30s", "timeout": "2s", "retries": 1}
LINK = {"id": "one", "target": ["icmp://192.0.2.9", "stamp://[2001:db8::1]:862", "tcp://192.0.2.9:443"]}


def inventory(
    link: dict[str, Any] | None = None, snmp: dict[str, Any] | None = None, community: str = "public", **more: Any
) -> Inventory:
    """One site with a link, a device and two services."""
    return Inventory.model_validate({
        "credentials": {"c": {"version": "2c", "community": community}},
        "sites": [
            {
                "id": "office",
                "devices": [ROUTER | ({"snmp": SNMP | snmp} if snmp is not None else {})],
                "links": [LINK | (link or {})],
                "services": [
                    {"id": "page", "url": "http://192.0.2.4/", "interval": "20s", "timeout": "4s"},
                    {"id": "names", "dns": {"server": "192.0.2.53", "name": "example.org"}},
                ],
            }
        ],
        **more,
    })


@pytest.fixture
async def instruments() -> AsyncIterator[Instruments]:
    """Real ones; nothing is sent."""
    use = Instruments()
    yield use
    await use.close()


def keys(builder: TaskBuilder, subject: str) -> list[object]:
    """The keys of the tasks of one subject."""
    return [task.key for task in builder.tasks() if task.subject.id == subject]


def the_probe(task: Task) -> partial[Any]:
    """What a run would call."""
    assert isinstance(task.probe, partial)
    return task.probe


async def test_every_target_of_a_link_is_probed(instruments: Instruments) -> None:
    """Each in its own way, until the latest answer that can still tell something; the first one is judged by."""
    tasks = list(TaskBuilder(inventory(), instruments).watched())
    assert [(task.kind, task.subject.instance, task.is_first) for task in tasks] == [
        (ProbeKind.ICMP, "192.0.2.9", True),
        (ProbeKind.STAMP, "[2001:db8::1]:862", False),
        (ProbeKind.TCP, "192.0.2.9:443", False),
    ]
    assert {(task.interval, task.patience) for task in tasks} == {(1.0, LATEST)}
    assert [the_probe(task).func.__name__ for task in tasks] == ["ping", "stamp", "connect"]


async def test_devices_and_services_have_plain_tasks(instruments: Instruments) -> None:
    """Pings and polls of a device, fetches and look-ups of services; a poll may last one silent request and 10 s."""
    tasks = TaskBuilder(inventory(snmp={}), instruments).plain()
    assert [(task.subject.kind, task.subject.id, task.kind, task.interval, task.patience) for task in tasks] == [
        ("device", "router", ProbeKind.ICMP, 7.0, 2.0),
        ("device", "router", ProbeKind.SNMP, 30.0, 14.0),
        ("service", "page", ProbeKind.HTTP, 20.0, 4.0),
        ("service", "names", ProbeKind.DNS, 30.0, 10.0),
    ]
    assert [task.subject.instance for task in tasks[2:]] == ["http://192.0.2.4/", "192.0.2.53"]
    assert [the_probe(task).func.__name__ for task in tasks] == ["ping", "poll", "fetch", "look_up"]


async def test_a_device_may_be_left_unpinged(instruments: Instruments) -> None:
    """What the inventory says no to has no task."""
    unpinged = Inventory.model_validate({"sites": [{"id": "a", "devices": [ROUTER | {"icmp": False}]}]})
    assert TaskBuilder(unpinged, instruments).tasks() == []


async def test_anchors_are_probed_each_second(instruments: Instruments) -> None:
    """As watched subjects of no site, with a time-out of their own."""
    builder = TaskBuilder(inventory(anchors=["icmp://192.0.2.8"]), instruments)
    task = builder.watched()[-1]
    assert (task.subject.kind, task.subject.id, task.subject.site) == ("anchor", "icmp://192.0.2.8", "")
    assert (task.interval, task.patience) == (1.0, LATEST)
    assert builder.timeouts() == {"one": 1.0, "icmp://192.0.2.8": 1.0}


async def test_a_link_may_be_watched_through_an_agent(instruments: Instruments) -> None:
    """By the credentials of its device; when these change, so does the task."""
    target = {"target": "snmp://router"}
    before = TaskBuilder(inventory(target, {}), instruments)
    (task,) = before.watched()
    assert (task.kind, the_probe(task).func.__name__) == (ProbeKind.SNMP, "ask_agent")
    changed = TaskBuilder(inventory(target, {}, community="other"), instruments)
    assert keys(before, "one") != keys(changed, "one")


@pytest.mark.parametrize(
    ("change", "disturbed"),
    [
        ({}, []),
        ({"link": {"provider": "VNPT"}}, []),
        ({"link": {"timeout": "500ms"}}, ["one"]),
        ({"link": {"source": "192.0.2.77"}}, ["one"]),
        ({"link": {"target": "icmp://192.0.2.10"}}, ["one"]),
        ({"snmp": {"timeout": "3s"}}, ["router"]),
        ({"community": "other"}, ["router"]),
    ],
)
async def test_a_reload_disturbs_only_what_it_changes(
    instruments: Instruments, change: dict[str, Any], disturbed: list[str]
) -> None:
    """A task whose key stays goes on undisturbed."""
    before = TaskBuilder(inventory(snmp={}), instruments)
    after = TaskBuilder(inventory(**({"snmp": {}} | change)), instruments)
    subjects = ("one", "router", "page", "names")
    assert [name for name in subjects if keys(before, name) != keys(after, name)] == disturbed


def test_a_key_is_equal_by_its_parts() -> None:
    """And to no other thing; its hash is of its parts, so that it finds its place in a table."""
    assert TaskKey("a", 1) == TaskKey("a", 1)
    assert hash(TaskKey("a", 1)) == hash(TaskKey("a", 1))
    assert TaskKey("a", 1) != TaskKey("a", 2)
    assert TaskKey("a", 1) != ("a", 1)
    assert repr(TaskKey("a", 1)) == "TaskKey('a', 1)"


async def test_a_measurement_stands_for_two_intervals_and_a_run(instruments: Instruments) -> None:
    """One late run is forgiven."""
    task = TaskBuilder(inventory(), instruments).plain()[0]
    assert task.fresh_for == pytest.approx(2.2 * 7 + 2)


def test_an_instance_is_what_follows_the_scheme() -> None:
    """As Prometheus knows it."""
    assert [instance_of(target) for target in inventory().sites[0].links[0].targets] == [
        "192.0.2.9",
        "[2001:db8::1]:862",
        "192.0.2.9:443",
    ]
