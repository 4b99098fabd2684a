"""The calendar's job for reviews: once a month is over its review is made, laid into a folder, and mailed.

Where it has been brought is an entry of the audit, written once that is done: a daemon that was off on the day makes up
for it, and one that starts again does not bring it twice. If it dies between a mail and its entry, the mail goes out
again, with the same ``Message-ID``.
"""

import asyncio
import hashlib
import logging
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from alerts.receivers.channels import is_mail
from alerts.receivers.delivery import Outcome
from alerts.receivers.mail import Mail
from history.errors import HistoryError
from history.facts import AuditEntry
from history.store import Store
from model.inventory import Inventory, Reports
from monitor.apart import ApartError, apart, unheard
from monitor.review_asked import Asked
from monitor.review_due import Due, due_review
from monitor.review_letter import Sending, letter_of
from monitor.review_making import Failed, Laid, Order, laid

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 60
"""Seconds between two looks at the calendar."""
BROUGHT: Final = "review"
"""The action in the audit."""

_WHO: Final = "calendar"
_FOLDER: Final = "folder"
_MAIL_TIMEOUT: Final = 120.0  # seconds: megabytes over a line that is not what the contract says
_FIRST_PAUSE: Final = 60.0
_LONGEST_PAUSE: Final = 3_600.0
_A_DAY: Final = timedelta(days=1)


class Counts(Protocol):
    """Who counts what became of reviews."""

    def review(self, outcome: str) -> None:
        """One was ``laid`` into the folder, ``mailed``, or an attempt has ``failed``."""


@dataclass(frozen=True, slots=True)
class _Box:
    """Somebody to whom it is mailed.

    Attributes:
        key: Names them in the audit, without a password.
        mail: The way to them.
    """

    key: str
    mail: Mail


class _NotBroughtError(Exception):
    """It is not everywhere where it should be; the message says why."""


