"""A notice that comes late says so first."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.notice import Words
from alerts.receivers.late import with_lateness
from tests.peers.notices import DECIDED, a_notice

MINUTE, HOUR = 60, 3600


@pytest.mark.parametrize(
    ("language", "seconds", "mark", "plain"),
    [
        ("vi", 2 * HOUR + 5 * MINUTE, "[Báo muộn 2 giờ 5 phút]", "(Bao muon 2 gio 5 phut)"),
        ("en", 2 * HOUR + 5 * MINUTE, "[Late by 2 h 5 min]", "(Late by 2 h 5 min)"),
        ("id", 2 * HOUR + 5 * MINUTE, "[Terlambat 2 jam 5 menit]", "(Terlambat 2 jam 5 menit)"),
        ("vi", 120, "[Báo muộn 2 phút]", "(Bao muon 2 phut)"),
        ("vi", 3 * HOUR, "[Báo muộn 3 giờ]", "(Bao muon 3 gio)"),
        ("vi", 50 * HOUR + 30 * MINUTE, "[Báo muộn 2 ngày 2 giờ]", "(Bao muon 2 ngay 2 gio)"),
        ("xx", 25 * HOUR, "[Late by 1 d 1 h]", "(Late by 1 d 1 h)"),
    ],
)
def test_people_read_how_late_it_is(language: str, seconds: float, mark: str, plain: str) -> None:
    """In their language, before everything else; without accents and brackets in an SMS."""
    notice = a_notice(language=language)
    late = with_lateness(notice, DECIDED + timedelta(seconds=seconds))
    assert late.words.title == f"{mark} {notice.words.title}"
    assert late.words.text == f"{mark} {notice.words.text}"
    assert late.words.sms == f"{plain} {notice.words.sms}"


def test_programs_get_the_seconds() -> None:
    """As an annotation of each alert; the labels, by which alerts are known, and the key stay."""
    notice = a_notice()
    late = with_lateness(notice, DECIDED + timedelta(seconds=125.9))
    assert [alert.annotations["late_by_seconds"] for alert in late.alerts] == ["125", "125"]
    assert [alert.labels for alert in late.alerts] == [alert.labels for alert in notice.alerts]
    assert late.key == notice.key
    assert "late_by_seconds" not in notice.alerts[0].annotations


@pytest.mark.parametrize("seconds", [-3600, 0, 119.9])
def test_what_is_in_time_stays_as_it_is(seconds: float) -> None:
    """Also where the clock went back since."""
    notice = a_notice()
    assert with_lateness(notice, DECIDED + timedelta(seconds=seconds)) is notice


def test_what_is_late_can_be_said() -> None:
    """The limit is an argument."""
    late = with_lateness(a_notice(language="en"), DECIDED + timedelta(seconds=31), late_after=30)
    assert late.words.title.startswith("[Late by 0 min] ")


@given(st.floats(120, 1e8), st.sampled_from(["vi", "en", "id"]))
def test_lengths_are_kept(seconds: float, language: str) -> None:
    """An SMS stays one SMS in ASCII, a text stays within 2,000 characters."""
    notice = a_notice(language=language, words=Words("t", "dòng\n" * 400, "s" * 160))
    late = with_lateness(notice, DECIDED + timedelta(seconds=seconds))
    assert len(late.words.sms) == 160
    assert late.words.sms.isascii()
    assert len(late.words.text) <= 2000
