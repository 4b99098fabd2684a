"""The page of one link: how long probes take, what it must deliver, what it was in, how fast it is."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Final

from exporters.api.explanations import explanation
from exporters.api.incidents import LOOKED_BACK, newest_first
from exporters.explanation import Explanation
from exporters.explanation_text import explanation_lines
from exporters.pages.frame import Frame
from exporters.pages.jinja import Templates, part_of
from exporters.pages.live import Fragment
from exporters.pages.places import work_on
from exporters.pages.smoke import Digest, Smoke, digest, digests, smoke
from exporters.pages.sources import Sources
from exporters.pages.speed_part import SpeedPart
from exporters.pages.strip import States, Strip, days, states_in, strip
from exporters.pages.telling import Telling
from exporters.pages.tree import Tree, tree
from exporters.past import Past, PastUnavailableError
from exporters.speeds import speeds_of
from exporters.status import PartStatus, site_status
from exporters.told import Told
from exporters.zones import zone_of
from model.incident import Incident
from model.intervals import DAY, Interval, Spans, common, instant, merged
from model.inventory import Language, Link, Site
from model.latency import Column
from model.maintenance import covers
from model.measurement import SubjectKey
from model.verdict import Quality, Verdict

RANGES: Final[Mapping[str, int]] = {
    "15m": DAY // 96,
    "1h": DAY // 24,
    "6h": DAY // 4,
    "24h": DAY,
    "7d": 7 * DAY,
    "30d": 30 * DAY,
}
"""What a graph may show, in milliseconds."""
USUAL: Final = "1h"

FRAGMENTS: Final = ("state", "incidents", "graph", "speeds", "test", "requirement", "trees")
"""The parts of the page that change without a look into the history."""
SLOW: Final = ("timeline", "why")
"""Those that need one."""

_DAYS: Final = 14
_ROWS: Final = 24
_KINDS: Final = ("contracted", "required", "negotiated", "tested", "used")


@dataclass(frozen=True, slots=True)
class Bar:
    """One speed.

    Attributes:
        kind: Which, such as contracted.
        speed: In bit/s.
        share: Of the highest one, in percent.
    """

    kind: str
    speed: float
    share: float


@dataclass(frozen=True, slots=True)
class Graph:
    """Round-trip times over one range.

    Attributes:
        range: Which, a key of ``RANGES``.
        drawn: It; ``None`` where nothing was measured.
        digest: All of it in a few numbers; likewise.
        rows: Part by part.
        limit: The time that is required in seconds; ``None`` where none is.
        is_whole: Whether the history could be read.
    """

    range: str
    drawn: Smoke | None
    digest: Digest | None
    rows: Sequence[Digest]
    limit: float | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Before:
    """What only the history knows.

    Attributes:
        days: One strip for each of the last days; ``None`` where they cannot be read.
        states: In which state it was when, over these days.
        incidents: Those of the last days that are over.
        why: An explanation of its state; ``None`` where it cannot be had.
        hours: The columns of the graph that are not in memory.
        blind: When the monitor itself was cut off: what was lost then says nothing of the link.
        is_whole: Whether all of it could be read.
    """

    days: Sequence[Strip] | None
    states: States
    incidents: Sequence[Incident]
    why: Explanation | None
    hours: Sequence[Column]
    blind: Spans
    is_whole: bool


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link at one moment.

    Attributes:
        tell: In which language and time.
        mark: Up to which change it is known.
        site: Where it ends.
        link: By the inventory.
        status: What it is in.
        verdicts: On it.
        incidents: That are about it and last; ``None`` where alerting is not running.
        graph: Its round-trip times.
        strip: Its states over the same time; ``None`` where they cannot be read.
        speeds: For each direction, its speeds.
        test: Its speed tests; ``None`` where none are wanted.
        work: Planned work on it that is not over.
        above: What it hangs on.
        below: What hangs on it.
        before: What the history knows.
    """

    tell: Telling
    mark: str
    site: Site
    link: Link
    status: PartStatus
    verdicts: Sequence[Verdict]
    incidents: Sequence[Incident] | None
    graph: Graph
    strip: Strip | None
    speeds: Mapping[str, Sequence[Bar]]
    test: SpeedPart | None
    work: Sequence[object]
    above: Tree
    below: Tree
    before: Before

    @property
    def why(self) -> list[Told]:
        """Why it is in its state; empty where that cannot be told."""
        return explanation_lines(self.before.why, self.tell.language) if self.before.why else []

    @property
    def needs_one_of_several(self) -> bool:
        """Whether it needs only one of several links."""
        return len(self.above.nodes) > 1 and all(node.subject[0] == "link" for node in self.above.nodes)


def period_of(name: str, now: datetime) -> Interval:
    """The time that a range means."""
    end = instant(now)
    return Interval(end - RANGES[name], end)


