"""``linkward explain``: why something is, or was, in its state, as the running daemon knows it."""

from typing import Final

import click

from model.text import harmless
from monitor.cli.client import Client, NotThere, url_option
from monitor.cli.console import Refusal

_NOUNS: Final = ("link", "device", "service")


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--at", metavar="TIME", help="A time that has passed, by the ward's clock or with its offset; now.")
@url_option
def explain(name: str, at: str | None, url: str) -> None:
    """Say what a link, device or service is in, since when and why, what it depends on, and when nobody watched it.

    NAME is the id of a link, a device or a service.

    \b
    Example:
      linkward explain office-vnpt --at=2026-11-24T14:30
    """
    for line in _answer(Client(url), name, at).splitlines():
        click.echo(harmless(line))


def _answer(client: Client, name: str, at: str | None) -> str:
    """Ids are unique, so that at most one noun bears it."""
    for noun in _NOUNS:
        try:
            return client.get("/api/v1/explain", accept="text/plain", **{noun: name, "at": at}).decode()
        except NotThere:
            continue
    raise Refusal(f"{name!r} is no link, device or service of the inventory: see `linkward status` for the ids")
