"""SNMPv3: whose message it is, whether it is signed, and how old it is."""

import pytest
from pyasn1.codec.ber import decoder
from pysnmp.proto.mpmod.rfc3412 import SNMPv3Message

from model.inventory import Credentials
from model.trap import Trap, TrapKind, trap_of
from monitor.snmp.ber import MalformedError
from monitor.traps.heard import WrongCredentialsError
from monitor.traps.outside import SecureMessage, read_outside
from monitor.traps.secure import SecureReader, Ticket
from monitor.traps.users import User
from tests.monitor.traps.test_outside import mutants
from tests.peers import traps
from tests.peers.snmpd import secure
from tests.peers.traps import element, number, trap

OURS, THEIRS = bytes.fromhex("80004fb80501020304"), bytes.fromhex("8000000001020304")
SIGNED, PLAIN, HIDDEN = secure("SHA-256"), secure(), secure("SHA-256", "AES-128")


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """Now."""
        return self.now


class Agent:
    """Writes messages of SNMPv3 as an agent with these credentials does."""

    def __init__(self, credentials: Credentials, engine: bytes = THEIRS) -> None:
        self.user = User(credentials)
        self.engine = engine
        self.boots, self.time = 3, 500

    def says(self, kind: str = traps.LINK_DOWN, *, inform: bool = False, reportable: bool = False) -> bytes:
        """A notification, signed and hidden as the credentials say."""
        community = trap(kind, *traps.port_bindings(7), inform=inform)
        tag = b"\xa6" if inform else b"\xa7"
        scoped = element(0x30, element(0x04, self.engine), element(0x04), community[community.index(tag) :])
        salt = b""
        if self.user.level & 2:
            octets, salt = self.user.encrypt(self.engine, self.boots, self.time, scoped)
            scoped = element(0x04, octets)
        return self.wrapped(scoped, salt, flags=self.user.level | (4 if reportable else 0))

    def wrapped(self, scoped: bytes, salt: bytes = b"", *, flags: int = 0, name: bytes | None = None) -> bytes:
        """A message around a scoped PDU, signed where the flags say so."""
        length = self.user.digest.length if self.user.digest and flags & 1 else 0
        usm = element(
            *(0x30, element(0x04, self.engine), number(self.boots), number(self.time)),
            *(element(0x04, self.user.name if name is None else name), element(0x04, bytes(length))),
            element(0x04, salt),
        )
        header = element(0x30, number(77), number(65_507), element(0x04, bytes([flags])), number(3))
        data = element(0x30, number(3), header, element(0x04, usm), scoped)
        span = outside(data).digest
        signature = self.user.sign(data, span, self.engine) if length else b""
        return data[: span[0]] + signature + data[span[1] :]


def outside(data: bytes) -> SecureMessage:
    """The outside of a message of version 3."""
    message = read_outside(data)
    assert isinstance(message, SecureMessage)
    return message


class Ear:
    """A reader that knows one user."""

    def __init__(self, credentials: Credentials) -> None:
        self.clock = Clock()
        self.reader = SecureReader(OURS, self.clock, lambda: 60_000.0)
        self.user = User(credentials)

    def admit(self, data: bytes) -> Ticket:
        """Let a message in, or not."""
        return self.reader.admit(data, outside(data), {self.user.name: (self.user,)})

    def hear(self, data: bytes) -> tuple[Trap | None, bytes | None]:
        """What a message says, and the reply to it."""
        heard = self.reader.read(data, self.admit(data))
        return None if heard.bindings is None else trap_of(heard.bindings), heard.reply


@pytest.mark.parametrize("credentials", [PLAIN, SIGNED, HIDDEN, secure("MD5", "DES"), secure("SHA-512", "AES-256-C")])
def test_a_trap_of_each_level_is_heard(credentials: Credentials) -> None:
    """Plain, signed and hidden: the port is told, and nothing is answered."""
    heard, reply = Ear(credentials).hear(Agent(credentials).says())
    assert heard is not None
    assert (heard.kind, heard.if_index, reply) == (TrapKind.LINK_DOWN, 7, None)


