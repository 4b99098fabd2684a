"""Incidents as JSON and back."""

import json
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.incident import Acknowledgement, AlertName, Attachment, Entry, Fault, Incident, Severity, Told
from model.incident_json import from_document, to_document
from model.measurement import SubjectKey

NOON = datetime(2026, 11, 1, 5, 0, 0, 1, tzinfo=UTC)
LINK: SubjectKey = ("link", "office-vnpt")
FAULT = Fault(AlertName.LINK_DOWN, LINK, NOON, NOON, Severity.CRITICAL, "rtt", {"lost": 3.0, "why": "im lặng"})
WHOLE = Incident(
    "office-vnpt-0a1b2c",
    "xuan-dinh",
    NOON,
    NOON,
    NOON,
    (Entry(FAULT, NOON),),
    parts=(Entry(FAULT),),
    hidden=(("device", "office-rt1"),),
    revision=3,
    widened=2,
    version=9,
    closed_at=NOON,
    merged_into="other-0a1b2c",
    acknowledged=Acknowledgement("an", NOON, "đang xem"),
    told={"duty": Told(NOON, NOON, 2, resolved=True, person="an", severity=Severity.CRITICAL)},
    attachments=(Attachment("path", LINK, NOON, {"hops": [{"address": "10.0.0.1"}, None]}),),
)

TEXT = st.text(max_size=8)
TIMES = st.datetimes(timezones=st.just(UTC))
NAMES = st.tuples(st.sampled_from(["site", "link", "device", "service", "anchor"]), TEXT)
ABOUT = NAMES | st.tuples(st.just("provider"), TEXT) | st.just(("monitor", ""))
EVIDENCE = st.dictionaries(TEXT, TEXT | st.floats(allow_nan=False), max_size=3)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
FAULTS = st.builds(
    Fault, st.sampled_from(AlertName), ABOUT, TIMES, TIMES, st.sampled_from(Severity), TEXT, evidence=EVIDENCE
)
ENTRIES = st.lists(st.builds(Entry, FAULTS, st.none() | TIMES), max_size=2).map(tuple)
TOLD = st.builds(Told, TIMES, TIMES, st.integers(1), st.booleans(), TEXT, st.sampled_from(Severity))
INCIDENTS = st.builds(
    Incident,
    *(TEXT, TEXT, TIMES, TIMES, TIMES, ENTRIES, ENTRIES),
    hidden=st.lists(NAMES, max_size=2).map(tuple),
    revision=st.integers(1),
    widened=st.integers(1),
    version=st.integers(1),
    closed_at=st.none() | TIMES,
    merged_into=st.none() | TEXT,
    acknowledged=st.none() | st.builds(Acknowledgement, TEXT, TIMES, TEXT),
    told=st.dictionaries(TEXT, TOLD, max_size=2),
    attachments=st.lists(
        st.builds(Attachment, TEXT, ABOUT, TIMES, st.dictionaries(TEXT, JSON, max_size=2)), max_size=2
    ).map(tuple),
)


def decorated(value: Any) -> Any:
    """The same document as a newer program might write it: with another key in every object that has fixed ones."""
    match value:
        case dict():
            return {key: decorated(part) for key, part in value.items()} | {"mood": {"good": True}}
        case list():
            return [decorated(part) for part in value]
        case _:
            return value


@given(INCIDENTS)
def test_an_incident_comes_back_as_it_was(incident: Incident) -> None:
    """Through JSON text, to the microsecond, whatever is in it."""
    assert from_document(json.loads(json.dumps(to_document(incident)))) == incident


def test_every_field_is_written() -> None:
    """One that is added to a record and forgotten here fails."""
    document = to_document(WHOLE)
    assert document.keys() == {field.name for field in fields(Incident)}
    for part, kinds in [
        (document["entries"][0], {*fields(Fault), *fields(Entry)}),
        (document["acknowledged"], fields(Acknowledgement)),
        (document["told"]["duty"], fields(Told)),
        (document["attachments"][0], fields(Attachment)),
    ]:
        assert part.keys() == {field.name for field in kinds} - {"fault"}
    default = Incident("i", "", NOON, NOON, NOON, ())
    assert [name for name in document if getattr(WHOLE, name) == getattr(default, name)] == [
        *("began_at", "opened_at", "changed_at")
    ]
    assert from_document(document) == WHOLE


def test_what_a_newer_program_added_is_passed_over() -> None:
    """Keys that are not known here hinder nobody after a step back to an older program."""
    document = decorated(to_document(WHOLE))
    for part in (document["told"], document["entries"][0]["evidence"], document["attachments"][0]["content"]):
        del part["mood"]  # where the keys are names, every one counts
    for part in document["attachments"][0]["content"]["hops"][:1]:
        del part["mood"]
    del document["parts"][0]["evidence"]["mood"]
    assert from_document(document) == WHOLE


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"entries": [{}]}, "this is no incident: KeyError"),
        ({"told": []}, "this is no incident: AttributeError"),
        ({"hidden": [["link"]]}, "not enough values"),
        ({"opened_at": "2026-11-01T00:00"}, "has no time zone"),
        ({"entries": [{**to_document(WHOLE)["entries"][0], "name": "MoonDown"}]}, "'MoonDown' is not a valid"),
    ],
    ids=["key", "type", "pair", "naive", "kind"],
)
def test_what_is_no_incident_is_refused(change: dict[str, Any], words: str) -> None:
    """With one class of error, whatever is wrong with it."""
    with pytest.raises(ValueError, match=words):
        from_document(to_document(WHOLE) | change)
