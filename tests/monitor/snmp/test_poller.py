"""The poll of one device: every interface once, under its own name, and nothing that was not measured."""

import asyncio
import socket
from collections.abc import Callable, Mapping

import pytest

from model.measurement import Failure, Reason, SnmpReading
from monitor.snmp.columns import COLUMNS
from tests.peers import snmp
from tests.peers.snmp import (
    IF_NUMBER,
    IF_TABLE,
    IF_X_TABLE,
    TABLE_CHANGED,
    UPTIME,
    Request,
    SnmpPeer,
    agent_mib,
    interface_mib,
    system_mib,
)
from tests.peers.snmp_sessions import V1, Engine, MakePoller, fail, read

NARROW = {column.name for column in COLUMNS if column.stands_in_for}
ALWAYS = {column.name for column in COLUMNS} - NARROW
EIGHT = tuple(column for column in COLUMNS if column.name in {
    *("ifOperStatus", "ifAdminStatus", "ifHighSpeed", "ifHCInOctets", "ifHCOutOctets"),
    *("ifInErrors", "ifOutErrors", "ifLastChange"),
})  # fmt: skip


def octets(reading: SnmpReading) -> dict[str, int]:
    """Name → ifHCInOctets."""
    return {interface.name: interface.cells["ifHCInOctets"] for interface in reading.interfaces}


async def test_a_poll_reads_every_interface_with_its_facts(make_poller: MakePoller, engine: Engine) -> None:
    """Identity, values, uptime and the system group are those of the agent, in both engines."""
    async with SnmpPeer(agent_mib({1: "eth0", 7: "eth6"})) as peer:
        reading = await read(make_poller(peer.port, engine))
    first = reading.interfaces[0]
    assert [interface.index for interface in reading.interfaces] == [1, 7]
    assert (first.name, first.descr, first.alias, first.kind) == ("eth0", "eth0", "port 1", 6)
    assert first.physical_address == "00:11:22:33:44:01"
    assert first.cells.keys() == ALWAYS
    assert first.cells["ifHCInOctets"] == 1_006
    assert reading.uptime_ticks == 360_000
    assert (reading.system.name, reading.system.location) == ("sw-1", "Xuân Đỉnh")
    assert reading.system.object_id == "1.3.6.1.4.1.8072.3.2.10"
    assert reading.walk is not None
    assert reading.missing == {}


async def test_two_polls_at_once_are_made_one_after_the_other(make_poller: MakePoller) -> None:
    """The second goes by what the first has learnt, so neither can read rows by the other's names."""
    async with SnmpPeer(agent_mib({1: "eth0", 7: "eth6"})) as peer:
        poller = make_poller(peer.port)
        first, second = await asyncio.gather(read(poller), read(poller))
    assert (first.walk is None, second.walk is None) == (False, True)
    assert octets(first) == octets(second)


async def test_the_second_poll_does_not_walk(make_poller: MakePoller) -> None:
    """What is known is not asked again: only exact cells, in few packets."""
    async with SnmpPeer(agent_mib({index: f"Gi1/0/{index}" for index in range(1, 53)})) as peer:
        poller = make_poller(peer.port, columns=EIGHT)
        await read(poller)
        peer.requests.clear()
        reading = await read(poller)
    assert {request.pdu for request in peer.requests} == {snmp.GET}
    assert reading.packets_sent == len(peer.requests) <= 8
    assert reading.walk is None
    assert len(octets(reading)) == 52


async def test_uptime_comes_in_every_request_and_an_interface_in_one(make_poller: MakePoller) -> None:
    """Each counter has the sysUpTime of its own moment: the first cell of the same request."""
    async with SnmpPeer(agent_mib({index: f"p{index}" for index in range(1, 41)})) as peer:
        poller = make_poller(peer.port)
        await read(poller)
        peer.requests.clear()
        await read(poller)
    home: dict[str, set[int]] = {}
    for request in peer.requests:
        assert request.oids[0] == UPTIME
        for oid in request.oids:
            if oid.startswith((f"{IF_TABLE}.", f"{IF_X_TABLE}.")) and not oid.startswith(f"{IF_X_TABLE}.1."):
                home.setdefault(oid.rpartition(".")[2], set()).add(request.request_id)
    assert len(home) == 40
    assert all(len(requests) == 1 for requests in home.values())


