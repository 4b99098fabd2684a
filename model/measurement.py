"""What one run of a probe gives: a Measurement, holding a Reading or a Failure with its reason.

A reading that was not taken is ``None``, never zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal


class ProbeKind(StrEnum):
    """The protocol that a probe speaks."""

    ICMP = "icmp"
    STAMP = "stamp"
    TCP = "tcp"
    DNS = "dns"
    HTTP = "http"
    SNMP = "snmp"


class Reason(StrEnum):
    """Why a probe gave no reading. The set is closed: it becomes the label ``reason`` of a metric."""

    TIMEOUT = "timeout"  # nothing usable came back before the deadline
    REFUSED = "refused"  # TCP RST or ICMP port unreachable: the host answers, the service is not there
    UNREACHABLE = "unreachable"  # ICMP or the kernel says that there is no way to the host or network
    UNRESOLVED = "unresolved"  # the name has no address
    AUTHENTICATION = "authentication"  # credentials were refused
    AGENT_ERROR = "agent_error"  # the SNMP agent answered with an error-status
    RCODE = "rcode"  # the DNS server answered with an error code
    STATUS = "status"  # an HTTP status that was not expected
    CONTENT = "content"  # the answer came, but does not hold what it must
    TOO_LARGE = "too_large"  # the answer passed its limit of bytes or rows
    REDIRECTS = "redirects"  # too many redirects, or one to a place that is not allowed
    TLS = "tls"  # the TLS handshake failed
    CERTIFICATE = "certificate"  # the certificate is expired, not trusted, or for another name
    PROTOCOL = "protocol"  # bytes that are not the protocol
    DISCONNECTED = "disconnected"  # the peer closed in mid-answer
    LOCAL = "local"  # this machine cannot send: permission, descriptors, source address

    @property
    def path_is_alive(self) -> bool:
        """Whether the failure itself proves that packets pass both ways (RFC 2678 §6.6.5)."""
        return self not in _SILENT


_SILENT = frozenset({Reason.TIMEOUT, Reason.UNREACHABLE, Reason.UNRESOLVED, Reason.LOCAL})


@dataclass(frozen=True, slots=True)
class EchoReading:
    """One answered ICMP echo.

    Attributes:
        rtt: Round-trip delay in seconds, from the kernel's receive timestamp (RFC 2681).
        hop_limit: TTL or hop limit of the reply, 0 to 255; ``None`` where the kernel does not tell.
        duplicates: Further replies to the same request that arrived before the reading was taken.
    """

    rtt: float
    hop_limit: int | None = None
    duplicates: int = 0


@dataclass(frozen=True, slots=True)
class StampReading:
    """One answered STAMP test packet (RFC 8762).

    Attributes:
        rtt: Round-trip delay in seconds without the reflector's own residence time: (T4 - T1) - (T3 - T2).
        residence: Seconds that the packet stayed inside the reflector, T3 - T2; ``None`` where the reflector's
            timestamps are impossible, and then it is part of ``rtt``.
        sender_sequence: Our sequence number.
        reflector_sequence: The reflector's own sequence number; equal to ours on a stateless reflector.
        forward_lost: Test packets lost on the way out between the previous answered one and this one;
            ``None`` when it cannot be told (first packet, stateless or restarted reflector).
        backward_lost: The same for the way back.
        hop_limit: TTL of the test packet as the reflector saw it; ``None`` where it does not tell.
    """

    rtt: float
    residence: float | None
    sender_sequence: int
    reflector_sequence: int
    forward_lost: int | None = None
    backward_lost: int | None = None
    hop_limit: int | None = None


@dataclass(frozen=True, slots=True)
class TcpReading:
    """One TCP handshake.

    Attributes:
        connect: Seconds from SYN to the answer, as the program saw it.
        rtt: The kernel's own smoothed round-trip time (``tcpi_rtt``) in seconds; ``None`` after a reset.
        accepted: ``False`` when the host answered with RST: reachable, but no service there (RFC 2678 §6.6.5).
        address: The address that was tried.
    """

    connect: float
    rtt: float | None
    accepted: bool
    address: str


@dataclass(frozen=True, slots=True)
class DnsReading:
    """One answered DNS query.

    Attributes:
        request: Seconds from the query to its answer.
        connect: Seconds for the TCP handshake; ``None`` over UDP.
        rcode: The response code's name, such as ``NOERROR``.
        answers: Number of records in the answer section.
        authorities: Number of records in the authority section.
        additionals: Number of records in the additional section.
        serial: Serial of the zone when an SOA was answered.
    """

    request: float
    connect: float | None
    rcode: str
    answers: int
    authorities: int
    additionals: int
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What the TLS handshake showed.

    Attributes:
        version: Such as ``TLS 1.3``; ``None`` where the library does not tell.
        cipher: Cipher suite's name; ``None`` where the library does not tell.
        earliest_expiry: When the first certificate of the sent chain expires (aware UTC).
        chain_expiry: When the verified chain expires; ``None`` if it was not verified.
        fingerprint_sha256: Of the leaf certificate, lower-case hex.
        subject: Of the leaf certificate, RFC 4514 form.
        issuer: Of the leaf certificate, RFC 4514 form.
        alternative_names: DNS names and addresses of the leaf.
        serial_number: Of the leaf, lower-case hex.
    """

    version: str | None
    cipher: str | None
    earliest_expiry: datetime
    chain_expiry: datetime | None
    fingerprint_sha256: str
    subject: str
    issuer: str
    alternative_names: tuple[str, ...]
    serial_number: str


