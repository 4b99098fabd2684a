"""Blocks of what the daemon has found out about a link or service: kept as it was said, text when somebody scrapes.

They are handed over for each link every few seconds and read once a minute, so that making them must cost next to
nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import ClassVar, Final, Literal

from exporters.blocks import number
from model.availability import Tally
from model.state import State
from model.throughput import Flow, Throughput
from model.units import spell_duration
from model.verdict import Outcome, Quality, Verdict
from model.window import StableMinutes, WindowFacts

Direction = Literal["download", "upload"]
"""Towards the site, or away from it."""

SPEED: Final = "linkward_link_speed_bits_per_second"

_MET: Final[Mapping[Outcome, int]] = {Outcome.MET: 1, Outcome.BREACHED: 0}
_VARIATION_SHARE: Final = 0.99
_SPEEDS: Final = frozenset({Quality.DOWNLOAD, Quality.UPLOAD})


def _value(verdict: Verdict) -> float | None:
    value = verdict.value
    return value if value is not None and isfinite(value) else None


_OF_VERDICTS: Final[Mapping[str, Callable[[Verdict], float | None]]] = {
    "linkward_requirement_threshold": lambda verdict: verdict.threshold,
    "linkward_requirement_met": lambda verdict: _MET.get(verdict.outcome),
    "linkward_requirement_value": _value,
}
_VERDICT_FAMILIES: Final = tuple(_OF_VERDICTS)


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdicts on one subject."""

    labels: str
    verdicts: tuple[Verdict, ...]

    @property
    def families(self) -> tuple[str, ...]:
        """Threshold, met, value."""
        return _VERDICT_FAMILIES

    def lines(self, position: int) -> bytes:
        """One line for each verdict that has this figure."""
        family = _VERDICT_FAMILIES[position]
        figure_of = _OF_VERDICTS[family]
        return "".join([
            f'{family}{{{self.labels},requirement="{verdict.requirement}"}} {number(figure)}\n'
            for verdict in self.verdicts
            if (figure := figure_of(verdict)) is not None
        ]).encode()


@dataclass(frozen=True, slots=True)
class RequiredSpeed:
    """The speed that the verdicts on one link hold it to."""

    labels: str
    verdicts: tuple[Verdict, ...]

    @property
    def families(self) -> tuple[str, ...]:
        """The speed."""
        return (SPEED,)

    def lines(self, _position: int) -> bytes:
        """One line for each direction."""
        return "".join([
            speed_line(self.labels, verdict.requirement.value, "required", verdict.threshold)
            for verdict in self.verdicts
            if verdict.requirement in _SPEEDS and verdict.threshold is not None
        ]).encode()


def speed_line(labels: str, direction: str, kind: str, speed: float) -> str:
    """One speed of a link."""
    return f'{SPEED}{{{labels},direction="{direction}",kind="{kind}"}} {number(speed)}\n'


@dataclass(frozen=True, slots=True)
class Known:
    """Figures of one subject, each of which may be absent.

    Attributes:
        labels: Label text without braces.
        families: The metrics.
        figures: The value of each; ``None`` where it is not known.
    """

    labels: str
    families: tuple[str, ...]
    figures: tuple[float | None, ...]

    def lines(self, position: int) -> bytes:
        """The line of one figure."""
        figure = self.figures[position]
        return b"" if figure is None else f"{self.families[position]}{{{self.labels}}} {number(figure)}\n".encode()


_WINDOW_FAMILIES: Final = (
    "linkward_link_loss_ratio",
    "linkward_link_delay_variation_seconds",
    "linkward_link_jitter_seconds",
)
_ACCOUNT_FAMILIES: Final = ("linkward_availability_ratio", "linkward_error_budget_remaining_ratio")
_MINUTE_FAMILIES: Final = ("linkward_link_stable_seconds_total", "linkward_link_judged_seconds_total")
_FLAP_FAMILIES: Final = ("linkward_link_flapping",)


