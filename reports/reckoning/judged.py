"""Whether a link or service kept its requirement over a month."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from math import inf
from typing import Final

from model.availability import Share
from model.evidence import decide
from model.intervals import SECOND, inside
from model.judge import LEAST_COVERAGE
from model.requirement import Requirement
from model.sketch import GROWTH, LEAST, Sketch
from model.verdict import Outcome, Quality
from reports.facts import Measured
from reports.reckoning.books import Book, Part, measure
from reports.sections.common import Judged

_BUCKETS: Final = 1_000  # more than a sketch has
RTT_SHARE: Final = 0.95
VARIATION_SHARE: Final = 0.99

_ENDS: Final = tuple(LEAST * GROWTH**bucket for bucket in range(_BUCKETS))


@dataclass(frozen=True, slots=True)
class Probes:
    """The probes of a span, without those of outages: an outage is judged once, as availability.

    Attributes:
        sent: How many are left.
        lost: Of them, without an answer in time.
        rtt: Their round-trip times; ``None`` where they are not kept.
        delay_variation: Their delays above the least, the lost as infinite; ``None`` likewise.
    """

    sent: int
    lost: int
    rtt: Sketch | None
    delay_variation: Sketch | None


def probes_of(measured: Measured, book: Book) -> Probes:
    """Leaves out as many lost probes as the time in which the link was down or unreachable held."""
    dark = inside(book.dark, measured.span)
    left_out = min(measured.lost, round(dark * measured.sent / measured.covered)) if measured.covered else 0
    lost = measured.lost - left_out
    # Where nothing came back there is no delay to be kept, and every probe that is left is infinitely late.
    variation = measured.delay_variation if measured.lost < measured.sent else Sketch()
    return Probes(
        measured.sent - left_out,
        lost,
        None if measured.rtt is None else Sketch(measured.rtt.buckets, max(0, measured.rtt.lost - left_out)),
        None if variation is None else Sketch(variation.buckets, lost),
    )


def all_probes(pieces: Sequence[Probes]) -> Probes:
    """The probes of several spans; without sketches where those of one are not kept."""
    return Probes(
        sum(piece.sent for piece in pieces),
        sum(piece.lost for piece in pieces),
        _all([piece.rtt for piece in pieces if piece.sent]),
        _all([piece.delay_variation for piece in pieces if piece.sent]),
    )


def quantile_of(sketch: Sketch | None, share: float) -> float | None:
    """Seconds; ``None`` where nothing is known, or it falls among the lost."""
    value = sketch.quantile(share) if sketch else None
    return None if value == inf else value


def on_availability(shares: Sequence[tuple[Part, Share]], outages: int) -> Iterator[Judged]:
    """By what all versions of the requirement tolerate together; nothing where none requires an availability.

    Of one version this is: met if the lowest reaches the target, breached if the highest misses it.
    """
    if not shares:
        return
    tolerated = down = unknown = up = 0.0
    for part, share in shares:
        target = _target(part)
        tolerated += (1 - target) * (share.up + share.down + share.unknown)
        up, down, unknown = up + share.up, down + share.down, unknown + share.unknown
    value = up / (up + down) if up + down else None
    yield Judged(
        Quality.AVAILABILITY, _outcome(shares, down, unknown, tolerated), value, _target(shares[-1][0]), outages
    )


def _outcome(shares: Sequence[tuple[Part, Share]], down: float, unknown: float, tolerated: float) -> Outcome:
    if len(shares) == 1:
        met = shares[0][1].meets(_target(shares[0][0]))
        return Outcome.UNKNOWN if met is None else Outcome.MET if met else Outcome.BREACHED
    if down > tolerated:
        return Outcome.BREACHED
    return (
        Outcome.MET
        if down + unknown <= tolerated and any(s.up + s.down + s.unknown for _, s in shares)
        else Outcome.UNKNOWN
    )


def budget_used(shares: Sequence[tuple[Part, Share]]) -> float | None:
    """Down time as a share of what all versions tolerate; ``None`` where nothing is tolerated or required."""
    tolerated = sum((1 - _target(part)) * (share.up + share.down + share.unknown) for part, share in shares)
    return sum(share.down for _, share in shares) / tolerated if tolerated > 0 else None


def on_probes(book: Book, probes: Sequence[Probes]) -> Iterator[Judged]:
    """Round-trip time, loss and delay variation, each piece of the month by what held when it began.

    Args:
        book: Of the link.
        probes: Of each piece that was measured.
    """
    pieces = [
        (book.part_at(one.span.start).required, some) for one, some in zip(book.facts.measured, probes, strict=True)
    ]
    covered = sum(one.covered for one in book.facts.measured)
    is_covered = covered >= LEAST_COVERAGE * measure(book.present) > 0
    for quality in (Quality.RTT, Quality.LOSS, Quality.DELAY_VARIATION):
        limits = [
            (limit, probes) for limit, probes in ((_limit(one, quality), p) for one, p in pieces) if limit is not None
        ]
        last = _limit(book.parts[-1].required, quality)
        if limits or last is not None:
            yield _on(quality, limits, last, is_covered=is_covered)


def _on(quality: Quality, pieces: Sequence[tuple[float, Probes]], last: float | None, *, is_covered: bool) -> Judged:
    probes = all_probes([one for _, one in pieces])
    value = _value(quality, probes)
    threshold = last if last is not None else pieces[-1][0]
    if not is_covered or not probes.sent:
        return Judged(quality, Outcome.UNKNOWN, value, threshold, probes.sent)
    counts = [_beyond(quality, limit, one) for limit, one in pieces]
    if None in counts:
        return Judged(quality, Outcome.UNKNOWN, value, threshold, probes.sent)
    surely = sum(count[0] for count in counts if count)
    perhaps = sum(count[1] for count in counts if count)
    n = sum(count[2] for count in counts if count)
    outcome = Outcome.UNKNOWN
    allowed = _allowed(quality, pieces)
    if decide(perhaps, n, allowed) is Outcome.MET:
        outcome = Outcome.MET
    elif decide(surely, n, allowed) is Outcome.BREACHED:
        outcome = Outcome.BREACHED
    return Judged(quality, outcome, value, threshold, n)


def _beyond(quality: Quality, limit: float, probes: Probes) -> tuple[int, int, int] | None:
    """How many are surely and perhaps beyond the limit, and of how many; ``None`` where it cannot be told."""
    if quality is Quality.LOSS:
        return probes.lost, probes.lost, probes.sent
    sketch = probes.rtt if quality is Quality.RTT else probes.delay_variation
    if sketch is None:
        return None if probes.sent else (0, 0, 0)
    # Bucket b ends at _ENDS[b], so that all of the buckets from the first on that begins at the limit are beyond it.
    first, divided = bisect_left(_ENDS, limit) + 1, bisect_right(_ENDS, limit)
    perhaps = sum(count for bucket, count in sketch.buckets.items() if bucket >= divided)
    surely = sum(count for bucket, count in sketch.buckets.items() if bucket >= first)
    return surely + sketch.lost, perhaps + sketch.lost, sketch.n


def _allowed(quality: Quality, pieces: Sequence[tuple[float, Probes]]) -> float:
    if quality is not Quality.LOSS:
        return 1 - (RTT_SHARE if quality is Quality.RTT else VARIATION_SHARE)
    sent = sum(probes.sent for _, probes in pieces)
    limits = {limit for limit, _ in pieces}
    return limits.pop() if len(limits) == 1 else sum(limit * probes.sent for limit, probes in pieces) / sent


def _value(quality: Quality, probes: Probes) -> float | None:
    match quality:
        case Quality.RTT:
            return quantile_of(probes.rtt, RTT_SHARE)
        case Quality.LOSS:
            return probes.lost / probes.sent if probes.sent else None
        case _:
            return quantile_of(probes.delay_variation, VARIATION_SHARE)


def _limit(required: Requirement | None, quality: Quality) -> float | None:
    if required is None:
        return None
    limits = {Quality.RTT: required.rtt_p95, Quality.LOSS: required.loss}
    return limits.get(quality, required.delay_variation_p99)


def _target(part: Part) -> float:
    required = part.required
    assert required is not None  # noqa: S101  # shares are of parts that require an availability
    assert required.availability is not None  # noqa: S101  # who judges it has seen that it is
    return required.availability


def _all(sketches: Sequence[Sketch | None]) -> Sketch | None:
    known = [sketch for sketch in sketches if sketch is not None]
    if not known or len(known) < len(sketches):
        return None
    return reduce(Sketch.merged, known)


def whole_verdict(judged: Sequence[Judged], late: int, *, is_to_be_restored: bool) -> Outcome | None:
    """Breached if one part is or a repair took too long, met if all parts are; ``None`` where nothing is required.

    Args:
        judged: Part by part.
        late: Outages that lasted longer than the time to restore.
        is_to_be_restored: Whether such a time is required.
    """
    outcomes = {one.outcome for one in judged}
    if late or Outcome.BREACHED in outcomes:
        return Outcome.BREACHED
    if Outcome.UNKNOWN in outcomes:
        return Outcome.UNKNOWN
    return Outcome.MET if outcomes or is_to_be_restored else None


def seconds(milliseconds: float) -> float:
    """Of milliseconds."""
    return milliseconds / SECOND
