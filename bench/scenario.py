"""What a scenario is: a name, two sizes, and how to measure it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bench.figures import Findings

Size = TypeVar("Size")


@dataclass(frozen=True, slots=True)
class Scenario(Generic[Size]):
    """One group of figures.

    Attributes:
        name: As ``--only`` takes it.
        title: For a person.
        measure: Takes a size and measures. Raises CannotRunError with the reason where it cannot.
        full: The size of a whole run.
        quick: The size of ``--quick``.
        patience: Seconds after which something is wrong.
    """

    name: str
    title: str
    measure: Callable[[Size], Awaitable[Findings]]
    full: Size
    quick: Size
    patience: float = 240.0
