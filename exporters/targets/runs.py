"""Keeps what is asked for over HTTP within bounds: one run for one target at a time, and not too many at once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

GRACE: Final = 0.25
"""Seconds beyond its time for which a run is waited for: it says itself that its time is over."""


_Answer = TypeVar("_Answer")


class CrowdedError(Exception):
    """There was no room for a run within its time."""


@dataclass(frozen=True, slots=True)
class _Run(Generic[_Answer]):
    patience: float
    task: "asyncio.Task[_Answer]"


class Runs(Generic[_Answer]):
    """Runs under way.

    Whoever asks for what is being found out already waits for the same answer, unless that run has less time than he
    grants and has failed: a hasty question must not make a patient one fail.

    Args:
        limit: How many there may be at once.
        is_final: Whether an answer holds for somebody with more patience too.
    """

    def __init__(self, limit: int, is_final: Callable[[_Answer], bool]) -> None:
        self._room = asyncio.Semaphore(limit)
        self._is_final = is_final
        self._running: dict[Hashable, _Run[_Answer]] = {}

    async def get(self, key: Hashable, patience: float, begin: Callable[[float], Awaitable[_Answer]]) -> _Answer:
        """The answer of a run that is under way, or of a new one.

        Args:
            key: What is found out.
            patience: Seconds.
            begin: Begins a run that may take so many seconds.

        Raises:
            TimeoutError: It was not found out in time; the run goes on for whoever asks next.
            CrowdedError: There was no room in time.
        """
        deadline = _now() + patience
        while run := self._running.get(key):
            answer = await _waited_for(run.task, deadline)
            if run.patience >= patience or self._is_final(answer):
                return answer
        task = asyncio.create_task(self._run(begin, deadline))
        self._running[key] = _Run(patience, task)
        task.add_done_callback(lambda ended: self._ended(key, ended))
        return await _waited_for(task, deadline)

    async def _run(self, begin: Callable[[float], Awaitable[_Answer]], deadline: float) -> _Answer:
        try:
            async with asyncio.timeout_at(deadline):
                await self._room.acquire()
        except TimeoutError as error:
            raise CrowdedError from error
        try:
            return await begin(max(deadline - _now(), 0.0))
        finally:
            self._room.release()

    def _ended(self, key: Hashable, task: "asyncio.Task[_Answer]") -> None:
        if (run := self._running.get(key)) and run.task is task:
            del self._running[key]
        if not task.cancelled():
            task.exception()  # nobody may be left to hear of it


async def _waited_for(task: "asyncio.Task[_Answer]", deadline: float) -> _Answer:
    await asyncio.wait({task}, timeout=max(deadline + GRACE - _now(), 0.0))
    if not task.done():
        raise TimeoutError
    return task.result()


def _now() -> float:
    return asyncio.get_running_loop().time()
