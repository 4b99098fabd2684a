"""Figures for people."""

from math import inf

import pytest

from exporters.figures import availability, bound, figure
from model.verdict import Quality


@pytest.mark.parametrize(
    ("quality", "value", "text"),
    [
        (Quality.RTT, 0.0451, "45.1ms"),
        (Quality.DELAY_VARIATION, inf, "∞"),
        (Quality.LOSS, 0.00123, "0.123%"),
        (Quality.LOSS, 0.0, "0%"),
        (Quality.DOWNLOAD, 2e8, "200Mbit/s"),
        (Quality.AVAILABILITY, 0.99953, "99.953%"),
    ],
)
def test_each_in_its_unit(quality: Quality, value: float, text: str) -> None:
    """Times, shares and speeds to as many digits as mean something; what is lost has no end."""
    assert figure(quality, value) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (0.999, "99.9%"),
        (0.99899999, "99.899%"),
        (0.99995, "99.995%"),
        (0.9999999, "99.999%"),
        (1.0, "100%"),
        (0.0, "0%"),
        (0.9, "90%"),
    ],
)
def test_an_availability_is_never_rounded_up(ratio: float, text: str) -> None:
    """What misses its target by a second is not shown as if it had met it."""
    assert availability(ratio) == text


def test_on_which_side_a_threshold_is_kept() -> None:
    """Speeds and availability are smallest values, all else largest."""
    assert {quality for quality in Quality if bound(quality) == "≥"} == {
        Quality.DOWNLOAD,
        Quality.UPLOAD,
        Quality.AVAILABILITY,
    }
