"""A digest over a row, so that a changed byte is noticed where it is read (SQLite keeps no checksums of its own)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from operator import itemgetter
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


def all_unbroken(table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Rows of one table, each once its seal has been found whole.

    Args:
        table: Its name.
        names: Of the columns, in the order of the values; two at least.
        rows: The values of each.

    Raises:
        DamagedError: A row is not as it was written.
    """
    in_order = itemgetter(*(names.index(name) for name in sorted(names) if name != SEAL))
    for values in rows:
        row = dict(zip(names, values, strict=True))
        if _digest_of(list(in_order(values))) != row[SEAL]:
            raise DamagedError(f"a row of the table {table}", "its seal does not fit")
        yield row


def _digest(values: Mapping[str, Any]) -> bytes:
    return _digest_of([values[name] for name in sorted(values) if name != SEAL])


def _digest_of(values: list[Any]) -> bytes:
    # repr spells each of these types in one way, and keeps 1, 1.0, "1" and b"1" apart.
    text = repr(values)
    return blake2b(text.encode("utf-8", "backslashreplace"), digest_size=_SIZE).digest()
