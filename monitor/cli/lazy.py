"""A command is imported when somebody wants it: the daemon starts without what writes reviews and plays a demo."""

from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword

import click


class LazyGroup(click.Group):
    """A group that knows where its commands are, and has none of them until it is asked for it.

    Args:
        places: By name: the module; the command has its name there, but for dashes, and with ``_`` behind a keyword.
        settings: As ``click.Group`` takes them.
    """

    def __init__(self, *, places: Mapping[str, str], **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]  # click's own keywords
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, by the alphabet."""
        return sorted({*self._places, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; ``None`` where there is none."""
        place = self._places.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(place), name)
        return command
