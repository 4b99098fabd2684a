"""The ledger of planned work: which windows were announced, since when, and until when that held."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from model.alerting import MaintenanceWindow
from model.maintenance import Announcement


class Announced:
    """Every maintenance window that was ever announced. What one has excused stays excused when it is taken back."""

    def __init__(self) -> None:
        self._held: dict[str, Announcement] = {}
        self._former: list[Announcement] = []

    @property
    def held(self) -> Mapping[str, Announcement]:
        """The windows that the inventory holds now, by id."""
        return self._held

    def all(self) -> Sequence[Announcement]:
        """These, and the former ones."""
        return (*self._former, *self._held.values())

    def announce(self, window: MaintenanceWindow, at: datetime) -> None:
        """Everybody knows of this window from then on, aware; it takes the place of the one with its id."""
        before = self._held.get(window.id)
        if before is None or not _is_same_time(before.window, window):
            self._end(window.id, at, window)
            self._held[window.id] = Announcement(window, at)
        else:
            self._held[window.id] = replace(before, window=window)

    def withdraw(self, window_id: str, at: datetime) -> None:
        """This window is taken back then, aware."""
        self._end(window_id, at, None)

    def hold(self, windows: Iterable[MaintenanceWindow], at: datetime) -> None:
        """The inventory holds these windows and no others from then on, aware."""
        wanted = {window.id: window for window in windows}
        for gone in self._held.keys() - wanted.keys():
            self.withdraw(gone, at)
        for window in wanted.values():
            self.announce(window, at)

    def _end(self, window_id: str, at: datetime, successor: MaintenanceWindow | None) -> None:
        if before := self._held.pop(window_id, None):
            # Who makes a window longer takes nothing back; but what was added in its midst was not announced before.
            stays = successor is not None and _is_longer(successor, before.window)
            self._former.append(before if stays else replace(before, withdrawn_at=at))


def _is_same_time(one: MaintenanceWindow, other: MaintenanceWindow) -> bool:
    return one.model_copy(update={"reason": ""}) == other.model_copy(update={"reason": ""})


def _is_longer(one: MaintenanceWindow, other: MaintenanceWindow) -> bool:
    if one.end is None or other.end is None or (one.end.tzinfo is None) is not (other.end.tzinfo is None):
        return False
    return one.end > other.end and _is_same_time(one.model_copy(update={"end": other.end}), other)
