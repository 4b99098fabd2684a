"""What a device says of itself unasked: an SNMP notification, reduced to what the monitor can use.

It is a hint and nothing more. Anybody can send one, and the one that would matter most, of the cut of a site's only
line, never arrives: so it makes the monitor look, and what is seen decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Value = str | int | bytes
"""An OID, an address or a word; a number; octets."""


class TrapKind(StrEnum):
    """Which notification it is, by the name that its MIB gives it."""

    COLD_START = "coldStart"
    WARM_START = "warmStart"
    LINK_DOWN = "linkDown"
    LINK_UP = "linkUp"
    AUTHENTICATION_FAILURE = "authenticationFailure"
    ON_BATTERY = "upsTrapOnBattery"
    ON_LINE = "upsTrapOnLine"
    UPS_ALARM = "upsTrapAlarmEntryAdded"
    UPS_ALARM_OVER = "upsTrapAlarmEntryRemoved"
    NEIGHBOURS_CHANGED = "lldpRemTablesChange"
    BGP_UP = "bgpEstablishedNotification"
    BGP_DOWN = "bgpBackwardTransNotification"
    OTHER = "other"

    @property
    def is_about_a_port(self) -> bool:
        """Whether it names an interface, and so perhaps a link."""
        return self in _OF_PORTS

    @property
    def is_news(self) -> bool:
        """Whether a poll would show what it tells of. A wrong password changes nothing; of others we know nothing."""
        return self not in _NO_NEWS

    @property
    def tells_a_cause(self) -> bool:
        """Whether it tells why something was silent, or will be: a restart, or power."""
        return self in _CAUSES

    @property
    def family(self) -> str:
        """What it is news of: the next of the same family, about the same interface, says what has become of that."""
        return _FAMILIES.get(self, self)


class TrapOutcome(StrEnum):
    """What became of a message at the trap port."""

    HASTENED = "hastened"  # something was looked at, or already was about to be
    NOTED = "noted"  # it was read, but there is nothing to look at
    DUPLICATE = "duplicate"  # the same news was heard less than 30 s before
    UNKNOWN_SENDER = "unknown_sender"  # the inventory names no device there; nothing of it was read
    WRONG_CREDENTIALS = "wrong_credentials"  # a community, user or signature that its device does not have
    RATE_LIMITED = "rate_limited"  # more than its sender may say, or than can be read
    MALFORMED = "malformed"  # no notification, or none that can be read
    QUESTION = "question"  # before an SNMPv3 inform its sender asks for our engine id and clock
    DROPPED = "dropped"  # by the kernel, because more came than is taken


UNREAD: Final = "unread"
"""In place of its kind, of a message that was not read."""


_OF_PORTS: Final = frozenset({TrapKind.LINK_DOWN, TrapKind.LINK_UP})
_NO_NEWS: Final = frozenset({TrapKind.AUTHENTICATION_FAILURE, TrapKind.OTHER})
_CAUSES: Final = frozenset({
    *(TrapKind.COLD_START, TrapKind.WARM_START, TrapKind.ON_BATTERY, TrapKind.ON_LINE),
    *(TrapKind.UPS_ALARM, TrapKind.UPS_ALARM_OVER),
})
_FAMILIES: Final[Mapping[TrapKind, str]] = {
    TrapKind.LINK_DOWN: "link",
    TrapKind.LINK_UP: "link",
    TrapKind.ON_BATTERY: "power",
    TrapKind.ON_LINE: "power",
    TrapKind.BGP_UP: "bgp",
    TrapKind.BGP_DOWN: "bgp",
}

# SNMPv2-MIB and IF-MIB (RFC 3418, RFC 2863), UPS-MIB (RFC 1628), LLDP-MIB (IEEE 802.1AB), BGP4-MIB (RFC 4273; agents
# of RFC 1269 have .7), PowerNet-MIB of APC. A notification that came as version 1 has a zero before its last number
# (RFC 3584 §3.1), which stands in its own MIB or does not: both are here.
_UPS: Final = "1.3.6.1.2.1.33.2"
_BGP: Final = "1.3.6.1.2.1.15"
_APC: Final = "1.3.6.1.4.1.318"
_KINDS: Final[Mapping[str, TrapKind]] = {
    "1.3.6.1.6.3.1.1.5.1": TrapKind.COLD_START,
    "1.3.6.1.6.3.1.1.5.2": TrapKind.WARM_START,
    "1.3.6.1.6.3.1.1.5.3": TrapKind.LINK_DOWN,
    "1.3.6.1.6.3.1.1.5.4": TrapKind.LINK_UP,
    "1.3.6.1.6.3.1.1.5.5": TrapKind.AUTHENTICATION_FAILURE,
    **{f"{_UPS}{zero}.1": TrapKind.ON_BATTERY for zero in ("", ".0")},
    **{f"{_UPS}{zero}.3": TrapKind.UPS_ALARM for zero in ("", ".0")},
    **{f"{_UPS}{zero}.4": TrapKind.UPS_ALARM_OVER for zero in ("", ".0")},
    f"{_APC}.0.5": TrapKind.ON_BATTERY,
    f"{_APC}.0.9": TrapKind.ON_LINE,
    "1.0.8802.1.1.2.0.0.1": TrapKind.NEIGHBOURS_CHANGED,
    **{f"{_BGP}{branch}.1": TrapKind.BGP_UP for branch in (".0", ".7", ".7.0")},
    **{f"{_BGP}{branch}.2": TrapKind.BGP_DOWN for branch in (".0", ".7", ".7.0")},
}
_TRAP_OID: Final = "1.3.6.1.6.3.1.1.4.1.0"
_TRAP_ADDRESS: Final = "1.3.6.1.6.3.18.1.3.0"
_IF_ENTRY: Final = "1.3.6.1.2.1.2.2.1."
_IF_INDEX, _IF_DESCR, _IF_ADMIN_STATUS = f"{_IF_ENTRY}1.", f"{_IF_ENTRY}2.", f"{_IF_ENTRY}7."
_IF_NAME: Final = "1.3.6.1.2.1.31.1.1.1.1."
_DOWN: Final = 2  # ifAdminStatus
_LARGEST_INDEX: Final = 2**31 - 1
_LONGEST_NAME: Final = 255


@dataclass(frozen=True, slots=True)
class Trap:
    """One notification.

    Attributes:
        kind: Which.
        oid: Its snmpTrapOID, which tells others apart.
        if_index: ifIndex of the interface it names; ``None`` where it names none.
        if_name: ifName of that interface, or else its ifDescr; empty where it tells neither.
        by_hand: Whether that interface was switched off by somebody (ifAdminStatus down); ``None`` where not told.
        agent: The address that the sender gives for itself; empty where it gives none, or 0.0.0.0.
    """

    kind: TrapKind
    oid: str = ""
    if_index: int | None = None
    if_name: str = ""
    by_hand: bool | None = None
    agent: str = ""

    @property
    def port(self) -> str:
        """The interface it names, by name or else by its number; empty where it names none."""
        return self.if_name or str(self.if_index or "")

    @property
    def news(self) -> tuple[str, int | None]:
        """What it is news of: a second one of the same news, soon after, tells nothing new."""
        family = self.oid if self.kind is TrapKind.OTHER else self.kind.family
        return family, self.if_index


def trap_of(bindings: Iterable[tuple[str, Value]]) -> Trap:
    """The notification that the bindings of an SNMPv2 trap or inform tell of (RFC 3416 §4.2.6).

    Args:
        bindings: OID and value, as they came; what is of no use, or of another type than its MIB says, is left out.
    """
    values = dict(bindings)
    oid = _text(values.get(_TRAP_OID))
    kind = _KINDS.get(oid, TrapKind.OTHER)
    agent = _text(values.get(_TRAP_ADDRESS))
    agent = "" if agent == "0.0.0.0" else agent  # noqa: S104  # what an agent says that does not know its address
    if not kind.is_about_a_port:
        return Trap(kind, oid, agent=agent)
    name = _first(values, _IF_NAME) or _first(values, _IF_DESCR)
    admin = _first(values, _IF_ADMIN_STATUS)
    by_hand = admin == _DOWN if isinstance(admin, int) else None
    return Trap(kind, oid, _index(values), _name(name), by_hand, agent)


def _first(values: Mapping[str, Value], column: str) -> Value | None:
    return next((value for oid, value in values.items() if oid.startswith(column)), None)


def _index(values: Mapping[str, Value]) -> int | None:
    """From the binding of ifIndex; agents that leave it out tell it as the index of another column."""
    index = _first(values, _IF_INDEX)
    if not isinstance(index, int):
        columns = (oid for oid in values if oid.startswith((_IF_ENTRY, _IF_NAME)))
        last = next(columns, "").rpartition(".")[2]
        index = int(last) if last.isascii() and last.isdigit() else 0
    return index if 0 < index <= _LARGEST_INDEX else None


def _name(value: Value | None) -> str:
    if not isinstance(value, bytes):
        return ""
    text = value.rstrip(b"\0")[:_LONGEST_NAME].decode("utf-8", "replace")
    return text if text.isprintable() else ""


def _text(value: Value | None) -> str:
    return value if isinstance(value, str) else ""
