"""The pages of monthly reviews: the months, one review with the way back, and what is said where there is none."""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from exporters.pages.frame import Frame
from exporters.pages.headers import PAGE_HEADERS
from exporters.pages.jinja import Templates
from exporters.pages.report_words import REPORT_WORDS, month_in_words
from exporters.pages.telling import Telling
from exporters.reviews import MonthOffered, NoReview
from model.inventory import ReviewFormat, Ward

FORMS: Final[tuple[ReviewFormat, ...]] = ("pdf", "xlsx", "html", "json")
"""In which a review can be saved, as the pages offer them."""

_STYLE: Final = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
_HEAD: Final = b"</head>\n"
_LINKS: Final = b"""\
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/report.css">
"""
_BODY: Final = b"<body>\n"


@dataclass(frozen=True, slots=True)
class MonthsView:
    """The months at one moment.

    Attributes:
        tell: In which language and time.
        ward: Id of the ward; empty for the only one, or for the whole city.
        months: In order.
        wards: Of a city, those that have reviews of their own.
    """

    tell: Telling
    ward: str
    months: Sequence[MonthOffered]
    wards: Sequence[Ward]

    def days(self, month: MonthOffered) -> str:
        """From the first to the last of its days."""
        return f"{month.first:%d/%m/%Y} \u2013 {month.last:%d/%m/%Y}"


class ReportPages:
    """Makes them."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def months(self, view: MonthsView) -> str:
        """The list of months."""
        tell = view.tell
        frame = Frame.of(tell, "", "", here="reports", steps=("reports",), query=_of_ward(view.ward))
        return self._fill("reports.html", tell, frame=frame, view=view)

    def note(self, why: NoReview, tell: Telling, month: str, ward: str, share: float) -> str:
        """Why there is no review, or not yet."""
        steps = ("reports", month) if month else ("reports",)
        frame = Frame.of(tell, "", "", here="reports", steps=steps, query=_of_ward(ward))
        return self._fill(
            "report_note.html", tell, frame=frame, why=why, month=month, share=tell.share(round(share, 2))
        )

    def with_bar(self, review: bytes, tell: Telling, month: str, ward: str) -> bytes:
        """A review as it is written, with the way to the other pages and to its files above it."""
        query = _of_ward(ward)
        frame = Frame.of(tell, "", "", here="reports", steps=("reports", month), query=query)
        bar = self._fill("report_bar.html", tell, frame=frame, month=month, query=query)
        return review.replace(_HEAD, _LINKS + _HEAD, 1).replace(_BODY, _BODY + bar.encode(), 1)

    def _fill(self, name: str, tell: Telling, **content: object) -> str:
        said = REPORT_WORDS[tell.language]
        return self._templates.fill(
            name, tell, said=said, forms=FORMS, in_words=lambda month: month_in_words(month, tell.language), **content
        )


def review_headers(review: bytes) -> Mapping[str, str]:
    """Those of a page with a style of its own, which only that style may give it."""
    hashes = " ".join(f"'sha256-{_digest(style)}'" for style in _STYLE.findall(review))
    policy = PAGE_HEADERS["content-security-policy"].replace("style-src 'self'", f"style-src 'self' {hashes}".strip())
    return {**PAGE_HEADERS, "content-security-policy": policy}


def _digest(style: bytes) -> str:
    return base64.b64encode(hashlib.sha256(style).digest()).decode()


def _of_ward(ward: str) -> dict[str, str]:
    return {"ward": ward} if ward else {}
