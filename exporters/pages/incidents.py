"""The pages about incidents: the list, one of them, and what is said where a link leads nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from exporters.desk import Decided
from exporters.names import Named, Names
from exporters.pages.found import Findings, Group
from exporters.pages.incident_words import ALERTS, INCIDENT_WORDS, KINDS, OUTCOMES, SEVERITIES, UNITS
from exporters.pages.page import REFRESH_SECONDS
from exporters.pages.words import QUALITIES
from model.incident import AlertName, Fault, Incident, Severity
from model.inventory import Language, Site, Ward
from model.verdict import Quality

SEVERITY_MARKS: Final = {Severity.CRITICAL: "✕", Severity.WARNING: "!", Severity.INFO: "i"}
"""A sign for each severity beside its word: the colour only repeats it."""

_SIZES: Final = (86_400, 3_600, 60, 1)
_NO_WARD: Final = Ward(id="all")


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


class IncidentPages:
    """Makes the pages; their templates are read once."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=PackageLoader("exporters.pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def overview(
        self, open_ones: Sequence[Incident], over: Sequence[Incident] | None, names: Names, now: datetime
    ) -> str:
        """The list.

        Args:
            open_ones: Those that last, in order.
            over: Those that are over, in order; ``None`` where they cannot be read.
            names: What everything is called.
            now: Aware.
        """
        return self._page("incidents.html", _Telling(names, "", now), open_ones=open_ones, over=over)

    def incident(
        self,
        incident: Incident,
        decided: Sequence[Decided] | None,
        names: Names,
        now: datetime,
        filled: Filled,
    ) -> str:
        """One incident.

        Args:
            incident: Which.
            decided: Why somebody was told or nobody; ``None`` where that cannot be read.
            names: What everything is called.
            now: Aware.
            filled: What stands in the form.
        """
        telling = _Telling(names, incident.ward, now)
        return self._page("incident.html", telling, incident=incident, decided=decided, filled=filled)

    def confirmation(self, incident: Incident, opened: Opened, names: Names, now: datetime) -> str:
        """The page with one button to which a link in a message leads."""
        return self._page("ack.html", _Telling(names, incident.ward, now), incident=incident, opened=opened)

    def note(self, word: str, names: Names, now: datetime, incident: Incident | None = None) -> str:
        """A page that only says something.

        Args:
            word: The key of what it says.
            names: What everything is called.
            now: Aware.
            incident: Where the way leads on to; ``None`` for the list.
        """
        ward = incident.ward if incident else ""
        return self._page("note.html", _Telling(names, ward, now), word=word, incident=incident)

    def _page(self, template: str, telling: "_Telling", **content: Any) -> str:
        return self._templates.get_template(template).render(
            tell=telling,
            words=INCIDENT_WORDS[telling.language],
            severities=SEVERITIES[telling.language],
            marks=SEVERITY_MARKS,
            refresh=REFRESH_SECONDS,
            **content,
        )


class _Telling:
    """Tells in one ward's language and time."""

    def __init__(self, names: Names, ward: str, now: datetime) -> None:
        found = names.ward(ward) or _NO_WARD
        self.language: Language = found.language
        self.now = now
        self.timezone = found.timezone
        self.place = "" if found is _NO_WARD else found.name or found.id
        self._names = names
        self._zone = ZoneInfo(found.timezone)

    def alert(self, fault: Fault) -> str:
        """What is wrong, in words."""
        alert = ALERTS[self.language][fault.name]
        if fault.requirement not in set(Quality):
            return alert
        return f"{alert}: {QUALITIES[self.language][Quality(fault.requirement)]}"

    def alert_named(self, decided: Decided) -> str:
        """The same of a decision."""
        if decided.alertname not in set(AlertName):
            return decided.alertname
        return ALERTS[self.language][AlertName(decided.alertname)]

    def outcome(self, decided: Decided) -> str:
        """What was decided."""
        return OUTCOMES[self.language].get(decided.outcome, decided.outcome)

    def named(self, subject: Any) -> Named:
        """What is known of a subject."""
        return self._names[subject]

    def name(self, subject: Any) -> str:
        """What people call it; a link by its provider too."""
        named = self._names[subject]
        if named.kind == "monitor":
            return self.place
        name = named.name or named.id
        return f"{name} ({named.provider})" if named.provider and named.provider not in name else name

    def kind(self, subject: Any) -> str:
        """What it is."""
        return KINDS[self.language].get(subject[0], subject[0])

    def site(self, subject: Any) -> str:
        """Where it stands; empty of what stands nowhere, or is the site."""
        named = self._names[subject]
        return "" if named.kind == "site" or not named.site else self._names["site", named.site].name or named.site

    def sites(self, incident: Incident) -> list[Site]:
        """Where it is felt."""
        return self._names.sites_of([*(entry.fault.subject for entry in incident.entries), *incident.hidden])

    def person(self, name: str) -> str:
        """What people call somebody who may be under ``people``."""
        found = self._names.inventory.people.get(name)
        return (found.name if found else "") or name

    def at(self, moment: datetime) -> str:
        """Local time; with its day where that is not today."""
        there, today = moment.astimezone(self._zone), self.now.astimezone(self._zone).date()
        return there.strftime("%H:%M:%S" if there.date() == today else "%H:%M:%S %d/%m/%Y")

    def lasted(self, start: datetime, end: datetime | None) -> str:
        """From one time to another, or until now, in its two largest units."""
        left = max(0, round(((end or self.now) - start).total_seconds()))
        parts = []
        for size, unit in zip(_SIZES, UNITS[self.language], strict=True):
            number, left = divmod(left, size)
            parts.append(f"{number} {unit}" if number else "")
        first = next((place for place, part in enumerate(parts) if part), len(parts) - 1)
        return " ".join(part for part in parts[first : first + 2] if part) or f"0 {UNITS[self.language][-1]}"

    def whole(self, number: float) -> str:
        """A number without decimals, its thousands set apart."""
        return f"{number:,.0f}".replace(",", "," if self.language == "en" else ".")

    def findings(self, content: Mapping[str, object]) -> list[Group]:
        """What was looked at."""
        return Findings(self.language, self.at).groups(content)
