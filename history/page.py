"""The reference of the tables in ``docs/history.md``, written from the tables themselves."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Table

from history.schema import ABOUT, GROWS, METADATA

_HEADING: Final = "## Every table"
_INTRODUCTION: Final = """
This part is generated from `history/schema.py`: `make docs`. Instants are microseconds since 1970 UTC. Bold columns
are the key.
"""


def history_page(page: str) -> str:
    """The page with its reference written anew; what stands above it stays.

    Args:
        page: ``docs/history.md`` as it is.
    """
    written_by_hand = page.partition(_HEADING)[0]
    return "\n".join([f"{written_by_hand}{_HEADING}", _INTRODUCTION, *map(_section, METADATA.tables.values())])


def _section(table: Table) -> str:
    grows = GROWS.get(table.name)
    growth = f" Written again, the row with the larger `{grows}` stays." if grows else ""
    head = f"### `{table.name}`\n\n{table.info[ABOUT]}{growth}\n\n| column | type | meaning |\n|---|---|---|\n"
    return head + "".join(_rows(table))


def _rows(table: Table) -> Iterator[str]:
    for column in table.columns:
        name = f"**`{column.name}`**" if column.primary_key else f"`{column.name}`"
        kind = str(column.type).lower() + (", may be null" if column.nullable else "")
        yield f"| {name} | {kind} | {column.doc} |\n"
