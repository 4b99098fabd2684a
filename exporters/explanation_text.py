"""An explanation as text, for a terminal."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from exporters.desk import Decided
from exporters.explanation import Change, Explanation, Gap, Parent, Work
from model.state import State
from model.text import harmless
from model.units import format_duration


def explanation_text(explanation: Explanation) -> str:
    """What it is, since when and why, and then what belongs to it; a part of which nothing is known is left out."""
    told = _Told(explanation)
    parts = [f"\n{heading}\n{_indented(lines)}" for heading, lines in told.parts() if lines]
    return "\n".join([told.headline(), *told.reason(), *parts, ""])


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"  {harmless(line)}" for line in lines)


class _Told:
    """Tells one explanation in the ward's time."""

    def __init__(self, explanation: Explanation) -> None:
        self._it = explanation
        self._zone = ZoneInfo(explanation.timezone)
        self._day = explanation.at.astimezone(self._zone).date()

    def headline(self) -> str:
        """What it was in, and since when."""
        it = self._it
        name = f" ({harmless(it.name)})" if it.name else ""
        at = it.at.astimezone(self._zone)
        return f"{it.kind} {it.id}{name}, site {it.site}: {it.state} at {at:%Y-%m-%d %H:%M:%S} {it.timezone}" + (
            f", since {self._local(it.since)}, for {self._lasted(it.since, it.at)}" if it.since else ""
        )

    def reason(self) -> Iterator[str]:
        """Why, as far as that is known."""
        it = self._it
        match it.state:
            case State.MAINTENANCE:
                yield f"because a maintenance window over it is open; beneath that it is {it.beneath}"
            case State.UNREACHABLE:
                roots = [f"{root.kind} {root.id} is {root.state}" for root in it.parents if root.explains]
                yield f"because {' and '.join(roots) or 'something that it depends on was lost'}"
            case State.UNKNOWN if gap := self._gap():
                yield f"because the monitor was {_absence(gap)}"
            case _:
                begun = [change.words for change in it.changes if change.at <= it.at and change.after is it.state]
                yield from (f"because of this: {harmless(words)}" for words in begun[-1:] if words)

    def parts(self) -> Iterator[tuple[str, list[str]]]:
        """Headings and the lines below them."""
        it = self._it
        further = [f"and {it.left_out} more"] if it.left_out else []
        yield "What happened", [*map(self._change, it.changes), *further]
        yield (
            "It depends on",
            [*map(self._parent, it.parents), *(_either(group) for group in it.depends_on if len(group) > 1)],
        )
        yield "Maintenance", [*map(self._work, it.maintenance)]
        yield "Told", [*map(self._decided, it.decisions or ())]
        yield f"Required{f' ({it.requirement})' if it.requirement else ''}", [each.words for each in it.thresholds]
        yield "Judged", [f"{each.words}; since {self._local(each.since)}" for each in it.verdicts or ()]
        yield "The monitor itself", [*map(self._monitor, it.gaps)]

    def _gap(self) -> Gap | None:
        return next((gap for gap in self._it.gaps if gap.start <= self._it.at <= gap.end), None)

    def _change(self, change: Change) -> str:
        sure = f" ± {format_duration(change.uncertainty_seconds)}" if change.uncertainty_seconds else ""
        noticed = f", noticed after {self._lasted(change.at, change.noticed_at)}"
        why = f": {change.words}" if change.words else ""
        return f"{self._local(change.at)}{sure}  {change.before} to {change.after}{noticed}{why}"

    def _parent(self, parent: Parent) -> str:
        since = f" since {self._local(parent.since)}" if parent.since else ""
        indirectly = "" if parent.direct else ", indirectly"
        return f"{parent.kind} {parent.id}{indirectly}: {parent.state}{since}"

    def _work(self, work: Work) -> str:
        until = f"{self._local(work.start)} to {self._local(work.end)}"
        reason = f": {work.reason}" if work.reason else ""
        late = "" if work.excuses else "; announced after it opened, so it excuses nothing"
        return f"{work.id}, {until}{reason}{late}"

    def _decided(self, decided: Decided) -> str:
        of = f" ({decided.requirement})" if decided.requirement else ""
        incident = f", incident {decided.incident}" if decided.incident else ""
        detail = f": {decided.detail}" if decided.detail else ""
        return f"{self._local(decided.at)}  {decided.alertname}{of}: {decided.outcome}{incident}{detail}"

    def _monitor(self, gap: Gap) -> str:
        if gap.start <= self._it.looked_from:  # when that began lies beyond what was looked at
            return f"{_absence(gap)} until {self._local(gap.end)}"
        lasted = self._lasted(gap.start, gap.end)
        return f"{_absence(gap)} from {self._local(gap.start)} to {self._local(gap.end)}, for {lasted}"

    def _local(self, moment: datetime) -> str:
        there = moment.astimezone(self._zone)
        return f"{there:%H:%M:%S}" if there.date() == self._day else f"{there:%Y-%m-%d %H:%M:%S}"

    @staticmethod
    def _lasted(start: datetime, end: datetime) -> str:
        return format_duration(max(0.0, (end - start).total_seconds()))


def _absence(gap: Gap) -> str:
    return "cut off from its anchors" if gap.blind else "not running"


def _either(group: Sequence[str]) -> str:
    return f"one of {', '.join(group)} is enough"
