"""``linkward discover``: what answers in a network and is not in the inventory."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

import click
import uvloop
from rich.console import Console
from rich.progress import Progress

from model.invalid import InvalidValueError
from model.inventory import Credentials, Inventory
from model.measurement import SystemFacts
from model.naming import device_id
from model.placement import role_of
from model.survey import Survey
from model.text import one_line
from monitor.cli.console import FOUND_A_PROBLEM, Refusal
from monitor.cli.durations import timeout_option
from monitor.cli.editing import chosen_credentials, read_inventory
from monitor.config.profiles import profiles_of
from monitor.config.written import block
from monitor.enrol.pace import Pace
from monitor.enrol.proposing import Asked, Wishes, device_record, propose_site, taken_ids
from monitor.enrol.sweeping import Met, addresses_of, sweep
from monitor.enrol.trying import Trier
from monitor.enrol.usual import with_usual_credentials
from monitor.snmp.engines import Engines

_NAMELESS = Survey(SystemFacts(descr="", object_id="", name="", location="", contact=""))


class Manner(NamedTuple):
    """How addresses are asked: UDP port, pings and questions a second, seconds of patience."""

    port: int
    rate: int
    timeout: float


@click.command()
@click.argument("network", metavar="CIDR")
@click.option(
    "--config.file",
    "path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The inventory: what it has is left out, its credentials are tried; where there are none, the community of"
    " SNMP_COMMUNITY, or `public`.",
)
@click.option("--credentials", metavar="NAME", help="Try only these of the inventory.")
@click.option("--port", type=click.IntRange(1, 65_535), default=161, show_default=True, help="UDP port of the agents.")
@click.option(
    "--rate",
    type=click.IntRange(1, 1_000),
    default=50,
    show_default=True,
    help="Pings and questions a second, at most.",
)
@timeout_option("2s")
@click.option("--no-ping", is_flag=True, help="Ask also who answers no ping; takes much longer.")
def discover(network: str, path: Path | None, credentials: str | None, no_ping: bool, **how: Any) -> None:
    """Ask every address of CIDR who it is, and print the lines for what the inventory has not got.

    At most 4096 addresses are asked, at a gentle pace: each is pinged, and who answers is tried with each of the known
    credentials once. What answers a ping but takes none of them is named. Nothing is written: paste what is right,
    or use `linkward add`, which also finds what a device hangs on.

    Example: linkward discover 10.20.0.0/24 --config.file=ward.yml
    """
    inventory = with_usual_credentials(Inventory() if path is None else read_inventory(path))
    known = chosen_credentials(inventory, credentials)
    try:
        addresses = addresses_of(network)
    except InvalidValueError as error:
        raise Refusal(str(error)) from None
    there = {device.address for _, device in inventory.devices()}
    asked = [address for address in addresses if address not in there]
    met = uvloop.run(_sweep(inventory, known, asked, Manner(**how), ping=not no_ping))
    _report(inventory, met, how["port"], len(addresses) - len(asked))
    if not any(each.credentials or each.answers_ping for each in met):
        sys.exit(FOUND_A_PROBLEM)


async def _sweep(
    inventory: Inventory, known: Mapping[str, Credentials], addresses: Sequence[str], how: Manner, *, ping: bool
) -> list[Met]:
    engines = Engines()
    trier = Trier(engines, known, how.port, how.timeout, turn=Pace(how.rate).turn)
    met = []
    try:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("asking", total=len(addresses))
            async for each in sweep(trier, list(addresses), profiles_of(inventory), ping=ping):
                met.append(each)
                progress.advance(bar)
    finally:
        trier.close()
        engines.close()
    return sorted(met, key=lambda each: ip_address(each.address))


def _report(inventory: Inventory, met: Sequence[Met], port: int, known: int) -> None:
    let_in = [each for each in met if each.credentials]
    groups: dict[str | None, list[Met]] = {}
    for each in let_in:
        groups.setdefault(_site(inventory, each, port), []).append(each)
    taken = taken_ids(inventory)
    for site, members in groups.items():
        click.echo(f"# under `devices` of {f'the site {site}' if site else 'the site that they are at'}:")
        for each in members:
            click.echo("\n".join(_lines(each, port, site or "new", taken)))
    shut = [each.address for each in met if each.answers_ping and not each.credentials]
    for address in shut:
        click.echo(
            f"# {address} answers ping, but SNMP with none of these credentials: linkward add {address} says why"
        )
    silent = len(met) - len(let_in) - len(shut)
    told = f"{len(let_in)} let us in, {len(shut)} answer only ping, {silent} do not answer"
    click.echo(f"addresses asked: {len(met)}; {told}; {known} are in the inventory already", err=True)


def _site(inventory: Inventory, met: Met, port: int) -> str | None:
    asked = Asked(met.address, met.credentials or "", port, met.source)
    found = propose_site(inventory, met.survey, asked, Wishes()) if inventory.sites else None
    return found.subject if found else None


def _lines(met: Met, port: int, site: str, taken: set[str]) -> Iterator[str]:
    survey = met.survey or _NAMELESS
    role = role_of(survey)
    name = device_id(survey.system.name, role, site, taken)
    taken.add(name)
    if survey.system.descr:
        yield f"      # {one_line(survey.system.descr)[:100]}"
    yield from block(
        device_record(survey, Asked(met.address, met.credentials or "", port, met.source), name, role), "      "
    )
