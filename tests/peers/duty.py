"""A ward on a fake clock and the people who are on duty for it: what happens, and what they read on their phones."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from alerts.labels import Places
from alerts.mute import Rules
from model.alerting import MaintenanceWindow
from model.incident import Acknowledgement, Incident
from model.inventory import Inventory
from model.matcher import parse_matcher
from model.measurement import SubjectKey
from model.silence import Silence, make_silence
from model.state import State
from model.verdict import Outcome, Quality, Verdict, Why
from monitor.rulings import detail_of
from monitor.states import Because
from tests.peers.stage import BEGIN, Stage, at

_WEEK = timedelta(days=7)


@dataclass
class Duty(Stage):
    """A stage whose times are read from a clock on the wall; it begins on a Tuesday at ten in the morning in Hanoi."""

    @property
    def zone(self) -> ZoneInfo:
        """Of the ward."""
        ward = self.inventory.ward
        return ZoneInfo(ward.timezone if ward else "UTC")

    def until(self, when: str) -> None:
        """Let time pass until the next time like ``Wed 07:30`` or ``Wed 07:30:05``, local to the ward."""
        self.wait(self.seconds_to(when) - self.now)

    def seconds_to(self, when: str) -> float:
        """The next such time, not before now, in seconds since the begin."""
        day, _, clock = when.partition(" ")
        now = at(self.now).astimezone(self.zone)
        found = datetime.combine(now.date(), datetime.strptime(clock, _format(clock)).time(), self.zone)  # noqa: DTZ007  # the zone is given beside it
        days = next(days for days in range(8) if _is_it(found + timedelta(days=days), day, now))
        return (found + timedelta(days=days) - BEGIN).total_seconds()

    def heard(self) -> list[str]:
        """All messages so far: ``Tue 10:00:03 duty/an: opened LinkDown a1``."""
        return [
            self._line(said.at, said.receiver, said.notice.person, f"{said.kind} {_of(said.about)}")
            for said in self.said
        ]

    def read(self) -> list[str]:
        """The messages since this was last asked, as ``heard``."""
        lines = self.heard()[self._read :]
        self._read += len(lines)
        return lines

    _read: int = 0

    def acknowledge(self, who: str = "lan") -> None:
        """Somebody takes on all that is open."""
        for incident in self.open():
            taken = Acknowledgement(who, at(self.now))
            self.put(replace(incident, acknowledged=taken, changed_at=at(self.now), version=incident.version + 1))

    def give_back(self) -> None:
        """Nobody has it any more."""
        for incident in self.open():
            self.put(replace(incident, acknowledged=None, changed_at=at(self.now), version=incident.version + 1))

    def put(self, incident: Incident) -> None:
        """An incident is written down as somebody has changed it."""
        self.stored[incident.id] = incident
        self.pipeline.put(incident)
        self.step()

    def silenced(self, *matchers: str, seconds: float, comment: str = "we know") -> Silence:
        """A silence that holds from now on for so long, beside those that hold already."""
        conditions = tuple(map(parse_matcher, matchers))
        now = at(self.now)
        silence = make_silence(conditions, now, now + timedelta(seconds=seconds), "lan", comment, now=now)
        self.mute(*self.silences, silence)
        return silence

    def unsilence(self, silence: Silence) -> None:
        """Somebody ends it now."""
        self.mute(*(one.ended(at(self.now), "lan") if one is silence else one for one in self.silences))

    def reload(self, **inventory: Any) -> None:
        """The configuration is read anew, with these keys changed."""
        known = self.inventory.model_dump(by_alias=True, exclude_none=True)
        self.take(Inventory.model_validate({**known, **inventory}))

    def take(self, inventory: Inventory) -> None:
        """Another inventory holds from now on."""
        self.inventory = inventory
        because = Because(at(self.now), at(self.now))
        self._take(self.states.expect(inventory, self._probes(), because))
        self.pipeline.load(self._rules(), _ack_url, at(self.now))
        self.step()

    def work(self, *windows: MaintenanceWindow) -> None:
        """These maintenance windows hold besides those of the inventory."""
        known = (*self.inventory.maintenance, *windows)
        self.take(self.inventory.model_copy(update={"maintenance": known}))

    def blind(self, since: float) -> None:
        """All anchors have been silent since then: whoever watches the links knows nothing any more."""
        self.pipeline.correlator.faults.sees(at(since), at(self.now), is_blind=True)
        self._take(self.states.watch(Because(at(since), at(self.now)), is_watched=False))
        self.step()

    def sees(self) -> None:
        """The anchors answer again."""
        self.pipeline.correlator.faults.sees(at(self.now), at(self.now), is_blind=False)
        self._take(self.states.watch(Because(at(self.now), at(self.now)), is_watched=True))
        self.step()

    def judge(self, subject: SubjectKey, **outcomes: str) -> None:
        """A link or service has been judged: ``rtt="breached"``."""
        verdicts = [verdict(Quality(name), Outcome(said), at(self.now)) for name, said in outcomes.items()]
        self.pipeline.correlator.faults.judged(subject, verdicts, at(self.now))
        falls_short = Outcome.BREACHED.value in outcomes.values()
        because = Because(at(self.now), at(self.now))
        self._take(self.states.judge(subject, because, falls_short=falls_short))
        self.step()

    def flaps(self, link: str, *, is_flapping: bool) -> None:
        """The detector of a link has counted its outages."""
        self.pipeline.correlator.faults.flaps(link, at(self.now), is_flapping=is_flapping)
        self.step()

    def stays_down(self, link: str) -> None:
        """The detector of a link has found that it has been down for a minute."""
        self.pipeline.correlator.faults.stays_down(link)
        self.step()

    def loses(self, *subjects: str, noun: str = "link") -> None:
        """Nothing is known of these any more."""
        for name in subjects:
            self.shows((noun, name), State.UNKNOWN)  # type: ignore[arg-type]  # a noun of the inventory
        self.step()

    def rulings_of(self, name: str) -> list[str]:
        """What was decided about one subject, in order: ``maintenance: maintenance window ...``."""
        own = [one for one in self.rulings if one.about[1] == name]
        return [f"{one.outcome}: {detail_of(one.grounds)}".removesuffix(": ") for one in own]

    def _line(self, seconds: float, receiver: str, person: str, what: str) -> str:
        whom = f"{receiver}/{person}" if person else receiver
        return f"{at(seconds).astimezone(self.zone):%a %H:%M:%S} {whom}: {what}"


def verdict(quality: Quality, outcome: Outcome, since: datetime) -> Verdict:
    """One by many probes."""
    return Verdict(quality, outcome, Why.PROBES, 0.2, 0.1, 60, 30, 60.0, 1.0, since)


def rules(inventory: Inventory) -> Rules:
    """What may mute by an inventory alone."""
    return Rules(Places(inventory), (), inventory.maintenance)


def _ack_url(incident: str, person: str) -> str:
    return f"https://w.example/{incident}/{person}"


def _of(about: tuple[str, ...]) -> str:
    return " ".join(about).strip()


def _format(clock: str) -> str:
    return "%H:%M:%S" if clock.count(":") > 1 else "%H:%M"


def _is_it(found: datetime, day: str, now: datetime) -> bool:
    return f"{found:%a}" == day and found >= now
