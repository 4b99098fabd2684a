"""The one table of what is read from IF-MIB and the system group (RFC 2863, RFC 3418)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

_IF_TABLE: Final = "1.3.6.1.2.1.2.2.1"
_IF_X_TABLE: Final = "1.3.6.1.2.1.31.1.1.1"

SYS_DESCR: Final = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID: Final = "1.3.6.1.2.1.1.2.0"
SYS_UPTIME: Final = "1.3.6.1.2.1.1.3.0"
SYS_CONTACT: Final = "1.3.6.1.2.1.1.4.0"
SYS_NAME: Final = "1.3.6.1.2.1.1.5.0"
SYS_LOCATION: Final = "1.3.6.1.2.1.1.6.0"
IF_NUMBER: Final = "1.3.6.1.2.1.2.1.0"
IF_TABLE_LAST_CHANGE: Final = "1.3.6.1.2.1.31.1.5.0"

IF_DESCR: Final = f"{_IF_TABLE}.2"
IF_TYPE: Final = f"{_IF_TABLE}.3"
IF_PHYS_ADDRESS: Final = f"{_IF_TABLE}.6"
IF_NAME: Final = f"{_IF_X_TABLE}.1"
IF_ALIAS: Final = f"{_IF_X_TABLE}.18"


class Syntax(StrEnum):
    """The SMI type of a column (RFC 2578 §7.1), which says how large its value can be."""

    INTEGER = "integer"
    GAUGE32 = "gauge32"
    COUNTER32 = "counter32"
    COUNTER64 = "counter64"
    TICKS = "ticks"

    @property
    def largest(self) -> int:
        """The largest value that the type can hold; what is beyond it is not a reading."""
        return 2**64 - 1 if self is Syntax.COUNTER64 else 2**32 - 1


@dataclass(frozen=True, slots=True)
class Column:
    """One value column of the interface tables.

    Attributes:
        name: As IF-MIB and the exposition call it.
        oid: The column's OID; a cell's has the ifIndex behind it.
        table: Which table it is in.
        syntax: Its type on the wire.
        exported: Its type in the exposition.
        stands_in_for: The 64-bit column in whose absence this one is read, empty where it is read always.
        help: One line for the exposition.
    """

    name: str
    oid: str
    table: Literal["ifTable", "ifXTable"]
    syntax: Syntax
    exported: Literal["counter", "gauge"]
    stands_in_for: str
    help: str


def _column(name: str, arc: int, syntax: Syntax, text: str, *, stands_in_for: str = "", x: bool = False) -> Column:
    exported: Literal["counter", "gauge"] = "counter" if syntax in {Syntax.COUNTER32, Syntax.COUNTER64} else "gauge"
    table: Literal["ifTable", "ifXTable"] = "ifXTable" if x else "ifTable"
    return Column(name, f"{_IF_X_TABLE if x else _IF_TABLE}.{arc}", table, syntax, exported, stands_in_for, text)


def _wide(name: str, arc: int, text: str) -> Column:
    return _column(name, arc, Syntax.COUNTER64, text, x=True)


def _narrow(name: str, arc: int, text: str, *, instead_of: str, x: bool = False) -> Column:
    return _column(name, arc, Syntax.COUNTER32, text, stands_in_for=instead_of, x=x)


COLUMNS: Final = (
    _column(
        "ifOperStatus",
        8,
        Syntax.INTEGER,
        "1 up, 2 down, 3 testing, 4 unknown, 5 dormant, 6 notPresent, 7 lower layer down",
    ),
    _column("ifAdminStatus", 7, Syntax.INTEGER, "What the interface should be: 1 up, 2 down, 3 testing"),
    _column("ifHighSpeed", 15, Syntax.GAUGE32, "Nominal speed in units of 1,000,000 bit/s", x=True),
    _column("ifSpeed", 5, Syntax.GAUGE32, "Nominal speed in bit/s; 4294967295 means that or more"),
    _column("ifMtu", 4, Syntax.INTEGER, "Largest packet in octets"),
    _wide("ifHCInOctets", 6, "Octets received, framing included"),
    _wide("ifHCOutOctets", 10, "Octets sent, framing included"),
    _wide("ifHCInUcastPkts", 7, "Unicast packets delivered upwards"),
    _wide("ifHCInMulticastPkts", 8, "Multicast packets delivered upwards"),
    _wide("ifHCInBroadcastPkts", 9, "Broadcast packets delivered upwards"),
    _wide("ifHCOutUcastPkts", 11, "Unicast packets asked to be sent"),
    _wide("ifHCOutMulticastPkts", 12, "Multicast packets asked to be sent"),
    _wide("ifHCOutBroadcastPkts", 13, "Broadcast packets asked to be sent"),
    _column("ifInErrors", 14, Syntax.COUNTER32, "Packets received with errors"),
    _column("ifOutErrors", 20, Syntax.COUNTER32, "Packets not sent because of errors"),
    _column("ifInDiscards", 13, Syntax.COUNTER32, "Good packets received and dropped"),
    _column("ifOutDiscards", 19, Syntax.COUNTER32, "Good packets dropped before sending"),
    _column("ifLastChange", 9, Syntax.TICKS, "sysUpTime when the operational status last changed, in 1/100 s"),
    _column(
        "ifCounterDiscontinuityTime",
        19,
        Syntax.TICKS,
        "sysUpTime when counters last lost continuity, in 1/100 s",
        x=True,
    ),
    _narrow("ifInOctets", 10, "Octets received, modulo 2³²", instead_of="ifHCInOctets"),
    _narrow("ifOutOctets", 16, "Octets sent, modulo 2³²", instead_of="ifHCOutOctets"),
    _narrow("ifInUcastPkts", 11, "Unicast packets delivered upwards, modulo 2³²", instead_of="ifHCInUcastPkts"),
    _narrow("ifOutUcastPkts", 17, "Unicast packets asked to be sent, modulo 2³²", instead_of="ifHCOutUcastPkts"),
)
