"""The pages about incidents: the list, one of them, and what is said where a link leads nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from exporters.desk import Decided
from exporters.pages.frame import Frame
from exporters.pages.jinja import SEVERITY_MARKS, Templates
from exporters.pages.live import Fragment
from exporters.pages.telling import Telling
from model.incident import Incident
from model.silence import Silence

__all__ = ["SEVERITY_MARKS", "Filled", "IncidentPages", "IncidentView", "ListView", "Opened"]

LIST: Final = ("open", "past")
"""The parts of the list that change."""
ONE: Final = ("lead", "ack", "silence", "body", "found", "decisions")
"""The parts of the page of one incident that change."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody has written into the form that was not taken, so that they need not write it again.

    Attributes:
        who: Their name.
        comment: Their comment.
        wrong: The word for what is wrong with it; empty where nothing is.
    """

    who: str = ""
    comment: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A link of a message that was opened.

    Attributes:
        name: The id of the incident that it was made for.
        token: As it came.
        who: Whom it was made for, as people call them.
    """

    name: str
    token: str
    who: str


@dataclass(frozen=True, slots=True)
class ListView:
    """The list at one moment.

    Attributes:
        tell: In which language and time.
        mark: Up to which change it is known.
        open: Those that last, in order.
        over: Those that are over, in order; ``None`` where they cannot be read.
    """

    tell: Telling
    mark: str
    open: Sequence[Incident]
    over: Sequence[Incident] | None


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident at one moment.

    Attributes:
        tell: In which language and time.
        mark: Up to which change it is known.
        incident: Which.
        decided: Why somebody was told or nobody; ``None`` where that cannot be read.
        silences: That mute it now.
        may_silence: Whether it can be silenced.
        filled: What stands in the form.
    """

    tell: Telling
    mark: str
    incident: Incident
    decided: Sequence[Decided] | None
    silences: Sequence[Silence] = ()
    may_silence: bool = True
    filled: Filled = Filled()


class IncidentPages:
    """Makes the pages and their parts."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def overview(self, view: ListView) -> str:
        """The list."""
        frame = Frame.of(view.tell, "incidents", view.mark, here="incidents", steps=("incidents",))
        return self._page("incidents.html", view.tell, frame, view=view)

    def overview_fragments(self, view: ListView) -> list[Fragment]:
        """The parts of the list, each anew."""
        return [self._fragment(name, view.tell, view=view) for name in LIST]

    def incident(self, view: IncidentView) -> str:
        """One incident."""
        frame = Frame.of(view.tell, "incident", view.mark, here="incidents", steps=("incidents", view.incident.id))
        return self._page("incident.html", view.tell, frame, view=view, incident=view.incident)

    def incident_fragments(self, view: IncidentView) -> list[Fragment]:
        """The parts of its page, each anew."""
        return [self._fragment(name, view.tell, view=view, incident=view.incident) for name in ONE]

    def confirmation(self, incident: Incident, opened: Opened, tell: Telling) -> str:
        """The page with one button to which a link in a message leads."""
        frame = Frame.of(
            tell, "", "", here="incidents", steps=("incidents", opened.name, "ack"), query={"token": opened.token}
        )
        return self._page("ack.html", tell, frame, incident=incident, opened=opened)

    def note(self, word: str, tell: Telling, incident: Incident | None = None) -> str:
        """A page that only says something.

        Args:
            word: The key of what it says.
            tell: In which language and time.
            incident: Where the way leads on to; ``None`` for the list.
        """
        frame = Frame.of(tell, "", "", here="incidents", steps=("incidents",))
        return self._page("note.html", tell, frame, word=word, incident=incident)

    def _page(self, template: str, tell: Telling, frame: Frame, **content: Any) -> str:
        return self._templates.fill(template, tell, frame=frame, **content)

    def _fragment(self, name: str, tell: Telling, **content: Any) -> Fragment:
        return Fragment(name, self._templates.fill(f"incident/{name}.html", tell, **content))
