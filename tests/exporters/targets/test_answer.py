"""What one probe says."""

from dataclasses import replace

import pytest

from exporters.targets.aim import Held
from exporters.targets.answer import address_hash, samples
from exporters.targets.probed import Probed, Wish
from model.measurement import (
    DnsReading,
    EchoReading,
    Failure,
    ProbeKind,
    Reading,
    Reason,
    StampReading,
    TcpReading,
)
from tests.peers.board import AT, PAGE_READING, ward

ALWAYS = {
    "probe_success",
    "probe_duration_seconds",
    "probe_timeout_seconds",
    "probe_ip_protocol",
    "probe_ip_addr_hash",
    "probe_dns_lookup_time_seconds",
}
TARGETS = {
    "icmp": "203.0.113.1",
    "tcp": "203.0.113.1:443",
    "stamp": "198.51.100.7",
    "dns": "10.20.0.53",
    "http": "https://dichvucong.example/",
}
READINGS: dict[str, Reading] = {
    "icmp": EchoReading(0.25, 57),
    "tcp": TcpReading(0.02, 0.018, accepted=True, address="203.0.113.1"),
    "stamp": StampReading(0.004, 0.0001, 1, 1),
    "dns": DnsReading(0.003, None, "NOERROR", 2, 1, 1),
    "http": PAGE_READING,
}
FOUND = Failure(Reason.TIMEOUT, "no answer")


def said(kind: str, outcome: Reading | Failure, address: str | None = "203.0.113.1") -> dict[str, float]:
    """What a probe of this kind says of an outcome, by name and phase."""
    aim = Held(ward()).aim(ProbeKind(kind), TARGETS[kind], {})
    assert aim is not None
    found = samples(Wish(aim, 1.0), Probed(AT, 0.5, outcome, address, 0.125))
    assert found == sorted(found, key=lambda sample: (sample.family, sample.extra))
    return {f"{sample.family}{sample.extra}": sample.value for sample in found}


def test_a_zone_has_a_serial_as_soon_as_there_is_an_answer() -> None:
    """0 where SOA was asked for and not answered, and nothing where nobody answered at all."""
    inventory = ward()
    office = inventory.sites[0]
    resolver = office.services[1]
    assert resolver.dns is not None
    asked = resolver.model_copy(update={"dns": resolver.dns.model_copy(update={"type": "SOA"})})
    site = office.model_copy(update={"services": (asked,)})
    aim = Held(inventory.model_copy(update={"sites": (site,)})).aim(ProbeKind.DNS, "10.20.0.53", {})
    assert aim is not None
    answered = samples(Wish(aim, 1.0), Probed(AT, 0.5, READINGS["dns"], "10.20.0.53"))
    silent = samples(Wish(aim, 1.0), Probed(AT, 0.5, FOUND, "10.20.0.53"))
    serials = [[sample.value for sample in each if sample.family == "probe_dns_serial"] for each in (answered, silent)]
    assert serials == [[0], []]


def names(values: dict[str, float]) -> set[str]:
    """The metrics, without phases."""
    return {name.partition(",")[0] for name in values}


@pytest.mark.parametrize(
    ("kind", "further"),
    [
        ("icmp", {"probe_icmp_duration_seconds"}),
        ("tcp", {"probe_failed_due_to_regex"}),
        ("stamp", set()),
        (
            "dns",
            {
                "probe_dns_duration_seconds",
                "probe_dns_query_succeeded",
                "probe_dns_answer_rrs",
                "probe_dns_authority_rrs",
                "probe_dns_additional_rrs",
            },
        ),
        (
            "http",
            {
                "probe_failed_due_to_regex",
                "probe_http_content_length",
                "probe_http_duration_seconds",
                "probe_http_redirects",
                "probe_http_ssl",
                "probe_http_status_code",
                "probe_http_uncompressed_body_length",
                "probe_http_version",
            },
        ),
    ],
)
def test_a_failure_says_zero_of_what_it_could_not_measure(kind: str, further: set[str]) -> None:
    """As blackbox_exporter does, so that a board shows 0 and no hole."""
    values = said(kind, FOUND)
    assert names(values) == ALWAYS | further
    measured = {name for name, value in values.items() if value} - {"probe_success"}
    assert {name.partition(",")[0] for name in measured} <= {*ALWAYS, f"probe_{kind}_duration_seconds"}
    assert values["probe_success"] == 0


@pytest.mark.parametrize("kind", TARGETS)
def test_a_success_says_what_was_measured(kind: str) -> None:
    """And how long it took, might have taken, and over which version of IP."""
    values = said(kind, READINGS[kind])
    assert (values["probe_success"], values["probe_duration_seconds"], values["probe_timeout_seconds"]) == (1, 0.5, 1)
    assert values["probe_ip_protocol"] == 4


def test_phases_of_an_echo() -> None:
    """What is neither name nor round trip is setup."""
    values = said("icmp", READINGS["icmp"])
    phases = [values[f'probe_icmp_duration_seconds,phase="{phase}"'] for phase in ("resolve", "setup", "rtt")]
    assert phases == [0.125, 0.125, 0.25]
    assert values["probe_icmp_reply_hop_limit"] == 57


def test_a_reset_is_no_success_here() -> None:
    """For the link it is a sign of life; who asks whether the port takes connections hears no."""
    reset = TcpReading(0.02, None, accepted=False, address="203.0.113.1")
    assert said("tcp", reset)["probe_success"] == 0


def test_a_wrong_answer_of_a_resolver_was_an_answer() -> None:
    """The query succeeded and the probe did not."""
    values = said("dns", Failure(Reason.RCODE, "NXDOMAIN", DnsReading(0.003, None, "NXDOMAIN", 0, 1, 0)))
    assert (values["probe_success"], values["probe_dns_query_succeeded"], values["probe_dns_authority_rrs"]) == (
        0,
        1,
        1,
    )
    assert values['probe_dns_duration_seconds,phase="connect"'] == 0


def test_a_page_without_a_length() -> None:
    """-1, as Go calls a length that nobody announced."""
    values = said("http", replace(PAGE_READING, content_length=None, body_matches=None, tls=None))
    assert values["probe_http_content_length"] == -1
    assert values["probe_failed_due_to_regex"] == 0
    assert values["probe_http_ssl"] == 0


def test_a_name_without_an_address() -> None:
    """No version of IP, no hash, and for a page only the phase in which it failed."""
    values = said("http", Failure(Reason.UNRESOLVED, "no address"), None)
    assert (values["probe_ip_protocol"], values["probe_ip_addr_hash"]) == (0, 0)
    phases = [name for name in values if name.startswith("probe_http_duration_seconds")]
    assert phases == ['probe_http_duration_seconds,phase="resolve"']


@pytest.mark.parametrize(("address", "value"), [("127.0.0.1", 3_668_918_509), ("::1", 1_751_717_746)])
def test_the_hash_of_an_address(address: str, value: int) -> None:
    """It is the one that blackbox_exporter gives."""
    assert address_hash(address) == value
