"""Notices as JSON and back."""

import json
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.notice import AlertEntry, Kind, Notice, Words
from alerts.notice_json import from_document, to_document

NOON = datetime(2026, 11, 1, 5, tzinfo=UTC)
WHOLE = Notice(
    key="k1",
    receiver="duty",
    kind=Kind.OPENED,
    incidents=("office-vnpt-0a1b2c",),
    decided_at=NOON,
    words=Words("Đứt: Trụ sở", "Đứt từ 12:00", "Dut tu 12:00"),
    alerts=(AlertEntry({"alertname": "LinkDown"}, {"summary": "Đứt"}, NOON, NOON),),
    group_key="{}",
    person="an",
    group_labels={"ward": "xuan-dinh"},
    severity="warning",
    language="vi",
    incident_url="https://monitor.example/incidents/office-vnpt-0a1b2c",
    ack_url="https://monitor.example/incidents/office-vnpt-0a1b2c/ack?token=t",
)

TEXT = st.text(max_size=8)
TIMES = st.datetimes(timezones=st.just(UTC))
LABELS = st.dictionaries(TEXT, TEXT, max_size=3)
ALERTS = st.builds(AlertEntry, LABELS, LABELS, TIMES, st.none() | TIMES)
NOTICES = st.builds(
    Notice,
    *(TEXT, TEXT, st.sampled_from(Kind), st.lists(TEXT, max_size=3).map(tuple), TIMES),
    st.builds(Words, TEXT, TEXT, TEXT),
    st.lists(ALERTS, max_size=3).map(tuple),
    *(TEXT, TEXT, LABELS, TEXT, TEXT, TEXT, TEXT),
)


@given(NOTICES)
def test_a_notice_comes_back_as_it_was(notice: Notice) -> None:
    """Through JSON text, to the microsecond, whatever is said."""
    assert from_document(json.loads(json.dumps(to_document(notice)))) == notice


def test_every_field_is_written_and_none_is_a_secret() -> None:
    """Where a receiver is reached is looked up by its name when the notice is sent; a field that is added is seen here.

    The one thing that opens anything is the token in ``ack_url``, which ``monitor.outbox`` removes in the end.
    """
    document = to_document(WHOLE)
    assert document.keys() == {field.name for field in fields(Notice)}
    assert document["words"].keys() == {field.name for field in fields(Words)}
    assert document["alerts"][0].keys() == {field.name for field in fields(AlertEntry)}
    assert document.keys() == {
        *("key", "receiver", "person", "kind", "incidents", "decided_at", "words", "alerts"),
        *("group_key", "group_labels", "severity", "language", "incident_url", "ack_url"),
    }
    assert from_document(document) == WHOLE


def test_what_a_newer_program_added_is_passed_over() -> None:
    """A message that it stored is sent all the same."""
    document = to_document(WHOLE)
    document["words"]["mood"] = document["alerts"][0]["mood"] = "good"
    assert from_document(document | {"mood": "good"}) == WHOLE


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"words": None}, "this is no notice: TypeError"),
        ({"alerts": [{}]}, "this is no notice: KeyError"),
        ({"decided_at": "2026-11-01T00:00"}, "has no time zone"),
        ({"kind": "sung"}, "'sung' is not a valid Kind"),
    ],
    ids=["type", "key", "naive", "kind"],
)
def test_what_is_no_notice_is_refused(change: dict[str, Any], words: str) -> None:
    """With one class of error, whatever is wrong with it."""
    with pytest.raises(ValueError, match=words):
        from_document(to_document(WHOLE) | change)
