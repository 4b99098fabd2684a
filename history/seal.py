"""A digest over a row, so that a changed byte is noticed where it is read (SQLite keeps no checksums of its own)."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import RowMapping

from history.errors import DamagedError

SEAL: Final = "seal"
_SIZE: Final = 8


def sealed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its seal, over all columns in the order of their names.

    Args:
        values: Integers, floats, text, bytes or ``None`` by column.
    """
    return {**values, SEAL: _digest(values)}


def unbroken(table: str, found: RowMapping | dict[str, Any]) -> dict[str, Any]:
    """The row, once its seal has been found whole.

    Raises:
        DamagedError: The row is not as it was written.
    """
    row = found if isinstance(found, dict) else {str(name): value for name, value in found.items()}
    if _digest(row) != row[SEAL]:
        raise DamagedError(f"a row of the table {table}", "its seal does not fit")
    return row


def _digest(values: Mapping[str, Any]) -> bytes:
    # repr spells each of these types in one way, and keeps 1, 1.0, "1" and b"1" apart.
    text = repr([values[name] for name in sorted(values) if name != SEAL])
    return blake2b(text.encode("utf-8", "backslashreplace"), digest_size=_SIZE).digest()
