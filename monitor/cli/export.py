"""``linkward export``: files for other programs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from exporters.dashboards import dashboard_files
from exporters.rules import RUNBOOK, rule_files, rules_text
from exporters.scrape_config import ADDRESS, FILES, Style, scrape_config, scrape_config_files
from model.hosts import check_host, split_port
from model.invalid import InvalidValueError
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
    else:
        _write(output, {SCHEMA_FILE: text})


@export.command()
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help=f"Folder to write {' and '.join(rule_files())} into; left out: both as one file to standard output.",
)
@click.option(
    "--runbook-url",
    metavar="URL",
    default=RUNBOOK,
    show_default=True,
    help="The page with a section for each alert, to which `#` and the name in small letters are appended.",
)
def rules(output: Path | None, runbook_url: str) -> None:
    """Write the rules by which Prometheus and Alertmanager tell people what the daemon has decided.

    They are for an inventory with `alerts: {via: prometheus}`, whose daemon sends nothing itself.

    Example: linkward export rules --output=/etc/prometheus/rules
    """
    if output is None:
        click.echo(rules_text(runbook_url), nl=False)
    else:
        _write(output, rule_files(runbook_url))


@export.command()
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("dashboards"),
    show_default=True,
    help="Folder to write them into, those of each language in a folder of its own: en and vi.",
)
def dashboards(output: Path) -> None:
    """Write the dashboards for Grafana 10 or later, in English and Vietnamese.

    Example: linkward export dashboards --output=/var/lib/grafana/dashboards
    """
    _write(output, dashboard_files())


@export.command()
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help=f"Folder to write {' and '.join(FILES.values())} into; left out: one of them to standard output.",
)
@click.option(
    "--url", metavar="HOST:PORT", default=ADDRESS, show_default=True, help="Where Prometheus finds the daemon."
)
@click.option(
    "--style",
    type=click.Choice(list(FILES)),
    default="metrics",
    show_default=True,
    help="Without --output: all at once from /metrics, or one target at a time from /probe and /snmp.",
)
def prometheus(output: Path | None, url: str, style: Style) -> None:
    """Write the configurations with which Prometheus scrapes the daemon.

    Example: linkward export prometheus --output=/etc/prometheus --url=10.20.0.9:9841
    """
    _check_address(url)
    if output is None:
        click.echo(scrape_config(style, url), nl=False)
    else:
        _write(output, scrape_config_files(url))


def _check_address(url: str) -> None:
    host, port = split_port(url) or ("", None)
    try:
        check_host(host)
    except InvalidValueError:
        port = None
    if not port:
        raise Refusal(f"--url={url!r} is no address of a daemon: write HOST:PORT, such as {ADDRESS}")


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder, which is made where it is missing, and print where they are."""
    for name, text in files.items():
        try:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        except OSError as error:
            mend = "name a folder that this user may write to"
            raise Refusal(f"--output={folder}: cannot be written ({error.strerror}): {mend}") from error
        click.echo(folder / name)