@dataclass(frozen=True, slots=True)
class HttpReading:
    """One HTTP exchange.

    Attributes:
        phases: Seconds in ``resolve``, ``connect``, ``tls``, ``processing`` and ``transfer``, summed over redirects;
            a phase that did not take place is not there.
        status: HTTP status code of the last response; ``None`` in a partial reading that ended before it.
        version: HTTP version, such as 1.1 or 2.0; ``None`` likewise.
        redirects: Number of redirects followed.
        content_length: As announced in bytes; ``None`` when the peer did not say.
        body_bytes: Bytes of body received after decompression.
        address: The peer's address.
        last_modified: From the header of that name; ``None`` when absent.
        body_matches: Whether the expected expression was found; ``None`` when nothing was expected.
        tls: ``None`` without TLS.
    """

    phases: Mapping[str, float]
    status: int | None
    version: float | None
    redirects: int
    content_length: int | None
    body_bytes: int
    address: str
    last_modified: datetime | None = None
    body_matches: bool | None = None
    tls: TlsFacts | None = None


@dataclass(frozen=True, slots=True)
class InterfaceReading:
    """One row of ifTable/ifXTable (RFC 2863).

    Attributes:
        index: ifIndex at the time of reading; it may change, ``name`` is the key.
        name: ifName, or ifDescr where the agent has no ifXTable.
        descr: ifDescr.
        alias: ifAlias, empty when the agent has none.
        kind: ifType (IANAifType), ``None`` when not read.
        physical_address: Lower-case hex with colons, empty when there is none.
        cells: Column name (``ifHCInOctets`` …) to its integer value; a cell that the agent did not give is not there.
    """

    index: int
    name: str
    descr: str
    alias: str
    kind: int | None
    physical_address: str
    cells: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """The system group (RFC 3418) of one agent; a text that was not answered is empty."""

    descr: str = ""
    object_id: str = ""
    name: str = ""
    location: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class SnmpReading:
    """One poll of one agent.

    Attributes:
        uptime_ticks: sysUpTime in 1/100 s, from the same PDU as the last counters.
        system: The system group, as of the last identity walk.
        interfaces: One entry per row, in order of ifIndex.
        packets_sent: Requests sent, without retries.
        packets_retried: Requests sent again.
        pdus: Variable bindings that came back with a value.
        walk: Seconds spent on the identity walk in this poll; ``None`` when the known identity was used.
        missing: What could not be read this time, table by table: table name to reason.
    """

    uptime_ticks: int | None
    system: SystemFacts
    interfaces: tuple[InterfaceReading, ...]
    packets_sent: int
    packets_retried: int
    pdus: int
    walk: float | None = None
    missing: Mapping[str, "Reason"] = field(default_factory=dict)


Reading = EchoReading | StampReading | TcpReading | DnsReading | HttpReading | SnmpReading


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that gave no reading.

    Attributes:
        reason: One of the closed set.
        detail: One line for a person: what happened, without secrets.
        partial: What was measured before it failed, such as the phases of an HTTP exchange with a wrong status.
    """

    reason: Reason
    detail: str = ""
    partial: Reading | None = None


Noun = Literal["site", "link", "device", "service", "anchor"]
"""What the inventory holds and something can be said about."""

SubjectKey = tuple[Noun, str]
"""A noun and an id, such as ``("link", "office-vnpt")``."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a measurement is about.

    Attributes:
        kind: The noun of the inventory.
        id: Its id.
        site: The id of its site; empty for an anchor.
        instance: The address that is probed, as Prometheus' ``instance`` label shows it.
    """

    kind: Noun
    id: str
    site: str
    instance: str


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run of a probe and its outcome (RFC 7594, measurement result).

    Attributes:
        subject: What was probed.
        kind: How.
        at: When the run started, aware UTC.
        duration: Seconds from start to outcome, by the monotonic clock.
        outcome: A Reading, or a Failure with its reason.
    """

    subject: Subject
    kind: ProbeKind
    at: datetime
    duration: float
    outcome: Reading | Failure

    @property
    def succeeded(self) -> bool:
        """Whether there is a reading."""
        return not isinstance(self.outcome, Failure)

    @property
    def outcome_label(self) -> str:
        """``success`` or the failure's reason: the label ``outcome`` of ``linkward_probe_runs_total``."""
        return self.outcome.reason.value if isinstance(self.outcome, Failure) else "success"

    @property
    def rtt(self) -> float | None:
        """Round-trip delay in seconds where this kind of reading has one."""
        match self.outcome:
            case EchoReading(rtt=rtt) | StampReading(rtt=rtt):
                return rtt
            case TcpReading(rtt=rtt, connect=connect):
                return rtt if rtt is not None else connect
            case _:
                return None
