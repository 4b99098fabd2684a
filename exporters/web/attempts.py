"""How often a client may be wrong: arithmetic on times that are passed in."""

from collections import OrderedDict
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final

from model.rate import Rate

MOST_ADDRESSES: Final = 10_000
"""Clients that are remembered at a time."""
_NETWORK_BITS: Final = 64  # what one household or office gets of IPv6
_LONGEST_NAME: Final = 64  # what a proxy calls its client may be anything


class Attempts:
    """Counts what went wrong, by the address of the client.

    Args:
        rate: How many may be wrong.
        most: Addresses that are remembered.
    """

    def __init__(self, rate: Rate, most: int = MOST_ADDRESSES) -> None:
        self._rate = rate
        self._most = most
        self._paid_until: OrderedDict[str, float] = OrderedDict()

    def wait(self, address: str, now: float) -> float:
        """Seconds until this address may try again; 0 where it may now."""
        return self._rate.wait(self._paid_until.get(client_of(address), 0.0), now)

    def charge(self, address: str, now: float) -> None:
        """It tries; until it is known to be right it counts as wrong, so that many at once are not for free."""
        key = client_of(address)
        self._paid_until[key] = self._rate.after_one(self._paid_until.pop(key, 0.0), now)
        while len(self._paid_until) > self._most:
            self._paid_until.popitem(last=False)

    def refund(self, address: str) -> None:
        """It was right."""
        key = client_of(address)
        if key in self._paid_until:
            self._paid_until[key] -= self._rate.interval


def client_of(address: str) -> str:
    """Who is behind an address: of IPv6 the whole network that one customer is given."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:_LONGEST_NAME]
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((int(found), _NETWORK_BITS), strict=False))