async def test_no_answer_is_larger_than_a_packet(make_poller: MakePoller) -> None:
    """Requests are packed so that no answer is fragmented on an Ethernet."""
    full = agent_mib({index: f"GigabitEthernet1/0/{index}" for index in range(101, 153)})
    full |= {oid: snmp.counter64(2**48) for oid in full if oid.startswith(f"{IF_X_TABLE}.") and full[oid][0] == 0x46}
    sizes: list[int] = []

    def weigh(_request: Request, answer: bytes) -> list[bytes]:
        sizes.append(len(answer))
        return [answer]

    async with SnmpPeer(full, weigh, largest=9_000) as peer:
        poller = make_poller(peer.port)
        await read(poller)
        sizes.clear()
        await read(poller)
    assert max(sizes) <= 1_472


async def test_an_agent_without_64_bit_counters_is_read_with_32(make_poller: MakePoller, engine: Engine) -> None:
    """Where there is no ifXTable the 32-bit columns stand in, and the name is ifDescr."""
    mib = system_mib(1, table_changed=None) | interface_mib(3, "ppp0", wide=False)
    async with SnmpPeer(mib) as peer:
        [interface] = (await read(make_poller(peer.port, engine))).interfaces
    assert interface.name == "ppp0"
    assert interface.cells["ifInOctets"] == 3_000
    assert interface.cells.keys() >= NARROW
    assert not any(name.startswith("ifHC") for name in interface.cells)


async def test_version_1_is_read_with_32_bit_counters(make_poller: MakePoller, engine: Engine) -> None:
    """SNMPv1 has no Counter64; a cell that it misses costs neither the poll nor its neighbours."""
    mib = agent_mib({1: "eth0", 2: "eth1"})
    del mib[f"{IF_TABLE}.14.2"], mib[f"{IF_TABLE}.20.1"]
    async with SnmpPeer(mib) as peer:
        poller = make_poller(peer.port, engine, V1)
        first, second = (await read(poller)).interfaces
        peer.requests.clear()
        await read(poller)
        assert len(peer.requests) == 1
    assert first.cells.keys() >= NARROW
    assert first.cells.keys() - second.cells.keys() == {"ifInErrors"}
    assert second.cells.keys() - first.cells.keys() == {"ifOutErrors"}


async def test_version_1_without_ifxtable_does_not_ask_for_each_of_its_cells(make_poller: MakePoller) -> None:
    """A table that is not there costs a request a column, not a request a cell."""
    mib = system_mib(30, table_changed=None)
    for index in range(1, 31):
        mib |= interface_mib(index, f"port {index}", wide=False)
    async with SnmpPeer(mib) as peer:
        await read(make_poller(peer.port, credentials=V1))
        gets = [request for request in peer.requests if request.pdu == snmp.GET]
    assert len(gets) < 40


async def test_a_cell_that_is_missing_is_absent(make_poller: MakePoller) -> None:
    """An interface without a counter has no such cell, and no zero instead."""
    mib = agent_mib({1: "eth0", 2: "eth1"})
    del mib[f"{IF_TABLE}.14.2"]
    async with SnmpPeer(mib) as peer:
        first, second = (await read(make_poller(peer.port))).interfaces
    assert first.cells["ifInErrors"] == 2
    assert "ifInErrors" not in second.cells


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(snmp.text("12"), id="text"),
        pytest.param(snmp.number(-1), id="negative"),
        pytest.param(snmp.counter64(2**40), id="wider than its type"),
        pytest.param(snmp.oid("1.3.6.1"), id="OID"),
        pytest.param(snmp.NULL, id="NULL"),
    ],
)
async def test_a_value_of_another_type_is_absent(make_poller: MakePoller, engine: Engine, value: bytes) -> None:
    """A counter that holds no counter is not exported."""
    async with SnmpPeer(agent_mib({1: "eth0"}) | {f"{IF_TABLE}.14.1": value}) as peer:
        [interface] = (await read(make_poller(peer.port, engine))).interfaces
    assert interface.cells.keys() == ALWAYS - {"ifInErrors"}


