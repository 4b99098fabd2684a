"""The two text formats."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable

from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from exporters.blocks import Block, Buckets, Sample, Scalars, Table, row
from exporters.breathing import PIECE
from exporters.exposition import OPENMETRICS_END, Style, exposition
from exporters.labels import clean
from exporters.latest import Latest
from exporters.metrics import by_name
from model.measurement import InterfaceReading, Measurement, ProbeKind, Subject
from tests.peers.board import ROUTER, full_board, measured, poll, ward

_BLOCKS: tuple[Block, ...] = (
    Table(("ifHCInOctets",), row('instance="a"'), array("q", [5])),
    Scalars.of('link="l",site="s"', [Sample("linkward_link_probes_total", 3)]),
    Buckets("linkward_link_rtt_seconds", 'link="l",site="s"', (0.5,), (1, 0), 0.25),
    Table(("ifHCInOctets",), row('instance="b"'), array("q", [6])),
)


def test_text_bytes() -> None:
    """Prometheus text is exactly this: one heading per family, SNMP counters are counters."""
    assert b"".join(exposition(_BLOCKS, Style.TEXT)) == (
        b"# HELP linkward_link_rtt_seconds Round-trip time of the answered probes of a link, over all its targets.\n"
        b"# TYPE linkward_link_rtt_seconds histogram\n"
        b'linkward_link_rtt_seconds_bucket{link="l",site="s",le="0.5"} 1\n'
        b'linkward_link_rtt_seconds_bucket{link="l",site="s",le="+Inf"} 1\n'
        b'linkward_link_rtt_seconds_count{link="l",site="s"} 1\n'
        b'linkward_link_rtt_seconds_sum{link="l",site="s"} 0.25\n'
        b"# HELP linkward_link_probes_total Probes sent over a link.\n"
        b"# TYPE linkward_link_probes_total counter\n"
        b'linkward_link_probes_total{link="l",site="s"} 3.0\n'
        b"# HELP ifHCInOctets Bytes received, 64 bits, wrapped at 2^53.\n"
        b"# TYPE ifHCInOctets counter\n"
        b'ifHCInOctets{instance="a"} 5\n'
        b'ifHCInOctets{instance="b"} 6\n'
    )


def test_openmetrics_bytes() -> None:
    """OpenMetrics is exactly this: counters lose their suffix in the heading, SNMP counters are unknown."""
    assert b"".join(exposition(_BLOCKS, Style.OPENMETRICS)) == (
        b"# HELP linkward_link_rtt_seconds Round-trip time of the answered probes of a link, over all its targets.\n"
        b"# TYPE linkward_link_rtt_seconds histogram\n"
        b"# UNIT linkward_link_rtt_seconds seconds\n"
        b'linkward_link_rtt_seconds_bucket{link="l",site="s",le="0.5"} 1\n'
        b'linkward_link_rtt_seconds_bucket{link="l",site="s",le="+Inf"} 1\n'
        b'linkward_link_rtt_seconds_count{link="l",site="s"} 1\n'
        b'linkward_link_rtt_seconds_sum{link="l",site="s"} 0.25\n'
        b"# HELP linkward_link_probes Probes sent over a link.\n"
        b"# TYPE linkward_link_probes counter\n"
        b'linkward_link_probes_total{link="l",site="s"} 3.0\n'
        b"# HELP ifHCInOctets Bytes received, 64 bits, wrapped at 2^53.\n"
        b"# TYPE ifHCInOctets unknown\n"
        b'ifHCInOctets{instance="a"} 5\n'
        b'ifHCInOctets{instance="b"} 6\n'
    )


def test_both_formats_hold_the_same_samples() -> None:
    """Every sample of the full board is in both formats, with the same labels and value, each once."""
    text = _samples(b"".join(exposition(full_board().blocks(1.0), Style.TEXT)).decode(), parse_text)
    openmetrics = b"".join(exposition(full_board().blocks(1.0), Style.OPENMETRICS)).decode() + OPENMETRICS_END
    assert text == _samples(openmetrics, parse_openmetrics)
    assert max(Counter(map(str, [sample[:2] for sample in text])).values()) == 1


def _samples(text: str, parse: Callable[[str], Iterable[Metric]]) -> list[tuple[str, dict[str, str], float]]:
    families = parse(text)
    return [(_plain(sample.name), sample.labels, sample.value) for family in families for sample in family.samples]


def _plain(name: str) -> str:
    # The parser of the text format gives every counter the suffix of OpenMetrics, whether it was there or not.
    plain = name.removesuffix("_total")
    return plain if plain in by_name() else name


def test_slices_are_bounded() -> None:
    """A long text comes in many slices, none much longer than the bound."""
    table = Table(("ifMtu",), b"".join(row(f'r="{at}"') for at in range(100)), array("q", range(100)))
    slices = list(exposition([table] * 2_500, Style.TEXT))
    assert len(slices) > 10
    assert max(map(len, slices)) < PIECE + 16 * 2_000
    assert b"".join(slices).count(b"\n") == 250_000 + 2


_hostile = st.text(alphabet=st.characters(), max_size=40)
_interfaces = st.builds(
    InterfaceReading,
    index=st.integers(1, 5),
    name=_hostile,
    descr=_hostile,
    alias=_hostile,
    kind=st.none() | st.integers(0, 300),
    physical_address=_hostile,
    cells=st.dictionaries(
        st.sampled_from(["ifMtu", "ifOperStatus", "ifHCInOctets", "ifSpeed", "noSuchColumn"]),
        st.integers(-(2**70), 2**70),
    ),
)


@settings(deadline=None)
@given(st.lists(_interfaces, max_size=6), _hostile)
def test_hostile_tables_always_parse_and_never_repeat(interfaces: list[InterfaceReading], instance: str) -> None:
    """Whatever an agent sends, both formats parse, labels come back clean, and no series is there twice."""
    latest = Latest()
    latest.load(ward())
    subject = Subject("device", ROUTER.id, ROUTER.site, instance)
    latest.record(_measured(subject, interfaces), 60.0, 0.0)
    text = _samples(b"".join(exposition(latest.blocks(1.0), Style.TEXT)).decode(), parse_text)
    openmetrics = b"".join(exposition(latest.blocks(1.0), Style.OPENMETRICS)).decode() + OPENMETRICS_END
    assert len(_samples(openmetrics, parse_openmetrics)) == len(text)
    assert len({str(sample[:2]) for sample in text}) == len(text)
    names = {labels["ifName"] for name, labels, _ in text if name == "ifMtu"}
    assert names <= {clean(interface.name) for interface in interfaces}


def _measured(subject: Subject, interfaces: list[InterfaceReading]) -> Measurement:
    return measured(subject, ProbeKind.SNMP, poll(*interfaces))
