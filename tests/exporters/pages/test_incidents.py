"""The pages about incidents."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from alerts.ack_link import LinkSigner
from exporters.desk import Decided
from exporters.names import Naming
from exporters.pages.deeds import until_morning
from exporters.pages.desk_views import labels_of, matcher_of
from exporters.pages.found import Findings
from exporters.pages.found_words import COLUMNS
from exporters.pages.incident_words import (
    ALERTS,
    INCIDENT_WORDS,
    KINDS,
    OUTCOMES,
    SEVERITIES,
    UNITS,
)
from exporters.pages.jinja import SEVERITY_MARKS
from exporters.past import PastUnavailableError
from exporters.web.caller import note_user
from model.alerting import Person
from model.grounds import Ground, Grounds
from model.incident import Acknowledgement, AlertName, Severity
from model.inventory import Language
from model.trap import TrapKind
from tests.peers.api import Ward
from tests.peers.board import AT, ward
from tests.peers.desk import fault, incident, rich_incident

_EXPLAINED = Grounds(Ground.EXPLAINED, {"alertname": "DeviceDown", "noun": "device", "name": "office-rt1"})
_LANGUAGES: tuple[Language, ...] = ("vi", "en", "id")


@pytest.fixture
def daemon() -> Ward:
    """A ward with one incident that holds all that there is to be shown."""
    ward = Ward()
    ward.desk.put(rich_incident())
    return ward


@pytest.fixture
def client(daemon: Ward) -> httpx.AsyncClient:
    """A browser, as it were."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(daemon.app()), base_url="http://monitor")


def _speaking(daemon: Ward, language: Language) -> None:
    inventory = daemon.kept.inventory
    assert inventory.ward is not None
    ward = inventory.ward.model_copy(update={"language": language})
    office, *others = inventory.sites
    sites = (office.model_copy(update={"citizens_per_hour": 1_120.0}), *others)
    people = {"an": Person(name="Nguyễn Văn An")}
    daemon.kept.inventory = inventory.model_copy(update={"ward": ward, "sites": sites, "people": people})


async def _page(client: httpx.AsyncClient, path: str, status: int = 200) -> str:
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    return re.sub(r"\s+", " ", answer.text)


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_language_has_every_word(language: Language) -> None:
    """Whatever is said in English is said in each."""
    assert set(ALERTS[language]) == set(AlertName)
    assert set(SEVERITIES[language]) == set(SEVERITY_MARKS) == set(Severity)
    assert len(UNITS[language]) == 4
    for words in (INCIDENT_WORDS, KINDS, COLUMNS, OUTCOMES):
        assert set(words[language]) == set(words["en"])
    for key, text in INCIDENT_WORDS["en"].items():
        assert re.findall(r"\{\w+\}", INCIDENT_WORDS[language][key]) == re.findall(r"\{\w+\}", text), key


@pytest.mark.parametrize("language", _LANGUAGES)
async def test_one_incident_says_all(client: httpx.AsyncClient, daemon: Ward, language: Language) -> None:
    """What, since when, whom it hits, what is hidden, who was told, what was looked at; in the ward's language."""
    _speaking(daemon, language)
    words = INCIDENT_WORDS[language]
    page = await _page(client, f"/incidents/{rich_incident().id}")
    assert f'<html lang="{language}">' in page
    assert f"<h1>{ALERTS[language][AlertName.LINK_DOWN]}</h1>" in page
    assert f"<b>{ALERTS[language][AlertName.SERVICE_DOWN]}</b>" in page
    assert f"</span>{SEVERITIES[language][Severity.CRITICAL]}</span>" in page
    assert f'<dt>{words["since"]}</dt><dd><time datetime="2026-11-24T06:55:00+00:00">13:55:00</time>' in page
    assert f"<dd>5 {UNITS[language][2]}</dd>" in page
    assert "Trụ sở UBND phường</a> <span" in page
    assert ("1,120" if language == "en" else "1.120") in page
    hidden = page[page.index(f"<h2>{words['hidden']}") :]
    assert hidden.index("resolver") < hidden.index("office-rt1") < hidden.index(f"<h2>{words['told']}")
    assert 'duty <span class="quiet">· Nguyễn Văn An</span></th>' in page