def windowed(labels: str, facts: WindowFacts) -> Known:
    """What a link's window says. The figures are taken at once: the window's probes would be megabytes in a city."""
    variation = facts.delay_variation(_VARIATION_SHARE)
    finite = variation if variation is not None and isfinite(variation) else None
    return Known(labels, _WINDOW_FAMILIES, (facts.loss_ratio, finite, facts.jitter))


def accounted(labels: str, ratio: float | None, budget: float | None) -> Known:
    """The month's availability and what is left of its budget."""
    return Known(labels, _ACCOUNT_FAMILIES, (ratio, budget))


def minutes(labels: str, known: StableMinutes) -> Known:
    """For how long a link was stable, of the time that could be judged: minute by minute, told in seconds."""
    return Known(labels, _MINUTE_FAMILIES, (60 * known.stable, 60 * known.known))


@dataclass(frozen=True, slots=True)
class BurnRates:
    """How many times faster than tolerated the error budget goes, by the window that is looked at."""

    labels: str
    rates: Mapping[float, float | None]

    families: ClassVar[tuple[str, ...]] = ("linkward_error_budget_burn_rate",)

    def lines(self, _position: int) -> bytes:
        """One line for each window of which enough is known."""
        return "".join(
            f'{self.families[0]}{{{self.labels},window="{spell_duration(window)}"}} {number(rate)}\n'
            for window, rate in self.rates.items()
            if rate is not None
        ).encode()


def flapping(labels: str, *, is_flapping: bool) -> Known:
    """Whether a link is flapping."""
    return Known(labels, _FLAP_FAMILIES, (int(is_flapping),))


@dataclass(frozen=True, slots=True)
class StateSeconds:
    """The time that something has spent in each state."""

    family: str
    labels: str
    tally: Tally

    @property
    def families(self) -> tuple[str, ...]:
        """The one metric."""
        return (self.family,)

    def lines(self, _position: int) -> bytes:
        """One line per state."""
        head = f'{self.family}{{{self.labels},state="'
        return "".join([f'{head}{state}"}} {number(self.tally.of(state) / 1_000)}\n' for state in State]).encode()


@dataclass(frozen=True, slots=True)
class Outages:
    """How many outages of each class a link has had."""

    labels: str
    counts: tuple[tuple[str, int], ...]

    @property
    def families(self) -> tuple[str, ...]:
        """The one metric."""
        return ("linkward_link_outages_total",)

    def lines(self, _position: int) -> bytes:
        """One line per class."""
        head = f'linkward_link_outages_total{{{self.labels},class="'
        return "".join([f'{head}{name}"}} {count}\n' for name, count in self.counts]).encode()


_CARRIED_FAMILIES: Final = (SPEED, "linkward_link_utilization_ratio")


@dataclass(frozen=True, slots=True)
class Carried:
    """What passed over a link, each way."""

    labels: str
    throughput: Throughput

    @property
    def families(self) -> tuple[str, ...]:
        """Speed and utilization."""
        return _CARRIED_FAMILIES

    def lines(self, position: int) -> bytes:
        """One line for each direction that was measured."""
        ways: tuple[tuple[Direction, Flow], ...] = (
            ("download", self.throughput.download),
            ("upload", self.throughput.upload),
        )
        if position == 0:
            known = [(way, flow.bits_per_second) for way, flow in ways]
            lines = [speed_line(self.labels, way, "used", bits) for way, bits in known if bits is not None]
            return "".join(lines).encode()
        head = f'{_CARRIED_FAMILIES[1]}{{{self.labels},direction="'
        shares = [(way, flow.utilization) for way, flow in ways]
        return "".join([f'{head}{way}"}} {number(share)}\n' for way, share in shares if share is not None]).encode()


@dataclass(frozen=True, slots=True)
class ProvenSpeed:
    """The speed that a test of one direction of a link has shown, in bit/s."""

    labels: str
    direction: Direction
    speed: float

    @property
    def families(self) -> tuple[str, ...]:
        """The speed."""
        return (SPEED,)

    def lines(self, _position: int) -> bytes:
        """The one line."""
        return speed_line(self.labels, self.direction, "tested", self.speed).encode()
