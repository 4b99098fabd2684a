"""Long answers, made and sent in pieces, so that the probes have their turn between them."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter

from exporters.api.etags import headers_of, tag_of, unchanged

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


async def tagged_answer(request: Request, head: bytes, lists: Lists, *, mark: str = "") -> Response:
    """The same with a tag, or 304 to somebody who has it already.

    Args:
        request: Says what they have.
        head: As of ``long_answer``; it is no part of what is compared, for it says what time it is.
        lists: The lists.
        mark: What else of the head is compared.
    """
    pieces = [piece async for piece in _pieces(head, lists)]
    tag = tag_of([mark.encode(), *pieces[1:]])
    return unchanged(request, tag) or StreamingResponse(
        _in_turn(pieces), media_type="application/json", headers=dict(headers_of(tag))
    )


async def _in_turn(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


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
