"""The devices of a review laid down by hand, and a count of a month's devices, ports and certificates by cells."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.health_rules import Symptom
from model.intervals import instant
from model.state import State
from reports.facts import MonthFacts
from reports.sections.others import DeviceHealth, EquipmentRow, Trouble

_FIRST: Final = datetime(2026, 10, 3, 2, tzinfo=UTC)
_NAMES: Final = {
    "SnmpAgentSilent": "agent_silent",
    "InterfaceErrors": "port_errors",
    "InterfaceSpeedReduced": "port_duplex",
    "CertificateExpiring": "certificate",
}


def device_health() -> DeviceHealth:
    """Every trouble there is: of devices, of a port, of a certificate."""
    symptoms = [*(one.value for one in Symptom), "agent_silent"]
    rows = [
        EquipmentRow("device", f"tdp-{number:02}-ups", f"tdp-{number:02}", number, 600.0 * number, 300.0, 0.01, (one,))
        for number, one in enumerate((_trouble(what, number) for number, what in enumerate(symptoms)), 1)
    ]
    port = (_trouble("port_duplex", 1), _trouble("port_errors", 2), _trouble("port_slow", 3))
    rows += [
        EquipmentRow("link", "tdp-00-1", "tdp-00", None, None, None, None, port),
        EquipmentRow("service", "tdp-00-web", "tdp-00", None, None, None, None, (_trouble("certificate", 1),)),
    ]
    return DeviceHealth("", 60, ("tdp-40-sw",), len(symptoms), symptoms.index("on_battery") + 1, tuple(rows))


def _trouble(what: str, number: int) -> Trouble:
    first = _FIRST + timedelta(hours=7 * number)
    return Trouble(what, number + 1, first, first + timedelta(days=2), 1_234.0 + number, 0.0, goes_on=number % 2 == 1)


@dataclass(frozen=True)
class Count:
    """What a mask over the cells of a month says.

    Attributes:
        times: Stretches of cells that touch each other.
        first: Milliseconds since 1970 of the first cell; ``None`` without one.
        last: Behind the last cell; ``None`` likewise.
        longest: Milliseconds of the longest stretch.
        whole: Of all.
    """

    times: int
    first: int | None
    last: int | None
    longest: int
    whole: int


def count(mask: NDArray[np.bool_], begin: int, step: int) -> Count:
    """Walk over the cells, one after the other."""
    times = length = longest = whole = 0
    first = last = None
    for number, is_there in enumerate(mask.tolist()):
        length = length + step if is_there else 0
        if is_there:
            times += length == step
            first = begin + number * step if first is None else first
            last = begin + (number + 1) * step
            whole += step
            longest = max(longest, length)
    return Count(times, first, last, longest, whole)


def told_cells(month: MonthFacts, step: int) -> Mapping[tuple[str, str, str], NDArray[np.bool_]]:
    """By noun, id and word: the cells of the month, and one behind them, in which it lasted."""
    start, until = month.period.interval.start, month.until
    starts = start + np.arange((until - start) // step + 1) * step
    found: dict[tuple[str, str, str], NDArray[np.bool_]] = defaultdict(lambda: np.zeros_like(starts, np.bool_))
    for incident in month.incidents:
        for entry in (*incident.entries, *incident.parts):
            fault = entry.fault
            word = _NAMES.get(fault.name.value, fault.requirement)
            if word:
                ended = entry.ended_at or incident.closed_at
                over = np.inf if ended is None else instant(ended)
                found[(*fault.subject, word)] |= (starts >= instant(fault.since)) & (starts < over)
    return {key: mask for key, mask in found.items() if mask[:-1].any()}


def states_of(painted: NDArray[np.int8], codes: Mapping[State, int]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which cells of a device are down, and of which something is known."""
    return painted == codes[State.DOWN], painted != codes[State.UNKNOWN]
