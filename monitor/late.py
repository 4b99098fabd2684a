"""Names of functions that only other processes call: the daemon need not hold what they stand on."""

from collections.abc import Callable
from importlib import import_module
from typing import Any


def late(module: str, name: str) -> Callable[..., Any]:
    """A function whose module is imported when it is called first.

    Args:
        module: Where it is.
        name: Of it.
    """

    def call(*arguments: Any, **named: Any) -> Any:
        return getattr(import_module(module), name)(*arguments, **named)

    return call
