"""What was measured of each link in the hour that goes on; at its end it becomes one block of rollups for each ward."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from history.rollup import RollingHour, RollupBlock, Span, Traffic
from model.inventory import Inventory
from model.measurement import Failure, Measurement
from model.state import State
from model.throughput import Flow, Throughput
from model.window import LOST, sample_of

NO_WARD = "-"
"""The ward of the links of an inventory without wards."""


class Hours:
    """The rolling hours of all links.

    Args:
        now: When they begin, aware UTC.
    """

    def __init__(self, now: datetime) -> None:
        self._start = now
        self._wards: dict[str, str] = {}
        self._intervals: dict[str, timedelta] = {}
        self._rolling: dict[str, RollingHour] = {}

    def load(self, inventory: Inventory) -> None:
        """Take over an inventory; what was gathered of links that stay is kept."""
        self._wards, self._intervals = {}, {}
        for site, link in inventory.links():
            ward = inventory.ward_of(site)
            self._wards[link.id] = ward.id if ward else NO_WARD
            self._intervals[link.id] = timedelta(seconds=link.interval)
        self._rolling = {
            link: self._rolling.get(link) or RollingHour(("link", link), self._start) for link in self._wards
        }

    def took(self, measurement: Measurement, delay_variation: float | None) -> None:
        """A probe of the regular pace has ended."""
        link = measurement.subject.id
        hour, rtt = self._rolling.get(link), sample_of(measurement)
        if hour is None or rtt is None:
            return
        if rtt == LOST:
            outcome = measurement.outcome
            hour.unanswered(late=isinstance(outcome, Failure) and outcome.partial is not None)
        else:
            hour.answered(rtt, delay_variation)
        hour.measured(self._intervals[link])

    def carried(self, link: str, seen: Throughput) -> None:
        """So much passed a link between two polls."""
        if hour := self._rolling.get(link):
            hour.carried(_traffic(seen.download, seen.elapsed), _traffic(seen.upload, seen.elapsed))

    def was(self, link: str, state: State, seconds: float) -> None:
        """A link was in a state for so long."""
        if hour := self._rolling.get(link):
            hour.was(state, timedelta(seconds=seconds))

    def minute(self, link: str, *, stable: bool) -> None:
        """One more minute of a link could be judged."""
        if hour := self._rolling.get(link):
            hour.minute(stable=stable)

    def is_over(self, now: datetime) -> bool:
        """Whether another hour has begun since these did."""
        return hour_of(now) > hour_of(self._start)

    def close(self, now: datetime) -> list[RollupBlock]:
        """End these hours, at the full hour or, when the monitor stops, before; the next begin where they end."""
        end = min(now, hour_of(self._start) + timedelta(hours=1))
        if end <= self._start:
            return []
        blocks = [
            RollupBlock(ward, Span.HOUR, self._start, end, tuple(hour.rollup(end) for hour in hours))
            for ward, hours in self._by_ward().items()
        ]
        self._start = hour_of(now) if self.is_over(now) else end
        self._rolling = {link: RollingHour(("link", link), self._start) for link in self._rolling}
        return blocks

    def _by_ward(self) -> Mapping[str, list[RollingHour]]:
        wards: dict[str, list[RollingHour]] = {}
        for link, hour in self._rolling.items():
            wards.setdefault(self._wards[link], []).append(hour)
        return wards


def hour_of(now: datetime) -> datetime:
    """The begin of the hour that an aware time lies in."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _traffic(flow: Flow, elapsed: float) -> Traffic | None:
    bits = flow.bits_per_second
    return None if bits is None else Traffic(round(bits * elapsed / 8), bits)
