"""What the YAML parser says, in words for somebody who only edits a file now and then."""

import re
from typing import Final

import yaml

from monitor.config.problem import Problem

_INDENTATION: Final = "give this line the indentation of its neighbours, with spaces only"
_QUOTES: Final = "put the whole text in quotes"
_SAYINGS: Final = (
    ("tab", "a tab stands where only spaces may", "indent with spaces"),
    ("found character '\\t'", "a tab stands where only spaces may", "indent with spaces"),
    ("mapping values are not allowed", "a colon stands where no key can be", f"{_INDENTATION}, or {_QUOTES}"),
    ("could not find expected ':'", "a key has no colon", "write `key: value`, and check the line above too"),
    ("did not find expected '-' indicator", "this line does not fit into the list above it", _INDENTATION),
    ("did not find expected key", "this line does not fit under the lines above it", _INDENTATION),
    ("did not find expected ',' or", "a bracket or brace is not closed, or a comma is missing", "close it on its line"),
    (
        "did not find expected node content",
        "a bracket or brace holds a sign too many",
        "close it, or take the sign out",
    ),
    ("found unexpected end of stream", "a quote is not closed", "close it on its line"),
    ("found unexpected document indicator", "a quote is not closed", "close it on its line"),
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


def syntax_problem(error: yaml.YAMLError, file: str) -> Problem:
    """The problem behind an error of the parser, at the place where it began."""
    said = str(getattr(error, "problem", None) or error)
    for fragment, what, mend in _SAYINGS:
        if fragment in said:
            return Problem(file, _line(error, what), what, mend)
    return Problem(file, _line(error, ""), f"this is not YAML ({said})", "check indentation, quotes and brackets")


def _line(error: yaml.YAMLError, what: str) -> int:
    # What is not closed is noticed at the end of the file; it began where the parser's context did.
    names = ("context_mark", "problem_mark") if "not closed" in what else ("problem_mark", "context_mark")
    marks = [mark for name in names if (mark := getattr(error, name, None)) is not None]
    return int(marks[0].line) + 1 if marks else 1
