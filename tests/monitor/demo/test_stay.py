"""The folder in which a demo's inventory and history stay."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.config import load
from monitor.demo.ground import Ground
from monitor.demo.inventory import inventory_text
from monitor.demo.launch import SimulatedWard
from monitor.demo.stay import Home
from monitor.demo.ward import plan_ward

NOW = datetime(2026, 11, 3, 4, 5, 6, 789, tzinfo=UTC)


def running(folder: Path) -> SimulatedWard:
    """A ward of two sites, as its process leaves it in a folder that goes with it."""
    folder.mkdir()
    (folder / "ca.pem").write_text("the authority")
    (folder / "ward.yml").write_text(inventory_text(plan_ward(Ground(45, 18_000), 2), folder), encoding="utf-8")
    return SimulatedWard(folder / "ward.yml", folder / "truth.json", 1, asyncio.Queue())


@pytest.mark.parametrize("name", ["home", 'a "quoted" name', "thư mục của tôi"])
def test_the_inventory_that_stays_points_to_what_stays(name: str, tmp_path: Path) -> None:
    """History and authority lie beside it, under whatever name; addresses are those of the ward that runs."""
    home = Home(tmp_path / name)
    home.settle(running(tmp_path / "passing"))
    inventory = load(home.inventory)
    assert inventory.storage.url.get_secret_value() == f"sqlite:///{tmp_path / name}/linkward.db"
    assert "passing" not in home.inventory.read_text(encoding="utf-8")
    assert (home.folder / "ca.pem").read_text() == "the authority"
    assert next(inventory.devices())[1].address.startswith("127.45.")


def test_months_stand_in_the_folder_once_they_are_whole(tmp_path: Path) -> None:
    """History, inventory and truth; progress grows up to the end; what a demo left that was killed is no hindrance."""
    home, told = Home(tmp_path / "home"), list[float]()
    home.folder.mkdir()
    (home.folder / "linkward.db.part-wal").write_text("half of it")
    assert not home.has_history
    asyncio.run(home.lay_down(2, 1, 1, NOW, told.append))
    assert Home(home.folder).has_history
    assert sorted(path.name for path in home.folder.iterdir()) == ["ca.pem", "linkward.db", "truth.json", "ward.yml"]
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert {site.id for site in load(home.inventory).sites} == {"office", "diem-phuc-vu-xuan-tao"}


def test_a_review_is_written_without_the_demo(tmp_path: Path) -> None:
    """By the command that the demo prints, of the last month that is over."""
    home = Home(tmp_path / "home")
    asyncio.run(home.lay_down(2, 1, 1, datetime.now(UTC), lambda _: None))
    wanted = ["report", f"--config.file={home.inventory}", "--format=json", f"--output={tmp_path}"]
    ran = CliRunner().invoke(main, wanted)
    assert ran.exit_code == 0, ran.output
    (file,) = tmp_path.glob("*.json")
    review = json.loads(file.read_bytes())["report"]
    assert [row["id"] for row in review["links"]] == [
        "diem-phuc-vu-xuan-tao-viettel",
        "office-viettel",
        "office-vnpt",
    ]
    assert review["quality"]["known"] > 0.9


def test_a_folder_that_cannot_be_is_told_in_words(tmp_path: Path) -> None:
    """With status 2, before anything is started."""
    (tmp_path / "file").touch()
    ran = CliRunner().invoke(main, ["demo", "--months=1", "--sites=1", f"--folder={tmp_path / 'file' / 'home'}"])
    assert ran.exit_code == 2
    assert "cannot be written (Not a directory): name a folder that this user may write to" in ran.output
