"""What the views of open pages have in common."""

from typing import Final, cast

from exporters.feed import Topic
from exporters.pages.press import Press
from exporters.pages.telling import Telling
from exporters.pages.words import SERVICE_STATES, STATES
from model.inventory import Language
from model.measurement import SubjectKey

INCIDENT: Final = "incident"
NOUNS: Final = frozenset({"site", "link", "device", "service"})
"""Of topics that are about something of the inventory."""


class BaseView:
    """Knows the language of the reader and the ward.

    Args:
        press: Makes the pages.
        language: As the reader has chosen; ``None`` for the ward's.
        ward: Whose clock and language it is; empty for the only one.
    """

    def __init__(self, press: Press, language: Language | None, ward: str = "") -> None:
        self.press = press
        self.language = language
        self.ward = ward

    @property
    def clock(self) -> str:
        """The time as the page writes it."""
        return self.telling().clock

    def telling(self) -> Telling:
        """Tells of this moment."""
        sources = self.press.sources
        return Telling(sources.names, self.ward, sources.past.now(), self.language)

    def site_of(self, topic: Topic) -> str:
        """The id of the site that a topic is about; empty of none."""
        return self.press.sources.names[cast("SubjectKey", topic)].site if topic[0] in NOUNS else ""

    def say(self, *topics: Topic) -> list[str]:
        """What things are in now, for those who do not see it."""
        tell = self.telling()
        return [self._said(cast("SubjectKey", topic), tell) for topic in sorted(topics)]

    def _said(self, subject: SubjectKey, tell: Telling) -> str:
        words = SERVICE_STATES if subject[0] == "service" else STATES
        return f"{tell.name(subject)}: {words[tell.language][self.press.sources.past.state(subject)[0]]}"
