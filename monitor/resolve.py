"""Names to addresses, without ever making a probe wait on somebody else's name.

``NameService`` asks the system (``getaddrinfo``, so that ``nsswitch.conf`` and ``/etc/hosts`` count) in a few threads
of its own; ``Resolver`` remembers what it said and asks again in the background.
"""

import asyncio
import contextlib
import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from model.measurement import Failure, Reason
from model.units import format_duration

IpVersion = Literal["any", "4", "6"]

_FAMILIES: Final = {"any": socket.AF_UNSPEC, "4": socket.AF_INET, "6": socket.AF_INET6}
_VERSIONS: Final = {"any": "", "4": "IPv4 ", "6": "IPv6 "}


@dataclass(frozen=True, slots=True)
class Lookup:
    """One answer of the system's resolver.

    Attributes:
        addresses: In the system's order of preference (RFC 6724), at least one.
        seconds: How long the system took; ``None`` for an address, which needs no looking up.
    """

    addresses: tuple[str, ...]
    seconds: float | None = None


GetAddresses = Callable[[str, IpVersion], tuple[str, ...]]
_Key = tuple[str, IpVersion]


def system_addresses(host: str, version: IpVersion) -> tuple[str, ...]:
    """Ask ``getaddrinfo``; it blocks.

    Raises:
        OSError: The name has no address, or nobody could be asked.
        UnicodeError: The name cannot be a name, such as one with an empty label.
    """
    found = socket.getaddrinfo(host, None, _FAMILIES[version], socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def literal(host: str, version: IpVersion = "any") -> Lookup | Failure | None:
    """The address that a host already is; a Failure where it is of the other version; ``None`` for a name."""
    try:
        address = host if _is_dotted_quad(host) else str(ipaddress.IPv6Address(host))
    except ValueError:
        return None
    if version not in {"any", "6" if ":" in address else "4"}:
        return Failure(Reason.UNRESOLVED, f"{host} is no IPv{version} address, and IPv{version} is asked for")
    return Lookup((address,))


def _is_dotted_quad(host: str) -> bool:
    # A tenth of what ipaddress costs, on the way of every probe.
    try:
        socket.inet_pton(socket.AF_INET, host)
    except OSError:
        return False
    return True


class NameService:
    """Asks the system for addresses, in at most so many threads.

    One name is asked for once at a time: whoever wants it meanwhile waits for the same answer. So a name whose servers
    are silent holds one thread, not all. The threads are daemons: a call that hangs does not keep the process alive.
    """

    def __init__(self, threads: int = 16, addresses: GetAddresses = system_addresses) -> None:
        self._limit = threads
        self._addresses = addresses
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._threads = 0
        self._asked: dict[_Key, asyncio.Future[Lookup | Failure]] = {}

    async def lookup(self, host: str, version: IpVersion, timeout: float) -> Lookup | Failure:
        """Ask for the addresses of a host now; an address is its own answer.

        Args:
            host: Name or address.
            version: Which addresses will do.
            timeout: Seconds; the question lives on behind it for whoever else waits.
        """
        known = literal(host, version)
        if known is not None:
            return known
        asked = self._asked.get((host, version)) or self._ask(host, version)
        done, _ = await asyncio.wait({asked}, timeout=max(timeout, 0))
        if not done:
            return Failure(
                Reason.UNRESOLVED, f"the system's resolver did not answer for {host} within {format_duration(timeout)}"
            )
        return asked.result()

    def close(self) -> None:
        """Let the threads end as they come home."""
        for _ in range(self._threads):
            self._jobs.put(None)
        self._threads = 0

    def _ask(self, host: str, version: IpVersion) -> "asyncio.Future[Lookup | Failure]":
        loop = asyncio.get_running_loop()
        asked = self._asked[host, version] = loop.create_future()
        asked.add_done_callback(lambda _: self._asked.pop((host, version), None))
        self._jobs.put(partial(self._answer, loop, asked, host, version))
        if self._threads < min(self._limit, len(self._asked)):
            self._threads += 1
            threading.Thread(target=self._work, name="linkward-names", daemon=True).start()
        return asked

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

    def _answer(
        self, loop: asyncio.AbstractEventLoop, asked: "asyncio.Future[Lookup | Failure]", host: str, version: IpVersion
    ) -> None:
        started = time.monotonic()
        outcome: Lookup | Failure
        try:
            addresses = self._addresses(host, version)
            outcome = Lookup(addresses, time.monotonic() - started)
        except (OSError, UnicodeError) as error:
            outcome = Failure(Reason.UNRESOLVED, _sentence(host, version, error))
        # The loop may be closed by the time that a hanging call comes home.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, asked, outcome)


def _settle(asked: "asyncio.Future[Lookup | Failure]", outcome: Lookup | Failure) -> None:
    if not asked.done():
        asked.set_result(outcome)


def _sentence(host: str, version: IpVersion, error: OSError | UnicodeError) -> str:
    said = error.strerror if isinstance(error, OSError) else "it is not a host name"
    return f"{host} has no {_VERSIONS[version]}address: {said}"


@dataclass(slots=True)
class _Entry:
    """What is known of one name.

    Attributes:
        address: The last good one.
        good_at: When it was last confirmed.
        asked_at: When the question under way was put.
        tried_at: When the last answer came, good or bad.
        wanted_at: When somebody last asked for it.
        failure: What the last answer was, where it was bad.
    """

    address: str | None = None
    good_at: float = float("-inf")
    asked_at: float = float("-inf")
    tried_at: float = float("-inf")
    wanted_at: float = float("-inf")
    failure: Failure | None = None


class Resolver:
    """The address of each name, remembered, and asked for anew in the background.

    A known name is answered at once, whatever the system's resolver does. While asking anew fails, the last good
    address stands for ``keep`` seconds; then the name is unresolved. A name never heard of waits ``patience`` seconds.
    """

    def __init__(
        self,
        names: NameService | None = None,
        *,
        refresh_after: float = 60.0,
        retry_after: float = 5.0,
        keep: float = 900.0,
        forget_after: float = 3600.0,
        patience: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Set the pace.

        Args:
            names: Whom to ask.
            refresh_after: Seconds after which a good answer is asked for anew.
            retry_after: Seconds for which a bad answer stands.
            keep: Seconds for which the last good address outlives bad answers.
            forget_after: Seconds after which a name that nobody wants is no longer refreshed.
            patience: Seconds that the first question for a name may take.
            clock: Monotonic seconds.
        """
        self._names = names or NameService()
        self._refresh_after = refresh_after
        self._retry_after = retry_after
        self._keep = keep
        self._forget_after = forget_after
        self._patience = patience
        self._clock = clock
        self._entries: dict[_Key, _Entry] = {}
        self._asking: dict[_Key, asyncio.Task[None]] = {}

    async def address(self, host: str, version: IpVersion = "any") -> str | Failure:
        """An address of this host: the one from before as long as the name still has it.

        Gives ``Reason.UNRESOLVED`` where there is none.
        """
        known = literal(host, version)
        if known is not None:
            return known if isinstance(known, Failure) else known.addresses[0]
        entry = self._entries.setdefault((host, version), _Entry())
        entry.wanted_at = self._clock()
        if self._is_due(entry):
            asking = self._ask((host, version), entry)
            if self._standing(entry) is None:
                await asyncio.wait({asking}, timeout=max(entry.asked_at + self._patience - self._clock(), 0))
        return self._standing(entry) or entry.failure or self._silent(host)

    async def refresh(self) -> None:
        """Ask for every wanted name anew, and forget those that nobody has wanted for long."""
        now = self._clock()
        for key, entry in list(self._entries.items()):
            if now - entry.wanted_at > self._forget_after:
                del self._entries[key]
        asking = [self._ask(key, entry) for key, entry in self._entries.items()]
        if asking:
            await asyncio.wait(asking)

    async def close(self) -> None:
        """Stop asking."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        self._names.close()

    def _is_due(self, entry: _Entry) -> bool:
        wait = self._retry_after if entry.failure else self._refresh_after
        return self._clock() - entry.tried_at >= wait

    def _standing(self, entry: _Entry) -> str | None:
        return entry.address if self._clock() - entry.good_at <= self._keep else None

    def _silent(self, host: str) -> Failure:
        waited = format_duration(self._patience)
        return Failure(Reason.UNRESOLVED, f"the system's resolver did not answer for {host} within {waited}")

    def _ask(self, key: _Key, entry: _Entry) -> "asyncio.Task[None]":
        task = self._asking.get(key)
        if task is None:
            entry.asked_at = self._clock()
            task = self._asking[key] = asyncio.create_task(self._learn(key, entry))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return task

    async def _learn(self, key: _Key, entry: _Entry) -> None:
        # A call that hangs for longer than this is given up by its waiters; its thread comes home when it may.
        outcome = await self._names.lookup(*key, timeout=4 * self._patience)
        entry.tried_at = self._clock()
        if isinstance(outcome, Failure):
            entry.failure = outcome
            return
        entry.failure = None
        entry.good_at = entry.tried_at
        if entry.address not in outcome.addresses:
            entry.address = outcome.addresses[0]
