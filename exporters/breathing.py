"""A long answer, piece by piece, so that whatever else the loop has to do is done between any two of them."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Final

PIECE: Final = 128 * 1024
"""Octets after which a piece ends: less than 1 ms of work, whose copies all lie in a cache."""


def sliced(texts: Iterable[list[bytes]]) -> Iterator[bytes]:
    """The same octets in pieces of about ``PIECE``; joined once, for each copy is a tenth of the work of a scrape."""
    held: list[bytes] = []
    size = 0
    for some in texts:
        held += some
        size += sum(map(len, some))
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


async def breathing(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    """The pieces; between any two of them other tasks run. One that is empty only lets them run."""
    for piece in pieces:
        if piece:
            yield piece
        await asyncio.sleep(0)
