"""Whose clock a time is read from."""

from zoneinfo import ZoneInfo

from model.inventory import Inventory, Site


def zone_of(inventory: Inventory, *sites: Site) -> ZoneInfo:
    """The zone that the wards of these sites share, or without a site all wards; UTC where they differ."""
    wards = [inventory.ward_of(site) for site in sites] or inventory.all_wards()
    names = {ward.timezone for ward in wards if ward}
    return ZoneInfo(names.pop() if len(names) == 1 else "UTC")
