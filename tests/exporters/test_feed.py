"""What has changed since when."""

import pytest

from exporters.feed import Feed


def test_nothing_is_heard_twice_and_nothing_is_missed() -> None:
    """From each mark on exactly what was said after it."""
    feed = Feed()
    first = feed.mark
    feed.said(("link", "a"), ("site", "s"))
    second = feed.mark
    feed.said(("link", "b"))
    assert feed.since(first) == frozenset({("link", "a"), ("site", "s"), ("link", "b")})
    assert feed.since(second) == frozenset({("link", "b")})
    assert feed.since(feed.mark) == frozenset()


def test_what_is_too_long_ago_is_not_known_any_more() -> None:
    """Only the last few thousand changes are kept."""
    feed = Feed()
    mark = feed.mark
    feed.said(*(("link", str(number)) for number in range(4_096)))
    assert len(feed.since(mark) or ()) == 4_096
    feed.said(("link", "one more"))
    assert feed.since(mark) is None


@pytest.mark.parametrize(
    "mark", ["", "x", "x-1", "{life}-", "{life}-9", "{life}--1", "{life}-²", "{life}-" + "9" * 5_000]
)
def test_a_mark_that_is_not_ours_is_not_known(mark: str) -> None:
    """One of a former life of the daemon, of the future, or made up."""
    feed = Feed()
    feed.said(("link", "a"))
    assert feed.since(mark.format(life=feed.mark.partition("-")[0])) is None
    assert Feed().since(feed.mark) is None


def test_whoever_carries_news_on_is_woken() -> None:
    """At each change."""
    feed, woken = Feed(), []
    feed.on_news(lambda: woken.append(feed.mark))
    feed.said(("link", "a"))
    assert woken == [feed.mark]