def test_empty_authentication_parameters_are_refused() -> None:
    """A message that says it is signed and bears nothing, or a part of a signature, is not signed (RFC 3414 §3.2)."""
    whole = Agent(SIGNED).says()
    start, end = outside(whole).digest
    for length in (0, 1, 12, 23):
        agent = Agent(SIGNED)
        usm = element(
            *(0x30, element(0x04, THEIRS), number(3), number(500), element(0x04, agent.user.name)),
            *(element(0x04, whole[start : start + length]), element(0x04)),
        )
        scoped = whole[outside(whole).data[0] :]
        data = element(0x30, number(3), _header(whole), element(0x04, usm), scoped)
        with pytest.raises(WrongCredentialsError, match="signature"):
            Ear(SIGNED).admit(data)
    assert end - start == 24


def _header(whole: bytes) -> bytes:
    at = whole.index(number(77))
    return whole[at - 2 : at + whole[at - 1]]


def test_another_key_or_a_changed_octet_is_refused() -> None:
    """The signature covers the whole message."""
    whole = Agent(SIGNED).says()
    wrong = secure("SHA-256", auth_passphrase="another phrase")
    with pytest.raises(WrongCredentialsError, match="auth_passphrase"):
        Ear(SIGNED).admit(Agent(wrong).says())
    at = outside(whole).data[0] + 40
    with pytest.raises(WrongCredentialsError, match="auth_passphrase"):
        Ear(SIGNED).admit(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])


def test_a_lower_level_than_the_users_is_refused() -> None:
    """Who knows a name but not the passphrase cannot leave the signature out, nor the privacy."""
    scoped = element(0x30, element(0x04, THEIRS), element(0x04), trap()[trap().index(b"\xa7") :])
    with pytest.raises(WrongCredentialsError, match="level"):
        Ear(SIGNED).admit(Agent(SIGNED).wrapped(scoped, flags=0))
    with pytest.raises(WrongCredentialsError, match="level"):
        Ear(HIDDEN).admit(Agent(HIDDEN).wrapped(scoped, flags=1))
    with pytest.raises(WrongCredentialsError, match="user"):
        Ear(SIGNED).admit(Agent(SIGNED).wrapped(scoped, flags=1, name=b"somebody"))


def test_what_was_signed_long_ago_is_refused() -> None:
    """A message that is repeated after 150 s, or is from before the last start of its engine (RFC 3414 §3.2 7b)."""
    ear, agent = Ear(SIGNED), Agent(SIGNED)
    old = agent.says()
    ear.admit(old)
    ear.clock.now += 149
    ear.admit(old)
    ear.clock.now += 2
    with pytest.raises(WrongCredentialsError, match="long ago"):
        ear.admit(old)
    agent.boots, agent.time = 4, 1
    ear.admit(agent.says())
    agent.boots, agent.time = 3, 9_000
    with pytest.raises(WrongCredentialsError, match="long ago"):
        ear.admit(agent.says())


def test_who_signs_for_a_thousand_engines_is_forgotten_in_part() -> None:
    """What is remembered of engines is bounded, and of those that have not signed nothing is."""
    ear, agent = Ear(SIGNED), Agent(SIGNED)
    agent.engine = b"another"
    with pytest.raises(WrongCredentialsError):
        ear.admit(agent.wrapped(element(0x30), flags=0))
    assert ear.user.engines == 0
    for one in range(1_100):
        agent.engine = THEIRS + one.to_bytes(2, "big")
        ear.admit(agent.says())
    assert ear.user.engines == 1_024


def test_an_informs_sender_learns_our_engine_and_clock() -> None:
    """Asked without an engine id we tell ours; an inform out of time gets a signed Report; in time, its receipt."""
    ear = Ear(HIDDEN)
    agent = Agent(HIDDEN, b"")
    question = agent.wrapped(element(0x30, element(0x04), element(0x04), element(0xA0)), flags=4, name=b"")
    _, report = ear.hear(question)
    assert report is not None
    told = outside(report)
    assert (told.engine_id, told.boots, told.flags, told.message_id) == (OURS, 1_000, 0, 77)
    late = Agent(HIDDEN, OURS)
    late.boots = 0
    nothing, report = ear.hear(late.says(inform=True, reportable=True))
    assert nothing is None
    assert report is not None
    assert outside(report).flags == 1
    ear.user.check(report, outside(report)._replace(flags=ear.user.level))
    late.boots, late.time = 1_000, 0
    heard, receipt = ear.hear(late.says(inform=True, reportable=True))
    assert heard is not None
    assert receipt is not None
    ear.user.check(receipt, outside(receipt))
    answer = ear.user.decrypt(outside(receipt), receipt[slice(*outside(receipt).data)])
    assert b"\xa2" in answer[:40]
    decoder.decode(receipt, asn1Spec=SNMPv3Message())


