"""What the daemon does every few seconds, hours or days, whatever happens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from model.inventory import Inventory
from monitor.calendar import Calendar
from monitor.drifting import LOOK_EVERY as DRIFT_EVERY
from monitor.drifting import Drifting
from monitor.evidence import Evidence
from monitor.health import PULSE_EVERY, Health
from monitor.hours import NO_WARD
from monitor.instruments import Instruments
from monitor.recollection import Recollection
from monitor.review_room import LOOK_EVERY as REVIEWS_EVERY
from monitor.review_room import ReviewRoom
from monitor.rounds import JUDGE_EVERY, RECKON_EVERY, Rounds
from monitor.speed.speeds import LOOK_EVERY as TESTS_EVERY
from monitor.speed.speeds import Speeds
from monitor.traps.hearing import Hearing
from monitor.web import LOOK_EVERY as WEB_EVERY
from monitor.web import WebConfig

_NAMES_EVERY: Final = 60
_EXPIRY_EVERY: Final = 2
BEAT_EVERY: Final = 5
_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Routine:
    """Who has something to do again and again.

    Attributes:
        inventory: What holds now.
        rounds: Judges, reckons, keeps the heartbeat and the rollups.
        instruments: Names and identities grow old.
        recollection: Reads the time before, where it could not be read at the start.
        evidence: Looks at the paths of every day.
        web_config: Follows its file.
        health: Feels its own pulse.
        reviews: Sends what is due, and keeps what later ones need.
        speeds: Tests what is due.
        traps: Looks up who may send them.
        drifting: Follows what `linkward topology` finds.
    """

    inventory: Callable[[], Inventory]
    rounds: Rounds
    instruments: Instruments
    recollection: Recollection
    evidence: Evidence
    web_config: WebConfig
    health: Health
    reviews: ReviewRoom
    speeds: Speeds
    traps: Hearing
    drifting: Drifting

    def enter(self, calendar: Calendar) -> None:
        """Put all of it into a calendar that has not been started."""
        rounds = self.rounds
        calendar.every(_NAMES_EVERY, "names", self.instruments.resolver.refresh)
        calendar.every(_NAMES_EVERY, "trap senders", self.traps.look_up)
        calendar.every(_HOUR, "identities", self._refresh_identities)
        calendar.every(_EXPIRY_EVERY, "expiry", rounds.expire)
        calendar.every(BEAT_EVERY, "heartbeat", rounds.beat)
        calendar.every(JUDGE_EVERY, "verdicts", rounds.judge)
        calendar.every(_MINUTE, "minutes", rounds.minutes)
        calendar.every(RECKON_EVERY, "accounts", rounds.reckon)
        calendar.every(_MINUTE, "rollups", self._roll_up)
        calendar.every(_DAY, "retention", self._tidy)
        calendar.every(RECKON_EVERY, "past", self.recollection.try_again)
        calendar.every(_MINUTE, "paths", self.evidence.remember_paths)
        calendar.every(WEB_EVERY, "web", self.web_config.look)
        calendar.every(REVIEWS_EVERY, "reviews", self.reviews.look)
        calendar.every(PULSE_EVERY, "pulse", self.health.beat)
        calendar.every(TESTS_EVERY, "speed", self.speeds.look)
        calendar.every(DRIFT_EVERY, "drift", self.drifting.look)

    async def _refresh_identities(self) -> None:
        self.instruments.refresh_identities()

    async def _roll_up(self) -> None:
        zones = {ward.id: ZoneInfo(ward.timezone) for ward in self.inventory().all_wards()}
        await self.rounds.roll_up(zones or {NO_WARD: ZoneInfo("UTC")})

    async def _tidy(self) -> None:
        keep = self.inventory().storage.keep
        await self.rounds.tidy(keep.transitions, keep.rollups)
