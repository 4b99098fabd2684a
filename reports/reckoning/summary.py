"""The first page."""

from collections.abc import Sequence
from typing import Final

from model.verdict import Outcome, Quality
from reports.reckoning.month import tested
from reports.sections.links import LinkRow
from reports.sections.others import Recommendation
from reports.sections.summary import Figures, ProfileVerdict, QualityVerdict, Summary

_DECISIONS: Final = 3


def summary(
    now: Figures, before: Figures | None, links: Sequence[LinkRow], advice: Sequence[Recommendation]
) -> Summary:
    """The first page of a ward, or of a city.

    Args:
        now: Of the month.
        before: Of the month before it.
        links: Of the month.
        advice: The most important first.
    """
    by_profile: dict[str, list[Outcome | None]] = {}
    by_quality: dict[Quality, list[Outcome | None]] = {}
    for row in links:
        if row.verdict is not None:
            by_profile.setdefault(row.profile, []).append(row.verdict)
        for judged in row.judged:
            by_quality.setdefault(judged.requirement, []).append(judged.outcome)
    decided = [one.id for one in advice if one.needs_decision]
    return Summary(
        figures=now,
        before=before,
        profiles=tuple(ProfileVerdict(name, tested(by_profile[name])) for name in sorted(by_profile)),
        qualities=tuple(QualityVerdict(one, tested(by_quality[one])) for one in Quality if one in by_quality),
        decisions=tuple(decided[:_DECISIONS]),
    )
