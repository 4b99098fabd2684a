"""What the YAML parser says, in words for somebody who only edits a file now and then."""

import re
from typing import Final

import yaml

from monitor.config.problem import Problem

_INDENTATION: Final = "give this line the indentation of its neighbours, with spaces only"
_QUOTES: Final = "put the whole text in quotes"
_CLOSE: Final = "close it on its line"
_TAB: Final = ("a tab stands where only spaces may", "indent with spaces")
# What the parser notices at the end began where its context did.
_BEGAN_EARLIER: Final = (
    ("could not find expected ':'", "a key has no colon", "write `key: value`"),
    ("did not find expected ',' or", "a bracket or brace is not closed, or a comma is missing", _CLOSE),
    ("found unexpected end of stream", "a quote is not closed", _CLOSE),
    ("found unexpected document indicator", "a quote is not closed", _CLOSE),
)
_SAYINGS: Final = (
    ("mapping values are not allowed", "a colon stands where no key can be", f"{_INDENTATION}, or {_QUOTES}"),
    ("did not find expected '-' indicator", "this line does not fit into the list above it", _INDENTATION),
    ("did not find expected key", "this line does not fit under the lines above it", _INDENTATION),
    (
        "did not find expected node content",
        "a bracket or brace holds a sign too many",
        "close it, or take the sign out",
    ),
    ("cannot start any token", "text cannot begin with this sign", _QUOTES),
    ("escape", "a backslash in double quotes begins a sign that does not exist", "write \\\\, or use single quotes"),
    ("did not find expected <document start>", "what follows does not belong to the inventory", _INDENTATION),
)
_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def control_characters(text: str, file: str) -> list[Problem]:
    """A problem for the first sign that YAML 1.2 (§5.1) does not allow in a file."""
    match = _UNPRINTABLE.search(text)
    if match is None:
        return []
    line = text.count("\n", 0, match.start()) + 1
    return [Problem(file, line, f"there is a control character (U+{ord(match[0]):04X})", "take it out")]


def syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """The problem behind an error of the parser, at the place where it began."""
    said = str(getattr(error, "problem", None) or error)
    line = _line(error, "problem_mark")
    if _begins_with_tab(text, line):
        return Problem(file, line, *_TAB)
    for fragment, what, mend in _BEGAN_EARLIER:
        if fragment in said:
            return Problem(file, _line(error, "context_mark"), what, mend)
    for fragment, what, mend in _SAYINGS:
        if fragment in said:
            return Problem(file, line, what, mend)
    return Problem(file, line, f"this is not YAML ({said})", "check indentation, quotes and brackets")


def _begins_with_tab(text: str, line: int) -> bool:
    lines = text.splitlines()
    return line <= len(lines) and lines[line - 1].lstrip(" ").startswith("\t")


def _line(error: yaml.YAMLError, name: str) -> int:
    mark = getattr(error, name, None) or getattr(error, "problem_mark", None)
    return int(mark.line) + 1 if mark else 1
