"""What the commands about incidents, silences and maintenance have in common."""

import getpass
from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

import click
from pydantic import TypeAdapter, ValidationError

from monitor.cli.client import NotThere
from monitor.cli.console import Refusal

MOST: Final = "1000"
"""Incidents that are asked for in one piece."""

_T = TypeVar("_T")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # nobody of that number, as in a container
        return ""


who_option = click.option(
    "--who", default=_user, show_default="your user name", metavar="NAME", help="Who does it, for those who read it."
)
author_option = click.option(
    "--author", default=_user, show_default="your user name", metavar="NAME", help="Who answers for it."
)


def read(adapter: TypeAdapter[_T], answer: bytes) -> _T:
    """What the daemon says.

    Raises:
        Refusal: It says something else.
    """
    try:
        return adapter.validate_json(answer)
    except ValidationError as error:
        raise Refusal("what the daemon says cannot be read: is it of the same version as this command?") from error


def only_one(given: str, names: Sequence[str], noun: str, listing: str) -> str:
    """The id that begins so.

    Args:
        given: An id, or its beginning.
        names: All ids.
        noun: What bears them.
        listing: The command that lists them.

    Raises:
        Refusal: None does, or several do.
    """
    if given in names:
        return given
    found = [name for name in names if name.startswith(given)] if given else []
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotThere(f"there is no {noun} {given!r}: see `{listing}` for the ids")
    raise Refusal(f"{given!r} is the beginning of several ids: write more of one of {', '.join(sorted(found))}")


def local(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """By the ward's clock; with its day where that is not today."""
    there, today = moment.astimezone(zone), now.astimezone(zone).date()
    return f"{there:%H:%M:%S}" if there.date() == today else f"{there:%Y-%m-%d %H:%M}"
