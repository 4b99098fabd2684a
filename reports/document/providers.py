"""What each provider delivered, and the sheets that are sent to those who did not."""

from dataclasses import dataclass, replace

from reports.document.blocks import Block, Kind, Paragraph, Points, Table, Value
from reports.document.fields import Field, chosen, facts, known, table
from reports.document.outages import outage_fields
from reports.document.telling import Telling
from reports.locale import forms
from reports.locale.words import Words
from reports.sections.providers import Claim, ClaimKind, ProviderRow, Repeater

_RATIOS = frozenset({ClaimKind.AVAILABILITY, ClaimKind.LOSS})
_SPEEDS = frozenset({ClaimKind.DOWNLOAD, ClaimKind.UPLOAD})
_PROOF = "link start end down down_in_hours cause ticket"

PROVIDER_FIELDS: tuple[Field[ProviderRow], ...] = (
    Field("provider", Kind.TEXT, lambda row: row.name, 2),
    Field("links", Kind.COUNT, lambda row: row.links_in_all, 0.9),
    Field("sites", Kind.COUNT, lambda row: row.sites, 0.9),
    Field("met", Kind.COUNT, lambda row: row.links.met, 0.9),
    Field("breached", Kind.COUNT, lambda row: row.links.breached, 0.9),
    Field("unknown", Kind.COUNT, lambda row: row.links.unknown, 1),
    Field("line", Kind.PERCENT, lambda row: row.line.ratio, 1.4),
    Field("line_lowest", Kind.PERCENT, lambda row: row.line.lowest, 1.4),
    Field("line_highest", Kind.PERCENT, lambda row: row.line.highest, 1.4),
    Field("outages", Kind.COUNT, lambda row: known(row.line, row.outages), 1),
    Field("micro_outages", Kind.COUNT, lambda row: known(row.line, row.micro_outages), 1),
    Field("down", Kind.DURATION, lambda row: known(row.line, row.down_seconds), 1.4),
    Field("mttr", Kind.DURATION, lambda row: row.mttr_seconds, 1.3),
    Field("restored_in_time", Kind.PERCENT, lambda row: row.restored_in_time, 1.3),
    Field("speed_met", Kind.COUNT, lambda row: row.speed.met, 1),
    Field("speed_breached", Kind.COUNT, lambda row: row.speed.breached, 1),
    Field("speed_unknown", Kind.COUNT, lambda row: row.speed.unknown, 1),
    Field("citizen_hours", Kind.NUMBER, lambda row: row.citizen_hours, 1.3),
    Field("claims", Kind.COUNT, lambda row: len(row.claims), 0.9),
    Field("outcome", Kind.OUTCOME, lambda row: row.outcome, 1.5),
)
_BRIEF = "provider links met breached unknown line outages mttr restored_in_time claims outcome"


@dataclass(frozen=True, slots=True)
class OfProvider:
    """A link that fails again and again, with its provider."""

    provider: str
    repeater: Repeater


def provider_name(name: str, words: Words) -> str:
    """What a provider is called."""
    return forms.clean(name) or words.say("provider.none")


def provider_table(rows: tuple[ProviderRow, ...], words: Words) -> Block:
    """The providers side by side."""
    return table("providers", chosen(PROVIDER_FIELDS, _BRIEF), rows, words, note=words.say("note.providers"))


def providers(telling: Telling) -> tuple[Block, ...]:
    """The section."""
    report, words = telling.report, telling.words
    if not report.providers:
        return (Paragraph(words.say("providers.none")),)
    again = [OfProvider(row.name, repeater) for row in report.providers for repeater in row.repeaters]
    blocks: list[Block] = [provider_table(report.providers, words)]
    if again:
        blocks.append(table("repeaters", repeater_fields(telling), again, words, note=words.say("note.repeaters")))
    return tuple(blocks)


def repeater_fields(telling: Telling) -> tuple[Field[OfProvider], ...]:
    """The columns of links that fail again and again."""
    return (
        Field("link", Kind.TEXT, lambda row: telling.names.of_link(row.repeater.link), 4),
        Field("provider", Kind.TEXT, lambda row: row.provider, 1.5),
        Field("outages", Kind.COUNT, lambda row: row.repeater.outages, 1.2),
        Field("months_failing", Kind.COUNT, lambda row: row.repeater.months_failing, 1.8),
    )


def claim_fields(telling: Telling) -> tuple[Field[Claim], ...]:
    """The columns of claims."""
    return (
        Field("circuit", Kind.TEXT, lambda row: row.circuit, 1.5),
        Field("link", Kind.TEXT, lambda row: telling.names.of_link(row.link), 3.4),
        Field("claim", Kind.WORD, lambda row: f"claim.{row.kind}", 2.2),
        Field("required", Kind.TEXT, lambda row: claimed(row.required, row.kind, telling.words), 1.5),
        Field("measured", Kind.TEXT, lambda row: claimed(row.measured, row.kind, telling.words), 1.5),
        Field("n", Kind.COUNT, lambda row: row.n, 0.9),
        Field("down_in_hours", Kind.DURATION, lambda row: row.down_seconds, 1.3),
    )


def claimed(value: float | None, kind: ClaimKind, words: Words) -> str | None:
    """A value with the unit of its claim."""
    if value is None:
        return None
    if kind in _RATIOS:
        return forms.percent(value, words)
    if kind in _SPEEDS:
        return forms.speed(value, words)
    return forms.hours(value) if kind is ClaimKind.RESTORE else f"{forms.milliseconds(value, words)} ms"


def claim_sheet(row: ProviderRow, telling: Telling) -> tuple[Block, ...]:
    """Everything that one provider needs to answer: what was promised, what was measured, and the proof."""
    words = telling.words
    of: tuple[tuple[str, Value, Kind], ...] = (
        ("customer", telling.report.scope.name, Kind.TEXT),
        ("provider", row.name, Kind.TEXT),
        ("period_start", telling.report.period.span.start, Kind.MOMENT),
        ("period_until", telling.report.period.until, Kind.MOMENT),
    )
    proving = {one for claim in row.claims for one in claim.outages}
    proof = [outage for outage in telling.report.outages.rows if outage.id in proving]
    blocks: list[Block] = [
        Paragraph(words.say("claim.lead", provider=provider_name(row.name, words))),
        _named(facts("claim", of, words), row, telling),
        _named(table("claims", claim_fields(telling), row.claims, words), row, telling),
    ]
    if proof:
        fields = chosen(outage_fields(telling), _PROOF)
        blocks.append(_named(table("proof", fields, proof, words), row, telling))
    return (*blocks, Points(tuple(words.say(f"claim.ask.{ask}") for ask in ("cause", "repair", "refund"))))


def _named(block: Table, row: ProviderRow, telling: Telling) -> Table:
    return replace(block, id=f"{block.id}-{_slug(row, telling)}")


def _slug(row: ProviderRow, telling: Telling) -> str:
    return str(telling.report.providers.index(row) + 1)
