"""``linkward check``: is this inventory right, and does what it names answer?"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
import uvloop
from rich.console import Console
from rich.progress import Progress
from rich.table import Column, Table
from rich.text import Text

from model.inventory import Inventory
from model.measurement import Failure, Measurement
from model.text import counted, harmless
from model.units import format_duration
from monitor.cli.console import FOUND_A_PROBLEM, Refusal
from monitor.cli.run import web_config_option
from monitor.config import ConfigError, load_checked
from monitor.config.web import load_web
from monitor.trial import missing_ports, try_all

_WIDEST_ADDRESS: Final = 22  # IPv4 with a port; what is cut stands whole among the failures


@click.command()
@click.argument("inventory", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--probe", is_flag=True, help="Try every target once and print what came of it.")
@web_config_option
def check(inventory: Path, probe: bool, web_config: Path | None) -> None:
    """Say everything that is wrong with an inventory: a YAML file, or a folder of them.

    With --web.config.file also with that file, and the certificates that it names. Ends with status 0 when all is well,
    with 2 when one of them cannot be used, and, with --probe, with 1 when something does not answer as it should.

    \b
    Examples:
      linkward check ward.yml --probe
      linkward check ward.yml --web.config.file=web.yml
    """
    wrong_web = _wrong_web(web_config)
    try:
        read, warnings = load_checked(inventory)
    except ConfigError as error:
        raise Refusal("\n".join([str(error), *wrong_web])) from None
    for warning in warnings:
        click.echo(f"{warning} (warning)", err=True)
    click.echo(f"{inventory}: {_summary(read)}: the inventory is right")
    if wrong_web:
        raise Refusal("\n".join(wrong_web))
    if web_config is not None:
        click.echo(f"{web_config}: the web configuration is right")
    if probe:
        _try(read)


def _wrong_web(path: Path | None) -> list[str]:
    """What is wrong with a web configuration file, one line each; nothing where none is named."""
    try:
        if path is not None:
            load_web(path)
    except ConfigError as error:
        return [str(problem) for problem in error.problems]
    return []


def _summary(inventory: Inventory) -> str:
    counts = {
        "site": len(inventory.sites),
        "device": sum(1 for _ in inventory.devices()),
        "link": sum(1 for _ in inventory.links()),
        "service": sum(1 for _ in inventory.services()),
    }
    return ", ".join(counted(count, thing) for thing, count in counts.items())


def _try(inventory: Inventory) -> None:
    measurements = uvloop.run(_collected(inventory))
    Console().print(_table(measurements))
    failures = [each for each in measurements if not each.succeeded]
    troubles = [*map(_failure, failures), *missing_ports(inventory, measurements)]
    for trouble in troubles:
        click.echo(harmless(trouble))
    click.echo(f"answered as they should: {len(measurements) - len(failures)} of {counted(len(measurements), 'probe')}")
    if troubles:
        sys.exit(FOUND_A_PROBLEM)


async def _collected(inventory: Inventory) -> list[Measurement]:
    measurements = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("probing", total=None)
        async for measurement in try_all(inventory, lambda total: progress.update(bar, total=total)):
            measurements.append(measurement)
            progress.advance(bar)
    return sorted(measurements, key=lambda each: (each.subject.site, each.subject.kind, each.subject.id, each.kind))


def _table(measurements: Sequence[Measurement]) -> Table:
    site, what = Column("site", overflow="fold"), Column("what", overflow="fold")
    address = Column("address", no_wrap=True, max_width=_WIDEST_ADDRESS)
    table = Table(site, what, "probe", address, "result", Column("took", no_wrap=True), box=None, pad_edge=False)
    for each in measurements:
        result = Text("answers", "green") if each.succeeded else Text(_reason(each), "red")
        instance = Text(harmless(each.subject.instance))
        table.add_row(each.subject.site, _what(each), each.kind, instance, result, _took(each))
    return table


def _failure(measurement: Measurement) -> str:
    """All of it, which the table has no room for."""
    outcome, instance = measurement.outcome, measurement.subject.instance
    detail = f": {outcome.detail}" if isinstance(outcome, Failure) and outcome.detail else ""
    return f"{_what(measurement)}: {measurement.kind} {instance}: {_reason(measurement)}{detail}"


def _what(measurement: Measurement) -> str:
    subject = measurement.subject
    return f"{subject.kind} {subject.id}" if subject.kind != "anchor" else "anchor"


def _reason(measurement: Measurement) -> str:
    return measurement.outcome_label.replace("_", " ")


def _took(measurement: Measurement) -> str:
    if not measurement.succeeded:
        return ""
    return format_duration(measurement.duration if measurement.rtt is None else measurement.rtt)
