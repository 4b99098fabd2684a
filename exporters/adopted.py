"""Metrics whose names, types, labels and units other exporters fixed, so that public dashboards work."""

from typing import Final

from exporters.metric import About, Metric, MetricType, Source

_COUNTER: Final = MetricType.COUNTER
_GAUGE: Final = MetricType.GAUGE


def _probe(name: str, text: str, *labels: str, unit: str = "") -> Metric:
    return Metric(f"probe_{name}", _GAUGE, text, About.PROBED, ("probe", *labels), unit, Source.BLACKBOX)


def _smokeping(name: str, kind: MetricType, text: str, unit: str = "") -> Metric:
    labels = ("host", "ip", "source", "tos")
    return Metric(f"smokeping_{name}", kind, text, About.PROBED, labels, unit, Source.SMOKEPING)


def _column(name: str, kind: MetricType, text: str, *labels: str, unit: str = "") -> Metric:
    return Metric(name, kind, text, About.INTERFACE, labels, unit, Source.SNMP)


def _system(name: str, text: str, *labels: str, unit: str = "") -> Metric:
    return Metric(name, _GAUGE, text, About.DEVICE, labels, unit, Source.SNMP)


BLACKBOX: Final = (
    _probe("success", "1 if the probe succeeded, 0 if it failed."),
    _probe("duration_seconds", "How long the probe took.", unit="seconds"),
    _probe("timeout_seconds", "How long the probe may take.", unit="seconds"),
    _probe("ip_protocol", "IP version that was used: 4 or 6."),
    _probe("dns_lookup_time_seconds", "Time that resolving the name of the target took.", unit="seconds"),
    _probe("icmp_duration_seconds", "ICMP probe by phase.", "phase", unit="seconds"),
    _probe("icmp_reply_hop_limit", "TTL or hop limit of the reply."),
    _probe("http_duration_seconds", "HTTP probe by phase, summed over redirects.", "phase", unit="seconds"),
    _probe("http_status_code", "Status code of the last response."),
    _probe("http_content_length", "Length of the content as the server announced it.", unit="bytes"),
    _probe("http_uncompressed_body_length", "Bytes of body after decompression.", unit="bytes"),
    _probe("http_redirects", "Redirects followed."),
    _probe("http_ssl", "Whether TLS was used for the last response."),
    _probe("http_version", "Version of HTTP of the last response."),
    _probe("http_last_modified_timestamp_seconds", "The Last-Modified header.", unit="seconds"),
    _probe("failed_due_to_regex", "Whether the body did not hold what is expected."),
    _probe("ssl_earliest_cert_expiry", "When the first certificate of the chain expires.", unit="seconds"),
    _probe(
        "ssl_last_chain_expiry_timestamp_seconds", "When the verified chain of certificates expires.", unit="seconds"
    ),
    _probe(
        "ssl_last_chain_info",
        "The leaf certificate; always 1.",
        "fingerprint_sha256",
        "subject",
        "issuer",
        "subjectalternative",
        "serialnumber",
    ),
    _probe("tls_version_info", "Version of TLS; always 1.", "version"),
    _probe("tls_cipher_info", "Cipher suite; always 1.", "cipher"),
    _probe("dns_duration_seconds", "DNS probe by phase.", "phase", unit="seconds"),
    _probe("dns_query_succeeded", "Whether the query was answered."),
    _probe("dns_answer_rrs", "Records in the answer section."),
    _probe("dns_authority_rrs", "Records in the authority section."),
    _probe("dns_additional_rrs", "Records in the additional section."),
    _probe("dns_serial", "Serial number of the zone."),
)

SMOKEPING: Final = (
    _smokeping("requests_total", _COUNTER, "ICMP echo requests sent."),
    _smokeping("response_duration_seconds", MetricType.HISTOGRAM, "Round-trip time of ICMP echo.", "seconds"),
    _smokeping("response_ttl", _GAUGE, "TTL or hop limit of the last reply."),
    _smokeping("response_duplicates_total", _COUNTER, "Further replies to one and the same request."),
)

