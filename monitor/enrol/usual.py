"""The access that is tried where an inventory knows none: what devices come with."""

import os
from collections.abc import Mapping
from typing import Final

from model.inventory import Credentials
from monitor.config.editing import Opening

_NAME: Final = "v2"
_VARIABLE: Final = "SNMP_COMMUNITY"
_COMMUNITY: Final = "public"

USUAL_CREDENTIALS: Final = Opening(
    "credentials",
    ("credentials:", f'  {_NAME}: {{version: 2c, community: "${{{_VARIABLE}:-{_COMMUNITY}}}"}}'),
)
"""What is written once a device takes them."""


def usual_credentials(environ: Mapping[str, str] = os.environ) -> dict[str, Credentials]:
    """The community of the environment, or ``public``."""
    community = environ.get(_VARIABLE) or _COMMUNITY
    return {_NAME: Credentials.model_validate({"version": "2c", "community": community})}
