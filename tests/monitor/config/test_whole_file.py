"""A file is replaced whole, or not at all and without a trace."""

from pathlib import Path

import pytest

from monitor.config.whole_file import replace_whole


@pytest.mark.parametrize("is_for_all", [False, True])
def test_what_cannot_take_its_place_leaves_nothing_behind(tmp_path: Path, is_for_all: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """A folder of the name is not replaced, and what was prepared beside it is taken away."""
    (tmp_path / "facts").mkdir()
    with pytest.raises(OSError, match="directory"):
        replace_whole(tmp_path / "facts", b"x", is_for_all=is_for_all)
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


def test_what_is_for_all_has_the_rights_of_new_files(tmp_path: Path) -> None:
    """Those that the system gives to whatever else is made there; rights that somebody gave it later stay."""
    other, review = tmp_path / "other", tmp_path / "review"
    other.write_bytes(b"")
    replace_whole(review, b"old", is_for_all=True)
    assert review.stat().st_mode == other.stat().st_mode
    review.chmod(0o640)
    replace_whole(review, b"new", is_for_all=True)
    assert (review.read_bytes(), review.stat().st_mode & 0o777) == (b"new", 0o640)
