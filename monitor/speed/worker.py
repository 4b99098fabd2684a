"""The tester: a process of its own, so that no test ever holds up a probe.

It reads one line, the order; it says what it does, a line of JSON each; it ends when it is done, or when its input
does. ``python -m monitor.speed.worker`` starts it.
"""

import os
import sys
import threading
from contextlib import suppress
from typing import Final

from model.speed_run import Ending, SpeedRun
from monitor.speed.order import ORDER, SAID, Order, Said
from monitor.speed.transfer import Transfer

_NICE: Final = 5


def main() -> None:
    """Work."""
    order = ORDER.validate_json(sys.stdin.readline())
    with suppress(OSError):
        os.nice(_NICE)  # probes first
    ended = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=(ended,), daemon=True).start()
    _say(Said("idle"))
    _say(Said("done", run=_run(order, ended)))


def _run(order: Order, ended: threading.Event) -> SpeedRun:
    try:
        return Transfer(order, ended.is_set, lambda latest: _say(Said("load", latest))).run()
    except Exception as error:  # noqa: BLE001  # whatever it is, the monitor is to learn that there is no figure
        return SpeedRun(order.way, Ending.LOCAL, f"{type(error).__name__}: {error}")


def _wait_for_the_end(ended: threading.Event) -> None:
    while sys.stdin.readline():
        pass
    ended.set()


def _say(said: Said) -> None:
    sys.stdout.buffer.write(SAID.dump_json(said, exclude_none=True) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
