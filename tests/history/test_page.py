"""The reference of the tables."""

import pytest
from sqlalchemy import Table

from history.page import history_page
from history.schema import ABOUT, GROWS, METADATA


@pytest.mark.parametrize("table", METADATA.tables.values(), ids=str)
def test_every_table_and_column_has_a_meaning(table: Table) -> None:
    """A reader of the database needs no code."""
    assert table.info[ABOUT].endswith(".")
    assert [column.name for column in table.columns if not column.doc] == []


@pytest.mark.parametrize("table", METADATA.tables.values(), ids=str)
def test_every_row_names_its_monitor_and_bears_a_seal(table: Table) -> None:
    """Whoever wrote it can be asked, and a changed byte is noticed."""
    assert {"monitor", "seal"} <= set(table.columns.keys())


def test_what_grows_is_known_by_a_column_outside_its_key() -> None:
    """Otherwise the longer row would be another row."""
    for name, column in GROWS.items():
        assert not METADATA.tables[name].columns[column].primary_key


def test_what_was_written_by_hand_stays() -> None:
    """Only the reference is written anew, and writing it twice changes nothing."""
    page = history_page("# History\n\nProse.\n\n## Every table\n\nobsolete")
    assert page.startswith("# History\n\nProse.\n\n## Every table\n\nThis part is generated")
    assert "obsolete" not in page
    assert history_page(page) == page
    assert "| **`began`** | bigint | from when on the monitor was alive |" in page
