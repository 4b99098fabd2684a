"""What is done of a review in a process of its own: it is reckoned, shown in a format, laid into a folder."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from history.errors import HistoryError
from history.guest import Guest
from model.invalid import InvalidValueError
from model.inventory import Inventory
from monitor.apart import Step
from monitor.config.whole_file import replace_whole
from monitor.formats import FORMATS, file_name
from monitor.late import late
from monitor.review_asked import Asked, NothingStoredError, ReviewError
from monitor.review_files import check_folder, written
from reports.registry import Report

Made = TypeVar("Made")

# The daemon holds this module for the sake of its names; what reckons belongs into the process that does it.
_reviews: Final[Callable[..., AsyncIterator[Report]]] = late("monitor.reporting", "reviews")
_keep_months: Final[Callable[..., Awaitable[int]]] = late("monitor.reporting", "keep_months")
_to_json: Final[Callable[[Report], bytes]] = late("reports.json", "to_json")
_from_json: Final[Callable[[bytes], Report]] = late("reports.json", "from_json")

ALL: Final = "_"
"""The place of a review that is of no single ward: of a city, or of a monitor without wards. No id begins so."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which reviews are to be made, and from what.

    Attributes:
        url: Of the history.
        monitor: The name of this one.
        inventory: Whose wards, names and devices are meant.
        asked: Which review.
        now: Aware UTC: a month that is not over is reckoned until then.
    """

    url: str
    monitor: str
    inventory: Inventory
    asked: Asked
    now: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no review.

    Attributes:
        what: Why, and how to mend it, in words for people.
        is_empty: Because nothing at all is stored of the month.
        is_history: Because the history cannot be read.
    """

    what: str
    is_empty: bool = False
    is_history: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """In which form one review is wanted.

    Attributes:
        place: Of which ward; ``ALL`` for the summary of a city.
        form: Name of the format.
        language: Of the texts.
        made_at: When the review was reckoned, aware UTC.
    """

    place: str
    form: str
    language: str
    made_at: datetime

    @property
    def name(self) -> str:
        """Of its file in the folder of the reviews."""
        return f"{self.place}.{self.language}.{self.form}"


@dataclass(frozen=True, slots=True)
class Laid:
    """What was laid into a folder.

    Attributes:
        files: All of them, in order.
        main: Those that say it in short: of the ward, or of a city the summary.
        links: How many links met what was wanted, breached it, and how many cannot be told.
    """

    files: tuple[Path, ...]
    main: tuple[Path, ...]
    links: tuple[int, int, int]


def place_of(report: Report) -> str:
    """Whose review it is, as a file's name."""
    return ALL if report.scope.wards else report.scope.ward or ALL


def shown(step: Step, order: Order, folder: Path, view: View) -> str | Failed:
    """Make a file of a review that lies in a folder; what does not lie there yet is reckoned first.

    Args:
        step: Told how far it is.
        order: Which reviews are laid there where they are missing.
        folder: Which holds, or will hold, the reviews of one month as JSON.
        view: Which of them, and how.

    Returns:
        The name under which people save it; the file itself is in the folder.
    """
    return _told(lambda: _shown(step, order, folder, view))


def _shown(step: Step, order: Order, folder: Path, view: View) -> str:
    kept = folder / f"{view.place}.json"
    if not kept.is_file():
        asyncio.run(
            _each(order, step, lambda report: replace_whole(folder / f"{place_of(report)}.json", _to_json(report)))
        )
    report = _dated(_from_json(kept.read_bytes()), view.made_at)
    form = FORMATS[view.form]
    replace_whole(folder / view.name, form.render(report, view.language))
    return file_name(report, form, view.language)


def _dated(report: Report, at: datetime) -> Report:
    return replace(report, provenance=replace(report.provenance, generated_at=at))


def laid(step: Step, order: Order, formats: Sequence[str], languages: Sequence[str], folder: Path) -> Laid | Failed:
    """Make all files of these reviews.

    Args:
        step: Told how far it is.
        order: Which reviews.
        formats: Names of the formats.
        languages: Of the texts; a format without texts is written once.
        folder: Where they go; it is made where it is missing.
    """
    return _told(lambda: _laid(step, order, formats, languages, folder))


def _laid(step: Step, order: Order, formats: Sequence[str], languages: Sequence[str], folder: Path) -> Laid:
    check_folder(folder)
    found: list[tuple[Report, tuple[Path, ...]]] = []

    def lay(report: Report) -> None:
        files: dict[Path, None] = {}
        for number, language in enumerate(languages):
            chosen = [form for name in formats if (form := FORMATS[name]).has_language or number == 0]
            files |= dict.fromkeys(written(report, chosen, language, folder))
        found.append((report, tuple(files)))

    asyncio.run(_each(order, step, lay))
    last, main = found[-1]
    links = last.summary.figures.links
    return Laid(tuple(file for _, files in found for file in files), main, (links.met, links.breached, links.unknown))


def kept(_: Step, order: Order) -> int | Failed:
    """Keep what later reviews need of the months that are over.

    Args:
        order: Whose months; which month it names says nothing.

    Returns:
        How many months of wards had to be computed.
    """
    return _told(lambda: asyncio.run(_kept(order)))


async def _kept(order: Order) -> int:
    async with Guest(order.url, order.monitor) as store:
        return await _keep_months(store, order.inventory, order.asked, order.now)


async def _each(order: Order, step: Step, take: Callable[[Report], None]) -> None:
    async with Guest(order.url, order.monitor) as store:
        async for report in _reviews(store, order.inventory, order.asked, order.now, step):
            take(report)


def _told(work: Callable[[], Made]) -> Made | Failed:
    try:
        return work()
    except NothingStoredError as error:
        return Failed(str(error), is_empty=True)
    except HistoryError as error:
        return Failed(str(error), is_history=True)
    except (ReviewError, InvalidValueError) as error:
        return Failed(str(error))
    except OSError as error:
        return Failed(f"a file of the review cannot be written ({error.strerror}): make room, or name another folder")
