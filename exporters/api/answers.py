"""Long answers, made and sent in pieces, so that the probes have their turn between them."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from fastapi import Response
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter

AT_ONCE: Final = 20
"""Elements that are made before others have their turn: a millisecond of work."""

Lists = Mapping[str, tuple[TypeAdapter[Any], Iterable[object]]]
"""By the name of each list: how an element is written, and the elements, made while they are taken."""


def long_answer(head: bytes, lists: Lists) -> Response:
    """A JSON object whose last members are long lists.

    Args:
        head: The object without them, with one member at least.
        lists: The lists.
    """
    return StreamingResponse(_pieces(head, lists), media_type="application/json")


async def _pieces(head: bytes, lists: Lists) -> AsyncIterator[bytes]:
    yield head.removesuffix(b"}")
    for name, (adapter, elements) in lists.items():
        yield f',"{name}":['.encode()
        comma = b""
        for batch in _batches(adapter, iter(elements)):
            yield comma + batch
            comma = b","
            await asyncio.sleep(0)
        yield b"]"
    yield b"}"


def _batches(adapter: TypeAdapter[Any], elements: Iterator[object]) -> Iterator[bytes]:
    while batch := b",".join([adapter.dump_json(element) for element in islice(elements, AT_ONCE)]):
        yield batch