@pytest.mark.parametrize(
    ("told", "alias"),
    [
        pytest.param(b"Ph\xf2ng 3", "Ph�ng 3", id="Latin-1"),
        pytest.param(b'a "quoted"\nline', 'a "quoted"\nline', id="quotes and newline"),
        pytest.param(b"cisco\x00\x00", "cisco", id="NUL"),
        pytest.param("Trụ sở".encode(), "Trụ sở", id="Vietnamese"),
        pytest.param(b"x" * 900, "x" * 255, id="900 octets"),
    ],
)
async def test_text_of_a_device_is_text(make_poller: MakePoller, engine: Engine, told: bytes, alias: str) -> None:
    """Whatever octets an ifAlias has, it becomes a bounded text, and the same in both engines."""
    async with SnmpPeer(agent_mib({1: "eth0"}) | {f"{IF_X_TABLE}.18.1": snmp.text(told)}) as peer:
        [interface] = (await read(make_poller(peer.port, engine))).interfaces
    assert interface.alias == alias


async def test_names_are_distinct(make_poller: MakePoller) -> None:
    """Twins keep apart by their index; an interface without any name has one made of it."""
    async with SnmpPeer(agent_mib({1: "tun0", 2: "eth0", 9: "tun0", 12: ""})) as peer:
        names = octets(await read(make_poller(peer.port)))
    assert list(names) == ["tun0#1", "eth0", "tun0#9", "if12"]


def moved(mib: Mapping[str, bytes], **scalars: bytes) -> dict[str, bytes]:
    """The same agent after its interfaces moved up by one index, with other scalars."""
    rows = {1: "c", 2: "a", 3: "b"}
    shifted = {oid: value for oid, value in mib.items() if not oid.startswith((f"{IF_TABLE}.", f"{IF_X_TABLE}."))}
    for index, name in rows.items():
        shifted |= interface_mib(index, name, octets=ord(name) * 1_000)
    return shifted | {
        {"uptime": UPTIME, "changed": TABLE_CHANGED, "count": IF_NUMBER}[k]: v for k, v in scalars.items()
    }


def unmoved(*, table_changed: int | None = 100) -> dict[str, bytes]:
    """Interfaces a, b and c whose octets tell whose they are."""
    mib = system_mib(3, table_changed=table_changed)
    for index, name in {1: "a", 2: "b", 3: "c"}.items():
        mib |= interface_mib(index, name, octets=ord(name) * 1_000)
    return mib


TRUTH = {"a": 97_006, "b": 98_006, "c": 99_006}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"changed": snmp.ticks(400_000), "uptime": snmp.ticks(400_001)}, id="ifTableLastChange"),
        pytest.param({"uptime": snmp.ticks(50)}, id="restart"),
        pytest.param({"count": snmp.number(4)}, id="ifNumber"),
    ],
)
async def test_no_value_goes_under_a_wrong_name(make_poller: MakePoller, change: dict[str, bytes]) -> None:
    """When ifIndex moves and the agent tells so, the very next poll has each value under its own name."""
    async with SnmpPeer(unmoved()) as peer:
        poller = make_poller(peer.port)
        assert octets(await read(poller)) == TRUTH
        peer.mib = moved(peer.mib, **change)
        reading = await read(poller)
    assert octets(reading) == TRUTH
    assert reading.walk is not None


async def test_a_table_that_changes_within_a_poll_is_noticed(make_poller: MakePoller) -> None:
    """Every request tells ifTableLastChange, so a move between two requests of one poll spoils none of them."""
    names = {index: f"p{index:03}" for index in range(1, 121)}
    before = agent_mib(names)
    turned = {index: f"p{121 - index:03}" for index in range(1, 121)}
    after = system_mib(120, uptime=360_100, table_changed=360_050)
    for index, name in turned.items():
        after |= interface_mib(index, name, octets=(121 - index) * 1_000)
    async with SnmpPeer(before) as peer:
        poller = make_poller(peer.port)
        truth = octets(await read(poller))
        gets = 0

        def change_midway(_request: Request, answer: bytes) -> list[bytes]:
            nonlocal gets
            gets += 1
            if gets == 10:
                peer.mib = after
            return [answer]

        peer.behave = change_midway
        assert octets(await read(poller)) == truth


async def test_a_silent_move_is_noticed_by_the_names(make_poller: MakePoller) -> None:
    """An agent that tells nothing of a move is found out by the ifName that each request reads in turn."""
    async with SnmpPeer(unmoved(table_changed=None)) as peer:
        poller = make_poller(peer.port)
        await read(poller)
        peer.mib = moved(peer.mib)
        assert octets(await read(poller)) == TRUTH


