"""Work that nobody waits for."""

import asyncio
from collections.abc import Coroutine


class Errands:
    """Keeps what it was given to do until it is done: the loop itself keeps only a weak reference."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()

    def soon(self, errand: Coroutine[object, object, object]) -> asyncio.Task[object]:
        """Do this beside everything else."""
        task = asyncio.get_running_loop().create_task(errand)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def cancel(self) -> list[asyncio.Task[object]]:
        """Let nothing of it go on; gives back what was under way, to be waited for."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        return tasks
