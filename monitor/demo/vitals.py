"""What simulated devices tell of their health, each in its maker's own tables, RFC 2790 (hosts) among them.

The figures follow the time since the device was started and nothing else, so that a test can say what they must be.
"""

from collections.abc import Callable, Iterator
from math import sin
from typing import Final

from monitor.demo import ber
from monitor.demo.moment import Moment

Value = bytes | Callable[[Moment], bytes]
Object = tuple[ber.Oid, Value]

_ENTERPRISES: Final = (1, 3, 6, 1, 4, 1)
_PROCESSOR: Final = (1, 3, 6, 1, 2, 1, 25, 3, 3, 1, 2)
_STORAGE: Final = (1, 3, 6, 1, 2, 1, 25, 2, 3, 1)
_CISCO: Final = (*_ENTERPRISES, 9, 9)
_MIKROTIK: Final = (*_ENTERPRISES, 14988, 1, 1)
_UCD: Final = (*_ENTERPRISES, 2021)
_RUIJIE: Final = (*_ENTERPRISES, 4881, 1, 1, 10, 2)
_MEGABYTE: Final = 1_024  # units of 1 kB
_HOUR: Final = 360_000  # ticks


def vitals(object_id: str) -> Iterator[Object]:
    """What an agent with this sysObjectID tells beside its interfaces; of other makers nothing."""
    for prefix, objects in _MAKERS.items():
        if object_id.startswith(prefix):
            yield from objects()


def load_percent(uptime_ticks: int) -> int:
    """Load of a processor, 12 to 32 %, up and down in some hours."""
    return round(22 + 10 * sin(uptime_ticks / _HOUR))


def heat(uptime_ticks: int) -> int:
    """Degrees Celsius of a board, 38 to 44."""
    return round(41 + 3 * sin(uptime_ticks / _HOUR))


def _cisco() -> Iterator[Object]:
    yield (*_CISCO, 109, 1, 1, 1, 1, 7, 1), lambda moment: ber.gauge32(load_percent(moment.uptime_ticks))
    yield (*_CISCO, 48, 1, 1, 1, 2, 1), ber.octets(b"Processor")
    yield (*_CISCO, 48, 1, 1, 1, 5, 1), ber.gauge32(180_000_000)
    yield (*_CISCO, 48, 1, 1, 1, 6, 1), ber.gauge32(320_000_000)
    yield (*_CISCO, 13, 1, 3, 1, 2, 1), ber.octets(b"Inlet, GREEN")
    yield (*_CISCO, 13, 1, 3, 1, 3, 1), lambda moment: ber.gauge32(heat(moment.uptime_ticks))
    yield (*_CISCO, 13, 1, 3, 1, 4, 1), ber.integer(60)
    yield (*_CISCO, 13, 1, 3, 1, 6, 1), ber.integer(1)
    yield (*_CISCO, 13, 1, 4, 1, 2, 1), ber.octets(b"Fan 1")
    yield (*_CISCO, 13, 1, 4, 1, 3, 1), ber.integer(1)


def _mikrotik() -> Iterator[Object]:
    yield from _host(processors=4, name=b"main memory", size=256 * _MEGABYTE, used=52 * _MEGABYTE)
    yield (*_MIKROTIK, 3, 8, 0), ber.integer(239)
    yield (*_MIKROTIK, 3, 10, 0), lambda moment: ber.integer(10 * heat(moment.uptime_ticks))
    yield (*_MIKROTIK, 4, 4, 0), ber.octets(b"7.16.2")


def _linux() -> Iterator[Object]:
    yield from _host(processors=2, name=b"/", size=20_000 * _MEGABYTE, used=9_000 * _MEGABYTE)
    memory = {5: 4_096, 6: 600, 14: 200, 15: 1_800}  # total, unused, buffers, caches
    yield from (((*_UCD, 4, arc, 0), ber.integer(size * _MEGABYTE)) for arc, size in memory.items())


def _ruijie() -> Iterator[Object]:
    yield (*_RUIJIE, 36, 1, 1, 2, 0), lambda moment: ber.gauge32(load_percent(moment.uptime_ticks))
    yield (*_RUIJIE, 35, 1, 1, 1, 3, 1), ber.gauge32(41)


def _host(processors: int, name: bytes, size: int, used: int) -> Iterator[Object]:
    for number in range(1, processors + 1):
        yield (*_PROCESSOR, number), lambda moment: ber.integer(load_percent(moment.uptime_ticks))
    yield (*_STORAGE, 3, 1), ber.octets(name)
    yield (*_STORAGE, 4, 1), ber.integer(1_024)
    yield (*_STORAGE, 5, 1), ber.integer(size)
    yield (*_STORAGE, 6, 1), ber.integer(used)


_MAKERS: Final[dict[str, Callable[[], Iterator[Object]]]] = {
    "1.3.6.1.4.1.9.": _cisco,
    "1.3.6.1.4.1.14988.": _mikrotik,
    "1.3.6.1.4.1.8072.": _linux,
    "1.3.6.1.4.1.4881.": _ruijie,
}
