"""Reading a device's health: a survey, then exact cells; gentle to the agent, and proof against hostile ones."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from model.health import DeviceHealth, Measure
from model.measurement import Failure
from model.profile import Profile
from monitor.snmp.health import SURVEY_EVERY, HealthReader
from monitor.snmp.poller import DevicePoller
from tests.peers.snmp import (
    GEN_ERR,
    GET,
    UPTIME,
    Request,
    SnmpPeer,
    agent_mib,
    gauge32,
    number,
    oid,
    text,
    ticks,
)
from tests.peers.snmp_sessions import V1, MakePoller

TABLE = "1.3.6.1.4.1.99999.1.1"
LOAD, NAME, KIND, MISSING = f"{TABLE}.2", f"{TABLE}.3", f"{TABLE}.4", f"{TABLE}.9"
HEAT, SERIAL, MODEL = (f"1.3.6.1.4.1.99999.2.{arc}.0" for arc in (1, 2, 3))
DESCR = "1.3.6.1.2.1.1.1.0"


def profile(*readings: dict[str, Any], **keys: Any) -> dict[str, Profile]:
    """The generic profile alone, with these readings."""
    given: dict[str, Any] = {"title": "t", "source": "s", "readings": readings} | keys
    return {"generic": Profile.model_validate(given)}


LOADS = {"measure": "cpu", "column": LOAD, "named_by": NAME, "factor": 0.01}
BOARD = profile(
    LOADS,
    {"measure": "temperature", "oid": HEAT, "factor": 0.1, "part": "board"},
    {"measure": "fan_speed", "column": MISSING},
    serial=[{"oid": SERIAL}],
    model=[{"oid": MODEL}, {"oid": DESCR}],
    vendor="Nobody",
)


def board_mib(rows: int = 2) -> dict[str, bytes]:
    """An agent with two ports, so many processors, and a thermometer."""
    mib = agent_mib({1: "ether1", 2: "ether2"})
    for row in range(1, rows + 1):
        mib |= {f"{LOAD}.{row}": gauge32(10 * row % 100), f"{NAME}.{row}": text(f"core {row}")}
    return mib | {HEAT: number(351), SERIAL: text("ABC123")}


class Clock:
    """Monotonic seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """Now."""
        return self.now


async def polled(make_poller: MakePoller, peer: SnmpPeer, **keys: Any) -> DevicePoller:
    """A poller that has polled once."""
    poller = make_poller(peer.port, **keys)
    await poller.poll()
    return poller


def values(health: DeviceHealth | Failure | None) -> dict[tuple[str, str], float]:
    """Measure and part → value."""
    assert isinstance(health, DeviceHealth), health
    return {(reading.measure, reading.part): reading.value for reading in health.readings}


async def test_a_survey_finds_what_there_is_and_then_only_numbers_are_read(make_poller: MakePoller) -> None:
    """The first round walks; the next one is one request of exact cells."""
    async with SnmpPeer(board_mib()) as peer:
        reader = HealthReader(await polled(make_poller, peer), BOARD)
        first = await reader.read()
        before = len(peer.requests)
        peer.mib = {**peer.mib, f"{LOAD}.1": gauge32(99)}
        second = await reader.read()
    assert values(first) == {("cpu", "core 1"): 0.1, ("cpu", "core 2"): 0.2, ("temperature", "board"): 35.1}
    assert values(second) == {("cpu", "core 1"): 0.99, ("cpu", "core 2"): 0.2, ("temperature", "board"): 35.1}
    assert [request.pdu for request in peer.requests[before:]] == [GET]
    assert isinstance(second, DeviceHealth)
    assert second.requests == 1


async def test_a_device_says_what_it_is(make_poller: MakePoller) -> None:
    """The first place that holds a text; the vendor is the profile's."""
    async with SnmpPeer(board_mib()) as peer:
        health = await HealthReader(await polled(make_poller, peer), BOARD).read()
    assert isinstance(health, DeviceHealth)
    told = health.identity
    assert (told.vendor, told.model, told.serial, told.firmware) == ("Nobody", "A switch for tests", "ABC123", "")


