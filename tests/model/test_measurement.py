"""What one run of a probe gives."""

from datetime import UTC, datetime

import pytest

from model.measurement import (
    DnsReading,
    EchoReading,
    Failure,
    Measurement,
    ProbeKind,
    Reading,
    Reason,
    StampReading,
    Subject,
    TcpReading,
)

ECHO = EchoReading(rtt=0.004)
STAMP = StampReading(rtt=0.005, residence=0.001, sender_sequence=1, reflector_sequence=1)
ACCEPTED = TcpReading(connect=0.007, rtt=0.006, accepted=True, address="127.0.0.1")
RESET = TcpReading(connect=0.007, rtt=None, accepted=False, address="127.0.0.1")
ANSWER = DnsReading(request=0.01, connect=None, rcode="NOERROR", answers=1, authorities=0, additionals=0)


def measurement(outcome: Reading | Failure) -> Measurement:
    """A run that ended so."""
    subject = Subject("link", "office-vnpt", "office", "127.0.0.1")
    return Measurement(subject, ProbeKind.TCP, datetime(2026, 11, 24, tzinfo=UTC), 0.01, outcome)


@pytest.mark.parametrize(
    ("outcome", "rtt"),
    [
        (ECHO, 0.004),
        (STAMP, 0.005),
        (ACCEPTED, 0.006),
        (RESET, 0.007),
        (ANSWER, None),
        (Failure(Reason.TIMEOUT), None),
        (Failure(Reason.TIMEOUT, partial=ECHO), None),
    ],
)
def test_the_round_trip_is_that_of_the_reading(outcome: Reading | Failure, rtt: float | None) -> None:
    """A reset is timed by its handshake; what has no round trip, or failed, has none, and never zero."""
    assert measurement(outcome).rtt == rtt


def test_an_outcome_has_a_label() -> None:
    """``success``, or the reason of the failure."""
    good, bad = measurement(ECHO), measurement(Failure(Reason.TIMEOUT))
    assert (good.succeeded, good.outcome_label) == (True, "success")
    assert (bad.succeeded, bad.outcome_label) == (False, "timeout")
