"""Ids for what has none yet: of a name, or of what a thing is for; never one that is taken."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from itertools import count
from typing import Final

_LONGEST: Final = 40
_SHORT: Final[Mapping[str, str]] = {
    "router": "rt",
    "switch": "sw",
    "ap": "ap",
    "ont": "ont",
    "ups": "ups",
    "server": "srv",
    "camera": "cam",
    "other": "dev",
}
# What devices call themselves before anybody has named them.
_NO_NAMES: Final = re.compile(
    r"(<?private>?|mikrotik|routeros|router|switch|localhost|localdomain|hostname|linux|unknown|none|default|agent|"
    r"huawei|quidway|h3c|hpe?|cisco|ruijie|draytek|vigor|tp-?link|openwrt|ubnt|unifi|edgeos|test|root)?([-_. ]?\d+)?",
    re.IGNORECASE,
)


def slug(text: str) -> str:
    """Small letters, digits and hyphens of a text, such as ``to-dan-pho-3`` of ``Tổ dân phố 3``; may be empty."""
    letters = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")[:_LONGEST].strip("-")


def device_id(name: str, role: str, site: str, taken: Collection[str]) -> str:
    """An id for a device: what it calls itself, if that says anything; else the site's with its role and a number.

    Args:
        name: Its sysName.
        role: What it is for.
        site: The id of its site.
        taken: Ids that are not free.
    """
    own = "" if _NO_NAMES.fullmatch(name.strip()) else slug(name.partition(".")[0])
    return free_id(own, taken) if own else numbered_id(f"{site}-{_SHORT.get(role, 'dev')}", taken)


def free_id(wanted: str, taken: Collection[str]) -> str:
    """The id itself, or with the first number from 2 on that makes it free."""
    return wanted if wanted not in taken else numbered_id(f"{wanted}-", taken, 2)


def numbered_id(stem: str, taken: Collection[str], first: int = 1) -> str:
    """The stem with the first free number."""
    return next(name for number in count(first) if (name := f"{stem}{number}") not in taken)
