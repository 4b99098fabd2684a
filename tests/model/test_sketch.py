"""Quantiles from sketches, against the exact ones."""

import math
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.invalid import InvalidValueError
from model.sketch import LEAST, MOST, Sketch, nearest_rank

TIMES = st.floats(LEAST, MOST) | st.just(math.inf)
SAMPLES = st.lists(TIMES, min_size=1, max_size=200)
SHARES = st.floats(0, 1)


def exact(times: list[float], share: float) -> float:
    """The quantile by nearest rank: the smallest time that enough of them do not exceed."""
    return next(t for t in sorted(times) if sum(other <= t for other in times) >= share * len(times) - 1e-9)


@given(SAMPLES, SHARES)
def test_a_quantile_is_within_one_percent_of_the_exact_one(times: list[float], share: float) -> None:
    """With the lost as infinite, and infinite exactly where the exact one is."""
    found, true = Sketch.of(times).quantile(share), exact(times, share)
    assert found is not None
    assert found == true if math.isinf(true) else abs(found - true) <= 0.01 * true


@given(SAMPLES, SAMPLES, SAMPLES)
def test_merging_is_associative_commutative_and_loses_nothing(a: list[float], b: list[float], c: list[float]) -> None:
    """Hours make a day in any order, and the day is what one sketch of all would be, to the byte."""
    first, second, third = map(Sketch.of, (a, b, c))
    whole = Sketch.of(c + b + a)
    assert first.merged(second).merged(third).to_bytes() == whole.to_bytes()
    assert third.merged(first.merged(second)) == whole
    assert first == Sketch.of(a)
    assert whole.n == len(a) + len(b) + len(c)
    assert whole.lost == (a + b + c).count(math.inf)


@given(st.lists(TIMES, max_size=200))
def test_bytes_read_back(times: list[float]) -> None:
    """As the same sketch, which gives the same bytes."""
    sketch = Sketch.of(times)
    assert Sketch.from_bytes(sketch.to_bytes()) == sketch
    assert Sketch.from_bytes(sketch.to_bytes()).n == len(times)


@given(st.binary(max_size=40))
def test_other_bytes_are_refused_or_are_the_form_of_a_sketch(data: bytes) -> None:
    """Nothing else comes out than a sketch that writes just these bytes, or one named error."""
    with suppress(InvalidValueError):
        assert Sketch.from_bytes(data).to_bytes() == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x02\x00\x00",
        b"\x01",
        b"\x01\x80",
        b"\x01\x00\x00\x05",
        b"\x01\x01\x00\x05\x01\x00",
        b"\x01" + b"\xff" * 10,
    ],
    ids=["empty", "version", "no count", "cut number", "no bucket", "gap without end", "number without end"],
)
def test_broken_bytes_are_refused(data: bytes) -> None:
    """Cut anywhere, of another version, or without end."""
    with pytest.raises(InvalidValueError, match="not a sketch"):
        Sketch.from_bytes(data)


def test_a_bucket_beyond_the_longest_time_is_refused() -> None:
    """No sum of gaps leads out of the range."""
    longest = Sketch.of([MOST]).to_bytes()
    assert Sketch.from_bytes(longest).n == 1
    with pytest.raises(InvalidValueError, match="not a sketch"):
        Sketch.from_bytes(longest[:1] + b"\x02" + longest[2:] + b"\x01")


def test_every_cut_of_real_bytes_is_refused() -> None:
    """A torn write never gives wrong numbers."""
    data = Sketch.of([0.001, 0.001, 0.5, math.inf]).to_bytes()
    for length in range(len(data)):
        with pytest.raises(InvalidValueError, match="not a sketch"):
            Sketch.from_bytes(data[:length])


def test_a_typical_hour_of_a_link_takes_less_than_150_bytes() -> None:
    """3,600 round-trip times of a fibre line with its queue, its spikes and its losses."""
    random = Random(7)  # noqa: S311  # no secret
    for base in (0.004, 0.012, 0.045):
        times = [base + random.expovariate(1 / (0.08 * base)) for _ in range(3560)]
        times += [base * random.uniform(2, 8) for _ in range(20)] + [math.inf] * 20
        assert len(Sketch.of(times).to_bytes()) <= 150


def test_an_empty_sketch_has_no_quantile() -> None:
    """Nothing measured is neither zero nor infinite."""
    assert Sketch().quantile(0.5) is None
    assert Sketch() == Sketch.from_bytes(Sketch().to_bytes())


def test_times_outside_the_range_count_at_its_ends() -> None:
    """A time of nothing, which a coarse clock gives, and one of minutes."""
    sketch = Sketch.of([0.0, LEAST / 2, 1000.0])
    assert sketch.quantile(0.5) == pytest.approx(LEAST, rel=0.01)
    assert sketch.quantile(1.0) == pytest.approx(MOST, rel=0.02)


def test_a_sketch_shows_what_it_holds() -> None:
    """In its repr; and it is no key, because it grows."""
    assert repr(Sketch.of([math.inf])) == "Sketch(n=1, lost=1, p50=inf, p95=inf)"
    with pytest.raises(TypeError):
        hash(Sketch())
    assert Sketch() != 1


@pytest.mark.parametrize(
    ("share", "n", "rank"), [(0, 5, 1), (0.07, 100, 7), (0.95, 20, 19), (0.5, 3, 2), (1, 7, 7), (0.99, 300, 297)]
)
def test_nearest_rank(share: float, n: int, rank: int) -> None:
    """The first and the last are ranks too, and a product that floats miss does not step on."""
    assert nearest_rank(share, n) == rank
