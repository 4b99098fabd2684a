"""What was ruled about each fault, as facts of the history and lines of the log."""

import logging
from collections.abc import Iterable

from alerts.ruling import Ruling
from history.facts import Decision

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
            content={"detail": each.detail},
            requirement=each.requirement,
        )
        for each in last.values()
    ]


def log_of(ruling: Ruling) -> None:
    """Write into the log what was ruled."""
    requirement = f" ({ruling.requirement})" if ruling.requirement else ""
    what = f"{ruling.alertname} of {' '.join(ruling.about)}{requirement}"
    log.info("%s: %s %s %s", what, ruling.outcome, ruling.incident, ruling.detail)
