"""How to mend a value that does not fit where it stands."""

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Final, get_origin

from model.fields import Described
from monitor.config.shape import Shape, example, words
from monitor.config.slips import missing_blank
from monitor.config.tree import Mapping, Node, Scalar

_SIMPLE: Final = re.compile(r"[\w./:-]+")
_LONGEST_LIST: Final = 60


def mend(node: Node, shape: Shape) -> str:
    """What to write instead of a value.

    Args:
        node: What stands there; a secret is not repeated.
        shape: What should.
    """
    if isinstance(node, Mapping) and get_origin(shape.base) is tuple and not _is_described(shape):
        return _entries(node, shape)
    if not isinstance(node, Scalar) or node.value is None:
        return f"write {words(shape)}"
    if isinstance(node.value, bool) and shape.base is str:
        return f"put it in quotes: '{node.written}'"
    if shape.choices:
        near = None if node.is_substituted else nearest(node.written, shape.choices)
        return near or f"write {words(shape)}"
    return _inside_of_brackets(node, shape)


def nearest(name: str, candidates: Collection[str]) -> str | None:
    """The question whether another name was meant; ``None`` where none is near."""
    by_letters = {candidate.casefold(): candidate for candidate in candidates}
    near = get_close_matches(name.casefold(), by_letters, n=1, cutoff=0.7)
    return f"did you mean `{by_letters[near[0]]}`?" if near else None


def _entries(node: Mapping, shape: Shape) -> str:
    first = next(iter(node.entries), "").lstrip("-")
    if not first or _first_line(node) == node.line:
        return f"write {words(shape)}, as in `{example(shape)}`"
    return f"begin each entry of the list with a dash and a space: `- {first}: …`"


def blamed_line(node: Node, shape: Shape) -> int:
    """The line that is to be mended: of a list whose dashes are missing, the first inside."""
    is_list = isinstance(node, Mapping) and get_origin(shape.base) is tuple and not _is_described(shape)
    return _first_line(node) if is_list and isinstance(node, Mapping) else node.line


def _first_line(node: Mapping) -> int:
    return next((value.line for value in node.entries.values()), node.line)


def _inside_of_brackets(node: Scalar, shape: Shape) -> str:
    is_list = get_origin(shape.base) is tuple
    wants_table = shape.item().record if is_list else shape.record
    slip = missing_blank(node.written) if node.is_plain and (is_list or wants_table) else None
    if slip is not None:
        return slip[1]
    if _is_described(shape) or not (is_list or wants_table):
        return f"write {words(shape)}"
    if wants_table or not node.written or len(node.written) > _LONGEST_LIST:
        return f"write {words(shape)}, as in `{example(shape)}`"
    return f"write a list: `[{_items(node, shape)}]`"


def _items(node: Scalar, shape: Shape) -> str:
    if shape.item().is_secret or node.is_substituted or "@" in node.written:
        return '"…"'
    items = [item.strip() for item in node.written.split(",")]
    return ", ".join(item if _SIMPLE.fullmatch(item) else f'"{item}"' for item in items if item)


def _is_described(shape: Shape) -> bool:
    return any(isinstance(note, Described) for note in shape.notes)
