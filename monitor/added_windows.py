"""Maintenance windows that were added while the monitor ran, beside the inventory's: kept in the history's audit."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import ValidationError

from history.facts import AuditEntry, Document
from model.alerting import MaintenanceWindow

ADDED: Final = "add-maintenance"
ENDED: Final = "end-maintenance"
KEPT: Final = timedelta(days=400)
"""So far back windows are looked for."""


def added_windows(audit: Iterable[AuditEntry]) -> tuple[MaintenanceWindow, ...]:
    """The windows that were added and not ended, by what was written down of them."""
    windows: dict[str, MaintenanceWindow] = {}
    for entry in sorted(audit, key=lambda entry: entry.at):
        if entry.action == ADDED:
            window = _read(entry.content)
            if window is not None:
                windows[window.id] = window
        elif entry.action == ENDED:
            windows.pop(str(entry.content.get("id", "")), None)
    return tuple(windows.values())


def added(window: MaintenanceWindow, who: str, at: datetime) -> AuditEntry:
    """The fact that somebody added a window."""
    return AuditEntry(at, who, ADDED, {"window": window.model_dump_json(by_alias=True, exclude_none=True)})


def ended(name: str, who: str, at: datetime) -> AuditEntry:
    """The fact that somebody ended one."""
    return AuditEntry(at, who, ENDED, {"id": name})


def together(
    inventory: Sequence[MaintenanceWindow], added: Sequence[MaintenanceWindow]
) -> tuple[MaintenanceWindow, ...]:
    """All windows; one of the inventory takes the place of an added one with its id."""
    names = {window.id for window in inventory}
    return (*inventory, *(window for window in added if window.id not in names))


def _read(content: Document) -> MaintenanceWindow | None:
    try:
        return MaintenanceWindow.model_validate_json(str(content.get("window", "")))
    except ValidationError:  # written by a newer program
        return None
