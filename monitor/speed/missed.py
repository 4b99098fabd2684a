"""Which planned tests fell into a time in which the monitor was off: nobody could say then that they were not run.

What was planned is what the terms of the history say for that time, not what the inventory says now. A test belongs to
the instant by which it must have begun: whoever was on then has run it, or written down why not.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Any, Final

from history.facts import Document, Terms
from history.store import Store
from model.intervals import Interval, Spans, between, common, instant, merged, without
from model.inventory import Link
from model.measurement import SubjectKey
from model.speed_schedule import Due, Plan, plan_of

BEFORE: Final = timedelta(minutes=1)
"""Before the end of a run in which what had come to its end was not looked at any more."""


def stated(link: Link) -> Document | None:
    """What the terms of a link say of its plan; ``None`` where it is not tested by itself."""
    plan = plan_of(link)
    return None if plan is None else {"windows": list(plan.windows), "per_day": plan.per_day}


async def off_since(store: Store, start: datetime, end: datetime) -> Spans:
    """When this monitor was off, with the last minute before; the time before its first start is among it."""
    runs = merged(between(one.began, one.until) for one in await store.heartbeats(start, end, store.monitor))
    gaps = without((between(start, end),), runs)
    return merged(Interval(gap.start - BEFORE // timedelta(milliseconds=1), gap.end) for gap in gaps)


def missed(
    terms: Mapping[SubjectKey, list[Terms]], off: Spans, zones: Mapping[str, tzinfo], until: datetime
) -> Iterator[list[Due]]:
    """Link by link the tests that were planned and whose time ended while the monitor was off.

    Args:
        terms: Of that time, as the history gives them.
        off: When it was.
        zones: Of each ward by its id; links of others are left out. A link without a ward has the ward "".
        until: The end of it all, aware UTC.
    """
    for subject, rows in terms.items():
        found: list[Due] = []
        for span, content in _held(rows, until) if subject[0] == "link" else ():
            zone, plan = zones.get(str(content.get("ward") or "")), _plan(subject[1], content)
            if zone is not None and plan is not None:
                found += [due for gap in common(off, (span,)) for due in plan.ending_in(gap, zone)]
        yield found


def _held(rows: list[Terms], until: datetime) -> Iterator[tuple[Interval, Document]]:
    edges = [*(instant(row.since) for row in rows), instant(until)]
    for row, span in zip(rows, pairwise(edges), strict=True):
        if row.content is not None and span[0] < span[1]:
            yield Interval(*span), row.content


def _plan(link: str, content: Document) -> Plan | None:
    said: Any = content.get("speed_test")
    return Plan(link, tuple(said["windows"]), said["per_day"]) if said else None
