"""The command line: one module per group of commands."""

import click


@click.group()
def main() -> None:
    """Linkward watches the links of a city ward against their required speed and stability."""
