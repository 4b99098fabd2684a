"""Paths: how answers draw them, and how two compare, for every pair of short ones."""

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.icmp import IpVersion
from model.path import SILENT_RUN, Hop, Note, Path, described, difference, end_of, note_of, path_of

TARGET = "10.0.0.9"
A, B, C, D = "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.5"


def passed(ttl: int, address: str) -> Hop:
    """A router on the way."""
    return Hop(ttl, address, 0.01, Note.PASSED)


def path(*addresses: str | None, target: str = TARGET) -> Path:
    """A path of these hops."""
    hops = [
        Hop(ttl) if address is None else Hop(ttl, address, 0.01, Note.TARGET if address == target else Note.PASSED)
        for ttl, address in enumerate(addresses, 1)
    ]
    return Path(target, tuple(hops), target in addresses)


def short_paths() -> Iterator[Path]:
    """Every path of up to three hops of two routers or silence, with the target behind it or not."""
    for length in range(4):
        for addresses in product((A, B, None), repeat=length):
            yield path(*addresses)
            yield path(*addresses, TARGET)


@pytest.mark.parametrize(
    ("message", "from_target", "note"),
    [
        ((IpVersion.V4, 11, 0), False, Note.PASSED),
        ((IpVersion.V6, 3, 0), False, Note.PASSED),
        ((IpVersion.V4, 11, 0), True, Note.PASSED),
        ((IpVersion.V4, 3, 3), True, Note.TARGET),
        ((IpVersion.V6, 1, 4), True, Note.TARGET),
        ((IpVersion.V4, 3, 3), False, Note.UNREACHABLE),  # a firewall that rejects in the target's name
        ((IpVersion.V4, 3, 0), False, Note.UNREACHABLE),
        ((IpVersion.V4, 3, 1), False, Note.UNREACHABLE),
        ((IpVersion.V6, 1, 0), False, Note.UNREACHABLE),
        ((IpVersion.V6, 1, 3), False, Note.UNREACHABLE),
        ((IpVersion.V4, 3, 9), False, Note.PROHIBITED),
        ((IpVersion.V4, 3, 10), False, Note.PROHIBITED),
        ((IpVersion.V4, 3, 13), False, Note.PROHIBITED),
        ((IpVersion.V6, 1, 1), False, Note.PROHIBITED),
        ((IpVersion.V6, 1, 5), False, Note.PROHIBITED),
        ((IpVersion.V6, 3, 1), False, Note.PASSED),
        ((IpVersion.V4, 3, 13), True, Note.PROHIBITED),
    ],
)
def test_each_error_says_what_it_says(message: tuple[IpVersion, int, int], *, from_target: bool, note: Note) -> None:
    """No way, no permission, and the target's own answer are told apart."""
    version, kind, code = message
    assert note_of(version, kind, code, from_target=from_target) is note


def test_a_path_ends_at_the_target() -> None:
    """What lies beyond its first answer is not a hop, and silence before it is."""
    answers = [Hop(5, TARGET, 0.1, Note.TARGET), Hop(4, TARGET, 0.1, Note.TARGET), passed(1, A)]
    assert path_of(TARGET, answers, 30) == Path(
        TARGET, (passed(1, A), Hop(2), Hop(3), Hop(4, TARGET, 0.1, Note.TARGET)), reached=True
    )


def test_a_target_beyond_a_refusal_is_reached() -> None:
    """A router that once had no way may have found one."""
    answers = [Hop(1, A, 0.1, Note.UNREACHABLE, "host unreachable"), Hop(2, TARGET, 0.1, Note.TARGET)]
    assert path_of(TARGET, answers, 30).reached
    assert end_of(answers) == 2


def test_a_path_ends_at_a_refusal() -> None:
    """Everything beyond it is refused by the same router."""
    answers = [Hop(ttl, A, 0.1, Note.UNREACHABLE, "host unreachable") for ttl in (4, 2, 3)]
    found = path_of(TARGET, [*answers, passed(1, B)], 30)
    assert [hop.ttl for hop in found.hops] == [1, 2]
    assert not found.reached
    assert described(found) == f"{A} (hop 2) says: host unreachable"


def test_a_target_that_refuses_is_reached() -> None:
    """Its own firewall says no: packets get there."""
    assert path_of(TARGET, [Hop(1, TARGET, 0.1, Note.PROHIBITED, "filtered by a firewall")], 30).reached


