"""The modules of ``/probe``: a name that a scrape configuration says, and how it makes us probe."""

from collections.abc import Mapping
from typing import Final

from model.measurement import ProbeKind

DEFAULT: Final = "http_2xx"
MODULES: Final[Mapping[str, ProbeKind]] = {
    DEFAULT: ProbeKind.HTTP,
    "icmp": ProbeKind.ICMP,
    "tcp_connect": ProbeKind.TCP,
    "dns": ProbeKind.DNS,
    "stamp": ProbeKind.STAMP,
}
"""As blackbox_exporter's own example calls them, where it has them."""

MODULE_OF: Final[Mapping[ProbeKind, str]] = {kind: name for name, kind in MODULES.items()}

IF_MIB: Final = "if_mib"
SYSTEM: Final = "system"
SNMP_MODULES: Final = (IF_MIB, SYSTEM)
"""The modules of ``/snmp``, by the names of snmp_exporter."""
