"""Matchers in Alertmanager's syntax: which labels a route takes, and a silence mutes.

``severity="critical"``, ``site=~"tdp-.*"``, ``provider!=VNPT``, ``link!~"office-.*"``: quotes may be left out, a
regular expression has to match all of the value, and a label that is missing is the same as one that is empty.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from model.invalid import InvalidValueError
from model.pattern import check_pattern, matches

_LABEL: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_MATCHER: Final = re.compile(r"\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(.*?)\s*", re.DOTALL)
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE: Final = re.compile(r'\\([n"\\])')
_MEND: Final = 'write a matcher such as severity="critical", site=~"tdp-.*" or provider!="VNPT"'
_LONGEST_QUOTE: Final = 60


class Operator(StrEnum):
    """How a label is compared."""

    IS = "="
    IS_NOT = "!="
    IS_LIKE = "=~"
    IS_NOT_LIKE = "!~"


@dataclass(frozen=True, slots=True)
class Matcher:
    """A condition on one label.

    Attributes:
        label: Its name.
        operator: How it is compared.
        value: With what: a text, or a regular expression that ``model.pattern`` lets through.

    Raises:
        InvalidValueError: The name is none, or the regular expression is none that can be tried.
    """

    label: str
    operator: Operator
    value: str

    def __post_init__(self) -> None:
        check_label(self.label)
        if self.operator in {Operator.IS_LIKE, Operator.IS_NOT_LIKE}:
            check_pattern(self.value)

    def __str__(self) -> str:
        escaped = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.label}{self.operator}"{escaped}"'

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet the condition; one that is missing is empty."""
        found = labels.get(self.label, "")
        match self.operator:
            case Operator.IS:
                return found == self.value
            case Operator.IS_NOT:
                return found != self.value
            case Operator.IS_LIKE:
                return matches(self.value, found)
            case Operator.IS_NOT_LIKE:
                return not matches(self.value, found)

    @property
    def takes_the_missing(self) -> bool:
        """Whether it is met by labels that do not have this one, and so tells hardly anything apart."""
        return self.matches({})


def parse_matcher(text: str) -> Matcher:
    r"""Read one matcher; in the value ``\"``, ``\\`` and ``\n`` stand for a quote, a backslash and a line's end.

    Raises:
        InvalidValueError: It is none, or as ``Matcher``.
    """
    match = _MATCHER.fullmatch(text)
    if match is None:
        raise InvalidValueError(f"{_short(text)} is not a matcher", _MEND)
    return Matcher(match[1], Operator(match[2]), _value(text, match[3]))


def check_matcher(text: str) -> str:
    """The text, if ``parse_matcher`` can read it.

    Raises:
        InvalidValueError: As ``parse_matcher``.
    """
    parse_matcher(text)
    return text


def check_label(name: str) -> str:
    """The name, if a label may be called so, as in Prometheus.

    Raises:
        InvalidValueError: It may not.
    """
    if not _LABEL.fullmatch(name):
        raise InvalidValueError(f"{_short(name)} is not the name of a label", "write one such as severity or site")
    return name


def _value(text: str, written: str) -> str:
    quoted = _QUOTED.fullmatch(written)
    bare = written if quoted is None else quoted[1]
    if quoted is None and '"' in _ESCAPE.sub("", written):
        raise InvalidValueError(f"a quote is missing, or one too many, in {_short(text)}", _MEND)
    return _ESCAPE.sub(lambda escape: "\n" if escape[1] == "n" else escape[1], bare)


def _short(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…")
