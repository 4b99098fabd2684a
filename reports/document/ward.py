"""The review of one ward: its sections in order, the annexes, and the sheets of the spreadsheet."""

from collections.abc import Callable, Sequence
from typing import Final

from reports.document.advice import advice
from reports.document.blocks import Block, Document, Section
from reports.document.devices import devices
from reports.document.letterhead import letterhead, provenance_lines, title_of
from reports.document.links import links
from reports.document.method import method
from reports.document.names import names_of
from reports.document.others import maintenance, services
from reports.document.outages import outages
from reports.document.providers import claim_sheet, provider_name, providers
from reports.document.quality import quality
from reports.document.sheets import sheets
from reports.document.speed import speed
from reports.document.telling import Telling
from reports.document.trends import capacity, trend
from reports.document.verdict import verdict
from reports.document.worst import worst
from reports.locale.words import Words
from reports.monthly import MonthlyReport

_NUMERALS: Final = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"]

_SECTIONS: Final[tuple[tuple[str, Callable[[Telling], Sequence[Block]]], ...]] = (
    ("verdict", verdict),
    ("quality", quality),
    ("links", links),
    ("outages", outages),
    ("speed", speed),
    ("providers", providers),
    ("worst", worst),
    ("trend", lambda telling: trend(telling.report.trend, telling.words)),
    ("capacity", capacity),
    ("services", services),
    ("devices", devices),
    ("maintenance", maintenance),
    ("advice", advice),
)


def ward_document(report: MonthlyReport, words: Words) -> Document:
    """The review of a ward in a language."""
    telling = Telling(words, names_of(report), report)
    narrowed = tuple(telling.names.site(one) for one in report.scope.sites)
    return Document(
        language=words.language,
        title=title_of(report.scope, report.period, words),
        head=letterhead(report.scope, report.period, words, narrowed),
        sections=numbered([(name, tuple(write(telling))) for name, write in _SECTIONS], words),
        annexes=_annexes(telling),
        sheets=sheets(telling),
        provenance=provenance_lines(report.provenance, words),
        labels=page_words(words),
    )


def numbered(parts: Sequence[tuple[str, tuple[Block, ...]]], words: Words) -> tuple[Section, ...]:
    """The parts as sections with Roman numerals."""
    return tuple(
        Section(name, f"{numeral}. {words.say(f'section.{name}').upper()}", blocks)
        for numeral, (name, blocks) in zip(_NUMERALS, parts, strict=False)
    )


def page_words(words: Words) -> dict[str, str]:
    """Words of the pages themselves; ``sheet`` and ``see`` have places for a number and a title."""
    keys = ("contents", "annexes", "origin", "sheet", "see", "no_data")
    return {key: words.catalogue[f"page.{key}"] for key in keys}


def _annexes(telling: Telling) -> tuple[Section, ...]:
    words = telling.words
    parts: list[tuple[str, str, tuple[Block, ...]]] = [("method", words.say("annex.method"), method(telling))]
    for index, row in enumerate(telling.report.providers):
        if row.claims:
            title = words.say("annex.claim", provider=provider_name(row.name, words))
            parts.append((f"claim-{index + 1}", title, claim_sheet(row, telling)))
    return tuple(
        Section(name, words.say("annex.title", number=str(number + 1), title=title), blocks)
        for number, (name, title, blocks) in enumerate(parts)
    )
