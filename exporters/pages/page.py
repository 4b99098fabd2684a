"""The status page: a map, every site, its state, and what it stands on."""

from typing import Any

from exporters.pages.frame import Frame
from exporters.pages.jinja import MARKS, Templates
from exporters.pages.overview import Overview
from exporters.pages.shapes import WORST_FIRST
from exporters.pages.telling import Telling
from exporters.pages.verdicts import MARKS as OUTCOME_MARKS
from exporters.verdict_view import VerdictsOf

__all__ = ["MARKS", "OUTCOME_MARKS", "WORST_FIRST", "StatusPage"]


class StatusPage:
    """Makes the page and its parts.

    Args:
        templates: They.
        verdicts_of: What was judged of links and services, which stands beside them.
    """

    def __init__(self, templates: Templates, verdicts_of: VerdictsOf = lambda _: ()) -> None:
        self._templates = templates
        self._verdicts_of = verdicts_of

    def html(self, view: Overview) -> str:
        """The whole page."""
        query = {"ward": view.ward} if view.ward else {}
        return self._templates.fill(
            "status.html",
            view.tell,
            frame=Frame.of(view.tell, "status", view.mark, here="status", steps=(), query=query),
            view=view,
            counts=view.counts,
            incidents=view.incidents,
            in_city=bool(view.wards),
            verdicts_of=self._verdicts_of,
        )

    def part(self, name: str, tell: Telling, **content: Any) -> str:
        """One of its parts: alarm, card, counts, heading, line, point or ward, with what it is about."""
        return self._templates.fill(f"live/{name}.html", tell, verdicts_of=self._verdicts_of, **content)
