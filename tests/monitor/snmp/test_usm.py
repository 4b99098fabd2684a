"""Which SNMPv3 messages are believed: signed with the right key, at the level and by the engine that was asked."""

import hmac
import time
from dataclasses import dataclass

import pytest

from monitor.snmp.ber import REPORT, RESPONSE, SecureMessage, read_message
from monitor.snmp.usm import DIGESTS, Guard
from tests.peers.snmp import UPTIME, number, oid, text, ticks, tlv

ENGINE, USER, KEY = b"\x80\x00\x1f\x88\x04agent", b"linkward", b"k" * 20
SHA = DIGESTS["SHA"]
ASKED = 4_711


@dataclass
class Answer:
    """An answer that is right in everything, but for what a test spoils."""

    message_id: int = ASKED
    engine: bytes = ENGINE
    user: bytes = USER
    key: bytes = KEY
    boots: int = 7
    time: int = 1_000
    signed: bool = True
    digest: bytes | None = None
    pdu: int = RESPONSE

    def datagram(self) -> bytes:
        """The octets on the wire."""
        if not self.signed:
            return self._written(b"" if self.digest is None else self.digest)
        blank = self._written(bytes(SHA.length))
        digest = hmac.new(self.key, blank, SHA.hash).digest()[: SHA.length] if self.digest is None else self.digest
        return self._written(digest)

    def _written(self, digest: bytes) -> bytes:
        usm = text(self.engine) + number(self.boots) + number(self.time) + text(self.user) + text(digest) + text(b"")
        header = number(self.message_id) + number(65_507) + text(bytes((int(self.signed),))) + number(3)
        binding = tlv(0x30, oid(UPTIME) + ticks(1))
        pdu = tlv(self.pdu, number(1) + number(0) + number(0) + tlv(0x30, binding))
        scoped = tlv(0x30, text(self.engine) + text(b"") + pdu)
        return tlv(0x30, number(3) + tlv(0x30, header) + text(tlv(0x30, usm)) + scoped)


def believed(guard: Guard, answer: Answer, *, private: bool = False) -> bool:
    """Whether an answer to the question is taken."""
    datagram = answer.datagram()
    message = read_message(datagram)
    assert isinstance(message, SecureMessage)
    return guard.believes(message, datagram, ASKED, private=private)


@pytest.fixture
def guard() -> Guard:
    """One that knows the engine and the key, and has heard one answer."""
    known = Guard(ENGINE, USER, SHA, KEY)
    assert believed(known, Answer())
    return known


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(key=b"x" * 20), id="another key"),
        pytest.param(Answer(digest=b""), id="empty digest"),
        pytest.param(Answer(digest=b"\0"), id="short digest"),
        pytest.param(Answer(digest=bytes(12)), id="zero digest"),
        pytest.param(Answer(signed=False), id="not signed"),
        pytest.param(Answer(engine=b"\x80\x00\x1f\x88\x04other"), id="another engine"),
        pytest.param(Answer(user=b"root"), id="another user"),
        pytest.param(Answer(message_id=ASKED - 1), id="an earlier answer again"),
        pytest.param(Answer(boots=6, time=5_000), id="fewer boots"),
        pytest.param(Answer(time=1_000 - 152), id="out of the time window"),
        pytest.param(Answer(pdu=0xA0), id="a request"),
    ],
)
def test_what_is_spoilt_is_not_believed(guard: Guard, answer: Answer) -> None:
    """Each spoilt answer is passed over, and the right one that comes after it is taken all the same."""
    assert not believed(guard, answer)
    assert believed(guard, Answer())


def test_a_clear_answer_to_a_hidden_question_is_not_believed(guard: Guard) -> None:
    """Where privacy was asked for, an answer in clear text is below the level, though it be signed."""
    assert not believed(guard, Answer(), private=True)


def test_time_within_the_window_and_new_boots_are_believed(guard: Guard) -> None:
    """An engine may be a little behind, and begins anew when it restarts."""
    assert believed(guard, Answer(time=1_000 - 148))
    assert believed(guard, Answer(boots=8, time=3))
    assert not believed(guard, Answer(boots=7, time=1_000))


def test_the_window_moves_with_our_own_clock(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that was right ten minutes ago is a replay now."""
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 600)
    assert not believed(guard, Answer())
    assert believed(guard, Answer(time=1_600))


def test_an_unsigned_report_answers_and_holds_no_values(guard: Guard) -> None:
    """Most reports come unsigned (RFC 3414 §3.2); one about another question does not count."""
    assert believed(guard, Answer(signed=False, pdu=REPORT))
    assert not believed(guard, Answer(signed=False, pdu=REPORT, message_id=1))
