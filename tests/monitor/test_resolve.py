"""Names to addresses: at once, from memory, and never in another's way."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator

import pytest

from model.measurement import Failure, Reason
from monitor.resolve import IpVersion, Lookup, NameService, Resolver, literal, system_addresses


class Names:
    """A resolver of the system that answers as the test says; a name under ``held`` hangs until it is let go."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[str, ...]] = {}
        self.held: dict[str, threading.Event] = {}
        self.asked: list[str] = []

    def __call__(self, host: str, _version: IpVersion) -> tuple[str, ...]:
        """Answer, hang, or fail as glibc does."""
        self.asked.append(host)
        if host in self.held:
            self.held[host].wait(30)
        if host not in self.answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self.answers[host]


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def names() -> Iterator[Names]:
    """A resolver of the system; nothing hangs on after the test."""
    names = Names()
    yield names
    for event in names.held.values():
        event.set()


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
async def resolver(names: Names, clock: Clock) -> AsyncIterator[Resolver]:
    """What is tested, over these names and this clock."""
    resolver = Resolver(NameService(threads=2, addresses=names), clock=clock, patience=5, keep=600)
    yield resolver
    await resolver.close()


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "fe80::1%lo"])
async def test_an_address_is_its_own_answer(resolver: Resolver, names: Names, address: str) -> None:
    """An address passes through, and nobody is asked."""
    assert await resolver.address(address) == address
    assert names.asked == []


def test_an_address_of_the_other_version_will_not_do() -> None:
    """Asking for IPv6 of an IPv4 address is a failure, not a lookup."""
    outcome = literal("127.0.0.1", "6")
    assert isinstance(outcome, Failure)
    assert outcome.reason is Reason.UNRESOLVED
    assert "IPv6" in outcome.detail


async def test_a_known_name_is_answered_from_memory(resolver: Resolver, names: Names) -> None:
    """The second question within a minute asks nobody."""
    names.answers["rt1"] = ("10.0.0.1", "10.0.0.2")
    assert [await resolver.address("rt1") for _ in range(3)] == ["10.0.0.1"] * 3
    assert names.asked == ["rt1"]


async def test_a_name_that_moves_is_followed(resolver: Resolver, names: Names, clock: Clock) -> None:
    """After a minute the old address is given once more, while the new one is fetched behind it."""
    names.answers["rt1"] = ("10.0.0.1",)
    await resolver.address("rt1")
    names.answers["rt1"] = ("10.0.0.9",)
    clock.now += 61
    assert await resolver.address("rt1") == "10.0.0.1"
    await resolver.refresh()
    assert await resolver.address("rt1") == "10.0.0.9"


async def test_an_address_that_is_still_good_is_kept(resolver: Resolver, names: Names) -> None:
    """Round-robin answers do not make a probe jump from server to server."""
    names.answers["pool"] = ("10.0.0.1", "10.0.0.2")
    await resolver.address("pool")
    names.answers["pool"] = ("10.0.0.2", "10.0.0.1")
    await resolver.refresh()
    assert await resolver.address("pool") == "10.0.0.1"


async def test_the_last_good_address_outlives_a_dead_resolver_for_a_while(
    resolver: Resolver, names: Names, clock: Clock
) -> None:
    """While refreshing fails the last good address stands; after the limit the name is unresolved."""
    names.answers["rt1"] = ("10.0.0.1",)
    await resolver.address("rt1")
    names.answers.clear()
    clock.now += 599
    await resolver.refresh()
    assert await resolver.address("rt1") == "10.0.0.1"
    clock.now += 2
    outcome = await resolver.address("rt1")
    assert isinstance(outcome, Failure)
    assert outcome.reason is Reason.UNRESOLVED
    assert "rt1 has no address" in outcome.detail