async def test_an_absent_table_is_asked_for_once_a_day(make_poller: MakePoller) -> None:
    """A table that the device has not got costs a request in a day, not in a minute."""
    clock = Clock()
    async with SnmpPeer(board_mib()) as peer:
        reader = HealthReader(await polled(make_poller, peer), BOARD, clock=clock)
        asked = []
        for later in (0.0, SURVEY_EVERY + 1, 86_500.0):
            clock.now += later
            before = len(peer.requests)
            await reader.read()
            asked.append(sum(MISSING in request.oids for request in peer.requests[before:]))
    assert asked == [1, 0, 1]


async def test_what_has_come_since_is_found_within_the_hour(make_poller: MakePoller) -> None:
    """A card that was plugged in is read after the next survey."""
    clock = Clock()
    async with SnmpPeer(board_mib(1)) as peer:
        reader = HealthReader(await polled(make_poller, peer), BOARD, clock=clock)
        await reader.read()
        peer.mib = board_mib(2)
        assert ("cpu", "core 2") not in values(await reader.read())
        clock.now += SURVEY_EVERY + 1
        assert ("cpu", "core 2") in values(await reader.read())


async def test_a_restart_is_followed_by_a_survey(make_poller: MakePoller) -> None:
    """A device that restarted may number its parts anew: no value is told under a name from before."""
    async with SnmpPeer(board_mib()) as peer:
        reader = HealthReader(await polled(make_poller, peer), BOARD)
        await reader.read()
        await reader.read()
        swapped = {f"{NAME}.1": text("core 2"), f"{NAME}.2": text("core 1"), UPTIME: ticks(100)}
        peer.mib = {**peer.mib, **swapped}
        assert values(await reader.read())["cpu", "core 1"] == 0.2


async def test_an_interface_that_moved_is_followed_by_a_survey(make_poller: MakePoller) -> None:
    """What is told by ifIndex bears the name that the poll of the interfaces knows."""
    optics = profile({"measure": "optical_rx", "column": LOAD, "index": "interface", "factor": -0.1})
    async with SnmpPeer(board_mib()) as peer:
        poller = await polled(make_poller, peer)
        reader = HealthReader(poller, optics)
        assert values(await reader.read()) == {("optical_rx", "ether1"): -1.0, ("optical_rx", "ether2"): -2.0}
        peer.mib = board_mib() | agent_mib({1: "ether2", 2: "ether1"}, table_changed=200)
        await poller.poll()
        assert values(await reader.read()) == {("optical_rx", "ether2"): -1.0, ("optical_rx", "ether1"): -2.0}


async def test_a_part_that_goes_away_is_absent(make_poller: MakePoller) -> None:
    """Never the last value that it had, and never zero."""
    async with SnmpPeer(board_mib()) as peer:
        reader = HealthReader(await polled(make_poller, peer), BOARD)
        await reader.read()
        peer.mib = {name: value for name, value in peer.mib.items() if name != HEAT}
        assert not any(measure == "temperature" for measure, _ in values(await reader.read()))


async def test_a_silent_agent_is_left_alone(make_poller: MakePoller) -> None:
    """While the last poll failed, nothing else is asked; afterwards it goes on."""
    async with SnmpPeer(board_mib()) as peer:
        poller = make_poller(peer.port, timeout="0.05s")
        reader = HealthReader(poller, BOARD)
        assert await reader.read() is None
        honest, peer.behave = peer.behave, lambda _request, _answer: []
        await poller.poll()
        before = len(peer.requests)
        assert await reader.read() is None
        assert len(peer.requests) == before
        peer.behave = honest
        await poller.poll()
        assert values(await reader.read())


