"""The JSON of a small month as agreed. ``REGENERATE=1`` writes it anew: read the difference before it goes in."""

import json
import os
from datetime import timedelta
from pathlib import Path

from model.alerting import MaintenanceWindow
from model.intervals import instant
from model.maintenance import Announcement
from model.sketch import Sketch
from reports.facts import DeviceFacts, Measured, MonthFacts, SpeedTested
from reports.json import from_json, sealed, to_json
from tests.reports.test_review import OCTOBER, at, line, made, month, outage

GOLDEN = Path(__file__).parents[1] / "data" / "reports" / "2026-10.json"


def october() -> MonthFacts:
    """Two lines of an office, one of which is slow; a point that is dark for an hour, and works for another."""
    slow = [SpeedTested("download", instant(at(18 * number + 3)), 6e7 + 1e5 * number) for number in range(40)]
    delays = Measured(OCTOBER.interval, 2_678_400, 1_234, rtt=Sketch.of([0.012] * 900 + [0.031] * 100))
    window = MaintenanceWindow.model_validate({"id": "fibre", "links": ["b-1"], "from": at(200), "to": at(201)})
    return month(
        line("a-1", *outage("a-1", 9, 9.5), *outage("a-1", 400, 403), measured=[delays], tests=slow),
        line("a-2", provider="FPT"),
        line("b-1", *outage("b-1", 33, 34), *outage("b-1", 200, 200.5), device="rt"),
        devices=[DeviceFacts("rt", "b", outage("rt", 33.001, 34, noun="device")), DeviceFacts("sw", "a")],
        announcements=[Announcement(window, at(200) - timedelta(days=3))],
    )


def test_a_review_reads_as_agreed() -> None:
    """Names, units, rounding and order of every figure; whoever reads the file elsewhere relies on them."""
    written = to_json(sealed(made(october()), "0" * 64, "1.0.0"))
    shown = json.dumps(json.loads(written), ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("REGENERATE"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(shown, "utf-8")
    assert shown == GOLDEN.read_text("utf-8")
    assert to_json(from_json(written)) == written
