"""The real net-snmp agent, over every version and every SNMPv3 combination, by both engines with equal results."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast, get_args

import pytest

from model.inventory import Credentials
from model.measurement import InterfaceReading, Reason, SnmpReading
from tests.peers.snmp_proxy import SnmpProxy
from tests.peers.snmp_sessions import PUBLIC, Engine, MakePoller, fail, read
from tests.peers.snmpd import COMBINATIONS, Snmpd, secure

pytestmark = pytest.mark.live
SIGNED = secure("SHA-256")
HIDDEN = secure("SHA-256", "AES-128")


@pytest.fixture(params=get_args(Engine))
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    return cast("Engine", request.param)


def facts(reading: SnmpReading) -> tuple[object, Sequence[object]]:
    """What does not move between two polls a moment apart."""
    return reading.system, [_facts(interface) for interface in reading.interfaces]


def _facts(interface: InterfaceReading) -> tuple[object, ...]:
    steady = {name: value for name, value in interface.cells.items() if not name.startswith(("ifHC", "ifIn", "ifOut"))}
    identity = (interface.index, interface.name, interface.descr, interface.alias, interface.kind)
    return *identity, interface.physical_address, interface.cells.keys(), steady


@pytest.mark.parametrize("credentials", COMBINATIONS.values(), ids=COMBINATIONS.keys())
async def test_both_engines_read_the_same(snmpd: Snmpd, make_poller: MakePoller, credentials: Credentials) -> None:
    """Whatever the version and the protocols, both engines give the same facts, and counters that only grow."""
    before = await read(make_poller(snmpd.port, "gufo", credentials, timeout="3s"))
    after = await read(make_poller(snmpd.port, "pysnmp", credentials, timeout="3s"))
    assert facts(before) == facts(after)
    assert before.system.location == "Xuân Đỉnh"
    first, second = before.interfaces[0], after.interfaces[0]
    assert (first.name, first.kind, first.cells["ifOperStatus"]) == ("lo", 24, 1)
    counter = "ifInOctets" if credentials.version == "1" else "ifHCInOctets"
    assert first.cells[counter] <= second.cells[counter]
    assert (before.uptime_ticks or 0) <= (after.uptime_ticks or -1)


def devices_of_the_kernel() -> dict[str, tuple[int, str]]:
    """Name → MTU and hardware address, as the machine says of itself."""
    devices = Path("/sys/class/net").iterdir()
    return {path.name: (int((path / "mtu").read_text()), (path / "address").read_text().strip()) for path in devices}


async def test_interfaces_are_those_of_the_kernel(snmpd: Snmpd, make_poller: MakePoller, engine: Engine) -> None:
    """Names, hardware addresses and sizes are what the machine says of itself."""
    reading = await read(make_poller(snmpd.port, engine))
    devices = devices_of_the_kernel()
    assert {interface.name for interface in reading.interfaces} == devices.keys()
    for interface in reading.interfaces:
        mtu, hardware = devices[interface.name]
        assert interface.cells["ifMtu"] == mtu
        assert interface.physical_address in {hardware, ""}


async def test_an_agent_is_polled_over_ipv6(snmpd: Snmpd, make_poller: MakePoller, engine: Engine) -> None:
    """::1 serves as well as 127.0.0.1."""
    assert (await read(make_poller(snmpd.port, engine, address="::1"))).interfaces


async def test_an_agent_is_polled_by_name(snmpd: Snmpd, make_poller: MakePoller, engine: Engine) -> None:
    """A name is resolved beside the engine, which knows addresses only."""
    assert (await read(make_poller(snmpd.port, engine, address="localhost"))).interfaces


WRONG = {
    "wrong signing phrase": secure("SHA-256", auth_passphrase="not this phrase"),
    "unknown user": secure("SHA-256", user="stranger"),
    "unknown user without a key": secure(user="stranger"),
    "wrong hash": secure("SHA-512", user="sha256_no"),
    "wrong hiding phrase": secure("SHA-256", "AES-128", privacy_passphrase="not this phrase"),
    "a level below the user's": secure("SHA-256", user="sha256_aes128"),
    "no key for a user who has one": secure(user="sha256_no"),
    "privacy for a user who has none": secure("SHA-256", "AES-128", user="sha256_no"),
}


@pytest.mark.parametrize("credentials", WRONG.values(), ids=WRONG.keys())
async def test_refused_credentials_are_told_as_such(
    snmpd: Snmpd, make_poller: MakePoller, engine: Engine, credentials: Credentials
) -> None:
    """Each way to be refused is the reason ``authentication``, and no phrase is in its detail."""
    failure = await fail(make_poller(snmpd.port, engine, credentials, timeout="400ms", retries=1))
    assert failure.reason is Reason.AUTHENTICATION
    assert "phrase" not in failure.detail.replace("passphrase", "")


async def test_a_wrong_community_is_silence(snmpd: Snmpd, make_poller: MakePoller, engine: Engine) -> None:
    """Agents do not answer a wrong community, so that is a time-out."""
    wrong = Credentials(version="2c", community="not-public")
    assert (await fail(make_poller(snmpd.port, engine, wrong, timeout="100ms"))).reason is Reason.TIMEOUT


@pytest.mark.parametrize("credentials", [PUBLIC, SIGNED, HIDDEN], ids=["2c", "signed", "hidden"])
async def test_polling_goes_on_after_a_restart(
    snmpd_binary: str, tmp_path: Path, make_poller: MakePoller, engine: Engine, credentials: Credentials
) -> None:
    """A restarted agent has more boots and less time; it is understood at the next poll."""
    with Snmpd(snmpd_binary, tmp_path) as agent:
        poller = make_poller(agent.port, engine, credentials, timeout="500ms", retries=2)
        await read(poller)
    with Snmpd(snmpd_binary, tmp_path, agent.port):
        assert (await read(poller)).system.name == "agent"


async def test_polling_goes_on_with_a_replaced_agent(
    snmpd_binary: str, tmp_path: Path, make_poller: MakePoller, engine: Engine
) -> None:
    """New equipment under an old address has another engine id; it is discovered anew."""
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    with Snmpd(snmpd_binary, tmp_path / "old") as agent:
        poller = make_poller(agent.port, engine, HIDDEN, timeout="500ms", retries=2)
        await read(poller)
    with Snmpd(snmpd_binary, tmp_path / "new", agent.port):
        await read(poller)


def _other_digest(answer: bytes) -> bytes:
    # The 24 octets of SHA-256's digest are the only element of that length.
    at = answer.index(b"\x04\x18") + 2
    return answer[:at] + bytes((answer[at] ^ 1,)) + answer[at + 1 :]


def _no_digest(answer: bytes) -> bytes:
    at = answer.index(b"\x04\x18") + 2
    return answer[:at] + bytes(24) + answer[at + 24 :]


def _other_value(answer: bytes) -> bytes:
    return answer.replace(b"agent", b"agenT")


def _other_user(answer: bytes) -> bytes:
    at = answer.index(b"\x04\x18") - 2
    return answer[:at] + bytes((answer[at] ^ 1,)) + answer[at + 1 :]


FORGERIES = {"digest": _other_digest, "no digest": _no_digest, "value": _other_value, "user": _other_user}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_forged_answer_is_not_believed(
    snmpd: Snmpd, make_poller: MakePoller, engine: Engine, capfd: pytest.CaptureFixture[str], forge: object
) -> None:
    """With one bit of a signed answer changed it is as if it had not come."""
    assert callable(forge)
    async with SnmpProxy(snmpd.port) as proxy:
        poller = make_poller(proxy.port, engine, SIGNED, timeout="1s")
        await read(poller)
        proxy.meddle = lambda answer: [forge(answer)] if b"\x04\x18" in answer else [answer]
        outcome = await poller.poll()
        if isinstance(outcome, SnmpReading):  # this forgery does not meet the poll's answers
            assert forge is _other_value
            assert outcome.system.name == "agent"
        else:
            assert outcome.reason in {Reason.TIMEOUT, Reason.PROTOCOL, Reason.AUTHENTICATION}
        poller.refresh_identity()
        assert not isinstance(await poller.poll(), SnmpReading)
        proxy.meddle = lambda answer: [answer]
        assert (await read(poller)).system.name == "agent"
    assert capfd.readouterr() == ("", "")


async def test_a_repeated_answer_is_not_believed(snmpd: Snmpd, make_poller: MakePoller, engine: Engine) -> None:
    """A true answer of a minute ago is no answer to today's question."""
    async with SnmpProxy(snmpd.port) as proxy:
        poller = make_poller(proxy.port, engine, SIGNED, timeout="400ms")
        await read(poller)
        recorded = list(proxy.answers)
        proxy.meddle = lambda _answer: recorded
        assert (await fail(poller)).reason in {Reason.TIMEOUT, Reason.PROTOCOL}


