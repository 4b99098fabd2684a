"""The words and forms of the three languages."""

import re
import string
import unicodedata
from datetime import UTC, datetime
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.outages import OutageKind
from model.verdict import Outcome, Quality
from reports.locale import forms
from reports.locale.words import CATALOGUES, Words, words_of
from reports.sections.others import Action, Owner, Progress
from reports.sections.outages import Cause, SaidBy
from reports.sections.providers import ClaimKind
from reports.sections.speed import SpeedBy
from reports.sections.trend import Direction, Measure, Prospect

HANOI = "Asia/Ho_Chi_Minh"
VI, EN, ID = (words_of(language, HANOI) for language in ("vi", "en", "id"))


def places(phrase: str) -> set[str]:
    """The values that a phrase is filled with."""
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_every_language_has_every_phrase_with_the_same_places() -> None:
    """The catalogues have the same keys, and each phrase the same values to fill in."""
    for catalogue in CATALOGUES.values():
        assert catalogue.keys() == CATALOGUES["en"].keys()
        for key, phrase in catalogue.items():
            assert places(phrase) == places(CATALOGUES["en"][key]), key


def test_every_phrase_is_composed_and_has_no_blank_at_its_ends() -> None:
    """All are in Unicode's composed form, not empty, without stray blanks."""
    for catalogue in CATALOGUES.values():
        for key, phrase in catalogue.items():
            assert phrase, key
            assert phrase == unicodedata.normalize("NFC", phrase), key
            assert phrase == phrase.strip(), key
            assert "  " not in phrase or key.startswith("letter."), key


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("outcome", Outcome),
        ("quality", Quality),
        ("cause", Cause),
        ("said_by", SaidBy),
        ("claim", ClaimKind),
        ("speed_by", SpeedBy),
        ("measure", Measure),
        ("tendency", Direction),
        ("prospect", Prospect),
        ("advice", Action),
        ("owner", Owner),
        ("progress", Progress),
        ("outage", OutageKind),
    ],
)
def test_every_name_of_the_model_has_a_word(group: str, names: type[StrEnum]) -> None:
    """A verdict, cause or measure that is added to the model needs its word in all languages."""
    assert not [name for name in names if not EN.knows(f"{group}.{name}")]


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (1.0, "100 %", "100 %"),
        (0.99999999, "99,999999 %", "99.999999 %"),
        (0.995, "99,5 %", "99.5 %"),
        (0.0, "0 %", "0 %"),
        (0.0000001, "0,00001 %", "0.00001 %"),
        (10.189, "1.018,9 %", "1,018.9 %"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(value: float, vi: str, en: str) -> None:
    """What is less than all is not written as 100 %, and what is more than nothing not as 0 %."""
    assert forms.percent(value, VI).replace("\N{NO-BREAK SPACE}", " ") == vi
    assert forms.percent(value, EN).replace("\N{NO-BREAK SPACE}", " ") == en


def test_numbers_and_dates_have_the_form_of_the_language() -> None:
    """Vietnamese and Indonesian have a comma for decimals and points for thousands, and the day first."""
    at = datetime(2026, 10, 6, 2, 5, 9, tzinfo=UTC)
    assert [forms.decimal(1_234_567.891, 2, words) for words in (VI, EN, ID)] == [
        "1.234.567,89",
        "1,234,567.89",
        "1.234.567,89",
    ]
    assert [forms.second(at, words) for words in (VI, EN, ID)] == [
        "06/10/2026 09:05:09",
        "6 Oct 2026 09:05:09",
        "06/10/2026 09.05.09",
    ]
    assert [forms.day(at, words) for words in (VI, EN, ID)] == ["06/10/2026", "6 Oct 2026", "06/10/2026"]
    assert [forms.month("2026-02", words) for words in (VI, EN, ID)] == [
        "tháng 02 năm 2026",
        "February 2026",
        "Februari 2026",
    ]
    assert forms.month("2026-03", VI) == "tháng 3 năm 2026"


@pytest.mark.parametrize(
    ("seconds", "hours", "words"),
    [
        (0, "0:00:00", "0 giây"),
        (2.4, "0:00:02.4", "2 giây"),
        (59.6, "0:01:00", "1 phút"),
        (15_005, "4:10:05", "4 giờ 10 phút"),
        (360_000, "100:00:00", "4 ngày 4 giờ"),
    ],
)
def test_durations(seconds: float, hours: str, words: str) -> None:
    """In tables hours, minutes and seconds; in sentences the two largest units."""
    assert forms.hours(seconds) == hours
    assert forms.lasted(seconds, VI) == words


@given(st.floats(0, 1e15), st.sampled_from([VI, EN, ID]))
def test_no_number_has_an_exponent_or_a_stray_mark(value: float, words: Words) -> None:
    """Digits in groups of three, one decimal mark at the most, never an exponent."""
    for write in (forms.percent, forms.megabits, forms.milliseconds, forms.whole, forms.number):
        assert re.fullmatch(r"\d{1,3}([.,]\d{3})*([.,]\d+)?(\N{NO-BREAK SPACE}%)?", write(value, words))


@given(st.floats(0, 1e12))
def test_vietnamese_numbers_can_be_read_back(value: float) -> None:
    """What is written with two decimals is the number, to half a hundredth."""
    text = forms.decimal(value, 2, VI)
    assert float(text.replace(".", "").replace(",", ".")) == pytest.approx(value, abs=0.00501, rel=1e-12)


@pytest.mark.parametrize("figure", ["99,5 %", "52,4 ms", "1.234,5 Mbit/s"])
def test_a_figure_stays_with_its_unit(figure: str) -> None:
    """No line breaks between them; whoever has no unit is left alone."""
    number, unit = figure.split(" ")
    assert forms.bound(forms.clean(figure)) == f"{number}\N{NO-BREAK SPACE}{unit}"
    assert forms.bound(f"Tổ {number} dân phố") == f"Tổ {number} dân phố"


@given(st.text())
def test_names_are_one_composed_printable_line(name: str) -> None:
    """Whatever people or devices call themselves is cut, composed and on one line."""
    found = forms.clean(name)
    assert found.isprintable()
    assert len(found) <= forms.LONGEST_NAME
    assert found == " ".join(found.split())
