"""The one page: whether it was as required, what people lost, what is to be decided."""

from collections.abc import Callable, Iterator

from model.availability import Shares
from reports.document.advice import sentence
from reports.document.blocks import Block, Cell, Column, Heading, Kind, Paragraph, Points, Table, Value
from reports.document.fields import Field, cell, table
from reports.document.telling import Telling
from reports.locale import forms
from reports.locale.words import Words
from reports.sections.summary import Figures, ProfileVerdict, Summary


def _if_known(of: Figures, value: float) -> float | None:
    """A sum; nothing where no time is known, for then nought says nothing."""
    return None if of.line.ratio is None and of.service.ratio is None else value


_FIGURES: tuple[tuple[str, Kind, Callable[[Figures], Value]], ...] = (
    ("links_met", Kind.COUNT, lambda of: of.links.met),
    ("links_breached", Kind.COUNT, lambda of: of.links.breached),
    ("links_unknown", Kind.COUNT, lambda of: of.links.unknown),
    ("service", Kind.PERCENT, lambda of: of.service.ratio),
    ("line", Kind.PERCENT, lambda of: of.line.ratio),
    ("stable_minutes", Kind.PERCENT, lambda of: of.stable_minutes),
    ("outages", Kind.COUNT, lambda of: _if_known(of, of.outages)),
    ("micro_outages", Kind.COUNT, lambda of: _if_known(of, of.micro_outages)),
    ("longest", Kind.DURATION, lambda of: of.longest_seconds),
    ("mttr", Kind.DURATION, lambda of: of.mttr_seconds),
    ("mtta", Kind.DURATION, lambda of: of.mtta_seconds),
    ("service_lost", Kind.DURATION, lambda of: _if_known(of, of.loss.service_seconds)),
    ("citizen_hours", Kind.NUMBER, lambda of: of.loss.citizen_hours),
    ("saifi", Kind.NUMBER, lambda of: of.loss.saifi),
    ("saidi", Kind.NUMBER, lambda of: of.loss.saidi_minutes),
)
"""The key figures: the phrase ``fact.<key>``, and where each comes from."""

_PROFILE_FIELDS: tuple[Field[ProfileVerdict], ...] = (
    Field("profile", Kind.TEXT, lambda row: row.profile, 3),
    Field("links", Kind.COUNT, lambda row: row.links.total),
    Field("met", Kind.COUNT, lambda row: row.links.met),
    Field("breached", Kind.COUNT, lambda row: row.links.breached),
    Field("unknown", Kind.COUNT, lambda row: row.links.unknown),
)


def verdict(telling: Telling) -> tuple[Block, ...]:
    """The first page of a ward."""
    report, words = telling.report, telling.words
    by_id = {one.id: one for one in report.recommendations}
    asked = tuple(sentence(by_id[id_], telling) for id_ in report.summary.decisions if id_ in by_id)
    return (*verdict_of(report.summary, words), *decisions(asked, words))


def verdict_of(summary: Summary, words: Words) -> tuple[Block, ...]:
    """What the figures say, and the figures."""
    figures = summary.figures
    blocks: list[Block] = [Paragraph(said) for said in _said(figures, words)]
    blocks.append(key_figures(summary, words))
    if len(summary.profiles) > 1:
        blocks.append(table("profiles", _PROFILE_FIELDS, summary.profiles, words))
    return tuple(blocks)


def decisions(asked: tuple[str, ...], words: Words) -> tuple[Block, ...]:
    """What is asked of the manager."""
    said = Points(asked, are_numbered=True) if asked else Paragraph(words.say("decisions.none"))
    return Heading(words.say("heading.decisions")), said


def key_figures(summary: Summary, words: Words) -> Table:
    """This period beside the one before."""
    head = (
        Column(words.say("column.figure"), Kind.TEXT, 5),
        Column(words.say("column.this_period"), Kind.NUMBER, 2),
        Column(words.say("column.period_before"), Kind.NUMBER, 2),
    )
    rows = []
    for key, kind, get in _FIGURES:
        now = cell(get(summary.figures), kind, words)
        before = cell(None if summary.before is None else get(summary.before), kind, words)
        rows.append((Cell(key, Kind.WORD, words.say(f"fact.{key}")), now, before))
    return Table("headline", words.say("table.headline"), head, tuple(rows))


def _said(figures: Figures, words: Words) -> Iterator[str]:
    links, loss = figures.links, figures.loss
    if links.total:
        numbers = {name: forms.whole(getattr(links, name), words) for name in ("met", "breached", "unknown", "total")}
        yield words.say("verdict.links", **numbers)
    else:
        yield words.say("verdict.links.none")
    if figures.service.ratio is None:
        yield words.say("verdict.service.unknown")
        return
    yield words.say("verdict.service", **bounds(figures.service, words))
    if figures.outages:
        yield words.say(
            "verdict.outages",
            outages=forms.whole(figures.outages, words),
            longest=_lasted(figures.longest_seconds, words),
            mttr=_lasted(figures.mttr_seconds, words),
        )
    else:
        yield words.say("verdict.outages.none")
    if loss.citizen_hours is not None:
        most = loss.citizen_hours if loss.citizen_hours_at_most is None else loss.citizen_hours_at_most
        said = {"hours": forms.decimal(loss.citizen_hours, 2, words), "most": forms.decimal(most, 2, words)}
        yield words.say("verdict.loss" if most > loss.citizen_hours else "verdict.loss.exact", **said)
    if loss.sites_without_weight:
        yield words.say("verdict.weightless", sites=forms.whole(loss.sites_without_weight, words))


def _lasted(seconds: float | None, words: Words) -> str:
    return forms.NOTHING if seconds is None else forms.lasted(seconds, words)


def bounds(shares: Shares, words: Words) -> dict[str, str]:
    """An availability with what it is at least and at most."""
    return {name: cell(getattr(shares, name), Kind.PERCENT, words).text for name in ("ratio", "lowest", "highest")}