async def test_silence_in_the_middle_is_a_failure(make_poller: MakePoller) -> None:
    """A round that is not answered to its end gives no reading."""
    async with SnmpPeer(board_mib()) as peer:
        reader = HealthReader(await polled(make_poller, peer, timeout="0.05s"), BOARD)
        peer.behave = lambda request, answer: [] if HEAT in request.oids else [answer]
        assert isinstance(await reader.read(), Failure)


async def test_a_poll_waits_for_one_request_at_most(make_poller: MakePoller) -> None:
    """A poll that begins during a survey of 40 columns ends long before it."""
    many = profile(*({"measure": "voltage", "column": f"{TABLE}.{arc}"} for arc in range(100, 140)))
    async with SnmpPeer(board_mib()) as peer:
        poller = await polled(make_poller, peer)
        surveying = asyncio.create_task(HealthReader(poller, many).read())
        await asyncio.sleep(0)
        before = len(peer.requests)
        await poller.poll()
        assert not surveying.done()
        during = len(peer.requests) - before
        await surveying
    assert during <= 6


async def test_an_agent_of_version_1_is_read(make_poller: MakePoller) -> None:
    """It answers all cells of a request or none; what is missing is left out."""
    async with SnmpPeer(board_mib()) as peer:
        reader = HealthReader(await polled(make_poller, peer, credentials=V1), BOARD)
        assert values(await reader.read()) == values(await reader.read())
        assert ("cpu", "core 2") in values(await reader.read())


async def test_a_table_on_which_the_agent_fails_is_left_out(make_poller: MakePoller) -> None:
    """An error-status on one table does not spoil the others."""

    def refuse(request: Request, answer: bytes) -> Sequence[bytes]:
        return [request.refuse(GEN_ERR, 1) if any(name.startswith(LOAD) for name in request.oids) else answer]

    async with SnmpPeer(board_mib(), refuse) as peer:
        assert values(await HealthReader(await polled(make_poller, peer), BOARD).read()) == {
            ("temperature", "board"): 35.1
        }


async def test_an_agent_that_goes_round_in_circles_is_left(make_poller: MakePoller) -> None:
    """An OID that does not increase ends the walk; what came before it is read."""

    def circle(request: Request, answer: bytes) -> Sequence[bytes]:
        if request.pdu != GET and request.oids[0].startswith(LOAD):
            return [request.reply([(f"{LOAD}.1", gauge32(10)), (f"{LOAD}.1", gauge32(10))])]
        return [answer]

    async with SnmpPeer(board_mib(), circle) as peer:
        found = values(await asyncio.wait_for(HealthReader(await polled(make_poller, peer), BOARD).read(), 5))
        assert found["cpu", "core 1"] == 0.1
        assert len(peer.requests) < 60


async def test_an_agent_without_end_is_not_walked_for_ever(make_poller: MakePoller) -> None:
    """Forty tables of ten thousand rows each: a survey gives up after some 300 requests."""
    mib = board_mib(0)
    for arc in range(100, 140):
        mib |= {f"{TABLE}.{arc}.{row}": number(1) for row in range(1, 300)}
    wanted = [{"column": f"{TABLE}.{arc}", "is": [8]} for arc in range(100, 140)]
    many = profile(*({"measure": "voltage", "column": LOAD, "where": [where]} for where in wanted))
    async with SnmpPeer(mib) as peer:
        poller = await polled(make_poller, peer)
        before = len(peer.requests)
        assert values(await HealthReader(poller, many).read()) == {}
        assert 300 < len(peer.requests) - before < 330


async def test_ten_thousand_rows_are_read_up_to_a_limit(make_poller: MakePoller) -> None:
    """A table without end costs a dozen requests of walking, and 256 rows are read."""
    async with SnmpPeer(board_mib(10_000)) as peer:
        reader = HealthReader(await polled(make_poller, peer), BOARD)
        before = len(peer.requests)
        first = await reader.read()
        assert len(peer.requests) - before < 50
        assert len(values(first)) == 256 + 1
        before = len(peer.requests)
        await reader.read()
        assert len(peer.requests) - before <= 11


