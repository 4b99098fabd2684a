"""Field types of the inventory: text with a unit on the outside, a plain number inside."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, WithJsonSchema

from model.units import parse_bit_rate, parse_duration, parse_ratio, parse_size


class Record(BaseModel):
    """A frozen record of the inventory; a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


def _quantity(parse: Callable[[str], float], example: str) -> tuple[BeforeValidator, WithJsonSchema]:
    def read(value: Any) -> Any:
        return parse(value) if isinstance(value, str) else _reject_bare_number(value, example)

    schema = {"type": "string", "examples": [example]}
    return BeforeValidator(read), WithJsonSchema(schema)


def _reject_bare_number(value: Any, example: str) -> Any:
    # A default is a plain float; an int from YAML has lost its unit and would be read as seconds or bit/s.
    if isinstance(value, int) and not isinstance(value, bool):
        message = f"{value} has no unit: write it as text with its unit, such as {example}"
        raise ValueError(message)  # noqa: TRY004  # pydantic reports a ValueError, it lets a TypeError through
    return value


_DURATION = _quantity(parse_duration, "30s")
Duration = Annotated[float, *_DURATION]
PositiveDuration = Annotated[float, Field(gt=0), *_DURATION]
BitRate = Annotated[float, Field(gt=0), *_quantity(parse_bit_rate, "200Mbit/s")]
Ratio = Annotated[float, Field(ge=0, le=1), *_quantity(parse_ratio, "0.5%")]
Size = Annotated[int, Field(gt=0), *_quantity(parse_size, "20GB")]

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=63)]
Port = Annotated[int, Field(ge=1, le=65535)]
Secret = SecretStr
