"""Who is told what, when nobody is told, and where history is kept: the alerting half of the inventory."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from model.fields import Duration, Id, PositiveDuration, Record, Secret


class Person(Record):
    """Somebody who can be on call."""

    name: str = ""
    channels: tuple[Secret, ...] = Field(
        (), description="Apprise URLs such as zalo:// or mailto://, in order of preference."
    )


class Team(Record):
    """People who take turns."""

    members: tuple[str, ...] = Field(description="Names under `people`, in order of rotation.", min_length=1)
    rotation: Literal["daily", "weekly", "none"] = "weekly"
    handover: str = Field(
        "Mon 08:00",
        description="Local time of the hand-over.",
        pattern=r"^((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\d\d:\d\d$",
    )


class Receiver(Record):
    """Where notifications end. Exactly one of its keys is given."""

    webhook: Secret | None = Field(None, description="URL that gets Alertmanager's webhook JSON.")
    alertmanager: tuple[str, ...] = Field((), description="Base URLs of all Alertmanager peers.")
    team: str | None = Field(None, description="A name under `teams`: whoever is on call.")
    urls: tuple[Secret, ...] = Field((), description="Apprise URLs.")

    @model_validator(mode="after")
    def _one_way_out(self) -> Self:
        if sum(map(bool, (self.webhook, self.alertmanager, self.team, self.urls))) != 1:
            raise ValueError("a receiver has exactly one of webhook, alertmanager, team, urls")
        return self


class Escalation(Record):
    """A later step of a route when nobody acknowledges."""

    after: PositiveDuration
    receiver: str


class Route(Record):
    """Which alerts go to which receiver; the first that matches takes an alert."""

    match: Mapping[str, str] = Field({}, description="Labels that must be equal; empty matches all.")
    receiver: str
    escalate: tuple[Escalation, ...] = ()
    group_wait: Duration = Field(0.0, description="How long the first message waits for others of its group.")
    group_interval: Duration = 300.0
    repeat_interval: PositiveDuration = 14_400.0


class Alerts(Record):
    """How alerts leave."""

    via: Literal["daemon", "prometheus"] = Field("daemon", description="One of the two, never both.")
    receivers: Mapping[str, Receiver] = {}
    routes: tuple[Route, ...] = ()


class MaintenanceWindow(Record):
    """Planned work. Times without a zone are local to the ward."""

    id: Id
    sites: tuple[Id, ...] = ()
    devices: tuple[Id, ...] = ()
    links: tuple[Id, ...] = ()
    start: datetime | None = Field(None, alias="from", description="Of a single window.")
    end: datetime | None = Field(None, alias="to", description="Of a single window; not part of it.")
    every: str | None = Field(None, description="Of a recurring one, such as `Sun 02:00-03:00`.")
    reason: str = ""

    @model_validator(mode="after")
    def _once_or_every(self) -> Self:
        if (self.every is None) == (self.start is None or self.end is None):
            raise ValueError("a maintenance window has either from and to, or every")
        return self

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.start and self.end and self.start.replace(tzinfo=None) >= self.end.replace(tzinfo=None):
            raise ValueError("a maintenance window ends after it starts: to is not later than from")
        return self


class Retention(Record):
    """How long facts are kept."""

    transitions: PositiveDuration = 5 * 31_557_600.0
    rollups: PositiveDuration = 24 * 2_629_800.0


class Storage(Record):
    """Where history is kept."""

    url: Secret = Field(Secret("sqlite:///data/linkward.db"), description="SQLAlchemy URL.")
    keep: Retention = Retention()
