"""Threads for what blocks: one for each channel, so that a slow one holds up nobody else, and none is waited for."""

import asyncio
import contextlib
import logging
import queue
import threading
import traceback
from collections.abc import Callable
from functools import partial
from typing import Protocol

from alerts.receivers.delivery import Delivery, Outcome

log = logging.getLogger(__name__)

Job = Callable[[], Delivery]


class Worker(Protocol):
    """Does one blocking job after the other."""

    def run(self, job: Job) -> "asyncio.Future[Delivery]":
        """Do this after all that was given before. The future raises nothing."""

    def close(self) -> None:
        """End after what was given."""


class ThreadWorker:
    """A thread of its own. It is a daemon: a job that hangs keeps neither the process nor its end waiting."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=f"alerts-{name}", daemon=True)
        self._thread.start()

    def run(self, job: Job) -> "asyncio.Future[Delivery]":
        """Do this after all that was given before. The future raises nothing."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Delivery] = loop.create_future()
        self._jobs.put(partial(self._answer, loop, answer, job))
        return answer

    def close(self) -> None:
        """End after what was given."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

    def _answer(self, loop: asyncio.AbstractEventLoop, answer: "asyncio.Future[Delivery]", job: Job) -> None:
        delivery = _done(self._name, job)
        # The loop may be closed by the time that a hanging job comes home.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(answer.set_result, delivery)


class Lane:
    """Does one job at a time, and waits for none beyond its patience.

    Attributes:
        hung: Jobs that were given up and have not come back yet; each of them holds a thread.
    """

    def __init__(self, name: str, hire: Callable[[str], Worker] = ThreadWorker) -> None:
        """Start nothing yet.

        Args:
            name: For the log; no secret.
            hire: Makes a worker of this name.
        """
        self.hung = 0
        self._name = name
        self._hire = hire
        self._worker: Worker | None = None

    async def run(self, job: Job, patience: float, late: Callable[[Delivery], None]) -> Delivery | None:
        """Do a job.

        Args:
            job: Blocks.
            patience: Seconds.
            late: Called with what a job gave that was given up, should it ever come back.

        Returns:
            What it gave; ``None`` where it was given up, and the lane is free for the next all the same.
        """
        self._worker = self._worker or self._hire(self._name)
        answer = self._worker.run(job)
        done, _ = await asyncio.wait({answer}, timeout=patience)
        if done:
            return answer.result()
        self.close()
        self.hung += 1
        answer.add_done_callback(partial(self._came_home, late))
        return None

    def close(self) -> None:
        """Let the thread end as it comes home."""
        if self._worker is not None:
            self._worker.close()
        self._worker = None

    def _came_home(self, late: Callable[[Delivery], None], answer: "asyncio.Future[Delivery]") -> None:
        self.hung -= 1
        late(answer.result())


def _done(name: str, job: Job) -> Delivery:
    try:
        return job()
    except BaseException as error:  # noqa: BLE001  # whatever a library raises, the thread goes on
        # What it says may hold the URL with its token; where it was raised is enough to find it.
        frames = traceback.extract_tb(error.__traceback__)
        log.error("%s: %s at %s:%s; tried again", name, type(error).__name__, frames[-1].filename, frames[-1].lineno)  # noqa: TRY400  # as above
        return Delivery(Outcome.RETRY, f"an error in the program: {type(error).__name__}")