async def test_an_answer_below_the_level_is_not_believed(snmpd: Snmpd, make_poller: MakePoller, engine: Engine) -> None:
    """Where answers must be signed, one that says it is not is dropped, though its values be true."""
    async with SnmpProxy(snmpd.port) as proxy:
        poller = make_poller(proxy.port, engine, SIGNED, timeout="400ms")
        await read(poller)

        def unsign(answer: bytes) -> list[bytes]:
            # msgFlags is the first OCTET STRING of one octet.
            at = answer.index(b"\x04\x01") + 2
            return [answer[:at] + b"\x00" + answer[at + 1 :]]

        proxy.meddle = unsign
        assert (await fail(poller)).reason in {Reason.TIMEOUT, Reason.PROTOCOL, Reason.AUTHENTICATION}


async def test_a_delayed_answer_is_not_taken_for_the_next(
    snmpd: Snmpd, make_poller: MakePoller, engine: Engine
) -> None:
    """With each answer one question late, nothing is read; when they come in time again, all is well."""
    async with SnmpProxy(snmpd.port) as proxy:
        poller = make_poller(proxy.port, engine, PUBLIC, timeout="400ms")
        await read(poller)
        held: list[bytes] = []

        def delay(answer: bytes) -> list[bytes]:
            held.append(answer)
            return held[-2:-1]

        proxy.meddle = delay
        for _ in range(2):
            assert (await fail(poller)).reason is Reason.TIMEOUT
        proxy.meddle = lambda answer: [answer]
        await read(poller)
