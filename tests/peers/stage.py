"""A ward on a fake clock: states as the daemon decides them, the pipeline behind them, and a list of what was told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from alerts.correlate import Correlator
from alerts.labels import Places
from alerts.mute import Rules
from alerts.notice import Kind, Notice
from alerts.pipeline import Pipeline
from alerts.ruling import Ruling
from model.incident import Fault, Incident
from model.inventory import Inventory
from model.measurement import ProbeKind, SubjectKey
from model.silence import Silence
from model.state import State
from monitor.states import Because, Change, States

BEGIN = datetime(2026, 11, 24, 3, tzinfo=UTC)
"""Ten in the morning in Hanoi, on a Tuesday."""


def at(seconds: float) -> datetime:
    """So many seconds after the begin."""
    return BEGIN + timedelta(seconds=seconds)


@dataclass(frozen=True)
class Said:
    """A message, and when it was decided: seconds after the begin."""

    at: float
    receiver: str
    kind: Kind
    about: tuple[str, ...]
    notice: Notice

    def __repr__(self) -> str:
        return f"{self.at:g}: {self.kind} to {self.receiver} about {' '.join(self.about)}"


@dataclass
class Stage:
    """Plays what happens and records what is told.

    Attributes:
        inventory: What is watched.
        said: The messages so far.
        stored: The incidents as they were written last, by id.
        rulings: Why, in order.
    """

    inventory: Inventory
    silences: list[Silence] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    stored: dict[str, Incident] = field(default_factory=dict)
    rulings: list[Ruling] = field(default_factory=list)
    now: float = 0.0
    states: States = field(init=False)
    pipeline: Pipeline = field(init=False)
    wake_at: datetime | None = None
    answers: dict[SubjectKey, datetime] = field(default_factory=dict)
    truly: dict[SubjectKey, State] = field(default_factory=dict)

    @classmethod
    def of(cls, **inventory: Any) -> Self:
        """With the keys of an inventory; everything is told to one hook at once unless it says otherwise."""
        alerts = {"receivers": {"hook": {"webhook": "http://127.0.0.1:9/"}}, "routes": [{"receiver": "hook"}]}
        ward = {"id": "w", "timezone": "Asia/Ho_Chi_Minh", "language": "vi"}
        stage = cls(Inventory.model_validate({"ward": ward, "alerts": alerts, **inventory}))
        stage.start()
        return stage

    def start(self) -> None:
        """A monitor starts that knows nothing but what was stored."""
        self.states = States()
        self.states.expect(self.inventory, self._probes(), Because(at(self.now), at(self.now)))
        self.pipeline = Pipeline(Correlator(self.answered_at))
        self.pipeline.load(
            self._rules(), lambda incident, person: f"https://w.example/{incident}/{person}", at(self.now)
        )
        self.answers = {}

    def restart(self, down: Iterable[SubjectKey] = ()) -> None:
        """The monitor is killed and starts again; the history says what was open, and what was down."""
        self.start()
        down = list(down)
        self.truly |= dict.fromkeys(down, State.DOWN)
        faults = [self._outage(subject) for subject in down]
        kept = [incident for incident in self.stored.values() if _matters(incident)]
        self.pipeline.remember(kept, faults)
        self.step()

    def all_up(self) -> None:
        """Everything answers."""
        for subject in self.subjects():
            self.shows(subject, State.UP)

    def subjects(self) -> list[SubjectKey]:
        """Links, devices and services."""
        inventory = self.inventory
        links: list[SubjectKey] = [("link", link.id) for _, link in inventory.links()]
        links += [("device", device.id) for _, device in inventory.devices()]
        return links + [("service", service.id) for _, service in inventory.services()]

    def answered_at(self, subject: SubjectKey) -> datetime | None:
        """What is up answers all the time, unless the story says otherwise."""
        if subject in self.answers:
            return self.answers[subject]
        return at(self.now) if self.truly.get(subject, State.UNKNOWN).passes else None

    def shows(self, subject: SubjectKey, state: State, began: float | None = None) -> None:
        """The detector of a subject has decided; the time is now."""
        since = self.now if began is None else began
        because = Because(at(since), at(self.now))
        self.truly[subject] = state
        self._take(self.states.decide(subject, state, because))

    def down(self, *subjects: str, noun: str = "link", began: float | None = None) -> None:
        """These have been found down."""
        for subject in subjects:
            self.shows((noun, subject), State.DOWN, began)  # type: ignore[arg-type]  # a noun of the inventory
        self.step()

    def up(self, *subjects: str, noun: str = "link") -> None:
        """These answer again, for good."""
        for subject in subjects:
            self.shows((noun, subject), State.UP)  # type: ignore[arg-type]  # as above
        self.step()

    def wait(self, seconds: float) -> None:
        """Let time pass, looking again whenever the pipeline wants to."""
        end = self.now + seconds
        while self.wake_at is not None and self.wake_at <= at(end):
            self.now = max(self.now, (self.wake_at - BEGIN).total_seconds())
            before = self.wake_at
            self.step()
            if self.wake_at is not None and self.wake_at <= before:
                raise AssertionError(f"the pipeline wants to look again at {before} for ever")
        self.now = end
        self.step()

    def step(self) -> None:
        """Let the pipeline look now."""
        step = self.pipeline.step(at(self.now))
        self.stored |= {incident.id: incident for incident in step.incidents}
        self.rulings += step.rulings
        self.wake_at = step.wake_at
        self.said += [self._heard(notice) for notice in step.notices]

    def mute(self, *silences: Silence) -> None:
        """From now on these silences hold, and no others."""
        self.silences = list(silences)
        self.pipeline.mute_by(self._rules())
        self.step()

    def open(self) -> list[Incident]:
        """The incidents that are open."""
        return list(self.pipeline.correlator.open.values())

    def told(self) -> list[str]:
        """The messages so far in short: ``opened LinkDown a``."""
        return [f"{said.kind} {' '.join(said.about)}" for said in self.said]

    def _take(self, changes: Iterable[Change]) -> None:
        for change in changes:
            fact = change.transition
            if fact is not None:
                faults = self.pipeline.correlator.faults
                faults.changed(fact.subject, fact.after, fact.at, fact.noticed_at, fact.evidence)

    def _heard(self, notice: Notice) -> Said:
        cause = notice.alerts[0].labels
        about = next((cause[noun] for noun in ("service", "device", "link", "site", "provider") if noun in cause), "")
        if cause["alertname"] == "SiteUnreachable":
            about = cause["site"]
        if cause["alertname"] == "ProviderOutage":
            about = cause["provider"]
        return Said(self.now, notice.receiver, notice.kind, (cause["alertname"], about), notice)

    def _outage(self, subject: SubjectKey) -> Fault:
        faults = Correlator(self.answered_at).faults
        faults.load(Places(self.inventory), at(self.now))
        faults.changed(subject, State.DOWN, at(self.now), at(self.now))
        return next(iter(faults.lasting.values()))

    def _rules(self) -> Rules:
        return Rules(Places(self.inventory), tuple(self.silences), self.inventory.maintenance)

    def _probes(self) -> list[tuple[SubjectKey, str, ProbeKind]]:
        return [(subject, f"{subject}", ProbeKind.ICMP) for subject in self.subjects()]


def _matters(incident: Incident) -> bool:
    return incident.is_open or any(not told.resolved for told in incident.told.values())


def link(name: str, provider: str = "", **more: Any) -> Mapping[str, Any]:
    """A link of an inventory."""
    return {"id": name, "provider": provider, "target": "icmp://127.0.0.1", **more}


def site(name: str, *links: Mapping[str, Any], **more: Any) -> Mapping[str, Any]:
    """A site of an inventory."""
    return {"id": name, "links": list(links), **more}
