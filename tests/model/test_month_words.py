"""The names of months."""

import pytest
from babel import Locale

from model.month_words import MONTHS, month_and_year


@pytest.mark.parametrize("language", ["en", "id"])
def test_months_are_called_as_everywhere(language: str) -> None:
    """As in the CLDR."""
    known = Locale(language).months["stand-alone"]["wide"]
    assert MONTHS[language] == tuple(known[number] for number in range(1, 13))


def test_vietnamese_counts_its_months() -> None:
    """Those with a 0 in front are the two that others could be made of (Decree 30/2020, annex I)."""
    assert MONTHS["vi"][:3] == ("tháng 01", "tháng 02", "tháng 3")
    assert MONTHS["vi"][9:] == ("tháng 10", "tháng 11", "tháng 12")


@pytest.mark.parametrize("name", ["", "2026", "2026-13", "2026-00", "../x", "2026-1x"])
def test_what_is_no_month_has_no_name(name: str) -> None:
    """A word of an address, say."""
    assert month_and_year(name, "vi") is None
