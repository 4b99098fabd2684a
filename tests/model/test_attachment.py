"""Attachments as plain JSON: the same content, the same digest."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.attachment import difference_json, digest, path_from, path_json, plain
from model.incident import Attachment
from model.path import Hop, Note, Path, difference

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
WAY = Path(
    "10.0.0.9",
    (
        Hop(1, "10.0.0.1", 0.0012345678, Note.PASSED),
        Hop(2),
        Hop(3, "10.0.0.3", 0.5, Note.UNREACHABLE, "host unreachable"),
    ),
    reached=False,
)


def attachment(**content: object) -> Attachment:
    """One with this content."""
    return Attachment("path", ("link", "one"), NOON, content)


def test_the_order_of_keys_changes_no_digest() -> None:
    """Nor does writing it down and reading it again."""
    one, other = attachment(a=1, b={"c": [1, "đ"], "d": None}), attachment(b={"d": None, "c": [1, "đ"]}, a=1)
    assert digest([one]) == digest([other])
    again = attachment(**json.loads(json.dumps(one.content)))
    assert digest([again]) == digest([one])


@pytest.mark.parametrize(
    "other",
    [
        attachment(a=2),
        attachment(b=1),
        Attachment("interfaces", ("link", "one"), NOON, {"a": 1}),
        Attachment("path", ("link", "two"), NOON, {"a": 1}),
        Attachment("path", ("link", "one"), NOON.replace(hour=13), {"a": 1}),
    ],
)
def test_whatever_differs_changes_the_digest(other: Attachment) -> None:
    """Content, kind, subject and time are all in it, and so is the order of attachments."""
    one = attachment(a=1)
    assert len({digest([one]), digest([other]), digest([one, other]), digest([other, one]), digest([])}) == 5


def test_the_digest_is_that_of_its_canonical_text() -> None:
    """So that another program can compute it."""
    assert digest([]) == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"  # of []
    assert plain(attachment(a=1)) == {
        "kind": "path",
        "about": ["link", "one"],
        "taken_at": "2026-11-01T12:00:00+00:00",
        "content": {"a": 1},
    }


@pytest.mark.parametrize("alien", [float("nan"), object(), {1, 2}])
def test_what_json_does_not_know_is_refused(alien: object) -> None:
    """Rather than written in some way that nobody reads again."""
    with pytest.raises((ValueError, TypeError)):
        digest([attachment(a=alien)])


def test_a_path_comes_back_as_it_was_to_the_microsecond() -> None:
    """From its JSON, through text."""
    written = json.loads(json.dumps(path_json(WAY)))
    known = path_from(written)
    assert known is not None
    assert path_json(known) == written
    assert known.hops[1:] == WAY.hops[1:]
    assert known.hops[0].rtt == 0.001235


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["hops", "ttl"]), inner),
    max_leaves=5,
)


@given(st.sampled_from(["target", "reached", "hops"]), JSON)
def test_anything_else_is_no_path(key: str, alien: object) -> None:
    """What an older or a damaged store holds is left out, not believed and no error."""
    spoiled = path_from({**path_json(WAY), key: alien})
    assert spoiled is None or path_json(spoiled)[key] == alien


@pytest.mark.parametrize(
    "change", [{"ttl": 2}, {"ttl": "1"}, {"address": 5}, {"note": "gone"}, {"rtt_seconds": "1"}, {"said": None}]
)
def test_a_spoiled_hop_is_no_path(change: dict[str, object]) -> None:
    """A path with a hop that cannot be is left out as a whole."""
    written = json.loads(json.dumps(path_json(WAY)))
    written["hops"][0] |= change
    assert path_from(written) is None


def test_a_difference_is_json_too() -> None:
    """With and without a common hop."""
    other = Path("10.0.0.9", (Hop(1, "10.0.0.7", 0.1, Note.PASSED),), reached=False)
    same, unlike = difference_json(difference(WAY, WAY)), difference_json(difference(WAY, other))
    assert json.loads(json.dumps([same, unlike])) == [same, unlike]
    hops: Any = path_json(WAY)["hops"]
    assert same["last_common"] == hops[2]
    assert unlike["last_common"] is None
    assert unlike["new"] == path_json(other)["hops"]
