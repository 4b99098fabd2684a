"""Tellers and news: how much is let through."""

from model.trap import Trap, TrapKind
from monitor.traps.news import SAME_NEWS_FOR, News
from monitor.traps.teller import Teller

DOWN = Trap(TrapKind.LINK_DOWN, "down", 7)
UP = Trap(TrapKind.LINK_UP, "up", 7)


def test_a_teller_tells_once_a_minute_and_how_often_it_did_not() -> None:
    """The first at once, the next after a minute with the number between."""
    teller = Teller()
    assert [teller.may(at) for at in (0.0, 1.0, 59.9, 60.0, 61.0)] == [0, None, None, 2, None]


def test_the_same_news_is_news_once() -> None:
    """Within 30 s the second is none; after that it is again."""
    news = News()
    assert news.is_new("a", DOWN, 0.0)
    assert not news.is_new("a", DOWN, SAME_NEWS_FOR - 0.1)
    assert news.is_new("a", DOWN, SAME_NEWS_FOR)


def test_a_port_that_flaps_is_news_each_time() -> None:
    """Down, up, down within the 30 seconds: each tells something new."""
    news = News()
    assert all(news.is_new("a", trap, at) for at, trap in enumerate((DOWN, UP, DOWN)))


def test_senders_and_ports_are_told_apart() -> None:
    """What one has said of one port is not what another says, or it of another."""
    news = News()
    assert news.is_new("a", DOWN, 0.0)
    assert news.is_new("b", DOWN, 0.0)
    assert news.is_new("a", Trap(TrapKind.LINK_DOWN, "down", 8), 0.0)


def test_what_is_remembered_is_bounded() -> None:
    """A hundred thousand different things are not all remembered, and all is forgotten after 30 s."""
    news = News()
    for index in range(100_000):
        news.is_new("a", Trap(TrapKind.LINK_DOWN, "down", index), 0.0)
    assert len(news) <= 8_192
    news.is_new("a", DOWN, SAME_NEWS_FOR + 1)
    assert len(news) == 1