async def test_two_swapped_rows_are_noticed_within_one_turn_of_names(make_poller: MakePoller) -> None:
    """The worst move, two rows of many, is found within as many polls as one request holds interfaces."""
    names = {index: f"p{index:02}" for index in range(1, 25)}
    mib = agent_mib(names, table_changed=None)
    async with SnmpPeer(mib) as peer:
        poller = make_poller(peer.port, columns=EIGHT)
        truth = octets(await read(poller))
        peer.mib = mib | interface_mib(2, "p05", octets=5_000) | interface_mib(5, "p02", octets=2_000)
        within = 8
        for _ in range(within):
            found = octets(await read(poller))
        assert found == truth


async def test_a_new_interface_appears_at_the_next_poll(make_poller: MakePoller) -> None:
    """A plugged module is there one poll later."""
    async with SnmpPeer(unmoved()) as peer:
        poller = make_poller(peer.port)
        await read(poller)
        peer.mib = {**peer.mib, **interface_mib(4, "d", octets=100_000), IF_NUMBER: snmp.number(4)}
        assert octets(await read(poller)) == TRUTH | {"d": 100_006}


async def test_identity_is_walked_anew_when_asked(make_poller: MakePoller) -> None:
    """A changed ifAlias, which no counter tells, is read by the hourly refresh."""
    async with SnmpPeer(unmoved()) as peer:
        poller = make_poller(peer.port)
        await read(poller)
        peer.mib = {**peer.mib, f"{IF_X_TABLE}.18.1": snmp.text("uplink")}
        assert (await read(poller)).interfaces[0].alias == "port 1"
        poller.refresh_identity()
        assert (await read(poller)).interfaces[0].alias == "uplink"


async def test_an_agent_whose_table_never_rests_is_read_in_the_end(make_poller: MakePoller) -> None:
    """An ifTableLastChange that moves with every request is a failure first, and no longer listened to after three."""
    async with SnmpPeer(unmoved()) as peer:
        count = 0

        def restless(request: Request, _answer: bytes) -> list[bytes]:
            nonlocal count
            count += 1
            peer.mib = {**peer.mib, TABLE_CHANGED: snmp.ticks(count)}
            return [peer.answer(request)]

        peer.behave = restless
        poller = make_poller(peer.port)
        for _ in range(3):
            assert (await fail(poller)).reason is Reason.CONTENT
        assert octets(await read(poller)) == TRUTH


@pytest.mark.parametrize("largest", [700, 484])
async def test_an_agent_with_small_answers_is_asked_for_less(
    make_poller: MakePoller, engine: Engine, largest: int
) -> None:
    """After tooBig every cell is read all the same, and after the first polls without any further tooBig."""
    names = {index: f"port{index}" for index in range(1, 21)}
    async with SnmpPeer(agent_mib(names), largest=largest) as peer:
        poller = make_poller(peer.port, engine)
        for _ in range(4):
            reading = await read(poller)
            assert len(octets(reading)) == 20
            assert all(interface.cells.keys() == ALWAYS for interface in reading.interfaces)
        peer.requests.clear()
        packets = (await read(poller)).packets_sent
        assert packets == len(peer.requests)
        assert all(len(peer.answer(request)) > 60 for request in peer.requests)  # a tooBig is shorter


async def test_a_cell_that_the_agent_fails_on_costs_only_itself(make_poller: MakePoller, engine: Engine) -> None:
    """With genErr on one cell all others are read."""
    bad = f"{IF_TABLE}.20.2"

    def behave(request: Request, answer: bytes) -> list[bytes]:
        if bad in request.oids and request.pdu == snmp.GET:
            return [request.refuse(snmp.GEN_ERR, request.oids.index(bad) + 1)]
        return [answer]

    async with SnmpPeer(agent_mib({1: "a", 2: "b"}), behave) as peer:
        first, second = (await read(make_poller(peer.port, engine))).interfaces
    assert first.cells.keys() == ALWAYS
    assert second.cells.keys() == ALWAYS - {"ifOutErrors"}


