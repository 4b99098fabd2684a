"""Work that would hold up the probes is done in a process of its own, which gives way to everything else."""

import asyncio
import contextlib
import logging
import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Concatenate, Final, Generic, ParamSpec, TypeVar

log = logging.getLogger(__name__)

Asked = ParamSpec("Asked")
Result = TypeVar("Result")
Step = Callable[[float], None]
"""Told which share of the work is done, 0 to 1."""

_NICENESS: Final = 10  # of 19: the probes come first wherever there are too few processors


class ApartError(Exception):
    """The process ended without a result."""


@dataclass(frozen=True, slots=True)
class _Done(Generic[Result]):
    result: Result


@dataclass(frozen=True, slots=True)
class _Broken:
    what: str
    where: str


async def apart(
    step: Step,
    work: Callable[Concatenate[Step, Asked], Result],
    *arguments: Asked.args,
    **named: Asked.kwargs,
) -> Result:
    """What a function gives, called in a process of its own; its first argument is to be told how far it is.

    The function, what it is given and what it gives must be such as can be pickled. Whoever no longer waits ends it.

    Raises:
        ApartError: It ended without a result: it was killed, ran out of memory, or made a mistake, which is logged.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(theirs, work, arguments, named), name="apart", daemon=True)
    listening = ThreadPoolExecutor(1, "apart")
    starting = asyncio.ensure_future(asyncio.to_thread(process.start))
    try:
        await asyncio.shield(starting)
        theirs.close()  # or its end would never be noticed
        # A thread of its own: those that all share must not be held for minutes.
        result: Result = _result(await asyncio.get_running_loop().run_in_executor(listening, _heard, ours, step))
        return result
    finally:
        await asyncio.wait({starting})  # one that is only half started could not be ended
        if process.pid is not None:
            process.kill()
            await asyncio.to_thread(process.join)
        theirs.close()
        ours.close()
        listening.shutdown(wait=False)


def unheard(_: float) -> None:
    """The step of work that nobody waits for."""


def _heard(ours: Connection, step: Step) -> Any:
    """What it says at last; ``None`` where it says nothing."""
    with contextlib.suppress(EOFError, OSError):
        while isinstance(said := ours.recv(), float):
            step(said)
        return said
    return None


def _result(said: Any) -> Any:
    match said:
        case _Done(result):
            return result
        case _Broken(what, where):
            log.error("a process of its own ended in %s:\n%s", what, where)
            raise ApartError(f"it ended in {what}, which is a mistake of the program: its log says where")
        case _:
            raise ApartError("its process was ended from outside, perhaps for want of memory")


def _run(
    theirs: Connection, work: Callable[..., object], arguments: tuple[object, ...], named: dict[str, object]
) -> None:
    """In the new process. What ends the daemon ends it too, but by the daemon's own hand, so that nothing is lost."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with contextlib.suppress(OSError):  # where that is not allowed, it is done all the same
        os.nice(_NICENESS)
    try:
        theirs.send(_Done(work(theirs.send, *arguments, **named)))
    except Exception as error:  # noqa: BLE001  # told to whoever waits
        # Never its words, which may hold anything; where it was is enough to find it.
        theirs.send(_Broken(type(error).__name__, "".join(traceback.format_tb(error.__traceback__))))
