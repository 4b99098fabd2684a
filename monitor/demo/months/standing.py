"""What held for the links and services in the months before, and since when."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from history.facts import Document, Fact
from model.inventory import Inventory
from model.measurement import SubjectKey
from monitor.demo.months.events import Past
from monitor.demo.ward import WardPlan
from monitor.terms import news_of, terms_of

MILDER: Final = 0.995
"""The office's availability, until its requirement was made what it is."""

_Terms = Mapping[SubjectKey, Document]


def terms(ward: WardPlan, past: Past, inventory: Inventory) -> Iterator[Fact]:
    """What held first, and each change until the inventory says what it says now."""
    stages = _stages(ward, past, terms_of(inventory))
    before: _Terms = {}
    for since, after in sorted(stages, key=lambda stage: stage[0]):
        yield from news_of(before, after, since)
        before = after


def _stages(ward: WardPlan, past: Past, now: _Terms) -> list[tuple[datetime, _Terms]]:
    cast = past.cast
    office = {("link", link.id) for link in ward.sites[0].links}
    edges = {past.begin, *(at for at in (cast.changed_at, cast.young_since) if past.begin < at < past.end)}

    def held(subject: SubjectKey, content: Document, at: datetime) -> Document:
        is_before = at < cast.changed_at
        if is_before and subject == ("link", cast.upgraded):
            return _halved(content)
        return _milder(content) if is_before and subject in office else content

    def known(at: datetime) -> _Terms:
        is_young_there = at >= cast.young_since
        return {
            subject: held(subject, content, at)
            for subject, content in now.items()
            if is_young_there or subject != ("link", cast.young)
        }

    return [(at, known(at)) for at in edges]


def _halved(content: Document) -> Document:
    contracted: Any = content["contracted"]
    return {**content, "contracted": {way: speed / 2 for way, speed in contracted.items()}}


def _milder(content: Document) -> Document:
    requirement: Any = content["requirement"]
    return {**content, "requirement": {**requirement, "availability": MILDER}}
