"""What the measured agents know: the system group, and columns of ifTable and ifXTable (RFC 3418, RFC 2863)."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from monitor.demo import ber

Value = Callable[[float], bytes]
"""The encoded value after so many seconds."""

_SYSTEM: Final = (1, 3, 6, 1, 2, 1, 1)
_IF_TABLE: Final = (1, 3, 6, 1, 2, 1, 2, 2, 1)
_IFX_TABLE: Final = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
_IF_NUMBER: Final = (1, 3, 6, 1, 2, 1, 2, 1, 0)
_IF_TABLE_LAST_CHANGE: Final = (1, 3, 6, 1, 2, 1, 31, 1, 5, 0)
_UPTIME: Final = 300_000.0

COLUMNS: Final = {
    "ifSpeed": (*_IF_TABLE, 5),
    "ifAdminStatus": (*_IF_TABLE, 7),
    "ifOperStatus": (*_IF_TABLE, 8),
    "ifLastChange": (*_IF_TABLE, 9),
    "ifInDiscards": (*_IF_TABLE, 13),
    "ifInErrors": (*_IF_TABLE, 14),
    "ifOutDiscards": (*_IF_TABLE, 19),
    "ifOutErrors": (*_IF_TABLE, 20),
    "ifHCInOctets": (*_IFX_TABLE, 6),
    "ifHCInUcastPkts": (*_IFX_TABLE, 7),
    "ifHCOutOctets": (*_IFX_TABLE, 10),
    "ifHCOutUcastPkts": (*_IFX_TABLE, 11),
    "ifHighSpeed": (*_IFX_TABLE, 15),
}
"""The columns of numbers that an agent can have, with their OIDs."""

NAMES: Final = {"ifName": (*_IFX_TABLE, 1), "ifDescr": (*_IF_TABLE, 2), "ifAlias": (*_IFX_TABLE, 18)}
"""The columns of texts, which all agents have."""

EIGHT: Final = (
    *("ifAdminStatus", "ifOperStatus", "ifLastChange", "ifInErrors", "ifOutErrors"),
    *("ifHCInOctets", "ifHCOutOctets", "ifHighSpeed"),
)
TEN: Final = (*EIGHT, "ifInDiscards", "ifOutDiscards")


def dotted(name: ber.Oid) -> str:
    """An OID as people write it."""
    return ".".join(map(str, name))


class Mib:
    """The objects of one agent in order."""

    def __init__(self, interfaces: int, columns: Sequence[str]) -> None:
        """An agent with so many interfaces and these columns.

        Raises:
            KeyError: A column is not known.
        """
        ordered = sorted(_objects(interfaces, columns), key=lambda item: item[0])
        self._oids = [name for name, _ in ordered]
        self._names = [ber.encode_name(name) for name in self._oids]
        self._values = [value for _, value in ordered]
        self._positions = {name: position for position, name in enumerate(self._names)}

    def get(self, name: bytes, seconds: float) -> bytes:
        """The encoded value of an encoded name."""
        position = self._positions.get(name)
        return ber.NO_SUCH_INSTANCE if position is None else self._values[position](seconds)

    def after(self, name: bytes, seconds: float) -> tuple[bytes, bytes]:
        """Name and value of the next object.

        Raises:
            BerError: The name is not an object identifier.
        """
        known = self._positions.get(name)
        position = bisect_right(self._oids, ber.decode_name(name)) if known is None else known + 1
        if position == len(self._names):
            return name, ber.END_OF_MIB_VIEW
        return self._names[position], self._values[position](seconds)


def _objects(interfaces: int, columns: Sequence[str]) -> Iterator[tuple[ber.Oid, Value]]:
    yield (*_SYSTEM, 1, 0), _fixed(ber.octets(b"An agent that only answers fast"))
    yield (*_SYSTEM, 2, 0), _fixed(ber.object_identifier("1.3.6.1.4.1.8072.3.2.10"))
    yield (*_SYSTEM, 3, 0), lambda seconds: ber.timeticks(int((_UPTIME + seconds) * 100))
    yield from (((*_SYSTEM, number, 0), _fixed(ber.octets(b"bench"))) for number in (4, 5, 6))
    yield _IF_NUMBER, _fixed(ber.integer(interfaces))
    yield _IF_TABLE_LAST_CHANGE, _fixed(ber.timeticks(0))
    for index in range(1, interfaces + 1):
        yield from _row(index, columns)


def _row(index: int, columns: Sequence[str]) -> Iterator[tuple[ber.Oid, Value]]:
    yield (*_IF_TABLE, 1, index), _fixed(ber.integer(index))
    yield (*_IF_TABLE, 2, index), _fixed(ber.octets(b"GigabitEthernet1/0/%d" % index))
    yield (*_IF_TABLE, 3, index), _fixed(ber.integer(6))
    yield (*_IF_TABLE, 6, index), _fixed(ber.octets(bytes((2, 0, 0, 0, index >> 8, index & 0xFF))))
    yield (*_IFX_TABLE, 1, index), _fixed(ber.octets(b"Gi1/0/%d" % index))
    yield (*_IFX_TABLE, 18, index), _fixed(ber.octets(b"to room %d" % index))
    yield from (((*COLUMNS[column], index), _cell(column, index)) for column in columns)


def _cell(column: str, index: int) -> Value:
    if column.startswith("ifHC"):
        # As a device has them after some months: five octets long; and moving, so that nobody can live on old lines.
        return lambda seconds: ber.counter64(index * 7_000_000_000 + int(seconds * 125_000) * index)
    still = {
        "ifSpeed": ber.gauge32(1_000_000_000),
        "ifHighSpeed": ber.gauge32(1_000),
        "ifAdminStatus": ber.integer(1),
        "ifOperStatus": ber.integer(1),
        "ifLastChange": ber.timeticks(123_456),
    }
    return _fixed(still.get(column, ber.counter32(0)))


def _fixed(value: bytes) -> Value:
    return lambda _seconds: value
