"""``docs/metrics.md``, written from the table of metrics."""

from collections.abc import Iterable, Sequence
from typing import Final

from exporters.labels import LONGEST_VALUE
from exporters.latest import SERIES_PER_DEVICE
from exporters.metric import About, Metric, Source
from exporters.metrics import METRICS
from exporters.tallies import LINK_RTT_EDGES, SMOKEPING_EDGES

_OWN_LABELS: Final[dict[About, tuple[str, ...]]] = {
    About.DAEMON: (),
    About.SITE: ("site",),
    About.LINK: ("link", "site"),
    About.DEVICE: ("device", "site"),
    About.INTERFACE: ("device", "site", "ifIndex", "ifName", "ifDescr", "ifAlias"),
    About.SERVICE: ("service", "site"),
    About.PROMISE: ("link or service", "site"),
    About.PROBED: ("link, device, service or anchor", "site"),
}

_OURS_TEXT: Final = "They bear the ids of the inventory and no `instance`: a link with two targets is one link."

_BLACKBOX_TEXT: Final = """They bear `instance`, the address that was probed, and `probe`, the protocol: a device that
is pinged and polled has one `probe_success` of each. After a failure `probe_success` is 0, and of the others only those
remain that were measured all the same, such as the status code of a page that answered with the wrong one."""

_SMOKEPING_TEXT: Final = """For whatever is probed by ICMP. Loss is
1 - rate(smokeping_response_duration_seconds_count) / rate(smokeping_requests_total)."""

_SNMP_TEXT: Final = """The modules `if_mib` and `system`. Counters have no `_total`; in OpenMetrics, where a counter
must, their type is `unknown` and their samples are the same. A counter of 64 bits is wrapped at 2^53, the largest whole
number that Prometheus holds exactly; `rate()` sees the wrap as it sees any other."""

_SECTIONS: Final = (
    (Source.LINKWARD, "Linkward's own", _OURS_TEXT),
    (Source.BLACKBOX, "Probes, as blackbox_exporter names them", _BLACKBOX_TEXT),
    (Source.SMOKEPING, "ICMP over time, as smokeping_prober names it", _SMOKEPING_TEXT),
    (Source.SNMP, "SNMP, as snmp_exporter names it", _SNMP_TEXT),
)


def metrics_page() -> str:
    """The whole page."""
    sections = [
        f"## {title}\n\n{text}\n\n{_table(metric for metric in METRICS if metric.source is source)}"
        for source, title, text in _SECTIONS
    ]
    return "\n".join([_HEAD, *sections, _TAIL])


def base_labels(metric: Metric) -> tuple[str, ...]:
    """The labels that what a metric speaks of gives to it, before its own."""
    instance = () if metric.source is Source.LINKWARD else ("instance",)
    return (*instance, *_OWN_LABELS[metric.about])


def _table(metrics: Iterable[Metric]) -> str:
    rows = [_row(metric) for metric in metrics]
    return "\n".join(["| metric | type | unit | labels | meaning |", "|---|---|---|---|---|", *rows, ""])


def _row(metric: Metric) -> str:
    labels = ", ".join((*base_labels(metric), *metric.labels))
    return f"| `{metric.name}` | {metric.type} | {metric.unit.replace('_', ' ')} | {labels} | {metric.help} |"


def _milliseconds(edges: Sequence[float]) -> str:
    return ", ".join(f"{edge * 1000:g}" for edge in edges)


_HEAD: Final = """# Metrics

This page is written from the table in `exporters/metrics.py` by `make docs`; a test fails where the two differ.

`/metrics` answers in Prometheus text 0.0.4, or in OpenMetrics 1.0 to whoever asks for it. `/metrics?site=ID` answers
with the series of one site alone, without those of the daemon. Scrape with `honor_labels: true`, as the
`prometheus.yml` of this project does, because `instance` is the address of what was probed.

**What was not measured is absent, never zero.** A failed probe removes what the same probe said before at the next
scrape; so does a value that was not renewed in time. Counters and histograms of links and of ICMP stay: they count.
"""

_TAIL: Final = f"""## Bounds

- A value of a label is cut after {LONGEST_VALUE} characters. Control characters in it are spaces; the line feed stays.
- The interfaces of one device have at most {SERIES_PER_DEVICE:,} series; `linkward_device_interfaces_cut` says how many
  interfaces that left out.
- Two rows of a table whose labels are equal would be one series twice: the first is kept, and
  `linkward_duplicate_series_total` counts the others.
- Buckets of `linkward_link_rtt_seconds`, in ms: {_milliseconds(LINK_RTT_EDGES)}.
- Buckets of `smokeping_response_duration_seconds`, in ms: {_milliseconds(SMOKEPING_EDGES)}.

Beside these, `/metrics` holds `process_*` and `python_info` of prometheus_client.

## promtool check metrics

`promtool check metrics` reads the text format without an error. Its lint finds fault with the names that were adopted
from snmp_exporter (`camelCase`, counters without `_total`) and with `bits` as a unit, and so ends with status 3. All of
them are kept on purpose: public dashboards need the names, and contracts are in Mbit/s. About every other metric it
is silent.
"""
