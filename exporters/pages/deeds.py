"""What people do on the page of an incident: they take it on, give it back, silence it, end the silence."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta, tzinfo
from http import HTTPStatus
from typing import Final

from exporters.api.bodies import LONGEST_COMMENT, LONGEST_NAME
from exporters.desk import ClosedError, Desk, UnknownIncidentError, UnknownSilenceError
from exporters.pages.desk_views import matcher_of
from exporters.pages.incidents import Filled
from exporters.past import PastSource
from model.ack_token import ExpiredTokenError, TokenError
from model.incident import Incident
from model.silence import make_silence

MORNING: Final = time(7)
"""Until when a night lasts, by the ward's clock."""

_LENGTHS: Final[Mapping[str, timedelta]] = {"1h": timedelta(hours=1), "4h": timedelta(hours=4)}


class NoPageError(Exception):
    """There is nothing to be seen but a page that says why.

    Args:
        word: What it says.
        status: Of the answer.
        incident: Where the way leads on to.
    """

    def __init__(self, word: str, status: HTTPStatus, incident: Incident | None = None) -> None:
        super().__init__(word)
        self.word, self.status, self.incident = word, status, incident


class Deeds:
    """Does what the forms ask for.

    Args:
        desk: Where it is done.
        past: Knows the time and the people.
    """

    def __init__(self, desk: Desk, past: PastSource) -> None:
        self._desk = desk
        self._past = past

    async def found(self, name: str) -> Incident:
        """The incident of an id."""
        incident = await self._desk.incident(name)
        if incident is None:
            raise NoPageError("unknown", HTTPStatus.NOT_FOUND)
        return incident

    async def lasting(self, name: str) -> Incident:
        """The same, or the one that it is a part of, where that lasts."""
        incident = await self.found(name)
        if incident.merged_into is not None:
            incident = await self.found(incident.merged_into)
        if not incident.is_open:
            raise NoPageError("is_over", HTTPStatus.CONFLICT, incident)
        return incident

    async def acknowledge(self, name: str, who: str, comment: str) -> Incident:
        """Somebody takes it on."""
        try:
            return await self._desk.acknowledge(name, who, comment)
        except UnknownIncidentError as error:
            raise NoPageError("unknown", HTTPStatus.NOT_FOUND) from error
        except ClosedError as error:
            raise NoPageError("is_over", HTTPStatus.CONFLICT, await self.found(name)) from error

    async def give_back(self, name: str, who: str) -> Incident:
        """They give it back."""
        try:
            return await self._desk.unacknowledge(name, who)
        except UnknownIncidentError as error:
            raise NoPageError("unknown", HTTPStatus.NOT_FOUND) from error
        except ClosedError as error:
            raise NoPageError("is_over", HTTPStatus.CONFLICT, await self.found(name)) from error

    async def silence(self, name: str, filled: Filled, length: str, zone: tzinfo) -> Incident:
        """Let nobody be told of what an incident is about.

        Args:
            name: Of the incident.
            filled: Who does it, and why; neither is empty.
            length: ``1h``, ``4h`` or ``morning``; anything else is an hour.
            zone: The ward's.
        """
        incident, now = await self.lasting(name), self._past.now()
        end = until_morning(now, zone) if length == "morning" else now + _LENGTHS.get(length, _LENGTHS["1h"])
        matcher = matcher_of(incident.cause.subject, incident.cause)
        await self._desk.add_silence(make_silence((matcher,), now, end, filled.who, filled.comment, now=now))
        return incident

    async def end_silence(self, name: str, silence: str, who: str) -> Incident:
        """Let people be told again; a silence that is over, or was never there, is no reason to complain."""
        incident = await self.found(name)
        try:
            await self._desk.end_silence(silence, who)
        except (UnknownSilenceError, ClosedError):
            return incident
        return incident

    def person(self, name: str, token: str) -> str:
        """For whom a link to this incident was made."""
        signer = self._desk.link_signer()
        try:
            incident, person = ("", "") if signer is None else signer.opened(token, self._past.now())
        except ExpiredTokenError as error:
            raise NoPageError("expired", HTTPStatus.GONE) from error
        except TokenError as error:
            raise NoPageError("forged", HTTPStatus.FORBIDDEN) from error
        if signer is None or incident != name:
            raise NoPageError("forged", HTTPStatus.FORBIDDEN)
        return person


def filled_in(form: Mapping[str, str], user: str = "") -> Filled:
    """What a form says, and what is wrong with it.

    Args:
        form: Its fields.
        user: Who has shown who they are; where they write another name it stands beside that.
    """
    who, comment = form.get("who", "").strip(), form.get("comment", "").strip()
    if not who.isprintable() or not 1 <= len(who) <= LONGEST_NAME:
        return Filled(who, comment, "name_missing")
    who = f"{who} ({user})" if user and user != who else who
    return Filled(who, comment, "comment_too_long" if len(comment) > LONGEST_COMMENT else "")


def until_morning(now: datetime, zone: tzinfo) -> datetime:
    """The next morning by a ward's clock; aware UTC as ``now`` is."""
    local = now.astimezone(zone)
    morning = local.replace(hour=MORNING.hour, minute=0, second=0, microsecond=0)
    if morning <= local:
        day = local.date() + timedelta(days=1)
        morning = datetime.combine(day, MORNING, zone)
    return morning.astimezone(now.tzinfo)
