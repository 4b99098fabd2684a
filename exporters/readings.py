"""What each kind of reading says, as samples: one pure function per kind."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple

from exporters.adopted import COLUMNS
from exporters.blocks import ABSENT, Block, InterfaceFacts, Sample, Scalars, Table, row
from exporters.interface_types import interface_type
from exporters.labels import escaped, ip_version, label
from model.hosts import is_address
from model.measurement import (
    DnsReading,
    EchoReading,
    Failure,
    HttpReading,
    InterfaceReading,
    Measurement,
    Reading,
    SnmpReading,
    StampReading,
    TcpReading,
    TlsFacts,
)

_COLUMNS: Final = tuple(metric.name for metric in COLUMNS)
_WRAP: Final = 2**53
_HTTP_PHASES: Final = ("resolve", "connect", "tls", "processing", "transfer")
_MODULE: Final = ',module="if_mib"'
_WHAT_IT_IS: Final = attrgetter("index", "name", "descr", "alias", "kind", "physical_address")


def outcome_samples(measurement: Measurement, timeout: float | None, version: int | None) -> Iterator[Sample]:
    """What every probe tells, whatever its kind, and then what its kind tells.

    After a failure only what was measured all the same is there: the time it took, and the failure's partial reading.

    Args:
        measurement: Of any kind.
        timeout: Seconds that it might have taken.
        version: Version of IP of the instance, where that is an address; a reading may know better.
    """
    outcome = measurement.outcome
    reading = outcome.partial if isinstance(outcome, Failure) else outcome
    yield Sample("probe_success", measurement.succeeded)
    yield Sample("probe_duration_seconds", measurement.duration)
    if timeout is not None:
        yield Sample("probe_timeout_seconds", timeout)
    if reading is not None:
        if address := getattr(reading, "address", None):
            version = ip_version(address)
        yield from _known({"probe_ip_protocol": version})
        yield from _BY_KIND[type(reading)](reading)


def _unix(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None


def _known(values: Mapping[str, float | None], extra: str = "") -> Iterator[Sample]:
    """Samples of what was measured; ``None`` was not."""
    return (Sample(name, value, extra) for name, value in values.items() if value is not None)


def echo_samples(reading: EchoReading) -> Iterator[Sample]:
    """Of one answered echo."""
    yield Sample("probe_icmp_duration_seconds", reading.rtt, ',phase="rtt"')
    yield from _known({"probe_icmp_reply_hop_limit": reading.hop_limit})


def dns_samples(reading: DnsReading) -> Iterator[Sample]:
    """Of one answered DNS query."""
    yield from _known({"probe_dns_duration_seconds": reading.connect}, ',phase="connect"')
    yield Sample("probe_dns_duration_seconds", reading.request, ',phase="request"')
    yield Sample("probe_dns_query_succeeded", 1)
    yield Sample("probe_dns_answer_rrs", reading.answers)
    yield Sample("probe_dns_authority_rrs", reading.authorities)
    yield Sample("probe_dns_additional_rrs", reading.additionals)
    yield from _known({"probe_dns_serial": reading.serial})


def http_samples(reading: HttpReading) -> Iterator[Sample]:
    """Of one HTTP exchange; without a status it ended before there was a response to tell of."""
    for phase in _HTTP_PHASES:
        yield from _known({"probe_http_duration_seconds": reading.phases.get(phase)}, f',phase="{phase}"')
    yield from _known({"probe_dns_lookup_time_seconds": reading.phases.get("resolve")})
    yield Sample("probe_http_redirects", reading.redirects)
    if reading.status is not None:
        yield from _response_samples(reading)
    if reading.tls is not None:
        yield from tls_samples(reading.tls)


def _response_samples(reading: HttpReading) -> Iterator[Sample]:
    failed = None if reading.body_matches is None else not reading.body_matches
    yield from _known({
        "probe_http_status_code": reading.status,
        "probe_http_version": reading.version,
        "probe_http_ssl": reading.tls is not None,
        "probe_http_uncompressed_body_length": reading.body_bytes,
        "probe_http_content_length": reading.content_length,
        "probe_http_last_modified_timestamp_seconds": _unix(reading.last_modified),
        "probe_failed_due_to_regex": failed,
    })


def tls_samples(facts: TlsFacts) -> Iterator[Sample]:
    """Of one TLS handshake."""
    yield Sample("probe_ssl_earliest_cert_expiry", facts.earliest_expiry.timestamp())
    yield from _known({"probe_ssl_last_chain_expiry_timestamp_seconds": _unix(facts.chain_expiry)})
    # Names without addresses, as blackbox_exporter tells them.
    names = ",".join([name for name in facts.alternative_names if not is_address(name)])
    certificate = {
        "fingerprint_sha256": facts.fingerprint_sha256,
        "subject": facts.subject,
        "issuer": facts.issuer,
        "subjectalternative": names,
        "serialnumber": facts.serial_number,
    }
    yield Sample("probe_ssl_last_chain_info", 1, "".join(f",{label(*pair)}" for pair in certificate.items()))
    if facts.version is not None:
        yield Sample("probe_tls_version_info", 1, f",{label('version', facts.version)}")
    if facts.cipher is not None:
        yield Sample("probe_tls_cipher_info", 1, f",{label('cipher', facts.cipher)}")


def _nothing_more(_reading: Reading) -> Iterator[Sample]:
    """A link's own metrics tell what these readings hold; a device's tables are blocks of their own."""
    return iter(())


_BY_KIND: Final[Mapping[type, Callable[[Any], Iterator[Sample]]]] = {
    EchoReading: echo_samples,
    StampReading: _nothing_more,
    TcpReading: _nothing_more,
    DnsReading: dns_samples,
    HttpReading: http_samples,
    SnmpReading: _nothing_more,
}


class Rows(NamedTuple):
    """The interfaces of a device as text, which stays the same until somebody renames, adds or removes one.

    Attributes:
        told_by: The label text and what each interface told of itself, column by column.
        kept: Positions of the interfaces whose labels no earlier one has.
        facts: Of those that are shown, which holds their text; ``None`` where there is none.
        room: How many may be shown.
    """

    told_by: tuple[object, ...]
    kept: tuple[int, ...]
    facts: InterfaceFacts | None
    room: int


class SnmpBlocks(NamedTuple):
    """What one poll gives.

    Attributes:
        blocks: The samples.
        duplicates: Rows left out because an earlier one had the same labels.
        cut: Rows left out because the device has too many.
        rows: For the next poll of the same device.
    """

    blocks: tuple[Block, ...]
    duplicates: int
    cut: int
    rows: Rows


def snmp_blocks(
    reading: SnmpReading, duration: float, labels: str, series_limit: int, before: Rows | None = None
) -> SnmpBlocks:
    """Of one poll of a device.

    Args:
        reading: What it gave.
        duration: Seconds that it took.
        labels: Label text of the device.
        series_limit: Rows beyond so many series are cut.
        before: The rows of the poll before, which are used again where they are still true.
    """
    columns = _present(reading.interfaces)
    rows = _rows(labels, reading.interfaces, max(series_limit // (len(columns) + 2), 1), before)
    shown = [reading.interfaces[at] for at in rows.kept[: rows.room]]
    blocks: tuple[Block, ...] = (Scalars.of(labels, [*system_samples(reading), *_scrape_samples(reading, duration)]),)
    if columns and rows.facts:
        blocks += (Table(columns, rows.facts.template, _cells(columns, shown)),)
    if rows.facts:
        blocks += (rows.facts,)
    duplicates = len(reading.interfaces) - len(rows.kept)
    return SnmpBlocks(blocks, duplicates, max(len(rows.kept) - rows.room, 0), rows)


def _rows(labels: str, interfaces: Sequence[InterfaceReading], room: int, before: Rows | None) -> Rows:
    told_by = (labels, *zip(*map(_WHAT_IT_IS, interfaces), strict=True))
    if before and before.told_by == told_by and before.room == room:
        return before
    first = {_row(labels, interfaces[at]): at for at in reversed(range(len(interfaces)))}
    texts, kept = tuple(reversed(first)), tuple(reversed(first.values()))
    shown = [interfaces[at] for at in kept[:room]]
    types = tuple([None if each.kind is None else interface_type(each.kind).encode() for each in shown])
    addresses = tuple([escaped(each.physical_address.upper()).encode() or None for each in shown])
    facts = InterfaceFacts(b"".join(texts[:room]), types, addresses) if shown else None
    return Rows(told_by, kept, facts, room)


def _row(labels: str, interface: InterfaceReading) -> bytes:
    name, descr, alias = escaped(interface.name), escaped(interface.descr), escaped(interface.alias)
    own = f'ifIndex="{interface.index}",ifName="{name}",ifDescr="{descr}",ifAlias="{alias}"'
    return row(f"{labels},{own}" if labels else own)


def _present(interfaces: Sequence[InterfaceReading]) -> tuple[str, ...]:
    """The columns that any row has, in the order of the table of metrics."""
    names = set().union(*[interface.cells for interface in interfaces])
    return tuple([column for column in _COLUMNS if column in names])


def _cells(columns: tuple[str, ...], interfaces: Sequence[InterfaceReading]) -> "array[int]":
    """The numbers, column by column.

    What does not fit into 2^53 is wrapped there, as snmp_exporter does: a float holds no more without loss.
    """
    rows = [interface.cells for interface in interfaces]
    values = [cells.get(column, ABSENT) for column in columns for cells in rows]
    if values and (max(values) >= _WRAP or min(values) < ABSENT):
        values = [value % _WRAP if value >= _WRAP else max(value, ABSENT) for value in values]
    return array("q", values)


def system_samples(reading: SnmpReading) -> Iterator[Sample]:
    """Of the system group; a text that is empty is left out."""
    yield from _known({"sysUpTime": reading.uptime_ticks})
    facts = reading.system
    texts = {
        "sysDescr": facts.descr,
        "sysName": facts.name,
        "sysLocation": facts.location,
        "sysContact": facts.contact,
    }
    for name, text in texts.items():
        if text:
            yield Sample(name, 1, f",{label(name, text)}")


def _scrape_samples(reading: SnmpReading, duration: float) -> Iterator[Sample]:
    yield Sample("snmp_scrape_duration_seconds", duration, _MODULE)
    yield from _known({"snmp_scrape_walk_duration_seconds": reading.walk}, _MODULE)
    yield Sample("snmp_scrape_pdus_returned", reading.pdus, _MODULE)
    yield Sample("snmp_scrape_packets_sent", reading.packets_sent + reading.packets_retried, _MODULE)
    yield Sample("snmp_scrape_packets_retried", reading.packets_retried, _MODULE)


def echo_extras(reading: EchoReading) -> Iterator[Sample]:
    """What smokeping_prober tells of the last reply."""
    return _known({"smokeping_response_ttl": reading.hop_limit})
