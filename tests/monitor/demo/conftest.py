"""A planned ward and a way to read its truth, shared by the tests of the demo."""

from collections.abc import Callable

import pytest

from monitor.demo.fault import Chronicle, Fault, FixedStory
from monitor.demo.ground import Ground
from monitor.demo.truth import Truth
from monitor.demo.ward import DevicePlan, WardPlan, plan_ward


@pytest.fixture(scope="session")
def ward() -> WardPlan:
    """The ward that a newcomer sees."""
    return plan_ward(Ground(41, 18_000))


@pytest.fixture
def truth_with(ward: WardPlan) -> Callable[..., Truth]:
    """Makes the truth of the ward when just these faults strike."""

    def with_faults(*faults: Fault) -> Truth:
        return Truth(ward, Chronicle(FixedStory(faults)))

    return with_faults


@pytest.fixture
def router(ward: WardPlan) -> DevicePlan:
    """The office's router, whose first interfaces face the providers."""
    return ward.sites[0].devices[0]
