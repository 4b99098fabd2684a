"""``debug=true``: what happened in a probe, in the form in which blackbox_exporter tells it."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, timedelta
from typing import Final

from exporters.targets.modules import MODULE_OF
from exporters.targets.probed import Probed, Wish
from model.inventory import Service
from model.measurement import DnsReading, EchoReading, Failure, HttpReading, ProbeKind, StampReading, TcpReading
from model.text import one_line
from model.units import spell_duration

_PLAIN: Final = re.compile(r'[^\s"=\\]+')
_STARTS: Final = {
    ProbeKind.HTTP: "Making HTTP request",
    ProbeKind.ICMP: "Writing out packet",
    ProbeKind.TCP: "Dialing TCP without TLS",
    ProbeKind.DNS: "Making DNS query",
    ProbeKind.STAMP: "Sending test packet",
}

_Facts = Mapping[str, object]


def debug_text(wish: Wish, probed: Probed, metrics: str) -> str:
    """The whole answer.

    Args:
        wish: What was asked for.
        probed: What came of it.
        metrics: What would have been answered otherwise.
    """
    log = "\n".join(_log(wish, probed))
    configuration = "\n".join(_configuration(wish))
    return (
        f"Logs for the probe:\n{log}\n\n\n\nMetrics that would have been returned:\n{metrics}\n\n\n"
        f"Module configuration:\n{configuration}\n"
    )


def _log(wish: Wish, probed: Probed) -> Iterator[str]:
    common = {"module": MODULE_OF[wish.aim.place.kind], "target": wish.aim.subject.instance}
    for seconds, level, message, facts in _steps(wish, probed):
        at = (probed.began + timedelta(seconds=seconds)).astimezone(UTC).isoformat().replace("+00:00", "Z")
        yield _logfmt({"ts": at, **common, "level": level, "msg": message, **facts})


def _steps(wish: Wish, probed: Probed) -> Iterator[tuple[float, str, str, _Facts]]:
    """Seconds since the beginning, level, message and facts of each step."""
    kind, host = wish.aim.place.kind, wish.aim.place.host
    yield 0.0, "info", "Beginning probe", {"probe": kind.value, "timeout_seconds": wish.timeout}
    yield 0.0, "info", "Resolving target address", {"target": host}
    if probed.peer is not None:
        yield probed.resolve, "info", "Resolved target address", {"target": host, "ip": probed.peer}
        yield probed.resolve, "info", _STARTS[kind], _question(wish)
    for message, facts in _findings(probed):
        yield probed.duration, "info", message, facts
    if isinstance(probed.outcome, Failure):
        words = {"reason": probed.outcome.reason.value, "err": probed.outcome.detail}
        yield probed.duration, "error", "Error in probe", words
    end = ("info", "Probe succeeded") if probed.succeeded else ("error", "Probe failed")
    yield probed.duration, *end, {"duration_seconds": probed.duration}


def _question(wish: Wish) -> _Facts:
    aim, service = wish.aim, wish.aim.service
    if service and service.dns:
        return {"query": service.dns.name, "type": service.dns.type, "dial_protocol": service.dns.protocol}
    if service and aim.place.kind is ProbeKind.HTTP:
        return {"url": aim.subject.instance, "host": wish.hostname or aim.place.host}
    return {"source": aim.source} if aim.source else {}


def _findings(probed: Probed) -> Iterator[tuple[str, _Facts]]:
    match probed.reading:
        case EchoReading(rtt=rtt, hop_limit=hops):
            yield "Found matching reply packet", {"rtt_seconds": rtt, "hop_limit": hops}
        case StampReading(rtt=rtt, residence=residence):
            yield "Found matching reply packet", {"rtt_seconds": rtt, "residence_seconds": residence}
        case TcpReading(connect=connect, accepted=accepted):
            yield "Successfully dialed" if accepted else "Connection refused", {"connect_seconds": connect}
        case DnsReading(rcode=rcode, answers=answers, request=request):
            yield "Got response", {"rcode": rcode, "answers": answers, "request_seconds": request}
        case HttpReading(status=status, phases=phases, redirects=redirects):
            if status is not None:
                yield "Received HTTP response", {"status_code": status, "redirects": redirects}
            yield "Response timings", {f"{phase}_seconds": seconds for phase, seconds in phases.items()}


def _logfmt(facts: _Facts) -> str:
    return " ".join([f"{name}={_spelled(value)}" for name, value in facts.items() if value is not None])


def _spelled(value: object) -> str:
    text = one_line(str(value))
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _configuration(wish: Wish) -> Iterator[str]:
    """What the probe goes by; a page's query is left out, for it may hold a key."""
    aim = wish.aim
    yield f"prober: {aim.place.kind}"
    yield f"timeout: {spell_duration(aim.timeout)}"
    yield f"{aim.subject.kind}: {aim.subject.id}"
    if aim.source:
        yield f"source: {aim.source}"
    if aim.service:
        yield from _expectations(aim.service)


def _expectations(service: Service) -> Iterator[str]:
    expected = service.expect
    if service.dns:
        yield f"query_name: {service.dns.name}"
        yield f"query_type: {service.dns.type}"
        yield f"transport_protocol: {service.dns.protocol}"
    else:
        yield f"valid_status_codes: {list(expected.status) or '2xx'}"
        yield f"max_redirects: {service.max_redirects}"
        yield f"ip_version: {service.ip_version}"
        yield f"verify_certificate: {json.dumps(service.tls.verify)}"
    if expected.body is not None:
        yield f"expected: {json.dumps(expected.body, ensure_ascii=False)}"
