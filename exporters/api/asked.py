"""What a request asks: its parameters, read strictly. What cannot be read is refused with how to mend it."""

import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, tzinfo
from http import HTTPStatus
from typing import Final

from fastapi import Request

from exporters.api.problems import RefusedError
from model.inventory import Device, Inventory, Link, Service, Site
from model.measurement import SubjectKey

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Nobody kept facts before; and far from both ends of the calendar every zone can be reckoned with."""
LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)

MOST: Final = 1_000
"""Elements of a list in one page."""

_TIME: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?)?", re.ASCII | re.IGNORECASE
)
_LOST_PLUS: Final = re.compile(r" (\d\d:\d\d)$")
_TIME_MEND: Final = "write a day such as 2026-11-24, or a time such as 2026-11-24T14:30:00+07:00"


def check_parameters(request: Request, known: Collection[str]) -> None:
    """Refuse what the question does not know, such as a slip of the pen, and what is said twice.

    Raises:
        RefusedError: 400.
    """
    names = [name for name, _ in request.query_params.multi_items()]
    mend = f"the parameters are {', '.join(known)}, each at most once"
    for name in names:
        if name not in known:
            raise RefusedError(HTTPStatus.BAD_REQUEST, f"there is no parameter {name!r}", mend)
        if names.count(name) > 1:
            raise RefusedError(HTTPStatus.BAD_REQUEST, f"{name!r} is there more than once", mend)


def parse_time(name: str, text: str, zone: tzinfo) -> datetime:
    """A time in UTC; a day is its midnight, and without an offset the clock of ``zone`` is meant.

    Args:
        name: Of the parameter.
        text: As RFC 3339 has it, or only its day, or without its offset.
        zone: The ward's.

    Raises:
        RefusedError: 422; it is no time, or one that nobody can have kept facts of.
    """
    # In a query a plus that is not written %2B arrives as a space.
    match = _TIME.fullmatch(_LOST_PLUS.sub(r"+\1", text) if "T" in text.upper() else text)
    if match is None:
        raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, f"{name}={text!r} is no time", _TIME_MEND)
    day, clock, offset = match.groups()
    try:
        read = datetime.fromisoformat(f"{day}T{clock or '00:00'}{offset or ''}".upper())
    except ValueError as error:
        raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, f"{name}={text!r} is no time", _TIME_MEND) from error
    return _within_reason(name, text, read if read.tzinfo else read.replace(tzinfo=zone))


def _within_reason(name: str, text: str, at: datetime) -> datetime:
    if EARLIEST <= at < LATEST:
        return at.astimezone(UTC)
    raise RefusedError(
        HTTPStatus.UNPROCESSABLE_ENTITY, f"{name}={text!r} is out of reach", "write a time from the year 2000 on"
    )


def parse_limit(text: str | None, otherwise: int | None = None) -> int | None:
    """How many elements of a list are wanted at most.

    Args:
        text: As it was asked.
        otherwise: Where nothing was; ``None`` for all.

    Raises:
        RefusedError: 422; it is no number from 1 to ``MOST``.
    """
    if text is None:
        return otherwise
    if not text.isdecimal() or not text.isascii() or len(text) > len(str(MOST)) or not 1 <= int(text) <= MOST:
        mend = f"write a number from 1 to {MOST}"
        raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, f"limit={text!r} is no such number", mend)
    return int(text)


def site_named(inventory: Inventory, site_id: str) -> Site:
    """The site of an id.

    Raises:
        RefusedError: 404.
    """
    for site in inventory.sites:
        if site.id == site_id:
            return site
    raise _no_such("site", site_id)


def subject_named(inventory: Inventory, key: SubjectKey) -> tuple[Site, Link | Device | Service]:
    """The link, device or service of an id, with its site.

    Raises:
        RefusedError: 404.
    """
    noun, name = key
    found: Iterator[tuple[Site, Link | Device | Service]]
    match noun:
        case "link":
            found = iter(inventory.links())
        case "device":
            found = iter(inventory.devices())
        case _:
            found = iter(inventory.services())
    for site, item in found:
        if item.id == name:
            return site, item
    raise _no_such(noun, name)


def _no_such(noun: str, name: str) -> RefusedError:
    return RefusedError(
        HTTPStatus.NOT_FOUND, f"there is no {noun} {name!r} in the inventory", f"see /api/v1/{noun}s for the ids"
    )
