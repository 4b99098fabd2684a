"""The status page: every site, its state, and what it stands on."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from exporters.figures import bound, figure
from exporters.pages.incident_words import INCIDENT_WORDS
from exporters.pages.words import DECIMAL_MARKS, OUTCOMES, QUALITIES, REASONS, SERVICE_STATES, STATES, WORDS
from exporters.status import SiteStatus, Status
from exporters.verdict_view import VerdictsOf
from model.inventory import Language
from model.state import State
from model.verdict import Outcome, Verdict

REFRESH_SECONDS: Final = 10

_UNIT: Final = re.compile(r"(?<=\d)(?=[a-zA-Z])")
"""Between a number and its unit, where a page has a space."""

WORST_FIRST: Final = (
    State.DOWN,
    State.UNREACHABLE,
    State.DEGRADED,
    State.UNKNOWN,
    State.MAINTENANCE,
    State.UP,
)
_IN_ORDER: Final = frozenset({State.UP, State.MAINTENANCE})

MARKS: Final = {
    State.UP: "✓",
    State.DEGRADED: "!",
    State.DOWN: "✕",
    State.UNREACHABLE: "⊘",
    State.UNKNOWN: "?",
    State.MAINTENANCE: "⚙",
}
"""A sign for each state beside its word: the colour only repeats it."""

OUTCOME_MARKS: Final = {Outcome.BREACHED: "✕", Outcome.UNKNOWN: "?", Outcome.MET: "✓"}
"""Likewise for each outcome; in the order in which they are shown."""


class StatusPage:
    """Makes the page; its template is read once."""

    def __init__(self) -> None:
        environment = Environment(
            loader=PackageLoader("exporters.pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._template = environment.get_template("status.html")

    def html(self, status: Status, verdicts_of: VerdictsOf = lambda _: (), incidents: int = 0) -> str:
        """The page in the ward's language, times in its zone.

        Args:
            status: The state of everything.
            verdicts_of: What was judged of links and services, which stands beside them.
            incidents: How many are open.
        """
        zone = ZoneInfo(status.timezone)
        sites = sorted(status.sites, key=lambda site: WORST_FIRST.index(site.state))
        return self._template.render(
            status=status,
            words=WORDS[status.language],
            incidents=_open_incidents(incidents, status.language),
            states=STATES[status.language],
            service_states=SERVICE_STATES[status.language],
            reasons=REASONS[status.language],
            marks=MARKS,
            judged=lambda noun, part: list(_judged(verdicts_of((noun, part)), status.language)),
            counts=_counts(sites),
            attention=[site for site in sites if site.state not in _IN_ORDER],
            in_order=[site for site in sites if site.state in _IN_ORDER],
            refresh=REFRESH_SECONDS,
            clock=status.now.astimezone(zone).strftime("%H:%M:%S"),
            local=lambda moment: _local(moment, status.now, zone),
        )


def _open_incidents(number: int, language: Language) -> str:
    words = INCIDENT_WORDS[language]
    return words["open_one"] if number == 1 else words["open_count"].format(number=number) if number else ""


def _counts(sites: Sequence[SiteStatus]) -> Sequence[tuple[State, int]]:
    """How many sites are in each state, the worst first; states that none is in are left out."""
    counted = Counter(site.state for site in sites)
    return [(state, counted[state]) for state in WORST_FIRST if counted[state]]


def _judged(verdicts: Iterable[Verdict], language: Language) -> Iterator[tuple[Outcome, str, str, str]]:
    """For each outcome that there is: the outcome, its sign, its word, and which requirements it is of."""
    held = list(verdicts)
    for outcome, mark in OUTCOME_MARKS.items():
        some = [verdict for verdict in held if verdict.outcome is outcome]
        if some:
            named = ", ".join(_named(verdict, language) for verdict in some)
            yield outcome, mark, OUTCOMES[language][outcome], named


def _named(verdict: Verdict, language: Language) -> str:
    """The requirement; of a breach with what was measured and what is required."""
    quality, name = verdict.requirement, QUALITIES[language][verdict.requirement]
    if verdict.outcome is not Outcome.BREACHED or verdict.value is None or verdict.threshold is None:
        return name
    measured, required = (figure(quality, value) for value in (verdict.value, verdict.threshold))
    told = _UNIT.sub(" ", f"{measured}, {WORDS[language]['required']} {bound(quality)} {required}")
    # A comma as the decimal mark is no comma of the sentence, which has a space behind it.
    return f"{name} ({told.replace('.', DECIMAL_MARKS[language])})"


def _local(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Local time; with its day where that is not today."""
    there, today = moment.astimezone(zone), now.astimezone(zone).date()
    return there.strftime(
        "%H:%M" if there.date() == today else "%d/%m %H:%M" if there.year == today.year else "%d/%m/%Y"
    )
