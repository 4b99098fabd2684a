"""One scenario in a process of its own, so that none inherits the heap, the garbage or the sockets of another."""

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import uvloop

from bench.figures import CannotRunError, Findings, Result, as_json, from_json
from bench.scenario import Scenario
from bench.scenarios import SCENARIOS

_ROOT: Final = Path(__file__).resolve().parent.parent
_QUICK_PATIENCE: Final = 0.5


async def measured(scenario: Scenario[Any], *, quick: bool) -> Result:
    """Measure in this process."""
    started = time.monotonic()
    findings, cannot_run = Findings(), None
    try:
        findings = await scenario.measure(scenario.quick if quick else scenario.full)
    except CannotRunError as error:
        cannot_run = str(error)
    return Result(scenario.name, scenario.title, time.monotonic() - started, findings, cannot_run)


async def measured_apart(scenario: Scenario[Any], *, quick: bool) -> Result:
    """Measure in a process of its own. Whatever goes wrong there is the reason why it cannot run."""
    started = time.monotonic()
    command = (sys.executable, "-m", "bench.worker", scenario.name, *(["--quick"] if quick else []))
    process = await asyncio.create_subprocess_exec(
        *command, stdout=PIPE, stderr=PIPE, cwd=_ROOT, start_new_session=True
    )
    patience = scenario.patience * (_QUICK_PATIENCE if quick else 1)
    try:
        said, complaints = await asyncio.wait_for(process.communicate(), patience)
    except TimeoutError:
        return _unmeasured(scenario, started, f"it did not end within {patience:g} s")
    finally:
        if process.returncode != 0:
            await end_with_children(process)
    if process.returncode:
        lines = complaints.decode(errors="replace").strip().splitlines()
        return _unmeasured(scenario, started, lines[-1] if lines else f"it ended with status {process.returncode}")
    return from_json(json.loads(said))


async def end_with_children(process: Process) -> None:
    """End what is left of a worker: its exporters stand in its session and would go on without it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def _unmeasured(scenario: Scenario[Any], started: float, reason: str) -> Result:
    return Result(scenario.name, scenario.title, time.monotonic() - started, cannot_run=reason)


def main() -> None:
    """Measure the scenario named on the command line and print its result as JSON."""
    name, quick = sys.argv[1], "--quick" in sys.argv[2:]
    scenario = next(scenario for scenario in SCENARIOS if scenario.name == name)
    print(json.dumps(as_json(uvloop.run(measured(scenario, quick=quick)))))


if __name__ == "__main__":
    main()
