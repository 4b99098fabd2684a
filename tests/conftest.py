"""Which tests need the machine for themselves: they are left to a second run, one at a time (``make test``)."""

import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None)  # no test judges by the clock on the wall, and two run at a time
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--alone``."""
    parser.addoption(
        "--alone",
        choices=("leave", "only"),
        help="leave out the tests with the marker 'alone', or run them only; without it all are run",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what this run is for; the rest is counted as deselected."""
    wanted = config.getoption("--alone")
    if wanted is None:
        return
    parts: dict[bool, list[pytest.Item]] = {True: [], False: []}
    for item in items:
        parts[item.get_closest_marker("alone") is not None].append(item)
    is_alone = wanted == "only"
    config.hook.pytest_deselected(items=parts[not is_alone])
    items[:] = parts[is_alone]
