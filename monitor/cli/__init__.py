"""The command line: one module for each group of commands."""

from typing import Final

import click

from monitor.cli.lazy import LazyGroup

_COMMANDS: Final = {
    "run": "monitor.cli.run",
    "demo": "monitor.cli.demo",
    "check": "monitor.cli.check",
    "add": "monitor.cli.add",
    "topology": "monitor.cli.topology",
    "discover": "monitor.cli.discover",
    "import": "monitor.cli.import_sites",
    "probe": "monitor.cli.probe",
    "status": "monitor.cli.status",
    "incidents": "monitor.cli.incidents",
    "ack": "monitor.cli.incidents",
    "silence": "monitor.cli.silence",
    "maintenance": "monitor.cli.maintenance",
    "explain": "monitor.cli.explain",
    "speed": "monitor.cli.speed",
    "export": "monitor.cli.export",
    "reflect": "monitor.cli.reflect",
    "report": "monitor.cli.report",
}


@click.group(
    cls=LazyGroup,
    places=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="linkward", prog_name="linkward")
def main() -> None:
    """Linkward watches the links of a city ward against their required speed and stability.

    \b
    Begin with:
      linkward demo                               a simulated ward, nothing else needed
      linkward run --config.file=examples/ward.yml
    """
