"""Agents asked by the real net-snmp tools, and by hand."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.demo import ber
from monitor.demo.agent import Agent, respond
from monitor.demo.fault import Chronicle, Fault, FaultKind, FixedStory
from monitor.demo.ground import Endpoint
from monitor.demo.mib import mib_of
from monitor.demo.moment import Moment
from monitor.demo.truth import Truth
from monitor.demo.ward import DevicePlan, WardPlan
from monitor.snmp.ber import CommunityMessage, read_message

EPOCH = 1_767_243_600.0
TIME = 100.0
COMMUNITY = "public"
IF_NAME, IF_HC_IN, IF_HIGH_SPEED = (f".1.3.6.1.2.1.31.1.1.1.{column}" for column in (1, 6, 15))
IF_DESCR, IF_OPER_STATUS, IF_PHYSICAL = (f".1.3.6.1.2.1.2.2.1.{column}" for column in (2, 8, 6))

needs_net_snmp = pytest.mark.skipif(
    shutil.which("snmpbulkwalk") is None, reason="needs the net-snmp tools (Debian: snmp)"
)


@dataclass
class Running:
    """An agent that answers, and whose device it is."""

    device: DevicePlan
    endpoint: Endpoint
    moment: Moment
    patient: bool

    async def ask(self, tool: str, *arguments: str) -> dict[str, str]:
        """Names and values that a tool of net-snmp prints."""
        process = await asyncio.create_subprocess_exec(
            *(
                tool,
                "-c",
                COMMUNITY,
                "-t",
                "5" if self.patient else "1",
                "-r",
                "0",
                "-m",
                "",
                "-M",
                "",
                "-On",
                "-OQ",
                "-Oe",
                "-Ot",
            ),
            *(arguments[0], str(self.endpoint), *arguments[1:]),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        lines = [line.split(" = ", 1) for line in output.decode().splitlines() if line.startswith(".")]
        return {line[0]: line[-1].strip('"') for line in lines}


Start = Callable[..., Awaitable[Running]]


@pytest.fixture
def truth(ward: WardPlan) -> Truth:
    """A cut of the office's first line that lasts."""
    cut = Fault(FaultKind.LINK_CUT, 10, 1_000, ("office-vnpt", "office-rt1/Gi0/0/1"))
    return Truth(ward, Chronicle(FixedStory((cut,))))


@pytest.fixture
async def start(truth: Truth) -> AsyncIterator[Start]:
    """Starts the agent of a device of the ward at a free port, with the clock standing still."""
    agents: list[Agent] = []

    async def starting(device: DevicePlan, *, silent: bool = False) -> Running:
        moment = Moment(device, truth, EPOCH, TIME)
        agent = Agent(mib_of(device, "Trụ sở"), COMMUNITY, lambda: None if silent else moment)
        endpoint = Endpoint("127.0.0.1", _free_port())
        await agent.start(endpoint)
        agents.append(agent)
        return Running(device, endpoint, moment, patient=not silent)

    yield starting
    for agent in agents:
        agent.close()
    await asyncio.sleep(0)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _column(answers: dict[str, str], column: str) -> dict[int, str]:
    return {
        int(name.removeprefix(column + ".")): value for name, value in answers.items() if name.startswith(column + ".")
    }


@needs_net_snmp
async def test_a_bulk_walk_gives_the_plan(start: Start, router: DevicePlan) -> None:
    """A walk by GETBULK reads the names, speeds, statuses and counters that the plan and the faults say."""
    running = await start(router)
    answers = await running.ask("snmpbulkwalk", "-v2c", ".1.3.6")
    assert answers[".1.3.6.1.2.1.1.1.0"] == router.model.descr
    assert answers[".1.3.6.1.2.1.1.2.0"] == f".{router.model.object_id}"
    assert answers[".1.3.6.1.2.1.1.3.0"] == str(running.moment.uptime_ticks)
    assert answers[".1.3.6.1.2.1.2.1.0"] == str(len(router.interfaces))
    ports = {row.port.index: row.port for row in router.interfaces}
    assert _column(answers, IF_NAME) == {index: port.name for index, port in ports.items()}
    assert _column(answers, IF_DESCR) == {index: port.descr for index, port in ports.items()}
    assert _column(answers, IF_HIGH_SPEED) == {index: str(port.speed) for index, port in ports.items()}
    assert _column(answers, IF_OPER_STATUS) == {index: "2" if index == 1 else "1" for index in ports}
    octets = {index: str(running.moment.interface(index).inward.octets) for index in ports}
    assert _column(answers, IF_HC_IN) == octets


@needs_net_snmp
async def test_every_model_is_walked_to_its_end(start: Start, ward: WardPlan) -> None:
    """Each kind of device gives the same objects by GETBULK and by GETNEXT, in order, and then ends."""
    devices = {device.model: device for site in ward.sites for device in site.devices}
    for device in devices.values():
        running = await start(device)
        bulk = await running.ask("snmpbulkwalk", "-v2c", ".1.3.6")
        step = await running.ask("snmpwalk", "-v2c", ".1.3.6")
        assert list(bulk.items()) == list(step.items())
        assert len(bulk) > 17 * len(device.interfaces)


