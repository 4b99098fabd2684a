"""Several files as one: lists append, mappings merge, what can be only once is a problem when it is there twice."""

from collections.abc import Iterable

from model.finding import Path
from monitor.config.problem import Problem
from monitor.config.shape import is_table_of_names
from monitor.config.tree import Listing, Mapping, Node, Scalar, problem_at


def merge(trees: Iterable[Mapping]) -> tuple[Mapping, list[Problem]]:
    """The trees of all files as one.

    Returns:
        The tree, where of a value that is there twice the first is kept; and a problem for each second one.
    """
    whole = Mapping()
    problems: list[Problem] = []
    for tree in trees:
        if not whole.file:
            whole.file, whole.line = tree.file, tree.line
        problems.extend(_add(whole, tree, ()))
    return whole, problems


def _add(whole: Mapping, part: Mapping, path: Path) -> list[Problem]:
    problems: list[Problem] = []
    for key, node in part.entries.items():
        there = whole.entries.get(key)
        if there is None:
            whole.entries[key] = _own(node)
        elif isinstance(there, Listing) and isinstance(node, Listing):
            there.items.extend(node.items)
        elif isinstance(there, Mapping) and isinstance(node, Mapping) and not _is_twice(there, node, path):
            problems.extend(_add(there, node, (*path, key)))
        else:
            name = f"`{key}` of `{path[-1]}`" if is_table_of_names(path) else f"`{key}`"
            what = f"{name} is already there at {there.file}:{there.line}"
            problems.append(problem_at(node, what, "keep it in one file only"))
    return problems


def _is_twice(there: Mapping, node: Mapping, path: Path) -> bool:
    """Whether both are the same named record, such as one credential, rather than two parts of it."""
    return is_table_of_names(path) and not there.entries.keys().isdisjoint(node.entries)


def _own(node: Node) -> Node:
    # Later files are added to it, which must not be seen wherever an alias shares it.
    if isinstance(node, Scalar):
        return node
    if isinstance(node, Listing):
        return Listing(list(node.items), node.file, node.line)
    return Mapping({key: _own(child) for key, child in node.entries.items()}, node.file, node.line)
