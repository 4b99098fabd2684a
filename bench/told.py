"""Which message tells of which cut: delays, false alarms, what was not told. Arithmetic only."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bench.outages import Outage
from bench.webhook import Receipt

GRACE: Final = 12.0
"""Seconds after its end in which an outage may still be told."""
_NOT_OF_CUTS: Final = frozenset({"CertificateExpiring"})
"""What is true of a page of the simulated ward, whatever is cut."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Attributes:
        at: When it came, seconds since the start of the world.
        about: Ids of the links and devices that it says are down; of a site that is cut off those of its links.
        over: Of those that it says were down and are not any more.
        is_new: Whether it tells of something for the first time.
    """

    at: float
    about: frozenset[str]
    over: frozenset[str]
    is_new: bool


@dataclass(slots=True)
class Tally:
    """What became of outages.

    Attributes:
        singles: Seconds from each cut of a single link to the first message about it; infinity where none came.
        commons: The same of cuts that have one cause for many.
        messages: Of each of the latter, how many new messages came while it lasted.
        false_alarms: New messages about what was not cut.
        not_over: Outages whose end was not told.
    """

    singles: list[float] = field(default_factory=list)
    commons: list[float] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)
    false_alarms: list[Message] = field(default_factory=list)
    not_over: int = 0

    def add(self, other: "Tally") -> None:
        """Take in those of another ward."""
        self.singles += other.singles
        self.commons += other.commons
        self.messages += other.messages
        self.false_alarms += other.false_alarms
        self.not_over += other.not_over


def message(receipt: Receipt, epoch: float, links_of: Mapping[str, Sequence[str]]) -> Message:
    """What a webhook was told, in the words of Alertmanager.

    Args:
        receipt: A payload of Alertmanager's version 4; where it says why it is told (``kind``), that is heeded.
        epoch: Start of the world, seconds of the Unix epoch.
        links_of: By site, the ids of its links.
    """
    alerts = [alert for alert in receipt.content["alerts"] if alert["labels"]["alertname"] not in _NOT_OF_CUTS]
    named = {
        status: frozenset(name for alert in alerts if alert["status"] == status for name in _names(alert, links_of))
        for status in ("firing", "resolved")
    }
    is_new = bool(alerts) and receipt.content.get("kind", receipt.content["status"]) in {"opened", "firing"}
    return Message(receipt.at - epoch, named["firing"], named["resolved"], is_new)


def _names(alert: Mapping[str, Any], links_of: Mapping[str, Sequence[str]]) -> Iterable[str]:
    labels = alert["labels"]
    name = labels.get("link") or labels.get("device") or labels.get("service")
    return [name] if name else links_of.get(labels.get("site", ""), ())


def tally(outages: Sequence[Outage], messages: Sequence[Message], *, by_cause: bool = True) -> Tally:
    """Put messages and outages of one ward together.

    Args:
        outages: In order of time; those of one link do not overlap.
        messages: In order of time.
        by_cause: Whether an outage with a common cause is to be told under the name of its cause; else under that of
            any of its links.
    """
    found = Tally()
    spare = {number for number, each in enumerate(messages) if each.is_new}
    for outage in outages:
        names = _expected(outage, by_cause=by_cause)
        first = next((each.at for each in _during(outage, messages) if each.about & names), math.inf)
        matching = [number for number in sorted(spare) if _tells(messages[number], outage, names)]
        (found.commons if outage.is_common else found.singles).append(first - outage.begin)
        if outage.is_common:
            found.messages.append(len(matching))
            spare -= set(matching)
        else:
            spare -= set(matching[:1])
        found.not_over += not any(each.over & names for each in _after(outage, messages))
    found.false_alarms = [messages[number] for number in sorted(spare)]
    return found


def _expected(outage: Outage, *, by_cause: bool) -> frozenset[str]:
    return frozenset({outage.name} if by_cause else outage.links)


def _tells(each: Message, outage: Outage, names: frozenset[str]) -> bool:
    about = each.about & (names | frozenset(outage.links))
    return bool(about) and outage.begin <= each.at <= outage.end + GRACE


def _during(outage: Outage, messages: Sequence[Message]) -> Iterator[Message]:
    return (each for each in messages if outage.begin <= each.at <= outage.end + GRACE)


def _after(outage: Outage, messages: Sequence[Message]) -> Iterator[Message]:
    return (each for each in messages if outage.end <= each.at)
