"""What the commands that edit an inventory have in common: it is shown what would change, asked, and written."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from model.inventory import Credentials, Inventory, Language
from monitor.cli.console import Refusal
from monitor.config import ConfigError, load
from monitor.config.editing import Change
from monitor.config.replacing import Revision, difference, revise, write
from monitor.enrol.words import say

_GREEN, _RED = "green", "red"


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command ``--config.file``, the inventory that it reads and edits."""
    return click.option(
        "--config.file",
        "path",
        required=True,
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="The inventory: a YAML file, or a folder of them.",
    )(command)


yes_option = click.option("--yes", is_flag=True, help="Write without asking, for scripts.")


def read_inventory(path: Path) -> Inventory:
    """The inventory as it is.

    Raises:
        Refusal: It is not right.
    """
    try:
        return load(path)
    except ConfigError as error:
        raise Refusal(str(error)) from None


def chosen_credentials(inventory: Inventory, name: str | None) -> Mapping[str, Credentials]:
    """Those of a name, or all.

    Raises:
        Refusal: There are none of this name.
    """
    if name is None:
        return inventory.credentials
    if name not in inventory.credentials:
        known = ", ".join(inventory.credentials)
        raise Refusal(f"--credentials={name}: the inventory has {known}: write one of them")
    return {name: inventory.credentials[name]}


def write_changes(path: Path, changes: Sequence[Change], language: Language, *, yes: bool) -> bool:
    """Show the difference, ask, and write it.

    Returns:
        Whether it was written.

    Raises:
        Refusal: It cannot be written, or would make the inventory invalid.
    """
    try:
        revisions = revise(path, changes)
        show(revisions)
        if not yes and not click.confirm(say(language, "question"), default=False, err=True):
            click.echo(say(language, "kept"), err=True)
            return False
        for revision in revisions:
            write(revision)
            click.echo(say(language, "written", file=revision.path), err=True)
    except ConfigError as error:
        raise Refusal(str(error)) from None
    click.echo(say(language, "reload"), err=True)
    return True


def show(revisions: Sequence[Revision]) -> None:
    """Print the difference, in colour on a terminal."""
    for line in difference(revisions):
        colour = {"+": _GREEN, "-": _RED}.get(line[:1])
        click.secho(line, fg=colour)
