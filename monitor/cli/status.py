"""``linkward status``: the state of everything, as the running daemon sees it."""

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import click
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from exporters.pages.page import MARKS, WORST_FIRST
from exporters.status import PartStatus, SiteStatus, Status
from model.state import State
from model.text import harmless
from monitor.cli.client import Client, daemon_options
from monitor.cli.console import FOUND_A_PROBLEM, Refusal

_STATUS: Final = TypeAdapter(Status)
_STYLES: Final = {
    State.UP: "green",
    State.DEGRADED: "yellow",
    State.DOWN: "bold red",
    State.UNREACHABLE: "magenta",
    State.UNKNOWN: "dim",
    State.MAINTENANCE: "blue",
}


@click.command()
@daemon_options
def status(client: Client) -> None:
    """Print every site with its links, devices and services, the worst first.

    Ends with status 1 when anything is down, with 2 when the daemon does not answer.

    \b
    Example:
      linkward status --url=http://127.0.0.1:9841
    """
    now = _read(client.get("/api/v1/status"))
    console = Console()
    console.print(_table(now))
    console.print(_summary(now), highlight=False)
    if any(state is State.DOWN for state in _states(now)):
        sys.exit(FOUND_A_PROBLEM)


def _read(answer: bytes) -> Status:
    try:
        return _STATUS.validate_json(answer)
    except ValidationError as error:
        raise Refusal("what the daemon says cannot be read: is it of the same version as this command?") from error


def _table(now: Status) -> Table:
    """Nothing is cut off: who reads an id here wants to type it elsewhere."""
    table = Table(*(Column(heading, overflow="fold") for heading in ("what", "state", "since", "name")))
    zone = ZoneInfo(now.timezone)
    for site in sorted(now.sites, key=lambda site: WORST_FIRST.index(site.state)):
        since = _local(site.since, now.now, zone)
        table.add_row(Text(f"site {site.id}", style="bold"), _word(site.state), since, Text(harmless(site.name)))
        for noun, part in _parts(site):
            name = ", ".join(harmless(word) for word in (part.name, part.detail) if word)
            table.add_row(f"{noun} {part.id}", _word(part.state), _local(part.since, now.now, zone), Text(name))
        table.add_section()
    return table


def _word(state: State) -> Text:
    return Text(f"{MARKS[state]} {state}", style=_STYLES[state])


def _local(since: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    if since is None:
        return ""
    there, today = since.astimezone(zone), now.astimezone(zone).date()
    return f"{there:%H:%M:%S}" if there.date() == today else f"{there:%Y-%m-%d %H:%M}"


def _parts(site: SiteStatus) -> Iterator[tuple[str, PartStatus]]:
    yield from (("link", link) for link in site.links)
    yield from (("device", device) for device in site.devices)
    yield from (("service", service) for service in site.services)


def _states(now: Status) -> Iterator[State]:
    for site in now.sites:
        yield site.state
        yield from (part.state for _, part in _parts(site))


def _summary(now: Status) -> str:
    sites = [site.state for site in now.sites]
    counts = [f"{sites.count(state)} {state}" for state in WORST_FIRST if state in sites]
    place = harmless(now.name or now.ward or "all wards")
    at = now.now.astimezone(ZoneInfo(now.timezone))
    return f"{place}, {at:%Y-%m-%d %H:%M:%S} {now.timezone}: {', '.join(counts) or 'no site'}"
