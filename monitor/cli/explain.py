"""``linkward explain``: why something is, or was, in its state, as the running daemon or the history knows it."""

import asyncio
import sys
from pathlib import Path
from typing import Final, get_args

import click

from exporters.api.explanations import explanation, language_named
from exporters.api.problems import RefusedError
from exporters.explanation_text import explanation_text
from exporters.past import PastUnavailableError
from history.errors import HistoryError
from model.inventory import Inventory, Language
from model.measurement import Noun, SubjectKey
from model.text import harmless
from monitor.cli.client import Client, NotThere, daemon_options
from monitor.cli.console import Refusal
from monitor.config import ConfigError, load
from monitor.offline import Offline

_NOUNS: Final[tuple[Noun, ...]] = ("link", "device", "service")


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--at", metavar="TIME", help="A time that has passed, by the ward's clock or with its offset; now.")
@daemon_options
@click.option(
    "--config.file",
    "config",
    type=click.Path(path_type=Path),
    help="Ask no daemon: the inventory, for what its history tells.",
)
@click.option(
    "--storage.url",
    "storage_url",
    metavar="URL",
    help="With --config.file: where that history is kept; default: what the inventory says.",
)
@click.option(
    "--language",
    type=click.Choice(get_args(Language)),
    help="Left out: the ward's for a person at a terminal, English for a program.",
)
def explain(
    name: str, at: str | None, client: Client, *, config: Path | None, storage_url: str | None, language: str | None
) -> None:
    """Say what a link, device or service is in, since when and why, what it depends on, and when nobody watched it.

    And why somebody was told of it, or nobody: by which maintenance window, whose silence, as a part of which incident.

    NAME is the id of a link, a device or a service.

    \b
    Examples:
      linkward explain office-vnpt --at=2026-11-24T14:30
      linkward explain office-vnpt --at=2026-11-24T14:30 --config.file=ward.yml --storage.url=sqlite:///backup.db
    """
    if storage_url is not None and config is None:
        raise Refusal("--storage.url: a history tells nothing without its inventory: write --config.file too")
    lang = language or ("ward" if is_read_by_a_person() else "en")
    told = _answer(client, name, at, lang) if config is None else _offline(config, storage_url, name, at, lang)
    for line in told.splitlines():
        click.echo(harmless(line))


def is_read_by_a_person() -> bool:
    """Whether it goes to a terminal, and to no program or file."""
    return sys.stdout.isatty()


def _answer(client: Client, name: str, at: str | None, lang: str) -> str:
    """Ids are unique, so that at most one noun bears it."""
    for noun in _NOUNS:
        try:
            return client.get("/api/v1/explain", accept="text/plain", **{noun: name, "at": at, "lang": lang}).decode()
        except NotThere:
            continue
    raise _unknown(name, "linkward status")


def _offline(config: Path, storage_url: str | None, name: str, at: str | None, lang: str) -> str:
    try:
        inventory = load(config)
        subject = _subject(inventory, name, config)
        source = Offline(inventory, storage_url or inventory.storage.url.get_secret_value())
    except (ConfigError, HistoryError) as error:
        raise Refusal(str(error)) from error
    try:
        found = asyncio.run(explanation(source, subject, at, None, source))
    except (RefusedError, PastUnavailableError) as error:
        raise Refusal(str(error)) from error
    finally:
        source.close()
    return explanation_text(found, language_named(inventory, lang, subject))


def _subject(inventory: Inventory, name: str, config: Path) -> SubjectKey:
    ids: dict[Noun, set[str]] = {
        "link": {link.id for _, link in inventory.links()},
        "device": {device.id for _, device in inventory.devices()},
        "service": {service.id for _, service in inventory.services()},
    }
    for noun in _NOUNS:
        if name in ids[noun]:
            return noun, name
    raise _unknown(name, str(config))


def _unknown(name: str, where: str) -> Refusal:
    return Refusal(f"{name!r} is no link, device or service of the inventory: see `{where}` for the ids")
