"""A city's reviews are the same, whether one process makes them or several."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.config import load_values
from monitor.reporting import city_review, reviews
from monitor.review_asked import Asked
from monitor.review_making import Order
from monitor.review_workers import Job, PartFailedError, in_parts, processes_for
from reports.json import to_json
from tests.monitor.test_reporting import HANOI, happened, link, standing
from tests.peers.facts import opened

NOW = datetime(2026, 11, 24, tzinfo=UTC)
WARDS = ("one", "three", "two")


async def test_several_processes_make_what_one_makes(tmp_path: Path) -> None:
    """Each ward's file and the summary, byte for byte; and how far they are is told to the end."""
    sites = [
        {"id": f"{ward}-office", "ward": ward, "links": [link(f"{ward}-line", requirement=None)]} for ward in WARDS
    ]
    city = load_values({"wards": [{"id": ward, "timezone": HANOI.key} for ward in WARDS], "sites": sites})
    url = f"sqlite:///{tmp_path}/linkward.db"
    told: list[float] = []
    async with opened(url) as store:
        await store.record(*standing(city), *(fact for ward in WARDS for fact in happened(f"{ward}-line")))
        alone = [to_json(report) async for report in reviews(store, city, Asked("2026-10", monitor="north"), NOW)]
        job = Job(Order(url, "other", city, Asked("2026-10", monitor="north"), NOW), ("json",), "en", tmp_path)
        parts = in_parts(job, WARDS, 2, told.append)
    files = [file for part in parts for file in part.files]
    assert [file.read_bytes() for file in files] == alone[:-1]
    assert to_json(city_review([made for part in parts for made in part.made], NOW)) == alone[-1]
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)
    with pytest.raises(PartFailedError, match="there is no monitor 'nobody'"):
        in_parts(
            Job(Order(url, "x", city, Asked("2026-10", monitor="nobody"), NOW), (), "en", tmp_path),
            WARDS,
            1,
            told.append,
        )


def test_a_small_city_needs_no_second_process() -> None:
    """Its start would take longer than the work."""
    assert processes_for(1) == processes_for(3) == 1
    assert 1 <= processes_for(126) <= 126
