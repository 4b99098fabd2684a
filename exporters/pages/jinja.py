"""The templates of the pages: read once, everything that is put into them is text and never markup."""

from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from exporters.pages.found_telling import English
from exporters.pages.incident_words import INCIDENT_WORDS, SEVERITIES
from exporters.pages.page_words import DIRECTIONS, LINK_ROLES, PAGE_WORDS, RANGES, SITE_KINDS, SPEED_KINDS
from exporters.pages.report_words import REPORT_WORDS
from exporters.pages.shapes import SHAPES, STROKES
from exporters.pages.speed_words import SKIPS, SPEED_WORDS
from exporters.pages.strip import HEIGHTS
from exporters.pages.telling import Telling
from exporters.pages.verdicts import judged, rows
from exporters.pages.words import REASONS, SERVICE_STATES, STATES, WORDS
from model.incident import Severity
from model.state import State

MARKS: Final = {
    State.UP: "✓",
    State.DEGRADED: "!",
    State.DOWN: "✕",
    State.UNREACHABLE: "⊘",
    State.UNKNOWN: "?",
    State.MAINTENANCE: "⚙",
}
"""A sign for each state beside its word: the colour only repeats it."""

SEVERITY_MARKS: Final = {Severity.CRITICAL: "✕", Severity.WARNING: "!", Severity.INFO: "i"}
"""The same for each severity."""

_EITHER: Final = frozenset({"incidents", "trees"})


# Reading templates takes a third of a second, and they are the same for everybody.
@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("exporters.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.tests["english"] = lambda cell: isinstance(cell, English)
    environment.globals |= {
        "marks": MARKS,
        "severity_marks": SEVERITY_MARKS,
        "shapes": SHAPES,
        "strokes": STROKES,
        "heights": HEIGHTS,
    }
    return environment


def part_of(page: str, name: str) -> str:
    """The template of a part of a page, ``link`` or ``site``: its own, or that which both have alike."""
    return f"{'either' if name in _EITHER else page}/{name}.html"


class Templates:
    """Fills in templates."""

    def __init__(self) -> None:
        self._environment = _environment()

    def fill(self, name: str, tell: Telling, **content: Any) -> str:
        """One template with this content, in the language of whoever tells."""
        language = tell.language
        return self._environment.get_template(name).render(
            tell=tell,
            words=WORDS[language],
            page=PAGE_WORDS[language],
            reports=REPORT_WORDS[language]["title"],
            incident_words=INCIDENT_WORDS[language],
            states=STATES[language],
            service_states=SERVICE_STATES[language],
            reasons=REASONS[language],
            severities=SEVERITIES[language],
            site_kinds=SITE_KINDS[language],
            link_roles=LINK_ROLES[language],
            speed_kinds=SPEED_KINDS[language],
            directions=DIRECTIONS[language],
            speed=SPEED_WORDS[language],
            skips=SKIPS[language],
            ranges=RANGES[language],
            judged=lambda verdicts: list(judged(verdicts, tell)),
            verdict_rows=lambda verdicts: rows(verdicts, tell),
            **content,
        )
