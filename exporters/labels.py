"""Label text: what a peer sent, made harmless and exact."""

import re
from ipaddress import ip_address
from typing import Final

from model.hosts import is_address, split_port

LONGEST_VALUE: Final = 512
"""Characters of a label value; the rest is cut."""

_PLAIN: Final = re.compile(r'[^\x00-\x1f\x7f-\x9f"\\\ud800-\udfff]*')
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_CONTROLS: Final = dict.fromkeys((*range(32), *range(127, 160)), " ")
_ESCAPES: Final = {**_CONTROLS, ord("\n"): "\\n", ord('"'): '\\"', ord("\\"): "\\\\"}


def clean(value: str) -> str:
    """A label value as a reader gets it back.

    Cut to ``LONGEST_VALUE``; control characters but the line feed are spaces; what is not Unicode text is U+FFFD.
    """
    cut = value[:LONGEST_VALUE]
    if _PLAIN.fullmatch(cut):
        return cut
    return _SURROGATE.sub("\ufffd", cut).translate({**_CONTROLS, ord("\n"): "\n"})


def escaped(value: str) -> str:
    """A label value as it stands between its quotes, in both text formats alike."""
    cut = value[:LONGEST_VALUE]
    if _PLAIN.fullmatch(cut):
        return cut
    return _SURROGATE.sub("\ufffd", cut).translate(_ESCAPES)


def label(name: str, value: str) -> str:
    """One label: ``name="value"``."""
    return f'{name}="{escaped(value)}"'


def labels(**values: str | None) -> str:
    """Labels with commas between them; what is empty or ``None`` is left out, as Prometheus does itself."""
    return ",".join(label(name, value) for name, value in values.items() if value)


def ip_version(instance: str) -> int | None:
    """4 or 6 where an instance is an address, with or without a port."""
    host, _ = split_port(instance) or ("", None)
    return ip_address(host).version if is_address(host) else None
