"""All that is measured, in the order of the table."""

from typing import Any, Final

from bench.scenario import Scenario
from bench.scenarios.alerts import ALERTS
from bench.scenarios.city import CITY_POLLING
from bench.scenarios.detection import DETECTION
from bench.scenarios.exposition import EXPOSITION
from bench.scenarios.links import LINKS
from bench.scenarios.probes import PROBES
from bench.scenarios.report import REPORT
from bench.scenarios.rtt import RTT
from bench.scenarios.snmp import SNMP
from bench.scenarios.speed import SPEED
from bench.scenarios.traps import TRAPS
from bench.scenarios.ward import WARD

SCENARIOS: Final[tuple[Scenario[Any], ...]] = (
    SNMP,
    PROBES,
    LINKS,
    EXPOSITION,
    RTT,
    WARD,
    CITY_POLLING,
    DETECTION,
    ALERTS,
    REPORT,
    SPEED,
    TRAPS,
)
