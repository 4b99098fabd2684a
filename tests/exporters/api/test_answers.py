"""Long answers."""

import asyncio
import json

import pytest
from pydantic import TypeAdapter

from exporters.api.answers import AT_ONCE, Lists, _pieces


@pytest.mark.parametrize("size", [0, 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE])
async def test_the_pieces_are_one_object(size: int) -> None:
    """However many elements there are, they are all there, in order, and the whole is JSON."""
    lists: Lists = {"some": (TypeAdapter(int), range(size)), "others": (TypeAdapter(str), ["a"])}
    whole = b"".join([piece async for piece in _pieces(b'{"now":1}', lists)])
    assert json.loads(whole) == {"now": 1, "some": list(range(size)), "others": ["a"]}


async def test_others_run_between_any_two_pieces() -> None:
    """An endless answer would not hold up a probe."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(others())
    pieces = [piece async for piece in _pieces(b'{"now":1}', {"some": (TypeAdapter(int), range(10 * AT_ONCE))})]
    counting.cancel()
    assert len(pieces) == 14
    assert turns >= 10
