"""``linkward demo``: a simulated ward, and the daemon on it."""

import asyncio
import logging
import shlex
import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click
import uvloop
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from alerts.receivers.log import MESSAGES
from exporters.server import ListenError
from history.errors import HistoryError
from model.calendar import service_spans
from model.intervals import Interval, instant
from model.inventory import Inventory
from monitor.cli.console import Refusal
from monitor.cli.run import access_log_option, format_option, level_option, listen_option, web_config_option
from monitor.config import ConfigError, load
from monitor.daemon import Daemon, Options
from monitor.demo.console import line
from monitor.demo.ground import MOST_SITES, WorldError
from monitor.demo.launch import SimulatedWard, simulated_ward
from monitor.demo.stay import DEFAULT, Home
from monitor.logs import LogFormat, set_up

_TEST_AFTER: Final = 15.0  # seconds: first of all the pages are to be quick
_TRIES: Final = 20


@click.command()
@click.option(
    "--sites", default=41, show_default=True, type=click.IntRange(1, MOST_SITES), help="The office and points."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same ward and the same faults.")
@click.option(
    "--months",
    default=0,
    show_default=True,
    type=click.IntRange(0, 24),
    help="Lay down so many months of history first, whose review can be written.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=f"Where inventory and history stay; left out: {DEFAULT} with --months, else nowhere.",
)
@listen_option
@web_config_option
@access_log_option
@level_option
@format_option
def demo(
    sites: int,
    seed: int,
    months: int,
    folder: Path | None,
    listen_address: str,
    web_config: Path | None,
    access_log: bool,
    level: str,
    log_format: LogFormat,
) -> None:
    """Watch a simulated ward, whose links are cut and mended before your eyes. Needs no root and no equipment.

    With --months the ward has a past: outages, work, speed tests and traffic of months that were drawn from the seed,
    and are known for certain. A history that is there already goes on.

    \b
    Examples:
      linkward demo --sites=5
      linkward demo --months=6
    """
    set_up("warning" if level == "info" else level, log_format, access=access_log)
    logging.getLogger(MESSAGES).setLevel(logging.INFO)
    try:
        home = Home(folder or DEFAULT) if months or folder else None
        uvloop.run(_show(Scene(sites, seed, months, home), listen_address, web_config))
    except (WorldError, ConfigError) as error:
        raise Refusal(str(error)) from error
    except ListenError as error:
        raise Refusal(error.strerror or str(error)) from error
    except HistoryError as error:
        raise Refusal(str(error)) from error
    except OSError as error:
        mend = "name a folder that this user may write to"
        raise Refusal(f"--folder={folder or DEFAULT}: cannot be written ({error.strerror}): {mend}") from error


@dataclass(frozen=True, slots=True)
class Scene:
    """What is shown.

    Attributes:
        sites: Of the ward.
        seed: It is drawn from.
        months: Of history that is laid down first.
        home: Where inventory and history stay; ``None`` for nowhere.
    """

    sites: int
    seed: int
    months: int
    home: Home | None


async def _show(scene: Scene, listen_address: str, web_config: Path | None) -> None:
    console = Console()
    if scene.home and scene.months:
        await _lay_down(scene, scene.home, console)
    console.print(f"Starting a simulated ward of {scene.sites} sites …")
    async with simulated_ward(scene.sites, scene.seed) as ward:
        inventory = ward.inventory
        if scene.home:
            scene.home.settle(ward)
            inventory = scene.home.inventory
        known = load(inventory)
        daemon = Daemon(Options(inventory, listen_address, web_config=web_config), known)
        tasks = [asyncio.create_task(work) for work in (_tell(ward, console, daemon), _test_one(daemon, known))]
        try:
            await daemon.run(lambda: _welcome(console, inventory, daemon, known, has_past=scene.home is not None))
        finally:
            for task in tasks:
                task.cancel()


async def _lay_down(scene: Scene, home: Home, console: Console) -> None:
    if home.has_history:
        console.print(f"{home.folder} holds a history already, which goes on. For another one, name another --folder.")
        return
    columns = (TextColumn("Laying down {task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(f"{scene.months} months of history", total=1.0)
        step = partial(_step, progress, task)
        await home.lay_down(scene.sites, scene.seed, scene.months, datetime.now(UTC), step)
    console.print(f"Laid down {scene.months} months of history; what is true of them stands in {home.truth}")


def _step(progress: Progress, task: TaskID, share: float) -> None:
    progress.update(task, completed=share)


def _welcome(console: Console, inventory: Path, daemon: Daemon, known: Inventory, *, has_past: bool) -> None:
    console.print(f"Status page   [bold]{daemon.web.url}[/bold]")
    console.print(f"Incidents     {daemon.web.url}incidents")
    console.print(f"Metrics       {daemon.web.url}metrics")
    console.print(f"Inventory     {inventory}", soft_wrap=True)
    if has_past:
        command = (
            f"{program(sys.argv[0])} report --config.file={shlex.quote(str(inventory))} --format=pdf,xlsx --language=vi"
        )
        console.print(f"Reviews       {daemon.web.url}reports")
        console.print(f"              {command}", soft_wrap=True)
    console.print("What happens in the ward is told here, and what is told of it to people; Ctrl+C ends it.")
    console.print(f"{closed_now(known, datetime.now(UTC))}\n", soft_wrap=True)


def program(started_as: str) -> str:
    """What to type for the program that runs.

    Args:
        started_as: The first of its arguments.
    """
    if Path(started_as).name != "linkward":
        return "python -m monitor"
    found = shutil.which("linkward")
    return "linkward" if found and Path(found).samefile(started_as) else shlex.quote(started_as)


def closed_now(inventory: Inventory, now: datetime) -> str:
    """Of how many sites nobody is told anything now, since they are closed; empty where all are open.

    Args:
        inventory: Of one ward.
        now: Aware UTC.
    """
    zone = ZoneInfo(inventory.all_wards()[0].timezone)
    at = Interval(instant(now), instant(now) + 1)
    hours = [site.service_hours for site in inventory.sites if site.service_hours]
    closed = sum(not service_spans(each, zone, at) for each in hours)
    if not closed or inventory.alerts.service_hours == "ignore":
        return ""
    ours = f"{closed} of {len(inventory.sites)} sites are closed"
    return f"It is {now.astimezone(zone):%H:%M} there: {ours}; nobody is told of them till they open."


async def _test_one(daemon: Daemon, known: Inventory) -> None:
    """Test the speed of one line as soon as it is up, so that there is one to be seen."""
    tested = [link.id for _, link in known.links() if link.speed_test]
    for _ in range(_TRIES if tested else 0):
        await asyncio.sleep(_TEST_AFTER)
        if await daemon.test_speed(tested[-1]):
            return


async def _tell(ward: SimulatedWard, console: Console, daemon: Daemon) -> None:
    async for happening in ward.happenings():
        console.print(line(happening), soft_wrap=True)
    console.print("The simulated ward has ended.")
    daemon.stop()
