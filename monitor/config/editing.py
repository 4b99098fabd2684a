"""Edits of an inventory's text that leave every other sign of it as it was: comments, layout, order, quotes.

Nothing is written anew: YAML's own marks say where a list or a mapping ends, and the lines are put in there.
Whether the result means what was asked for is for ``monitor.config.replacing`` to prove before a file is replaced.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal, NamedTuple

import yaml

from monitor.config.garbage import without_collecting_garbage
from monitor.config.parsing import LOADER
from monitor.config.problem import WITHOUT_A_LINE, ConfigError, Problem
from monitor.config.written import Record, Written, block, flow, keys

_INDENT: Final = "  "
_LAST: Final = ("devices", "links", "services")
_BY_HAND: Final = "write these lines by hand"


@dataclass(frozen=True, slots=True)
class Addition:
    """A record that is added to a list.

    Attributes:
        record: With its ``id``.
        key: The list: ``sites``, or one of a site.
        site: Whose list; ``None`` for ``sites``.
    """

    record: Record
    key: Literal["sites", "devices", "links", "services"]
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """One key of a record that gets a value, in place of the one it may have.

    Attributes:
        owner: The id of a site, device, link or service.
        key: Which of its keys.
        value: What it is from now on.
    """

    owner: str
    key: str
    value: Written


@dataclass(frozen=True, slots=True)
class Opening:
    """A key of the file itself that is not there yet.

    Attributes:
        key: Such as ``credentials``.
        lines: All that is to stand there, with references such as ``${NAME}`` as they are.
    """

    key: Literal["credentials"]
    lines: tuple[str, ...]


Change = Addition | Amendment | Opening


class _Splice(NamedTuple):
    """Signs from ``start`` to ``end``, counted from 0, that another text takes the place of."""

    start: int
    end: int
    text: str


class Touched(NamedTuple):
    """Lines that change, counted from 0: from ``first`` up to ``end`` before, ``new_first`` to ``new_end`` after."""

    first: int
    end: int
    new_first: int
    new_end: int


class Draft:
    """One file of an inventory, open for changes.

    Args:
        name: Of the file, for problems.
        text: What it holds; the first use raises ConfigError where that is no YAML.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._text = text
        self._splices: list[_Splice] = []
        self._break = "\r\n" if "\r\n" in text else "\n"

    @cached_property
    def _root(self) -> yaml.Node | None:
        # A city's folder has a file for each ward, and this takes a while: only for the one that is edited.
        try:
            with without_collecting_garbage():
                return yaml.compose(self._text, Loader=LOADER)
        except yaml.YAMLError as error:
            raise self._failure(None, "this is no YAML", "run `linkward check` on it") from error

    @cached_property
    def _records(self) -> dict[str, yaml.Node]:
        return dict(_named(self._root))

    def has(self, name: str) -> bool:
        """Whether a record of this id stands in this file."""
        return name in self._text and name in self._records

    @property
    def has_sites(self) -> bool:
        """Whether there is a list of sites in this file."""
        return "sites" in self._text and _value(self._root, "sites") is not None

    def amend(self, change: Amendment) -> None:
        """Give a key of a record another value.

        Raises:
            ConfigError: The record or the value is not laid out so that it can be edited.
        """
        record = self._records[change.owner]
        pair = _pair(record, change.key)
        if pair is None:
            self._add_keys(record, {change.key: change.value})
            return
        key, value = pair
        self._refuse_alias(key, value)
        start, end = key.end_mark.index, self._end_of(value)
        if _is_block(value):
            if "#" in self._text[start:end]:
                raise self._failure(key, f"`{change.key}` holds comments", _BY_HAND)
            self._put(start, end, f": {flow(change.value)}")
        else:
            self._put(value.start_mark.index, end, ("" if _is_written(value) else " ") + flow(change.value))

    def open(self, change: Opening) -> None:
        """Put a key before the sites, and before the comments that belong to them.

        Raises:
            ConfigError: The file is not laid out so that it can be edited.
        """
        if self._root is not None and not _is_block(self._root):
            raise self._failure(self._root, "the whole file stands in braces", _BY_HAND)
        sites = _pair(self._root, "sites")
        at = sites[0].start_mark.index if sites else len(self._text)
        above = self._text[:at].splitlines(keepends=True)
        while above and above[-1].startswith("#"):
            at -= len(above.pop())
        self._put(at, at, "".join(f"{line}{self._break}" for line in (*change.lines, "")))

    def extend(self, owner: str | None, key: str, records: Sequence[Record]) -> None:
        """Add records to a list: of a site, or of the file itself where there is no owner.

        Raises:
            ConfigError: The list is not laid out so that it can be edited.
        """
        mapping = self._root if owner is None else self._records[owner]
        pair = _pair(mapping, key)
        if mapping is None:
            self._append_key("", key, records, len(self._text))
        elif pair is None:
            self._add_keys(mapping, {key: list(records)})
        else:
            self._extend_list(mapping, *pair, records)

    def text(self) -> str:
        """The file with all changes."""
        parts: list[str] = []
        done = 0
        for splice in sorted(self._splices, key=lambda each: each.start):  # of two at one place the first comes first
            parts += self._text[done : splice.start], splice.text
            done = splice.end
        return "".join([*parts, self._text[done:]])

    def touched(self) -> list[Touched]:
        """Where the file changes, in order and apart."""
        found: list[Touched] = []
        line = at = grown = 0
        for splice in sorted(self._splices, key=lambda each: each.start):
            first = line + self._text.count("\n", at, splice.start)
            line, at = first + self._text.count("\n", splice.start, splice.end), splice.end
            new_first = first + grown
            grown += splice.text.count("\n") - (line - first)
            if found and found[-1].end > first:
                found[-1] = found[-1]._replace(end=line + 1, new_end=line + 1 + grown)
            else:
                found.append(Touched(first, line + 1, new_first, line + 1 + grown))
        return found

    def _extend_list(self, mapping: yaml.Node, key: yaml.Node, value: yaml.Node, records: Sequence[Record]) -> None:
        self._refuse_alias(key, value)
        if self._is_empty(value) and _is_block(mapping):
            after_colon = key.end_mark.index + 1
            self._put(after_colon, max(after_colon, value.end_mark.index), "")
            self._append_items(_INDENT + _indent(key), records, value.end_mark.index, blank=False)
            return
        if not isinstance(value, yaml.SequenceNode):
            raise self._failure(key, "here is no list", _BY_HAND)
        if not _is_block(value):
            self._extend_flow(value, records)
            return
        items = value.value
        if all(not _is_block(item) for item in items):
            lines = [f"{_indent(value)}- {flow(record)}" for record in records]
            self._append_lines(lines, self._end_of(value), len(_indent(value)))
        else:
            self._append_items(_indent(value), records, self._end_of(value), blank=self._are_apart(items))

    def _is_empty(self, value: yaml.Node) -> bool:
        """Whether nothing stands there, or an empty list on one line."""
        written = self._text[value.start_mark.index : value.end_mark.index]
        return not written or (written.startswith("[") and not written.strip("[] "))

    def _extend_flow(self, value: yaml.SequenceNode, records: Sequence[Record]) -> None:
        written = ", ".join(map(flow, records))
        if value.value:
            at = self._end_of(value.value[-1])
            self._put(at, at, f", {written}")
        else:
            # It may hold a comment and a line break.
            self._put(value.end_mark.index - 1, value.end_mark.index - 1, written)

    def _add_keys(self, mapping: yaml.Node, record: Record) -> None:
        if not isinstance(mapping, yaml.MappingNode) or not mapping.value:
            raise self._failure(mapping, "here are no keys", _BY_HAND)
        if not _is_block(mapping):
            at = max(self._end_of(value) for _, value in mapping.value)
            self._put(at, at, "".join(f", {key}: {flow(value)}" for key, value in record.items()))
            return
        before = [pair for pair in mapping.value if pair[0].value not in _LAST] or mapping.value
        for key, value in record.items():
            self._append_key(_indent(mapping), key, value, self._end_of_pair(*before[-1]))

    def _append_key(self, indent: str, key: str, value: Written, at: int) -> None:
        self._append_lines(keys({key: value}, indent), at, len(indent))

    def _append_items(self, indent: str, records: Iterable[Record], at: int, *, blank: bool) -> None:
        lines: list[str] = []
        for record in records:
            lines += [""] if blank else []
            lines += block(record, indent)
        self._append_lines(lines, at, len(indent))

    def _append_lines(self, lines: Iterable[str], at: int, indent: int) -> None:
        """Put lines below the one that holds ``at`` and the comments that belong to it: those further in."""
        end = self._end_of_line(at)
        while (below := self._line_after(end)) is not None:
            stripped = below.lstrip(" ")
            if not stripped.startswith("#") or len(below) - len(stripped) <= indent:
                break
            end = self._end_of_line(self._text.find("\n", end) + 1)
        self._put(end, end, "".join(f"{self._break}{line}" for line in lines))

    def _line_after(self, end: int) -> str | None:
        start = self._text.find("\n", end)
        if start < 0:
            return None
        stop = self._text.find("\n", start + 1)
        return self._text[start + 1 : stop if stop >= 0 else len(self._text)].rstrip("\r")

    def _end_of_line(self, at: int) -> int:
        stop = self._text.find("\n", at)
        stop = len(self._text) if stop < 0 else stop
        return stop - 1 if self._text[stop - 1 : stop] == "\r" else stop

    def _end_of_pair(self, key: yaml.Node, value: yaml.Node) -> int:
        is_alias = value.start_mark.index < key.start_mark.index  # it has the marks of what it stands for
        return int(key.end_mark.index) if is_alias else max(int(key.end_mark.index), self._end_of(value))

    def _end_of(self, node: yaml.Node) -> int:
        """Where the last sign of a node stands; the parser's own mark of a block is at what follows it."""
        if not _is_block(node):
            return int(node.end_mark.index)
        start = int(node.start_mark.index)
        if isinstance(node, yaml.ScalarNode):
            return start + len(self._text[start : node.end_mark.index].rstrip())
        parts = node.value if isinstance(node, yaml.SequenceNode) else [part for pair in node.value for part in pair]
        return max((self._end_of(part) for part in parts if part.start_mark.index >= start), default=start)

    def _are_apart(self, items: Sequence[yaml.Node]) -> bool:
        """Whether blank lines stand between the items."""
        between = [self._text[self._end_of(one) : two.start_mark.index] for one, two in pairwise(items)]
        return bool(between) and all("\n\n" in gap.replace("\r", "") for gap in between)

    def _refuse_alias(self, key: yaml.Node, value: yaml.Node) -> None:
        if value.start_mark.index < key.start_mark.index:
            raise self._failure(key, "an alias stands here, whose anchor others may use too", _BY_HAND)

    def _put(self, start: int, end: int, text: str) -> None:
        self._splices.append(_Splice(start, end, text))

    def _failure(self, node: yaml.Node | None, what: str, mend: str) -> ConfigError:
        line = node.start_mark.line + 1 if node is not None else WITHOUT_A_LINE
        return ConfigError([Problem(self.name, line, what, mend)])


def _named(root: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    """Sites, and what is in them, by their ids."""
    for site in _items(root, "sites"):
        yield from _own(site)
        for key in _LAST:
            for record in _items(site, key):
                yield from _own(record)


def _own(record: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    name = _value(record, "id")
    if isinstance(name, yaml.ScalarNode):
        yield name.value, record


def _items(node: yaml.Node | None, key: str) -> Sequence[yaml.Node]:
    found = _value(node, key)
    return found.value if isinstance(found, yaml.SequenceNode) else ()


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    pair = _pair(node, key)
    return pair[1] if pair else None


def _pair(node: yaml.Node | None, key: str) -> tuple[yaml.Node, yaml.Node] | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next(((name, value) for name, value in pairs if name.value == key), None)


def _is_block(node: yaml.Node) -> bool:
    if isinstance(node, yaml.ScalarNode):
        return node.style in {"|", ">"}
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def _is_written(node: yaml.Node) -> bool:
    """Whether something stands there at all."""
    return bool(node.end_mark.index > node.start_mark.index)


def _indent(node: yaml.Node) -> str:
    return " " * node.start_mark.column
