"""What was measured of each link in the hour that goes on; at its end it becomes one block of rollups for each ward."""

from datetime import UTC, datetime, timedelta

from history.rollup import RollingHour, RollupBlock, Span, Traffic
from model.inventory import Inventory
from model.lateness import LATEST
from model.measurement import Failure, Measurement
from model.state import State
from model.throughput import Flow, Throughput
from model.window import LOST, sample_of

NO_WARD = "-"
"""The ward of the links of an inventory without wards."""

_HOUR = timedelta(hours=1)
_LATE = timedelta(seconds=LATEST + 1)


class Hours:
    """The rolling hours of all links.

    What is measured counts in the hour in which it began, and an hour is closed when its last probes have come back.
    What belongs to an hour that is closed already, as after the clock was set back, counts in the one that goes on.

    Args:
        now: When they begin, aware UTC.
    """

    def __init__(self, now: datetime) -> None:
        self._begun = now
        self._wards: dict[str, str] = {}
        self._intervals: dict[str, timedelta] = {}
        self._hours: dict[datetime, dict[str, RollingHour]] = {}

    def load(self, inventory: Inventory) -> None:
        """Take over an inventory; what was gathered before stays, also of links that are gone."""
        self._intervals = {}
        for site, link in inventory.links():
            ward = inventory.ward_of(site)
            self._wards[link.id] = ward.id if ward else NO_WARD
            self._intervals[link.id] = timedelta(seconds=link.interval)

    def took(self, measurement: Measurement, delay_variation: float | None) -> None:
        """A probe of the regular pace has ended."""
        link = measurement.subject.id
        hour, rtt = self._hour(link, measurement.at), sample_of(measurement)
        if hour is None or rtt is None:
            return
        if rtt == LOST:
            outcome = measurement.outcome
            hour.unanswered(late=isinstance(outcome, Failure) and outcome.partial is not None)
        else:
            hour.answered(rtt, delay_variation)
        hour.measured(self._intervals[link])

    def carried(self, link: str, seen: Throughput, at: datetime) -> None:
        """So much passed a link between the poll before and the one at this time, aware."""
        if hour := self._hour(link, at):
            hour.carried(_traffic(seen.download, seen.elapsed), _traffic(seen.upload, seen.elapsed))

    def was(self, link: str, state: State, seconds: float, at: datetime) -> None:
        """A link was in a state for so long, until this time, aware."""
        if hour := self._hour(link, at):
            hour.was(state, timedelta(seconds=seconds))

    def minute(self, link: str, at: datetime, *, stable: bool) -> None:
        """One more minute of a link could be judged; it ended then, aware."""
        if hour := self._hour(link, at):
            hour.minute(stable=stable)

    def is_over(self, now: datetime) -> bool:
        """Whether an hour is over, and all that belongs to it has come."""
        return hour_of(now - _LATE) > hour_of(self._begun)

    def over(self, now: datetime) -> list[RollupBlock]:
        """End the hours that are over."""
        this_hour = hour_of(now - _LATE)
        blocks = self._blocks([hour for hour in self._hours if hour < this_hour], now)
        self._begun = max(self._begun, this_hour)
        return blocks

    def rest(self, now: datetime) -> list[RollupBlock]:
        """End all of them, because the monitor stops."""
        blocks = self._blocks(list(self._hours), now)
        self._begun = max(self._begun, now)
        return blocks

    def _hour(self, link: str, at: datetime) -> RollingHour | None:
        if link not in self._intervals:
            return None
        hour = max(hour_of(at), hour_of(self._begun))
        links = self._hours.setdefault(hour, {})
        if link not in links:
            links[link] = RollingHour(("link", link), max(hour, self._begun))
        return links[link]

    def _blocks(self, hours: list[datetime], now: datetime) -> list[RollupBlock]:
        found = []
        for hour in sorted(hours):
            start, end = max(hour, self._begun), min(now, hour + _HOUR)
            wards: dict[str, list[RollingHour]] = {}
            for link, rolling in self._hours.pop(hour).items():
                wards.setdefault(self._wards[link], []).append(rolling)
            found += [
                RollupBlock(ward, Span.HOUR, start, end, tuple(rolling.rollup(end) for rolling in links))
                for ward, links in wards.items()
                if start < end
            ]
        return found


def hour_of(now: datetime) -> datetime:
    """The begin of the hour that an aware time lies in."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _traffic(flow: Flow, elapsed: float) -> Traffic | None:
    bits = flow.bits_per_second
    return None if bits is None else Traffic(round(bits * elapsed / 8), bits)
