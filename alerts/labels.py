"""The labels of a fault: its identity for routes, silences and Alertmanager."""

from collections.abc import Mapping

from model.incident import About, Fault
from model.inventory import Device, Inventory, Link, Service, Site

Place = tuple[Site | None, Device | Link | Service | None]


class Places:
    """Where everything of an inventory belongs."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._places: dict[About, Place] = {("site", site.id): (site, None) for site in inventory.sites}
        self._places |= {("device", device.id): (site, device) for site, device in inventory.devices()}
        self._places |= {("link", link.id): (site, link) for site, link in inventory.links()}
        self._places |= {("service", service.id): (site, service) for site, service in inventory.services()}
        self._providers = {link.provider for _, link in inventory.links()}

    def __contains__(self, subject: About) -> bool:
        noun, name = subject
        return subject in self._places or noun == "monitor" or (noun == "provider" and name in self._providers)

    def __getitem__(self, subject: About) -> Place:
        """The site of a subject and the subject itself; nothing where it is no part of a site."""
        return self._places.get(subject, (None, None))

    def ward_of(self, subject: About) -> str:
        """The id of its ward; of what belongs to no site that of the only ward, else empty."""
        site, _ = self[subject]
        wards = self.inventory.all_wards()
        if site is None:
            return wards[0].id if len(wards) == 1 else ""
        ward = self.inventory.ward_of(site)
        return ward.id if ward else ""


def labels_of(fault: Fault, places: Places) -> Mapping[str, str]:
    """The labels of a fault, without those that would be empty."""
    noun, name = fault.subject
    site, item = places[fault.subject]
    labels = {
        "alertname": fault.name.value,
        "severity": fault.severity.value,
        "ward": places.ward_of(fault.subject),
        "site": site.id if site else "",
        "requirement": fault.requirement,
    }
    if noun != "monitor":
        labels[noun] = name
    if isinstance(item, Link):
        labels |= _of_link(item)
    elif noun == "site" and site and len(site.links) == 1:
        labels |= _of_link(site.links[0])
    return {label: value for label, value in labels.items() if value}


def _of_link(link: Link) -> Mapping[str, str]:
    return {"link": link.id, "provider": link.provider}
