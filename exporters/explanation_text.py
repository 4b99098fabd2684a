"""An explanation as lines, for a terminal and for a page."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from exporters.desk import Decided
from exporters.evidence_words import evidence_told
from exporters.explanation import Change, Explanation, Gap, Parent, Work
from exporters.explanation_names import ExplanationNames
from exporters.explanation_words import EXPLANATION_WORDS
from exporters.told import Told
from model.inventory import Language
from model.state import State
from model.text import harmless
from model.units import format_duration


def explanation_text(explanation: Explanation, language: Language = "en") -> str:
    """What it is, since when and why, and then what belongs to it; a part of which nothing is known is left out."""
    return "\n".join(["".join(line) for line in explanation_lines(explanation, language)] + [""])


def explanation_lines(explanation: Explanation, language: Language) -> list[Told]:
    """The same line by line; an empty line parts the parts, and an English end follows what is before it."""
    told = _Told(explanation, language)
    lines = [Told(told.headline()), *told.reason()]
    for heading, part in told.parts():
        if part:
            lines += [Told(""), Told(heading), *(Told(f"  {line.own}", line.english) for line in part)]
    # A space that does not break is one that a terminal cannot search for.
    return [Told(harmless(line.own.replace("\u00a0", " ")), harmless(line.english)) for line in lines]


class _Told:
    """Tells one explanation in the ward's time."""

    def __init__(self, explanation: Explanation, language: Language) -> None:
        self._it = explanation
        self._language: Language = language
        self._words = EXPLANATION_WORDS[language]
        self._names = ExplanationNames(language)
        self._zone = ZoneInfo(explanation.timezone)
        self._day = explanation.at.astimezone(self._zone).date()

    def headline(self) -> str:
        """What it was in, and since when."""
        it = self._it
        line = self._say(
            "headline",
            what=self._names.subject(it.kind, it.id),
            name=f" ({it.name})" if it.name else "",
            site=it.site,
            state=self._names.state(it.kind, it.state),
            at=it.at.astimezone(self._zone).strftime(self._words["day"]),
            zone=it.timezone,
        )
        if it.since is None:
            return line
        return line + self._say("since_for", since=self._local(it.since), lasted=self._lasted(it.since, it.at))

    def reason(self) -> Iterator[Told]:
        """Why, as far as that is known."""
        it = self._it
        match it.state:
            case State.MAINTENANCE:
                beneath = self._names.state(it.kind, it.beneath) if it.beneath else ""
                yield Told(self._say("by_work", state=beneath))
            case State.UNREACHABLE:
                roots = [self._root(root) for root in it.parents if root.explains]
                named = self._say("by_roots", roots=self._words["and"].join(roots))
                yield Told(named if roots else self._words["by_something"])
            case State.UNKNOWN if gap := self._gap():
                yield Told(self._say("by_monitor", absence=self._absence(gap)))
            case _:
                begun = [self._why(change) for change in it.changes if change.at <= it.at and change.after is it.state]
                yield from (_line(self._words["by_this"], why) for why in begun[-1:] if why.text)

    def parts(self) -> Iterator[tuple[str, list[Told]]]:
        """Headings and the lines below them."""
        it, words = self._it, self._words
        further = [Told(self._say("more", number=it.left_out))] if it.left_out else []
        either = (self._say("either", names=", ".join(group)) for group in it.depends_on if len(group) > 1)
        since = (
            self._say("judged_since", words=self._names.verdict(each), since=self._local(each.since))
            for each in it.verdicts or ()
        )
        yield words["happened"], [*map(self._change, it.changes), *further]
        yield words["parents"], _lines([*map(self._parent, it.parents), *either])
        yield words["work"], _lines(map(self._work, it.maintenance))
        yield words["told"], [self._decided(each) for each in it.decisions or ()]
        yield (
            words["required"] + (f" ({it.requirement})" if it.requirement else ""),
            _lines(map(self._names.threshold, it.thresholds)),
        )
        yield words["judged"], _lines(since)
        yield words["monitor"], _lines(map(self._monitor, it.gaps))

    def _say(self, word: str, **values: object) -> str:
        return self._words[word].format(**values)

    def _gap(self) -> Gap | None:
        return next((gap for gap in self._it.gaps if gap.start <= self._it.at <= gap.end), None)

    def _root(self, root: Parent) -> str:
        what = self._names.subject(root.kind, root.id)
        return self._say("root", what=what, state=self._names.state(root.kind, root.state))

    def _why(self, change: Change) -> Told:
        return Told(change.words) if self._language == "en" else evidence_told(change.evidence, self._language)

    def _change(self, change: Change) -> Told:
        sure = f" ± {self._duration(change.uncertainty_seconds)}" if change.uncertainty_seconds else ""
        before, after = (self._names.state(self._it.kind, state) for state in (change.before, change.after))
        lasted, at = self._lasted(change.at, change.noticed_at), self._local(change.at)
        line = self._say("change", at=at, sure=sure, before=before, after=after, lasted=lasted)
        why = self._why(change)
        return _line(f"{line}: ", why) if why.text else Told(line)

    def _parent(self, parent: Parent) -> str:
        since = self._say("since", since=self._local(parent.since)) if parent.since else ""
        indirectly = "" if parent.direct else self._words["indirectly"]
        what, state = self._names.subject(parent.kind, parent.id), self._names.state(parent.kind, parent.state)
        return f"{what}{indirectly}: {state}{since}"

    def _work(self, work: Work) -> str:
        span = self._say("span", id=work.id, start=self._local(work.start), end=self._local(work.end))
        reason = f": {work.reason}" if work.reason else ""
        return f"{span}{reason}{'' if work.excuses else self._words['late']}"

    def _decided(self, decided: Decided) -> Told:
        incident = self._say("incident", incident=decided.incident) if decided.incident else ""
        line = f"{self._local(decided.at)}  {self._names.alert_of(decided)}: {self._names.outcome(decided)}{incident}"
        detail = self._names.detail(decided)
        return _line(f"{line}: ", detail) if detail.text else Told(line)

    def _monitor(self, gap: Gap) -> str:
        absence, end = self._absence(gap), self._local(gap.end)
        if gap.start <= self._it.looked_from:  # when that began lies beyond what was looked at
            return self._say("gap_until", absence=absence, end=end)
        lasted = self._lasted(gap.start, gap.end)
        return self._say("gap", absence=absence, start=self._local(gap.start), end=end, lasted=lasted)

    def _absence(self, gap: Gap) -> str:
        return self._words["blind" if gap.blind else "off"]

    def _local(self, moment: datetime) -> str:
        there = moment.astimezone(self._zone)
        return there.strftime(self._words["clock" if there.date() == self._day else "day"])

    def _lasted(self, start: datetime, end: datetime) -> str:
        return self._duration(max(0.0, (end - start).total_seconds()))

    def _duration(self, seconds: float) -> str:
        return format_duration(seconds) if self._language == "en" else self._names.tongue.length(seconds)


def _line(own: str, told: Told) -> Told:
    between = "; " if told.own and told.english else ""
    return Told(f"{own}{told.own}{between}", told.english)


def _lines(texts: Iterable[str]) -> list[Told]:
    return [Told(text) for text in texts]