class ReviewPost:
    """Brings the review of each month to where the inventory wants it.

    Args:
        store: The history.
        url: Where another process finds it.
        inventory: Gives the inventory that is in force.
        counts: Counts.
        one_at_a_time: Held while a review is made.
        now: The time, aware UTC.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        store: Store,
        url: str,
        inventory: Callable[[], Inventory],
        counts: Counts,
        one_at_a_time: asyncio.Lock,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._url, self._inventory, self._counts = store, url, inventory, counts
        self._one_at_a_time, self._now, self._clock = one_at_a_time, now, clock
        self._reports = Reports()
        self._done: set[tuple[str, str]] = set()
        self._settled = ""  # the month that is everywhere where it should be
        self._failures, self._not_before = 0, 0.0
        self._bringing: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """Begin with what is due, and do not wait for it."""
        reports = self._inventory().reports
        if reports != self._reports:
            self._reports, self._settled, self._failures, self._not_before = reports, "", 0, 0.0
        is_busy = self._bringing is not None and not self._bringing.done()
        if not reports.is_planned or is_busy or self._clock() < self._not_before:
            return
        due = due_review(self._inventory(), self._now())
        if due.month != self._settled:
            self._bringing = asyncio.create_task(self._bring(due))

    def overdue(self) -> float | None:
        """Seconds since the review that is not there yet was due, 0 where all are there.

        ``None`` where none is planned, and until it is known what the daemon has done before it was started.
        """
        if not self._inventory().reports.is_planned or not (self._settled or self._failures):
            return None
        due = due_review(self._inventory(), self._now())
        return 0.0 if due.month == self._settled else (self._now() - due.since).total_seconds()

    async def close(self) -> None:
        """Bring nothing more."""
        if self._bringing is not None:
            self._bringing.cancel()
            await asyncio.gather(self._bringing, return_exceptions=True)

    async def _bring(self, due: Due) -> None:
        try:
            await self._everywhere(due)
        except (_NotBroughtError, HistoryError, ApartError, OSError) as error:
            self._counts.review("failed")
            self._failures += 1
            pause = min(_FIRST_PAUSE * 2 ** (self._failures - 1), _LONGEST_PAUSE)
            self._not_before = self._clock() + pause
            log.warning("the review of %s: %s; the next attempt is in %d minutes", due.month, error, pause // 60)
        else:
            self._settled, self._failures = due.month, 0

    async def _everywhere(self, due: Due) -> None:
        inventory, reports = self._inventory(), self._reports
        before = await self._store.audit(due.ended - _A_DAY, self._now() + _A_DAY)
        self._done |= {
            (str(entry.content.get("month")), str(entry.content.get("to")))
            for entry in before
            if entry.action == BROUGHT
        }
        boxes = [box for box in boxes_of(inventory) if (due.month, box.key) not in self._done]
        is_laid = not reports.folder or (due.month, _FOLDER) in self._done
        if is_laid and not boxes:
            return
        if reports.folder:
            await self._made(due, inventory, Path(reports.folder), boxes)
        else:
            with tempfile.TemporaryDirectory(prefix="linkward-review-") as folder:
                await self._made(due, inventory, Path(folder), boxes)

    async def _made(self, due: Due, inventory: Inventory, folder: Path, boxes: Sequence[_Box]) -> None:
        reports, now = inventory.reports, self._now()
        languages = tuple(dict.fromkeys(reports.languages)) or (inventory.language_of(),)
        asked = Asked(due.month, cut_day=reports.cut_day, notice=reports.notice)
        order = Order(self._url, self._store.monitor, inventory, asked, now)
        formats = tuple(dict.fromkeys(reports.formats))
        async with self._one_at_a_time:
            found = await apart(unheard, laid, order, formats, languages, folder)
        if isinstance(found, Failed):
            if found.is_empty:
                log.info("the review of %s is not made: %s", due.month, found.what)
                return
            raise _NotBroughtError(found.what)
        stays = folder if reports.folder else None
        if stays is not None and (due.month, _FOLDER) not in self._done:
            await self._brought(due.month, _FOLDER, str(stays), "laid")
        await self._mail(found, Sending(due.month, languages[0], stays, now), inventory, boxes)

    async def _mail(self, found: Laid, sending: Sending, inventory: Inventory, boxes: Sequence[_Box]) -> None:
        if not boxes:
            return
        letter = await asyncio.to_thread(letter_of, found, sending, inventory)
        failures = []
        for box in boxes:
            delivery = await asyncio.to_thread(box.mail.send_letter, letter, _MAIL_TIMEOUT)
            if delivery.outcome is Outcome.DELIVERED:
                await self._brought(sending.month, box.key, f"{box.mail.place}: {delivery.detail}", "mailed")
            else:
                failures.append(f"it could not be mailed to {box.mail.place}: {delivery.detail}")
        if failures:
            raise _NotBroughtError("; ".join(failures))

    async def _brought(self, month: str, to: str, where: str, outcome: str) -> None:
        self._done.add((month, to))
        self._counts.review(outcome)
        log.info("the review of %s was %s: %s", month, outcome, where)
        content = {"month": month, "to": to, "where": where}
        await self._store.record(AuditEntry(self._now(), _WHO, BROUGHT, content))


def boxes_of(inventory: Inventory) -> list[_Box]:
    """To whom the inventory wants it mailed, each once."""
    named = [inventory.alerts.receivers[name] for name in inventory.reports.receivers]
    urls = [url.get_secret_value().strip() for receiver in named for url in receiver.urls]
    urls = [*filter(is_mail, urls), *(url.get_secret_value().strip() for url in inventory.reports.mail_to)]
    boxes = [_Box(_key(mail), mail) for mail in map(Mail, urls)]
    return list({box.key: box for box in boxes}.values())


def _key(mail: Mail) -> str:
    """The same for the same people and server, whatever the password is by now."""
    return hashlib.sha256("|".join((mail.host, *sorted(mail.recipients))).encode()).hexdigest()[:32]
