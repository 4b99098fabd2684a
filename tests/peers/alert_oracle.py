"""Judges what was told by the truth of what happened: a page for each root, none for what was healthy."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from alerts.notice import Kind
from model.incident import About, AlertName, Entry, Fault, Incident
from model.measurement import SubjectKey
from tests.peers.alert_scenario import Outage, Scenario
from tests.peers.alert_simulation import Heard, Log
from tests.peers.stage import BEGIN

MUST_BE_TOLD: Final = 60.0
"""Seconds from which on an outage must be told."""
LINK_WITHIN: Final = 5.0
"""Seconds from the cut of a link to its message."""
DEVICE_WITHIN: Final = 19.0
"""The same of a device, which is pinged each five seconds, three times, and once more."""
SERVICE_WITHIN: Final = 110.0
"""The same of a service, which is fetched each half a minute and may take ten seconds."""
AFTER_BLIPS: Final = 12.0
"""Of a link that has been silent for seconds before: as long as ten seconds of that must be outlasted."""
AFTER_PARENT: Final = 20.0
"""Seconds from the return of what it needs to the message about what stays cut: hysteresis of ten, and ten more."""
TOO_SHORT: Final = 6.0
"""A silence of fewer seconds may be seen by one and missed by another, so that nobody can tell who made it."""
AFTER_START: Final = 30.0
"""The same after the start of a monitor that knows of nothing but what was written down, or after it was blind."""
BLIND_WITHIN: Final = 8.0
"""Seconds from the moment when the monitor is cut off to its message, if that lasts for a minute."""
_RECENTLY: Final = 45.0
_BACK_FOR: Final = 15.0  # what has been back for less may still be believed to be lost
_PROVIDER_FOR: Final = 80.0  # a provider is out until a minute after too few of its lines are
_AT_ONCE: Final = 2.2  # two intervals of a probe
_TOGETHER: Final = 8.0


@dataclass
class Verdict:
    """What is wrong with what was told, and figures.

    Attributes:
        problems: In words; none if all is well.
        latencies: Of each outage that had to be told, and was told by a message, seconds from the cut.
        counts: Of roots, cuts, messages and so on.
    """

    problems: list[str] = field(default_factory=list)
    latencies: dict[str, list[float]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


def judge(scenario: Scenario, log: Log) -> Verdict:
    """Compare what was told with the truth."""
    court = _Court(scenario, log)
    verdict = Verdict()
    for kind, problems in court.charges(verdict):
        found = list(problems)
        verdict.counts[kind] += len(found)
        verdict.problems += [f"{kind}: {problem}" for problem in found]
    kinds = Counter(str(heard.notice.kind) for heard in log.heard)
    verdict.counts.update({"scenarios": 1, "cuts": len(scenario.cuts), "messages": len(log.heard), **kinds})
    verdict.counts["probes"] += log.probes
    return verdict


@dataclass
class _Court:
    scenario: Scenario
    log: Log

    def charges(self, verdict: Verdict) -> Iterator[tuple[str, Iterable[str]]]:
        """Whatever can be wrong, and what is."""
        yield "missed", self._missed(verdict)
        yield "false cause", self._false_causes(verdict)
        yield "no root", self._rootless()
        yield "told twice", self._twice()
        yield "not together", self._apart()
        yield "blindness", self._blindness()
        yield "wrong end", self._wrong_ends()
        yield "never over", self._endless()

    # Every real outage of a minute is told

    def _missed(self, verdict: Verdict) -> Iterator[str]:
        for outage in self._roots:
            verdict.counts["roots"] += 1
            within, why = self._deadline(outage)
            if outage.length < MUST_BE_TOLD + max(within - AFTER_PARENT, 0):
                continue
            verdict.counts["roots that must be told"] += 1
            told = self._told_at(outage)
            if told is None or told > outage.start + within:
                late = "never" if told is None else f"after {told - outage.start:.2f} s"
                yield f"{_named(outage)} was told {late}, not within {within:g} s ({why})"
            if told is not None:
                verdict.latencies.setdefault(why, []).append(max(told - outage.start, 0.0))

    def _blindness(self) -> Iterator[str]:
        """A monitor that is cut off for long says so once, and that it is over when it is."""
        for start, end in self.scenario.blind:
            heard = [each for each in self.log.heard if each.notice.alerts[0].labels["alertname"] == "MonitorBlind"]
            near = [each for each in heard if start <= each.at <= end + _BACK_FOR]
            opened = [each.at for each in near if each.notice.kind in {Kind.OPENED, Kind.UPDATED}]
            is_disturbed = any(killed - 5 <= end and start <= killed + gap + 15 for killed, gap in self.scenario.stops)
            must_be_told = end - start >= MUST_BE_TOLD and not is_disturbed
            if sum(each.notice.kind is Kind.OPENED for each in near) > 1 or (
                must_be_told and (not opened or opened[0] > start + BLIND_WITHIN)
            ):
                yield f"{start:.2f}-{end:.2f}, told at {opened}"
            for each in heard:
                if each.notice.kind is Kind.RESOLVED and start + TOO_SHORT < each.at < end:
                    yield f"{start:.2f}-{end:.2f}, told as over at {each.at:.2f}"

    @cached_property
    def _roots(self) -> Sequence[Outage]:
        truth = self.scenario.truth
        return [outage for node in self.scenario.nodes for outage in truth.outages(node.subject)]

    def _deadline(self, outage: Outage) -> tuple[float, str]:
        ahead = SERVICE_WITHIN if outage.subject[0] == "service" else AFTER_PARENT
        unseen = [(start, end) for start, end in self._unseen if start - ahead <= outage.start <= end + _RECENTLY]
        blind_for = 0.0
        if unseen:
            seen_from = max(end for start, end in self._unseen if start < max(unseen)[1] + AFTER_START)
            blind_for = max(seen_from - outage.start, 0)
        if outage.subject[0] == "service":
            return blind_for + AFTER_PARENT + SERVICE_WITHIN, "service"
        if unseen:
            return blind_for + AFTER_START, "around a restart or a blindness"
        before = [silence for silence in self.scenario.truth.silences(outage.subject) if silence.start < outage.start]
        if any(silence.end > outage.start - _RECENTLY for silence in before):
            return AFTER_PARENT, "after what it needs was back"
        if outage.subject[0] == "device":
            return DEVICE_WITHIN, "device"
        if any(silence.length < 2 * TOO_SHORT for silence in before):
            return AFTER_BLIPS, "link with blips before"
        return (
            (LINK_WITHIN + 0.5, "link with another after it") if self._has_follower(outage) else (LINK_WITHIN, "link")
        )

    def _has_follower(self, outage: Outage) -> bool:
        """Whether another one that may share its cause fell silent so soon after it that nobody can tell them apart."""
        here = self.scenario.by_subject[outage.subject]
        others = (node for node in self.scenario.nodes if node.site == here.site or node.provider == here.provider)
        silences = (silence for node in others for silence in self._silences(node.subject))
        return any(outage.start < silence.start < outage.start + _AT_ONCE for silence in silences)

    @property
    def _unseen(self) -> Iterator[tuple[float, float]]:
        """When nobody looked, or nothing could be seen."""
        yield from ((killed, killed + gap) for killed, gap in self.scenario.stops)
        yield from self.scenario.blind

    def _told_at(self, outage: Outage) -> float | None:
        """From when on an incident that people know of covered it, while it lasted."""
        told = self._covered_from(outage.subject, outage.start)
        return told if told is not None and told < outage.end else None

    def _covered_from(self, subject: SubjectKey, start: float) -> float | None:
        covering: dict[str, bool] = {}
        for when, incident in self.log.versions:
            if when > start and any(covering.values()):
                return start
            covering[incident.id] = bool(incident.told) and incident.is_open and self._covers(incident, subject)
            if when > start and covering[incident.id]:
                return when
        return start if any(covering.values()) else None

    def _covers(self, incident: Incident, subject: SubjectKey) -> bool:
        abouts = [entry.fault.subject for entry in (*incident.entries, *incident.parts) if entry.ended_at is None]
        site = self.scenario.by_subject[subject].site
        return subject in abouts or subject in incident.hidden or ("site", site) in abouts

    # Nothing healthy is called a cause

    def _false_causes(self, verdict: Verdict) -> Iterator[str]:
        for heard, entry in self._said_first():
            if self._is_guilty(entry.fault, heard.at, must_be_root=heard.notice.kind is Kind.OPENED):
                continue
            if any(self._was_short(subject, heard.at) for subject in self._meant(entry.fault.subject)):
                verdict.counts["short silences laid to the wrong one"] += 1
            else:
                yield f"{heard.at:.2f} {heard.notice.kind}: {_told(entry)}"

    def _said_first(self) -> Iterator[tuple[Heard, Entry]]:
        """What lasts of each message and had not been said before."""
        known: set[object] = set()
        for heard in self.log.heard:
            for incident in heard.incidents:
                for entry in incident.entries:
                    mark = entry.fault.key, entry.fault.since
                    if entry.ended_at is None and mark not in known and heard.notice.kind is not Kind.RESOLVED:
                        yield heard, entry
                    known.add(mark)

    def _is_guilty(self, fault: Fault, when: float, *, must_be_root: bool) -> bool:
        noun, name = fault.subject
        if noun == "monitor":
            return any(start <= when <= end + _BACK_FOR for start, end in self.scenario.blind)
        if noun == "site":
            return self._is_site_lost(name, when, self._was_root if must_be_root else self._was_cut)
        if noun == "provider":
            links = [node.subject for node in self.scenario.nodes if node.provider == name]
            return sum(self._was_cut(link, when, _PROVIDER_FOR) for link in links) > 1
        (subject,) = self._meant(fault.subject)
        if fault.name is AlertName.LINK_FLAPPING:
            return len(self.scenario.truth.cuts(subject)) > 1
        return self._was_root(subject, when) if must_be_root else self._was_cut(subject, when)

    def _is_site_lost(self, site: str, when: float, is_guilty: Callable[[SubjectKey, float], bool]) -> bool:
        """All that it stands on was lost at some time lately, and one of them by itself."""
        parts = self._meant(("site", site))
        silences = [silence for part in parts for silence in self.scenario.truth.silences(part)]
        marks = [silence.start for silence in silences if silence.start <= when]
        return any(is_guilty(part, when) for part in parts) and any(
            all(not self.scenario.truth.answers(part, mark) for part in parts) for mark in marks
        )

    def _was_cut(self, subject: SubjectKey, when: float, recently: float = _RECENTLY) -> bool:
        """Whether it was cut itself, and has not been seen to answer for long since."""
        silences = [each for each in self._silences(subject) if each.start <= when <= each.end + recently]
        cuts = [cut for cut in self.scenario.truth.cuts(subject) if cut.start <= when]
        return any(silence.start <= cut.start <= silence.end for silence in silences for cut in cuts)

    def _was_root(self, subject: SubjectKey, when: float) -> bool:
        return any(cut.start <= when <= cut.end + _BACK_FOR for cut in self.scenario.truth.outages(subject))

    def _was_short(self, subject: SubjectKey, when: float) -> bool:
        silences = self.scenario.truth.silences(subject)
        return any(each.length < TOO_SHORT and each.start <= when <= each.end + _RECENTLY for each in silences)

    def _meant(self, about: About) -> list[SubjectKey]:
        """What the oracle knows it by: of a site its lines, or its devices where it has none."""
        noun, name = about
        if noun == "provider":
            return [node.subject for node in self.scenario.nodes if node.provider == name]
        if noun != "site":
            return [node.subject for node in self.scenario.nodes if node.subject == about]
        here = [node.subject for node in self.scenario.nodes if node.site == name]
        return [subject for subject in here if subject[0] == "link"] or here

    def _rootless(self) -> Iterator[str]:
        """Each incident that begins has a root among all that it names."""
        for heard in self.log.heard:
            for incident in heard.incidents:
                entries = (*incident.entries, *incident.parts)
                named = {subject for entry in entries for subject in self._meant(entry.fault.subject)}
                if heard.notice.kind is not Kind.OPENED or any(self._was_short(each, heard.at) for each in named):
                    continue
                if not named and self._is_guilty(incident.cause, heard.at, must_be_root=True):
                    continue  # the monitor's own
                if not any(self._was_root(subject, heard.at) for subject in named):
                    yield f"{heard.at:.2f}: {' '.join(map(_told, incident.entries))}"

    # One message for one cause

    def _twice(self) -> Iterator[str]:
        """One outage is told as opened by one message."""
        for outage in self._roots:
            opened = [
                heard
                for heard in self.log.heard
                if self._seen_from(outage) <= heard.at < outage.end and heard.notice.kind is Kind.OPENED
                if self._is_about(heard, outage.subject)
            ]
            if len(opened) > 1:
                yield f"{_named(outage)} at {', '.join(f'{heard.at:.2f}' for heard in opened)}"

    def _seen_from(self, outage: Outage) -> float:
        """What is told in the first seconds may be about the silence that it took over from."""
        took_over = any(silence.start < outage.start <= silence.end for silence in self._silences(outage.subject))
        return outage.start + TOO_SHORT if took_over else outage.start

    def _is_about(self, heard: Heard, subject: SubjectKey) -> bool:
        """Whether a message names it, or its site, or a provider that fails and it with that."""
        parts = {entry.fault.subject for incident in heard.incidents for entry in incident.parts}
        entries = (entry for incident in heard.incidents for entry in incident.entries if entry.ended_at is None)
        abouts = [entry.fault.subject for entry in entries]
        is_of_provider = subject in parts and any(noun == "provider" for noun, _ in abouts)
        return is_of_provider or any(subject in self._meant(each) for each in abouts if each[0] != "provider")

    def _silences(self, subject: SubjectKey) -> Sequence[Outage]:
        return self.scenario.truth.silences(subject)

    def _apart(self) -> Iterator[str]:
        """What is cut at once by one cause makes one message."""
        for cut in self.scenario.cuts:
            roots = [outage for outage in self._roots if outage.subject in cut.subjects and outage.start == cut.start]
            roots = [outage for outage in roots if min(outage.end, cut.end) - cut.start >= MUST_BE_TOLD]
            if not self._have_one_cause([outage.subject for outage in roots]):
                continue
            if any(self._deadline(outage)[0] > LINK_WITHIN for outage in roots):
                continue  # one of them takes longer than the others may wait for it
            opened = [
                heard
                for heard in self.log.heard
                if cut.start <= heard.at <= cut.start + _TOGETHER and heard.notice.kind is Kind.OPENED
                if any(self._is_about(heard, outage.subject) for outage in roots)
            ]
            if len(opened) > 1:
                yield f"{cut} at {', '.join(f'{heard.at:.2f}' for heard in opened)}"

    def _have_one_cause(self, subjects: Sequence[SubjectKey]) -> bool:
        nodes = [self.scenario.by_subject[subject] for subject in subjects]
        sites = {node.site for node in nodes}
        if len(nodes) > 1 and len(sites) == 1:
            return set(subjects) == set(self._meant(("site", nodes[0].site)))
        providers = {node.provider for node in nodes}
        return len(sites) >= 3 and len(providers) == 1 and "" not in providers  # whose lines nobody says share nothing

    # What is over, and what is not

    def _wrong_ends(self) -> Iterator[str]:
        for heard in self.log.heard:
            if heard.notice.kind is not Kind.RESOLVED:
                continue
            for incident in heard.incidents:
                for entry in incident.entries:
                    for cut in self._still(entry, heard.at):
                        yield f"{heard.at:.2f}: {_told(entry)}, though {_named(cut)} goes on"

    def _still(self, entry: Entry, when: float) -> Iterator[Outage]:
        """What of this is cut, and has been for so long that it must be known."""
        parts = self._meant(entry.fault.subject)
        cuts = [cut for part in parts for cut in self.scenario.truth.cuts(part)]
        # What began after the end of this is told of by something else, or not known yet.
        ended = (entry.ended_at - BEGIN).total_seconds() if entry.ended_at else when
        going = [cut for cut in cuts if cut.start < ended and cut.start + TOO_SHORT < when < cut.end]
        noun, _ = entry.fault.subject
        # One line brings a site back; of a provider some may be cut for another reason.
        if noun == "site" and len(going) < len(parts):
            return
        if noun == "provider" and len(going) < 3:
            return
        yield from going

    def _endless(self) -> Iterator[str]:
        """Everything that began is over at the end, and was told so once."""
        told: dict[str, Counter[Kind]] = {}
        last: dict[str, Incident] = {incident.id: incident for _, incident in self.log.versions}
        for heard in self.log.heard:
            for incident in heard.incidents:
                told.setdefault(incident.id, Counter())[heard.notice.kind] += 1
        for name, kinds in told.items():
            final = _final(name, last)
            resolved = told.get(final, Counter())[Kind.RESOLVED]
            if resolved != 1 or kinds[Kind.OPENED] > 1:
                said = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
                yield f"{name} ({said}) ended as {final}, which was told as resolved {resolved} times"


def _final(name: str, last: Mapping[str, Incident]) -> str:
    """The incident that tells of it in the end."""
    into = last[name].merged_into
    return name if into is None else _final(into, last)


def _named(outage: Outage) -> str:
    return f"{outage.subject[1]} {outage.start:.2f}-{outage.end:.2f}"


def _told(entry: Entry) -> str:
    since = (entry.fault.since - BEGIN).total_seconds()
    return f"{entry.fault.name} {' '.join(entry.fault.subject)} since {since:.2f}"
