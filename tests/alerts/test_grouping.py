"""Sets of faults that have one cause, and which of them explains the others."""

from itertools import permutations

import pytest

from alerts.grouping import Groups, by_rank, outage_key, rank
from model.incident import About, AlertName, Fault, FaultKey, Severity
from tests.peers.stage import at


def fault_key(name: str) -> FaultKey:
    """Of a line that is down."""
    return AlertName.LINK_DOWN, ("link", name), ""


A, B, C, D = (fault_key(name) for name in "abcd")


def fault(
    name: AlertName = AlertName.LINK_DOWN,
    subject: About = ("link", "a"),
    severity: Severity = Severity.CRITICAL,
    seconds: float = 0.0,
) -> Fault:
    """It goes on."""
    return Fault(name, subject, at(seconds), at(seconds), severity)


def sets(groups: Groups) -> set[frozenset[FaultKey]]:
    """The groups, without any order."""
    return set(map(frozenset, groups))


def test_what_is_never_joined_stands_alone() -> None:
    """Each is a group of its own."""
    assert sets(Groups([A, B])) == {frozenset({A}), frozenset({B})}
    assert list(Groups([])) == []


@pytest.mark.parametrize("order", list(permutations([[A, B], [C, D], [B, C]])))
def test_groups_that_share_a_fault_are_one(order: tuple[list[FaultKey], ...]) -> None:
    """In whatever order they are joined."""
    groups = Groups([A, B, C, D])
    for keys in order:
        groups.join(keys)
    assert sets(groups) == {frozenset({A, B, C, D})}


def test_what_nobody_knows_joins_nothing() -> None:
    """A fault that is held, or over, is no bridge between two others."""
    groups = Groups([A, C])
    groups.join([A, B])
    groups.join([B, C])
    groups.join([])
    assert sets(groups) == {frozenset({A}), frozenset({C})}


def test_what_explains_most_comes_first() -> None:
    """Then what matters most, what began first, and a fixed order."""
    ordered = [
        fault(AlertName.MONITOR_BLIND, ("monitor", "")),
        fault(AlertName.PROVIDER_OUTAGE, ("provider", "VNPT")),
        fault(AlertName.SITE_UNREACHABLE, ("site", "s"), seconds=9),
        fault(AlertName.DEVICE_DOWN, ("device", "d")),
        fault(seconds=1),
        fault(seconds=2),
        fault(subject=("link", "b"), seconds=2),
        fault(severity=Severity.WARNING),
        fault(AlertName.SERVICE_DOWN, ("service", "p")),
        fault(AlertName.LINK_FLAPPING),
        fault(AlertName.CERTIFICATE_EXPIRING, ("service", "p")),
        fault(AlertName.LINK_BELOW_REQUIREMENT, severity=Severity.INFO),
    ]
    backwards = ordered[::-1]
    assert sorted(backwards, key=by_rank) == ordered


def test_every_kind_has_a_rank() -> None:
    """Those that explain nothing have the last."""
    last = rank(fault(AlertName.INTERFACE_ERRORS))
    assert max(rank(fault(name)) for name in AlertName) == last
    assert rank(fault(AlertName.LINK_FLAPPING)) < last


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        (("link", "a"), AlertName.LINK_DOWN),
        (("device", "a"), AlertName.DEVICE_DOWN),
        (("service", "a"), AlertName.SERVICE_DOWN),
        (("site", "a"), AlertName.SITE_UNREACHABLE),
    ],
)
def test_an_outage_is_named_after_what_is_out(subject: tuple[str, str], name: AlertName) -> None:
    """So that it is found without having been seen."""
    assert outage_key(subject) == (name, subject, "")  # type: ignore[arg-type]  # nouns of the inventory
