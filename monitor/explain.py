"""One measurement in words: a heading and what was measured, line by line."""

from collections.abc import Iterator

from model.measurement import (
    DnsReading,
    EchoReading,
    Failure,
    HttpReading,
    Measurement,
    Reading,
    SnmpReading,
    StampReading,
    TcpReading,
    TlsFacts,
)
from model.text import counted
from model.units import format_duration

Fact = tuple[str, str]
"""What it is, and what it was."""


def explain(measurement: Measurement) -> tuple[str, list[Fact]]:
    """The outcome as a sentence, and the facts behind it; what was not measured is not there."""
    what = f"{measurement.kind} {measurement.subject.instance}"
    took = format_duration(measurement.duration)
    match measurement.outcome:
        case Failure(reason=reason, detail=detail, partial=partial):
            why = f": {detail}" if detail else ""
            return f"{what}: failed ({reason.value}) after {took}{why}", list(_facts(partial)) if partial else []
        case reading:
            return f"{what}: answered, in {took}", list(_facts(reading))


def _facts(reading: Reading) -> Iterator[Fact]:
    match reading:
        case EchoReading():
            yield from _echo(reading)
        case StampReading():
            yield from _stamp(reading)
        case TcpReading():
            yield from _tcp(reading)
        case DnsReading():
            yield from _dns(reading)
        case HttpReading():
            yield from _http(reading)
        case SnmpReading():  # has an explanation of its own, in monitor.snmp.explain
            yield "interfaces", str(len(reading.interfaces))


def _echo(reading: EchoReading) -> Iterator[Fact]:
    yield "round trip", format_duration(reading.rtt)
    if reading.hop_limit is not None:
        yield "hop limit of the reply", str(reading.hop_limit)
    if reading.duplicates:
        yield "duplicates", str(reading.duplicates)


def _stamp(reading: StampReading) -> Iterator[Fact]:
    yield "round trip", f"{format_duration(reading.rtt)}, without the reflector's own time"
    if reading.residence is not None:
        yield "inside the reflector", format_duration(reading.residence)
    if reading.forward_lost is not None:
        yield "lost on the way out since the last answer", str(reading.forward_lost)
    if reading.backward_lost is not None:
        yield "lost on the way back since the last answer", str(reading.backward_lost)
    if reading.hop_limit is not None:
        yield "hop limit at the reflector", str(reading.hop_limit)


def _tcp(reading: TcpReading) -> Iterator[Fact]:
    yield "address", reading.address
    yield "accepted", "yes" if reading.accepted else "no: reset, so the host is reachable and the service is not there"
    yield "handshake", format_duration(reading.connect)
    if reading.rtt is not None:
        yield "round trip by the kernel", format_duration(reading.rtt)


def _dns(reading: DnsReading) -> Iterator[Fact]:
    if reading.connect is not None:
        yield "connect", format_duration(reading.connect)
    yield "request", format_duration(reading.request)
    yield "response code", reading.rcode
    yield "records", f"{reading.answers} answer, {reading.authorities} authority, {reading.additionals} additional"
    if reading.serial is not None:
        yield "serial of the zone", str(reading.serial)


def _http(reading: HttpReading) -> Iterator[Fact]:
    for phase, seconds in reading.phases.items():
        yield phase, format_duration(seconds)
    if reading.status is not None:
        yield "status", f"{reading.status}, HTTP/{reading.version:g}" if reading.version else str(reading.status)
    if reading.address:
        yield "address", reading.address
    if reading.redirects:
        yield "redirects", str(reading.redirects)
    yield "body", counted(reading.body_bytes, "byte")
    if reading.body_matches is not None:
        yield "expected text", "found" if reading.body_matches else "not found"
    if reading.tls:
        yield from _tls(reading.tls)


def _tls(tls: TlsFacts) -> Iterator[Fact]:
    if tls.version:
        yield "TLS", f"{tls.version}, {tls.cipher}" if tls.cipher else tls.version
    yield "certificate", f"{tls.subject}, issued by {tls.issuer}"
    yield "names", ", ".join(tls.alternative_names)
    yield "first expiry in the chain", tls.earliest_expiry.isoformat(sep=" ", timespec="minutes")
