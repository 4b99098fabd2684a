"""What the tables of the inventory are called."""

from model.profile import Profile
from monitor.config.nouns import NOUNS, PROFILE_NOUNS
from monitor.config.shape import records


def test_every_table_has_a_noun() -> None:
    """A message about an unknown key names the table that it stands in."""
    assert set(NOUNS) == {record for _, record in records()}


def test_every_table_of_a_profile_has_a_noun() -> None:
    """The same of the files that say what is read of a device."""
    assert set(PROFILE_NOUNS) == {record for _, record in records(Profile)}
