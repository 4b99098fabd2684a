"""The review of a real history, by the command, in all formats."""

import asyncio
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from monitor.cli import main
from monitor.reporting import _LIMITS
from reports.locale.words import CATALOGUES
from tests.monitor.test_reporting import OFFICE, happened, standing
from tests.peers.facts import opened

INVENTORY = """\
ward: {id: xuan-dinh, name: Phường Xuân Đỉnh, timezone: Asia/Ho_Chi_Minh}
requirements: {office: {availability: 99.9%, restore: 4m, loss: 1%}}
sites:
  - id: office
    citizens_per_hour: 120
    links: [{id: office-vnpt, provider: VNPT, requirement: office, target: "icmp://192.0.2.1"}]
"""


@pytest.mark.parametrize("language", ["vi", "en", "id"])
def test_the_command_writes_all_formats_of_one_review(language: str, tmp_path: Path) -> None:
    """Four files with the same outages in them and one data hash."""
    (tmp_path / "ward.yml").write_text(INVENTORY, "utf-8")

    async def fill() -> None:
        async with opened(f"sqlite:///{tmp_path}/linkward.db") as store:
            await store.record(*standing(OFFICE), *happened())

    asyncio.run(fill())
    arguments = ["--month=2026-10", "--format=pdf,html,xlsx,json", f"--language={language}", f"--output={tmp_path}/out"]
    home = [f"--config.file={tmp_path}/ward.yml", f"--storage.url=sqlite:///{tmp_path}/linkward.db"]
    result = CliRunner().invoke(main, ["report", *home, *arguments])
    assert result.exit_code == 0, result.output
    files = {path.suffix: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert files.keys() == {".pdf", ".html", ".xlsx", ".json"}
    written = json.loads(files[".json"])
    outages = written["report"]["outages"]["rows"]
    sheet = load_workbook(io.BytesIO(files[".xlsx"])).worksheets[3]
    assert sheet.max_row == 1 + len(outages)
    assert written["provenance"]["data_hash"] in files[".html"].decode()
    assert files[".pdf"].startswith(b"%PDF-1.7")


def test_everything_that_the_history_cannot_tell_has_its_sentence() -> None:
    """The limits that the monitor names are known to all languages."""
    for catalogue in CATALOGUES.values():
        assert {f"limit.{name}" for name in (*_LIMITS, "terms_assumed")} <= catalogue.keys()