@needs_net_snmp
async def test_version_1_sees_all_but_wide_counters(start: Start, router: DevicePlan) -> None:
    """A walk in version 1 skips the Counter64 columns, as RFC 3584 has it; a GET of one is no such name."""
    running = await start(router)
    narrow = await running.ask("snmpwalk", "-v1", ".1.3.6")
    wide = await running.ask("snmpwalk", "-v2c", ".1.3.6")
    missing = {name.rsplit(".", 1)[0] for name in set(wide) - set(narrow)}
    assert missing == {f".1.3.6.1.2.1.31.1.1.1.{column}" for column in range(6, 14)}
    assert await running.ask("snmpget", "-v1", f"{IF_HC_IN}.1") == {}
    assert f"{IF_NAME}.1" in await running.ask("snmpget", "-v1", f"{IF_NAME}.1")


@needs_net_snmp
async def test_an_agent_without_ifxtable_has_narrow_counters_only(start: Start, ward: WardPlan) -> None:
    """A DrayTek has ifTable with 32-bit counters that have wrapped, and nothing of ifXTable."""
    old = next(device for site in ward.sites for device in site.devices if not device.model.extended)
    running = await start(old)
    answers = await running.ask("snmpbulkwalk", "-v2c", ".1.3.6")
    assert not [name for name in answers if name.startswith(".1.3.6.1.2.1.31.")]
    octets = {row.port.index: running.moment.interface(row.port.index).inward.octets for row in old.interfaces}
    assert max(octets.values()) > 2**32
    assert _column(answers, ".1.3.6.1.2.1.2.2.1.10") == {i: str(value % 2**32) for i, value in octets.items()}


@needs_net_snmp
async def test_what_is_not_there_is_said_cell_by_cell(start: Start, router: DevicePlan) -> None:
    """A GET of a known and an unknown cell gives the value of one and no such instance for the other."""
    running = await start(router)
    answers = await running.ask("snmpget", "-v2c", f"{IF_NAME}.1", f"{IF_NAME}.99")
    assert answers[f"{IF_NAME}.1"] == "Gi0/0/1"
    assert "No Such Instance" in answers[f"{IF_NAME}.99"]


@needs_net_snmp
async def test_a_silent_agent_says_nothing(start: Start, router: DevicePlan) -> None:
    """While the story silences it, an agent takes requests and answers none."""
    running = await start(router, silent=True)
    assert await running.ask("snmpget", "-v2c", ".1.3.6.1.2.1.1.3.0") == {}


def _asking(pdu: ber.Pdu, names: list[str], *numbers: int, version: int = 1, community: bytes = b"public") -> bytes:
    bindings = b"".join(ber.binding(ber.encode_name(tuple(map(int, name.split(".")))), ber.NULL) for name in names)
    first, second = numbers or (0, 0)
    body = ber.integer(7) + ber.integer(first) + ber.integer(second) + ber._tlv(0x30, bindings)
    return ber._tlv(0x30, ber.integer(version) + ber.octets(community) + ber._tlv(pdu, body))


def _status(response: bytes | None) -> int:
    assert response is not None
    message = read_message(response)
    assert isinstance(message, CommunityMessage)
    return message.pdu.status


@pytest.fixture
def answer(ward: WardPlan, truth: Truth) -> Callable[[bytes], bytes | None]:
    """Asks the office's switch directly."""
    switch = ward.sites[0].devices[1]
    mib, moment = mib_of(switch, "Trụ sở"), Moment(switch, truth, EPOCH, TIME)
    return lambda data: respond(mib, b"public", moment, data)


def test_a_wrong_community_gets_no_answer(answer: Callable[[bytes], bytes | None]) -> None:
    """Silence, as real agents do, and not an error."""
    name = ["1.3.6.1.2.1.1.3.0"]
    assert answer(_asking(ber.Pdu.GET, name, community=b"private")) is None
    assert answer(_asking(ber.Pdu.GET, name)) is not None


def test_too_large_a_get_is_too_big(answer: Callable[[bytes], bytes | None]) -> None:
    """A GET whose answer does not fit into a packet is refused with tooBig in both versions (RFC 3416 §4.2.1)."""
    names = [f"1.3.6.1.2.1.2.2.1.2.{index}" for index in range(10_101, 10_126)] * 3
    for version in (0, 1):
        assert _status(answer(_asking(ber.Pdu.GET, names, version=version))) == 1
        assert _status(answer(_asking(ber.Pdu.GET, names[:20], version=version))) == 0


def test_getbulk_fills_one_packet(answer: Callable[[bytes], bytes | None]) -> None:
    """However much is asked for, a GETBULK gives what fits, and names that do not repeat come once."""
    response = answer(_asking(ber.Pdu.GET_BULK, ["1.3.6.1.2.1.1.3", "1.3.6.1.2.1.2.2.1.2"], 1, 10_000))
    assert response is not None
    assert 1_200 < len(response) <= 1_400
    assert response.count(ber.encode_name((1, 3, 6, 1, 2, 1, 1, 3, 0))) == 1


@pytest.fixture(scope="module")
def ups(ward: WardPlan) -> Callable[[bytes], bytes | None]:
    """Asks the first UPS of the ward directly."""
    device = next(each for site in ward.sites for each in site.devices if each.model.role == "ups")
    mib, truth = mib_of(device, ""), Truth(ward, Chronicle(FixedStory(())))
    return lambda data: respond(mib, b"public", Moment(device, truth, EPOCH, TIME), data)


@settings(deadline=None)
@given(data=st.binary(max_size=200), position=st.integers(0, 200))
def test_no_bytes_break_an_agent(ups: Callable[[bytes], bytes | None], data: bytes, position: int) -> None:
    """Garbage spliced into a request gets an answer or silence, never an exception."""
    request = _asking(ber.Pdu.GET_BULK, ["1.3.6.1.2.1.1.3", "1.3.6.1"], 1, 3)
    ups(request[:position] + data + request[position + len(data) :])
