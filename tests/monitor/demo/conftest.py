"""A planned ward and a way to read its truth, shared by the tests of the demo."""

import asyncio
from collections.abc import Callable

import pytest

from monitor.demo.fault import Chronicle, Fault, FixedStory
from monitor.demo.ground import Ground
from monitor.demo.truth import Truth
from monitor.demo.ward import DevicePlan, WardPlan, plan_ward
from tests.peers.laid_reviews import MONTHS, SITES, Laid, Reviewed, made


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


@pytest.fixture(scope="session")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Laid:
    """Half a year, and its last months reviewed."""
    return asyncio.run(made(tmp_path_factory.mktemp("laid"), SITES, MONTHS))


@pytest.fixture(params=[0, 1, 2], ids=["before-last", "last", "so-far"])
def month(laid: Laid, request: pytest.FixtureRequest) -> Reviewed:
    """One of the months, the last of which is not over."""
    chosen: Reviewed = laid.months[request.param]
    return chosen
