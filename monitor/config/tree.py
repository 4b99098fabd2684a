"""A YAML file as a tree of nodes, each with its place. All scalars are text: what they mean is for the types to say."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from model.finding import Path
from monitor.config.problem import Problem


# The nodes are not frozen: a city has 900,000 of them, and freezing would treble the time it takes to make one.
@dataclass(slots=True)
class Scalar:
    """A text, a number, a truth value or nothing.

    Attributes:
        written: The text as the file has it, with ``${…}`` in it.
        is_plain: Whether it stands without quotes.
        file: As in ``Problem``.
        line: As in ``Problem``; of a value in a mapping, its key's.
        value: What ``written`` stands for, once ``${…}`` is looked up.
        is_substituted: Whether it came from a variable or file, so that it may be a secret.
    """

    written: str
    is_plain: bool
    file: str
    line: int
    value: str | bool | None = None
    is_substituted: bool = False


@dataclass(slots=True)
class Listing:
    """A list."""

    items: list["Node"]
    file: str
    line: int


@dataclass(slots=True)
class Mapping:
    """Keys with their values."""

    entries: dict[str, "Node"] = field(default_factory=dict)
    file: str = ""
    line: int = 0


Node = Scalar | Listing | Mapping


def problem_at(node: Node, what: str, mend: str) -> Problem:
    """A problem at the place of a node."""
    return Problem(node.file, node.line, what, mend)


def plain_values(node: Node) -> object:
    """Lists, dicts and scalars as pydantic takes them."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Listing):
        return [plain_values(item) for item in node.items]
    return {key: plain_values(value) for key, value in node.entries.items()}


def tree_of(values: object) -> Node:
    """A tree without places, of what ``plain_values`` gives."""
    if isinstance(values, dict):
        return Mapping({key: tree_of(value) for key, value in values.items()})
    if isinstance(values, list):
        return Listing([tree_of(value) for value in values], file="", line=0)
    value = values if isinstance(values, bool | None) else str(values)
    return Scalar(str(values), is_plain=False, file="", line=0, value=value)


def scalars(node: Node) -> Iterator[Scalar]:
    """All scalars under a node, each once, however often an alias repeats it."""
    return (each for each in _each_once(node) if isinstance(each, Scalar))


def names_in(node: Node) -> set[str]:
    """Every key and every ``id`` under a node: whatever a reference could mean."""
    names: set[str] = set()
    for each in _each_once(node):
        if isinstance(each, Mapping):
            names.update(each.entries)
            if (own := id_of(each)) is not None:
                names.add(own)
    return names


def id_of(node: Node) -> str | None:
    """The ``id`` of a record that has one."""
    own = node.entries.get("id") if isinstance(node, Mapping) else None
    return str(own.value) if isinstance(own, Scalar) else None


def _each_once(node: Node) -> Iterator[Node]:
    """A node and all under it; what aliases repeat comes once, however deep they are nested."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Scalar):
            yield current
        elif id(_contents(current)) not in seen:
            seen.add(id(_contents(current)))
            yield current
            waiting.extend(_children(current))


def locate(tree: Node, path: Path) -> tuple[Node, Path]:
    """The deepest node on the way along a path, and the part of the path that leads there.

    Parts of a path that stand in no file (names of a union's branches) are skipped.
    """
    node, found = tree, []
    for part in path:
        child = _child(node, part)
        if child is not None:
            node = child
            found.append(part)
    return node, tuple(found)


def without(node: Node, paths: Collection[Path]) -> Node:
    """A copy of the tree in which the nodes at these paths are left out; of the root an empty mapping stays."""
    if () in paths:
        return Mapping({}, node.file, node.line)
    heads = {path[0] for path in paths if len(path) == 1}
    deeper: dict[str | int, list[Path]] = {}
    for path in paths:
        if len(path) > 1:
            deeper.setdefault(path[0], []).append(path[1:])
    kept = [(key, child) for key, child in _numbered(node) if key not in heads]
    pruned = [(key, without(child, deeper[key]) if key in deeper else child) for key, child in kept]
    if isinstance(node, Mapping):
        return Mapping({str(key): child for key, child in pruned}, node.file, node.line)
    if isinstance(node, Listing):
        return Listing([child for _, child in pruned], node.file, node.line)
    return node


def _contents(node: Listing | Mapping) -> object:
    return node.items if isinstance(node, Listing) else node.entries


def _children(node: Node) -> Sequence[Node]:
    if isinstance(node, Listing):
        return node.items
    return list(node.entries.values()) if isinstance(node, Mapping) else ()


def _numbered(node: Node) -> list[tuple[str | int, Node]]:
    if isinstance(node, Listing):
        return list(enumerate(node.items))
    return list(node.entries.items()) if isinstance(node, Mapping) else []


def _child(node: Node, part: str | int) -> Node | None:
    if isinstance(node, Mapping):
        return node.entries.get(str(part))
    if isinstance(node, Listing) and isinstance(part, int) and part < len(node.items):
        return node.items[part]
    return None
