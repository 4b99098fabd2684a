"""``linkward add``: a device by its address alone."""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import click
import uvloop

from model.hosts import check_host
from model.invalid import InvalidValueError
from model.inventory import Credentials, Inventory, Language
from model.placement import Proposal, Role, Why
from model.profile import Profile
from model.survey import Survey
from monitor.cli.console import FOUND_A_PROBLEM, Refusal
from monitor.cli.durations import timeout_option
from monitor.cli.editing import (
    chosen_credentials,
    config_option,
    read_inventory,
    write_changes,
    yes_option,
)
from monitor.config.profiles import profiles_of
from monitor.enrol.explaining import explain_failure
from monitor.enrol.presence import resolved
from monitor.enrol.proposing import Asked, Wishes, propose, propose_site, registered
from monitor.enrol.surveying import survey
from monitor.enrol.trying import Trial, Trier
from monitor.enrol.usual import USUAL_CREDENTIALS, with_usual_credentials
from monitor.enrol.words import say
from monitor.snmp.engines import Engines
from monitor.snmp.session import SnmpError


@dataclass(frozen=True, slots=True)
class _Met:
    """A device that was asked: what it took, and what it told."""

    trial: Trial
    survey: Survey | None = None


@click.command()
@click.argument("address")
@config_option
@click.option("--site", metavar="ID", help="The site that it belongs to; left out, it is found or asked for.")
@click.option("--id", metavar="ID", help="Its id; left out, one is made of its name.")
@click.option("--name", metavar="TEXT", help="As people call it; left out, vendor and model.")
@click.option("--role", type=click.Choice(get_args(Role)), help="What it is for; left out, it is guessed.")
@click.option("--provider", metavar="NAME", help="Add the line, sold by so-and-so, that this router stands on, too.")
@click.option("--credentials", metavar="NAME", help="Try only these; left out, all of the inventory, one try each.")
@click.option("--port", type=click.IntRange(1, 65_535), default=161, show_default=True, help="UDP port of its agent.")
@timeout_option("2s")
@yes_option
def add(address: str, path: Path, credentials: str | None, port: int, timeout: float, yes: bool, **wished: Any) -> None:
    """Add the device at ADDRESS to the inventory: its credentials, vendor, way up and parent are found.

    What would be written is shown first, and nothing else in the file changes. Ends with status 1 where the device
    does not let us in, and says why in plain words.

    Example: linkward add 10.20.0.7 --config.file=ward.yml
    """
    read, wishes = read_inventory(path), Wishes(**wished)
    inventory = with_usual_credentials(read)
    known, language = chosen_credentials(inventory, credentials), inventory.language_of()
    _check(address, inventory, path, wishes.site, language)
    met = uvloop.run(_meet(address, inventory, known, port, timeout))
    if met.survey is None or met.trial.found is None:
        click.echo("\n".join(explain_failure(met.trial, address, port, language)), err=True)
        if not read.credentials:
            click.echo(say(language, "no_credentials", file=path), err=True)
        sys.exit(FOUND_A_PROBLEM)
    click.echo(say(language, "found", address=address, credentials=met.trial.found), err=True)
    asked = Asked(address, met.trial.found, port, met.trial.source)
    place = propose_site(inventory, met.survey, asked, wishes)
    if place is None:
        place = Proposal(_ask_site(address, inventory, language, yes=yes), Why.GIVEN)
    enrolment = propose(inventory, met.survey, asked, place, wishes, language=language)
    click.echo("\n".join(enrolment.told), err=True)
    opening = () if read.credentials else (USUAL_CREDENTIALS,)
    write_changes(path, (*opening, *enrolment.changes), language, yes=yes)


def _check(address: str, inventory: Inventory, path: Path, site: str | None, language: Language) -> None:
    """Refuse what cannot be done before anything is sent.

    Raises:
        Refusal: With what is wrong.
    """
    try:
        check_host(address)
    except InvalidValueError as error:
        raise Refusal(str(error)) from None
    sites = [each.id for each in inventory.sites]
    if not sites:
        raise Refusal(say(language, "no_site", file=path))
    if site is not None and site not in sites:
        raise Refusal(f"--site={site}: write one of {', '.join(sites)}")
    there = registered(inventory, {address})
    if there is not None:
        raise Refusal(say(language, "there_already", address=address, id=there.id))


async def _meet(
    address: str, inventory: Inventory, known: Mapping[str, Credentials], port: int, timeout: float
) -> _Met:
    language = inventory.language_of()
    literal = await resolved(address)
    if literal is None:
        raise Refusal(say(language, "unresolved", address=address))
    there = registered(inventory, {literal})
    if there is not None:
        raise Refusal(say(language, "there_already", address=literal, id=there.id))
    engines = Engines()
    trier = Trier(engines, known, port, timeout, begun=lambda name: _say_trying(name, language))
    try:
        trial = await trier.try_all(literal)
        if trial.found is None:
            return _Met(trial)
        return _Met(trial, await _survey(trier, literal, trial.found, profiles_of(inventory)))
    finally:
        trier.close()
        engines.close()
        await asyncio.sleep(0)


def _say_trying(name: str, language: Language) -> None:
    click.echo(say(language, "trying", credentials=name), err=True)


async def _survey(trier: Trier, literal: str, name: str, profiles: Mapping[str, Profile]) -> Survey:
    session = await trier.open(literal, trier.credentials[name], retries=1)
    try:
        return await survey(session, profiles)
    except SnmpError as error:
        raise Refusal(f"{literal}: it answered at first, then no more ({error.detail}): try again") from None
    finally:
        session.close()


def _ask_site(address: str, inventory: Inventory, language: Language, *, yes: bool) -> str:
    sites = [each.id for each in inventory.sites]
    question = say(language, "which_site", address=address, sites=", ".join(sites))
    if yes or not sys.stdin.isatty():
        raise Refusal(question)
    answer: str = click.prompt(question, type=click.Choice(sites), show_choices=False, err=True)
    return answer
