"""``linkward incidents annotate``: what people found out about an outage, for the monthly review."""

import asyncio
import re
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from history.errors import HistoryError
from history.facts import AuditEntry
from history.guest import Guest
from model.inventory import Inventory
from monitor.annotations import annotated
from monitor.cli.answers import who_option
from monitor.cli.console import Refusal
from monitor.cli.report import config_option, storage_option
from monitor.config import ConfigError, load
from reports.facts import Annotation
from reports.sections.outages import Cause

_OUTAGE: Final = re.compile(r"([a-z0-9][a-z0-9-]*)@\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", re.ASCII)
_CAUSES: Final = [cause.value for cause in Cause]


@click.command()
@click.argument("name", metavar="ID")
@click.option("--cause", type=click.Choice(_CAUSES), help="Why, in place of what the evidence says.")
@click.option("--ticket", default="", metavar="TEXT", help="The provider's ticket.")
@click.option("--note", default="", metavar="TEXT", help="In your words.")
@who_option
@config_option
@storage_option
def annotate(  # the options of a command
    name: str, cause: str | None, ticket: str, note: str, who: str, config: Path, storage_url: str | None
) -> None:
    """Write down the cause of an outage, or its ticket, also when it is long over.

    ID is the id of an incident, as `linkward incidents --all` lists it, and means all outages that it told of; or the
    id of one outage, as the review lists it. What is left out stays as it was written before.

    \b
    Example:
      linkward incidents annotate office-vnpt-25a41c --cause=provider --ticket=HN-4711 --config.file=ward.yml
    """
    annotation = Annotation(Cause(cause) if cause else None, ticket.strip(), note.strip())
    if annotation == Annotation():
        raise Refusal("nothing is written down: write --cause, --ticket or --note")
    entry = annotated(name, who, datetime.now(UTC), annotation)
    try:
        inventory = load(config)
        url = storage_url or inventory.storage.url.get_secret_value()
        asyncio.run(_write(url, inventory, name, entry))
    except (ConfigError, HistoryError) as error:
        raise Refusal(str(error)) from None
    click.echo(f"{name}: written down")


async def _write(url: str, inventory: Inventory, name: str, entry: AuditEntry) -> None:
    async with Guest(url, socket.gethostname()) as store:
        outage = _OUTAGE.fullmatch(name)
        if outage is None and await store.incident(name) is None:
            raise Refusal(f"there is no incident {name!r}: see `linkward incidents --all` for the ids")
        if outage is not None and outage[1] not in {link.id for _, link in inventory.links()}:
            raise Refusal(f"there is no link {outage[1]!r}: write the id of an outage as the review lists it")
        await store.note(entry)
