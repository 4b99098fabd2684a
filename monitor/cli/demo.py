"""``linkward demo``: a simulated ward, and the daemon on it."""

import asyncio
import logging
from pathlib import Path

import click
import uvloop
from rich.console import Console

from alerts.receivers.log import MESSAGES
from exporters.server import ListenError
from history.errors import HistoryError
from monitor.cli.console import Refusal
from monitor.cli.run import access_log_option, format_option, level_option, listen_option, web_config_option
from monitor.config import ConfigError, load
from monitor.daemon import Daemon, Options
from monitor.demo.console import line
from monitor.demo.ground import MOST_SITES, WorldError
from monitor.demo.launch import SimulatedWard, simulated_ward
from monitor.logs import LogFormat, set_up


@click.command()
@click.option(
    "--sites", default=41, show_default=True, type=click.IntRange(1, MOST_SITES), help="The office and points."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same ward and the same faults.")
@listen_option
@web_config_option
@access_log_option
@level_option
@format_option
def demo(
    sites: int,
    seed: int,
    listen_address: str,
    web_config: Path | None,
    access_log: bool,
    level: str,
    log_format: LogFormat,
) -> None:
    """Watch a simulated ward, whose links are cut and mended before your eyes. Needs no root and no equipment.

    \b
    Example:
      linkward demo --sites=5
    """
    set_up("warning" if level == "info" else level, log_format, access=access_log)
    logging.getLogger(MESSAGES).setLevel(logging.INFO)
    try:
        uvloop.run(_show(sites, seed, listen_address, web_config))
    except (WorldError, ConfigError) as error:
        raise Refusal(str(error)) from error
    except ListenError as error:
        raise Refusal(error.strerror or str(error)) from error
    except HistoryError as error:
        raise Refusal(str(error)) from error


async def _show(sites: int, seed: int, listen_address: str, web_config: Path | None) -> None:
    console = Console()
    console.print(f"Starting a simulated ward of {sites} sites …")
    async with simulated_ward(sites, seed) as ward:
        options = Options(ward.inventory, listen_address, web_config=web_config)
        daemon = Daemon(options, load(ward.inventory))
        telling = asyncio.create_task(_tell(ward, console, daemon))
        try:
            await daemon.run(lambda: _welcome(console, ward, daemon))
        finally:
            telling.cancel()


def _welcome(console: Console, ward: SimulatedWard, daemon: Daemon) -> None:
    console.print(f"Status page   [bold]{daemon.web.url}[/bold]")
    console.print(f"Incidents     {daemon.web.url}incidents")
    console.print(f"Metrics       {daemon.web.url}metrics")
    console.print(f"Inventory     {ward.inventory}")
    console.print("What happens in the ward is told here, and what is told of it to people; Ctrl+C ends it.\n")


async def _tell(ward: SimulatedWard, console: Console, daemon: Daemon) -> None:
    async for happening in ward.happenings():
        console.print(line(happening), soft_wrap=True)
    console.print("The simulated ward has ended.")
    daemon.stop()
