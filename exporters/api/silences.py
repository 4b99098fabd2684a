"""``/api/v1/silences``: mutes of a person, with a reason and an end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from http import HTTPStatus
from typing import Annotated, Final, Literal, get_args

from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import Field, TypeAdapter

from exporters.api.asked import check_parameters, parse_time
from exporters.api.bodies import Body, Comment, Who, body_of, read_object
from exporters.api.desks import READ_REFUSALS, WRITE_REFUSALS, WhoAsked, running, somebody
from exporters.api.problems import RefusedError
from exporters.desk import Desk
from exporters.past import PastSource
from exporters.zones import zone_of
from model.fields import PositiveDuration
from model.invalid import InvalidValueError
from model.matcher import Matcher, parse_matcher
from model.silence import Silence, make_silence

SilenceState = Literal["pending", "active", "ended"]

_LONGEST: Final = timedelta(days=366)
_MOST_MATCHERS: Final = 20


@dataclass(frozen=True, slots=True)
class SilenceView:
    """One silence.

    Attributes:
        id: Its id.
        state: Pending until it starts, then active, then ended.
        matchers: All of them must match the labels of an alert.
        starts_at: From when on it mutes.
        ends_at: Until when, at the latest.
        author: Whose it is.
        comment: Why.
        created_at: Since when everybody can know of it.
        ended_at: When somebody ended it before its time; else null.
        ended_by: Who did; else empty.
    """

    id: str
    state: SilenceState
    matchers: list[str]
    starts_at: datetime
    ends_at: datetime
    author: str
    comment: str
    created_at: datetime
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True, slots=True)
class Silences:
    """Silences, those that end last first.

    Attributes:
        now: When it is so.
        timezone: Whose clock times without an offset are read from.
        silences: They.
    """

    now: datetime
    timezone: str
    silences: list[SilenceView]


class NewSilence(Body):
    """A silence that somebody wants."""

    matchers: tuple[Annotated[str, Field(max_length=500)], ...] = Field(
        min_length=1,
        max_length=_MOST_MATCHERS,
        description="Such as `site=office` or `alertname=~Link.*`; all must match.",
    )
    starts_at: str | None = Field(None, description="A time; without an offset by the ward's clock. Left out: now.")
    ends_at: str | None = Field(None, description="A time. Either this or `for`.")
    lasting: PositiveDuration | None = Field(None, alias="for", description="How long, such as `2h`.")
    author: Who
    comment: Comment = Field(min_length=1)


_VIEW: Final = TypeAdapter(SilenceView)
_LIST: Final = TypeAdapter(Silences)


def add_silences(app: FastAPI, desk: Desk | None, source: PastSource) -> None:
    """Answer for silences."""

    @app.get("/api/v1/silences", response_model=Silences, responses=READ_REFUSALS, summary="Who has silenced what")
    async def silences(
        request: Request,
        state: Annotated[
            str | None, Query(description="`pending`, `active` or `ended`. Left out: those that have not ended.")
        ] = None,
    ) -> Response:
        check_parameters(request, ("state",))
        now = source.now()
        found = sorted(_wanted(running(desk).silences(), _state(state), now), key=lambda one: one.ends_at, reverse=True)
        return _json(_LIST.dump_json(Silences(now, zone_of(source.inventory).key, found)))

    @app.post(
        "/api/v1/silences",
        response_model=SilenceView,
        status_code=HTTPStatus.CREATED,
        responses=WRITE_REFUSALS,
        openapi_extra=body_of(NewSilence),
        summary="Silence something",
    )
    async def add(request: Request) -> Response:
        check_parameters(request, ())
        wanted = await read_object(request, NewSilence)
        silence = _silence(wanted, zone_of(source.inventory), source.now())
        return _told(await running(desk).add_silence(silence), source.now(), HTTPStatus.CREATED)

    @app.delete(
        "/api/v1/silences/{id}", response_model=SilenceView, responses=WRITE_REFUSALS, summary="End a silence now"
    )
    async def end(
        request: Request, name: Annotated[str, Path(alias="id", description="Its id.")], who: WhoAsked = ""
    ) -> Response:
        return _told(await running(desk).end_silence(name, somebody(request, who)), source.now())


def silence_view(silence: Silence, now: datetime) -> SilenceView:
    """A silence for programs."""
    return SilenceView(
        id=silence.id,
        state=_state_of(silence, now),
        matchers=[str(matcher) for matcher in silence.matchers],
        starts_at=silence.starts_at,
        ends_at=silence.ends_at,
        author=silence.author,
        comment=silence.comment,
        created_at=silence.created_at,
        ended_at=silence.ended_at,
        ended_by=silence.ended_by,
    )


def _silence(wanted: NewSilence, zone: tzinfo, now: datetime) -> Silence:
    start = now if wanted.starts_at is None else parse_time("starts_at", wanted.starts_at, zone)
    if (wanted.ends_at is None) == (wanted.lasting is None):
        raise _wrong("its end is not clear", "write either `ends_at` or `for`")
    if wanted.lasting is not None:
        end = start + timedelta(seconds=min(wanted.lasting, 2 * _LONGEST.total_seconds()))
    else:
        end = parse_time("ends_at", wanted.ends_at or "", zone)
    if end - start > _LONGEST:
        mend = "write an end within a year; take what is never to alert out of the inventory's routes"
        raise _wrong("it would last for more than a year", mend)
    try:
        matchers: tuple[Matcher, ...] = tuple(map(parse_matcher, wanted.matchers))
        return make_silence(matchers, start, end, wanted.author, wanted.comment, now=now)
    except InvalidValueError as error:
        raise _wrong(error.what, error.mend) from error


def _wanted(silences: Iterable[Silence], state: SilenceState | None, now: datetime) -> Iterable[SilenceView]:
    for silence in silences:
        view = silence_view(silence, now)
        if view.state == state or (state is None and view.state != "ended"):
            yield view


def _state_of(silence: Silence, now: datetime) -> SilenceState:
    if silence.until <= now:
        return "ended"
    return "active" if silence.is_active(now) else "pending"


def _state(text: str | None) -> SilenceState | None:
    if text is None:
        return None
    for state in get_args(SilenceState):
        if text == state:
            found: SilenceState = state
            return found
    raise _wrong(f"state={text!r} is none of a silence", f"write one of {', '.join(get_args(SilenceState))}")


def _told(silence: Silence, now: datetime, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return _json(_VIEW.dump_json(silence_view(silence, now)), status)


def _json(content: bytes, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(content, status, media_type="application/json")


def _wrong(what: str, mend: str) -> RefusedError:
    return RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, what, mend)
