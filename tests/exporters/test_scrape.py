"""A scrape as a stream."""

import asyncio
import zlib
from collections.abc import Callable, Iterator

import pytest

from exporters.breathing import breathing
from exporters.scrape import _zipped

_Form = Callable[[Iterator[bytes]], Iterator[bytes]]


@pytest.mark.parametrize("form", [iter, _zipped], ids=["plain", "zipped"])
async def test_others_run_between_any_two_slices(form: _Form) -> None:
    """No two slices are made in one turn of the loop, empty ones included."""
    turns = [0]

    async def others() -> None:
        while True:
            turns[0] += 1
            await asyncio.sleep(0)

    seen: list[int] = []

    def slices() -> Iterator[bytes]:
        for text in (b"one", b"", b"two", b"three"):
            seen.append(turns[0])
            yield text

    counting = asyncio.create_task(others())
    parts = [part async for part in breathing(form(slices()))]
    counting.cancel()
    assert len(set(seen)) == 4
    whole = b"".join(parts)
    assert (whole if form is iter else zlib.decompress(whole, wbits=31)) == b"onetwothree"


async def test_an_empty_slice_is_not_sent() -> None:
    """An empty chunk would be the end of a chunked answer."""
    assert [part async for part in breathing(iter([b"", b"a", b""]))] == [b"a"]
