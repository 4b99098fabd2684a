"""Notices that outlive the process until they are receipted or given up."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.notice import AlertEntry, Kind, Notice, Words
from history.facts import Notification, Step
from history.store import Store
from monitor.outbox import Outbox, stored
from tests.peers.facts import opened

NOON = datetime(2026, 11, 1, 5, tzinfo=UTC)
FAR = NOON + timedelta(days=9)
PAGE = "https://monitor.example/incidents/office-vnpt-0a1b2c"
TOKEN = "planted-token"
ACK = f"{PAGE}/ack?token={TOKEN}"


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def notice(number: int = 0, receiver: str = "duty") -> Notice:
    """A message with a link that acknowledges, in its fields and in its words."""
    return Notice(
        key=f"key-{number}",
        receiver=receiver,
        kind=Kind.OPENED,
        incidents=("office-vnpt-0a1b2c",),
        decided_at=at(number),
        words=Words("Đứt", f"Đứt từ 12:00\nNhận việc: {ACK}", "Dut"),
        alerts=(AlertEntry({"alertname": "LinkDown"}, {"ack": ACK}, NOON),),
        group_key="{}",
        incident_url=PAGE,
        ack_url=ACK,
    )


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A history that does not exist yet."""
    return f"sqlite:///{tmp_path / 'history.db'}"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """A started store."""
    async with opened(url) as started:
        yield started


async def only(store: Store) -> Notification:
    """The one notification that there is."""
    (found,) = await store.notifications(NOON, FAR)
    return found


async def test_what_is_not_receipted_is_waiting_after_a_restart(store: Store, url: str) -> None:
    """As it was decided, link and all, the oldest first; what has ended is not."""
    notices = [notice(number) for number in range(4)]
    await store.record(*(stored(each) for each in reversed(notices)))
    outbox = Outbox(store)
    await outbox.sent(notices[1], at(9))
    await outbox.receipted(notices[2], at(9), "webhook", "200")
    await outbox.given_up(notices[3], at(9), "401")
    async with opened(url) as again:
        assert await Outbox(again).waiting() == notices[:2]


async def test_a_receipt_says_by_which_channel_and_when_it_was_sent_first(store: Store, url: str) -> None:
    """Also when it was sent by a process that is gone, and tried again by this one."""
    await store.record(stored(notice()))
    await Outbox(store).sent(notice(), at(1))
    async with opened(url) as again:
        outbox = Outbox(again)
        await outbox.waiting()
        await outbox.sent(notice(), at(2))
        await outbox.receipted(notice(), at(3), "zalo", "message 7")
    found = await only(store)
    assert (found.step, found.sent_at, found.receipted_at) == (Step.RECEIPTED, at(1), at(3))
    assert found.detail == {"channel": "zalo", "receipt": "message 7"}


async def test_attempts_after_the_first_write_nothing(store: Store) -> None:
    """However often a dead receiver is tried."""
    outbox = Outbox(store)
    for second in range(5):
        await outbox.sent(notice(), at(second))
    assert store.health().written == 1
    assert (await only(store)).sent_at == at(0)


async def test_giving_up_says_why(store: Store) -> None:
    """Whether or not it was ever sent."""
    outbox = Outbox(store)
    await outbox.given_up(notice(), at(5), "the bot's token is refused (401)")
    found = await only(store)
    assert (found.step, found.sent_at, found.given_up_at) == (Step.GIVEN_UP, None, at(5))
    assert found.detail == {"why": "the bot's token is refused (401)"}
    assert await outbox.waiting() == []


async def test_the_same_message_to_two_receivers_is_two(store: Store) -> None:
    """The receipt of one says nothing of the other."""
    await store.record(stored(notice()), stored(notice(receiver="mail")))
    outbox = Outbox(store)
    await outbox.receipted(notice(), at(1), "webhook", "")
    assert await outbox.waiting() == [notice(receiver="mail")]


@pytest.mark.parametrize("ending", ["receipted", "given up"])
async def test_the_token_leaves_the_history_when_the_message_has_ended(store: Store, ending: str) -> None:
    """While it waits the link is needed after a restart; afterwards its place in the words leads to the page."""
    await store.record(stored(notice()))
    assert TOKEN in str((await only(store)).content)
    outbox = Outbox(store)
    if ending == "receipted":
        await outbox.receipted(notice(), at(1), "webhook", "")
    else:
        await outbox.given_up(notice(), at(1), "")
    content = str((await only(store)).content)
    assert TOKEN not in content
    assert f"Nhận việc: {PAGE}'" in content.replace("\\n", "\n")


async def test_words_without_a_link_stay_as_they_are(store: Store) -> None:
    """An empty link is found in no text."""
    plain = replace(notice(), ack_url="", words=Words("a", "b", "c"), alerts=())
    await Outbox(store).receipted(plain, at(1), "webhook", "")
    assert (await only(store)).content == stored(plain).content


async def test_one_that_cannot_be_read_holds_up_no_other(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """It is named in the log, without its content."""
    newer = {**stored(notice(1)).content, "kind": "sung"}
    await store.record(Notification("key", "duty", at(1), newer), stored(notice(2)))
    assert await Outbox(store).waiting() == [notice(2)]
    assert caplog.record_tuples == [
        ("monitor.outbox", logging.ERROR, caplog.messages[0]),
    ]
    assert "a stored message to duty is not sent" in caplog.text
    assert "'sung' is not a valid Kind" in caplog.text
    assert TOKEN not in caplog.text
