"""``linkward import``: sites and links from a spreadsheet, or from NetBox."""

from pathlib import Path
from typing import Any, Final

import click

from model.inventory import Inventory
from model.text import counted, harmless
from monitor.cli.console import Refusal
from monitor.cli.editing import read_inventory, write_changes, yes_option
from monitor.config import ConfigError
from monitor.config.editing import Addition, Change
from monitor.config.presets import presets
from monitor.config.reading import LARGEST_SECRET, read_text
from monitor.config.written import block
from monitor.enrol.importing import import_rows
from monitor.enrol.netbox import NetBox, NetBoxError, read_netbox
from monitor.enrol.reconciling import EntryProblem, Imported, reconcile
from monitor.enrol.sheets import read_sheet

NETBOX: Final = "netbox"


@click.command("import")
@click.argument("source", metavar="FILE|netbox")
@click.argument("url", metavar="[URL]", required=False)
@click.option(
    "--config.file",
    "path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The inventory to put them into, a file or a folder; left out: their lines are printed.",
)
@click.option("--sheet", metavar="NAME", help="Which sheet of a workbook; left out: the first.")
@click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE", help="Holds the token of NetBox' API.")
@click.option("--ca-file", type=click.Path(path_type=Path), metavar="FILE", help="The authority that NetBox trusts.")
@yes_option
def import_(source: str, path: Path | None, sheet: str | None, yes: bool, **netbox: Any) -> None:
    """Bring sites and links into the inventory: of a CSV or XLSX file, or of NetBox at URL, which is only read.

    What would change is shown first. What is there already is compared: a cell that says otherwise changes one value,
    an empty one changes nothing, and nothing is ever deleted. Ends with status 2 when anything is wrong, all of it
    named by file, row and column, and nothing written.

    \b
    Examples:
      linkward import sites.xlsx --config.file=ward.yml
      linkward import netbox https://netbox.example --token-file=token --config.file=ward.yml
    """
    inventory = _empty() if path is None else read_inventory(path)
    is_netbox = source == NETBOX
    imported = _of_netbox(inventory, **netbox) if is_netbox else _of_sheet(Path(source), sheet, inventory)
    click.echo(f"{source}: {counted(imported.sites, 'site')}, {counted(imported.links, 'link')}", err=True)
    if not imported.changes:
        click.echo("the inventory says all of it already", err=True)
    elif path is None:
        click.echo("\n".join(_lines(imported.changes)))
    else:
        write_changes(path, imported.changes, inventory.language_of(), yes=yes)


def _empty() -> Inventory:
    return Inventory(requirements={name: preset.requirement for name, preset in presets().items()})


def _of_sheet(file: Path, sheet: str | None, inventory: Inventory) -> Imported:
    try:
        imported = import_rows(read_sheet(file, sheet), inventory)
    except ConfigError as error:
        raise Refusal(str(error)) from None
    _refuse([_told(file, each) for each in imported.problems])
    return imported


def _of_netbox(inventory: Inventory, url: str | None, token_file: Path | None, ca_file: Path | None) -> Imported:
    if url is None or token_file is None:
        raise Refusal("NetBox needs its address and a token: linkward import netbox URL --token-file=FILE")
    try:
        netbox = NetBox(url, read_text(token_file, LARGEST_SECRET).strip(), str(ca_file) if ca_file else None)
        try:
            sites, missing = read_netbox(netbox, inventory)
        finally:
            netbox.close()
    except ConfigError as error:
        raise Refusal(f"--token-file: {error}") from None
    except NetBoxError as error:
        raise Refusal(f"netbox: {error}") from None
    for problem in missing:  # which is no reason to leave out the rest
        click.echo(harmless(f"netbox: {problem.what}: {problem.mend} (left out)"), err=True)
    imported = reconcile(sites, inventory)
    _refuse([f"netbox: {each.kind} {each.number}: {each.what}: {each.mend}" for each in imported.problems])
    return imported


def _told(file: Path, problem: EntryProblem) -> str:
    place = ":".join(filter(None, (str(file), str(problem.number), problem.place)))
    return f"{place}: {problem.what}: {problem.mend}"


def _refuse(problems: list[str]) -> None:
    if problems:
        raise Refusal("\n".join(map(harmless, problems)))


def _lines(changes: tuple[Change, ...]) -> list[str]:
    """New sites as the inventory writes them."""
    records = [change.record for change in changes if isinstance(change, Addition)]
    return ["sites:", *(line for record in records for line in block(record, "  "))]
