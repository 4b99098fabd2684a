"""Hears traps and informs. Each step drops what it can, and costs more than the one before.

1. The kernel drops what the port cannot take.
2. An address that the inventory does not name is dropped, before anything of the message is read.
3. Community, or user and signature, are looked at: some ten microseconds.
4. A sender may say a hundred messages at once and five a second; all together four hundred, and a hundred a second.
5. pysnmp reads what is left, one message in a turn of the event loop: a millisecond or two each.
6. What was heard less than 30 s ago is no news. What is news hastens polls, of each device one in two seconds.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Protocol

from model.inventory import Device, Inventory
from model.measurement import Failure
from model.rate import Bucket, Rate
from model.trap import Trap, TrapOutcome, trap_of
from monitor.snmp.ber import MalformedError
from monitor.traps.counts import TrapCounts
from monitor.traps.heard import Heard, WrongCredentialsError
from monitor.traps.news import News
from monitor.traps.port import Source, TrapPort, TrapPortError
from monitor.traps.readers import Admitted, Readers
from monitor.traps.senders import SENDER_RATE, Sender, names_in, plain, senders_of
from monitor.traps.teller import Teller

log = logging.getLogger(__name__)

READ_RATE: Final = Rate(interval=0.01, burst=400)
"""How many messages are read, of all senders together; as many as may be at once may wait to be read."""


class Addresses(Protocol):
    """Who knows the address of a name."""

    async def address(self, host: str, version: Literal["any", "4", "6"] = "any") -> str | Failure:
        """An address of this host."""


class Hastens(Protocol):
    """Who looks at what a trap is about."""

    def hasten(self, device: str, trap: Trap) -> bool:
        """Whether there is anything to look at."""


class _Waiting(NamedTuple):
    """A message that may be read, and whose it is."""

    sender: Sender
    source: Source
    data: bytes
    admitted: Admitted


@dataclass(frozen=True, slots=True)
class Noted:
    """A notification that told something new.

    Attributes:
        site: Of its device.
        device: Whom it is about, by its id.
        trap: What it said.
        source: The address that it came from.
    """

    site: str
    device: str
    trap: Trap
    source: str


class TrapListener:
    """Listens where the inventory says, and to whom it names."""

    def __init__(
        self,
        haste: Hastens,
        addresses: Addresses,
        monitor: str,
        note: Callable[[Noted], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Listen to nobody yet.

        Args:
            haste: Looks at what traps are about.
            addresses: Knows the devices' addresses where they are names.
            monitor: The monitor's name, from which its engine id is made.
            note: Told of each notification that told something new.
            clock: Monotonic seconds.
        """
        self.counts = TrapCounts()
        self._haste = haste
        self._addresses = addresses
        self._note = note
        self._clock = clock
        self._readers = Readers(monitor)
        self._inventory = Inventory()
        self._names: dict[str, str] = {}
        self._senders: dict[str, Sender] = {}
        self._port: TrapPort | None = None
        self._news = News()
        self._bucket = Bucket()
        self._strangers = Teller()
        self._waiting: deque[_Waiting] = deque()
        self._reading: asyncio.Handle | None = None

    @property
    def address(self) -> Source | None:
        """Where it listens; ``None`` while it does not."""
        return self._port.address if self._port else None

    def messages(self) -> Mapping[tuple[str, str], int]:
        """What has come, by kind and outcome; empty where traps are not heard."""
        if self.counts.is_listening is None:
            return {}
        return self.counts.messages(self._port.dropped if self._port else 0)

    def load(self, inventory: Inventory) -> None:
        """Listen as this inventory says; a port that stays the same stays open. What cannot be is logged."""
        before, self._inventory = self._inventory.traps, inventory
        self.counts.retain(frozenset(device.id for _, device in inventory.devices()))
        if inventory.traps is None:
            self.close()
            self._senders = {}
            self.counts.is_listening = None
            return
        self._name_senders()
        if self._port is None or before is None or before.listen != inventory.traps.listen:
            self._open(inventory.traps.listen)

    async def look_up(self) -> None:
        """Find the addresses of the devices that are known by a name. To be called now and then."""
        names = names_in(self._inventory) if self._inventory.traps else []
        for name in names:
            address = await self._addresses.address(name)
            if isinstance(address, str):
                self._names[name] = address
        if names:
            self._name_senders()

    def close(self) -> None:
        """Listen no more."""
        if self._port is not None:
            self.counts.dropped(self._port.dropped)
            self._port.close()
            self._port = None
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        self._waiting.clear()

    def hear(self, data: bytes, source: Source) -> None:
        """A datagram has come. It raises nothing, whatever it holds."""
        sender = self._senders.get(source[0]) or self._senders.get(plain(source[0]))
        if sender is None:
            self._stranger(source[0])
            return
        try:
            admitted = self._readers.admit(data, sender)
        except Exception as error:  # noqa: BLE001  # sorted out below
            self._failed(sender, source, error)
        else:
            self._let_in(_Waiting(sender, source, data, admitted))

    def _open(self, listen: str) -> None:
        self.close()
        try:
            self._port = TrapPort(listen, self.hear)
        except TrapPortError as error:
            self.counts.is_listening = False
            log.error("%s", error)  # noqa: TRY400  # a user's mistake
        else:
            self.counts.is_listening = True
            log.info("traps are heard at %s; SNMPv3 informs by engine id %s", listen, self._readers.engine_id.hex())

    def _name_senders(self) -> None:
        users = self._readers.users(self._inventory)
        self._senders = senders_of(self._inventory, self._names, users, self._senders)

    def _stranger(self, address: str) -> None:
        self.counts.count(TrapOutcome.UNKNOWN_SENDER)
        kept = self._strangers.may(self._clock())
        if kept is not None:
            log.warning("a trap from %s, which is no device's `address` or `trap_sources`%s", address, _more(kept))

    def _refuse(self, sender: Sender, source: Source, outcome: TrapOutcome, why: str) -> None:
        self.counts.count(outcome)
        kept = sender.teller.may(self._clock())
        if kept is not None:
            log.warning("a trap from %s (%s) is not heard: %s%s", source[0], _names(sender.devices), why, _more(kept))

    def _let_in(self, message: _Waiting) -> None:
        now = self._clock()
        if message.sender.bucket.take(SENDER_RATE, now):
            self._refuse(message.sender, message.source, TrapOutcome.RATE_LIMITED, "it says too much")
        elif len(self._waiting) >= READ_RATE.burst or self._bucket.take(READ_RATE, now):
            self._refuse(message.sender, message.source, TrapOutcome.RATE_LIMITED, "too many say too much")
        else:
            self._waiting.append(message)
            if self._reading is None:
                self._read_next()

    def _read_next(self) -> None:
        """Read one message, and leave the next to another turn of the event loop."""
        self._reading = None
        if self._waiting:
            message = self._waiting.popleft()
            self._reading = asyncio.get_running_loop().call_soon(self._read_next)
            self._read(message)

    def _read(self, message: _Waiting) -> None:
        try:
            heard = self._readers.read(message.data, message.admitted)
        except Exception as error:  # noqa: BLE001  # sorted out below
            self._failed(message.sender, message.source, error)
        else:
            self._answer(heard, message)

    def _failed(self, sender: Sender, source: Source, error: Exception) -> None:
        if isinstance(error, WrongCredentialsError):
            self._refuse(sender, source, TrapOutcome.WRONG_CREDENTIALS, str(error))
        elif isinstance(error, MalformedError):
            self._refuse(sender, source, TrapOutcome.MALFORMED, str(error))
        else:
            # A bug of ours or of pysnmp's must neither end the listener nor fill the log.
            self.counts.count(TrapOutcome.MALFORMED)
            if sender.teller.may(self._clock()) is not None:
                log.error("a trap from %s made its reader fail", source[0], exc_info=error)

    def _answer(self, heard: Heard, message: _Waiting) -> None:
        if heard.reply is not None and self._port is not None:
            self._port.send(heard.reply, message.source)
        if heard.bindings is None:
            self.counts.count(TrapOutcome.QUESTION)
            return
        trap = trap_of(heard.bindings)
        self.counts.count(self._take_in(trap, message), trap.kind)

    def _take_in(self, trap: Trap, message: _Waiting) -> TrapOutcome:
        address, meant = plain(message.source[0]), message.sender.meant(trap.agent)
        for site, device in meant:
            self.counts.of_device(site, device.id, trap.kind)
        if not self._news.is_new(address, trap, self._clock()):
            return TrapOutcome.DUPLICATE
        hastened = [self._haste.hasten(device.id, trap) for _, device in meant]
        for site, device in meant:
            self._note(Noted(site, device.id, trap, address))
        if (kept := message.sender.teller.may(self._clock())) is not None:
            about = f" of {trap.port}" if trap.port else ""
            log.info("%s says %s%s%s", _names(meant), trap.kind, about, _more(kept))
        return TrapOutcome.HASTENED if any(hastened) else TrapOutcome.NOTED


def _names(devices: Sequence[tuple[str, Device]]) -> str:
    names = [device.id for _, device in devices[:3]]
    return ", ".join(names) + (", …" if len(devices) > len(names) else "")


def _more(kept: int) -> str:
    return f" ({kept:,} more since the last line about it)" if kept else ""