async def test_the_way_is_a_table(client: httpx.AsyncClient) -> None:
    """Each hop with who answered and after how long; where nobody did it is said."""
    page = await _page(client, f"/incidents/{rich_incident().id}")
    assert "<h2>Đường đi tới office-vnpt (VNPT)</h2>" in page
    assert '<th scope="col">Chặng</th><th scope="col">Địa chỉ</th><th scope="col">Độ trễ</th>' in page
    assert "<td>1</td><td>10.20.0.1</td><td>0,412ms</td><td>đi qua</td><td>·</td>" in page
    assert "<td>2</td><td>·</td><td>·</td><td>không trả lời</td><td>·</td>" in page
    assert "<dd>203.0.113.9 (chặng 2 đến 3) báo: không có đường tới đích; thường ngày: " in page
    assert page.index("<h3>Đường đi thường ngày</h3>") > page.index("không trả lời")
    assert "twice" not in page


async def test_what_ports_were_is_put_beside_what_they_are(client: httpx.AsyncClient) -> None:
    """Both ends, each with the last poll and the one at the incident; what could not be had says why."""
    page = await _page(client, f"/incidents/{rich_incident().id}")
    assert "<h3>office-rt1 · ether1 · đầu gần · office-vnpt</h3>" in page
    assert '<td></td><th scope="col">Lần đọc gần nhất</th><th scope="col">Lúc có sự cố</th>' in page
    assert '<th scope="row">Trạng thái</th><td>hoạt động</td><td>mất kết nối</td>' in page
    assert '<th scope="row">Đọc lúc</th><td>13:54:30</td><td>13:55:09</td>' in page
    assert '<th scope="row">Tốc độ</th><td>1Gbit/s</td><td>·</td>' in page
    assert '<th scope="row">Lưu lượng vào</th><td>10Mbit/s</td><td>·</td>' in page
    assert "<h3>office-rt2 · ge-0/0/1 · đầu xa</h3>" in page
    assert '<th scope="row">Không lấy được</th><td>·</td><td><span lang="en">timeout</span></td>' in page
    assert "Lỗi chiều ra" not in page


@pytest.mark.parametrize("language", _LANGUAGES)
def test_what_a_device_has_said_is_told_in_words(language: Language) -> None:
    """Each kind of trap has words and its own name behind them; a column of which nothing is known is left out."""
    kinds = [kind for kind in TrapKind if kind is not TrapKind.OTHER]
    rows = [{"at": "x", "device": "ups", "trap": kind.value, "by_hand": None} for kind in kinds]
    (table,) = Findings(language, str).groups({"traps": rows})[0].tables
    assert len(table.headings) == 3
    assert all(row[2].endswith(f"({kind.value})") for kind, row in zip(kinds, table.rows, strict=True))


def test_whatever_is_attached_is_shown() -> None:
    """Facts inside facts, lists of words, an empty column and what is neither; what is for programs only is not."""
    content: dict[str, object] = {
        "new_part": {"missing": [], "new": [{"ttl": 4, "empty": None}, "stray"]},
        "difference": {"words": "again"},
        "reached": True,
        "tags": ["a", "b"],
        "odd_seconds": -1.5,
        "rate": 7,
        "seen_at": "no time",
        "source": None,
    }
    first, second = Findings("en", str).groups(content)
    assert (first.heading, first.tables) == ("", [])
    assert first.facts == [("Reached", "yes"), ("tags", "a, b"), ("odd", "-1.5"), ("rate", "7"), ("seen at", "no time")]
    assert (second.heading, second.facts) == ("new part", [("missing", "·")])
    assert [(table.headings, table.rows) for table in second.tables] == [(["Hop"], [["4"]])]


