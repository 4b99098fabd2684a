"""A poll told to a person, phase by phase: what ``linkward probe snmp`` prints."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from model.measurement import Failure, InterfaceReading, SnmpReading, SystemFacts
from model.text import counted, one_line
from model.units import format_bit_rate, format_duration
from monitor.snmp.poller import DevicePoller

_OPER_STATUS: Final = ("?", "up", "down", "testing", "unknown", "dormant", "notPresent", "lowerLayerDown")
_OCTETS: Final = (("ifHCInOctets", "ifHCOutOctets"), ("ifInOctets", "ifOutOctets"))
_HEADER: Final = ("index", "name", "status", "speed", "octets in", "octets out", "errors", "alias")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was printed and what it was about.

    Attributes:
        lines: Text for a terminal, without control characters.
        outcome: The last poll's.
    """

    lines: tuple[str, ...]
    outcome: SnmpReading | Failure


async def explain_poll(poller: DevicePoller) -> Explanation:
    """Poll twice, first with the identity walk and then as it will be every minute, and tell what each took."""
    started = time.monotonic()
    first = await poller.poll()
    learned = time.monotonic() - started
    if isinstance(first, Failure):
        return Explanation((_failed(first, learned),), first)
    started = time.monotonic()
    second = await poller.poll()
    took = time.monotonic() - started
    lines = [*_system(first.system), *_first_phases(first, learned)]
    if isinstance(second, Failure):
        return Explanation((*lines, _failed(second, took)), second)
    lines.append(f"poll           {format_duration(took)}, {_traffic(second)}")
    lines += [f"missing        {table}: {reason}" for table, reason in sorted(second.missing.items())]
    return Explanation((*lines, "", *_table(second.interfaces)), second)


def _failed(failure: Failure, seconds: float) -> str:
    return f"failed         {failure.reason} after {format_duration(seconds)}: {failure.detail}"


def _system(system: SystemFacts) -> list[str]:
    facts = (("agent", system.name), ("is a", system.descr), ("sysObjectID", system.object_id))
    return [f"{name:<14} {one_line(text)}" for name, text in facts if text]


def _first_phases(reading: SnmpReading, seconds: float) -> list[str]:
    walk = reading.walk or 0.0
    return [
        f"identity walk  {format_duration(walk)}, {counted(len(reading.interfaces), 'interface')}",
        f"first values   {format_duration(seconds - walk)}; with the walk {_traffic(reading)}",
    ]


def _traffic(reading: SnmpReading) -> str:
    again = f" ({reading.packets_retried} sent again)" if reading.packets_retried else ""
    return f"{counted(reading.packets_sent, 'request')}{again}, {counted(reading.pdus, 'value')}"


def _table(interfaces: Sequence[InterfaceReading]) -> list[str]:
    rows = [_HEADER, *map(_row, interfaces)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEADER))]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _row(interface: InterfaceReading) -> tuple[str, ...]:
    cells = interface.cells
    status = cells.get("ifOperStatus", 0)
    received, sent = next(((cells[i], cells[o]) for i, o in _OCTETS if i in cells and o in cells), ("-", "-"))
    errors = [cells[name] for name in ("ifInErrors", "ifOutErrors") if name in cells]
    return (
        str(interface.index),
        one_line(interface.name),
        _OPER_STATUS[status] if 0 <= status < len(_OPER_STATUS) else str(status),
        _speed(interface),
        str(received),
        str(sent),
        str(sum(errors)) if errors else "-",
        one_line(interface.alias),
    )


def _speed(interface: InterfaceReading) -> str:
    # ifHighSpeed 0 is an interface below 500 kbit/s, whose speed ifSpeed tells (RFC 2863 §3.1.9).
    fast, slow = interface.cells.get("ifHighSpeed"), interface.cells.get("ifSpeed")
    if fast:
        return format_bit_rate(fast * 1e6)
    return format_bit_rate(slow) if slow else "-"
