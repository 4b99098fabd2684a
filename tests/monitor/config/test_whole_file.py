"""A file is replaced whole, or not at all and without a trace."""

from pathlib import Path

import pytest

from monitor.config.whole_file import replace_whole


def test_what_cannot_take_its_place_leaves_nothing_behind(tmp_path: Path) -> None:
    """A folder of the name is not replaced, and what was prepared beside it is taken away."""
    (tmp_path / "facts").mkdir()
    with pytest.raises(OSError, match="directory"):
        replace_whole(tmp_path / "facts", b"x")
    assert [each.name for each in tmp_path.iterdir()] == ["facts"]


def test_rights_and_links_stay(tmp_path: Path) -> None:
    """Who could read the file can read it; a link leads where it led; a new file is its owner's alone."""
    real, link = tmp_path / "real", tmp_path / "link"
    replace_whole(real, b"old")
    assert real.stat().st_mode & 0o777 == 0o600
    real.chmod(0o644)
    link.symlink_to(real)
    replace_whole(link, b"new")
    assert (link.is_symlink(), real.read_bytes(), real.stat().st_mode & 0o777) == (True, b"new", 0o644)
