"""The examples that people copy from."""

from pathlib import Path

import pytest

from monitor.config import ConfigError, load, load_checked

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*.yml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_loads_without_a_warning(path: Path) -> None:
    """Whoever starts from an example starts from something that is right, with nothing set up before."""
    inventory, warnings = load_checked(path, {})
    assert inventory.sites
    assert warnings == ()


def test_the_readme_shows_what_a_mistake_is_told_as(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first message that a newcomer sees is one that the program really says."""
    monkeypatch.chdir(tmp_path)
    lines = (ROOT / "examples" / "minimal.yml").read_text("utf-8").rstrip().removesuffix("}")
    Path("ward.yml").write_text(f"{lines},\n         intervall: 1s}}\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(Path("ward.yml"), {})
    assert f"\n{caught.value}\n" in (ROOT / "README.md").read_text("utf-8")
