"""The command line: one module for each group of commands."""

import click

from monitor.cli.check import check
from monitor.cli.demo import demo
from monitor.cli.explain import explain
from monitor.cli.export import export
from monitor.cli.incidents import ack, incidents
from monitor.cli.maintenance import maintenance
from monitor.cli.probe import probe
from monitor.cli.reflect import reflect
from monitor.cli.report import report
from monitor.cli.run import run
from monitor.cli.silence import silence
from monitor.cli.status import status


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="linkward", prog_name="linkward")
def main() -> None:
    """Linkward watches the links of a city ward against their required speed and stability.

    \b
    Begin with:
      linkward demo                               a simulated ward, nothing else needed
      linkward run --config.file=examples/ward.yml
    """


for command in (
    run,
    demo,
    check,
    probe,
    status,
    incidents,
    ack,
    silence,
    maintenance,
    explain,
    export,
    reflect,
    report,
):
    main.add_command(command)
