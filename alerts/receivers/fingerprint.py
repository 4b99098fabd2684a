"""The name that Prometheus and Alertmanager give to a set of labels."""

from collections.abc import Mapping
from typing import Final

_OFFSET: Final = 0xCBF29CE484222325
_PRIME: Final = 0x100000001B3
_SEPARATOR: Final = b"\xff"
_MASK: Final = (1 << 64) - 1


def fingerprint(labels: Mapping[str, str]) -> str:
    """FNV-1a of 64 bits over the sorted labels, in 16 hex digits (prometheus/common, ``LabelSet.Fingerprint``)."""
    value = _OFFSET
    for name, text in sorted(labels.items()):
        for byte in name.encode(errors="replace") + _SEPARATOR + text.encode(errors="replace") + _SEPARATOR:
            value = ((value ^ byte) * _PRIME) & _MASK
    return f"{value:016x}"
