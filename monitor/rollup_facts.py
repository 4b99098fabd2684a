"""What was measured of each subject, from blocks of rollups."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

from history.errors import DamagedError
from history.rollup import Rollup, RollupBlock, Traffic
from model.intervals import Interval, instant
from model.invalid import InvalidValueError
from model.sketch import Sketch
from reports.facts import Carried, Measured


async def measured_of(blocks: AsyncIterator[RollupBlock], *, by_day: bool) -> dict[str, list[Measured]]:
    """By subject, over the whole time or, where what is required has changed in it, block by block.

    Raises:
        HistoryError: A block cannot be read.
    """
    pieces: dict[str, list[Measured]] = defaultdict(list)
    async for block in blocks:
        for rollup in block.rollups:
            pieces[rollup.subject[1]].append(_measured(rollup))
    return dict(pieces) if by_day else {name: [together(some)] for name, some in pieces.items()}


def _measured(rollup: Rollup) -> Measured:
    try:
        rtt = None if rollup.rtt is None else Sketch.from_bytes(rollup.rtt)
        variation = None if rollup.delay_variation is None else Sketch.from_bytes(rollup.delay_variation)
    except InvalidValueError as error:
        raise DamagedError("a row of the table sketches", error.what) from error
    return Measured(
        span=Interval(instant(rollup.start), instant(rollup.end)),
        sent=rollup.sent,
        lost=rollup.lost,
        late=rollup.late,
        rtt=rtt,
        delay_variation=variation,
        covered=round(rollup.covered.total_seconds() * 1_000),
        download=_carried(rollup.download),
        upload=_carried(rollup.upload),
        stable_minutes=rollup.stable_minutes,
        known_minutes=rollup.known_minutes,
    )


def together(pieces: Sequence[Measured]) -> Measured:
    """All of it as one; without distributions where those of a piece are gone: the rest would look like the whole."""
    if len(pieces) == 1:
        return pieces[0]
    is_whole = all(piece.rtt is not None or not piece.sent for piece in pieces)
    return Measured(
        span=Interval(min(piece.span.start for piece in pieces), max(piece.span.end for piece in pieces)),
        sent=sum(piece.sent for piece in pieces),
        lost=sum(piece.lost for piece in pieces),
        late=sum(piece.late for piece in pieces),
        rtt=_sum([piece.rtt for piece in pieces]) if is_whole else None,
        delay_variation=_sum([piece.delay_variation for piece in pieces]) if is_whole else None,
        covered=sum(piece.covered for piece in pieces),
        download=_carried_together([piece.download for piece in pieces]),
        upload=_carried_together([piece.upload for piece in pieces]),
        stable_minutes=sum(piece.stable_minutes for piece in pieces),
        known_minutes=sum(piece.known_minutes for piece in pieces),
    )


def _sum(sketches: Sequence[Sketch | None]) -> Sketch | None:
    buckets: dict[int, int] = defaultdict(int)
    known = [sketch for sketch in sketches if sketch is not None]
    for sketch in known:
        for bucket, count in sketch.buckets.items():
            buckets[bucket] += count
    return Sketch(buckets, sum(sketch.lost for sketch in known)) if known else None


def _carried(traffic: Traffic | None) -> Carried | None:
    return None if traffic is None else Carried(traffic.octets, traffic.peak)


def _carried_together(pieces: Sequence[Carried | None]) -> Carried | None:
    known = [piece for piece in pieces if piece is not None]
    if not known:
        return None
    return Carried(sum(piece.octets for piece in known), max(piece.peak for piece in known))
