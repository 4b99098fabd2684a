"""``linkward silence``: mute what somebody knows of, for a time that has an end."""

from typing import Final
from zoneinfo import ZoneInfo

import click
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from exporters.api.silences import Silences, SilenceView
from model.text import harmless
from monitor.cli.answers import author_option, local, only_one, read, who_option
from monitor.cli.client import Client, daemon_options
from monitor.cli.console import Refusal

_PATH: Final = "/api/v1/silences"
_LIST: Final = TypeAdapter(Silences)
_VIEW: Final = TypeAdapter(SilenceView)


@click.group()
def silence() -> None:
    """Mute what is known already."""


@silence.command()
@click.argument("matchers", nargs=-1, required=True, metavar="MATCHER...")
@click.option("--for", "lasting", metavar="DURATION", help="How long, such as 2h.")
@click.option("--until", "end", metavar="TIME", help="Its end, by the ward's clock or with an offset.")
@click.option("--from", "start", metavar="TIME", help="Its begin; left out: now.")
@click.option("--comment", required=True, metavar="TEXT", help="Why, for whoever wonders tonight.")
@author_option
@daemon_options
def add(
    matchers: tuple[str, ...],
    lasting: str | None,
    end: str | None,
    start: str | None,
    comment: str,
    author: str,
    client: Client,
) -> None:
    """Silence the alerts whose labels match every MATCHER: label=value, !=, =~ and !~ as in Alertmanager.

    \b
    Example:
      linkward silence add site=office alertname=~Link.* --for=2h --comment="new UPS"
    """
    if (lasting is None) == (end is None):
        raise Refusal("its end is not clear: write either --for, such as --for=2h, or --until")
    body = {"matchers": matchers, "starts_at": start, "ends_at": end, "for": lasting}
    added = read(_VIEW, client.post(_PATH, {**body, "author": author, "comment": comment}))
    known = read(_LIST, client.get(_PATH))
    click.echo(f"{added.id}: {_muted(added)}, {_times(added, known)}, by {harmless(added.author)}")


@silence.command("list")
@click.option("--all", "is_all", is_flag=True, help="Those that ended within a day too.")
@daemon_options
def listed(is_all: bool, client: Client) -> None:
    """Print who has silenced what, until when and why. Example: linkward silence list."""
    known = read(_LIST, client.get(_PATH))
    ended = read(_LIST, client.get(_PATH, state="ended")).silences if is_all else []
    found = [*known.silences, *ended]
    if not found:
        click.echo("nothing is silenced")
        return
    headings = ("id", "state", "what", "when", "whose", "why")
    table = Table(*(Column(heading, overflow="fold") for heading in headings))
    for one in found:
        cells = (_muted(one), _times(one, known), harmless(one.author), harmless(one.comment))
        table.add_row(one.id, one.state, *map(Text, cells))
    Console().print(table)


@silence.command()
@click.argument("name", metavar="ID")
@who_option
@daemon_options
def end(name: str, who: str, client: Client) -> None:
    """End a silence now. ID is its id, or as much of its beginning as no other has.

    Example: linkward silence end silence-3f9a
    """
    names = [one.id for one in read(_LIST, client.get(_PATH)).silences]
    found = only_one(name, names, "silence", "linkward silence list")
    ended = read(_VIEW, client.delete(f"{_PATH}/{found}", who=who))
    click.echo(f"{ended.id}: {_muted(ended)}, ended by {harmless(ended.ended_by)}")


def _muted(one: SilenceView) -> str:
    return harmless(" ".join(one.matchers))


def _times(one: SilenceView, known: Silences) -> str:
    zone = ZoneInfo(known.timezone)
    start, over = (local(at, known.now, zone) for at in (one.starts_at, one.ended_at or one.ends_at))
    return f"from {start} until {over}"
