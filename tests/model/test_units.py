"""Quantities in text, both ways."""

import math
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.units import (
    UnitError,
    format_bit_rate,
    format_duration,
    parse_bit_rate,
    parse_duration,
    parse_ratio,
    parse_size,
    spell_bit_rate,
    spell_duration,
    spell_ratio,
    spell_size,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30ms", 0.03),
        ("250us", 0.00025),
        ("250µs", 0.00025),
        ("1s", 1),
        ("1.5s", 1.5),
        ("5m", 300),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("2d", 172_800),
        ("1w", 604_800),
        ("24mo", 63_115_200),
        ("5y", 157_788_000),
        (" 0s ", 0),
    ],
)
def test_a_duration_is_read_in_seconds(text: str, seconds: float) -> None:
    """Every unit has its length, months are not minutes, and parts add up."""
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "s", "30", "1 sec", "30ms/s", "-1s", "1m 30", "1e3s", "\u0661s", "9" * 40 + "s"])
def test_what_is_no_duration_is_refused_with_a_mend(text: str) -> None:
    """A bare number, a sign, another unit or another script is never guessed at."""
    with pytest.raises(UnitError) as caught:
        parse_duration(text)
    assert "1h30m" in caught.value.mend


@pytest.mark.parametrize(
    ("text", "bits"),
    [("200Mbit/s", 2e8), ("1 Gbit/s", 1e9), ("1.5gbit/s", 1.5e9), ("64kbit/s", 64e3), ("9bit/s", 9), ("1Tbit/s", 1e12)],
)
def test_a_bit_rate_is_read_in_bits_per_second(text: str, bits: float) -> None:
    """Prefixes are powers of a thousand, in either case."""
    assert parse_bit_rate(text) == bits


@pytest.mark.parametrize(
    ("text", "size"), [("20GB", 20e9), ("4MiB", 4 * 2**20), ("1kB", 1000), ("7B", 7), ("1TiB", 2**40)]
)
def test_a_size_is_read_in_bytes(text: str, size: int) -> None:
    """GB is 10⁹, GiB is 2³⁰."""
    assert parse_size(text) == size


@pytest.mark.parametrize(
    ("text", "fault"), [("300", "no unit"), ("300Mbps", "unit that is not"), ("fast", "is not a bit rate")]
)
def test_what_is_no_bit_rate_says_which_part_is_wrong(text: str, fault: str) -> None:
    """Number and unit are told apart in the complaint."""
    with pytest.raises(UnitError, match=fault):
        parse_bit_rate(text)


@pytest.mark.parametrize(
    ("text", "ratio"), [("0.5%", 0.005), ("100%", 1), ("0%", 0), ("99.9 %", 0.999), ("99.9%", 0.999)]
)
def test_a_ratio_is_a_percentage(text: str, ratio: float) -> None:
    """Inside it is the nearest share of one."""
    assert parse_ratio(text) == ratio


@pytest.mark.parametrize("text", ["101%", "1e-3", "half", "5‰", "-1%"])
def test_a_ratio_above_one_or_in_another_form_is_refused(text: str) -> None:
    """More than the whole, less than nothing, and other ways to write it."""
    with pytest.raises(UnitError, match="write a percentage"):
        parse_ratio(text)


@pytest.mark.parametrize("text", ["0.5", "0", "1", "0.005", "99.9"])
def test_a_ratio_without_its_sign_is_refused(text: str) -> None:
    """Nobody can tell whether 0.5 is a half or half a percent, so that not even 0 and 1 are taken."""
    with pytest.raises(UnitError, match=f"{text}' has no unit: write it as text with its % sign, such as 0.5%"):
        parse_ratio(text)


@pytest.mark.parametrize(
    ("parse", "text", "mend"),
    [
        (parse_bit_rate, "1,5Gbit/s", "write 1.5Gbit/s"),
        (parse_bit_rate, "1,000Mbit/s", "write 1000Mbit/s, or 1.000Mbit/s for a fraction"),
        (parse_duration, "1,5s", "write 1.5s"),
        (parse_duration, "1,5", "write 1.5"),
        (parse_ratio, "0,5%", "write 0.5%"),
        (parse_size, "2,5 GB", "write 2.5 GB"),
    ],
)
def test_a_decimal_comma_is_shown_as_a_point(parse: Callable[[str], float], text: str, mend: str) -> None:
    """The spelling of most of the world, Vietnam among it; where the comma may part thousands, both are shown."""
    with pytest.raises(UnitError) as caught:
        parse(text)
    assert (caught.value.what, caught.value.mend) == (f"{text!r} has a comma in its number", mend)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.00012, "0.12ms"),
        (0.0304, "30.4ms"),
        (0.9996, "1s"),
        (1, "1s"),
        (90, "90s"),
        (5400, "90m"),
        (172_800, "2d"),
        (157_788_000, "1826d"),
    ],
)
def test_a_duration_is_printed_for_people(seconds: float, text: str) -> None:
    """Three digits, and never a power of ten."""
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("bits", "text"),
    [(2e8, "200Mbit/s"), (999.9996e6, "1Gbit/s"), (12.34e3, "12.3kbit/s"), (5, "5bit/s"), (0, "0bit/s")],
)
def test_a_bit_rate_is_printed_for_people(bits: float, text: str) -> None:
    """Rounding carries over into the next prefix."""
    assert format_bit_rate(bits) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(60, "60s"), (300, "5m"), (14_400, "4h"), (157_788_000, "5y"), (0, "0s"), (0.5, "500ms")]
)
def test_a_duration_is_spelled_as_the_file_would(seconds: float, text: str) -> None:
    """The documentation shows defaults as people write them."""
    assert spell_duration(seconds) == text


@given(st.integers(0, 10**12).map(lambda millionths: millionths / 1e6))
def test_spelling_a_duration_loses_nothing(seconds: float) -> None:
    """What is spelled is read back as the same number."""
    assert math.isclose(parse_duration(spell_duration(seconds)), seconds, rel_tol=1e-9, abs_tol=1e-12)


@given(st.integers(0, 10**13))
def test_spelling_a_bit_rate_or_size_loses_nothing(number: int) -> None:
    """What is spelled is read back as the same number."""
    assert parse_bit_rate(spell_bit_rate(number)) == number
    assert parse_size(spell_size(number)) == number


@given(st.integers(0, 10**6).map(lambda millionths: millionths / 1e6))
def test_spelling_a_ratio_loses_nothing(ratio: float) -> None:
    """What is spelled is read back as the same number."""
    assert math.isclose(parse_ratio(spell_ratio(ratio)), ratio, rel_tol=1e-9, abs_tol=1e-12)


@given(st.text(max_size=30))
def test_no_text_makes_another_error(text: str) -> None:
    """Whatever stands in a file, it is a number or a UnitError."""
    for parse in (parse_duration, parse_bit_rate, parse_ratio, parse_size):
        with suppress(UnitError):
            assert parse(text) >= 0


@pytest.mark.parametrize(
    ("spelled", "text"),
    [
        (spell_bit_rate(2e8), "200Mbit/s"),
        (spell_bit_rate(1.5), "1.5bit/s"),
        (spell_size(20e9), "20GB"),
        (spell_size(7), "7B"),
    ],
)
def test_rates_and_sizes_are_spelled_as_the_file_would(spelled: str, text: str) -> None:
    """With the largest unit that loses nothing."""
    assert spelled == text
