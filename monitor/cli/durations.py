"""Durations on the command line, with their units as in the inventory."""

from collections.abc import Callable
from typing import Any, Final

import click

from model.units import parse_duration, spell_duration

_LONGEST: Final = 3_600.0


class Seconds(click.ParamType[float]):
    """A duration with its unit."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds, above zero and at most an hour."""
        try:
            seconds = parse_duration(value) if isinstance(value, str) else float(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if not 0 < seconds <= _LONGEST:
            self.fail(f"{value!r} is not above zero and at most {spell_duration(_LONGEST)}: write 5s", param, ctx)
        return seconds


def timeout_option(default: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command ``--timeout``, in seconds."""
    return click.option("--timeout", type=Seconds(), default=default, show_default=True, help="Patience with it.")
