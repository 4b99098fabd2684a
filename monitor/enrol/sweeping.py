"""Asking every address of a network: who is there, and who lets us in."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Final

from model.invalid import InvalidValueError
from model.profile import Profile
from model.survey import Survey
from monitor.enrol.surveying import recognise
from monitor.enrol.trying import Trier
from monitor.snmp.session import SnmpError

MOST_ADDRESSES: Final = 4_096
"""A /20 of IPv4, a /116 of IPv6."""

_AT_ONCE: Final = 128
_ECHO_PATIENCE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Met:
    """What came of one address.

    Attributes:
        address: It.
        answers_ping: ``None`` where it was not pinged, or this machine may not.
        credentials: The name of those that it takes; ``None`` where it takes none.
        survey: What it is, where it let us in.
        source: Our own address towards it.
    """

    address: str
    answers_ping: bool | None = None
    credentials: str | None = None
    survey: Survey | None = None
    source: str = ""


def addresses_of(network: str) -> list[str]:
    """Every host of a network, or the one that a single address is.

    Raises:
        InvalidValueError: It is no network, or has more than MOST_ADDRESSES addresses.
    """
    try:
        found = ip_network(network, strict=False)
    except ValueError:
        raise InvalidValueError(f"{network!r} is no network", "write one such as 10.20.0.0/24") from None
    if found.num_addresses > MOST_ADDRESSES:
        widest = found.max_prefixlen - MOST_ADDRESSES.bit_length() + 1
        what = f"{network} has {found.num_addresses} addresses, and at most {MOST_ADDRESSES} are asked at a time"
        raise InvalidValueError(what, f"write networks of /{widest} or smaller, one after the other")
    hosts: list[IPv4Address | IPv6Address] = list(found.hosts())
    return [str(host) for host in hosts]


async def sweep(
    trier: Trier, addresses: list[str], profiles: Mapping[str, Profile], *, ping: bool = True
) -> AsyncIterator[Met]:
    """What came of each address, in the order in which that is known.

    Args:
        trier: Which knows the credentials, and the pace.
        addresses: IP literals.
        profiles: By which vendors are known.
        ping: Whether only who answers an echo is asked further.
    """
    places = asyncio.Semaphore(_AT_ONCE)

    async def in_turn(address: str) -> Met:
        async with places:
            return await _meet(trier, address, profiles, ping=ping)

    for done in asyncio.as_completed([in_turn(address) for address in addresses]):
        yield await done


async def _meet(trier: Trier, address: str, profiles: Mapping[str, Profile], *, ping: bool) -> Met:
    answers = await trier.answers_ping(address, _ECHO_PATIENCE) if ping else None
    if answers is False:
        return Met(address, answers_ping=False)
    trial = await trier.try_each(address)
    if trial.found is None:
        return Met(address, answers)
    try:
        session = await trier.open(address, trier.credentials[trial.found], retries=1)
    except SnmpError:
        return Met(address, answers, trial.found, source=trial.source)
    try:
        told = await recognise(session, profiles, trier.turn)
        return Met(address, answers, trial.found, told, trial.source)
    except SnmpError:
        return Met(address, answers, trial.found, source=trial.source)
    finally:
        session.close()
