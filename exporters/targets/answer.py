"""What one probe says, in blackbox_exporter's words: for each module the metrics that it has, whatever came of it.

There a failed probe says 0 of what it could not measure, and dashboards count on that; ``/metrics`` leaves it out.
"""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from typing import Final

from exporters.blocks import Sample
from exporters.labels import ip_version
from exporters.readings import dns_samples, echo_samples, http_samples
from exporters.targets.probed import Probed, Wish
from model.measurement import DnsReading, EchoReading, HttpReading, ProbeKind

_PHASES: Final = {
    ProbeKind.ICMP: ("resolve", "setup", "rtt"),
    ProbeKind.DNS: ("resolve", "connect", "request"),
    ProbeKind.HTTP: ("resolve",),
}
_OF_AN_EXCHANGE: Final = ("connect", "tls", "processing", "transfer")
_ZEROS: Final[Mapping[ProbeKind, Sequence[str]]] = {
    ProbeKind.TCP: ("probe_failed_due_to_regex",),
    ProbeKind.DNS: (
        "probe_dns_query_succeeded",
        "probe_dns_answer_rrs",
        "probe_dns_authority_rrs",
        "probe_dns_additional_rrs",
    ),
    ProbeKind.HTTP: (
        "probe_failed_due_to_regex",
        "probe_http_content_length",
        "probe_http_redirects",
        "probe_http_ssl",
        "probe_http_status_code",
        "probe_http_uncompressed_body_length",
        "probe_http_version",
    ),
}
_LENGTH_UNKNOWN: Final = -1
_FNV_OFFSET: Final = 0x811C9DC5
_FNV_PRIME: Final = 0x01000193

_Values = dict[tuple[str, str], float]
"""Metric and further labels to value."""


def samples(wish: Wish, probed: Probed) -> list[Sample]:
    """All that the answer holds, in the order of their names; no target among the labels, for Prometheus adds it."""
    values = _unmeasured(wish, probed) | _measured(probed) | _always(wish, probed)
    return [Sample(family, value, extra) for (family, extra), value in sorted(values.items())]


def address_hash(address: str) -> int:
    """FNV-1a with 32 bits over the octets of an address, as blackbox_exporter has it."""
    found = _FNV_OFFSET
    for octet in ip_address(address).packed:
        found = (found ^ octet) * _FNV_PRIME % 2**32
    return found


def _unmeasured(wish: Wish, probed: Probed) -> _Values:
    """What is there even if it was not measured."""
    kind, service = wish.aim.place.kind, wish.aim.service
    values: _Values = dict.fromkeys(((family, "") for family in _ZEROS.get(kind, ())), 0)
    for phase in _PHASES.get(kind, ()):
        values[_phase(kind, phase)] = 0.0
    if kind is ProbeKind.HTTP and probed.peer is not None:
        values |= {_phase(kind, phase): 0.0 for phase in _OF_AN_EXCHANGE}
    if service and service.dns and service.dns.type == "SOA" and probed.reading is not None:
        values["probe_dns_serial", ""] = 0
    return values


def _measured(probed: Probed) -> _Values:
    match probed.reading:
        case EchoReading() as reading:
            left = max(probed.duration - probed.resolve - reading.rtt, 0.0)
            return {_phase(ProbeKind.ICMP, "setup"): left} | _values(echo_samples(reading))
        case DnsReading() as reading:
            return _values(dns_samples(reading))
        case HttpReading() as reading:
            return _length(reading) | _values(http_samples(reading))
        case _:
            return {}


def _length(reading: HttpReading) -> _Values:
    return {} if reading.status is None else {("probe_http_content_length", ""): _LENGTH_UNKNOWN}


def _always(wish: Wish, probed: Probed) -> _Values:
    peer, kind = probed.peer, wish.aim.place.kind
    values: _Values = {
        ("probe_success", ""): probed.succeeded,
        ("probe_duration_seconds", ""): probed.duration,
        ("probe_timeout_seconds", ""): wish.timeout,
        ("probe_ip_protocol", ""): (ip_version(peer) if peer else None) or 0,
        ("probe_ip_addr_hash", ""): address_hash(peer) if peer else 0,
        ("probe_dns_lookup_time_seconds", ""): probed.resolve,
    }
    if kind in _PHASES:
        values[_phase(kind, "resolve")] = probed.resolve
    return values


def _phase(kind: ProbeKind, phase: str) -> tuple[str, str]:
    return f"probe_{kind}_duration_seconds", f',phase="{phase}"'


def _values(found: Iterator[Sample]) -> _Values:
    return {(sample.family, sample.extra): sample.value for sample in found}