async def test_a_failing_cell_is_found_where_the_agent_names_none(make_poller: MakePoller) -> None:
    """With error-index 0 the batch is halved until the cell is alone."""
    bad = f"{IF_TABLE}.20.2"

    def behave(request: Request, answer: bytes) -> list[bytes]:
        return [request.refuse(snmp.GEN_ERR) if bad in request.oids and request.pdu == snmp.GET else answer]

    async with SnmpPeer(agent_mib({1: "a", 2: "b"}), behave) as peer:
        _, second = (await read(make_poller(peer.port))).interfaces
    assert second.cells.keys() == ALWAYS - {"ifOutErrors"}


async def test_an_agent_that_fails_on_everything_is_not_asked_for_each_cell(make_poller: MakePoller) -> None:
    """An agent that answers genErr to every GET is one failure after a handful of requests."""
    names = {index: f"port{index}" for index in range(1, 21)}

    def behave(request: Request, answer: bytes) -> list[bytes]:
        return [request.refuse(snmp.GEN_ERR, 1) if request.pdu == snmp.GET else answer]

    async with SnmpPeer(agent_mib(names), behave) as peer:
        assert (await fail(make_poller(peer.port))).reason is Reason.AGENT_ERROR
        assert len(peer.requests) < 40


async def test_silence_is_a_failure_with_its_reason(make_poller: MakePoller, engine: Engine) -> None:
    """An agent that does not answer gives no reading."""
    async with SnmpPeer({}, lambda _request, _answer: []) as peer:
        failure = await fail(make_poller(peer.port, engine, timeout="50ms"))
    assert failure.reason is Reason.TIMEOUT
    assert "0.05 s" in failure.detail


async def test_an_agent_that_dies_within_a_poll_leaves_what_was_read(make_poller: MakePoller) -> None:
    """Rows that were answered are in the reading, the others are not, and the tables are named as missing."""
    async with SnmpPeer(agent_mib({index: f"p{index}" for index in range(1, 41)})) as peer:
        poller = make_poller(peer.port, timeout="400ms")
        await read(poller)
        alive = len(peer.requests) + 3
        peer.behave = lambda _request, answer: [answer] if len(peer.requests) <= alive else []
        reading = await read(poller)
    assert 0 < len(reading.interfaces) < 40
    assert reading.missing == {"ifTable": Reason.TIMEOUT, "ifXTable": Reason.TIMEOUT}


async def test_a_poller_recovers_with_its_agent(make_poller: MakePoller, engine: Engine) -> None:
    """After silence the next answer is a reading again."""
    async with SnmpPeer(unmoved()) as peer:
        poller = make_poller(peer.port, engine, timeout="500ms")
        await read(poller)
        peer.behave = lambda _request, _answer: []
        await fail(poller)
        peer.behave = lambda _request, answer: [answer]
        assert octets(await read(poller)) == TRUTH


async def test_an_agent_without_interfaces_is_read(make_poller: MakePoller, engine: Engine) -> None:
    """A sensor or a UPS without IF-MIB has an uptime and a name, and no interface."""
    mib = {UPTIME: snmp.ticks(5), "1.3.6.1.2.1.1.5.0": snmp.text("ups")}
    async with SnmpPeer(mib) as peer:
        reading = await read(make_poller(peer.port, engine))
    assert (reading.uptime_ticks, reading.system.name, reading.interfaces) == (5, "ups", ())


async def test_ten_thousand_interfaces_are_read(make_poller: MakePoller) -> None:
    """Size alone stops nothing below the cap, and every interface is there once."""
    names = {index: f"vlan{index}" for index in range(1, 10_001)}
    mib = system_mib(10_000)
    for index, name in names.items():
        mib |= {
            f"{IF_TABLE}.2.{index}": snmp.text(name),
            f"{IF_TABLE}.8.{index}": snmp.number(1),
            f"{IF_X_TABLE}.6.{index}": snmp.counter64(index),
        }
    columns = [column for column in COLUMNS if column.name in {"ifOperStatus", "ifHCInOctets"}]
    async with SnmpPeer(mib) as peer:
        reading = await read(make_poller(peer.port, columns=columns))
    assert octets(reading) == {name: index for index, name in names.items()}


async def test_a_table_beyond_the_cap_is_cut_and_named(make_poller: MakePoller) -> None:
    """More rows than allowed are not read, and the reading says so."""
    async with SnmpPeer(agent_mib({index: f"p{index}" for index in range(1, 41)})) as peer:
        reading = await read(make_poller(peer.port, row_limit=10))
    assert len(reading.interfaces) == 10
    assert reading.missing == {"ifTable": Reason.TOO_LARGE, "ifXTable": Reason.TOO_LARGE}


