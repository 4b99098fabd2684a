"""The reference of the commands, as every ``--help`` prints it."""

from collections.abc import Iterator
from typing import Final

import click

_WIDTH: Final = 100
_INTRODUCTION: Final = """\
# Commands

This page is generated from the commands themselves: `make docs`.

Each ends with status 0 when it is done, 1 when it found a problem, 2 for wrong usage or an invalid configuration.
Errors go to standard error as `file:line: what is wrong: how to mend it`.
"""


def commands_page(program: click.Group) -> str:
    """The Markdown page of a program's commands.

    Args:
        program: Its group of commands.
    """
    sections = [f"## {name}\n\n```\n{text}\n```\n" for name, text in _helps(program, _context(program, "linkward"))]
    return "\n".join([_INTRODUCTION, *sections])


def _helps(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    if not isinstance(command, click.Group):
        yield context.command_path, command.get_help(context)
        return
    if command.invoke_without_command:
        yield context.command_path, command.get_help(context)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if inner is not None:
            yield from _helps(inner, _context(inner, name, context))


def _context(command: click.Command, name: str, parent: click.Context | None = None) -> click.Context:
    # A command keeps the help option of its first context, be it this one or a real one: they must agree.
    options = {**command.context_settings, "max_content_width": _WIDTH, "terminal_width": _WIDTH}
    return click.Context(command, parent=parent, info_name=name, **options)
