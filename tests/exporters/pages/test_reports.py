"""The pages of monthly reviews."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import httpx
import pytest

from exporters.pages.report_words import REPORT_WORDS, month_in_words
from exporters.reviews import MonthOffered, NoReview, NoReviewError, ReviewAsked, ReviewFile
from model.inventory import Language
from model.inventory import Ward as InventoryWard
from tests.peers.api import Ward

_LANGUAGES: tuple[Language, ...] = ("vi", "en", "id")
STYLE = "p { color: red; }"
PAGE = f"<!DOCTYPE html>\n<html>\n<head><style>{STYLE}</style>\n</head>\n<body>\n<p>Phường</p></body></html>"
MONTH = MonthOffered("2026-10", date(2026, 10, 1), date(2026, 10, 31), is_over=True)
SO_FAR = MonthOffered("2026-11", date(2026, 11, 1), date(2026, 11, 30), is_over=False)


@dataclass
class Reviews:
    """Gives what a test has written, or refuses.

    Attributes:
        why: Why there is none.
        asked: What was asked for.
        patience: How long whoever asked would wait.
    """

    why: NoReview | None = None
    asked: list[ReviewAsked] = field(default_factory=list)
    patience: list[float] = field(default_factory=list)

    async def months(self, ward: str) -> Sequence[MonthOffered]:
        """Two."""
        if self.why or ward == "elsewhere":
            raise NoReviewError(self.why or NoReview.NO_WARD)
        return [SO_FAR, MONTH]

    async def file(self, asked: ReviewAsked, patience: float) -> ReviewFile:
        """Always the same page."""
        self.asked.append(asked)
        self.patience.append(patience)
        if self.why:
            raise NoReviewError(self.why, 0.42)
        media = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}.get(asked.form, "application/json")
        return ReviewFile(f"review-{asked.month}.vi.{asked.form}", media, PAGE.encode(), is_over=True)


class Home(Ward):
    """A ward that makes reviews."""

    def __init__(self) -> None:
        super().__init__()
        self.reviews = Reviews()

    @property
    def client(self) -> httpx.AsyncClient:
        """A browser, as it were."""
        transport = httpx.ASGITransport(self.app(self.reviews))
        return httpx.AsyncClient(transport=transport, base_url="http://monitor")

    async def get(self, path: str, status: int = 200, headers: dict[str, str] | None = None) -> httpx.Response:
        """What is answered."""
        async with self.client as client:
            answer = await client.get(path, headers=headers)
        assert answer.status_code == status, answer.text
        return answer


@pytest.fixture
def home() -> Home:
    """A ward whose inventory speaks Vietnamese."""
    home = Home()
    assert home.kept.inventory.ward is not None
    ward = home.kept.inventory.ward.model_copy(update={"language": "vi", "timezone": "Asia/Ho_Chi_Minh"})
    home.kept.inventory = home.kept.inventory.model_copy(update={"ward": ward})
    return home


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_language_has_every_word(language: Language) -> None:
    """Also for each reason why there is no review, and for each month."""
    assert set(REPORT_WORDS[language]) == set(REPORT_WORDS["en"])
    assert set(NoReview) <= set(REPORT_WORDS[language])
    for key, text in REPORT_WORDS["en"].items():
        assert re.findall(r"\{\w+\}", REPORT_WORDS[language][key]) == re.findall(r"\{\w+\}", text), key


def test_months_are_named_as_the_language_has_it() -> None:
    """In Vietnamese months 1 and 2 have a 0 in front (Decree 30/2020); what is no month stays as it is."""
    assert [month_in_words("2026-10", language) for language in _LANGUAGES] == [
        "Tháng 10/2026",
        "October 2026",
        "Oktober 2026",
    ]
    assert [month_in_words(f"2026-{month}", "vi") for month in ("02", "03")] == ["Tháng 02/2026", "Tháng 3/2026"]
    assert month_in_words("2026-13", "en") == "2026-13"
    assert month_in_words("../x", "en") == "../x"


async def test_the_months_lead_to_their_reviews_and_files(home: Home) -> None:
    """By the ward's clock and in its language; a month that is not over says so, and every page leads here."""
    page = (await home.get("/reports")).text
    assert "Tháng 10/2026</a></h2>" in re.sub(r"\s+", " ", page)
    assert "01/10/2026 \u2013 31/10/2026" in page
    assert page.count("chưa hết tháng") == 1
    links = re.findall(r'href="(/reports/2026-10[^"]*)"', page)
    assert links == ["/reports/2026-10"] * 2 + [f"/reports/2026-10.{form}" for form in ("pdf", "xlsx", "html", "json")]
    assert '<a href="/reports" aria-current="page">Báo cáo tháng</a>' in page
    for other in ("/", "/incidents", "/sites/office", "/links/office-vnpt"):
        assert '<a href="/reports">Báo cáo tháng</a>' in (await home.get(other)).text