def test_a_router_that_refuses_now_and_then_is_put_no_nearer_than_is_known() -> None:
    """It may stand where those before it are silent."""
    assert described(path_of(TARGET, [Hop(7, A, 0.1, Note.UNREACHABLE, "host unreachable"), passed(2, B)], 30)) == (
        f"{A} (hop 3 to 7) says: host unreachable"
    )


@given(st.sets(st.integers(1, 30)), st.integers(30, 40))
def test_silence_behind_the_last_answer_is_cut(ttls: set[int], longest: int) -> None:
    """Five silent hops and no more, none beyond those that were tried; no gap in the numbers."""
    found = path_of(TARGET, [passed(ttl, f"10.1.0.{ttl}") for ttl in ttls], longest)
    assert [hop.ttl for hop in found.hops] == list(range(1, min(longest, max(ttls, default=0) + SILENT_RUN) + 1))
    assert {hop.ttl for hop in found.hops if hop.address} == ttls


def common_by_hand(normal: Path, now: Path) -> Hop | None:
    """The last common hop, hop by hop."""
    last = None
    for number in range(max(len(normal.hops), len(now.hops))):
        there = normal.hops[number].address if number < len(normal.hops) else None
        here = now.hops[number].address if number < len(now.hops) else None
        if there is not None and here is not None:
            if there != here:
                break
            last = now.hops[number]
    return last


def first_only(hops: Sequence[Hop], others: Sequence[Hop]) -> list[Hop]:
    """Hops of addresses that the others do not have, each address once."""
    found: list[Hop] = []
    for hop in hops:
        known = [other.address for other in (*others, *found)]
        if hop.address is not None and hop.address not in known:
            found.append(hop)
    return found


def test_every_pair_of_short_paths_compares_as_by_hand() -> None:
    """80 paths against each of them: last common hop, what is missing, what is new; and words that never fail."""
    for normal, now in product(list(short_paths()), repeat=2):
        found = difference(normal, now)
        assert found.last_common == common_by_hand(normal, now)
        assert list(found.missing) == first_only(normal.hops, now.hops)
        assert list(found.new) == first_only(now.hops, normal.hops)
        assert found.words.startswith(("as usual: ", described(now)))
        if normal == now:
            assert (found.missing, found.new, found.words) == ((), (), f"as usual: {described(now)}")
        if now.reached != normal.reached:
            assert "usually" in found.words
        assert all(str(hop) in found.words for hop in found.new)


@pytest.mark.parametrize(
    ("normal", "now", "words"),
    [
        (path(C, A, B, D, TARGET), path(C, A, None), f"answers end after {A} (hop 2); usually 5 hops"),
        (path(A, TARGET), path(A, TARGET), "as usual: reached in 2 hops"),
        (path(A, TARGET), path(None, TARGET), "as usual: reached in 2 hops"),
        (path(TARGET), path(TARGET), "as usual: reached in 1 hop"),
        (path(A, TARGET), path(None, None), "nobody on the way answers; usually 2 hops"),
        (
            path(A, TARGET),
            path(A, B, TARGET),
            f"reached in 3 hops; usually 2 hops; another way after {A} (hop 1): {B} (hop 2)",
        ),
        (
            path(A, TARGET),
            path(B, None),
            f"answers end after {B} (hop 1); usually 2 hops; another way from the first hop on: {B} (hop 1)",
        ),
        (path(A, None), path(A, None), f"as usual: answers end after {A} (hop 1)"),
        (path(A, B, None), path(A, None), f"answers end after {A} (hop 1); usually answers end after {B} (hop 2)"),
        (
            path(A, TARGET),
            path(A, D, target=D),
            f"{D} was {TARGET} before; reached in 2 hops; usually 2 hops; another way after {A} (hop 1): {D} (hop 2)",
        ),
        (
            path(A, B, TARGET),
            path(A, B, A, B, A, B),
            f"packets go in a circle: {A} (hop 1), {B} (hop 2); usually 3 hops",
        ),
    ],
)
def test_the_difference_is_said_in_words(normal: Path, now: Path, words: str) -> None:
    """One line for the person on call."""
    assert difference(normal, now).words == words
