"""The current picture."""

import re

from exporters.exposition import Style, exposition
from exporters.latest import Latest
from model.inventory import Inventory
from model.measurement import EchoReading, ProbeKind, Reason, Subject
from model.state import State
from tests.peers.board import (
    ANCHOR,
    ETHER1,
    OFFICE_LINK,
    PAGE,
    ROUTER,
    failed,
    full_board,
    interface,
    measured,
    poll,
    ward,
)

_ECHO = EchoReading(0.01, 57)


def _text(latest: Latest, now: float = 1.0, site: str | None = None) -> str:
    return b"".join(exposition(latest.blocks(now, None if site is None else frozenset({site})), Style.TEXT)).decode()


def _loaded() -> Latest:
    latest = Latest()
    latest.load(ward())
    return latest


def _changed(**link: object) -> Inventory:
    """The ward with something else about the office's link."""
    whole = ward()
    office, *others = whole.sites
    changed = office.model_copy(update={"links": (office.links[0].model_copy(update=link),)})
    return whole.model_copy(update={"sites": (changed, *others)})


def test_before_any_measurement_only_the_inventory_speaks() -> None:
    """Facts, unknown states and counters at zero are there; nothing that would have to be measured."""
    text = _text(_loaded())
    assert 'linkward_site_state{site="office",state="unknown"} 1\n' in text
    assert 'linkward_link_probes_total{link="office-vnpt",site="office"} 0.0\n' in text
    assert "probe_" not in text.replace("linkward_link_probes", "").replace("# HELP", "")
    assert "ifMtu" not in text


def test_facts_of_the_inventory_in_base_units() -> None:
    """Thresholds and speeds are exported in seconds, bit/s and ratios."""
    text = _text(_loaded())
    own = 'link="office-vnpt",site="office"'
    assert f'linkward_requirement_threshold{{{own},requirement="rtt"}} 0.03\n' in text
    assert f'linkward_requirement_threshold{{{own},requirement="availability"}} 0.999' in text
    speed = f"linkward_link_speed_bits_per_second{{{own}"
    assert f'{speed},direction="download",kind="contracted"}} 300000000.0\n' in text
    assert f'{speed},direction="upload",kind="required"}} 100000000.0\n' in text


def test_no_secret_leaves() -> None:
    """Neither a community nor what stands in the query of a URL is exported."""
    assert "planted" not in _text(full_board())


def test_a_failure_removes_the_rest_of_its_probe_at_once() -> None:
    """After a failed poll the tables are gone, and the ping of the same device is still there."""
    latest = full_board()
    latest.record(failed(ROUTER, ProbeKind.SNMP), 60.0, 1.0)
    text = _text(latest, 2.0)
    own = 'instance="10.20.0.1",device="office-rt1",site="office"'
    assert f'probe_success{{{own},probe="snmp"}} 0.0\n' in text
    assert f'probe_success{{{own},probe="icmp"}} 1.0\n' in text
    assert "ifHCInOctets" not in text
    assert "sysUpTime" not in text


def test_a_negotiated_speed_goes_with_its_interface() -> None:
    """A link's negotiated speed is that of its interface, and absent when the interface is down or not polled."""
    line = 'direction="download",kind="negotiated"} 1000000000.0\n'
    latest = full_board()
    assert line in _text(latest)
    latest.record(measured(ROUTER, ProbeKind.SNMP, poll(interface(1, "ether1", ifOperStatus=2))), 60.0, 1.0)
    assert 'kind="negotiated"' not in _text(latest)
    latest.record(measured(ROUTER, ProbeKind.SNMP, poll(ETHER1)), 60.0, 2.0)
    assert line in _text(latest)
    latest.record(failed(ROUTER, ProbeKind.SNMP), 60.0, 3.0)
    assert 'kind="negotiated"' not in _text(latest)


def test_what_is_older_than_it_may_be_is_absent() -> None:
    """When nothing renews a measurement it is gone; its counters stay."""
    latest = full_board()
    assert 'probe="icmp"' in _text(latest, 59.9)
    text = _text(latest, 60.0)
    assert "probe_success" not in text
    assert "ifMtu" not in text
    assert "smokeping_response_ttl" not in text
    assert 'kind="negotiated"' not in text
    assert 'linkward_link_probes_total{link="office-vnpt",site="office"} 2.0\n' in text
    assert "smokeping_requests_total{" in text


def test_two_targets_of_a_link_live_side_by_side() -> None:
    """Each target has its own probe_success; the link counts both."""
    text = _text(full_board())
    assert 'probe_success{instance="203.0.113.1",link="office-vnpt",site="office",probe="icmp"} 1.0\n' in text
    assert 'probe_success{instance="203.0.113.1:443",link="office-vnpt",site="office",probe="tcp"} 1.0\n' in text
    assert 'linkward_link_rtt_seconds_count{link="office-vnpt",site="office"} 2\n' in text


