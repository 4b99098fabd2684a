"""What stands around every page: where it leads, in which languages it can be had, how it stays as it is now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exporters.pages.telling import Telling
from model.inventory import Language


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one page.

    Attributes:
        here: Which part of the navigation it belongs to; empty for none.
        own: Its address.
        events: Where its changes are told; empty of a page that does not change.
        switches: Each language with its name and the address of the page in it.
    """

    here: str
    own: str
    events: str
    switches: Sequence[tuple[Language, str, str]]

    @classmethod
    def of(
        cls,
        tell: Telling,
        page: str,
        mark: str,
        *,
        here: str,
        steps: Sequence[str],
        query: Mapping[str, str] | None = None,
    ) -> "Frame":
        """The frame of a page.

        Args:
            tell: In which language it is.
            page: The kind of page, by which ``/events`` knows it; empty where it does not change.
            mark: Up to which change it knows.
            here: Which part of the navigation it belongs to.
            steps: Of its path.
            query: Of its address, but for the language.
        """
        asked = dict(query or {})
        named = {"id": steps[-1]} if len(steps) > 1 else {}
        events = tell.url("events", page=page, **named, **asked, since=mark) if page else ""
        return cls(here, tell.url(*steps, **asked), events, tell.switches(*steps, **asked))
