"""STAMP packets as bytes, against packets written by hand from RFC 8762, and what their numbers tell."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.stamp import (
    Answer,
    Losses,
    LossLedger,
    Request,
    decode_answer,
    decode_request,
    encode_answer,
    encode_request,
    looks_like_answer,
    ntp_timestamp,
    wire_sequence,
)

# RFC 8762 figure 2: sequence, timestamp, error estimate, MBZ (its first two bytes are the SSID of RFC 8972 figure 1).
REQUEST_BYTES = bytes.fromhex(
    "00000102"  # sequence number 258
    "e90a1b2c 80000000"  # 0xe90a1b2c seconds since 1900 and a half
    "2001"  # S=0, Z=0, scale 32, multiplier 1
    "beef" + "00" * 28  # SSID
)
REQUEST = Request(258, 0xE90A1B2C_80000000, 0x2001, 0xBEEF)

# RFC 8762 figure 5, the stateful reflector.
ANSWER_BYTES = bytes.fromhex(
    "00000007"  # the reflector's own sequence number
    "e90a1b2d 40000000"  # T3
    "8a05"  # S=1, scale 10, multiplier 5
    "beef"  # SSID
    "e90a1b2d 20000000"  # T2
    "00000102"  # session-sender sequence number
    "e90a1b2c 80000000"  # session-sender timestamp
    "2001"  # session-sender error estimate
    "0000"  # MBZ
    "f9"  # session-sender TTL
    "000000"  # MBZ
)
ANSWER = Answer(7, 0xE90A1B2D_40000000, 0x8A05, 0xBEEF, 0xE90A1B2D_20000000, REQUEST, 249)


def test_request_is_the_44_bytes_of_the_rfc() -> None:
    """Encoding and decoding agree with the packet written by hand."""
    assert len(REQUEST_BYTES) == 44
    assert encode_request(REQUEST) == REQUEST_BYTES
    assert decode_request(REQUEST_BYTES) == REQUEST


def test_answer_is_the_44_bytes_of_the_rfc() -> None:
    """Encoding and decoding agree with the packet written by hand."""
    assert len(ANSWER_BYTES) == 44
    assert encode_answer(ANSWER, REQUEST_BYTES) == ANSWER_BYTES
    assert decode_answer(ANSWER_BYTES) == ANSWER


def test_answer_of_a_twamp_light_reflector_is_understood() -> None:
    """41 bytes are enough, and padding behind them does no harm (RFC 5357 §4.2.1)."""
    assert decode_answer(ANSWER_BYTES[:41]) == ANSWER
    assert decode_answer(ANSWER_BYTES[:41] + b"\xff" * 60) == ANSWER
    assert decode_answer(ANSWER_BYTES[:40]) is None


@pytest.mark.parametrize("size", [41, 42, 44, 45, 120])
def test_answer_is_as_long_as_the_request(size: int) -> None:
    """It is never longer, so that nobody can have it amplify; what follows the base packet comes back unchanged."""
    request = (REQUEST_BYTES + bytes(range(100)))[:size]
    packet = encode_answer(ANSWER, request)
    assert len(packet) == size
    assert packet[44:] == request[44:]
    assert decode_answer(packet) == ANSWER


@pytest.mark.parametrize("size", [0, 14, 40])
def test_request_that_is_too_short_for_an_answer_is_none(size: int) -> None:
    """A TWAMP-Light sender without padding would get more than it sent."""
    assert decode_request(REQUEST_BYTES[:size]) is None


@given(st.binary(max_size=120))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    """A peer's bytes never raise."""
    decode_request(data)
    looks_like_answer(data)
    answer = decode_answer(data)
    assert answer is None or answer.residence is None or answer.residence >= 0


def test_answers_are_told_from_requests() -> None:
    """Two reflectors must not answer each other for ever."""
    assert looks_like_answer(ANSWER_BYTES)
    assert looks_like_answer(ANSWER_BYTES[:41])
    assert not looks_like_answer(REQUEST_BYTES)
    assert not looks_like_answer(REQUEST_BYTES + b"\xff" * 20)
    assert not looks_like_answer(REQUEST_BYTES[:14] + b"\xa5" * 100)


def test_residence_is_the_time_inside() -> None:
    """0x40000000 - 0x20000000 of 2^32 is an eighth of a second."""
    assert ANSWER.residence == 0.125


