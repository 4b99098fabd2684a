"""All that is measured, in the order of the table."""

from typing import Any, Final

from bench.scenario import Scenario
from bench.scenarios.exposition import EXPOSITION

SCENARIOS: Final[tuple[Scenario[Any], ...]] = (EXPOSITION,)