async def test_decisions_are_told(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Of this incident and of no other; a history that cannot be read hides nothing else."""
    name = rich_incident().id
    told = [
        Decided(AT, "LinkDown", "told", name, "duty: <An>"),
        Decided(AT, "LinkDown", "part", name, "explained by …", "", _EXPLAINED),
        Decided(AT, "LinkDown", "told", "another-123456", "somebody else"),
        Decided(AT, "NewKind", "new-outcome", ""),
    ]
    daemon.desk.decided = {("link", "office-vnpt"): told}
    page = await _page(client, f"/incidents/{name}")
    assert (
        '<b>đã báo</b> <span class="quiet">· Mất đường truyền</span><br><span lang="en">duty: &lt;An&gt;</span>' in page
    )
    assert "<br>do sự cố khác gây ra: Thiết bị mất kết nối, thiết bị office-rt1</li>" in page
    assert "explained by" not in page
    assert '<b>new-outcome</b> <span class="quiet">· NewKind</span>' in page
    assert "somebody else" not in page


async def test_the_list_has_open_ones_first(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Then what is over since a week; each leads to its page, and says who has taken it on."""
    over = incident(fault(AlertName.DEVICE_DOWN, ("device", "office-rt1"), -90_000), closed=-80_000)
    old = incident(fault(AlertName.DEVICE_DOWN, ("device", "office-rt1"), -900_000), closed=-800_000)
    taken = replace(
        incident(fault(AlertName.PROVIDER_OUTAGE, ("provider", "VNPT"), -30)),
        acknowledged=Acknowledgement("an", AT, "gọi VNPT"),
    )
    daemon.desk.put(over, old, taken)
    _speaking(daemon, "vi")
    page = await _page(client, "/incidents")
    places = [page.index(f'href="/incidents/{one.id}"') for one in (taken, rich_incident(), over)]
    assert places == sorted(places)
    assert old.id not in page
    assert "Nguyễn Văn An đã tiếp nhận" in page
    assert page.count("Chưa có ai tiếp nhận.") == 1
    assert "Từ lúc <time" in page
    assert "13:00:00 23/11/2026" in page
    assert "Kéo dài 2 giờ 46 phút" in page


async def test_calm_is_said(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Nobody wonders whether the page is broken."""
    daemon.desk.kept.clear()
    page = await _page(client, "/incidents")
    assert "Không có sự cố nào đang mở." in page
    assert "Không có." in page


async def test_a_history_that_cannot_be_read_hides_no_open_incident(client: httpx.AsyncClient, daemon: Ward) -> None:
    """It is said in place of what is over."""
    daemon.desk.fault = PastUnavailableError("the history is locked", "end the other program")
    page = await _page(client, "/incidents")
    assert f"/incidents/{rich_incident().id}" in page
    assert "hiện không đọc được lịch sử" in page
    assert "hiện không đọc được lịch sử" in (await _page(client, "/incidents/x", 503)).lower()


async def test_the_status_page_leads_to_open_incidents(client: httpx.AsyncClient, daemon: Ward) -> None:
    """It says how many there are, and nothing where there is none."""
    assert '<a href="/incidents"><span class="mark" aria-hidden="true">✕</span> 1 sự cố đang mở</a>' in await _page(
        client, "/"
    )
    daemon.desk.put(incident(fault(seconds=-10)))
    assert "2 sự cố đang mở" in await _page(client, "/")
    daemon.desk.kept.clear()
    assert '<div id="alarm" class="alarm"> </div>' in await _page(client, "/")


async def test_somebody_takes_it_on(client: httpx.AsyncClient, daemon: Ward) -> None:
    """The form is sent, and leads back to the incident, which says so; a comment keeps its lines."""
    name = rich_incident().id
    answer = await client.post(f"/incidents/{name}/ack", data={"who": " Bình ", "comment": "gọi VNPT\nhẹn 30 phút"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/incidents/{name}#ack")
    assert daemon.desk.done == [("acknowledge", name, "Bình", "gọi VNPT\nhẹn 30 phút")]
    page = await client.get(f"/incidents/{name}")
    assert "<b>Bình đã tiếp nhận</b>" in page.text
    assert '<p class="said">gọi VNPT\nhẹn 30 phút</p>' in page.text
    assert "/ack" not in page.text
    assert f'action="/incidents/{name}/unack"' in page.text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"who": "", "comment": "giữ lại"}, "Hãy ghi tên của bạn"),
        ({"comment": "giữ lại"}, "Hãy ghi tên của bạn"),
        ({"who": "x" * 101, "comment": "giữ lại"}, "Hãy ghi tên của bạn"),
        ({"who": "a\x1b[2J", "comment": "giữ lại"}, "Hãy ghi tên của bạn"),
        ({"who": "An", "comment": "giữ lại" + "x" * 2_000}, "Ghi chú quá dài"),
    ],
)
async def test_a_form_that_is_wrong_comes_back(
    client: httpx.AsyncClient, daemon: Ward, form: dict[str, str], words: str
) -> None:
    """With what was written, and what is wrong with it."""
    answer = await client.post(f"/incidents/{rich_incident().id}/ack", data=form)
    assert answer.status_code == 422
    assert f'role="alert" id="wrong">{words}' in answer.text
    assert ">giữ lại" in answer.text
    assert daemon.desk.done == []


async def test_a_link_of_a_message_changes_nothing_until_the_button_is_pressed(
    client: httpx.AsyncClient, daemon: Ward
) -> None:
    """Programs that look through mail open every link."""
    _speaking(daemon, "vi")
    name = rich_incident().id
    page = await _page(client, f"/incidents/{name}/ack?token={name}/an")
    await client.head(f"/incidents/{name}/ack?token={name}/an")
    assert daemon.desk.done == []
    assert "Bạn tiếp nhận với tên Nguyễn Văn An." in page
    assert page.count("<button") == 1
    assert f'<form method="post" action="/incidents/{name}/ack">' in page
    assert f'<input type="hidden" name="token" value="{name}/an">' in page
    answer = await client.post(f"/incidents/{name}/ack", data={"token": f"{name}/an"})
    assert answer.status_code == 303
    assert daemon.desk.done == [("acknowledge", name, "an", "")]
    assert "Nguyễn Văn An đã tiếp nhận trước đó." in await _page(client, f"/incidents/{name}/ack?token={name}/an")


@pytest.mark.parametrize(
    ("token", "status", "words"),
    [
        ("", 403, "Liên kết không hợp lệ"),
        ("forged", 403, "Liên kết không hợp lệ"),
        ("another-123456/an", 403, "Liên kết không hợp lệ"),
        ("old", 410, "Liên kết đã quá hạn"),
    ],
)
async def test_a_link_that_is_not_good_says_so(
    client: httpx.AsyncClient, daemon: Ward, token: str, status: int, words: str
) -> None:
    """Forged, made for another incident or too old: neither shown nor done."""
    path = f"/incidents/{rich_incident().id}/ack"
    assert words in await _page(client, f"{path}?token={token}", status)
    answer = await client.post(path, data={"token": token, "who": "Mallory"})
    assert (answer.status_code, words in answer.text) == (status, True)
    assert daemon.desk.done == []


async def test_a_signed_link_is_good_for_its_incident_and_its_day(client: httpx.AsyncClient, daemon: Ward) -> None:
    """What a message carries opens here; changed, or a day later, it does not."""
    signer = LinkSigner("planted-key", "http://monitor", clock=daemon.kept.now)
    daemon.desk.signer = signer
    url = signer.ack_url(rich_incident().id, "an")
    assert "Bạn tiếp nhận với tên an." in await _page(client, url)
    assert "Liên kết không hợp lệ" in await _page(client, f"{url[:-3]}AAA", 403)
    daemon.kept.seconds = 90_000
    assert "Liên kết đã quá hạn" in await _page(client, url, 410)


async def test_without_a_key_no_link_is_good(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Nobody has signed it."""
    daemon.desk.signer = None
    name = rich_incident().id
    assert "Liên kết không hợp lệ" in await _page(client, f"/incidents/{name}/ack?token={name}/an", 403)


async def test_what_is_over_or_unknown_is_said(client: httpx.AsyncClient, daemon: Ward) -> None:
    """A late reader of an old message is not left alone."""
    over = incident(fault(seconds=-900), closed=-800)
    daemon.desk.put(over)
    for answer in (
        await client.get(f"/incidents/{over.id}/ack?token={over.id}/an"),
        await client.post(f"/incidents/{over.id}/ack", data={"token": f"{over.id}/an"}),
        await client.post(f"/incidents/{over.id}/ack", data={"who": "An"}),
    ):
        assert answer.status_code == 409
        assert "Sự cố này đã hết" in answer.text
        assert f'href="/incidents/{over.id}"' in answer.text
    assert "Không có sự cố này." in await _page(client, "/incidents/nothing", 404)
    assert (await client.post("/incidents/nothing/ack", data={"who": "An"})).status_code == 404
    assert "<form" not in await _page(client, f"/incidents/{over.id}")


async def test_a_merged_incident_leads_to_the_other(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Who comes by an old link finds the way, and takes on the one that tells of it now."""
    other = rich_incident().id
    merged = replace(incident(fault(seconds=-900), closed=-800), merged_into=other)
    daemon.desk.put(merged)
    assert f'<a href="/incidents/{other}">{other}</a>' in await _page(client, f"/incidents/{merged.id}")
    page = await _page(client, f"/incidents/{merged.id}/ack?token={merged.id}/an")
    assert f'action="/incidents/{merged.id}/ack"' in page
    answer = await client.post(f"/incidents/{merged.id}/ack", data={"token": f"{merged.id}/an"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/incidents/{other}#ack")
    assert daemon.desk.kept[other].acknowledged is not None


async def test_another_sites_form_changes_nothing(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Though a browser would send it."""
    path = f"/incidents/{rich_incident().id}/ack"
    answer = await client.post(path, data={"who": "Mallory"}, headers={"origin": "null"})
    assert (answer.status_code, daemon.desk.done) == (403, [])


async def test_what_strangers_write_is_text(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Names, comments, ids and what a device said are shown, not run."""
    evil = "<script>alert(1)</script>"
    nasty = replace(
        rich_incident(), acknowledged=Acknowledgement(evil, AT, evil), hidden=(("device", evil),), merged_into=evil
    )
    daemon.desk.put(nasty)
    daemon.desk.decided = {("link", "office-vnpt"): [Decided(AT, evil, evil, nasty.id, evil)]}
    for path in ("/incidents", f"/incidents/{nasty.id}"):
        page = await _page(client, path)
        assert "<script>" not in page
        assert "&lt;script&gt;" in page


async def test_times_of_another_day_bear_it(client: httpx.AsyncClient, daemon: Ward) -> None:
    """An incident of yesterday says so."""
    daemon.kept.seconds = timedelta(days=1).total_seconds()
    assert ">13:55:00 24/11/2026</time>" in await _page(client, f"/incidents/{rich_incident().id}")


async def test_a_city_speaks_the_language_of_each_ward(client: httpx.AsyncClient, daemon: Ward) -> None:
    """An incident's page is in its ward's language, the list of all in the default."""
    inventory = daemon.kept.inventory
    assert inventory.ward is not None
    other = inventory.ward.model_copy(update={"id": "other", "language": "id"})
    daemon.kept.inventory = inventory.model_copy(update={"ward": None, "wards": (inventory.ward, other)})
    assert '<html lang="vi">' in await _page(client, f"/incidents/{rich_incident().id}")
    assert '<html lang="en">' in await _page(client, "/incidents")


async def test_without_alerting_it_is_said() -> None:
    """In the ward's language."""
    daemon = Ward()
    daemon.has_desk = False
    async with httpx.AsyncClient(transport=httpx.ASGITransport(daemon.app()), base_url="http://monitor") as web:
        for path in ("/incidents", "/incidents/x", "/incidents/x/ack"):
            assert "Phần cảnh báo không chạy" in await _page(web, path, 503)


@dataclass
class _Tags(HTMLParser):
    """Checks that every element is closed, and collects what is loaded and which fields have a label."""

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []
        self.labels: set[str] = set()
        self.fields: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "link", "br", "input"}:
            self.open.append(tag)
        given = dict(attrs)
        self.loaded += [value for name, value in attrs if name in {"src", "href", "style", "action"} and value]
        if tag == "label" and (name := given.get("for")):
            self.labels.add(name)
        if tag in {"input", "textarea"} and given.get("type") != "hidden":
            self.fields.add(given.get("id") or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def test_pages_are_well_formed_and_load_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    """Every element is closed, every reference is a path on this server, every field has a label, no script runs."""
    name = rich_incident().id
    for path in ("/incidents", f"/incidents/{name}", f"/incidents/{name}/ack?token={name}/an", "/incidents/x"):
        answer = await client.get(path)
        tags = _Tags()
        tags.feed(answer.text)
        assert tags.open == []
        assert all(reference.startswith(("/", "#")) for reference in tags.loaded)
        assert tags.labels == tags.fields
        assert not re.search(r"\bon[a-z]+=|<style", answer.text)
        assert answer.text.count("<script") == answer.text.count('<script src="/static/live.js" defer></script>')
        has_form = "<form" in answer.text
        policy = answer.headers["content-security-policy"]
        assert ("form-action 'self'" in policy) is has_form
        assert "frame-ancestors 'none'" in policy
        # A browser that keeps the referrer to itself calls the origin of our own form null.
        assert answer.headers["referrer-policy"] == ("same-origin" if has_form else "no-referrer")


async def test_it_is_given_back(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Whoever has taken it on can give it back with one button."""
    name = rich_incident().id
    await client.post(f"/incidents/{name}/ack", data={"who": "Bình"})
    page = await _page(client, f"/incidents/{name}")
    assert '<input type="hidden" name="who" value="Bình">' in page
    answer = await client.post(f"/incidents/{name}/unack", data={"who": "Bình"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/incidents/{name}#ack")
    assert daemon.desk.done[-1] == ("unacknowledge", name, "Bình")
    assert "Chưa có ai tiếp nhận." in await _page(client, f"/incidents/{name}")


@pytest.mark.parametrize(
    ("length", "ends"),
    [
        ("1h", "2026-11-24T08:00:00+00:00"),
        ("4h", "2026-11-24T11:00:00+00:00"),
        ("morning", "2026-11-25T00:00:00+00:00"),
        ("", "2026-11-24T08:00:00+00:00"),
    ],
)
async def test_it_is_silenced(client: httpx.AsyncClient, daemon: Ward, length: str, ends: str) -> None:
    """All that is told of what it is about, for an hour, for four, or until seven by the ward's clock."""
    name = rich_incident().id
    answer = await client.post(f"/incidents/{name}/silence", data={"who": " Bình ", "comment": "", "for": length})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/incidents/{name}#silence")
    (silence,) = daemon.desk.quiet.values()
    assert [str(matcher) for matcher in silence.matchers] == ['link="office-vnpt"']
    assert (silence.ends_at.isoformat(), silence.author) == (ends, "Bình")
    assert name in silence.comment
    page = await _page(client, f"/incidents/{name}")
    assert "bởi Bình</b>" in page
    assert 'id="silence-form"' not in page


async def test_a_silence_is_ended(client: httpx.AsyncClient, daemon: Ward) -> None:
    """With one button; a second time, or of an unknown one, nothing happens and nobody complains."""
    name = rich_incident().id
    await client.post(f"/incidents/{name}/silence", data={"who": "Bình", "comment": "đang sửa", "for": "1h"})
    (silence,) = daemon.desk.quiet
    for _ in range(2):
        answer = await client.post(f"/incidents/{name}/unsilence", data={"silence": silence, "who": "An"})
        assert answer.status_code == 303
    assert daemon.desk.quiet[silence].ended_by == "An"
    assert (await client.post(f"/incidents/{name}/unsilence", data={"silence": "x", "who": ""})).status_code == 303
    assert 'id="silence-form"' in await _page(client, f"/incidents/{name}")


@pytest.mark.parametrize("deed", ["unack", "silence", "unsilence"])
async def test_nothing_is_done_for_strangers_or_about_nothing(
    client: httpx.AsyncClient, daemon: Ward, deed: str
) -> None:
    """Another site's form, an unknown incident and one that is over change nothing."""
    form = {"who": "Mallory", "for": "1h", "silence": "x"}
    over = incident(fault(seconds=-900), closed=-800)
    daemon.desk.put(over)
    path = f"/incidents/{rich_incident().id}/{deed}"
    assert (await client.post(path, data=form, headers={"sec-fetch-site": "cross-site"})).status_code == 403
    assert (await client.post(f"/incidents/nothing/{deed}", data=form)).status_code == 404
    wanted = 303 if deed == "unsilence" else 409
    assert (await client.post(f"/incidents/{over.id}/{deed}", data=form)).status_code == wanted
    assert (daemon.desk.quiet, daemon.desk.kept[over.id]) == ({}, over)


async def test_a_silence_needs_a_name(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Somebody answers for it."""
    answer = await client.post(f"/incidents/{rich_incident().id}/silence", data={"who": " ", "for": "1h"})
    assert (answer.status_code, daemon.desk.quiet) == (422, {})


def test_a_subject_is_muted_by_the_labels_that_routes_know_it_by() -> None:
    """Site, provider and requirement too; the monitor itself by its alert alone."""
    names = Naming().of(ward())
    link = fault(AlertName.LINK_BELOW_REQUIREMENT, ("link", "office-vnpt"), requirement="rtt")
    assert labels_of(link, "xuan-dinh", names) == {
        "alertname": "LinkBelowRequirement",
        "severity": "critical",
        "ward": "xuan-dinh",
        "site": "office",
        "requirement": "rtt",
        "link": "office-vnpt",
        "provider": "VNPT",
    }
    blind = fault(AlertName.MONITOR_BLIND, ("monitor", ""))
    assert labels_of(blind, "", names) == {"alertname": "MonitorBlind", "severity": "critical"}
    assert str(matcher_of(blind.subject, blind)) == 'alertname="MonitorBlind"'


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-24T23:59:59+00:00", "2026-11-25T00:00:00+00:00"),
        ("2026-11-25T00:00:00+00:00", "2026-11-26T00:00:00+00:00"),
        ("2026-11-24T17:00:00+00:00", "2026-11-25T00:00:00+00:00"),
    ],
)
def test_a_night_lasts_until_seven(now: str, morning: str) -> None:
    """By the ward's clock: the seven that comes next, never the one that has just been."""
    found = until_morning(datetime.fromisoformat(now), ZoneInfo("Asia/Ho_Chi_Minh"))
    assert found == datetime.fromisoformat(morning)


async def test_whoever_has_shown_who_they_are_signs_with_that(daemon: Ward) -> None:
    """Their name stands in the forms, and beside another that they write."""
    name = rich_incident().id

    async def known(scope: Scope, receive: Receive, send: Send) -> None:
        note_user(scope, "duty")
        await app(scope, receive, send)

    app = daemon.app()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(known), base_url="http://monitor") as web:
        assert (await web.get(f"/incidents/{name}")).text.count('value="duty"') == 2
        await web.post(f"/incidents/{name}/ack", data={"who": "An"})
        await web.post(f"/incidents/{name}/unack", data={"who": "An (duty)"})
        await web.post(f"/incidents/{name}/silence", data={"who": "duty", "for": "1h"})
    assert daemon.desk.done == [("acknowledge", name, "An (duty)", ""), ("unacknowledge", name, "duty")]
    assert [silence.author for silence in daemon.desk.quiet.values()] == ["duty"]


async def test_a_reader_chooses_the_language(client: httpx.AsyncClient) -> None:
    """The ward's wins unless the address says otherwise; every way on keeps the choice, and leads back out of it."""
    name = rich_incident().id
    page = await _page(client, f"/incidents/{name}?lang=en")
    assert '<html lang="en">' in page
    assert f'action="/incidents/{name}/ack?lang=en"' in page
    assert f'<a href="/incidents/{name}" lang="vi" hreflang="vi">Tiếng Việt</a>' in page
    assert 'href="/links/office-vnpt?lang=en"' in page
    answer = await client.post(f"/incidents/{name}/ack?lang=en", data={"who": "An"})
    assert answer.headers["location"] == f"/incidents/{name}?lang=en#ack"
    assert '<html lang="vi">' in await _page(client, f"/incidents/{name}?lang=xx")