def test_residence_of_a_ptp_clock_is_read_in_nanoseconds() -> None:
    """The Z bit of the reflector's error estimate says that T2 and T3 are seconds and nanoseconds (RFC 8186)."""
    answer = replace(ANSWER, error_estimate=0x4001, received=100 << 32 | 900_000_000, sent=101 << 32 | 100_000_000)
    assert answer.residence == pytest.approx(0.2)


def test_residence_goes_on_in_the_next_era() -> None:
    """NTP's seconds overflow in February 2036."""
    assert replace(ANSWER, received=0xFFFFFFFF_C0000000, sent=0x00000000_40000000).residence == 0.5


@pytest.mark.parametrize(("received", "sent"), [(0, ANSWER.sent), (ANSWER.received, 0), (ANSWER.sent, ANSWER.received)])
def test_impossible_timestamps_give_no_residence(received: int, sent: int) -> None:
    """A reflector without timestamps, and one whose clock was set back."""
    assert replace(ANSWER, received=received, sent=sent).residence is None


@pytest.mark.parametrize(
    ("unix_ns", "stamp"),
    [
        (0, 0x83AA7E80_00000000),  # RFC 868: 2,208,988,800 s from 1900 to 1970
        (500_000_000, 0x83AA7E80_80000000),
        (2_085_978_495_999_999_999, 0xFFFFFFFF_FFFFFFFB),
        (2_085_978_496_000_000_000, 0),  # 2036-02-07 06:28:16 UTC
    ],
)
def test_ntp_timestamps(unix_ns: int, stamp: int) -> None:
    """Known moments, up to the end of the era and beyond."""
    assert ntp_timestamp(unix_ns) == stamp


def test_sequence_starts_at_zero_and_skips_one() -> None:
    """The gap is what a stateless reflector copies and a stateful one does not."""
    assert [wire_sequence(n) for n in range(4)] == [0, 2, 3, 4]
    assert wire_sequence(2**32) == 1


class Story:
    """A sender's ledger and a stateful reflector, joined by a line that loses what it is told to lose."""

    def __init__(self, first_number: int = 0) -> None:
        self.ledger = LossLedger()
        self.number = first_number

    def send(self, *, arrives: bool = True) -> tuple[int, int | None]:
        """One packet goes out; its ordinal, and the number that the reflector gives it."""
        ordinal = self.ledger.next_ordinal
        self.ledger.sent()
        if not arrives:
            return ordinal, None
        self.number += 1
        return ordinal, (self.number - 1) % 2**32

    def answer(self, sent: tuple[int, int | None]) -> Losses:
        """Its answer comes in time."""
        ordinal, number = sent
        assert number is not None
        return self.ledger.answered(ordinal, number)

    def exchange(self) -> Losses:
        """A packet that is answered."""
        return self.answer(self.send())

    def lose(self, *, forward: int = 0, backward: int = 0) -> None:
        """Packets that are given up."""
        for arrives, count in ((False, forward), (True, backward)):
            for _ in range(count):
                self.ledger.lost(self.send(arrives=arrives)[0])


def test_first_answer_tells_nothing() -> None:
    """What went before it is not known, the reflector may have counted long since."""
    story = Story()
    story.lose(forward=2)
    assert story.exchange() == Losses(None, None)
    assert story.exchange() == Losses(0, 0)


def test_each_direction_has_its_losses() -> None:
    """Two lost on the way out and three on the way back, told apart."""
    story = Story()
    story.exchange()
    story.lose(forward=2, backward=3)
    assert story.exchange() == Losses(2, 3)
    assert story.exchange() == Losses(0, 0)


def test_losses_are_told_even_when_only_answers_are_lost() -> None:
    """The number that was never sent has shown that the reflector is stateful before anything was lost."""
    story = Story()
    story.exchange()
    story.lose(backward=1)
    assert story.exchange() == Losses(0, 1)


def test_stateless_reflector_tells_no_direction() -> None:
    """It copies our numbers: how many packets reached it is not to be seen."""
    ledger = LossLedger()
    for ordinal in (0, 1, 3, 6):
        while ledger.next_ordinal <= ordinal:
            if ledger.next_ordinal < ordinal:
                ledger.lost(ledger.next_ordinal)
            ledger.sent()
        assert ledger.answered(ordinal, wire_sequence(ordinal)) == Losses(None, None)