COLUMNS: Final = (
    _column("ifMtu", _GAUGE, "Largest packet that the interface carries.", unit="bytes"),
    _column("ifSpeed", _GAUGE, "Nominal speed in bit/s, at most 4294967295.", unit="bits_per_second"),
    _column("ifHighSpeed", _GAUGE, "Nominal speed in Mbit/s.", unit="megabits_per_second"),
    _column("ifAdminStatus", _GAUGE, "Desired state: 1 up, 2 down, 3 testing."),
    _column(
        "ifOperStatus",
        _GAUGE,
        "State: 1 up, 2 down, 3 testing, 4 unknown, 5 dormant, 6 notPresent, 7 lowerLayerDown.",
    ),
    _column("ifLastChange", _GAUGE, "sysUpTime when the state last changed.", unit="hundredths of a second"),
    _column(
        "ifCounterDiscontinuityTime",
        _GAUGE,
        "sysUpTime when the counters last lost their continuity.",
        unit="hundredths of a second",
    ),
    _column("ifInOctets", _COUNTER, "Bytes received, 32 bits.", unit="bytes"),
    _column("ifOutOctets", _COUNTER, "Bytes sent, 32 bits.", unit="bytes"),
    _column("ifInUcastPkts", _COUNTER, "Unicast packets received, 32 bits."),
    _column("ifOutUcastPkts", _COUNTER, "Unicast packets sent, 32 bits."),
    _column("ifInDiscards", _COUNTER, "Received packets thrown away without an error."),
    _column("ifOutDiscards", _COUNTER, "Packets to be sent thrown away without an error."),
    _column("ifInErrors", _COUNTER, "Received packets with errors."),
    _column("ifOutErrors", _COUNTER, "Packets that could not be sent because of errors."),
    _column("ifHCInOctets", _COUNTER, "Bytes received, 64 bits, wrapped at 2^53.", unit="bytes"),
    _column("ifHCOutOctets", _COUNTER, "Bytes sent, 64 bits, wrapped at 2^53.", unit="bytes"),
    _column("ifHCInUcastPkts", _COUNTER, "Unicast packets received, 64 bits, wrapped at 2^53."),
    _column("ifHCOutUcastPkts", _COUNTER, "Unicast packets sent, 64 bits, wrapped at 2^53."),
    _column("ifHCInMulticastPkts", _COUNTER, "Multicast packets received, 64 bits, wrapped at 2^53."),
    _column("ifHCOutMulticastPkts", _COUNTER, "Multicast packets sent, 64 bits, wrapped at 2^53."),
    _column("ifHCInBroadcastPkts", _COUNTER, "Broadcast packets received, 64 bits, wrapped at 2^53."),
    _column("ifHCOutBroadcastPkts", _COUNTER, "Broadcast packets sent, 64 bits, wrapped at 2^53."),
)
"""Columns of ifTable and ifXTable (RFC 2863) with a number in each cell."""

SNMP: Final = (
    *COLUMNS,
    _column("ifType_info", _GAUGE, "Type of the interface by its IANA name; always 1.", "ifType"),
    _column("ifPhysAddress", _GAUGE, "Address of the interface on its medium; always 1.", "ifPhysAddress"),
    _system("sysUpTime", "Time since the agent started.", unit="hundredths of a second"),
    _system("sysDescr", "Description of the system; always 1.", "sysDescr"),
    _system("sysName", "Name of the system; always 1.", "sysName"),
    _system("sysLocation", "Location of the system; always 1.", "sysLocation"),
    _system("sysContact", "Who looks after the system; always 1.", "sysContact"),
    _system("snmp_scrape_duration_seconds", "How long the poll took.", "module", unit="seconds"),
    _system("snmp_scrape_walk_duration_seconds", "How long the walk of the tables took.", "module", unit="seconds"),
    _system("snmp_scrape_pdus_returned", "Variable bindings that came back with a value.", "module"),
    _system("snmp_scrape_packets_sent", "Requests sent, those sent again among them.", "module"),
    _system("snmp_scrape_packets_retried", "Requests sent again.", "module"),
)

ADOPTED: Final[tuple[Metric, ...]] = (*BLACKBOX, *SMOKEPING, *SNMP)