def test_an_inform_is_in_time_for_150_seconds() -> None:
    """By our clock, in both directions (RFC 3414 §3.2 7a); after that its sender is told ours again."""
    ear, agent = Ear(SIGNED), Agent(SIGNED, OURS)
    agent.boots, agent.time = 1_000, 0
    data = agent.says(inform=True, reportable=True)
    ear.clock.now += 150
    assert ear.admit(data).asks == ""
    ear.clock.now += 1
    assert ear.admit(data).asks
    agent.time = 302
    assert ear.admit(agent.says(inform=True, reportable=True)).asks


@pytest.mark.parametrize("flags", [0, 1, 3, 5, 7])
def test_only_an_open_question_is_answered(flags: int) -> None:
    """Without an engine id nothing can be signed, and who wants no Report gets none (RFC 3412 §6.4)."""
    question = element(0x30, element(0x04), element(0x04), element(0xA0))
    data = Agent(HIDDEN, b"").wrapped(element(0x04, question) if flags & 2 else question, flags=flags)
    with pytest.raises(MalformedError, match="engine id"):
        Ear(HIDDEN).admit(data)


SCOPED = element(0x30, element(0x04), element(0x04), element(0xA7))


def written(
    *,
    flags: bytes = b"\0",
    model: int = 3,
    numbers: tuple[int, int, int] = (1, 1, 1),
    more: bytes = b"",
    end: bytes = b"",
) -> bytes:
    """A message of version 3, with something wrong."""
    message_id, boots, time = numbers
    header = element(0x30, number(message_id), number(65_507), element(0x04, flags), number(model), more)
    usm = element(
        *(0x30, element(0x04, THEIRS), number(boots), number(time), element(0x04, b"u"), element(0x04), element(0x04)),
        end,
    )
    return element(0x30, number(3), header, element(0x04, usm), SCOPED)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (written(flags=b"\2"), "privacy without authentication"),
        (written(flags=b""), "User-based"),
        (written(model=2), "User-based"),
        (written(numbers=(-1, 1, 1)), "number"),
        (written(numbers=(1, 2**31, 1)), "number"),
        (written(numbers=(1, 1, -1)), "number"),
        (written(more=b"\5\0"), "end of a header"),
        (written(end=b"\5\0"), "end of a header"),
        (written(flags=b"\3"), "must stand"),
    ],
)
def test_an_outside_that_cannot_be_is_refused(data: bytes, why: str) -> None:
    """Each before any key is tried."""
    assert isinstance(read_outside(written()), SecureMessage)
    with pytest.raises(MalformedError, match=why):
        read_outside(data)


def test_a_trap_for_our_engine_and_an_inform_for_another_are_refused() -> None:
    """For a trap its sender is the authority, for an inform we are (RFC 3414 §1.5.1)."""
    with pytest.raises(MalformedError, match="engine id"):
        Ear(SIGNED).hear(Agent(SIGNED).says(inform=True))
    mine = Agent(SIGNED, OURS)
    mine.boots, mine.time = 1_000, 0
    with pytest.raises(MalformedError, match="engine id"):
        Ear(SIGNED).hear(mine.says())


def test_no_secret_is_shown() -> None:
    """Neither a user nor a refusal has a passphrase or a key in its words."""
    ear = Ear(HIDDEN)
    assert "phrase" not in repr(ear.user)
    with pytest.raises(WrongCredentialsError) as refused:
        ear.admit(Agent(secure("SHA-256", "AES-128", auth_passphrase="another phrase")).says())
    assert "another" not in str(refused.value)


@pytest.mark.parametrize("credentials", [PLAIN, HIDDEN], ids=["plain", "hidden"])
def test_mutated_messages_raise_nothing_else(credentials: Credentials) -> None:
    """Whatever octets come under version 3, also inside the signature, they are read or refused with a reason."""
    ear, seed = Ear(credentials), Agent(credentials).says()
    fates = {"read": 0, "refused": 0}
    for data in mutants(5_000, seed):
        try:
            message = read_outside(data)
            if isinstance(message, SecureMessage):
                ticket = Ticket(message, ear.user) if credentials is HIDDEN else ear.admit(data)
                ear.reader.read(data, ticket)
                fates["read"] += 1
        except (MalformedError, WrongCredentialsError):
            fates["refused"] += 1
    assert all(fates.values())
