"""``linkward incidents`` and ``linkward ack``: what goes wrong, and who has taken it on."""

import json
import sys
from collections.abc import Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

import click
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from exporters.api.incidents import Incidents
from exporters.incident_view import IncidentSummary, IncidentView
from model.incident import Severity
from model.text import counted, harmless
from model.units import format_duration
from monitor.cli.annotate import annotate
from monitor.cli.answers import MOST, local, only_one, read, who_option
from monitor.cli.client import Client, NotThere, daemon_options
from monitor.cli.console import FOUND_A_PROBLEM

_PATH: Final = "/api/v1/incidents"
_LIST: Final = TypeAdapter(Incidents)
_VIEW: Final = TypeAdapter(IncidentView)
_STYLES: Final = {Severity.CRITICAL: "bold red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


@click.group(invoke_without_command=True)
@click.option("--all", "is_all", is_flag=True, help="Those that are over too; without a time, of the last seven days.")
@click.option(
    "--from", "start", metavar="TIME", help="What lasted then or later, by the ward's clock or with an offset."
)
@click.option("--to", "end", metavar="TIME", help="What began before.")
@click.option("--site", metavar="ID", help="What touches this site.")
@click.option("--json", "as_json", is_flag=True, help="As a list in JSON.")
@daemon_options
def incidents(
    is_all: bool, start: str | None, end: str | None, site: str | None, as_json: bool, client: Client
) -> None:
    """Print the incidents that last, or those that touch a time, the newest first.

    Ends with status 1 when one of them is open.

    \b
    Examples:
      linkward incidents
      linkward incidents --from=2026-11-01 --to=2026-12-01
      linkward incidents annotate office-vnpt-25a41c --cause=provider --ticket=HN-4711 --config.file=ward.yml
    """
    if click.get_current_context().invoked_subcommand is not None:
        return
    state = "all" if is_all or start or end else "open"
    pages = list(_pages(client, **{"state": state, "from": start, "to": end, "site": site}))
    found = [one for page in pages for one in page.incidents]
    if as_json:
        plain: list[Any] = [TypeAdapter(IncidentSummary).dump_python(one, mode="json") for one in found]
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        _print(pages[0], found)
    if any(one.state == "open" for one in found):
        sys.exit(FOUND_A_PROBLEM)


incidents.add_command(annotate)


@click.command()
@click.argument("name", metavar="ID")
@who_option
@click.option("--comment", default="", metavar="TEXT", help="Why, or what was done.")
@click.option("--undo", is_flag=True, help="Give it back instead.")
@daemon_options
def ack(name: str, who: str, comment: str, undo: bool, client: Client) -> None:
    """Take an incident on, so that nobody else is called.

    ID is the id of an open incident, or as much of its beginning as no other has.

    \b
    Example:
      linkward ack office-vnpt-25 --comment="called VNPT, back in 30 minutes"
    """
    path = f"{_PATH}/{_open_id(client, name)}/ack"
    answer = client.delete(path, who=who) if undo else client.post(path, {"who": who, "comment": comment})
    taken = read(_VIEW, answer)
    whose = f"is taken on by {harmless(taken.acknowledged.who)}" if taken.acknowledged else "is taken on by nobody"
    click.echo(f"{taken.id} ({_what(taken)}) {whose}")


def _pages(client: Client, **asked: str | None) -> Iterator[Incidents]:
    after: str | None = None
    while True:
        page = read(_LIST, client.get(_PATH, "application/json", limit=MOST, after=after, **asked))
        yield page
        after = page.after
        if after is None:
            return


def _open_id(client: Client, given: str) -> str:
    """The id of an open incident that begins so; another is left to the daemon, which says what is wrong with it."""
    names = [one.id for page in _pages(client, state="open") for one in page.incidents]
    try:
        return only_one(given, names, "open incident", "linkward incidents")
    except NotThere:
        known = [one.id for page in _pages(client, state="all") for one in page.incidents]
        if given in known:
            return given
        raise


def _print(first: Incidents, found: list[IncidentSummary]) -> None:
    zone, console = ZoneInfo(first.timezone), Console()
    if found:
        headings = ("id", "severity", "what", "since", "lasts", "taken on")
        table = Table(*(Column(heading, overflow="fold") for heading in headings))
        for one in found:
            severity = Text("over", style="green") if one.closed_at else Text(one.severity, style=_STYLES[one.severity])
            lasts = format_duration(round(((one.closed_at or first.now) - one.began_at).total_seconds()))
            taken = harmless(one.acknowledged.who) if one.acknowledged else "" if one.closed_at else "by nobody"
            table.add_row(one.id, severity, Text(_what(one)), local(one.began_at, first.now, zone), lasts, Text(taken))
        console.print(table)
    number = sum(one.state == "open" for one in found)
    at = first.now.astimezone(zone)
    console.print(f"{counted(number, 'open incident')}, {at:%Y-%m-%d %H:%M:%S} {first.timezone}", highlight=False)


def _what(one: IncidentSummary) -> str:
    about = one.about
    name = harmless(f" {about.id}" if about.id else "")
    of = f" ({one.requirement})" if one.requirement else ""
    hides = f", and {one.hides} more because of it" if one.hides else ""
    return f"{one.alertname}{of}: {about.kind}{name}{hides}"
