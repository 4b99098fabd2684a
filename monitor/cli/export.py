"""``linkward export``: files for other programs."""

import json
from pathlib import Path
from typing import Final

import click

from monitor.cli.console import Refusal
from monitor.config.schema import inventory_schema

SCHEMA_FILE: Final = "linkward.schema.json"


@click.group()
def export() -> None:
    """Write files that other programs read."""


@export.command()
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help=f"Folder to write {SCHEMA_FILE} into; left out: standard output.",
)
def schema(output: Path | None) -> None:
    """Write the JSON Schema of an inventory, with which an editor completes keys and marks mistakes.

    Example: linkward export schema --output=.
    """
    text = json.dumps(inventory_schema(), ensure_ascii=False, indent=2) + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.mkdir(parents=True, exist_ok=True)
        (output / SCHEMA_FILE).write_text(text, "utf-8")
    except OSError as error:
        mend = "name a folder that this user may write to"
        raise Refusal(f"--output={output}: cannot be written ({error.strerror}): {mend}") from error
    click.echo(output / SCHEMA_FILE)
