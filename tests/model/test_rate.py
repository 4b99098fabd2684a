"""So many at once, and then one in each interval."""

from model.rate import Bucket, Rate


def test_a_bucket_gives_a_burst_and_then_its_rate() -> None:
    """Five at once, then two a second, and never more than five however long it rested."""
    bucket, rate = Bucket(), Rate(0.5, burst=5)
    assert [bucket.take(rate, 0.0) for _ in range(6)] == [0.0] * 5 + [0.5]
    assert [bucket.take(rate, 1.0) for _ in range(3)] == [0.0, 0.0, 0.5]
    assert [bucket.take(rate, 1_000.0) for _ in range(9)].count(0.0) == 5


def test_a_clock_that_goes_back_gives_nothing() -> None:
    """Nor does it take anything."""
    bucket, rate = Bucket(), Rate(1.0, burst=1)
    assert bucket.take(rate, -10.0) == 0
    assert bucket.take(rate, -15.0) == 6
    assert bucket.take(rate, -9.0) == 0


def test_a_rate_may_change_while_it_is_used() -> None:
    """What was paid for stays; whoever is refused pays nothing."""
    bucket = Bucket()
    assert bucket.take(Rate(10.0, burst=1), 0.0) == 0
    assert [bucket.take(Rate(10.0, burst=1), 1.0) for _ in range(2)] == [9.0, 9.0]
    assert bucket.take(Rate(10.0, burst=2), 1.0) == 0


def test_small_intervals_add_up() -> None:
    """A hundred fifths of a second are twenty seconds, so that none of the burst is refused for a rounding."""
    bucket, rate = Bucket(), Rate(0.2, burst=100)
    for second in range(50):
        taken = [bucket.take(rate, 1_000.1 + second) for _ in range(200)]
        assert taken.count(0.0) == (5 if second else 100)
