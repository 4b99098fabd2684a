"""The pairs inside of a brace; where a key without a value shows that one was written wrong, as it was meant."""

from collections.abc import Iterable, Iterator
from typing import TypeGuard

from monitor.config.problem import Problem
from monitor.config.slips import divided_number, glued, missing_blank
from monitor.config.tree import Node, Scalar, problem_at

Pair = tuple[Node, Node]
"""A key and its value."""


def pairs_as_meant(pairs: Iterable[Pair], problems: list[Problem]) -> Iterator[Pair]:
    """The pairs, with ``{a: 1,5}`` and ``{a:b}`` read as they were meant.

    Args:
        pairs: As YAML reads them.
        problems: Get one for each pair that was mended.
    """
    waiting: Pair | None = None
    for key, value in pairs:
        if is_nothing(value) and waiting and (number := _number(*waiting, key, problems)):
            waiting = waiting[0], number
            continue
        if waiting:
            yield waiting
        waiting = (is_nothing(value) and _split(key, problems)) or (key, value)
    if waiting:
        yield waiting


def is_plain(node: Node) -> TypeGuard[Scalar]:
    """Whether a node is text without quotes."""
    return isinstance(node, Scalar) and node.is_plain


def is_nothing(node: Node) -> bool:
    """Whether no value stands where one could."""
    return is_plain(node) and not node.written


def _number(key: Node, first: Node, second: Node, problems: list[Problem]) -> Scalar | None:
    if not (is_plain(key) and is_plain(first) and is_plain(second)):
        return None
    found = divided_number(key.written, first.written, second.written)
    if found is None:
        return None
    written, slip = found
    problems.append(problem_at(second, *slip))
    return _beside(first, written)


def _split(key: Node, problems: list[Problem]) -> Pair | None:
    if not is_plain(key):
        return None
    pair, slip = glued(key.written), missing_blank(key.written)
    if pair is None or slip is None:
        return None
    problems.append(problem_at(key, *slip))
    return _beside(key, pair[0]), _beside(key, pair[1])


def _beside(node: Scalar, written: str) -> Scalar:
    return Scalar(written, node.is_plain, node.file, node.line)
