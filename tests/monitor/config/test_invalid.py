"""Every file under tests/data/config is wrong in the ways that its last lines say."""

from pathlib import Path

import pytest

from monitor.config import ConfigError, load

FOLDER = Path(__file__).parents[2] / "data" / "config"
FILES = sorted(FOLDER.glob("invalid-*.yml"))
HEADING = "# What is wrong:"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem.removeprefix("invalid-"))
def test_each_problem_is_told_with_its_line_and_a_mend(path: Path) -> None:
    """All problems of a file at once, in its order, each in one sentence of plain words, and nothing else."""
    expected = path.read_text("utf-8").partition(HEADING)[2].strip().splitlines()
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    told = [f"# {problem.line}: {problem.what}: {problem.mend}" for problem in caught.value.problems]
    assert [line.replace(f"{FOLDER}/", "") for line in told] == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem.removeprefix("invalid-"))
def test_no_problem_quotes_a_secret(path: Path) -> None:
    """The planted `canary` of these files stands where secrets stand, or came from a variable's default."""
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    assert "canary" not in str(caught.value)


def test_a_problem_is_printed_as_place_what_and_mend() -> None:
    """The form that editors and terminals know how to jump to."""
    path = FOLDER / "invalid-tab.yml"
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    assert str(caught.value) == f"{path}:2: a tab stands where only spaces may: indent with spaces"
