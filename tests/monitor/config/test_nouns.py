"""What the tables of the inventory are called."""

from monitor.config.nouns import NOUNS
from monitor.config.shape import records


def test_every_table_has_a_noun() -> None:
    """A message about an unknown key names the table that it stands in."""
    assert set(NOUNS) == {record for _, record in records()}
