"""The examples that people copy from."""

from pathlib import Path

import pytest

from monitor.config import load_checked

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.yml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_loads_without_a_warning(path: Path) -> None:
    """Whoever starts from an example starts from something that is right, with nothing set up before."""
    inventory, warnings = load_checked(path, {})
    assert inventory.sites
    assert warnings == ()
