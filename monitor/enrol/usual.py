"""The access that is tried where an inventory knows none: what devices come with."""

import os
from collections.abc import Mapping
from typing import Final

from model.inventory import Credentials, Inventory
from monitor.config.editing import Opening

_NAME: Final = "v2"
_VARIABLE: Final = "SNMP_COMMUNITY"
_COMMUNITY: Final = "public"

USUAL_CREDENTIALS: Final = Opening(
    "credentials",
    ("credentials:", f'  {_NAME}: {{version: 2c, community: "${{{_VARIABLE}:-{_COMMUNITY}}}"}}'),
)
"""What is written once a device takes them."""


def with_usual_credentials(inventory: Inventory, environ: Mapping[str, str] = os.environ) -> Inventory:
    """The inventory itself, or one that knows the community of the environment or ``public`` where it knew none."""
    if inventory.credentials:
        return inventory
    community = environ.get(_VARIABLE) or _COMMUNITY
    known = {_NAME: Credentials.model_validate({"version": "2c", "community": community})}
    return inventory.model_copy(update={"credentials": known})