@pytest.mark.parametrize("lie", [text("hot"), oid("1.3.6"), text(b"\xff\xfe\x00"), text("x" * 900), number(-(2**31))])
async def test_a_cell_of_another_type_is_no_reading(make_poller: MakePoller, lie: bytes) -> None:
    """Text where a number should be, an OID, octets, far too much, far too cold; the rest is read."""
    async with SnmpPeer(board_mib() | {HEAT: lie, f"{NAME}.1": number(7), SERIAL: lie}) as peer:
        found = values(await HealthReader(await polled(make_poller, peer), BOARD).read())
    assert found == {("cpu", "7"): 0.1, ("cpu", "core 2"): 0.2}


async def test_static_conditions_choose_before_cells_are_read(make_poller: MakePoller) -> None:
    """Of a thousand entities only those that fit are asked for their value."""
    mib = board_mib(0)
    for row in range(1, 1_001):
        mib |= {f"{KIND}.{row}": number(8 if row % 500 == 0 else 10), f"{LOAD}.{row}": gauge32(40)}
    chosen = profile({"measure": "temperature", "column": LOAD, "where": [{"column": KIND, "is": [8]}]})
    async with SnmpPeer(mib) as peer:
        reader = HealthReader(await polled(make_poller, peer), chosen)
        assert values(await reader.read()) == {("temperature", "500"): 40.0, ("temperature", "1000"): 40.0}
        assert sum(any(name.startswith(LOAD) for name in request.oids) for request in peer.requests) == 1


async def test_the_profile_of_a_device_is_found_by_a_scalar(make_poller: MakePoller) -> None:
    """Two with the same sysObjectID are told apart by what they answer; a name decides by itself."""
    own = {"title": "t", "source": "s", "match": [{"object_id": "1.3.6.1.4.1.8072.3.2.10", "exists": SERIAL}]}
    profiles = BOARD | {"nas": Profile.model_validate(own), "named": Profile.model_validate(own | {"match": []})}
    async with SnmpPeer(board_mib()) as peer:
        poller = await polled(make_poller, peer)
        found = [await HealthReader(poller, profiles, name).read() for name in ("auto", "named", "gone")]
        peer.mib = {name: value for name, value in peer.mib.items() if name != SERIAL}
        found.append(await HealthReader(poller, profiles).read())
    assert [each.profile for each in found if isinstance(each, DeviceHealth)] == ["nas", "named", "nas", "generic"]


async def test_flags_and_numbers_are_of_their_measure(make_poller: MakePoller) -> None:
    """`of` gives the readings of one measure."""
    async with SnmpPeer(board_mib()) as peer:
        health = await HealthReader(await polled(make_poller, peer), BOARD).read()
    assert isinstance(health, DeviceHealth)
    assert [reading.part for reading in health.of(Measure.CPU)] == ["core 1", "core 2"]


async def test_the_name_of_an_entity_is_a_text_like_any_other(make_poller: MakePoller) -> None:
    """One that its agent ends with a zero, or breaks into lines, is a plain word; one of zeros alone is no name."""
    entities = profile({"measure": "cpu", "column": LOAD, "index": "entity", "factor": 0.01})
    names, descriptions = "1.3.6.1.2.1.47.1.1.1.1.7", "1.3.6.1.2.1.47.1.1.1.1.2"
    async with SnmpPeer(board_mib()) as peer:
        peer.mib = {
            **peer.mib,
            f"{names}.1": text("main\nboard\0"),
            f"{names}.2": text("\0"),
            f"{descriptions}.2": text("fan tray\0"),
        }
        health = await HealthReader(await polled(make_poller, peer), entities).read()
    assert values(health) == {("cpu", "main board"): 0.1, ("cpu", "fan tray"): 0.2}
