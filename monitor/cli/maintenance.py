"""``linkward maintenance``: announce planned work while the daemon runs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import click
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from exporters.api.maintenance import Windows
from exporters.maintenance_view import WindowView
from model.text import harmless
from model.units import format_duration
from monitor.cli.answers import only_one, read, who_option
from monitor.cli.client import Client, daemon_options
from monitor.cli.console import Refusal

_PATH: Final = "/api/v1/maintenance"
_LIST: Final = TypeAdapter(Windows)
_VIEW: Final = TypeAdapter(WindowView)
_MINUTE: Final = 60


@click.group()
def maintenance() -> None:
    """Announce planned work."""


@maintenance.command()
@click.option("--site", "sites", multiple=True, metavar="ID", help="A site with all that is in it; may be repeated.")
@click.option("--link", "links", multiple=True, metavar="ID", help="A link alone; may be repeated.")
@click.option("--device", "devices", multiple=True, metavar="ID", help="A device alone; may be repeated.")
@click.option(
    "--from", "start", metavar="TIME", help="Its begin, by the ward's clock or with an offset; with --for: now."
)
@click.option("--to", "end", metavar="TIME", help="Its end.")
@click.option("--for", "lasting", metavar="DURATION", help="How long, such as 2h, in place of --to.")
@click.option("--every", metavar="HOURS", help='When it recurs, such as "Sun 02:00-03:00".')
@click.option("--reason", default="", metavar="TEXT", help="Shown wherever the window hides an alert.")
@click.option("--id", "name", metavar="ID", help="Names it; left out, one is made up.")
@who_option
@daemon_options
def add(
    sites: tuple[str, ...],
    links: tuple[str, ...],
    devices: tuple[str, ...],
    start: str | None,
    end: str | None,
    lasting: str | None,
    every: str | None,
    reason: str,
    name: str | None,
    who: str,
    client: Client,
) -> None:
    """Announce a maintenance window, and say when it is open next.

    \b
    Examples:
      linkward maintenance add --link=office-vnpt --from=2026-11-28T22:00 --for=4h --reason="new fibre"
      linkward maintenance add --site=office --every="Sun 02:00-03:00"
    """
    if not (sites or links or devices):
        raise Refusal("it covers nothing: write --site, --link or --device")
    if sum(given is not None for given in (end, lasting, every)) != 1:
        raise Refusal("its end is not clear: write one of --to, --for and --every")
    body = {"id": name, "sites": sites, "links": links, "devices": devices, "reason": reason, "who": who}
    times = {"from": start, "to": end, "for": lasting, "every": every}
    added = read(_VIEW, client.post(_PATH, body | times))
    now = read(_LIST, client.get(_PATH)).now
    click.echo(f"{added.id}: {_covered(added)}: {_open(added, now)}")


@maintenance.command("list")
@daemon_options
def listed(client: Client) -> None:
    """Print the maintenance windows, and when each is open next. Example: linkward maintenance list."""
    known = read(_LIST, client.get(_PATH))
    if not known.maintenance:
        click.echo("no work is planned")
        return
    table = Table(*(Column(heading, overflow="fold") for heading in ("id", "covers", "every", "open", "reason")))
    for one in known.maintenance:
        table.add_row(one.id, _covered(one), one.every or "", _open(one, known.now), Text(harmless(one.reason)))
    Console().print(table)


@maintenance.command()
@click.argument("name", metavar="ID")
@who_option
@daemon_options
def end(name: str, who: str, client: Client) -> None:
    """End a maintenance window now. ID is its id, or as much of its beginning as no other has.

    A window of the inventory is taken out there.

    Example: linkward maintenance end work-3f9a1c
    """
    names = [one.id for one in read(_LIST, client.get(_PATH)).maintenance]
    found = only_one(name, names, "maintenance window", "linkward maintenance list")
    ended = read(_VIEW, client.delete(f"{_PATH}/{found}", who=who))
    click.echo(f"{ended.id}: {_covered(ended)}: ended")


def _covered(window: WindowView) -> str:
    return ", ".join(_covers(window))


def _covers(window: WindowView) -> Iterator[str]:
    yield from (f"site {name}" for name in window.sites)
    yield from (f"link {name}" for name in window.links)
    yield from (f"device {name}" for name in window.devices)


def _open(window: WindowView, now: datetime) -> str:
    if window.next is None:
        return "over"
    zone = ZoneInfo(window.timezone)
    start, over = window.next.start.astimezone(zone), window.next.end.astimezone(zone)
    when = (
        f"{start:%a %Y-%m-%d %H:%M} to {over:%H:%M}"
        if start.date() == over.date()
        else (f"{start:%a %Y-%m-%d %H:%M} to {over:%a %Y-%m-%d %H:%M}")
    )
    if window.is_open:
        return f"open now, {when} {window.timezone}"
    ahead = round((window.next.start - now).total_seconds() / _MINUTE) * _MINUTE
    return f"{when} {window.timezone}, in {format_duration(max(_MINUTE, ahead))}"
