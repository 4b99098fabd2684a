"""What the history tells a monitor that starts: the month so far, and what was announced before."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from history.errors import HistoryError
from history.facts import AuditEntry, Document, Heartbeat
from history.store import Store
from model.alerting import MaintenanceWindow
from model.maintenance import Announcement
from model.measurement import SubjectKey
from model.transition import Transition
from monitor.accounts import Accounts
from monitor.announced import Announced

log = logging.getLogger(__name__)

_LONGEST_PERIOD = timedelta(days=33)
_ANNOUNCED_WITHIN = timedelta(days=400)
_WHO = "configuration"
_ANNOUNCED, _WITHDRAWN = "announce-maintenance", "withdraw-maintenance"


async def remember(store: Store, accounts: Accounts, now: datetime) -> datetime | None:
    """Let the accounts know what happened this month, before they know the inventory or, where need be, after it.

    Args:
        store: The history.
        accounts: What is to know.
        now: When the monitor began, aware UTC.

    Returns:
        The end of the last heartbeat of this monitor, ``now`` where there is none; ``None`` where nothing can be read.
    """
    start = now - _LONGEST_PERIOD
    try:
        runs: list[Heartbeat] = await store.heartbeats(start, now, store.monitor)
        changes: dict[SubjectKey, list[Transition]] = await store.transitions(start, now)
        audit: list[AuditEntry] = await store.audit(now - _ANNOUNCED_WITHIN, now)
    except HistoryError as error:
        log.warning("the month so far counts as unknown, the history cannot be read: %s", error)
        return None
    accounts.announced(announcements(audit), now)
    accounts.remember(changes, runs, now)
    return max((run.until for run in runs), default=now)


def announcements(audit: list[AuditEntry]) -> Announced:
    """The maintenance windows that were announced, and what became of them."""
    known = Announced()
    for entry in sorted(audit, key=lambda entry: entry.at):
        if entry.who == _WHO and entry.action == _ANNOUNCED:
            known.announce(MaintenanceWindow.model_validate_json(str(entry.content["window"])), entry.at)
        elif entry.who == _WHO and entry.action == _WITHDRAWN:
            known.withdraw(str(entry.content["id"]), entry.at)
    return known


def news(before: Mapping[str, Announcement], after: Mapping[str, Announcement], now: datetime) -> list[AuditEntry]:
    """What is to be written down of a change of the windows."""
    withdrawn = [AuditEntry(now, _WHO, _WITHDRAWN, {"id": window}) for window in before.keys() - after.keys()]
    announced = [
        AuditEntry(each.at.astimezone(UTC), _WHO, _ANNOUNCED, _content(each.window))
        for key, each in after.items()
        if before.get(key) != each
    ]
    return [*withdrawn, *announced]


def _content(window: MaintenanceWindow) -> Document:
    return {"window": window.model_dump_json(by_alias=True, exclude_none=True)}