async def test_a_looping_table_is_cut_and_named(make_poller: MakePoller) -> None:
    """Rows before the loop are read; the table is named as missing for its protocol."""
    start = f"{IF_X_TABLE}.1"

    def behave(request: Request, answer: bytes) -> list[bytes]:
        if request.pdu == snmp.GET_BULK and request.oids[0].startswith(f"{start}"):
            return [request.reply([(f"{start}.{index}", snmp.text(" ab"[index])) for index in (1, 2, 1, 2)])]
        return [answer]

    async with SnmpPeer(agent_mib({1: "a", 2: "b", 3: "c"}), behave) as peer:
        reading = await read(make_poller(peer.port))
    assert [interface.name for interface in reading.interfaces] == ["a", "b", "c"]
    assert reading.missing == {"ifXTable": Reason.PROTOCOL}


async def test_uptime_is_a_sign_of_life(make_poller: MakePoller, engine: Engine) -> None:
    """One sysUpTime tells how long its answer took, or why there was none."""
    async with SnmpPeer(unmoved()) as peer:
        poller = make_poller(peer.port, engine)
        took = await poller.ask_uptime(1.0)
        assert isinstance(took, float)
        assert 0 < took < 1
        assert peer.requests[0].oids == (UPTIME,)
        peer.behave = lambda _request, _answer: []
        silence = await poller.ask_uptime(0.05)
    assert isinstance(silence, Failure)
    assert silence.reason is Reason.TIMEOUT


async def test_a_sign_of_life_does_not_disturb_a_poll(make_poller: MakePoller) -> None:
    """Asked while a poll is under way, both get their own answers."""
    async with SnmpPeer(agent_mib({index: f"p{index}" for index in range(1, 41)})) as peer:
        poller = make_poller(peer.port)
        signs = asyncio.gather(*(poller.ask_uptime(1.0) for _ in range(5)))
        reading, lives = await asyncio.gather(read(poller), signs)
    assert len(reading.interfaces) == 40
    assert all(isinstance(took, float) for took in lives)


async def test_a_name_without_address_is_a_failure(make_poller: MakePoller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that does not resolve is told as such, and asked for again at the next poll."""

    async def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", nowhere)
    failure = await fail(make_poller(161, address="sw.example"))
    assert failure.reason is Reason.UNRESOLVED
    assert "sw.example" in failure.detail


async def test_closing_ends_a_poll_under_way(make_poller: MakePoller, engine: Engine) -> None:
    """The daemon's end does not wait for a silent agent."""
    async with SnmpPeer({}, lambda _request, _answer: []) as peer:
        poller = make_poller(peer.port, engine, timeout="30s")
        polled = asyncio.create_task(poller.poll())
        await peer.asked.wait()
        poller.close()
        async with asyncio.timeout(5):
            assert isinstance(await polled, Failure)


Spoil = Callable[[Request, bytes], list[bytes]]
FAULTS: dict[str, Spoil] = {
    "bad id": lambda request, _answer: [request.reply([(UPTIME, snmp.ticks(1))], request_id=request.request_id + 1)],
    "truncated": lambda _request, answer: [answer[: len(answer) // 2]],
    "twice": lambda _request, answer: [answer, answer],
    "lost": lambda _request, _answer: [],
    "genErr": lambda request, _answer: [request.refuse(snmp.GEN_ERR, 1)],
    "garbage": lambda _request, answer: [bytes(reversed(answer))],
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_every_accepted_value_is_a_true_one(
    make_poller: MakePoller, capfd: pytest.CaptureFixture[str], fault: Spoil
) -> None:
    """With every fifth answer spoilt, what is read is true, and the poller is well afterwards."""
    async with SnmpPeer(unmoved()) as peer:
        peer.behave = lambda request, answer: fault(request, answer) if len(peer.requests) % 5 == 0 else [answer]
        poller = make_poller(peer.port, timeout="100ms", retries=2)
        for _ in range(10):
            outcome = await poller.poll()
            if isinstance(outcome, SnmpReading):
                assert octets(outcome).items() <= TRUTH.items()
        peer.behave = lambda _request, answer: [answer]
        assert octets(await read(poller)) == TRUTH
    assert capfd.readouterr() == ("", "")
