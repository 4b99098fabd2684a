"""Who is told what, when nobody is told, and where history is kept: the alerting half of the inventory."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator

from model.fields import (
    ChannelUrl,
    Day,
    Described,
    Duration,
    Flag,
    Hours,
    Id,
    LabelName,
    MatcherText,
    Moment,
    PositiveDuration,
    PublicUrl,
    Record,
    Secret,
    SecretUrl,
    ZoneName,
)
from model.invalid import InvalidValueError
from model.matcher import Matcher, Operator, parse_matcher


class Person(Record):
    """Somebody who can be on call."""

    name: str = Field("", description="As people call them; the key where it is left out.")
    channels: tuple[ChannelUrl, ...] = Field(
        (), description="Apprise URLs such as zalo:// or mailto://, in order of preference."
    )


_Handover = Annotated[
    str,
    Field(pattern=r"^((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Described("a time such as `Mon 08:00` or `08:00`"),
]


def _check_span(start: datetime, end: datetime) -> None:
    if (start.tzinfo is None) != (end.tzinfo is None):
        raise InvalidValueError("only one of `from` and `to` has a zone", "write both with a zone or both without")
    if start >= end:
        raise InvalidValueError("`to` is not later than `from`", "write a `to` after `from`")


class Override(Record):
    """Somebody stands in for whoever would be on call. Times without a zone are local to the team."""

    start: Moment = Field(alias="from", description="From when on.")
    end: Moment = Field(alias="to", description="Until when; not part of it.")
    member: str = Field(description="A name under `people`; need not be a member of the team.")
    reason: str = Field("", description="Why, such as leave.")

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        _check_span(self.start, self.end)
        return self


class Team(Record):
    """People who take turns."""

    members: tuple[str, ...] = Field(description="Names under `people`, in order of rotation.", min_length=1)
    rotation: Literal["daily", "weekly", "none"] = Field("weekly", description="How often the turn passes on.")
    handover: _Handover = Field(
        "Mon 08:00", description="Local time of the hand-over; weekly without a day it is on Monday."
    )
    starts: Day | None = Field(
        None,
        description="The first member's turn begins with the first hand-over on or after this day, and the rotation "
        "counts from there; left out, from Monday 2024-01-01. Members that are added or taken out shift it.",
    )
    timezone: ZoneName | None = Field(
        None, description="IANA name; left out, the ward's, or UTC where wards are in several zones."
    )
    overrides: tuple[Override, ...] = Field(
        (), description="Who stands in; where several hold at one time, the last of them counts."
    )


class Receiver(Record):
    """Where notifications end. Exactly one of `webhook`, `alertmanager`, `team`, `urls` and `log` is given."""

    webhook: SecretUrl | None = Field(None, description="URL that gets Alertmanager's webhook JSON.")
    alertmanager: tuple[SecretUrl, ...] = Field((), description="Base URLs of all Alertmanager peers.")
    team: str | None = Field(None, description="A name under `teams`: whoever is on call.")
    urls: tuple[ChannelUrl, ...] = Field((), description="Apprise URLs.")
    log: Flag = Field(False, description="Written to the program's own log, to try alerting out.")
    send_resolved: Flag = Field(True, description="Whether it is told when all is well again.")

    @model_validator(mode="after")
    def _one_way_out(self) -> Self:
        if sum(map(bool, (self.webhook, self.alertmanager, self.team, self.urls, self.log))) != 1:
            raise InvalidValueError(
                "a receiver has exactly one way out", "write one of `webhook`, `alertmanager`, `team`, `urls`, `log`"
            )
        return self


class Escalation(Record):
    """A later step of a route when nobody acknowledges."""

    after: PositiveDuration = Field(description="Since the first message.")
    receiver: str = Field(description="A name under `receivers`.")


class Route(Record):
    """Which alerts go to which receiver; the first that matches takes an alert."""

    match: Mapping[LabelName, str] = Field({}, description="Labels that must be equal; empty matches all.")
    matchers: tuple[MatcherText, ...] = Field(
        (), description="Further conditions in Alertmanager's syntax, with `=`, `!=`, `=~` and `!~`; all must be met."
    )
    group_by: tuple[LabelName, ...] = Field(
        (), description="Labels: incidents that agree in them are told of in one message. Empty: one for each incident."
    )
    receiver: str = Field(description="A name under `receivers`.")
    escalate: tuple[Escalation, ...] = Field((), description="Who else is told while nobody acknowledges.")
    group_wait: Duration = Field(0.0, description="How long the first message waits for others of its group.")
    group_interval: Duration = Field(300.0, description="Between messages about a group that grows.")
    repeat_interval: PositiveDuration = Field(14_400.0, description="Between reminders of what still goes on.")

    @cached_property
    def conditions(self) -> tuple[Matcher, ...]:
        """All that an alert must meet, however it was written."""
        equal = (Matcher(label, Operator.IS, value) for label, value in self.match.items())
        return (*equal, *map(parse_matcher, self.matchers))

    def takes(self, labels: Mapping[str, str]) -> bool:
        """Whether an alert with these labels is for this route, if no earlier one has taken it."""
        return all(condition.matches(labels) for condition in self.conditions)


class Alerts(Record):
    """How alerts leave."""

    via: Literal["daemon", "prometheus"] = Field("daemon", description="One of the two, never both.")
    receivers: Mapping[str, Receiver] = Field({}, description="Receivers by name.")
    routes: tuple[Route, ...] = Field((), description="In order; the first that matches takes an alert.")
    service_hours: Literal["respect", "ignore"] = Field(
        "respect", description="Whether nobody is told of a site outside its `service_hours` until they begin again."
    )
    external_url: PublicUrl | None = Field(
        None, description="Where people reach the pages of this monitor: the base of the links in messages."
    )
    runbook_url: PublicUrl | None = Field(
        None, description="Base of the pages that say what to do; the name of the alert is appended."
    )
    heartbeat: SecretUrl | None = Field(
        None, description="URL that is fetched each minute, at a service that raises the alarm when that ends."
    )
    link_key: Secret | None = Field(
        None, description="Signs the links by which a message can be acknowledged; left out, messages have none."
    )

    def route_of(self, labels: Mapping[str, str]) -> Route | None:
        """The first route that takes an alert with these labels; ``None`` where it goes nowhere."""
        return next((route for route in self.routes if route.takes(labels)), None)


class MaintenanceWindow(Record):
    """Planned work. Times without a zone are local to the ward."""

    id: Id = Field(description="Names the window.")
    sites: tuple[Id, ...] = Field((), description="Sites with all that is in them.")
    devices: tuple[Id, ...] = Field((), description="Devices alone.")
    links: tuple[Id, ...] = Field((), description="Links alone.")
    start: Moment | None = Field(None, alias="from", description="Of a single window.")
    end: Moment | None = Field(None, alias="to", description="Of a single window; not part of it.")
    every: Hours | None = Field(None, description="Of a recurring one, such as `Sun 02:00-03:00`.")
    reason: str = Field("", description="Shown wherever the window hides an alert.")

    @model_validator(mode="after")
    def _once_or_every(self) -> Self:
        once = self.start is not None and self.end is not None
        if once == (self.every is not None) or (self.start is None) != (self.end is None):
            raise InvalidValueError("a maintenance window is single or recurring", "write `from` and `to`, or `every`")
        return self

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.start and self.end:
            _check_span(self.start, self.end)
        return self


class Retention(Record):
    """How long facts are kept."""

    transitions: PositiveDuration = Field(5 * 31_557_600.0, description="Changes of state, and who was told.")
    rollups: PositiveDuration = Field(24 * 2_629_800.0, description="Hourly summaries of measurements.")


class Storage(Record):
    """Where history is kept."""

    url: Secret = Field(SecretStr("sqlite:///data/linkward.db"), description="SQLAlchemy URL.")
    keep: Retention = Field(Retention(), description="How long.")
