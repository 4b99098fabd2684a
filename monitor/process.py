"""What the process asks of the operating system and of Python."""

import asyncio
import gc
import resource
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress

_YOUNG = 50_000


def heed(signals: Mapping[signal.Signals, Callable[[], None]]) -> None:
    """Call these on the running event loop when the process gets the signals."""
    loop = asyncio.get_running_loop()
    for number, act in signals.items():
        loop.add_signal_handler(number, act)


def spare_the_collector() -> None:
    """Take what lives as long as an inventory out of the garbage collector's sight, and let it look more rarely.

    A city's records are hundreds of thousands of objects; looking through them held the event loop for 130 ms.
    """
    gc.set_threshold(_YOUNG, 20, 100)
    gc.unfreeze()  # what a reload has replaced may go
    gc.collect()
    gc.freeze()


def allow_many_sockets() -> None:
    """Raise the limit of open files to the hard limit: each SNMP agent has a socket of its own."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # Refused where the hard limit is more than the kernel allows (macOS); then the soft one may do.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
