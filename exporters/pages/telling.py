"""Tells things in one ward's language and time, or in the language that a reader has chosen."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, get_args
from urllib.parse import quote
from zoneinfo import ZoneInfo

from exporters.desk import Decided
from exporters.ground_words import grounds_in_words
from exporters.names import Named, Names
from exporters.pages.found import Findings, Group
from exporters.pages.incident_words import ALERTS, KINDS, OUTCOMES
from exporters.pages.tongue import Tongue
from exporters.pages.words import DAYS, QUALITIES, STATES
from exporters.told import Told
from model.incident import AlertName, Fault, Incident
from model.intervals import SECOND, moment
from model.inventory import Language, Site, Ward
from model.state import State
from model.verdict import Quality

LANGUAGES: Final[Mapping[Language, str]] = {"vi": "Tiếng Việt", "en": "English", "id": "Bahasa Indonesia"}
"""Each by its own name."""

_WEEK: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY: Final = re.compile("|".join(_WEEK))

_BYTES: Final = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_NO_WARD: Final = Ward(id="all")


def chosen(text: str | None) -> Language | None:
    """The language that an address asks for; ``None`` for that of the ward."""
    return next((language for language in get_args(Language) if language == text), None)


class Telling(Tongue):
    """Tells what is known at one time.

    Args:
        names: What everything is called.
        ward: Whose language and zone it is; empty for the only one.
        now: Aware.
        language: That the reader has chosen; ``None`` for the ward's.
    """

    def __init__(self, names: Names, ward: str, now: datetime, language: Language | None = None) -> None:
        found = names.ward(ward) or _NO_WARD
        super().__init__(language or found.language)
        self.own_language: Language = found.language
        self.now = now
        self.timezone = found.timezone
        self.zone = ZoneInfo(found.timezone)
        self.place = "" if found is _NO_WARD else found.name or found.id
        self.names = names

    def url(self, *steps: str, **query: str) -> str:
        """A path on this server, which keeps the language that was chosen."""
        if self.language != self.own_language:
            query["lang"] = self.language
        asked = "&".join(f"{key}={quote(value, safe='')}" for key, value in query.items())
        return "/" + "/".join(quote(step, safe="") for step in steps) + (f"?{asked}" if asked else "")

    def switches(self, *steps: str, **query: str) -> list[tuple[Language, str, str]]:
        """The other languages: each with its name and the same page in it."""
        return [(each, name, self._switch(each, *steps, **query)) for each, name in LANGUAGES.items()]

    def _switch(self, language: Language, *steps: str, **query: str) -> str:
        other = Telling(self.names, "", self.now, language)
        other.own_language = self.own_language
        return other.url(*steps, **query)

    def alert(self, fault: Fault) -> str:
        """What is wrong, in words."""
        alert = ALERTS[self.language][fault.name]
        if fault.requirement not in set(Quality):
            return alert
        return f"{alert}: {QUALITIES[self.language][Quality(fault.requirement)]}"

    def alert_named(self, decided: Decided) -> str:
        """The same of a decision."""
        return self._alert(decided.alertname)

    def outcome(self, decided: Decided) -> str:
        """What was decided."""
        return OUTCOMES[self.language].get(decided.outcome, decided.outcome)

    def detail(self, decided: Decided) -> Told:
        """Whom somebody told, or why nobody."""
        if decided.because is None:
            return Told("", decided.detail)
        return Told(grounds_in_words(decided.because, self.language, self._called, self._alert))

    def _called(self, noun: str, name: str) -> str:
        # What the inventory holds no longer has only its id.
        return f"{self.kind((noun, name))} {self.name((noun, name))}" if noun else ""

    def _alert(self, name: str) -> str:
        return ALERTS[self.language][AlertName(name)] if name in set(AlertName) else name

    def named(self, subject: Any) -> Named:
        """What is known of a subject."""
        return self.names[subject]

    def name(self, subject: Any) -> str:
        """What people call it; a link by its provider too."""
        named = self.names[subject]
        if named.kind == "monitor":
            return self.place
        name = named.name or named.id
        return f"{name} ({named.provider})" if named.provider and named.provider not in name else name

    def kind(self, subject: Any) -> str:
        """What it is."""
        return KINDS[self.language].get(subject[0], subject[0])

    def site(self, subject: Any) -> str:
        """Where it stands; empty of what stands nowhere, or is the site."""
        named = self.names[subject]
        return "" if named.kind == "site" or not named.site else self.names["site", named.site].name or named.site

    def ward(self, site: str) -> str:
        """What people call the ward of a site."""
        found = self.names.ward_of(site)
        return (found.name or found.id) if found else ""

    def page(self, subject: Any) -> str:
        """The address of its page; empty of what has none."""
        named = self.names[subject]
        if named.kind == "link" and named.site:
            return self.url("links", named.id)
        if named.site:
            return self.url("sites", named.site) + (f"#{named.kind}-{quote(named.id)}" if named.kind != "site" else "")
        return ""

    def sites(self, incident: Incident) -> list[Site]:
        """Where it is felt."""
        return self.names.sites_of([*(entry.fault.subject for entry in incident.entries), *incident.hidden])

    def person(self, name: str) -> str:
        """What people call somebody who may be under ``people``."""
        found = self.names.inventory.people.get(name)
        return (found.name if found else "") or name

    def at(self, moment: datetime) -> str:
        """Local time; with its day where that is not today."""
        there, today = moment.astimezone(self.zone), self.now.astimezone(self.zone).date()
        return there.strftime("%H:%M:%S" if there.date() == today else "%H:%M:%S %d/%m/%Y")

    def briefly(self, moment: datetime) -> str:
        """Local time to the minute; with its day where that is not today, with the year where that is another."""
        there, today = moment.astimezone(self.zone), self.now.astimezone(self.zone).date()
        return there.strftime(
            "%H:%M" if there.date() == today else "%d/%m %H:%M" if there.year == today.year else "%d/%m/%Y"
        )

    @property
    def clock(self) -> str:
        """The time now."""
        return self.now.astimezone(self.zone).strftime("%H:%M:%S")

    def lasted(self, start: datetime, end: datetime | None) -> str:
        """From one time to another, or until now, in its two largest units."""
        return self.duration(((end or self.now) - start).total_seconds())

    def spent(self, times: Mapping[State, int]) -> str:
        """How long something was in each state, in milliseconds, in words."""
        names = STATES[self.language]
        return " · ".join(f"{names[state]} {self.duration(time / SECOND)}" for state, time in times.items())

    def weekly(self, hours: str) -> str:
        """Hours of the week, as an inventory writes them, with the names of days."""
        names = DAYS[self.language]
        return _DAY.sub(lambda day: names[day[0]], hours).replace("-", "\u2013")

    def instant(self, at: int) -> str:
        """A time in milliseconds since 1970, to the minute."""
        return self.briefly(moment(at))

    def size(self, octets: float) -> str:
        """Bytes, in the unit that is next below, to three digits."""
        scale, unit = next((each for each in _BYTES if octets >= each[0]), (1, "B"))
        figure = f"{octets / scale:.0f}" if octets >= 100 * scale else f"{octets / scale:.3g}"
        return self.marked(f"{figure}\u00a0{unit}")

    def day(self, day: date) -> str:
        """A day of the last weeks."""
        return f"{DAYS[self.language][_WEEK[day.weekday()]]} {day:%d/%m}"

    def findings(self, content: Mapping[str, object]) -> list[Group]:
        """What was looked at."""
        return Findings(self.language, self.at).groups(content)