async def test_a_review_is_a_page_with_the_way_back(home: Home) -> None:
    """Its own style alone is let through the policy, by its hash; nothing else may be loaded or framed."""
    answer = await home.get("/reports/2026-10?language=en")
    assert home.reviews.asked == [ReviewAsked("2026-10", "", "html", "en")]
    assert "<p>Phường</p>" in answer.text
    head, _, bar = answer.text.partition("<body>\n")
    assert '<link rel="stylesheet" href="/static/report.css">' in head
    assert 'href="/reports/2026-10.pdf?lang=en"' in bar
    assert 'href="/reports?lang=en"' in bar
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"style-src 'self' 'sha256-{digest}';" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_whoever_has_it_already_is_told_so(home: Home) -> None:
    """Of pages and of files; the tag is that of what is shown."""
    for path in ("/reports/2026-10", "/reports/2026-10.pdf"):
        tag = (await home.get(path)).headers["etag"]
        again = await home.get(path, 304, {"if-none-match": tag})
        assert (again.content, again.headers["etag"]) == (b"", tag)
    assert (await home.get("/reports/2026-10")).headers["etag"] != tag


async def test_files_have_their_names_and_types(home: Home) -> None:
    """What browsers show is shown; the rest is saved, also the page that stands alone."""
    pdf = await home.get("/reports/2026-10.pdf?lang=id")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["content-disposition"] == 'inline; filename="review-2026-10.vi.pdf"'
    assert pdf.headers["x-content-type-options"] == "nosniff"
    page = await home.get("/reports/2026-10.html")
    assert page.headers["content-disposition"].startswith("attachment; ")
    assert page.text == PAGE
    assert "sha256-" in page.headers["content-security-policy"]
    assert [asked.language for asked in home.reviews.asked] == ["id", "vi"]


@pytest.mark.parametrize(
    ("why", "status"),
    [
        (NoReview.NO_MONTH, 404),
        (NoReview.TO_COME, 404),
        (NoReview.NOTHING, 404),
        (NoReview.NO_WARD, 404),
        (NoReview.BUSY, 503),
        (NoReview.UNREADABLE, 503),
        (NoReview.FAILED, 500),
    ],
)
async def test_where_there_is_none_a_page_says_why(home: Home, why: NoReview, status: int) -> None:
    """In the reader's language, with the way to the months; a program is told in the form that it knows."""
    home.reviews.why = why
    for path in ("/reports/2026-10", "/reports/2026-10.pdf"):
        page = (await home.get(path, status)).text
        assert REPORT_WORDS["vi"][why] in page
        assert 'href="/reports">Tất cả các tháng</a>' in page
    problem = await home.get("/reports/2026-10.json", status)
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["detail"] == REPORT_WORDS["en"][why].rstrip(".")


async def test_a_review_that_is_being_made_shows_how_far_it_is(home: Home) -> None:
    """The page looks again by itself; whoever wants the file must not take this page for it."""
    home.reviews.why = NoReview.MAKING
    page = await home.get("/reports/2026-10", 202)
    assert (page.headers["refresh"], page.headers["cache-control"]) == ("3", "no-store")
    assert "Tháng 10/2026: đã xong 42%" in page.text
    assert (await home.get("/reports/2026-10.xlsx", 503)).headers["retry-after"] == "3"
    assert (await home.get("/reports/2026-10.json", 503)).headers["retry-after"] == "3"
    assert home.reviews.patience == [8, 50, 50]


async def test_nothing_of_an_address_gets_into_the_page(home: Home) -> None:
    """However it is written."""
    home.reviews.why = NoReview.NO_MONTH
    page = (await home.get("/reports/%3Cscript%3E?ward=%22%3E%3Cb%3E", 404)).text
    assert "<script>" not in page
    assert '"><b>' not in page
    assert "docx" not in (await home.get("/reports/2026-10.docx", 404)).text
    assert home.reviews.asked[-1].form == "html"


async def test_a_monitor_that_makes_none_says_so() -> None:
    """Such as one in a test."""
    ward = Ward()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(ward.app()), base_url="http://monitor") as client:
        for path in ("/reports", "/reports/2026-10"):
            answer = await client.get(path)
            assert answer.status_code == 503
            assert "Reviews are not made here." in answer.text or "không lập báo cáo" in answer.text


async def test_a_city_has_a_summary_and_its_wards(home: Home) -> None:
    """Each ward's months are a page of their own, whose links keep the ward."""
    wards = tuple(InventoryWard(id=name, name=f"Phường {name}") for name in ("north", "south"))
    home.kept.inventory = home.kept.inventory.model_copy(update={"ward": None, "wards": wards})
    page = (await home.get("/reports?lang=vi")).text
    assert 'href="/reports?ward=north' in page
    own = (await home.get("/reports?ward=north")).text
    assert 'href="/reports/2026-10?ward=north"' in own
    assert 'href="/reports/2026-10.pdf?ward=north"' in own
    await home.get("/reports/2026-10?ward=north")
    assert home.reviews.asked == [ReviewAsked("2026-10", "north", "html", "en")]
    note = (await home.get("/reports?ward=elsewhere", 404)).text
    assert "no such ward" in note
    assert 'href="/reports/"' not in note