def test_restarted_reflector_tells_nothing_once() -> None:
    """Its numbers begin again; from the second answer on they count."""
    story = Story()
    for _ in range(5):
        story.exchange()
    story.lose(forward=1)
    story.number = 0
    assert story.exchange() == Losses(None, None)
    story.lose(backward=1)
    assert story.exchange() == Losses(0, 1)


def test_reordered_answers_are_no_losses() -> None:
    """The second of three comes back last."""
    story = Story()
    story.exchange()
    first, second, third = story.send(), story.send(), story.send()
    assert story.answer(first) == Losses(0, 0)
    assert story.answer(third) == Losses(0, 0)
    assert story.answer(second) == Losses(0, 0)
    assert story.exchange() == Losses(0, 0)


def test_requests_reordered_on_the_way_out_are_no_losses() -> None:
    """The reflector numbers the second packet before the first."""
    story = Story()
    story.exchange()
    (first, number_of_first), (second, number_of_second) = story.send(), story.send()
    assert story.answer((second, number_of_first)) == Losses(0, 0)
    assert story.answer((first, number_of_second)) == Losses(0, 0)
    story.lose(forward=1)
    assert story.exchange() == Losses(1, 0)


def test_losses_wait_until_older_packets_are_settled() -> None:
    """While one is still under way it is not counted as lost; when it is given up, the next answer says so."""
    story = Story()
    story.exchange()
    slow, fast = story.send(), story.send()
    assert story.answer(fast) == Losses(0, 0)
    story.ledger.lost(slow[0])
    assert story.exchange() == Losses(0, 1)


def test_late_answer_is_lost_on_the_way_back() -> None:
    """The reflector had it, we had given it up."""
    story = Story()
    story.exchange()
    late = story.send()
    story.ledger.lost(late[0])
    assert story.exchange() == Losses(0, 1)


def test_packet_doubled_on_the_way_out_hides_no_loss() -> None:
    """The reflector has counted it twice; the second answer gives that away."""
    story = Story()
    story.exchange()
    story.exchange()
    story.number += 1
    story.ledger.duplicated(story.number - 1)
    story.lose(forward=1)
    assert story.exchange() == Losses(1, 0)


def test_more_arrivals_than_packets_tell_nothing() -> None:
    """A doubled packet whose second answer was lost too, together with a loss: nothing is made up."""
    story = Story()
    story.exchange()
    story.number += 3
    story.lose(forward=1)
    assert story.exchange() == Losses(None, None)


def test_flood_of_duplicates_takes_bounded_memory() -> None:
    """A hostile peer sends a million answers to one packet."""
    story = Story()
    story.exchange()
    for number in range(100_000):
        story.ledger.duplicated(number)
    assert len(story.ledger._duplicated) < 1_000


def test_long_outage_takes_no_memory() -> None:
    """A link that is down for a day leaves a number, not a list."""
    story = Story()
    story.exchange()
    story.lose(forward=86_400)
    assert not story.ledger._early
    assert story.exchange() == Losses(86_400, 0)


@given(seed=st.integers(0, 2**32), first_number=st.sampled_from([0, 1, 17, 2**32 - 5]))
def test_sums_equal_the_truth(seed: int, first_number: int) -> None:
    """With random losses and up to five packets under way, what is told adds up to the truth in each direction."""
    random, story, truth = Random(seed), Story(first_number), [0, 0]  # noqa: S311  # repeatable
    told, flying = [0, 0], []
    story.exchange()
    story.exchange()
    for _ in range(60):
        arrives = random.random() > 0.2
        sent, comes_back = story.send(arrives=arrives), arrives and random.random() > 0.2
        truth[0] += not arrives
        truth[1] += arrives and not comes_back
        flying.append((sent, comes_back))
        if len(flying) == 5:
            add(told, settle(story, flying.pop(random.randrange(5))))
    for packet in flying:
        add(told, settle(story, packet))
    add(told, story.exchange())
    assert told == truth


def settle(story: Story, packet: tuple[tuple[int, int | None], bool]) -> Losses:
    """An answer, or the giving up."""
    sent, comes_back = packet
    if comes_back:
        return story.answer(sent)
    story.ledger.lost(sent[0])
    return Losses(0, 0)


def add(told: list[int], losses: Losses) -> None:
    """Sum up what is told; it must be told."""
    assert losses.forward is not None
    assert losses.backward is not None
    told[0] += losses.forward
    told[1] += losses.backward
