"""What was computed of months that are over is kept, and believed only while all that it rests on is as it was.

A month has a basis: a digest of the program's own text, of what held, of when the monitor ran, of the work that was
announced, and of the seals of all rows that the month would be computed from. What a month recommends, and how soon
people took on what it told of, rests also on its incidents, on what people wrote and on the months before it, and has a
basis of its own.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import history
import model
import monitor
import reports
from history.facts import KeptMonth
from history.stamp import BEHIND
from history.store import Store
from model.incident import Incident
from model.intervals import DAY, Interval, moment
from model.invalid import InvalidValueError
from model.maintenance import Announcement, open_spans
from model.periods import Period
from monitor.review_asked import WardAsked
from monitor.review_facts import Asking, Reader, Written
from reports.reckoning.keeping import document_of, month_of_document
from reports.reckoning.past import PastMonth

_BEFORE: Final = 40 * DAY
"""Milliseconds before a month in which announced work may still bear on it."""
_ADVICE_BASIS: Final = "advice_basis"


@dataclass(frozen=True, slots=True)
class Basis:
    """What a month rests on.

    Attributes:
        figures: Digest of it.
        advice: Of what its recommendations and its incidents' figures rest on; empty where they are not asked for, or
            cannot be kept.
    """

    figures: str
    advice: str = ""


def program() -> str:
    """A digest of the program's text: another program keeps months of its own.

    All of it, so that nobody has to say which modules have a part in a month.
    """
    packages = (model, history, reports, monitor)
    digest = hashlib.sha256(version("linkward").encode())
    for path in sorted(path for package in packages for path in Path(package.__path__[0]).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Shelf:
    """The kept months of one ward.

    Args:
        store: The history.
        reader: Of the history.
        now: Aware UTC.
        who: The program, by its digest.
    """

    def __init__(self, store: Store, reader: Reader, now: datetime, who: str) -> None:
        self._store, self._reader, self._now, self._program = store, reader, now, who
        self._found: dict[str, Mapping[str, Any]] = {}
        self._bases: list[str] = []
        self._new: list[KeptMonth] = []

    async def open(self, ward: WardAsked, first: Period, last: Period) -> None:
        """Look what is kept of a ward from one month to another."""
        if _is_whole(ward):
            start, end = moment(first.interval.start), moment(last.interval.end)
            kept = await self._store.kept_months(ward.key, start, end)
            self._found = {one.basis: one.content for one in kept}

    async def basis(self, asking: Asking, written: Written, told: Sequence[Incident] | None) -> Basis | None:
        """What a month rests on; ``None`` where it cannot be kept: it is narrowed, or not long enough over.

        To be asked of all months in their order, since recommendations rest on those before, too.

        Args:
            asking: The month.
            written: By people.
            told: Its incidents; ``None`` where neither what it recommends nor what they say is wanted.
        """
        if not _is_whole(asking.ward) or moment(asking.period.interval.end) + BEHIND > self._now:
            self._bases.append("")
            return None
        figures = _digest(await self._grounds(asking, written))
        self._bases.append(figures)
        if told is None or not all(self._bases):
            return Basis(figures)
        return Basis(figures, _digest([self._bases, *self._of_advice(asking, written, told)]))

    def find(self, basis: Basis) -> PastMonth | None:
        """What is kept of a month; ``None`` where nothing is, or it rests on something else."""
        content = self._found.get(basis.figures)
        if content is None or (basis.advice and content.get(_ADVICE_BASIS) != basis.advice):
            return None
        with suppress(InvalidValueError):
            found = month_of_document(content)
            return found if basis.advice else replace(found, advice=())
        return None

    def put(self, asking: Asking, basis: Basis, month: PastMonth) -> None:
        """Let a month be kept."""
        start, end = (moment(at) for at in asking.period.interval)
        content = {**document_of(month), _ADVICE_BASIS: basis.advice}
        self._new.append(KeptMonth(asking.ward.key, start, end, basis.figures, self._now, content))

    async def close(self) -> None:
        """Write down what is new."""
        if self._new:
            await self._store.keep(self._new)

    async def _grounds(self, asking: Asking, written: Written) -> list[object]:
        setting, interval = asking.ward.setting, asking.period.interval
        imprint = await self._store.imprint(asking.portion)
        runs = await self._reader.runs(asking.portion, imprint.first, imprint.noticed)
        held = sorted(
            [*subject, read.ward, read.site, read.terms[0].since < interval.start, read.within(*interval)]
            for subject, read in asking.mine.items()
        )
        return [
            self._program,
            [asking.ward.key, setting.scope.ward, setting.scope.timezone, setting.cut_day, setting.notice],
            [asking.period.name, *interval],
            imprint.digest,
            [[*run.span, run.blind] for run in runs],
            held,
            [_words_of(each) for each in written.announcements if _bears(each, asking)],
        ]

    def _of_advice(self, asking: Asking, written: Written, told: Sequence[Incident]) -> list[object]:
        links = {name for noun, name in asking.mine if noun == "link"}
        notes = sorted(
            [about, note.cause, note.ticket, note.note]
            for about, note in written.annotations.items()
            if about.partition("@")[0] in links
        )
        return [notes, self._reader.places(asking), [[one.id, one.version] for one in told]]


def _is_whole(ward: WardAsked) -> bool:
    return not ward.setting.scope.sites and not ward.setting.scope.provider


def _words_of(each: Announcement) -> list[object]:
    return [each.window.model_dump_json(), each.at.isoformat(), each.withdrawn_at and each.withdrawn_at.isoformat()]


def _bears(each: Announcement, asking: Asking) -> bool:
    """Whether work is on something of the ward, and might have gone on in the month or shortly before."""
    window, names = each.window, {name for _, name in asking.mine}
    sites = {str(content.get("site")) for read in asking.mine.values() for _, content in read.content if content}
    if sites.isdisjoint(window.sites) and names.isdisjoint(window.links):
        return False
    within = Interval(asking.period.interval.start - _BEFORE, asking.until)
    return bool(open_spans(window, asking.ward.setting.zone, within))


def _digest(grounds: Sequence[object]) -> str:
    text = json.dumps(grounds, sort_keys=True, separators=(",", ":"), default=dict)
    return hashlib.sha256(text.encode()).hexdigest()
