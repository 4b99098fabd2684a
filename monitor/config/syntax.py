"""What the YAML parser says, in words for somebody who only edits a file now and then."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import yaml

from monitor.config.problem import Problem
from monitor.config.slips import curly_quote, missing_blank
from monitor.config.substitution import masked

_INDENTATION: Final = "give this line the indentation of its neighbours, with spaces only"
_QUOTES: Final = "put the whole text in quotes"
_CLOSE: Final = "close it on its line"
_OPEN_QUOTE: Final = ("a quote is not closed", _CLOSE)
# What the parser notices at the end began where its context did.
_BEGAN_EARLIER: Final = (
    ("could not find expected ':'", "a key has no colon", "write `key: value`"),
    ("did not find expected ',' or", "a bracket or brace is not closed, or a comma is missing", _CLOSE),
    ("found unexpected end of stream", *_OPEN_QUOTE),
    ("found unexpected document indicator", *_OPEN_QUOTE),
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
_REFERENCE: Final = re.compile(r"\$\{[^}]*\}")
# A quote begins text only where a value can begin; elsewhere, as in `it's`, it is a letter.
_QUOTED: Final = re.compile(
    r"""(?:^|(?<=\s))\#[^\n]*
    |(?:^|[\[{,]|[:\-?][ \t])[ \t]*(?P<quoted>"(?:\\.|[^"\\]++)*+"|'(?:''|[^']++)*+')""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_TEXT_WITH_A_COLON: Final = re.compile(r"\s*(?:- +)*(?P<key>[^\s:]+): +\S.*")
_KEY_ID: Final = re.compile(r"\s*id:(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Bracket:
    """A bracket or brace that is open.

    Attributes:
        line: Where it was opened.
        sign: ``[`` or ``{``.
    """

    line: int
    sign: str


@dataclass(frozen=True, slots=True)
class _Fault:
    """Where and why the parser gave up.

    Attributes:
        said: In the parser's words.
        lines: The lines of the file.
        line: Counted from 1: where it gave up.
        column: Counted from 0.
        began: The line where it began to read what it could not finish.
        bracket: The innermost that was open.
    """

    said: str
    lines: list[str]
    line: int
    column: int
    began: int
    bracket: Bracket | None

    @property
    def text(self) -> str:
        """The line where it gave up."""
        return self.lines[self.line - 1] if self.line <= len(self.lines) else ""

    @property
    def sign(self) -> str:
        """The sign where it gave up; nothing at the end of a line."""
        return self.text[self.column : self.column + 1]

    @property
    def is_at_the_end(self) -> bool:
        """Whether nothing is left of the file."""
        return not self.text[self.column :].strip() and not any(map(str.strip, self.lines[self.line :]))

    def line_before(self) -> int:
        """The number of the last line above that is not blank; 0 where there is none."""
        return next((number for number in range(self.line - 1, 0, -1) if self.lines[number - 1].strip()), 0)


_Cause = tuple[int, str, str]
"""The line to blame, what is wrong, and how to mend it."""


def control_characters(text: str, file: str) -> list[Problem]:
    """A problem for the first sign that YAML 1.2 (§5.1) does not allow in a file."""
    match = _UNPRINTABLE.search(text)
    if match is None:
        return []
    line = text.count("\n", 0, match.start()) + 1
    return [Problem(file, line, f"there is a control character (U+{ord(match[0]):04X})", "take it out")]


def syntax_problem(error: yaml.YAMLError, text: str, file: str, bracket: Bracket | None = None) -> Problem:
    """The problem behind an error of the parser, at the place where it began.

    Args:
        error: As it was raised.
        text: Of the file.
        file: Its name.
        bracket: The innermost that is open where the parser gave up.
    """
    fault = _fault(error, text, bracket)
    causes = (cause for look in _LOOKS if (cause := look(fault)) is not None)
    line, what, mend = next(causes, None) or _saying(fault)
    return Problem(file, line, what, mend)


def _fault(error: yaml.YAMLError, text: str, bracket: Bracket | None) -> _Fault:
    said = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None) or mark
    line, column = (mark.line + 1, mark.column) if mark else (1, 0)
    return _Fault(said, text.splitlines(), line, column, context.line + 1 if context else 1, bracket)


def _tab(fault: _Fault) -> _Cause | None:
    if fault.text.lstrip(" ").startswith("\t"):
        return fault.line, "a tab stands where only spaces may", "indent with spaces"
    return None


def _curly(fault: _Fault) -> _Cause | None:
    places = (fault.line, fault.began) if fault.said.startswith("found unexpected") else (fault.line,)
    for line in places:
        slip = curly_quote(fault.lines[line - 1]) if line <= len(fault.lines) else None
        if slip is not None:
            return line, *slip
    return None


def _reference(fault: _Fault) -> _Cause | None:
    if fault.sign != "{" or fault.text[: fault.column][-1:] != "$":
        return None
    match = _REFERENCE.match(fault.text, fault.column - 1)
    shown = masked(match[0]) if match else "${…}"
    what = f"`{shown}` stands without quotes inside brackets or braces"
    return fault.line, what, f'{_QUOTES}, such as "{shown}"'


def _quote(fault: _Fault) -> _Cause | None:
    """A quote that closed where another was meant to open, or that closes before its text ends."""
    if not fault.said.startswith(("did not find expected", "could not find", "mapping values")):
        return None
    read = "\n".join([*fault.lines[: fault.line - 1], fault.text[: fault.column].rstrip()])
    quoted = [match for match in _QUOTED.finditer(read) if match["quoted"]]
    if not quoted or "\n" in read[quoted[-1].end() :]:
        return None
    if "\n" in quoted[-1]["quoted"]:
        return read.count("\n", 0, quoted[-1].start("quoted")) + 1, *_OPEN_QUOTE
    if quoted[-1].end() == len(read) and fault.sign not in {"", ":"}:
        comma = "put a comma after it, or " if fault.bracket else ""
        return fault.line, "text goes on after its closing quote", f"{comma}{_QUOTES}"
    return None


def _open_bracket(fault: _Fault) -> _Cause | None:
    bracket = fault.bracket
    if bracket is None or fault.said.startswith("found unexpected"):
        return None
    if fault.is_at_the_end or (fault.sign == "-" and fault.line > bracket.line):
        closing = {"[": "]", "{": "}"}[bracket.sign]
        what = f"the `{bracket.sign}` that is opened here is not closed"
        return bracket.line, what, f"write `{closing}` where it ends"
    if fault.sign == ":" and fault.text[: fault.column].count(":") > 0:
        what = "a second colon stands in one entry of a brace"
        return fault.line, what, f"put a comma before the next key, or {_QUOTES}"
    return None


def _missing_blank(fault: _Fault) -> _Cause | None:
    is_continued = fault.said.startswith("mapping values")
    for line in (fault.line_before() if is_continued else 0, fault.began, fault.line):
        slip = missing_blank(fault.lines[line - 1].strip()) if 0 < line <= len(fault.lines) else None
        if slip is not None:
            return line, *slip
    return None


def _missing_dash(fault: _Fault) -> _Cause | None:
    if "expected '-'" in fault.said and _KEY_ID.match(fault.text):
        return fault.line, "a list entry has no dash", "begin it with a dash and a space: `- id: …`"
    return None


def _text_with_a_colon(fault: _Fault) -> _Cause | None:
    match = _TEXT_WITH_A_COLON.fullmatch(fault.text[: fault.column])
    if match is None or not fault.said.startswith("mapping values"):
        return None
    mend = f'{_QUOTES}, such as `{match["key"]}: "…"`, or {_INDENTATION}'
    return fault.line, "a colon stands inside of a text", mend


_LOOKS: Final[tuple[Callable[[_Fault], _Cause | None], ...]] = (
    _tab,
    _curly,
    _reference,
    _quote,
    _missing_blank,
    _missing_dash,
    _open_bracket,
    _text_with_a_colon,
)


def _saying(fault: _Fault) -> _Cause:
    for fragment, what, mend in _BEGAN_EARLIER:
        if fragment in fault.said:
            return fault.began, what, mend
    for fragment, what, mend in _SAYINGS:
        if fragment in fault.said:
            return fault.line, what, mend
    return fault.line, f"this is not YAML ({fault.said})", "check indentation, quotes and brackets"
