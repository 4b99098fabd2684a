"""What a simulated agent knows: the system group, ifTable and ifXTable, and the batteries of a UPS.

RFC 3418 (system), RFC 2863 (interfaces), RFC 1628 (UPS). Every value is a function of the device's plan and a Moment.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from monitor.demo import ber
from monitor.demo.equipment import BRIDGE, ETHERNET, WIRELESS
from monitor.demo.moment import InterfaceState, Moment
from monitor.demo.vitals import vitals
from monitor.demo.ward import DevicePlan, InterfacePlan

Value = bytes | Callable[[Moment], bytes]

_SYSTEM: Final = (1, 3, 6, 1, 2, 1, 1)
_INTERFACES: Final = (1, 3, 6, 1, 2, 1, 2)
_IF_TABLE: Final = (*_INTERFACES, 2, 1)
_IF_MIB: Final = (1, 3, 6, 1, 2, 1, 31, 1)
_IFX_TABLE: Final = (*_IF_MIB, 1, 1)
_UPS: Final = (1, 3, 6, 1, 2, 1, 33, 1)
_MTU: Final = 1_500
_UP, _DOWN = 1, 2
_SERVICES: Final = {
    "router": 78,
    "switch": 2,
    "ap": 2,
    "ups": 72,
    "server": 72,
}  # RFC 3418, sysServices: layers as bits


class Mib:
    """The objects of one agent in order of their names.

    Args:
        objects: Name and value of each; a value is encoded, or is computed when it is asked for.
    """

    def __init__(self, objects: Iterator[tuple[ber.Oid, Value]]) -> None:
        ordered = sorted(objects, key=lambda item: item[0])
        self._oids = [name for name, _ in ordered]
        self._names = [ber.encode_name(name) for name, _ in ordered]
        self._values = [value for _, value in ordered]
        self._positions = {name: position for position, name in enumerate(self._names)}

    def get(self, name: bytes, moment: Moment) -> bytes:
        """The encoded value of an encoded name, or an exception value of RFC 3416 §4.2.1."""
        position = self._positions.get(name)
        return ber.NO_SUCH_INSTANCE if position is None else self._value(position, moment)

    def after(self, name: bytes, moment: Moment, skip: Callable[[bytes], bool] | None = None) -> tuple[bytes, bytes]:
        """Name and value of the next object; at the end the same name with endOfMibView (RFC 3416 §4.2.2).

        Raises:
            BerError: The name is not an object identifier.
        """
        position = self._next_position(name)
        while position < len(self._names):
            value = self._value(position, moment)
            if skip is None or not skip(value):
                return self._names[position], value
            position += 1
        return name, ber.END_OF_MIB_VIEW

    def _next_position(self, name: bytes) -> int:
        # A walk asks for what follows a known name; bytes do not sort as arcs do, so a strange name is decoded.
        known = self._positions.get(name)
        return bisect_right(self._oids, ber.decode_name(name)) if known is None else known + 1

    def _value(self, position: int, moment: Moment) -> bytes:
        value = self._values[position]
        return value if isinstance(value, bytes) else value(moment)


def mib_of(device: DevicePlan, location: str) -> Mib:
    """Everything that the agent of one device answers."""
    return Mib(_objects(device, location))


def _objects(device: DevicePlan, location: str) -> Iterator[tuple[ber.Oid, Value]]:
    yield from _system(device, location)
    yield (*_INTERFACES, 1, 0), ber.integer(len(device.interfaces))
    for interface in device.interfaces:
        index = interface.port.index
        yield from (((*_IF_TABLE, column, index), value) for column, value in _if_columns(interface))
        if device.model.extended:
            yield from (((*_IFX_TABLE, column, index), value) for column, value in _ifx_columns(interface))
    if device.model.extended:
        yield (*_IF_MIB, 5, 0), ber.timeticks(0)
    if device.model.role == "ups":
        yield from _batteries()
    yield from vitals(device.model.object_id)


def _system(device: DevicePlan, location: str) -> Iterator[tuple[ber.Oid, Value]]:
    yield (*_SYSTEM, 1, 0), ber.octets(device.model.descr.encode())
    yield (*_SYSTEM, 2, 0), ber.object_identifier(device.model.object_id)
    yield (*_SYSTEM, 3, 0), lambda moment: ber.timeticks(moment.uptime_ticks)
    yield (*_SYSTEM, 4, 0), ber.octets("Tổ công nghệ thông tin phường".encode())
    yield (*_SYSTEM, 5, 0), ber.octets(device.id.encode())
    yield (*_SYSTEM, 6, 0), ber.octets(location.encode())
    yield (*_SYSTEM, 7, 0), ber.integer(_SERVICES[device.model.role])


def _if_columns(interface: InterfacePlan) -> Iterator[tuple[int, Value]]:
    """The columns of ifTable by their numbers."""
    port = interface.port
    seen = partial(_column, port.index)
    yield 1, ber.integer(port.index)
    yield 2, ber.octets(port.descr.encode())
    yield 3, ber.integer(port.kind)
    yield 4, ber.integer(_MTU)
    yield 5, seen(lambda state: ber.gauge32(state.speed * 1_000_000))
    yield 6, ber.octets(_physical(interface))
    yield 7, ber.integer(_UP)
    yield 8, seen(lambda state: ber.integer(_UP if state.up else _DOWN))
    yield 9, seen(lambda state: ber.timeticks(state.last_change_ticks))
    yield 10, seen(lambda state: ber.counter32(state.inward.octets))
    yield 11, seen(lambda state: ber.counter32(state.inward.unicast))
    yield 13, ber.counter32(0)
    yield 14, seen(lambda state: ber.counter32(state.errors))
    yield 16, seen(lambda state: ber.counter32(state.outward.octets))
    yield 17, seen(lambda state: ber.counter32(state.outward.unicast))
    yield 19, ber.counter32(0)
    yield 20, ber.counter32(0)


def _ifx_columns(interface: InterfacePlan) -> Iterator[tuple[int, Value]]:
    """The columns of ifXTable by their numbers."""
    port = interface.port
    seen = partial(_column, port.index)
    yield 1, ber.octets(port.name.encode())
    yield from _crowd_columns(seen, ber.counter32, (2, 3, 4, 5))
    yield 6, seen(lambda state: ber.counter64(state.inward.octets))
    yield 7, seen(lambda state: ber.counter64(state.inward.unicast))
    yield 10, seen(lambda state: ber.counter64(state.outward.octets))
    yield 11, seen(lambda state: ber.counter64(state.outward.unicast))
    yield from _crowd_columns(seen, ber.counter64, (8, 9, 12, 13))
    yield 14, ber.integer(_UP)
    yield 15, seen(lambda state: ber.gauge32(state.speed))
    yield 16, ber.integer(_DOWN)  # TruthValue: 2 is false
    yield 17, ber.integer(_UP if port.kind == ETHERNET else _DOWN)
    yield 18, ber.octets(interface.alias.encode())
    yield 19, ber.timeticks(0)


_Seen = Callable[[Callable[[InterfaceState], bytes]], Value]


def _column(index: int, of: Callable[[InterfaceState], bytes]) -> Value:
    return lambda moment: of(moment.interface(index))


def _crowd_columns(
    seen: _Seen, counter: Callable[[int], bytes], columns: tuple[int, int, int, int]
) -> Iterator[tuple[int, Value]]:
    """Multicast and broadcast, in and out."""
    yield columns[0], seen(lambda state: counter(state.inward.multicast))
    yield columns[1], seen(lambda state: counter(state.inward.broadcast))
    yield columns[2], seen(lambda state: counter(state.outward.multicast))
    yield columns[3], seen(lambda state: counter(state.outward.broadcast))


def _physical(interface: InterfacePlan) -> bytes:
    if interface.port.kind not in {ETHERNET, BRIDGE, WIRELESS}:
        return b""
    return bytes.fromhex(interface.physical_address.replace(":", ""))


def _batteries() -> Iterator[tuple[ber.Oid, Value]]:
    yield (*_UPS, 2, 1, 0), ber.integer(2)  # upsBatteryStatus: normal
    yield (*_UPS, 2, 2, 0), ber.integer(0)  # upsSecondsOnBattery
    yield (*_UPS, 2, 3, 0), ber.integer(34)  # upsEstimatedMinutesRemaining
    yield (*_UPS, 2, 4, 0), ber.integer(100)  # upsEstimatedChargeRemaining
    yield (*_UPS, 4, 1, 0), ber.integer(3)  # upsOutputSource: normal
