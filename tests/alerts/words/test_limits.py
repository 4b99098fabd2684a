"""Whatever things are called, a message fits, is composed, and shows."""

import unicodedata
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.labels import Places
from alerts.notice import Kind, Words
from alerts.words import Telling, annotations_of, words_of
from alerts.words.text import unaccented
from model.incident import About, Acknowledgement, AlertName, Fault, Incident
from model.inventory import Inventory, Language
from model.measurement import SubjectKey
from model.verdict import Quality
from tests.alerts.words.stories import BEGAN, LANGUAGES, closed, fault, incident

NAMES = st.text(max_size=80) | st.sampled_from([
    "x" * 65_536,
    "Nhà văn hóa " * 5_000,
    "🏢" * 30_000,
    "e\u0301\u0323" * 20_000,
    "a\nb\r\x00\u202e\u2028c",
    "{site} {0} %s",
    "=\u0338<\u0338",
    "村の事務所",
    "\ud800",
])
SUBJECTS: st.SearchStrategy[About] = st.sampled_from([
    ("site", "here"),
    ("link", "line"),
    ("link", "spare"),
    ("device", "box"),
    ("service", "page"),
    ("provider", "VNPT"),
    ("provider", "網路" * 9_000),
    ("monitor", ""),
    ("link", "gone"),
])
FIGURES = st.none() | st.floats(allow_nan=True) | st.text(max_size=5)


@st.composite
def wards(draw: st.DrawFn) -> Inventory:
    """One site with one of each, and more sites behind it, under any names."""
    link = {"target": "icmp://127.0.0.1", "provider": draw(NAMES), "circuit": draw(NAMES), "name": draw(NAMES)}
    here = {
        "id": "here",
        "name": draw(NAMES),
        "citizens_per_hour": draw(st.none() | st.floats(0, 1e9)),
        "links": [{**link, "id": "line"}, {**link, "id": "spare", "name": ""}],
        "devices": [{"id": "box", "name": draw(NAMES), "address": "127.0.0.1"}],
        "services": [{"id": "page", "name": draw(NAMES), "url": "http://127.0.0.1/"}],
    }
    number, name = draw(st.integers(0, 60)), draw(NAMES)
    others = [{"id": f"other-{each}", "name": f"{each} {name}"[:70_000]} for each in range(number)]
    return Inventory.model_validate({"ward": {"id": "ward", "name": draw(NAMES)}, "sites": [here, *others]})


@st.composite
def faults(draw: st.DrawFn) -> Fault:
    """Any fault, with evidence that may be missing or make no sense."""
    keys = ("value", "threshold", "window", "silences", "days_left", "rate", "hours", "because", "unit")
    evidence = {key: value for key in keys if (value := draw(FIGURES)) is not None}
    evidence |= {"unit": draw(st.sampled_from(["s", "ratio", "bit/s", "", "parsec"]))}
    name = draw(st.sampled_from(AlertName))
    return fault(
        name, draw(SUBJECTS), draw(st.sampled_from([*Quality, ""])), after_minutes=draw(st.floats(0, 9e4)), **evidence
    )


@st.composite
def incidents(draw: st.DrawFn, ward: Inventory) -> Incident:
    """Any incident of a ward: open, closed, acknowledged, part of another."""
    hidden: list[SubjectKey] = [("site", site.id) for site in ward.sites]
    hidden += [("device", "box"), ("service", "page"), ("link", "line")]
    found = incident(
        *draw(st.lists(faults(), min_size=1, max_size=12)), hidden=tuple(hidden[: draw(st.integers(0, 70))])
    )
    if draw(st.booleans()):
        found = replace(found, acknowledged=Acknowledgement(draw(NAMES), BEGAN, draw(NAMES)))
    if draw(st.booleans()):
        found = closed(found, timedelta(seconds=draw(st.floats(0, 1e8))))
    return replace(found, merged_into=draw(st.sampled_from([None, None, "another"])))


def fits(words: Words) -> None:
    """Title, text and SMS keep their limits."""
    assert 0 < len(words.title) <= 90
    assert words.title.isprintable()
    assert len(f"{words.title}\n\n{words.text}".encode("utf-16-le")) // 2 <= 2_000
    assert all(line.isprintable() and line.strip() for line in words.text.split("\n"))
    assert unicodedata.is_normalized("NFC", words.title + "\n" + words.text)
    assert 0 < len(words.sms) <= 160
    assert words.sms.isascii()
    assert words.sms.isprintable()


@given(st.data(), st.sampled_from(LANGUAGES), st.sampled_from(Kind))
def test_every_message_fits(data: st.DataObject, language: Language, kind: Kind) -> None:
    """Any names, any number of hidden subjects, any evidence: the limits hold, and the links are whole."""
    ward = data.draw(wards())
    found = data.draw(incidents(ward))
    now = BEGAN + timedelta(seconds=data.draw(st.floats(-1e5, 1e8)))
    page, ack = "https://mang.example/i/" + "a" * data.draw(st.integers(0, 400)), "https://mang.example/a"
    names = (data.draw(NAMES), data.draw(NAMES))
    told = Telling(Places(ward), language, ZoneInfo("Asia/Ho_Chi_Minh"), now, page, ack, escalated_from=names)
    words = words_of(found, kind, told)
    fits(words)
    assert page in words.text
    assert (ack in words.text) is (found.is_open and not found.merged_into and not found.acknowledged)
    for entry in found.entries:
        annotations = annotations_of(entry, found, told)
        assert all(text and "\n" not in text for text in annotations.values())


@given(st.text())
def test_ascii_is_ascii(text: str) -> None:
    """Whatever is written, an SMS gets one line of letters that a GSM alphabet has."""
    plain = unaccented(text)
    assert plain.isascii()
    assert plain == " ".join(plain.split())
    assert not set(plain) & set("[]{}\\|^~`")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_too_long_is_left_out_whole(language: Language) -> None:
    """Half a link leads nowhere: one that leaves no room for words is not there at all."""
    told = Telling(
        Places(Inventory()),
        language,
        ZoneInfo("UTC"),
        BEGAN,
        "https://mang.example/" + "x" * 3_000,
        "https://a.example",
    )
    words = words_of(incident(fault(AlertName.MONITOR_BLIND, ("monitor", ""))), Kind.OPENED, told)
    fits(words)
    assert "xxx" not in words.text
    assert words.text.endswith("https://a.example")
