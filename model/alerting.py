"""Who is told what, when nobody is told, and where history is kept: the alerting half of the inventory."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator

from model.fields import Described, Duration, Hours, Id, Moment, PositiveDuration, Record, Secret
from model.invalid import InvalidValueError


class Person(Record):
    """Somebody who can be on call."""

    name: str = Field("", description="As people call them; the key where it is left out.")
    channels: tuple[Secret, ...] = Field(
        (), description="Apprise URLs such as zalo:// or mailto://, in order of preference."
    )


_Handover = Annotated[
    str,
    Field(pattern=r"^((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Described("a time such as `Mon 08:00` or `08:00`"),
]


class Team(Record):
    """People who take turns."""

    members: tuple[str, ...] = Field(description="Names under `people`, in order of rotation.", min_length=1)
    rotation: Literal["daily", "weekly", "none"] = Field("weekly", description="How often the turn passes on.")
    handover: _Handover = Field("Mon 08:00", description="Local time of the hand-over.")


class Receiver(Record):
    """Where notifications end. Exactly one of its keys is given."""

    webhook: Secret | None = Field(None, description="URL that gets Alertmanager's webhook JSON.")
    alertmanager: tuple[Secret, ...] = Field((), description="Base URLs of all Alertmanager peers.")
    team: str | None = Field(None, description="A name under `teams`: whoever is on call.")
    urls: tuple[Secret, ...] = Field((), description="Apprise URLs.")

    @model_validator(mode="after")
    def _one_way_out(self) -> Self:
        if sum(map(bool, (self.webhook, self.alertmanager, self.team, self.urls))) != 1:
            raise InvalidValueError(
                "a receiver has exactly one way out", "write one of `webhook`, `alertmanager`, `team`, `urls`"
            )
        return self


class Escalation(Record):
    """A later step of a route when nobody acknowledges."""

    after: PositiveDuration = Field(description="Since the first message.")
    receiver: str = Field(description="A name under `receivers`.")


class Route(Record):
    """Which alerts go to which receiver; the first that matches takes an alert."""

    match: Mapping[str, str] = Field({}, description="Labels that must be equal; empty matches all.")
    receiver: str = Field(description="A name under `receivers`.")
    escalate: tuple[Escalation, ...] = Field((), description="Who else is told while nobody acknowledges.")
    group_wait: Duration = Field(0.0, description="How long the first message waits for others of its group.")
    group_interval: Duration = Field(300.0, description="Between messages about a group that grows.")
    repeat_interval: PositiveDuration = Field(14_400.0, description="Between reminders of what still goes on.")


class Alerts(Record):
    """How alerts leave."""

    via: Literal["daemon", "prometheus"] = Field("daemon", description="One of the two, never both.")
    receivers: Mapping[str, Receiver] = Field({}, description="Receivers by name.")
    routes: tuple[Route, ...] = Field((), description="In order; the first that matches takes an alert.")


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
        if self.start is None or self.end is None:
            return self
        if (self.start.tzinfo is None) != (self.end.tzinfo is None):
            raise InvalidValueError("only one of `from` and `to` has a zone", "write both with a zone or both without")
        if self.start >= self.end:
            raise InvalidValueError("`to` is not later than `from`", "write a `to` after `from`")
        return self


class Retention(Record):
    """How long facts are kept."""

    transitions: PositiveDuration = Field(5 * 31_557_600.0, description="Changes of state, and who was told.")
    rollups: PositiveDuration = Field(24 * 2_629_800.0, description="Hourly summaries of measurements.")


class Storage(Record):
    """Where history is kept."""

    url: Secret = Field(SecretStr("sqlite:///data/linkward.db"), description="SQLAlchemy URL.")
    keep: Retention = Field(Retention(), description="How long.")
