"""The known devices by whatever their neighbours call them: address, hardware address, name. Of several the first."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from model.survey import Neighbour, Survey


@dataclass(frozen=True, slots=True)
class Known:
    """A device that the inventory has.

    Attributes:
        id: Its id.
        site: Its site's id.
        address: Name or address.
        role: What it is for.
        names: By which its neighbours may call it.
        macs: Its hardware addresses, as far as they are known.
        addresses: Its further addresses, as far as they are known.
    """

    id: str
    site: str
    address: str
    role: str = "other"
    names: frozenset[str] = frozenset()
    macs: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()


class Directory:
    """Finds one of many devices without looking at the others: a city has thousands, each with dozens of neighbours."""

    __slots__ = ("_by_address", "_by_mac", "_by_name", "_ranks")

    def __init__(self, known: Collection[Known]) -> None:
        self._ranks = {each.id: rank for rank, each in enumerate(known)}
        self._by_address = _indexed((address, each) for each in known for address in {each.address, *each.addresses})
        self._by_mac = _indexed((mac, each) for each in known for mac in each.macs)
        self._by_name = _indexed((name, each) for each in known for name in set(map(_plain, each.names)) - {""})

    def at(self, address: str, mac: str, besides: str = "") -> Known | None:
        """The first that is at an address, or has this hardware address; empty for none."""
        return self._first([*self._by_address.get(address, ()), *self._by_mac.get(mac, ())], besides)

    def match(self, neighbour: Neighbour, survey: Survey, besides: str = "") -> Known | None:
        """The known device that a neighbour is: by address, by hardware address, else by a name that only one has.

        Args:
            neighbour: Whom a device has beside it.
            survey: What that device told, which knows hardware addresses by their addresses.
            besides: The id of the one that it is not: the device that tells of it.
        """
        found = self._first(self._with_its_address(neighbour, survey), besides)
        if found is not None:
            return found
        called = [each for each in self._by_name.get(_plain(neighbour.name), ()) if each.id != besides]
        return called[0] if len(called) == 1 else None

    def owners(self, mac: str) -> Iterable[Known]:
        """Those that have a hardware address."""
        return self._by_mac.get(mac, ())

    def _with_its_address(self, neighbour: Neighbour, survey: Survey) -> Iterator[Known]:
        for address in neighbour.addresses:
            yield from self._by_address.get(address, ())
        if neighbour.mac:
            yield from self._by_mac.get(neighbour.mac, ())
            told = (address for address, (mac, _) in survey.arp.items() if mac == neighbour.mac)
            yield from (
                each for address in told for each in self._by_address.get(address, ()) if each.address == address
            )

    def _first(self, found: Iterable[Known], besides: str) -> Known | None:
        return min((each for each in found if each.id != besides), key=lambda each: self._ranks[each.id], default=None)


def _indexed(pairs: Iterable[tuple[str, Known]]) -> Mapping[str, list[Known]]:
    index: dict[str, list[Known]] = {}
    for key, each in pairs:
        index.setdefault(key, []).append(each)
    return index


def _plain(name: str) -> str:
    """A name without its domain, in small letters."""
    return name.partition(".")[0].casefold()
