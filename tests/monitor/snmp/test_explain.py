"""A poll told to a person."""

from model.measurement import Failure, SnmpReading
from monitor.snmp.explain import explain_poll
from tests.peers import snmp
from tests.peers.snmp import IF_X_TABLE, SnmpPeer, agent_mib
from tests.peers.snmp_sessions import MakePoller


async def test_phases_and_interfaces_are_told(make_poller: MakePoller) -> None:
    """The walk, the requests of a later poll, and a line for each interface are there."""
    async with SnmpPeer(agent_mib({1: "eth0", 2: "eth1"})) as peer:
        explanation = await explain_poll(make_poller(peer.port))
    text = "\n".join(explanation.lines)
    assert isinstance(explanation.outcome, SnmpReading)
    assert "agent          sw-1" in text
    assert "2 interfaces" in text
    assert f", 1 request, {explanation.outcome.pdus} values" in text
    last = explanation.lines[-1].split()
    assert last == ["2", "eth1", "up", "1Gbit/s", "2006", "2010", "6", "port", "2"]


async def test_a_failure_is_told_with_its_reason(make_poller: MakePoller) -> None:
    """What failed, after how long and why is one line."""
    async with SnmpPeer({}, lambda _request, _answer: []) as peer:
        explanation = await explain_poll(make_poller(peer.port, timeout="50ms"))
    assert isinstance(explanation.outcome, Failure)
    [line] = explanation.lines
    assert line.startswith("failed         timeout after ")


async def test_a_device_cannot_steer_the_terminal(make_poller: MakePoller) -> None:
    """Escape sequences and line breaks in a device's text are not printed."""
    mib = agent_mib({1: "eth0"}) | {f"{IF_X_TABLE}.18.1": snmp.text("\x1b[2J\r\nroot# ")}
    async with SnmpPeer(mib) as peer:
        explanation = await explain_poll(make_poller(peer.port))
    assert all(line.isprintable() for line in explanation.lines)