async def test_a_bad_answer_is_short_lived(resolver: Resolver, names: Names, clock: Clock) -> None:
    """A name that did not exist is asked for again after seconds, and not at every probe."""
    assert isinstance(await resolver.address("new"), Failure)
    names.answers["new"] = ("10.0.0.3",)
    assert isinstance(await resolver.address("new"), Failure)
    assert names.asked == ["new"]
    clock.now += 6
    assert await resolver.address("new") == "10.0.0.3"


async def test_a_hanging_name_does_not_hold_up_another(resolver: Resolver, names: Names) -> None:
    """While one name hangs, known and unknown others are answered; the hanging one takes one thread."""
    names.answers.update(a=("10.0.0.1",), b=("10.0.0.2",))
    names.held["slow"] = threading.Event()
    waiting = [asyncio.create_task(resolver.address("slow")) for _ in range(20)]
    await asyncio.sleep(0)
    assert await resolver.address("a") == "10.0.0.1"
    assert await resolver.address("b") == "10.0.0.2"
    assert names.asked.count("slow") == 1
    names.answers["slow"] = ("10.0.0.7",)
    names.held["slow"].set()
    assert await asyncio.gather(*waiting) == ["10.0.0.7"] * 20


async def test_a_hanging_name_is_waited_for_once(names: Names) -> None:
    """The first question waits its patience out; those after it fail at once, naming the resolver."""
    resolver = Resolver(NameService(addresses=names), patience=0.05)
    names.held["slow"] = threading.Event()
    outcome = await resolver.address("slow")
    assert isinstance(outcome, Failure)
    assert outcome.detail == "the system's resolver did not answer for slow within 50ms"
    loop = asyncio.get_running_loop()
    started = loop.time()
    assert isinstance(await resolver.address("slow"), Failure)
    assert loop.time() - started < 0.04
    await resolver.close()


async def test_a_name_that_nobody_wants_is_forgotten(resolver: Resolver, names: Names, clock: Clock) -> None:
    """A name that left the inventory is no longer asked for."""
    names.answers["old"] = ("10.0.0.1",)
    await resolver.address("old")
    clock.now += 3601
    await resolver.refresh()
    assert names.asked == ["old"]


async def test_the_service_gives_up_at_the_deadline_and_the_question_lives_on(names: Names) -> None:
    """A late answer serves whoever asks next, without a second question."""
    service = NameService(addresses=names)
    names.held["late"] = threading.Event()
    assert isinstance(await service.lookup("late", "any", 0.02), Failure)
    again = asyncio.create_task(service.lookup("late", "any", 5))
    await asyncio.sleep(0)
    names.answers["late"] = ("10.0.0.1",)
    names.held["late"].set()
    outcome = await again
    assert isinstance(outcome, Lookup)
    assert outcome.addresses == ("10.0.0.1",)
    assert outcome.seconds is not None
    assert outcome.seconds >= 0.02
    assert names.asked == ["late"]
    service.close()


def test_a_late_answer_to_a_loop_that_is_gone_is_dropped(names: Names) -> None:
    """A thread that comes home after the loop was closed ends in peace."""
    service = NameService(threads=1, addresses=names)
    names.held["late"] = threading.Event()
    asyncio.run(service.lookup("late", "any", 0.01))
    service.close()
    names.held["late"].set()
    for thread in threading.enumerate():
        if thread.name == "linkward-names":
            thread.join(5)
            assert not thread.is_alive()


def test_the_system_knows_its_own_host() -> None:
    """The name localhost comes from /etc/hosts, in the version that is asked for."""
    assert system_addresses("localhost", "4") == ("127.0.0.1",)


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".example", "nul\0.example", ""])
async def test_what_cannot_be_a_name_is_unresolved(host: str) -> None:
    """Malformed names are a failure with a sentence, never an exception."""
    service = NameService()
    outcome = await service.lookup(host, "any", 5)
    service.close()
    assert isinstance(outcome, Failure)
    assert outcome.reason is Reason.UNRESOLVED
