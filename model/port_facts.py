"""A port in the words of people, as plain JSON: what it is set to, what it is, and what it counted."""

from datetime import datetime, timedelta
from typing import Final

from model.counters import TICKS_PER_SECOND, UPTIME_MODULUS, Growth, line_rate
from model.measurement import InterfaceReading

_OPERATIONAL: Final = ("up", "down", "testing", "unknown", "dormant", "not present", "lower layer down")
_COUNTS: Final = {
    "in_errors": "ifInErrors",
    "out_errors": "ifOutErrors",
    "in_discards": "ifInDiscards",
    "out_discards": "ifOutDiscards",
}
_OCTETS: Final = {"in": ("ifHCInOctets", "ifInOctets"), "out": ("ifHCOutOctets", "ifOutOctets")}


def port_json(interface: InterfaceReading, uptime_ticks: int | None, at: datetime) -> dict[str, object]:
    """One reading of a port; what the agent did not tell is ``None``.

    Args:
        interface: Its row.
        uptime_ticks: sysUpTime of the agent in 1/100 s.
        at: When it was read, aware UTC.
    """
    cells = interface.cells
    changed = _changed(cells.get("ifLastChange"), uptime_ticks, at)
    return {
        "read_at": at.isoformat(),
        "alias": interface.alias,
        "operational": _status(cells.get("ifOperStatus")),
        "administrative": _status(cells.get("ifAdminStatus")),
        "speed_bits_per_second": line_rate(cells),
        "last_change_at": changed.isoformat() if changed else None,
        **{name: cells.get(column) for name, column in _COUNTS.items()},
    }


def rates_json(growth: Growth, at: datetime) -> dict[str, object]:
    """What a port counted between two readings, by the second; what cannot be told is ``None``.

    Args:
        growth: What it counted.
        at: When the later of the two was taken, aware UTC.
    """
    octets = {f"{way}_octets_per_second": _first(growth, columns) for way, columns in _OCTETS.items()}
    counts = {f"{name}_per_second": growth.per_second(column) for name, column in _COUNTS.items()}
    return {"until": at.isoformat(), "over_seconds": growth.elapsed, **octets, **counts}


def _first(growth: Growth, columns: tuple[str, ...]) -> float | None:
    return next((rate for column in columns if (rate := growth.per_second(column)) is not None), None)


def _status(value: int | None) -> str | None:
    if value is None:
        return None
    return _OPERATIONAL[value - 1] if 1 <= value <= len(_OPERATIONAL) else f"status {value}"


def _changed(ticks: int | None, uptime_ticks: int | None, at: datetime) -> datetime | None:
    # Both wrap together after 497 days; a change before the agent began is written as zero.
    if not ticks or uptime_ticks is None:
        return None
    ago = (uptime_ticks - ticks) % UPTIME_MODULUS / TICKS_PER_SECOND
    return at - timedelta(seconds=round(ago))
