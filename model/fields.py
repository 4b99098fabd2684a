"""Field types of the inventory: text with a unit on the outside, a plain number inside.

Each type carries its description in words, from which messages, ``docs/configuration.md`` and the JSON Schema are made.
"""

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    HttpUrl,
    SecretStr,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from model.calendar import check_weekly
from model.hosts import check_address, check_host, check_server, check_source
from model.invalid import InvalidValueError
from model.matcher import check_label, check_matcher
from model.units import (
    parse_bit_rate,
    parse_duration,
    parse_ratio,
    parse_size,
    spell_bit_rate,
    spell_duration,
    spell_ratio,
    spell_size,
)
from model.zones import check_zone


class Record(BaseModel):
    """A frozen record of the inventory; a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Described:
    """What to write for a value, in words that continue "write …"."""

    words: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that is text with a unit in the file.

    Attributes:
        words: As of ``Described``.
        example: A value as the file spells it.
        parse: From the file's spelling; raises ``UnitError``.
        spell: Back to the file's spelling.
    """

    words: str
    example: str
    parse: Callable[[str], float]
    spell: Callable[[float], str]

    def read(self, value: Any) -> Any:
        """The number for a text; a whole number has lost its unit and is refused, a default is a float already."""
        if isinstance(value, str):
            return self.parse(value)
        if isinstance(value, int):
            raise InvalidValueError(f"{value!r} has no unit", f"write {self.words}")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Text is parsed before the number is checked."""
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The form in the file, not the number inside."""
        return {"type": "string", "examples": [self.example]}


@dataclass(frozen=True, slots=True)
class FalseMeansNone:
    """Lets the file switch off by ``false`` what is on by default."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(
            lambda value: None if value is False else value, handler(source)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        inner = handler(schema)
        return {"anyOf": [*inner.pop("anyOf", [inner]), {"const": False}]}


@dataclass(frozen=True, slots=True)
class OneOrMany:
    """Lets the file write a list of one without its brackets."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(
            lambda value: (value,) if isinstance(value, str) else value, handler(source)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        many = handler(schema)
        return {"anyOf": [many["items"], many]}


def _check_pattern(text: str) -> str:
    try:
        with warnings.catch_warnings():
            # What Python only warns of (such as [[a]) means something else in its next version.
            warnings.simplefilter("error")
            re.compile(text)
    except (re.error, RecursionError, OverflowError, Warning) as error:
        mend = "correct it, or put \\ before a sign that stands for itself, as in \\( \\. \\?"
        raise InvalidValueError(f"this is not a regular expression ({error})", mend) from error
    return text


def _reading(parse: Callable[[str], date], noun: str, example: str) -> BeforeValidator:
    # pydantic would take text that is a number for seconds since 1970.
    def read(value: Any) -> Any:
        try:
            return parse(value) if isinstance(value, str) else value
        except ValueError as error:
            raise InvalidValueError(f"{value!r} is not a {noun}", f"write a {noun} such as {example}") from error

    return BeforeValidator(read)


def _latitude_first(value: Any) -> Any:
    try:
        first, second, *rest = map(float, value)
    except (TypeError, ValueError):
        return value
    if len(rest) == 2:  # noqa: PLR2004  # each of two numbers is divided in two
        raise InvalidValueError("commas divide the numbers", "write decimals with a point: `[21.0712, 105.7843]`")
    # Only a longitude lies beyond 90 degrees.
    if not rest and abs(second) <= _POLE < abs(first) <= 2 * _POLE:
        mend = f"write latitude first, then longitude: `[{second}, {first}]`"
        raise InvalidValueError(f"{first} is no latitude", mend)
    return value


