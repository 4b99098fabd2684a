"""What the commands share: how they refuse."""

import sys
from typing import IO, Any

import click

FOUND_A_PROBLEM = 1
WRONG_USAGE = 2


class Refusal(click.ClickException):
    """A message on standard error and exit status 2: wrong usage or an invalid configuration. Never a traceback."""

    exit_code = WRONG_USAGE

    def show(self, file: IO[Any] | None = None) -> None:
        """The message as it is, which names its own place."""
        click.echo(self.message, file=file or sys.stderr)
