"""The truth of the ward under faults."""

from collections.abc import Callable

import pytest

from monitor.demo.fault import Fault, FaultKind
from monitor.demo.truth import DeviceTruth, Truth
from monitor.demo.ward import LinkPlan, WardPlan

TruthWith = Callable[..., Truth]


@pytest.fixture
def link(ward: WardPlan) -> LinkPlan:
    """The only link of a point."""
    return ward.sites[3].links[0]


def test_a_healthy_link_is_as_planned(truth_with: TruthWith, link: LinkPlan) -> None:
    """Without faults a link has its own delay, jitter and loss."""
    healthy = truth_with().link(link, 1.0)
    assert healthy.up
    assert (healthy.delay, healthy.jitter, healthy.forward_loss) == (link.path.delay, link.path.jitter, link.path.loss)


def test_a_cut_silences_the_site_behind_it(ward: WardPlan, truth_with: TruthWith, link: LinkPlan) -> None:
    """While a point's only link is cut its devices have power and do not answer; at the end both are back."""
    truth = truth_with(Fault(FaultKind.LINK_CUT, 10, 20, (link.id, link.interface)))
    device = ward.sites[3].devices[0]
    assert [truth.link(link, time).up for time in (9.9, 10, 19.9, 20)] == [True, False, False, True]
    assert truth.device(device, 15) == DeviceTruth(powered=True, answers=False)
    assert truth.device(device, 20) == DeviceTruth(powered=True, answers=True)


def test_the_office_answers_while_its_links_are_cut(ward: WardPlan, truth_with: TruthWith) -> None:
    """The monitor stands in the office and needs no provider to reach its devices."""
    office = ward.sites[0]
    truth = truth_with(*(Fault(FaultKind.LINK_CUT, 0, 9, (link.id, link.interface)) for link in office.links))
    assert not any(truth.link(link, 1).up for link in office.links)
    assert all(truth.device(device, 1).answers for device in office.devices)


def test_loss_and_delay_add_to_the_path(truth_with: TruthWith, link: LinkPlan) -> None:
    """Loss strikes the way to the site in runs; delay strikes both ways and shakes."""
    truth = truth_with(
        Fault(FaultKind.PACKET_LOSS, 0, 9, (link.id,), 0.1), Fault(FaultKind.DELAY, 0, 9, (link.id,), 0.08)
    )
    state = truth.link(link, 1)
    assert state.forward_loss == 0.1
    assert state.backward_loss == link.path.loss
    assert state.run > 1
    assert state.delay == pytest.approx(link.path.delay + 0.08)
    assert state.jitter > link.path.jitter


def test_a_silent_agent_has_power(ward: WardPlan, truth_with: TruthWith) -> None:
    """An agent fault is no power cut, and touches nobody else."""
    first, second = ward.sites[3].devices[:2]
    truth = truth_with(Fault(FaultKind.AGENT_SILENT, 0, 9, (first.id,)))
    assert truth.device(first, 1) == DeviceTruth(powered=True, answers=False)
    assert truth.device(second, 1).answers


def test_services_are_slow_or_failing(ward: WardPlan, truth_with: TruthWith) -> None:
    """A slow service delays its phases, a failing one has its status and loses its contents, a resolver its answers."""
    page, *_, resolver = ward.sites[0].services
    truth = truth_with(
        Fault(FaultKind.SERVICE_SLOW, 0, 5, (page.id,), 2.0),
        Fault(FaultKind.SERVICE_FAILING, 5, 9, (page.id,), 503),
        Fault(FaultKind.RESOLVER_FAILING, 5, 9, (resolver.id,)),
    )
    assert truth.service(page, 1).slow["first_byte"] == 2.0
    assert (truth.service(page, 1).status, truth.service(page, 1).whole) == (200, True)
    assert (truth.service(page, 6).status, truth.service(page, 6).whole) == (503, False)
    assert [truth.service(resolver, time).resolves for time in (1, 6)] == [True, False]


def test_the_facts_hold_everything(ward: WardPlan, truth_with: TruthWith, link: LinkPlan) -> None:
    """As plain data there is every link, device and service, and the faults of the moment."""
    fault = Fault(FaultKind.LINK_CUT, 0, 9, (link.id,))
    facts = truth_with(fault).as_json(1.0)
    assert facts["links"][link.id]["up"] is False
    assert len(facts["links"]) == 42
    assert len(facts["devices"]) == sum(len(site.devices) for site in ward.sites)
    assert facts["faults"] == [fault.to_json()]
