"""Opening a session: what cannot be opened is said with its mend, and secrets stay where they are."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from model.inventory import Credentials
from model.measurement import Failure, Reason
from monitor.snmp.engines import Engines
from monitor.snmp.gufo import SecureWire
from monitor.snmp.keys import UserKeys
from monitor.snmp.session import NotPossibleError
from tests.peers.snmp_sessions import PUBLIC, Engine, MakePoller, polling

SECRET = "canary-of-a-passphrase"


@contextmanager
def descriptors(limit: int) -> Iterator[None]:
    """Lets this process open no descriptor from ``limit`` on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_no_descriptor_left_is_told_with_its_mend(make_poller: MakePoller, engine: Engine) -> None:
    """A low limit of open files is this machine's fault, and the detail says what to raise."""
    poller = make_poller(9, engine)
    with descriptors(3):
        failure = await poller.poll()
    assert isinstance(failure, Failure)
    assert failure.reason is Reason.LOCAL
    assert "LimitNOFILE" in failure.detail


@pytest.mark.parametrize(
    ("credentials", "message"),
    [
        (Credentials(version="2c"), "needs a `community`"),
        (Credentials(version="3", user="u", auth="SHA"), "`auth_passphrase`"),
        (Credentials(version="3", user="u", privacy="DES", privacy_passphrase="12345678"), "privacy needs auth"),
        (Credentials(version="3", user="u", auth="SHA", auth_passphrase="12345678", privacy="DES"), "`privacy_pass"),
    ],
    ids=["no community", "no auth_passphrase", "privacy alone", "no privacy_passphrase"],
)
async def test_credentials_that_miss_a_part_say_which(
    engines: Engines, engine: Engine, credentials: Credentials, message: str
) -> None:
    """What is missing is named as the configuration names it."""
    with pytest.raises(NotPossibleError, match=message):
        await engines.open("127.0.0.1", polling(161, engine), credentials)


@pytest.mark.parametrize("name", ["nobody.invalid", "a..b"])
async def test_a_name_without_an_address_is_told_in_words(engines: Engines, engine: Engine, name: str) -> None:
    """The sentence names the host and what the resolver says, without a number that nobody knows."""
    with pytest.raises(NotPossibleError, match=rf"^{name} has no address: [A-Za-z ]+$") as refusal:
        await engines.open(name, polling(161, engine), PUBLIC)
    assert refusal.value.reason is Reason.UNRESOLVED


async def test_keys_are_expanded_once(engines: Engines) -> None:
    """Agents with the same credentials share their keys, whose expansion costs milliseconds."""
    credentials = Credentials(version="3", user="u", auth="SHA-256", auth_passphrase="12345678")
    sessions = [await engines.open("127.0.0.1", polling(161), credentials) for _ in range(2)]
    one, other = (session._wire for session in sessions)
    assert isinstance(one, SecureWire)
    assert isinstance(other, SecureWire)
    assert one._user is other._user
    for session in sessions:
        session.close()


def test_keys_do_not_print_their_secret() -> None:
    """No text of an object that holds a passphrase or a key shows it."""
    keys = UserKeys(Credentials(version="3", user="u", auth="SHA", auth_passphrase=SECRET))
    assert SECRET not in f"{keys!r} {keys!s}"


async def test_a_session_gives_back_its_descriptors(engines: Engines, engine: Engine) -> None:
    """Opening and closing again and again under a limit of a hundred leaks nothing."""
    with descriptors(100):
        for _ in range(200 if engine == "gufo" else 30):
            (await engines.open("127.0.0.1", polling(9, engine), PUBLIC)).close()