async def read_before(sources: Sources, site: Site, link: Link, name: str) -> Before:
    """What the history knows of a link: parts that cannot be read are left out, and that is said."""
    subject: SubjectKey = ("link", link.id)
    now = sources.past.now()
    zone = zone_of(sources.past.inventory, site)
    period = Interval(instant(now) - max(_DAYS * DAY, RANGES[name]), instant(now))
    found, hours, over, why = await asyncio.gather(
        sources.past.past((subject,), period),
        sources.latency.hours(link.id, period_of(name, now)),
        _over(sources, link, now),
        _why(sources, subject),
        return_exceptions=True,
    )
    failed = [each for each in (found, hours, over, why) if isinstance(each, BaseException)]
    for error in failed:
        if not isinstance(error, PastUnavailableError):
            raise error
    states: States = ()
    if isinstance(found, Past):
        mine = [each for each in found.announcements if covers(each.window, subject, site.id)]
        states = states_in(found, subject, period, zone, mine)
    return Before(
        days=list(days(states, now, zone, _DAYS)) if states else None,
        states=states,
        incidents=[] if isinstance(over, BaseException) else over,
        why=None if isinstance(why, BaseException) else why,
        hours=[] if isinstance(hours, BaseException) else hours,
        blind=merged(found.blind) if isinstance(found, Past) else (),
        is_whole=not failed,
    )


async def _over(sources: Sources, link: Link, now: datetime) -> list[Incident]:
    if sources.desk is None:
        return []
    found = await sources.desk.incidents(now - LOOKED_BACK, now)
    return newest_first(one for one in found if not one.is_open and sources.touches(one, link=link.id))


async def _why(sources: Sources, subject: SubjectKey) -> Explanation:
    return await explanation(sources.past, subject, None, sources.verdicts_of, sources.desk)


def link_view(
    sources: Sources,
    site: Site,
    link: Link,
    name: str,
    *,
    before: Before,
    test: SpeedPart | None = None,
    language: Language | None = None,
) -> LinkView:
    """A link as it is now, beside what the history knew when it was read."""
    subject: SubjectKey = ("link", link.id)
    past, ward = sources.past, sources.past.inventory.ward_of(site)
    tell = Telling(sources.names, ward.id if ward else "", past.now(), language)
    period = period_of(name, tell.now)
    verdicts = tuple(sources.verdicts_of(subject))
    return LinkView(
        tell=tell,
        mark=sources.feed.mark,
        site=site,
        link=link,
        status=next(part for part in site_status(site, past.state).links if part.id == link.id),
        verdicts=verdicts,
        incidents=sources.open_incidents(link=link.id) if sources.desk else None,
        graph=_graph(_columns(sources, link, period, before), name, verdicts, tell, is_whole=before.is_whole),
        strip=strip(before.states, period) if before.states else None,
        speeds=_bars(speeds_of(link.id, sources.blocks(site.id))),
        test=test,
        work=work_on(sources, site, link.id),
        above=tree(past.topology.parents(subject), past.topology.parents, past.state),
        below=tree(past.topology.children(subject), past.topology.children, past.state),
        before=before,
    )


def _columns(sources: Sources, link: Link, period: Interval, before: Before) -> list[Column]:
    recent = [each for each in sources.latency.recent(link.id, period) if not common((each.span,), before.blind)]
    return _joined(before.hours, recent, prefer_hours=period.length > DAY)


def _graph(
    columns: Sequence[Column], name: str, verdicts: Sequence[Verdict], tell: Telling, *, is_whole: bool
) -> Graph:
    limit = next((verdict.threshold for verdict in verdicts if verdict.requirement is Quality.RTT), None)
    if not columns:
        return Graph(name, None, None, (), limit, is_whole)
    period = period_of(name, tell.now)
    drawn = smoke(columns, period, tell.zone, limit)
    return Graph(name, drawn, digest(columns), digests(columns, period, _ROWS), limit, is_whole)


def _joined(hours: Sequence[Column], recent: Sequence[Column], *, prefer_hours: bool) -> list[Column]:
    """Both kinds of columns, so that no time is there twice."""
    if prefer_hours:
        end = hours[-1].span.end if hours else 0
        return [*hours, *(column for column in recent if column.span.start >= end)]
    start = recent[0].span.start if recent else inf
    return [*(column for column in hours if column.span.end <= start), *recent]


def _bars(speeds: Mapping[tuple[str, str], float]) -> Mapping[str, Sequence[Bar]]:
    highest = max(speeds.values(), default=0.0) or 1.0
    ways = {
        way: [
            Bar(kind, speeds[way, kind], round(100 * speeds[way, kind] / highest, 1))
            for kind in _KINDS
            if (way, kind) in speeds
        ]
        for way in ("download", "upload")
    }
    return {way: bars for way, bars in ways.items() if bars}


class LinkPage:
    """Makes the page and its parts."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def html(self, view: LinkView) -> str:
        """The whole page."""
        query = {"range": view.graph.range} if view.graph.range != USUAL else {}
        frame = Frame.of(view.tell, "link", view.mark, here="", steps=("links", view.link.id), query=query)
        return self._templates.fill("link.html", view.tell, frame=frame, view=view, range_names=list(RANGES))

    def fragments(self, view: LinkView, names: Sequence[str]) -> list[Fragment]:
        """Some of its parts, each anew."""
        return [
            Fragment(name, self._templates.fill(part_of("link", name), view.tell, view=view, range_names=list(RANGES)))
            for name in names
        ]
