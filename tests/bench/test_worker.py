import asyncio
import os

from bench.worker import end_with_children


async def test_what_a_worker_has_started_ends_with_it() -> None:
    """An exporter that stands in the session of a worker does not outlive it."""
    shell = ("sh", "-c", "sleep 60 & echo $!; wait")
    worker = await asyncio.create_subprocess_exec(*shell, stdout=asyncio.subprocess.PIPE, start_new_session=True)
    assert worker.stdout
    child = int(await worker.stdout.readline())
    os.kill(child, 0)
    await end_with_children(worker)
    assert await worker.stdout.read() == b""  # the child held the other end, so it is gone