def test_a_link_polled_over_snmp_shows_no_tables() -> None:
    """An snmp target of a link says whether it answered; the tables are the device's."""
    latest = _loaded()
    subject = Subject("link", "office-vnpt", "office", "10.20.0.1")
    latest.record(measured(subject, ProbeKind.SNMP, poll(ETHER1)), 60.0, 0.0)
    text = _text(latest)
    assert 'link="office-vnpt",site="office",probe="snmp"} 1.0\n' in text
    assert "ifMtu" not in text


def test_states_and_unknown_subjects() -> None:
    """A state is shown at once; a state or measurement of what is not in the inventory is ignored."""
    latest = _loaded()
    latest.set_state("link", "office-vnpt", State.DOWN)
    latest.set_state("link", "gone", State.DOWN)
    latest.record(measured(Subject("link", "gone", "office", "203.0.113.9"), ProbeKind.ICMP, _ECHO), 60.0, 0.0)
    text = _text(latest)
    assert 'linkward_link_state{link="office-vnpt",site="office",state="down"} 1\n' in text
    assert "gone" not in text


def test_a_reload_keeps_what_did_not_change() -> None:
    """After the same inventory again, or one with another name, the whole picture is as before."""
    latest = full_board()
    before = _text(latest)
    latest.load(ward())
    without_anchor = re.sub(r".*anchor=.*\n", "", before)
    assert _text(latest) == without_anchor
    latest.load(_changed(name="Đường chính"))
    assert 'name="Đường chính"' in _text(latest)
    assert 'linkward_link_probes_total{link="office-vnpt",site="office"} 2.0\n' in _text(latest)


def test_a_reload_forgets_what_changed() -> None:
    """A link with another target begins anew; a site that is gone is gone with all that it had."""
    latest = full_board()
    whole = ward()
    latest.load(_changed(targets=whole.sites[1].links[0].targets))
    assert 'linkward_link_probes_total{link="office-vnpt",site="office"} 0.0\n' in _text(latest)
    latest.load(whole.model_copy(update={"sites": whole.sites[1:]}))
    assert "office" not in _text(latest)


def test_one_site_alone() -> None:
    """A part is the whole restricted to one site."""
    latest = full_board()
    text = _text(latest, site="point-1")
    assert latest.has_site("point-1")
    assert not latest.has_site("point-9")
    assert "office" not in text
    assert "anchor" not in text
    assert text.count("linkward_site_info{") == 1


def test_anchors_have_no_site() -> None:
    """What is probed to tell a blind monitor bears its own label."""
    latest = _loaded()
    latest.record(failed(ANCHOR, ProbeKind.ICMP, Reason.TIMEOUT), 60.0, 0.0)
    line = 'probe_success{instance="192.0.2.1",anchor="icmp://192.0.2.1",probe="icmp"} 0.0\n'
    assert line in _text(latest)


def test_duplicate_rows_are_counted() -> None:
    """Each poll with a repeated row adds to the device's counter."""
    latest = _loaded()
    twice = measured(ROUTER, ProbeKind.SNMP, poll(ETHER1, ETHER1))
    latest.record(twice, 60.0, 0.0)
    latest.record(twice, 60.0, 0.0)
    assert 'linkward_duplicate_series_total{device="office-rt1",site="office"} 2.0\n' in _text(latest)


def test_the_limit_of_series_is_an_argument() -> None:
    """A device beyond the limit is cut."""
    latest = Latest(series_limit=6)
    latest.load(ward())
    rows = [interface(index, f"p{index}", ifMtu=1) for index in range(1, 6)]
    latest.record(measured(ROUTER, ProbeKind.SNMP, poll(*rows)), 60.0, 0.0)
    assert 'linkward_device_interfaces_cut{device="office-rt1",site="office"} 3.0\n' in _text(latest)


def test_a_slow_scrape_survives_a_reload() -> None:
    """Blocks taken while the inventory changes beneath them still come to an end."""
    latest = full_board()
    blocks = latest.blocks(1.0)
    next(blocks)
    latest.load(ward().model_copy(update={"sites": ()}))
    latest.record(failed(PAGE, ProbeKind.HTTP), 60.0, 1.0)
    assert list(blocks)


def test_timeouts_come_from_the_inventory() -> None:
    """Each probe shows the time it may take."""
    latest = full_board()
    text = _text(latest)
    assert 'probe_timeout_seconds{instance="10.20.0.1",device="office-rt1",site="office",probe="snmp"} 1.0\n' in text
    assert re.search(r'probe_timeout_seconds\{[^}]*service="public-services"[^}]*\} 10.0\n', text)
    latest.record(measured(OFFICE_LINK, ProbeKind.ICMP, _ECHO), 60.0, 0.0)
