"""Credentials are tried gently: one try each, paused, and never against a locked door."""

import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from unittest.mock import AsyncMock, patch

import pytest

from model.inventory import Credentials
from monitor.enrol import trying
from monitor.enrol.trying import Cause, Trial, Trier
from monitor.snmp.engines import Engines
from monitor.snmp.session import Objection
from tests.peers.snmp import Request, SnmpPeer, agent_mib


def community(name: str, version: str = "2c") -> Credentials:
    """Credentials of an older version."""
    return Credentials.model_validate({"version": version, "community": name})


def user(name: str, phrase: str = "a phrase to sign with") -> Credentials:
    """A user that signs."""
    fields = {"version": "3", "user": name, "auth": "SHA-256", "auth_passphrase": phrase}
    return Credentials.model_validate(fields)


@pytest.fixture
async def engines() -> AsyncIterator[Engines]:
    """What opens sessions."""
    engines = Engines()
    yield engines
    engines.close()


@pytest.fixture
def no_echo() -> Iterator[None]:
    """Nobody answers pings, so that no test needs their socket."""
    with patch.object(Trier, "answers_ping", AsyncMock(return_value=True)):
        yield


async def tried(engines: Engines, port: int, known: Mapping[str, Credentials], patience: float = 0.2) -> Trial:
    """All of them, on loopback."""
    trier = Trier(engines, known, port=port, patience=patience, sleep=AsyncMock())
    try:
        return await trier.try_all("127.0.0.1")
    finally:
        trier.close()


def takes_only(name: bytes) -> SnmpPeer:
    """An agent that answers one community."""
    return SnmpPeer(agent_mib({1: "ether1"}), lambda request, answer: [answer] if request.community == name else [])


async def test_the_first_that_is_taken_ends_it(engines: Engines) -> None:
    """Each wrong community was sent once, those behind the right one never."""
    async with takes_only(b"right") as agent:
        known = {"a": community("wrong"), "b": community("right"), "c": community("later")}
        trial = await tried(engines, agent.port, known)
    assert trial.found == "b"
    assert [(each.credentials, each.cause) for each in trial.refused] == [("a", Cause.SILENT)]
    assert [request.community for request in agent.requests] == [b"wrong", b"right"]


async def test_a_pause_lies_between_two_tries(engines: Engines) -> None:
    """Two silent tries, one pause before each further one."""
    sleep = AsyncMock()
    async with takes_only(b"right") as agent:
        known = {"a": community("wrong"), "b": community("worse"), "c": community("right")}
        trier = Trier(engines, known, port=agent.port, patience=0.1, sleep=sleep)
        assert (await trier.try_all("127.0.0.1")).found == "c"
        trier.close()
    assert [call.args for call in sleep.await_args_list] == [(1.0,), (1.0,)]


@pytest.mark.usefixtures("no_echo")
async def test_a_closed_port_is_asked_once(engines: Engines) -> None:
    """ICMP says at once that nobody is there; the other credentials would hear the same."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    trial = await tried(engines, port, {"a": community("x"), "b": community("y")})
    assert [each.cause for each in trial.refused] == [Cause.CLOSED]


@pytest.mark.usefixtures("no_echo")
async def test_silence_is_explained_as_far_as_can_be(engines: Engines) -> None:
    """A mute port gets no further than its silence; that the box answers pings is told."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        trial = await tried(engines, mute.getsockname()[1], {"a": community("x")})
    assert (trial.answers_ping, trial.speaks_snmp3, trial.source) == (True, False, "127.0.0.1")


@pytest.mark.usefixtures("no_echo")
async def test_an_agent_that_shows_nothing(engines: Engines) -> None:
    """Let in by an access that may read nothing is not the same as shut out."""

    def empty(request: Request, _answer: bytes) -> list[bytes]:
        return [request.reply([(name, b"\x80\x00") for name in request.oids])]

    async with SnmpPeer({}, empty) as agent:
        trial = await tried(engines, agent.port, {"a": community("x")})
    assert [each.cause for each in trial.refused] == [Cause.NOTHING_SHOWN]


async def test_an_old_agent_that_lacks_a_cell_has_let_us_in(engines: Engines) -> None:
    """SNMPv1 answers noSuchName for all where one is missing: that is no refusal of the community."""
    mib = agent_mib({1: "ether1"})
    del mib["1.3.6.1.2.1.1.2.0"]
    async with SnmpPeer(mib) as agent:
        assert (await tried(engines, agent.port, {"a": community("public", "1")})).found == "a"


@pytest.mark.usefixtures("no_echo")
async def test_a_wrong_key_is_the_last_of_its_user(engines: Engines) -> None:
    """With the second passphrase of a user whose first was wrong the device might lock it out: it is not tried."""
    known = {"a": user("an"), "b": user("an", "another phrase"), "c": user("binh")}
    answers = [(Cause.KEY, ""), (Cause.USER, "")]
    with patch.object(Trier, "try_one", AsyncMock(side_effect=answers)) as one:
        trial = await tried(engines, 9, known)
    assert [each.cause for each in trial.refused] == [Cause.KEY, Cause.SKIPPED, Cause.USER]
    assert one.await_count == 2


@pytest.mark.usefixtures("no_echo")
async def test_who_falls_silent_is_left_alone(engines: Engines) -> None:
    """A refusal and then silence is a lock: no further user is tried."""
    known = {"a": user("an"), "b": user("binh"), "c": user("chi"), "d": community("x")}
    answers = [(Cause.USER, ""), (Cause.SILENT, ""), (Cause.SILENT, "")]
    with patch.object(Trier, "try_one", AsyncMock(side_effect=answers)) as one:
        trial = await tried(engines, 9, known)
    assert [each.cause for each in trial.refused] == [Cause.USER, Cause.SILENT, Cause.SKIPPED, Cause.SILENT]
    assert [call.args[1] for call in one.await_args_list] == [known["a"], known["b"], known["d"]]


def test_every_reason_and_objection_has_a_cause() -> None:
    """Nothing that an engine can say is without words."""
    assert set(trying._OF_OBJECTIONS) == set(Objection)