def _read_flag(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _kept_public(url: HttpUrl) -> HttpUrl:
    if url.username or url.password:
        raise InvalidValueError("the URL holds a user or a password", "leave them out: the URL is shown on pages")
    return url


def _check_url(pattern: str, words: str) -> AfterValidator:
    # The message quotes nothing of the value, for it is a secret.
    def check(url: SecretStr) -> SecretStr:
        if not re.fullmatch(pattern, url.get_secret_value(), re.IGNORECASE):
            raise InvalidValueError("this is no such URL", f"write {words}")
        return url

    return AfterValidator(check)


_POLE: Final = 90
_CHANNEL: Final = "a URL of Apprise such as `mailto://…`, with its scheme"
_WEB: Final = "an http:// or https:// URL"
_DURATION: Final = Quantity("a duration such as `30s`, `5m` or `1h30m`", "30s", parse_duration, spell_duration)
_BIT_RATE: Final = Quantity("a bit rate such as `200Mbit/s`", "200Mbit/s", parse_bit_rate, spell_bit_rate)
_RATIO: Final = Quantity("a share such as `0.5%`", "0.5%", parse_ratio, spell_ratio)
_SIZE: Final = Quantity("a size such as `20GB`", "20GB", parse_size, spell_size)

Duration = Annotated[float, Field(ge=0), _DURATION]
PositiveDuration = Annotated[float, Field(gt=0), _DURATION]
BitRate = Annotated[float, Field(gt=0), _BIT_RATE]
Ratio = Annotated[float, Field(ge=0, le=1), _RATIO]
Size = Annotated[int, Field(gt=0), _SIZE]

Id = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=63),
    Described("an id of at most 63 small letters, digits and hyphens, such as `office-rt1`"),
]
Port = Annotated[int, Field(ge=1, le=65535)]
Flag = Annotated[bool, Field(strict=True), BeforeValidator(_read_flag)]
Host = Annotated[str, AfterValidator(check_host), Described("a name or an address such as `10.20.0.1`")]
Address = Annotated[str, AfterValidator(check_address), Described("an address such as `10.20.0.1`")]
Server = Annotated[str, AfterValidator(check_server), Described("an address such as `10.20.0.53` or `10.20.0.53:5353`")]
ProbeSource = Annotated[
    str, AfterValidator(check_source), Described("an address such as `10.20.0.2` or an interface such as `eth0`")
]
PublicUrl = Annotated[
    HttpUrl,
    AfterValidator(_kept_public),
    Described("an http:// or https:// URL without a password, such as `https://dichvucong.example/`"),
]
Hours = Annotated[str, AfterValidator(check_weekly), Described("hours such as `Mon-Fri 07:30-11:30`")]
ClockTime = Annotated[
    str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"), Described("a time of the day such as `06:00`")
]
ZoneName = Annotated[str, AfterValidator(check_zone), Described("an IANA time zone such as `Asia/Ho_Chi_Minh`")]
Pattern = Annotated[str, AfterValidator(_check_pattern), Described("a regular expression")]
Moment = Annotated[
    datetime,
    _reading(datetime.fromisoformat, "time", "2026-11-28T22:00"),
    Described("a time such as `2026-11-28T22:00`"),
]
Day = Annotated[date, _reading(date.fromisoformat, "day", "2026-11-01"), Described("a day such as `2026-11-01`")]
Location = Annotated[
    tuple[Annotated[float, Field(ge=-90, le=90)], Annotated[float, Field(ge=-180, le=180)]],
    BeforeValidator(_latitude_first),
    Described("latitude and longitude such as `[21.0712, 105.7843]`"),
]
Secret = Annotated[SecretStr, Field(min_length=1)]
ChannelUrl = Annotated[Secret, _check_url(r"[a-z][a-z0-9+.-]*://\S.*", _CHANNEL), Described(_CHANNEL)]
SecretUrl = Annotated[Secret, _check_url(r"https?://[^\s/]\S*", _WEB), Described(_WEB)]
LabelName = Annotated[str, AfterValidator(check_label), Described("the name of a label such as `site`")]
MatcherText = Annotated[str, AfterValidator(check_matcher), Described('a matcher such as `site=~"tdp-.*"`')]
