"""How much of the period is known, and by what it was measured."""

from dataclasses import dataclass

from reports.sections.common import Span


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which the monitor saw nothing.

    Attributes:
        span: When.
        why: ``stopped`` where it did not run, ``blind`` where its anchors were silent.
    """

    span: Span
    why: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one link.

    Attributes:
        link: Its id.
        known: Share of the time under contract of which the state is known, 0 to 1.
        measured: Share of the time in which it was probed, 0 to 1; ``None`` where no rollup is stored.
    """

    link: str
    known: float | None
    measured: float | None


@dataclass(frozen=True, slots=True)
class DataQuality:
    """What the other sections rest on.

    Attributes:
        known: Share of the time of all links of which the state is known, 0 to 1; ``None`` without a link.
        is_low: Whether that is below 95 %, which is a finding by itself.
        monitor_seconds: Seconds in which a monitor ran and saw.
        stopped_seconds: Seconds in which none ran.
        blind_seconds: Seconds in which it ran and its anchors were silent.
        gaps: The longest twenty of these times, in order.
        gaps_in_all: How many there are.
        links_below: The links of which less than 95 % is known, the least first.
        probes_sent: Probes of the regular pace.
        probes_lost: Of them, without an answer in time.
        probes_late: Of the lost, answered too late.
        tests_run: Speed tests that gave a figure.
        tests_failed: Speed tests that gave none.
        tests_skipped: Speed tests that were planned and not run, by the reason.
        hours_expected: Hours of measurement that the period has, by ward and hour.
        hours_stored: Of them, those that are stored.
    """

    known: float | None
    is_low: bool | None
    monitor_seconds: float
    stopped_seconds: float
    blind_seconds: float
    gaps: tuple[Gap, ...]
    gaps_in_all: int
    links_below: tuple[Coverage, ...]
    probes_sent: int
    probes_lost: int
    probes_late: int
    tests_run: int
    tests_failed: int
    hours_expected: int
    hours_stored: int
    tests_skipped: tuple[tuple[str, int], ...] = ()
