"""Readings as samples."""

from dataclasses import replace

from exporters.blocks import Sample
from exporters.readings import Rows, SnmpBlocks, outcome_samples, snmp_blocks
from model.measurement import (
    DnsReading,
    EchoReading,
    Failure,
    HttpReading,
    InterfaceReading,
    Measurement,
    ProbeKind,
    Reason,
    TcpReading,
)
from tests.peers.board import (
    ETHER1,
    OFFICE_LINK,
    PAGE,
    PAGE_READING,
    RESOLVER,
    failed,
    interface,
    measured,
    poll,
)


def _values(measurement: Measurement, timeout: float | None = None) -> dict[str, float]:
    return {sample.family + sample.extra: sample.value for sample in outcome_samples(measurement, timeout, 4)}


def test_an_echo() -> None:
    """An answered echo tells its round-trip time, its hop limit and what every probe tells."""
    assert _values(measured(OFFICE_LINK, ProbeKind.ICMP, EchoReading(0.01, 57)), 1.0) == {
        "probe_success": 1,
        "probe_duration_seconds": 0.5,
        "probe_timeout_seconds": 1.0,
        "probe_ip_protocol": 4,
        'probe_icmp_duration_seconds,phase="rtt"': 0.01,
        "probe_icmp_reply_hop_limit": 57,
    }


def test_what_an_echo_does_not_tell_is_absent() -> None:
    """Without a hop limit there is no sample of it."""
    assert "probe_icmp_reply_hop_limit" not in _values(measured(OFFICE_LINK, ProbeKind.ICMP, EchoReading(0.01)))


def test_a_failure_leaves_only_what_was_measured() -> None:
    """A failure without a partial reading is its outcome and its duration."""
    assert _values(failed(OFFICE_LINK, ProbeKind.ICMP)) == {"probe_success": 0, "probe_duration_seconds": 0.5}


def test_a_wrong_status_is_still_a_status() -> None:
    """What a failed probe measured all the same is shown, as blackbox_exporter shows it."""
    outcome = Failure(Reason.STATUS, "503", replace(PAGE_READING, status=503))
    values = _values(measured(PAGE, ProbeKind.HTTP, outcome))
    assert (values["probe_success"], values["probe_http_status_code"]) == (0, 503)


def test_http_phases_that_did_not_happen_are_absent() -> None:
    """A connection that was never made has neither a phase nor a response."""
    reading = HttpReading({"resolve": 0.1}, None, None, 0, None, 0, "192.0.2.80")
    values = _values(measured(PAGE, ProbeKind.HTTP, Failure(Reason.TLS, "", reading)))
    assert values['probe_http_duration_seconds,phase="resolve"'] == 0.1
    assert not {name for name in values if "connect" in name or "status" in name or "body" in name}


def test_http_and_tls() -> None:
    """A whole exchange over TLS tells its phases, its response and its certificate."""
    values = _values(measured(PAGE, ProbeKind.HTTP, PAGE_READING))
    assert values["probe_dns_lookup_time_seconds"] == 0.002
    assert values["probe_http_ssl"] == 1
    assert values["probe_failed_due_to_regex"] == 0
    assert values["probe_ssl_earliest_cert_expiry"] == 1_798_761_600
    assert any('issuer="CN=\\"Quoted\\" CA"' in name for name in values)
    assert values['probe_tls_version_info,version="TLS 1.3"'] == 1


def test_dns() -> None:
    """Over TCP there is a phase for the connection, and the zone's serial is there when it was answered."""
    reading = DnsReading(0.003, 0.001, "NOERROR", 2, 1, 0, None)
    values = _values(measured(RESOLVER, ProbeKind.DNS, reading))
    assert values['probe_dns_duration_seconds,phase="connect"'] == 0.001
    assert values["probe_dns_answer_rrs"] == 2
    assert "probe_dns_serial" not in values


def test_the_version_of_ip_comes_from_the_address_that_was_tried() -> None:
    """A reading that names its peer's address says which version of IP was used."""
    reading = TcpReading(0.1, None, accepted=False, address="2001:db8::1")
    assert _values(measured(OFFICE_LINK, ProbeKind.TCP, reading))["probe_ip_protocol"] == 6


def _polled(*interfaces: InterfaceReading, limit: int = 1_000) -> tuple[str, SnmpBlocks]:
    found = snmp_blocks(poll(*interfaces), 0.5, 'device="d"', limit)
    return b"".join(block.lines(at) for block in found.blocks for at in range(len(block.families))).decode(), found


def test_counters_wrap_where_a_float_ends() -> None:
    """A counter beyond 2^53 is wrapped there, as snmp_exporter does."""
    text, _ = _polled(ETHER1)
    assert 'ifName="ether1",ifDescr="ether1",ifAlias=""} 7\n' in text


def test_of_equal_rows_the_first_is_kept() -> None:
    """A row with the very labels of an earlier one is left out and counted."""
    text, found = _polled(interface(1, "a", ifMtu=1), interface(2, "b", ifMtu=2), interface(1, "a", ifMtu=3))
    assert found.duplicates == 1
    assert text.count("ifMtu{") == 2
    assert 'ifIndex="1",ifName="a",ifDescr="a",ifAlias=""} 1\n' in text


def test_a_giant_is_cut_and_says_so() -> None:
    """Rows beyond the bound are left out, the first ones stay, and it is told how many went."""
    text, found = _polled(*(interface(index, f"p{index}", ifMtu=1500) for index in range(1, 101)), limit=30)
    assert text.count("ifMtu{") == 10
    assert 'ifIndex="1"' in text
    assert found.cut == 90


def test_rows_are_written_anew_when_something_of_them_changes() -> None:
    """The text of the last poll is used again, and after a change of any part of it never."""
    first, second = interface(1, "a", ifMtu=1), interface(2, "b", ifMtu=2)
    rows = _again(first, second)
    assert _again(replace(first, cells={"ifMtu": 9}), second, before=rows) is rows
    for changed in (
        [replace(first, alias="to the roof"), second],
        [replace(first, kind=131), second],
        [replace(first, physical_address="02:00:00:00:00:99"), second],
        [first],
        [second, first],
    ):
        assert _again(*changed, before=rows) == _again(*changed) != rows
    assert _again(first, second, before=rows, labels='device="e"') != rows
    assert _again(first, second, before=rows, limit=3) != rows


def _again(
    *interfaces: InterfaceReading, before: Rows | None = None, labels: str = 'device="d"', limit: int = 1_000
) -> Rows:
    return snmp_blocks(poll(*interfaces), 0.5, labels, limit, before).rows


def test_an_agent_without_interfaces() -> None:
    """A poll without any row is the system's facts alone."""
    text, _ = _polled()
    assert "sysUpTime" in text
    assert "if" not in text.replace("module=", "").replace("if_mib", "")


def test_samples_of_a_family_follow_each_other() -> None:
    """No kind of reading scatters the samples of one family."""
    for measurement in (
        measured(PAGE, ProbeKind.HTTP, PAGE_READING),
        measured(RESOLVER, ProbeKind.DNS, DnsReading(0.003, 0.001, "NOERROR", 2, 1, 0, 1)),
    ):
        families = [sample.family for sample in _samples(measurement)]
        starts = [name for at, name in enumerate(families) if at == 0 or families[at - 1] != name]
        assert len(starts) == len(set(starts))


def _samples(measurement: Measurement) -> list[Sample]:
    return list(outcome_samples(measurement, 1.0, 4))
