"""From YAML text to a tree with places, and what is wrong with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from monitor.config.braces import is_nothing, is_plain, pairs_as_meant
from monitor.config.problem import ConfigError, Problem
from monitor.config.slips import in_curly_quotes, missing_blank, without_invisible
from monitor.config.syntax import Bracket, control_characters, syntax_problem
from monitor.config.tree import Listing, Mapping, Node, Scalar, problem_at

DEEPEST: Final = 50
"""Levels of nesting; the inventory has eight."""
MOST_REPEATED: Final = 1_000_000
"""Nodes that aliases may add: a few lines of aliases to aliases could stand for billions."""

# Measured on a city (9 MB): 0.8 s by libyaml, 20 s by a parser in Python, which is used where PyYAML came without.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE_KEY: Final = "<<"


def parse(text: str, file: str, first: str = "sites:") -> tuple[Mapping | None, list[Problem]]:
    """Read one file.

    Args:
        text: Of the file.
        file: Its name.
        first: A key that it may begin with.

    Returns:
        The tree, ``None`` where the text is no YAML; and all problems that were met.
    """
    problems = control_characters(text, file)
    if problems:
        return None, problems
    text, problems = without_invisible(text, file)
    composer = _Composer(file, problems, first)
    try:
        root = composer.compose(yaml.parse(text, Loader=LOADER))
    except yaml.YAMLError as error:
        last = syntax_problem(error, text, file, composer.bracket())
        # What is already told about its line is the likelier cause.
        return None, problems if any(problem.line == last.line for problem in problems) else [*problems, last]
    except ConfigError as error:
        return None, [*problems, *error.problems]
    return root, problems


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been read."""

    items: list[Node]
    is_mapping: bool
    is_flow: bool
    line: int
    anchor: str | None
    size_before: int


