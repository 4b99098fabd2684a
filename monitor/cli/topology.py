"""``linkward topology``: what hangs on what, as the devices see it, and what has changed since the last look."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
import uvloop
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from exporters.pages.drift_words import drift_line
from model.inventory import Inventory
from model.survey import Survey
from model.text import harmless, one_line
from model.topology_proposals import (
    Agreement,
    Dependency,
    Drift,
    Seen,
    dependencies,
    drift,
    remembered,
    seen_of,
)
from monitor.cli.console import FOUND_A_PROBLEM, Refusal
from monitor.cli.editing import config_option, read_inventory, write_changes, yes_option
from monitor.config import ConfigError
from monitor.config.editing import Amendment
from monitor.config.profiles import profiles_of
from monitor.enrol.looking import FACTS, Remembered, facts_beside, look_at_all, read_remembered, write_remembered
from monitor.enrol.presence import local_address, resolved
from monitor.enrol.proposing import known_devices
from monitor.enrol.words import say
from monitor.snmp.engines import Engines

_COLOURS: Final = {Agreement.SAYS_SO: "green", Agreement.SAYS_NOTHING: "yellow"}


@click.command()
@config_option
@click.option(
    "--facts",
    "facts",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=f"What was seen the last time; left out: {FACTS} beside the inventory.",
)
@click.option("--accept", is_flag=True, help="What is seen now is right: compare with it from now on.")
@click.option("--write", is_flag=True, help="Write `depends_on` for the devices of which the inventory says nothing.")
@yes_option
def topology(path: Path, facts: Path | None, accept: bool, write: bool, yes: bool) -> None:
    """Ask all devices of the inventory for their neighbours (LLDP, CDP, ARP, bridge tables) and say what that means.

    What each seems to hang on is shown beside what the inventory says; alerts go by the inventory alone. What has
    changed since the last look is listed until somebody accepts it: a device gone, another firmware, a neighbour at
    another port. Ends with status 1 where anything is to be looked at.

    \b
    Example:
      linkward topology --config.file=ward.yml
    """
    inventory = read_inventory(path)
    file = facts or facts_beside(path)
    try:
        before = read_remembered(file)
        told, monitor = uvloop.run(_look(inventory))
        surveys = {name: found for name, found in told.items() if isinstance(found, Survey)}
        found = _dependencies(inventory, surveys, monitor)
        drifted = _keep(file, before, told, monitor, accept=accept)
    except ConfigError as error:
        raise Refusal(str(error)) from None
    _print_dependencies(found, inventory)
    _print_silent(told)
    _print_drift(drifted, before)
    if write:
        _write(path, inventory, found, yes=yes)
    if drifted or any(each.agreement is not Agreement.SAYS_SO for each in found):
        sys.exit(FOUND_A_PROBLEM)


async def _look(inventory: Inventory) -> tuple[dict[str, Survey | str], str | None]:
    engines = Engines()
    polled = [device for _, device in inventory.devices() if device.snmp is not None]
    told: dict[str, Survey | str] = {}
    try:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("asking", total=len(polled))
            async for name, found in look_at_all(inventory, engines, profiles_of(inventory)):
                told[name] = found
                progress.advance(bar)
    finally:
        engines.close()
    first = await resolved(polled[0].address) if polled else None
    return told, (local_address(first, 161) or None) if first else None


def _dependencies(inventory: Inventory, surveys: Mapping[str, Survey], monitor: str | None) -> list[Dependency]:
    said = {device.id: device.depends_on for _, device in inventory.devices()}
    said |= {link.id: link.depends_on for _, link in inventory.links()}
    return dependencies(known_devices(inventory), surveys, said, monitor)


def _keep(
    file: Path, before: Remembered | None, told: Mapping[str, Survey | str], monitor: str | None, *, accept: bool
) -> list[Drift]:
    """What has drifted; what is seen now is remembered the first time, and where it is accepted."""
    now = {name: seen_of(found, monitor) if isinstance(found, Survey) else _NOTHING for name, found in told.items()}
    old, at = before.devices if before is not None else {}, datetime.now(UTC)
    drifted = drift(old, now)
    if before is None or accept:
        write_remembered(file, Remembered(at, remembered(old, now), at))
    else:
        new = {name: seen for name, seen in now.items() if name not in old}
        _show_to_others(file, Remembered(before.at, {**old, **new}, at, tuple(drifted)))
    return drifted


def _show_to_others(file: Path, kept: Remembered) -> None:
    """Who may read the file, and not write it, is told what has changed all the same."""
    try:
        write_remembered(file, kept)
    except ConfigError as error:
        click.echo(f"not shown on the pages: {error}", err=True)


_NOTHING: Final = Seen(answered=False, facts={}, uplink="", neighbours={})


def _print_dependencies(found: Sequence[Dependency], inventory: Inventory) -> None:
    language = inventory.language_of()
    table = Table("device", "seems to hang on", "because", "the inventory", "says", box=None, pad_edge=False)
    for each in found:
        why = say(language, f"why_{each.parent.why}", evidence=one_line(each.parent.evidence))
        says = Text(each.agreement, _COLOURS.get(each.agreement, "red"))
        table.add_row(each.device, each.parent.subject, Text(why), says, ", ".join(each.said))
    if found:
        Console().print(table)
    else:
        click.echo("no device tells of a neighbour that is in the inventory")


def _print_silent(told: Mapping[str, Survey | str]) -> None:
    for name, found in sorted(told.items()):
        if isinstance(found, str):
            click.echo(harmless(f"{name}: tells nothing: {found}"))


def _print_drift(drifted: Iterable[Drift], before: Remembered | None) -> None:
    if before is None:
        click.echo("remembered for the next time: there was nothing to compare with")
        return
    since = f"{before.at:%Y-%m-%d %H:%M} UTC"
    for each in drifted:
        click.echo(harmless(f"{each.device}: {drift_line(each, 'en')} (since {since})"))


def _write(path: Path, inventory: Inventory, found: Sequence[Dependency], *, yes: bool) -> None:
    missing = [each for each in found if each.agreement is Agreement.SAYS_NOTHING]
    changes = [Amendment(each.device, "depends_on", [each.parent.subject]) for each in missing]
    if changes:
        write_changes(path, changes, inventory.language_of(), yes=yes)
