"""When a row of answers is a recovery."""

from model.recovery import CLEAN_FOR, FEWEST_PROBES, Recovery


def answered(times: int) -> Recovery:
    """A recovery with so many answers since second 100."""
    recovery = Recovery(100.0, 0.01, 99.0)
    for _ in range(times):
        recovery.answered(late=False)
    return recovery


def test_it_takes_ten_seconds_and_five_probes() -> None:
    """Fewer of either, and it is too early to say."""
    assert answered(50).succeeded(100 + CLEAN_FOR - 0.01) is None
    assert answered(FEWEST_PROBES - 1).succeeded(200) is None
    assert answered(FEWEST_PROBES).succeeded(100 + CLEAN_FOR) is True


def test_half_of_the_probes_lost_is_no_recovery() -> None:
    """As many losses as answers fail it; one fewer does not."""
    recovery = answered(5)
    for second in range(4):
        recovery.lost(101.0 + second)
    assert recovery.succeeded(120) is True
    recovery.lost(106.0)
    assert recovery.succeeded(120) is False


def test_a_loss_from_before_it_only_dates_its_begin() -> None:
    """A probe that left before the first answer, but was given up after it, belongs to the outage."""
    recovery = Recovery(100.0, 0.01, None)
    recovery.lost(99.5)
    assert recovery.before == 99.5
    recovery.lost(99.2)
    assert (recovery.before, recovery.losses) == (99.5, 0)


def test_late_answers_are_counted_apart() -> None:
    """They are answers, and the state after it depends on them."""
    recovery = answered(2)
    recovery.answered(late=True)
    assert (recovery.answers, recovery.late) == (3, 1)
