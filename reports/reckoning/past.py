"""What the review keeps of the months before: little, so that a city's fit into memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from model.verdict import Outcome
from reports.reckoning.advice import Grounds, recommendations
from reports.reckoning.month import Month
from reports.reckoning.providers import Failing, provider_rows
from reports.reckoning.quality import data_quality
from reports.reckoning.sums import figures
from reports.reckoning.trends import Brief, brief, capacity
from reports.sections.others import Recommendation
from reports.sections.summary import Figures

MOST_IN_A_ROW: Final = 5
"""Months that are counted: one fewer than a review looks back on."""


@dataclass(frozen=True, slots=True)
class PastMonth:
    """A month before the one that is reviewed.

    Attributes:
        brief: For the trend.
        verdicts: By link.
        advice: What was recommended, computed anew from the same facts; only of the last of them.
    """

    brief: Brief
    verdicts: Mapping[str, Outcome | None]
    advice: tuple[Recommendation, ...] = ()

    @property
    def figures(self) -> Figures | None:
        """Headline figures; ``None`` where nothing is stored."""
        return figures(self.brief.sums) if self.brief.sums else None


def past_of(month: Month, earlier: Sequence[PastMonth], *, with_advice: bool) -> PastMonth:
    """What is kept of a month.

    Args:
        month: It.
        earlier: The months before it, in order.
        with_advice: Whether it is the last before the one that is reviewed.
    """
    is_empty = month.facts.is_empty
    verdicts = {row.id: row.verdict for row in month.links}
    kept = PastMonth(brief(month), verdicts)
    if is_empty or not with_advice:
        return kept
    return PastMonth(kept.brief, verdicts, advice_of(month, [*earlier, kept]))


def advice_of(month: Month, until: Sequence[PastMonth]) -> tuple[Recommendation, ...]:
    """What a month recommends.

    Args:
        month: It.
        until: What is kept of it and of the months before it, in order.
    """
    room = capacity(month, [one.brief for one in until])
    providers = provider_rows(month.links, month.outages.rows, month.speed, failing(until))
    return recommendations(Grounds(month, providers, room, data_quality(month)))


def failing(until: Sequence[PastMonth]) -> Failing:
    """By link of the last of these months, which are in order: how many in a row were breached; five mean five or more.

    A review looks back so far that the one after it, which says the same of the month, counts to five as well.
    """
    looked_at = until[-MOST_IN_A_ROW:]
    return {link: _in_a_row([one.verdicts.get(link) for one in looked_at]) for link in until[-1].verdicts}


def _in_a_row(verdicts: Sequence[Outcome | None]) -> int:
    count = 0
    for verdict in reversed(verdicts):
        if verdict is not Outcome.BREACHED:
            break
        count += 1
    return count