class _Composer:
    """Puts the parser's events together to nodes, without recursion, and within bounds."""

    def __init__(self, file: str, problems: list[Problem], first: str) -> None:
        self._problems = problems
        self._first = first
        self._file = file
        self._stack: list[_Open] = []
        self._anchored: dict[str, tuple[Node, int]] = {}
        self._size = 0
        self._repeated = 0

    def compose(self, events: Iterator[Event]) -> Mapping:
        """The root of the only document.

        Raises:
            ConfigError: There is none, it is no mapping, or it passes a bound.
            yaml.YAMLError: The text is no YAML.
        """
        top = _Open([], is_mapping=False, is_flow=False, line=1, anchor=None, size_before=0)
        self._stack.append(top)
        for event in events:
            self._take(event)
        if not top.items or is_nothing(top.items[0]):
            raise self._failure(1, "the file is empty", "begin with `ward:` and `sites:`, as in examples/minimal.yml")
        root = top.items[0]
        if not isinstance(root, Mapping):
            raise self._failure(root.line, "the file does not hold keys", f"begin with a key such as `{self._first}`")
        return root

    def _take(self, event: Event) -> None:
        if isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, CollectionStartEvent):
            self._start(event)
        elif isinstance(event, CollectionEndEvent):
            self._end()
        elif isinstance(event, AliasEvent):
            self._alias(event)
        elif isinstance(event, DocumentStartEvent) and self._stack[0].items:
            raise self._failure(_line(event), "a second document begins here", "take the line `---` out")

    def _scalar(self, event: ScalarEvent) -> None:
        self._refuse_tag(event)
        node = Scalar(event.value, not event.style, self._file, _line(event))
        if node.is_plain and (curly := in_curly_quotes(node.written)):
            node.written, slip = curly
            self._problems.append(problem_at(node, *slip))
        self._size += 1
        if event.anchor is not None:
            self._anchored[event.anchor] = node, 1
        self._stack[-1].items.append(node)

    def _start(self, event: CollectionStartEvent) -> None:
        self._refuse_tag(event)
        if len(self._stack) > DEEPEST:
            raise self._failure(
                _line(event), f"more than {DEEPEST} levels of nesting", "check brackets and indentation"
            )
        self._size += 1
        is_mapping = isinstance(event, MappingStartEvent)
        is_flow = bool(event.flow_style)
        self._stack.append(_Open([], is_mapping, is_flow, _line(event), event.anchor, self._size - 1))

    def _end(self) -> None:
        opened = self._stack.pop()
        node = self._mapping(opened) if opened.is_mapping else Listing(opened.items, self._file, opened.line)
        if opened.anchor is not None:
            self._anchored[opened.anchor] = node, self._size - opened.size_before
        self._stack[-1].items.append(node)

    def _alias(self, event: AliasEvent) -> None:
        line, name = _line(event), event.anchor
        if any(opened.anchor == name for opened in self._stack):
            raise self._failure(line, f"*{name} stands inside of &{name} itself", "take it out")
        if name not in self._anchored:
            raise self._failure(line, f"there is no &{name} before *{name}", f"write &{name} where it is defined")
        node, size = self._anchored[name]
        self._size += size
        self._repeated += size
        if self._repeated > MOST_REPEATED:
            raise self._failure(line, f"aliases stand for more than {MOST_REPEATED} values", "write them out")
        self._stack[-1].items.append(_at_line(node, line))

    def _mapping(self, opened: _Open) -> Mapping:
        mapping = Mapping({}, self._file, opened.line)
        merged: list[Node] = []
        for key, value in self._pairs(opened):
            if not isinstance(key, Scalar):
                self._problems.append(
                    problem_at(key, "a key is a list or mapping", "put text that has braces in quotes")
                )
            elif key.written == _MERGE_KEY and key.is_plain:
                merged.append(value)
            else:
                self._enter(mapping, key, value)
        for value in merged:
            self._merge(mapping, value)
        return mapping

    def _pairs(self, opened: _Open) -> Iterable[tuple[Node, Node]]:
        items = iter(opened.items)
        pairs = zip(items, items, strict=True)
        return pairs_as_meant(pairs, self._problems) if opened.is_flow else pairs

    def _enter(self, mapping: Mapping, key: Scalar, value: Node) -> None:
        slip = missing_blank(value.written) if value.line > key.line and is_plain(value) else None
        if slip is not None:
            self._problems.append(problem_at(value, *slip))
            return
        first = mapping.entries.get(key.written)
        if first is None:
            mapping.entries[key.written] = _at_line(value, key.line)
        else:
            what = f"`{key.written}` is already there in line {first.line}"
            self._problems.append(problem_at(key, what, "take one of the two out"))

    def _merge(self, mapping: Mapping, value: Node) -> None:
        for source in value.items if isinstance(value, Listing) else [value]:
            if isinstance(source, Mapping):
                mapping.entries = {**source.entries, **mapping.entries}
            else:
                self._problems.append(problem_at(source, "`<<` takes a mapping", "write `<<: *NAME`"))

    def _refuse_tag(self, event: NodeEvent) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._problems.append(Problem(self._file, _line(event), f"the tag {tag} means nothing here", "take it out"))

    def bracket(self) -> Bracket | None:
        """The innermost bracket or brace that is open."""
        opened = self._stack[-1] if self._stack else None
        return Bracket(opened.line, "{" if opened.is_mapping else "[") if opened and opened.is_flow else None

    def _failure(self, line: int, what: str, mend: str) -> ConfigError:
        return ConfigError([Problem(self._file, line, what, mend)])


def _line(event: Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1


def _at_line(node: Node, line: int) -> Node:
    """The node, as it were written in this line; what is inside stays shared."""
    if node.line == line:
        return node
    if isinstance(node, Scalar):
        return Scalar(node.written, node.is_plain, node.file, line)
    if isinstance(node, Listing):
        return Listing(node.items, node.file, line)
    return Mapping(node.entries, node.file, line)
