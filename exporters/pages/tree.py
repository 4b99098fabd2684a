"""What something hangs on, and what hangs on it, as nested lists."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from model.measurement import SubjectKey
from model.state import State

MOST: Final = 80
"""Nodes of one tree; what lies beyond is counted."""

Arrows = Callable[[SubjectKey], Sequence[SubjectKey]]
StateOf = Callable[[SubjectKey], tuple[State, datetime | None]]


@dataclass(frozen=True, slots=True)
class Node:
    """One subject in a tree.

    Attributes:
        subject: Noun and id.
        state: It is in.
        children: Beneath it.
    """

    subject: SubjectKey
    state: State
    children: Sequence["Node"]


@dataclass(frozen=True, slots=True)
class Tree:
    """Nested nodes.

    Attributes:
        nodes: The outermost.
        left_out: How many more there would be.
    """

    nodes: Sequence[Node]
    left_out: int


def tree(starts: Iterable[SubjectKey], arrows: Arrows, state_of: StateOf) -> Tree:
    """Follow the arrows; what can be reached in several ways stands where it is met first."""
    walk = _Walk(arrows, state_of)
    nodes = walk.nodes(list(dict.fromkeys(starts)))
    return Tree(nodes, walk.left_out)


class _Walk:
    def __init__(self, arrows: Arrows, state_of: StateOf) -> None:
        self._arrows = arrows
        self._state_of = state_of
        self._met: set[SubjectKey] = set()
        self.left_out = 0

    def nodes(self, subjects: Sequence[SubjectKey]) -> list[Node]:
        """Those that were not met before, each with what follows."""
        fresh = [subject for subject in subjects if subject not in self._met]
        room = max(0, MOST - len(self._met))
        self.left_out += len(fresh) - len(fresh[:room])
        self._met.update(fresh[:room])
        return [Node(each, self._state_of(each)[0], self.nodes(self._arrows(each))) for each in fresh[:room]]
