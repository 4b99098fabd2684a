"""What is true of the months before, link by link: what a review of them has to say, if it is right."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from history.facts import SpeedTest
from model.verdict import Outcome, Quality
from monitor.demo.months.cast import loses
from monitor.demo.months.events import Past, PastOutage
from monitor.demo.months.measured import Sum
from monitor.demo.ward import WardPlan


@dataclass(slots=True)
class LinkMonth:
    """What was measured of a link in a month.

    Attributes:
        sent: Probes.
        lost: Of them, without an answer.
        times: Round-trip times in tenths of a millisecond, and how often each occurred.
        waits: The same above the least of their hour.
        download: Mean bit/s of each hour.
        upload: Likewise.
        peaks: Highest bit/s, download and upload.
        octets: Bytes, download and upload.
        stable: Minutes.
        known: Minutes.
        tests: Of speed.
    """

    sent: int = 0
    lost: int = 0
    times: Counter[int] = field(default_factory=Counter)
    waits: Counter[int] = field(default_factory=Counter)
    download: list[int] = field(default_factory=list)
    upload: list[int] = field(default_factory=list)
    peaks: tuple[float, float] = (0.0, 0.0)
    octets: tuple[int, int] = (0, 0)
    stable: int = 0
    known: int = 0
    tests: list[SpeedTest] = field(default_factory=list)

    def add(self, day: Sum) -> None:
        """Some more hours."""
        hours = day.hours
        self.sent += sum(one.alive for one in hours)
        self.lost += sum(one.lost for one in hours)
        self.times.update(day.times)
        self.waits.update(day.waits)
        self.download += (one.download for one in hours)
        self.upload += (one.upload for one in hours)
        self.peaks = (
            max(self.peaks[0], *(one.peak_download for one in hours)),
            max(self.peaks[1], *(one.peak_upload for one in hours)),
        )
        octets = [one.octets for one in hours]
        self.octets = self.octets[0] + sum(one[0] for one in octets), self.octets[1] + sum(one[1] for one in octets)
        self.stable += sum(one.stable for one in hours)
        self.known += sum(one.known for one in hours)


@dataclass(frozen=True, slots=True)
class MonthsTruth:
    """What is true of months that were laid down.

    Attributes:
        ward: Whose.
        past: What happened.
        measured: By link and name of the month.
    """

    ward: WardPlan
    past: Past
    measured: Mapping[tuple[str, str], LinkMonth]

    def outages(self, link: str) -> Sequence[PastOutage]:
        """Of a link, in order."""
        return [one for one in self.past.outages if one.link == link]

    def expected(self) -> Iterator[tuple[str, str, Quality, Outcome]]:
        """What the parts of the cast must lead to: link, month that is over, quality, verdict."""
        cast = self.past.cast
        for number, month in enumerate(self.past.months[:-1]):
            if cast.slow:
                yield cast.slow, month.name, Quality.DOWNLOAD, Outcome.BREACHED
                yield cast.slow, month.name, Quality.UPLOAD, Outcome.MET
            if cast.lossy:
                is_breached = loses(cast, cast.lossy, number)
                yield cast.lossy, month.name, Quality.LOSS, Outcome.BREACHED if is_breached else Outcome.MET
            for link in (one for site in self.ward.sites for one in site.links if one.provider == cast.worsening):
                if number in {0, 5}:
                    yield link.id, month.name, Quality.RTT, Outcome.BREACHED if number else Outcome.MET

    def write(self, file: Path) -> None:
        """Write what happened as JSON, for people who want to compare."""
        file.write_text(json.dumps(self._plain(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def _plain(self) -> Any:
        past = self.past
        return {
            "begin": past.begin.isoformat(),
            "end": past.end.isoformat(),
            "cast": {name: _text(getattr(past.cast, name)) for name in past.cast.__slots__},
            "outages": [_event(one) for one in past.outages],
            "maintenance": [_event(one) for one in past.works],
            "monitor_saw_nothing": [_event(one) for one in past.pauses],
            "service_faults": [_event(one) for one in past.faults],
        }


def _event(one: Any) -> dict[str, Any]:
    return {name: _text(getattr(one, name)) for name in one.__slots__}


def _text(value: Any) -> Any:
    return value if isinstance(value, str | int | float | None) else value.isoformat()
