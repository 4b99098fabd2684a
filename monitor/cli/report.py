"""``linkward report``: the monthly review, as files."""

import asyncio
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from history.errors import HistoryError
from history.guest import Guest
from model.invalid import InvalidValueError
from model.inventory import Inventory
from model.units import UnitError, parse_duration
from monitor.cli.console import FOUND_A_PROBLEM, Refusal
from monitor.config import ConfigError, load
from monitor.formats import FORMATS, formats_of
from monitor.reporting import checked, city_review, reviews
from monitor.review_asked import Asked, NothingStoredError, ReviewError
from monitor.review_files import check_folder, written
from monitor.review_making import Order
from monitor.review_workers import Job, Part, PartFailedError, in_parts, processes_for
from reports.registry import Format, Report

config_option = click.option(
    "--config.file", "config", type=click.Path(path_type=Path), required=True, help="The inventory: a file or a folder."
)
storage_option = click.option(
    "--storage.url", "storage_url", metavar="URL", help="Where history is kept; default: what the inventory says."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files are wanted.

    Attributes:
        formats: In order.
        language: ``vi``, ``en`` or ``id``.
        folder: Where they go.
    """

    formats: tuple[Format, ...]
    language: str
    folder: Path


@click.command()
@config_option
@storage_option
@click.option("--month", default="", metavar="YYYY-MM", help="Which month; left out: the last that is over.")
@click.option(
    "--format",
    "formats",
    default="",
    metavar="LIST",
    help=f"Of {', '.join(FORMATS)}; with commas. Left out: what the inventory says under `reports`, or all.",
)
@click.option("--language", type=click.Choice(["vi", "en", "id"]), help="Left out: the ward's.")
@click.option("--sites", default="", metavar="IDS", help="Only these sites; with commas.")
@click.option("--provider", default="", metavar="NAME", help="Only the lines of this provider.")
@click.option(
    "--cut-day",
    type=click.IntRange(1, 28),
    help="On which day a month begins; 15 for 15 to 14. Left out: what the inventory says.",
)
@click.option(
    "--notice",
    metavar="DURATION",
    help="How long before it begins maintenance must be announced to excuse anything, such as 24h. "
    "Left out: what the inventory says.",
)
@click.option("--monitor", default="", metavar="NAME", help="Whose history, where several monitors have written it.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Folder for the files; left out: this one.",
)
def report(  # the options of a command
    config: Path,
    storage_url: str | None,
    month: str,
    formats: str,
    language: str | None,
    sites: str,
    provider: str,
    cut_day: int | None,
    notice: str | None,
    monitor: str,
    output: Path,
) -> None:
    """Write the monthly review from what is stored; of a city one file for each ward, and one for the whole.

    A month that is not over is reviewed as far as it has come. Ends with status 1 when nothing is stored of the month.

    \b
    Examples:
      linkward report --config.file=ward.yml
      linkward report --month=2026-10 --format=pdf,xlsx --output=reviews --config.file=ward.yml
    """
    asked = Asked(month, _listed(sites), provider, monitor=monitor)
    try:
        inventory = load(config)
        asked = replace(asked, cut_day=cut_day or inventory.reports.cut_day, notice=_notice(notice, inventory))
        chosen = _formats(formats) if formats else formats_of(inventory.reports)
        wanted = Wanted(chosen, language or inventory.language_of(), output)
        url = storage_url or inventory.storage.url.get_secret_value()
        asyncio.run(_write_all(url, inventory, asked, wanted))
    except NothingStoredError as error:
        click.echo(str(error), err=True)
        sys.exit(FOUND_A_PROBLEM)
    except (ConfigError, HistoryError, ReviewError, PartFailedError, InvalidValueError) as error:
        raise Refusal(str(error)) from None
    except OSError as error:
        mend = "name a folder that this user may write to"
        raise Refusal(f"--output={output}: cannot be written ({error.strerror}): {mend}") from None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _formats(text: str) -> tuple[Format, ...]:
    names = _listed(text)
    for name in names:
        if name not in FORMATS:
            raise Refusal(f"--format={text}: there is no format {name!r}: write one or more of {', '.join(FORMATS)}")
    if not names:
        raise Refusal(f"--format: no format is named: write one or more of {', '.join(FORMATS)}")
    return tuple(FORMATS[name] for name in dict.fromkeys(names))


def _notice(text: str | None, inventory: Inventory) -> float:
    if text is None:
        return inventory.reports.notice
    try:
        return parse_duration(text)
    except UnitError as error:
        raise Refusal(f"--notice={text}: {error}") from None


async def _write_all(url: str, inventory: Inventory, asked: Asked, wanted: Wanted) -> None:
    check_folder(wanted.folder)
    now, monitor = datetime.now(UTC), socket.gethostname()
    async with Guest(url, monitor) as store:
        wards, _ = await checked(store, inventory, asked, now)
        with _progress() as progress:
            task = progress.add_task(f"review {wards[0].period.name}", total=1.0)
            step = partial(_tell, progress, task)
            processes = processes_for(len(wards))
            if processes == 1:
                async for report in reviews(store, inventory, asked, now, step):
                    _write(report, wanted)
                return
            names = tuple(form.name for form in wanted.formats)
            job = Job(Order(url, monitor, inventory, asked, now), names, wanted.language, wanted.folder)
            keys = [ward.setting.scope.ward for ward in wards]
            _write_city(await asyncio.to_thread(in_parts, job, keys, processes, step), wanted, now)


def _tell(progress: Progress, task: TaskID, share: float) -> None:
    progress.update(task, completed=share)


def _write(report: Report, wanted: Wanted) -> None:
    for file in written(report, wanted.formats, wanted.language, wanted.folder):
        click.echo(file)


def _write_city(parts: Sequence[Part], wanted: Wanted, now: datetime) -> None:
    for file in chain.from_iterable(part.files for part in parts):
        click.echo(file)
    _write(city_review(list(chain.from_iterable(part.made for part in parts)), now), wanted)


def _progress() -> Progress:
    """On the terminal of standard error alone, so that what is printed can be piped."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
