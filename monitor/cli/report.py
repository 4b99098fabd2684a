"""``linkward report``: the monthly review, as files."""

import asyncio
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from history.errors import HistoryError
from history.guest import Guest
from model.inventory import Inventory
from monitor.cli.console import FOUND_A_PROBLEM, Refusal
from monitor.config import ConfigError, load
from monitor.formats import FORMATS, file_name
from monitor.reporting import reviews
from monitor.review_asked import Asked, NothingStoredError, ReviewError
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
    default="json",
    show_default=True,
    metavar="LIST",
    help=f"Of {', '.join(FORMATS)}; with commas.",
)
@click.option("--language", type=click.Choice(["vi", "en", "id"]), help="Left out: the ward's.")
@click.option("--sites", default="", metavar="IDS", help="Only these sites; with commas.")
@click.option("--provider", default="", metavar="NAME", help="Only the lines of this provider.")
@click.option(
    "--cut-day",
    type=click.IntRange(1, 28),
    default=1,
    show_default=True,
    help="On which day a month begins; 15 for 15 to 14.",
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
    cut_day: int,
    monitor: str,
    output: Path,
) -> None:
    """Write the monthly review from what is stored; of a city one file for each ward, and one for the whole.

    A month that is not over is reviewed as far as it has come. Ends with status 1 when nothing is stored of the month.

    \b
    Examples:
      linkward report --config.file=ward.yml
      linkward report --month=2026-10 --format=json --output=reviews --config.file=ward.yml
    """
    asked = Asked(month, _listed(sites), provider, cut_day, monitor=monitor)
    try:
        inventory = load(config)
        wanted = Wanted(_formats(formats), language or _language(inventory), output)
        url = storage_url or inventory.storage.url.get_secret_value()
        asyncio.run(_write_all(url, inventory, asked, wanted))
    except NothingStoredError as error:
        click.echo(str(error), err=True)
        sys.exit(FOUND_A_PROBLEM)
    except (ConfigError, HistoryError, ReviewError) as error:
        raise Refusal(str(error)) from None


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


def _language(inventory: Inventory) -> str:
    languages = {ward.language for ward in inventory.all_wards()}
    return languages.pop() if len(languages) == 1 else "en"


async def _write_all(url: str, inventory: Inventory, asked: Asked, wanted: Wanted) -> None:
    _check_folder(wanted.folder)
    store = Guest(url, socket.gethostname())
    await store.start()
    try:
        with _progress() as progress:
            task = progress.add_task(f"review {asked.month}".strip(), total=1.0)
            found = reviews(
                store, inventory, asked, datetime.now(UTC), lambda share: progress.update(task, completed=share)
            )
            async for file in _written(found, wanted):
                click.echo(file)
    finally:
        await store.close()


async def _written(found: AsyncIterator[Report], wanted: Wanted) -> AsyncIterator[Path]:
    async for one in found:
        for form in wanted.formats:
            if one.scope.wards and not form.covers_city:
                continue
            file = wanted.folder / file_name(one, form, wanted.language)
            write_whole(file, form.render(one, wanted.language))
            yield file


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


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _unwritable(folder, error) from None


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that its name never stands for half of it.

    Raises:
        Refusal: It cannot be written.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise _unwritable(file.parent, error) from None


def _unwritable(folder: Path, error: OSError) -> Refusal:
    return Refusal(
        f"--output={folder}: cannot be written ({error.strerror}): name a folder that this user may write to"
    )
