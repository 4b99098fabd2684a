"""A notice that comes late says so, before anything else: it must not be taken for news."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from alerts.notice import AlertEntry, Notice, Words
from alerts.receivers.wording import cut_at_line

LATE_AFTER: Final = 120.0
LONGEST_SMS: Final = 160
LONGEST_TEXT: Final = 2000

_WORDS: Final = {
    "vi": ("Báo muộn {}", "ngày", "giờ", "phút"),
    "en": ("Late by {}", "d", "h", "min"),
    "id": ("Terlambat {}", "hari", "jam", "menit"),
}
_PLAIN: Final = {"Báo muộn {}": "Bao muon {}", "ngày": "ngay", "giờ": "gio", "phút": "phut"}


def with_lateness(notice: Notice, now: datetime, late_after: float = LATE_AFTER) -> Notice:
    """The notice, marked if it is sent long after it was decided.

    Title, first line of the text and SMS begin with how late it is, in the notice's language, and stay within their
    lengths; alerts get the annotation ``late_by_seconds``. Their labels, and the key, stay as they are.

    Args:
        notice: As it was decided.
        now: When it is sent, aware UTC.
        late_after: Seconds from which on it is late.
    """
    seconds = (now - notice.decided_at).total_seconds()
    if seconds < late_after:
        return notice
    words = _WORDS.get(notice.language, _WORDS["en"])
    mark = _mark(seconds, *words)
    # A bracket takes the room of two letters in an SMS (3GPP TS 23.038 §6.2.1.1), a parenthesis of one.
    plain = _mark(seconds, *(_PLAIN.get(word, word) for word in words))
    return replace(
        notice,
        words=_marked(notice.words, f"[{mark}]", f"({plain})"),
        alerts=tuple(_annotated(alert, seconds) for alert in notice.alerts),
    )


def _marked(words: Words, mark: str, plain: str) -> Words:
    return Words(
        title=f"{mark} {words.title}",
        text=cut_at_line(f"{mark} {words.text}", LONGEST_TEXT),
        sms=f"{plain} {words.sms}"[:LONGEST_SMS],
    )


def _annotated(alert: AlertEntry, seconds: float) -> AlertEntry:
    return replace(alert, annotations={**alert.annotations, "late_by_seconds": str(int(seconds))})


def _mark(seconds: float, sentence: str, day: str, hour: str, minute: str) -> str:
    """Of days, hours and minutes the first that is not zero, and the next."""
    minutes = int(seconds // 60)
    amounts = [(minutes // 1440, day), (minutes // 60 % 24, hour), (minutes % 60, minute)]
    first = next((place for place, (amount, _) in enumerate(amounts) if amount), len(amounts) - 1)
    told = [f"{amount} {unit}" for amount, unit in amounts[first : first + 2] if amount or unit is amounts[first][1]]
    return sentence.format(" ".join(told))
