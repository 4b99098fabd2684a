"""Ids for what has none yet."""

import re

from hypothesis import given
from hypothesis import strategies as st

from model.naming import device_id, free_id, slug


def test_vietnamese_becomes_letters() -> None:
    """Diacritics go, đ becomes d, and nothing else is lost."""
    assert slug("Tổ dân phố số 3 – Đường Xuân Đỉnh") == "to-dan-pho-so-3-duong-xuan-dinh"


@given(st.text())
def test_a_slug_is_an_id_or_nothing(text: str) -> None:
    """Whatever a stranger calls himself, the result fits the inventory."""
    assert re.fullmatch(r"([a-z0-9][a-z0-9-]*)?", slug(text))
    assert len(slug(text)) <= 40


def test_a_device_is_called_as_it_calls_itself() -> None:
    """Unless it never was given a name; then by its site and what it is for."""
    assert device_id("SW-Tang1.ward.example", "switch", "office", ()) == "sw-tang1"
    for nameless in ("MikroTik", "", "localhost", "<private>", "Router-1", "HUAWEI"):
        assert device_id(nameless, "switch", "office", {"office-sw1"}) == "office-sw2"


def test_no_id_is_given_twice() -> None:
    """The second of a name has a number."""
    assert free_id("gw", {"gw", "gw-2"}) == "gw-3"
    assert free_id("gw", ()) == "gw"
