"""Notices that are on their way, kept in the history: what was decided but not receipted is sent again after a restart.

A notice holds no secret but one: the link that acknowledges its incident bears a signed token. A message that is sent
after a restart needs that link, so it is stored while the notice waits; whoever can read the history then could sign
off this one incident in the name of this one person, until the token expires. Once the notice has ended, nothing needs
the link any more, and the row is written again without it.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from alerts.notice import Notice
from alerts.notice_json import from_document, to_document
from history.facts import Notification

log = logging.getLogger(__name__)

_Key = tuple[str, str, datetime]


class History(Protocol):
    """Where notifications become durable."""

    async def record(self, *facts: Notification) -> StrEnum:
        """Write these; comes back when they are durable, or when that takes too long, and then says so."""

    async def outbox(self) -> list[Notification]:
        """Those that have not ended, the oldest first."""


class Outbox:
    """How far each notice has come.

    What cannot be written is not waited for: the worst that follows is that a notice is sent once more, with its key.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._sent: dict[_Key, datetime] = {}

    async def waiting(self) -> list[Notice]:
        """The notices that are neither receipted nor given up, the oldest first; one that cannot be read is logged.

        Raises:
            HistoryError: The history cannot be read.
        """
        notices = []
        for notification in await self._history.outbox():
            try:
                notice = from_document(notification.content)
            except ValueError as error:
                log.error("a stored message to %s is not sent, see the history: %s", notification.receiver, error)  # noqa: TRY400  # a trace tells nobody more
                continue
            if notification.sent_at is not None:
                self._sent[_key(notice)] = notification.sent_at
            notices.append(notice)
        return notices

    async def sent(self, notice: Notice, at: datetime) -> None:
        """It was handed to a channel; of several attempts the first counts."""
        if _key(notice) in self._sent:
            return
        self._sent[_key(notice)] = at
        await self._history.record(replace(stored(notice), sent_at=at))

    async def receipted(self, notice: Notice, at: datetime, channel_kind: str, receipt: str) -> None:
        """Its receiver has it.

        Args:
            notice: Which.
            at: When, aware UTC.
            channel_kind: Of the channel that took it, such as ``webhook``.
            receipt: What the channel answered, such as the id of the message; without secrets.
        """
        sent_at = self._sent.pop(_key(notice), at)
        detail = {"channel": channel_kind, "receipt": receipt}
        await self._history.record(replace(_ended(notice), sent_at=sent_at, receipted_at=at, detail=detail))

    async def given_up(self, notice: Notice, at: datetime, why: str) -> None:
        """Nobody tries to send it any more.

        Args:
            notice: Which.
            at: When, aware UTC.
            why: For people; without secrets.
        """
        sent_at = self._sent.pop(_key(notice), None)
        await self._history.record(replace(_ended(notice), sent_at=sent_at, given_up_at=at, detail={"why": why}))


def stored(notice: Notice) -> Notification:
    """The fact that is recorded with its incident, before anything is sent."""
    return Notification(notice.key, notice.receiver, notice.decided_at, to_document(notice))


def _ended(notice: Notice) -> Notification:
    content = to_document(notice)
    if notice.ack_url:
        content = {**_replaced(content, notice.ack_url, notice.incident_url), "ack_url": ""}
    return replace(stored(notice), content=content)


def _replaced(value: Any, old: str, new: str) -> Any:
    match value:
        case str():
            return value.replace(old, new)
        case Mapping():
            return {key: _replaced(part, old, new) for key, part in value.items()}
        case list():
            return [_replaced(part, old, new) for part in value]
        case _:
            return value


def _key(notice: Notice) -> _Key:
    return notice.key, notice.receiver, notice.decided_at
