"""What the history alone tells, without a running daemon: for ``linkward explain --storage.url``."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from exporters.desk import Decided
from exporters.past import Past, PastUnavailableError
from history.database import Database
from history.errors import HistoryError, explained
from history.facts import Decision
from history.migration import is_up_to_date
from history.reading import (
    read_audit,
    read_decisions,
    read_heartbeats,
    read_incident,
    read_last_decisions,
    read_transitions,
)
from model.availability import Availability
from model.incident import About
from model.intervals import Interval, between, instant, moment
from model.inventory import Inventory
from model.measurement import SubjectKey
from model.state import State
from model.topology import Topology
from monitor.accounts import seen
from monitor.past import announcements
from monitor.rulings import decided

_T = TypeVar("_T")
_ANNOUNCED_WITHIN: Final = timedelta(days=400)
_BEFORE: Final = timedelta(days=1)
_AFTER: Final = timedelta(hours=1)


class Offline:
    """Answers for the past from a history that nobody need be writing; it changes nothing.

    Args:
        inventory: What is watched.
        url: Where the history is kept.

    Raises:
        HistoryError: The URL names no history of ours.
    """

    def __init__(self, inventory: Inventory, url: str) -> None:
        self.inventory = inventory
        self.topology = Topology(inventory)
        self._database = Database(url)
        if self._database.file is not None and not self._database.file.is_file():
            raise HistoryError(
                f"there is no history {self._database.place}", "write the path that the daemon writes to"
            )

    def now(self) -> datetime:
        """The time, aware UTC."""
        return datetime.now(UTC)

    def state(self, _: SubjectKey) -> tuple[State, datetime | None]:
        """Nobody watches: what is so now is not known."""
        return State.UNKNOWN, None

    async def past(self, subjects: Collection[SubjectKey], period: Interval) -> Past:
        """What happened to these subjects.

        Raises:
            PastUnavailableError: It cannot be read.
        """
        return self._asked(lambda connection: _past(connection, subjects, period))

    async def availabilities(self, _: Collection[SubjectKey], __: Interval) -> Mapping[SubjectKey, Availability]:
        """Nobody asks for them here."""
        return {}

    async def decisions(self, subject: About, at: datetime) -> Sequence[Decided]:
        """What held for a subject at a time and was decided in the day before it and the hour after.

        Raises:
            PastUnavailableError: It cannot be read.
        """
        found = self._asked(lambda connection: _decisions(connection, subject, at))
        return [decided(one) for one in found]

    def close(self) -> None:
        """Close the database."""
        self._database.forget_connections()

    def _asked(self, question: Callable[[Connection], _T]) -> _T:
        place = self._database.place
        try:
            with self._database.reading() as connection:
                _check(connection, place)
                return question(connection)
        except (SQLAlchemyError, OSError, HistoryError) as error:
            told = explained(error, place)
            raise PastUnavailableError(told.what, told.mend) from error


def _check(connection: Connection, place: str) -> None:
    if not is_up_to_date(connection, place):
        mend = "start the daemon of this version on it once, which brings it up to date"
        raise HistoryError(f"{place} is empty, or was written by an older version", mend)


def _past(connection: Connection, subjects: Collection[SubjectKey], period: Interval) -> Past:
    start, end = moment(period.start), moment(period.end)
    log = {
        subject: records
        for each in subjects
        for subject, records in read_transitions(connection, start, end, each).items()
    }
    earliest = min((record.at for records in log.values() for record in records), default=start)
    runs = read_heartbeats(connection, min(earliest, start), end, None)
    audit = read_audit(connection, start - _ANNOUNCED_WITHIN, end)
    return Past(
        log,
        runs=[span for span in seen(runs) if span.start < instant(end)],
        blind=[between(run.began, run.until) for run in runs if run.blind],
        announcements=announcements(audit).all(),
    )


def _decisions(connection: Connection, subject: About, at: datetime) -> list[Decision]:
    """Those about it, and those about the causes of the incidents that it is a part of."""
    own = _about(connection, subject, at)
    found = list(own)
    for name in dict.fromkeys(one.incident for one in own if one.incident):
        incident = read_incident(connection, name)
        if incident is not None and incident.cause.subject != subject:
            found += [one for one in _about(connection, incident.cause.subject, at) if one.incident == name]
    return sorted(found, key=lambda one: one.at)


def _about(connection: Connection, subject: About, at: datetime) -> list[Decision]:
    held = read_last_decisions(connection, at, subject)
    around = read_decisions(connection, at - _BEFORE, at + _AFTER, subject)
    return [*(one for one in held if one not in around), *around]
