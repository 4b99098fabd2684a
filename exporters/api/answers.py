"""Long answers, made in pieces, so that the probes have their turn between them."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

from fastapi import Response
from pydantic import TypeAdapter

_AT_ONCE: Final = 100
"""Elements that are made before others have their turn: a millisecond of work."""


async def long_answer(head: bytes, lists: Mapping[str, tuple[TypeAdapter[Any], Iterable[object]]]) -> Response:
    """A JSON object whose last members are long lists.

    Args:
        head: The object without them, with one member at least.
        lists: The elements of each by its name, made while they are taken, and how they are written.
    """
    parts = [head.removesuffix(b"}")]
    for name, (adapter, elements) in lists.items():
        parts.append(f',"{name}":['.encode())
        parts.append(b",".join(await _written(adapter, elements)))
        parts.append(b"]")
    return Response(b"".join([*parts, b"}"]), media_type="application/json")


async def _written(adapter: TypeAdapter[Any], elements: Iterable[object]) -> list[bytes]:
    written = []
    for count, element in enumerate(elements, 1):
        written.append(adapter.dump_json(element))
        if count % _AT_ONCE == 0:
            await asyncio.sleep(0)
    return written
