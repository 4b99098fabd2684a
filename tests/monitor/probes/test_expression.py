"""Expressions on hostile text end in time."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from monitor.probes.expression import Expressions


@pytest.fixture
async def expressions() -> AsyncIterator[Expressions]:
    """What is tested."""
    expressions = Expressions()
    yield expressions
    expressions.close()


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("công", "Dịch vụ công", True),
        ("công", "Dịch vụ co\u0302ng", True),
        ("^a$", "b", False),
        ("a+b", "xaab", True),
        (r"(\d{3})-\1", "123-123", True),
        (r"(\d{3})-\1", "123-321", False),
        ("x*\ud800", "\ud800", True),
    ],
)
async def test_text_is_searched(expressions: Expressions, pattern: str, text: str, *, found: bool) -> None:
    """Here or in the child process, the answer is that of Python's expressions."""
    assert await expressions.found(pattern, text, 5) is found


async def test_a_search_that_explodes_is_ended(expressions: Expressions) -> None:
    """It takes no longer than it may, the loop goes on meanwhile, and the next search is answered rightly."""
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    assert await expressions.found("(a+)+$", "a" * 5000 + "b", 0.3) is None
    ticking.cancel()
    assert ticks >= 3  # none, if the loop had been held; thirty where the processor is free
    assert await expressions.found("a+", "aaa", 5) is True
    assert await expressions.found("b+", "aaa", 5) is False


async def test_searches_take_turns(expressions: Expressions) -> None:
    """Many at once each get their own answer."""
    outcomes = await asyncio.gather(*(expressions.found(f"^{n}+$", "7", 5) for n in range(10)))
    assert outcomes == [n == 7 for n in range(10)]


async def test_a_child_that_dies_is_replaced(expressions: Expressions) -> None:
    """Killed by somebody, it is no answer this time, and there is another the next time."""
    assert await expressions.found("a+", "a", 5) is True
    assert expressions._worker is not None
    expressions._worker._process.kill()
    expressions._worker._process.wait()
    assert await expressions.found("a+", "a", 5) is None
    assert await expressions.found("a+", "a", 5) is True
