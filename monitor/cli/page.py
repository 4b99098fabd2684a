"""The reference of the commands, as every ``--help`` prints it."""

from collections.abc import Iterator

import click

_INTRODUCTION = """\
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
    context = click.Context(program, info_name="linkward", max_content_width=100, terminal_width=100)
    sections = [f"## {name}\n\n```\n{text}\n```\n" for name, text in _helps(program, context)]
    return "\n".join([_INTRODUCTION, *sections])


def _helps(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    if not isinstance(command, click.Group):
        yield context.command_path, command.get_help(context)
        return
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if inner is not None:
            wide = {"max_content_width": 100, "terminal_width": 100}
            yield from _helps(inner, click.Context(inner, parent=context, info_name=name, **wide))
