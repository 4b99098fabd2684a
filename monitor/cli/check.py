"""``linkward check``: is this inventory right, and does what it names answer?"""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
import uvloop
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from model.inventory import Inventory
from model.measurement import Failure, Measurement
from model.text import harmless
from model.units import format_duration
from monitor.cli.console import FOUND_A_PROBLEM, Refusal
from monitor.config import ConfigError, load_checked
from monitor.trial import try_all


@click.command()
@click.argument("inventory", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--probe", is_flag=True, help="Try every target once and print what came of it.")
def check(inventory: Path, probe: bool) -> None:
    """Say everything that is wrong with an inventory: a YAML file, or a folder of them.

    Ends with status 0 when all is well, with 2 when the inventory cannot be used, and, with --probe, with 1 when
    something in it does not answer as it should.

    Example: linkward check ward.yml --probe
    """
    try:
        read, warnings = load_checked(inventory)
    except ConfigError as error:
        raise Refusal(str(error)) from None
    for warning in warnings:
        click.echo(f"{warning} (warning)", err=True)
    click.echo(f"{inventory}: {_summary(read)}: the inventory is right")
    if probe:
        _try(read)


def _summary(inventory: Inventory) -> str:
    counts = {
        "site": len(inventory.sites),
        "device": sum(1 for _ in inventory.devices()),
        "link": sum(1 for _ in inventory.links()),
        "service": sum(1 for _ in inventory.services()),
    }
    return ", ".join(f"{count} {thing}{'' if count == 1 else 's'}" for thing, count in counts.items())


def _try(inventory: Inventory) -> None:
    measurements = uvloop.run(_collected(inventory))
    Console().print(_table(measurements))
    failed = sum(not measurement.succeeded for measurement in measurements)
    click.echo(f"{len(measurements) - failed} of {len(measurements)} probes were answered as they should be")
    if failed:
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
    table = Table("site", "what", "probe", "address", "result", "detail")
    for each in measurements:
        subject = each.subject
        good = each.succeeded
        result = Text("answers" if good else each.outcome_label.replace("_", " "), style="green" if good else "red")
        what = f"{subject.kind} {subject.id}" if subject.kind != "anchor" else "anchor"
        table.add_row(subject.site, what, each.kind, Text(subject.instance), result, Text(harmless(_detail(each))))
    return table


def _detail(measurement: Measurement) -> str:
    if isinstance(measurement.outcome, Failure):
        return measurement.outcome.detail
    return format_duration(measurement.duration if measurement.rtt is None else measurement.rtt)
