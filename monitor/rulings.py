"""What was ruled about each fault, as facts of the history and lines of the log."""

import logging
from collections.abc import Iterable

from alerts.ruling import Ruling
from exporters.desk import Decided
from exporters.ground_words import grounds_in_words
from history.facts import Decision
from model.grounds import Grounds, grounds_from

log = logging.getLogger(__name__)


def decisions(rulings: Iterable[Ruling]) -> list[Decision]:
    """One for each fault and instant, the last: what was decided on the way to it is no decision."""
    last = {(each.about, each.alertname, each.requirement): each for each in rulings}
    return [
        Decision(
            subject=each.about,
            alertname=each.alertname,
            at=each.at,
            outcome=each.outcome,
            incident=each.incident,
            content={"because": each.grounds.plain()} if each.grounds else {},
            requirement=each.requirement,
        )
        for each in last.values()
    ]


def log_of(ruling: Ruling) -> None:
    """Write into the log what was ruled."""
    requirement = f" ({ruling.requirement})" if ruling.requirement else ""
    what = f"{ruling.alertname} of {' '.join(ruling.about)}{requirement}"
    log.info("%s: %s %s %s", what, ruling.outcome, ruling.incident, detail_of(ruling.grounds))


def detail_of(grounds: Grounds | None) -> str:
    """Whom, or why, in English for programs and logs: things by their ids."""
    if grounds is None:
        return ""
    return grounds_in_words(grounds, "en", lambda noun, name: f"{noun} {name}", str)


def decided(decision: Decision) -> Decided:
    """A decision of the history for whoever asks. One of an earlier version holds its detail as a sentence."""
    grounds = grounds_from(decision.content.get("because"))
    return Decided(
        at=decision.at,
        alertname=decision.alertname,
        outcome=decision.outcome,
        incident=decision.incident,
        detail=detail_of(grounds) or str(decision.content.get("detail", "")),
        requirement=decision.requirement,
        because=grounds,
    )
