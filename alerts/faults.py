"""What goes wrong now: from states, verdicts and flapping to faults that last until they are known to be over."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from alerts.labels import Places
from model.incident import About, AlertName, Fault, FaultKey, Severity, in_inventory
from model.inventory import Device, Link
from model.measurement import Noun, SubjectKey
from model.state import State
from model.verdict import Outcome, Quality, Verdict

_OUTAGES: Final[Mapping[Noun, AlertName]] = {
    "link": AlertName.LINK_DOWN,
    "device": AlertName.DEVICE_DOWN,
    "service": AlertName.SERVICE_DOWN,
}
_LATELY: Final = timedelta(minutes=45)
_SEVERAL: Final = 20  # outages of a subject that are remembered
_OFTEN: Final = 3  # outages within that time, as ``model.flap`` counts them
_OF_MONITOR: Final[About] = ("monitor", "")
_BLIND: Final[FaultKey] = (AlertName.MONITOR_BLIND, _OF_MONITOR, "")
_SEEN_DOWN: Final = frozenset({*_OUTAGES.values(), AlertName.SITE_UNREACHABLE, AlertName.PROVIDER_OUTAGE})
BLIND_WITHIN: Final = timedelta(seconds=10)
"""What began so shortly before a blindness says nothing of what it is about."""


@dataclass(slots=True)
class Faults:
    """The faults that last.

    A fault begins when it is decided, and ends when it is known to be over. In between it may become unknown, or be
    explained by something above it: then it is not ``lasting`` any more, and not over either.

    Attributes:
        places: Where everything belongs.
        states: What everything is in beneath maintenance.
        back_since: From when on that which passes has answered again, aware UTC.
        lasting: By their key.
        over: When each of those that ended since this was last emptied was over, aware UTC.
        long_down: Links that have been down for a minute without a break.
        flapping: Links that go down so often, by themselves, that a short outage is no news.
        remembered: Those of ``lasting`` that are from before the monitor was stopped, and untold: an answer by now
            makes none of them untrue.
        is_changed: Whether anything began or ended since ``over`` was last emptied.
    """

    places: Places
    states: dict[SubjectKey, State] = field(default_factory=dict)
    back_since: dict[SubjectKey, datetime] = field(default_factory=dict)
    lasting: dict[FaultKey, Fault] = field(default_factory=dict)
    over: dict[FaultKey, datetime] = field(default_factory=dict)
    long_down: set[str] = field(default_factory=set)
    flapping: set[str] = field(default_factory=set)
    remembered: set[FaultKey] = field(default_factory=set)
    is_changed: bool = False
    _doubtful: set[FaultKey] = field(default_factory=set)  # over because nothing was seen of them, and no better reason
    _restless: set[str] = field(default_factory=set)  # links that fall silent so often, whoever makes them
    _downs: dict[SubjectKey, deque[datetime]] = field(default_factory=dict)
    _outages: dict[str, list[datetime]] = field(default_factory=dict)  # of links, lately, explained by nothing else

    @property
    def is_blind(self) -> bool:
        """Whether it is the monitor that is cut off."""
        return _BLIND in self.lasting

    def load(self, places: Places, now: datetime) -> None:
        """Take over an inventory: what it does not hold any more is over."""
        self.places = places
        for key, fault in list(self.lasting.items()):
            if fault.subject not in places:
                self.end(key, now)
        self.states = {subject: state for subject, state in self.states.items() if subject in places}
        self.back_since = {subject: since for subject, since in self.back_since.items() if subject in places}
        self._outages = {link: outages for link, outages in self._outages.items() if ("link", link) in places}

    def begin(self, fault: Fault) -> None:
        """It goes wrong; what lasts already stays as it was noticed first."""
        self.over.pop(fault.key, None)
        self.is_changed |= fault.key not in self.lasting
        self.lasting.setdefault(fault.key, fault)

    def end(self, key: FaultKey, at: datetime) -> None:
        """It is known to be over since then, whether or not it was known to last."""
        self.lasting.pop(key, None)
        self._doubtful.discard(key)
        self.over[key] = at
        self.is_changed = True

    def forget_over(self) -> None:
        """What was over has been taken note of."""
        self.over.clear()
        self.is_changed = False

    def changed(
        self,
        subject: SubjectKey,
        state: State,
        at: datetime,
        noticed_at: datetime,
        evidence: Mapping[str, str | float] | None = None,
    ) -> None:
        """A subject is in another state beneath maintenance.

        Args:
            subject: Which; nothing follows from the state of a site or an anchor by itself.
            state: Its state now.
            at: When it began, aware UTC.
            noticed_at: When it was noticed, aware UTC.
            evidence: On what.
        """
        before = self._note(subject, state, at, noticed_at)
        outage = self.outage(subject, at, noticed_at, evidence or {})
        if outage is None:
            return
        if state is State.DOWN:
            self.begin(outage)
            self._downs.setdefault(subject, deque(maxlen=_SEVERAL)).append(noticed_at)
            self._count(subject, noticed_at)
        elif state is State.UNREACHABLE:
            self.lasting.pop(outage.key, None)
            if before is State.DOWN:
                self._discount(subject, noticed_at)
        elif state.passes:
            self.long_down.discard(subject[1])
            self.end(outage.key, at)
        if subject[0] == "device":
            self._agent(replace(outage, name=AlertName.SNMP_AGENT_SILENT, severity=Severity.WARNING), state)

    def _note(self, subject: SubjectKey, state: State, at: datetime, now: datetime) -> State:
        """Take over a state; gives back the one before it."""
        before, self.states[subject] = self.states.get(subject, state), state
        was_down = (_OUTAGES.get(subject[0]), subject, "") in self.lasting  # perhaps known from before a restart alone
        if state.passes and (was_down or not before.passes):
            self.back_since[subject] = at
        if state.passes and (blind := self.lasting.get(_BLIND)) is not None and now > blind.noticed_at:
            self.sees(now, now, is_blind=False)  # known from before a restart: something is seen now
        return before

    def outage(
        self, subject: SubjectKey, at: datetime, noticed_at: datetime, evidence: Mapping[str, str | float]
    ) -> Fault | None:
        """What it is when a subject is down; ``None`` of what has no outage of its own."""
        name = _OUTAGES.get(subject[0])
        if name is None:
            return None
        return Fault(name, subject, at, noticed_at, self._severity(subject), evidence=evidence)

    def _agent(self, silence: Fault, state: State) -> None:
        """A device that answers pings is degraded by nothing but its agent."""
        if state is State.DEGRADED:
            self.begin(silence)
        elif state is not State.UNKNOWN:
            self.end(silence.key, silence.since)

    def judged(self, subject: SubjectKey, verdicts: Sequence[Verdict], now: datetime) -> None:
        """A link or service was judged by its requirement; what is not required any more is no fault."""
        outcomes = {verdict.requirement: verdict for verdict in verdicts}
        for quality in Quality:
            verdict = outcomes.get(quality)
            if verdict is not None and verdict.outcome is Outcome.BREACHED:
                self._account(_breach(subject, verdict, now))
            elif verdict is None or verdict.outcome is Outcome.MET:
                self._end_if_lasting((AlertName.LINK_BELOW_REQUIREMENT, subject, quality.value), now)

    def burns(
        self, subject: SubjectKey, severity: Severity | None, evidence: Mapping[str, float], at: datetime
    ) -> None:
        """The error budget of a link or service goes too fast, or (``None``) does not.

        By a single outage it always does, and people know of that: it is news when several have made it so.
        """
        quality = Quality.AVAILABILITY.value
        within = timedelta(hours=evidence.get("hours", 0))
        if severity is None:
            self._end_if_lasting((AlertName.ERROR_BUDGET_BURN, subject, quality), at)
        elif sum(at - each <= within for each in self._downs.get(subject, ())) > 1:
            self._account(Fault(AlertName.ERROR_BUDGET_BURN, subject, at, at, severity, quality, evidence))

    def expires(self, service: str, days_left: float | None, at: datetime) -> None:
        """The certificate of a service has too few days left; ``None``: it has enough."""
        subject: SubjectKey = ("service", service)
        if days_left is None:
            self._end_if_lasting((AlertName.CERTIFICATE_EXPIRING, subject, ""), at)
        else:
            evidence = {"days_left": days_left}
            self.begin(Fault(AlertName.CERTIFICATE_EXPIRING, subject, at, at, Severity.WARNING, evidence=evidence))

    def found(self, fault: Fault, *, lasts: bool) -> None:
        """What is judged elsewhere is wrong, or is not."""
        if lasts:
            self.begin(fault)
        else:
            self._end_if_lasting(fault.key, fault.noticed_at)

    def flaps(self, link: str, at: datetime, *, is_flapping: bool) -> None:
        """A link falls silent so often that single outages are no news, or does so no more.

        If something above it has made it so, that is no fault of the link.
        """
        if is_flapping:
            self._restless.add(link)
            if self.states.get(("link", link)) is State.DOWN:  # else it is when it is known to be down by itself
                self._settle_flapping(link, at)
        else:
            self._restless.discard(link)
            self.flapping.discard(link)
            self._end_if_lasting(_flapping(link, at).key, at)

    def _count(self, subject: SubjectKey, at: datetime) -> None:
        noun, link = subject
        if noun == "link":
            lately = [each for each in self._outages.get(link, ()) if at - each < _LATELY]
            self._outages[link] = [*lately, at]
            self._settle_flapping(link, at)

    def _discount(self, subject: SubjectKey, at: datetime) -> None:
        noun, link = subject
        if noun == "link" and self._outages.get(link):
            self._outages[link].pop()
            self._settle_flapping(link, at)

    def _settle_flapping(self, link: str, at: datetime) -> None:
        if link not in self._restless or self.is_blind:
            return  # what falls silent with the monitor's own sight has not gone down by itself
        if len(self._outages.get(link, ())) >= _OFTEN:
            self.flapping.add(link)
            self.begin(_flapping(link, at))
        elif link in self.flapping:
            self.flapping.discard(link)
            self._end_if_lasting(_flapping(link, at).key, at)

    def stays_down(self, link: str) -> None:
        """A link has been down for a minute without a break: that is told even while it flaps."""
        self.long_down.add(link)

    def sees(self, since: datetime, noticed_at: datetime, *, is_blind: bool) -> None:
        """The monitor is cut off since then, or sees again."""
        fault = Fault(AlertName.MONITOR_BLIND, _OF_MONITOR, since, noticed_at, Severity.CRITICAL)
        if is_blind:
            self.begin(fault)
        elif (blind := self.lasting.get(_BLIND)) is not None:
            unsure = [each for each in self.lasting.values() if each.name in _SEEN_DOWN and is_as_old(each, blind)]
            for each in (blind, *unsure):
                self.end(each.key, noticed_at)
            self._doubtful |= {each.key for each in unsure}

    def spare(self, told: Iterable[FaultKey]) -> None:
        """These, of which people know, are not over because a blindness is: nothing has been seen of them yet."""
        for key in self._doubtful.intersection(told):
            self.over.pop(key, None)
        self._doubtful.clear()

    def is_brief(self, fault: Fault) -> bool:
        """Whether it is one more outage of a link that flaps, and no long one."""
        _, link = fault.subject
        return fault.name is AlertName.LINK_DOWN and link in self.flapping and link not in self.long_down

    def remember(self, faults: Iterable[Fault]) -> None:
        """Take up what lasted when the monitor was stopped, until it is known to be over."""
        for fault in faults:
            if fault.subject in self.places:
                self.lasting.setdefault(fault.key, fault)
                if fault.name is AlertName.LINK_FLAPPING:
                    self.flapping.add(fault.subject[1])
            else:
                self.over[fault.key] = fault.noticed_at

    def _account(self, fault: Fault) -> None:
        """It falls short; what an outage costs is news when that is over: until then there is nothing else to do."""
        subject = in_inventory(fault.subject)
        if not is_of_account(fault) or subject is None or not self.states.get(subject, State.UNKNOWN).is_lost:
            self.begin(fault)

    def _end_if_lasting(self, key: FaultKey, at: datetime) -> None:
        if key in self.lasting:
            self.end(key, at)

    def _severity(self, subject: SubjectKey) -> Severity:
        """Critical is what people come for; a device that something else stands in for, and a backup, can wait."""
        _, item = self.places[subject]
        match item:
            case Link(role="backup"):
                return Severity.WARNING
            case Device(role=role) if role != "router":
                return Severity.WARNING
            case _:
                return Severity.CRITICAL


def is_of_account(fault: Fault) -> bool:
    """Whether it is about what outages have cost so far: that outlasts each of them, and is an incident of its own."""
    return fault.requirement == Quality.AVAILABILITY.value


def is_as_old(fault: Fault, blind: Fault) -> bool:
    """Whether it began with a blindness, or in it: a monitor that starts in one does not know of it at once."""
    return fault.since >= blind.since - BLIND_WITHIN


def _flapping(link: str, at: datetime) -> Fault:
    return Fault(AlertName.LINK_FLAPPING, ("link", link), at, at, Severity.WARNING)


def _breach(subject: SubjectKey, verdict: Verdict, now: datetime) -> Fault:
    # What a month has lost stays lost until its end: nobody can mend it tonight.
    is_of_month = verdict.requirement is Quality.AVAILABILITY
    severity = Severity.INFO if is_of_month else Severity.WARNING
    known = {"value": verdict.value, "threshold": verdict.threshold}
    evidence: dict[str, str | float] = {name: value for name, value in known.items() if value is not None}
    evidence |= {"unit": verdict.unit, "window": verdict.window, "n": float(verdict.n)}
    since = min(verdict.since, now)
    name = AlertName.LINK_BELOW_REQUIREMENT
    return Fault(name, subject, since, now, severity, verdict.requirement.value, evidence)
