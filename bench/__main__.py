"""The command line of the bench."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from bench.figures import Result, as_json
from bench.scenario import Scenario
from bench.scenarios import SCENARIOS
from bench.table import report
from bench.worker import measured_apart

_WIDEST = 150


@click.command()
@click.option(
    "--only",
    multiple=True,
    type=click.Choice([scenario.name for scenario in SCENARIOS]),
    help="Measure this scenario alone; may be given several times.",
)
@click.option("--quick", is_flag=True, help="Fewer repetitions and smaller sizes: two minutes, and rougher figures.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures there as JSON, too.")
def main(only: tuple[str, ...], output: Path | None, *, quick: bool) -> None:
    """Measure what Linkward costs, beside other exporters where they are installed.

    Example: python -m bench --only snmp --output=figures.json
    """
    busy = f"load average at the start {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores"
    chosen = [scenario for scenario in SCENARIOS if not only or scenario.name in only]
    results = asyncio.run(_all(chosen, quick=quick))
    if output:
        output.write_text(json.dumps([as_json(result) for result in results], indent=2) + "\n", encoding="utf-8")
    console = Console()
    wide = Console(width=min(_WIDEST, console.width) if console.is_terminal else _WIDEST)
    wide.print(report(results))
    wide.print(f"{busy}; what else runs beside it makes figures worse, and ratios less so", style="dim")


async def _all(chosen: list[Scenario[Any]], *, quick: bool) -> list[Result]:
    """One after the other: two at once would measure each other."""
    progress = Console(stderr=True)
    results = []
    for scenario in chosen:
        progress.print(f"measuring {scenario.name}: {scenario.title} …", style="dim")
        results.append(await measured_apart(scenario, quick=quick))
    return results


if __name__ == "__main__":
    main()
