"""The status page: every site, its state, and what it stands on."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from exporters.pages.words import STATES, WORDS
from exporters.status import SiteStatus, Status
from model.state import State

REFRESH_SECONDS: Final = 10

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


class StatusPage:
    """Makes the page; its template is read once."""

    def __init__(self) -> None:
        environment = Environment(
            loader=PackageLoader("exporters.pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._template = environment.get_template("status.html")

    def html(self, status: Status) -> str:
        """The page in the ward's language, times in its zone."""
        zone = ZoneInfo(status.timezone)
        sites = sorted(status.sites, key=lambda site: WORST_FIRST.index(site.state))
        return self._template.render(
            status=status,
            words=WORDS[status.language],
            states=STATES[status.language],
            marks=MARKS,
            counts=_counts(sites),
            attention=[site for site in sites if site.state not in _IN_ORDER],
            in_order=[site for site in sites if site.state in _IN_ORDER],
            refresh=REFRESH_SECONDS,
            clock=status.now.astimezone(zone).strftime("%H:%M:%S"),
            local=lambda moment: _local(moment, status.now, zone),
        )


def _counts(sites: Sequence[SiteStatus]) -> Sequence[tuple[State, int]]:
    """How many sites are in each state, the worst first; states that none is in are left out."""
    counted = Counter(site.state for site in sites)
    return [(state, counted[state]) for state in WORST_FIRST if counted[state]]


def _local(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Local time; with its day where that is not today."""
    there, today = moment.astimezone(zone), now.astimezone(zone).date()
    return there.strftime(
        "%H:%M" if there.date() == today else "%d/%m %H:%M" if there.year == today.year else "%d/%m/%Y"
    )
