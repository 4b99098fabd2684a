"""Where the simulated ward stands: addresses of 127/8 and high ports, so that nothing of it needs root.

On Linux every address of 127.0.0.0/8 can be bound without being configured, and each simulated device has its own.
Elsewhere only 127.0.0.1 can, and the devices stand side by side on its ports.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST_SITES: Final = 800
SITES_PER_OCTET: Final = 200
_OCTETS: Final = MOST_SITES // SITES_PER_OCTET
_FIRST_OCTET: Final = 41
_PLACES_TO_TRY: Final = 24
_DEVICES_PER_SITE: Final = 8
_LINKS_PER_SITE: Final = 4
_SERVICES, _ANCHORS = 250, 251  # third octets that no site has


class WorldError(Exception):
    """The simulated ward cannot be set up. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address and a port to listen on."""

    address: str
    port: int

    def __str__(self) -> str:
        return f"{self.address}:{self.port}"


@dataclass(frozen=True, slots=True)
class Ground:
    """One free stretch of loopback.

    Attributes:
        octet: Second octet of its addresses, its successors included where there are many sites;
            ``None`` where 127.0.0.1 must serve for all.
        first_port: Ports count from here: SNMP + 161, STAMP + 862, HTTP + 80, HTTPS + 443, DNS + 53.
    """

    octet: int | None
    first_port: int

    def agent(self, site: int, device: int) -> Endpoint:
        """Where the SNMP agent of a device answers; both count from 0."""
        return self._at(site, 1 + device, 161, site * _DEVICES_PER_SITE + device)

    def reflector(self, site: int, link: int) -> Endpoint:
        """Where the STAMP reflector behind a link answers."""
        behind = MOST_SITES * _DEVICES_PER_SITE
        return self._at(site, 101 + link, 862, behind + site * _LINKS_PER_SITE + link)

    def source(self, link: int) -> str | None:
        """The monitor's own address towards a link of the office; ``None`` where there is but one address."""
        return None if self.octet is None else f"127.{self.octet}.0.{201 + link}"

    def web(self, number: int, *, secure: bool) -> Endpoint:
        """Where a web service answers."""
        return self._apart(_SERVICES, 1 + number, 443 if secure else 80, number)

    def resolver(self, number: int) -> Endpoint:
        """Where a resolver answers, over UDP and TCP."""
        return self._apart(_SERVICES, 101 + number, 53, 100 + number)

    def anchor(self, number: int) -> Endpoint:
        """Where a reflector answers that never fails."""
        return self._apart(_ANCHORS, 1 + number, 862, 200 + number)

    def _at(self, site: int, host: int, offset: int, rank: int) -> Endpoint:
        if self.octet is None:
            return Endpoint("127.0.0.1", self.first_port + rank)
        high, low = divmod(site, SITES_PER_OCTET)
        return Endpoint(f"127.{self.octet + high}.{low}.{host}", self.first_port + offset)

    def _apart(self, third: int, host: int, offset: int, rank: int) -> Endpoint:
        if self.octet is None:
            behind = MOST_SITES * (_DEVICES_PER_SITE + _LINKS_PER_SITE)
            return Endpoint("127.0.0.1", self.first_port + behind + rank)
        return Endpoint(f"127.{self.octet}.{third}.{host}", self.first_port + offset)


def grounds(*, many_addresses: bool) -> Iterator[Ground]:
    """Grounds to try, one after the other, until one is free. All ports lie below the range of ephemeral ports."""
    if many_addresses:
        for number in range(_PLACES_TO_TRY):
            yield Ground(_FIRST_OCTET + _OCTETS * number, 18_000 + 1_000 * (number % 14))
    else:
        yield from (Ground(None, first_port) for first_port in (10_000, 20_000))
