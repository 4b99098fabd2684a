"""What people had at each site: it is lost while all of its links are, and only what is not planned counts."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby, pairwise

from model.availability import Share
from model.intervals import SECOND, Interval, Spans, clipped, common, inside, merged, without
from reports.reckoning.books import Book, Reckoner, measure
from reports.reckoning.judged import seconds
from reports.sections.links import SiteRow

_OUTAGE = 10 * SECOND
_HOUR = 3_600 * SECOND


@dataclass(frozen=True, slots=True)
class SiteBook:
    """One site in a month.

    Attributes:
        id: Its id.
        links: Its links that were there.
        weights: Whom it serves in an hour, part by part; ``None`` where nobody says.
        open: Its service hours while it had a link, without time in which all that failed was planned.
        lost: Of them, when no link passed, and none that was not in maintenance may have.
        unknown: Of them, when a link may have passed.
        passing: When any link passed, at all hours.
        cut: When all of its links were lost, at all hours, maintenance or not.
        interruptions: Times without a passing link, at least 10 s lost, that began in the month and cost service hours.
    """

    id: str
    links: tuple[Book, ...]
    weights: tuple[tuple[Interval, float | None], ...]
    open: Spans
    lost: Spans
    unknown: Spans
    passing: Spans
    cut: Spans
    interruptions: int

    @property
    def weight(self) -> float | None:
        """Whom it serves in an hour, as it was at last."""
        return self.weights[-1][1]

    @property
    def share(self) -> Share:
        """What people had of it."""
        down, unknown = measure(self.lost), measure(self.unknown)
        return Share(measure(self.open) - down - unknown, down, unknown)

    def citizen_hours(self, spans: Spans) -> float | None:
        """Citizen-hours in some spans; ``None`` where nobody says whom it serves."""
        if all(weight is None for _, weight in self.weights):
            return None
        return sum(inside(spans, part) / _HOUR * (weight or 0.0) for part, weight in self.weights)

    def lost_in(self, start: int, end: int) -> float | None:
        """Citizen-hours that it lost between two instants."""
        return self.citizen_hours(clipped(self.lost, Interval(start, end)))


def site_books(books: Sequence[Book], reckoner: Reckoner) -> list[SiteBook]:
    """The sites of links that are in order of their sites."""
    return [_site(name, tuple(links), reckoner) for name, links in groupby(books, key=lambda book: book.last.site)]


def _site(name: str, links: tuple[Book, ...], reckoner: Reckoner) -> SiteBook:
    span = reckoner.month.span
    present = merged(span for book in links for span in book.present)
    parts = tuple(_parts(links))
    hours = merged(
        piece for within, texts, _ in parts for piece in clipped(common(reckoner.hours_of(texts), present), within)
    )
    passing = merged(piece for book in links for piece in book.passing)
    stopped = without(present, passing)
    planned = _in_all(links, span, lambda book: common(book.excused, book.present))
    failed = without(_in_all(links, span, lambda book: merged([*book.dark, *book.excused])), planned)
    lost = common(stopped, failed)
    unknown = without(without(stopped, planned), failed)
    return SiteBook(
        id=name,
        links=links,
        weights=tuple((within, weight) for within, _, weight in parts),
        open=without(hours, common(stopped, planned)),
        lost=common(lost, hours),
        unknown=common(unknown, hours),
        passing=passing,
        cut=common(stopped, _in_all(links, span, lambda book: book.dark)),
        interruptions=_interruptions(links, lost, passing, hours, span),
    )


def _parts(links: Sequence[Book]) -> Iterator[tuple[Interval, tuple[str, ...], float | None]]:
    """What the site's links say of it, part by part; where they differ, the first that is there."""
    edges = sorted({edge for book in links for part in book.parts for edge in part.span})
    for start, end in pairwise(edges):
        held = (part.held for book in links for part in book.parts if part.span.start <= start < part.span.end)
        if (first := next(held, None)) is not None:
            yield Interval(start, end), first.service_hours, first.citizens_per_hour


def _in_all(links: Sequence[Book], span: Interval, spans_of: Callable[[Book], Spans]) -> Spans:
    """When something holds for all links that are there."""
    absent = (without((span,), book.present) for book in links)
    each = (merged([*spans_of(book), *gone]) for book, gone in zip(links, absent, strict=True))
    return clipped(reduce(common, each), span)


def _interruptions(links: Sequence[Book], lost: Spans, passing: Spans, hours: Spans, span: Interval) -> int:
    starts = [one.start for one in passing]
    episodes = (list(spans) for _, spans in groupby(lost, key=lambda one: bisect_right(starts, one.start)))
    whole = (tuple(spans) for spans in episodes if not _began_before(links, spans[0].start, span.start))
    return sum(measure(spans) >= _OUTAGE and bool(common(spans, hours)) for spans in whole)


def _began_before(links: Sequence[Book], start: int, begin: int) -> bool:
    if start > begin:
        return False
    there = [book for book in links if book.present[0].start == begin and book.facts.terms[0].since < begin]
    lost = (any(one.state.is_lost and one.start < begin <= one.end for one in book.stretches) for book in there)
    return bool(there) and all(lost)


def site_row(book: SiteBook, names: Mapping[str, str]) -> SiteRow:
    """The site as the review shows it."""
    share = book.share
    return SiteRow(
        id=book.id,
        name=names.get(book.id, ""),
        links=tuple(link.id for link in book.links),
        citizens_per_hour=book.weight,
        service=share.shares,
        open_seconds=seconds(measure(book.open)),
        lost_seconds=seconds(share.down),
        unknown_seconds=seconds(share.unknown),
        interruptions=book.interruptions,
        citizen_hours=book.citizen_hours(book.lost),
        citizen_hours_at_most=book.citizen_hours(merged([*book.lost, *book.unknown])),
    )
