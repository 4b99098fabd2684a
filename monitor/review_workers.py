"""The reviews of a city's wards, made by several processes side by side: one for each processor.

What each has made waits in a file until all processes have ended: together with theirs, a city's reviews would take
twice the memory.
"""

import asyncio
import gc
import multiprocessing
import os
import pickle
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Queue
from typing import Final

from history.errors import HistoryError
from history.guest import Guest
from model.invalid import InvalidValueError
from monitor.apart import Step
from monitor.formats import FORMATS
from monitor.reporting import Made, ward_reviews
from monitor.review_asked import Asked, ReviewError
from monitor.review_files import written
from monitor.review_making import Order
from reports.city import for_city

LEAST_WARDS: Final = 4
"""Wards of a process below which it is not worth its start."""
_NEW_OBJECTS: Final = 200_000
"""Until Python looks for circles among them; usual are 700."""


@dataclass(frozen=True, slots=True)
class Job:
    """What all processes are told.

    Attributes:
        order: Which reviews; those of all wards together.
        formats: Names of the formats.
        language: Of the texts.
        folder: Where the files go.
    """

    order: Order
    formats: tuple[str, ...]
    language: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Part:
    """What one process has made.

    Attributes:
        made: Reviews, in the order of its wards, as far as the summary of a city needs them.
        files: That it has written.
    """

    made: tuple[Made, ...]
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class _Laid:
    """The same while the processes run.

    Attributes:
        made: Files that hold a review each.
        files: That it has written.
        failure: Why it has not made all of them, in words; empty where it has.
    """

    made: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()
    failure: str = ""


class PartFailedError(Exception):
    """One of the processes could not make its reviews, and has said why."""


def processes_for(wards: int) -> int:
    """How many processes are worth their start."""
    return max(1, min(os.cpu_count() or 1, wards // LEAST_WARDS))


def in_parts(job: Job, wards: Sequence[str], processes: int, step: Step) -> list[Part]:
    """Make the reviews of these wards and write their files; the parts are in the order of the wards.

    Raises:
        PartFailedError: As the first process that failed says.
    """
    with tempfile.TemporaryDirectory(prefix="linkward-review-") as spool:
        parts = _side_by_side(job, wards, processes, step, Path(spool))
        for part in parts:
            if part.failure:
                raise PartFailedError(part.failure)
        with _few_looks_for_circles():
            return [Part(tuple(map(_taken_up, part.made)), part.files) for part in parts]


def _side_by_side(job: Job, wards: Sequence[str], processes: int, step: Step, spool: Path) -> list[_Laid]:
    size = -(-len(wards) // processes)
    shares = [tuple(wards[place : place + size]) for place in range(0, len(wards), size)]
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(len(shares), mp_context=context) as pool:
        told: Queue[float] = manager.Queue()
        with _listening(told, len(shares), step):
            futures: list[Future[_Laid]] = [pool.submit(_made, job, share, told, spool) for share in shares]
            return [future.result() for future in futures]


def _taken_up(file: Path) -> Made:
    made: Made = pickle.loads(file.read_bytes())  # noqa: S301  # one of our own processes wrote it, for us alone
    file.unlink()
    return made


@contextmanager
def _listening(told: "Queue[float]", number: int, step: Step) -> Iterator[None]:
    """Pass on how far all processes together are."""

    def listen() -> None:
        done = 0.0
        while (more := told.get()) >= 0:
            done += more
            step(done / number)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield
    finally:
        told.put(-1.0)
        listener.join()


def _made(job: Job, wards: tuple[str, ...], told: "Queue[float]", spool: Path) -> _Laid:
    """In a process of its own."""
    try:
        with _few_looks_for_circles():
            return asyncio.run(_part(job, replace(job.order.asked, wards=wards), told, spool))
    except (ReviewError, HistoryError, InvalidValueError, OSError) as error:
        return _Laid(failure=str(error))


@contextmanager
def _few_looks_for_circles() -> Iterator[None]:
    """A review is a tree of a million small values that live until it is written, and hold no circle.

    To look for some among them again and again takes a sixth of the time in which they are made, and two thirds of that
    in which they are taken up.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


async def _part(job: Job, asked: Asked, told: "Queue[float]", spool: Path) -> _Laid:
    reached = 0.0

    def step(share: float) -> None:
        nonlocal reached
        told.put(share - reached)
        reached = share

    order = job.order
    made: list[Path] = []
    files: list[Path] = []
    formats = [FORMATS[name] for name in job.formats]
    async with Guest(order.url, order.monitor) as store:
        async for one in ward_reviews(store, order.inventory, asked, order.now, step):
            made.append(_put_aside(one, spool))
            files += list(written(one.report, formats, job.language, job.folder))
    return _Laid(tuple(made), tuple(files))


def _put_aside(made: Made, spool: Path) -> Path:
    file = spool / made.report.scope.ward
    file.write_bytes(pickle.dumps(replace(made, report=for_city(made.report))))
    return file
