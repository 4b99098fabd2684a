"""What people call the things that an incident is about, and where they stand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from model.incident import About
from model.inventory import Inventory, Site, Ward


@dataclass(frozen=True, slots=True)
class Named:
    """Something that an incident is about.

    Attributes:
        kind: Site, link, device, service, provider or monitor.
        id: Its id; of a provider its name, of the monitor empty.
        name: As people call it; empty where the inventory has no name, or no longer holds it.
        site: The id of its site; empty where it belongs to none.
        provider: Of a link, who sells it; otherwise empty.
    """

    kind: str
    id: str
    name: str
    site: str
    provider: str = ""


class Names:
    """The names in one inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._sites = {site.id: site for site in inventory.sites}
        self._named: dict[tuple[str, str], Named] = {(named.kind, named.id): named for named in _all(inventory)}

    def __getitem__(self, subject: About) -> Named:
        """What is known of a subject; its id alone where the inventory does not hold it."""
        kind, name = subject
        return self._named.get((kind, name), Named(kind, name, "", ""))

    def sites_of(self, subjects: Iterable[About]) -> list[Site]:
        """The sites on which any of these stand, in the order of the inventory."""
        wanted = {self[subject].site for subject in subjects}
        return [site for site in self.inventory.sites if site.id in wanted]

    def ward_of(self, site: str) -> Ward | None:
        """The ward of a site by its id."""
        found = self._sites.get(site)
        return self.inventory.ward_of(found) if found else None

    def ward(self, name: str) -> Ward | None:
        """The ward of an id, or the only one."""
        wards = self.inventory.all_wards()
        return next((ward for ward in wards if ward.id == name), wards[0] if len(wards) == 1 else None)


class Naming:
    """Keeps the names of the inventory that is in force: a city's are not gathered anew for each request."""

    def __init__(self) -> None:
        self._names = Names(Inventory())

    def of(self, inventory: Inventory) -> Names:
        """The names in an inventory."""
        if self._names.inventory is not inventory:
            self._names = Names(inventory)
        return self._names


def _all(inventory: Inventory) -> Iterator[Named]:
    yield from (Named("site", site.id, site.name, site.id) for site in inventory.sites)
    yield from (Named("link", link.id, link.name, site.id, link.provider) for site, link in inventory.links())
    yield from (Named("device", device.id, device.name, site.id) for site, device in inventory.devices())
    yield from (Named("service", service.id, service.name, site.id) for site, service in inventory.services())
