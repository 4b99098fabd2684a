"""The requirements that are built in."""

from pathlib import Path

import pytest

from monitor.config import ConfigError
from monitor.config.presets import presets


def test_every_preset_says_where_its_numbers_come_from() -> None:
    """A source and a date for each file, and for each number that was not seen there a word about it."""
    assert set(presets()) == {"qcvn34", "office", "community-point", "backup-4g", "public-service"}
    for preset in presets().values():
        assert preset.title
        assert preset.source
        assert preset.date
        assert all(threshold.verified or threshold.note for threshold in preset.thresholds.values())


def test_qcvn34_marks_what_was_not_seen_in_its_text() -> None:
    """Only the numbers of the 2019 edition that were read are marked as read."""
    preset = presets()["qcvn34"]
    assert {key for key, threshold in preset.thresholds.items() if threshold.verified} == {
        "availability",
        "contracted_share",
    }
    assert preset.requirement.availability == 0.995
    assert preset.requirement.contracted_share == 0.8


def test_the_presets_of_a_ward_have_their_thresholds() -> None:
    """The office is held to more than a community point, and that to more than a backup."""
    table = {name: preset.requirement for name, preset in presets().items()}
    order = [table[name] for name in ("office", "community-point", "backup-4g")]
    assert [requirement.rtt_p95 for requirement in order] == [0.03, 0.05, 0.1]
    assert [requirement.loss for requirement in order] == [0.001, 0.01, 0.02]
    assert [requirement.availability for requirement in order] == [0.999, 0.995, 0.98]
    assert [requirement.restore for requirement in order] == [4 * 3600, 24 * 3600, 72 * 3600]


def test_a_broken_preset_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A packager who edits one is told like anybody else."""
    (tmp_path / "own.yml").write_text("title: x\n\tsource: y\n")
    monkeypatch.setattr("monitor.config.presets.files", lambda _: tmp_path)
    with pytest.raises(ConfigError, match=r"own\.yml:2"):
        presets()
