"""Regular expressions that are tried on labels, in bounded time.

Python's ``re`` goes back over every way in which a text could match: ``(a+)+b`` has a thousand million of them on
thirty letters. Alertmanager's own (RE2) does not go back, so that such a pattern does no harm there; here it would stop
the daemon. Hence a pattern may leave only so many ways open, and what RE2 does not know is not known here either.
"""

import re
import warnings
from dataclasses import dataclass
from typing import Final

from model.invalid import InvalidValueError

LONGEST_PATTERN: Final = 1_000
"""Characters; enough for the ids of a hundred sites."""
LONGEST_VALUE: Final = 256
"""Characters of a label that a pattern is tried on; ids have at most 63."""

_MOST_WAYS: Final = 2**18  # some ten milliseconds
_OF_A_REPEAT: Final = 64  # ways in which one * divides a label between itself and the rest
_IGNORE_CASE: Final = "(?i)"
_TOKEN: Final = re.compile(
    r"""(?P<special>\(\?(?!:)|\\[1-9])
    |(?P<open>\((?:\?:)?)
    |(?P<close>\))
    |(?P<either>\|)
    |(?P<repeat>(?:[*+]|\{(?!\})\d*,?\d*\})[?+]?)
    |(?P<maybe>\?[?+]?)
    |(?P<single>\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.)""",
    re.VERBOSE | re.DOTALL,
)


def check_pattern(text: str) -> str:
    """The text, if it is a regular expression that can be tried in bounded time.

    Raises:
        InvalidValueError: It is too long, no regular expression, or leaves too many ways open.
    """
    if len(text) > LONGEST_PATTERN:
        what = f"the regular expression has {len(text)} characters"
        raise InvalidValueError(what, f"write at most {LONGEST_PATTERN}, or several matchers")
    try:
        with warnings.catch_warnings():
            # What Python only warns of means something else in its next version.
            warnings.simplefilter("error")
            re.compile(text)
    except (re.error, RecursionError, OverflowError, Warning) as error:
        mend = "correct it, or put \\ before a sign that stands for itself, as in \\( \\. \\?"
        raise InvalidValueError(f"this is not a regular expression ({error})", mend) from error
    if _ways(text.removeprefix(_IGNORE_CASE)) > _MOST_WAYS:
        raise InvalidValueError("the regular expression could take too long", "use fewer of * + ? { and |")
    return text


def matches(pattern: str, value: str) -> bool:
    """Whether all of a value is what a checked pattern describes; a value of more than 256 characters never is."""
    return len(value) <= LONGEST_VALUE and re.fullmatch(pattern, value) is not None


@dataclass(slots=True)
class _Group:
    """A group, or the whole, that is being read.

    Attributes:
        others: The ways of the alternatives before this one.
        ways: Those of this alternative so far.
        last: Those of what was read last, which a ``?`` may follow.
        is_after_group: Whether that was a group.
    """

    others: int = 0
    ways: int = 1
    last: int = 1
    is_after_group: bool = False

    def add(self, ways: int, *, is_group: bool) -> None:
        self.ways *= ways
        self.last, self.is_after_group = ways, is_group


def _ways(text: str) -> int:
    """In how many ways a valid pattern can be tried on one label, at most."""
    open_groups = [_Group()]
    for token in _TOKEN.finditer(text):
        _take(token.lastgroup or "", token[0], open_groups)
    return open_groups[0].others + open_groups[0].ways


def _take(kind: str, token: str, open_groups: list[_Group]) -> None:
    group = open_groups[-1]
    match kind:
        case "open":
            open_groups.append(_Group())
        case "close":
            open_groups.pop()
            open_groups[-1].add(group.others + group.ways, is_group=True)
        case "either":
            group.others, group.ways = group.others + group.ways, 1
        case "maybe":
            group.ways = group.ways // group.last * (group.last + 1)
        case "repeat" if group.is_after_group:
            mend = "repeat a single sign or a class, as in [a-z0-9-]*"
            raise InvalidValueError(f"`{token}` repeats a group, which could take too long", mend)
        case "repeat":
            group.ways *= _OF_A_REPEAT
        case "special":
            raise InvalidValueError(f"`{token}` is not known here", "write plain groups: ( ) or (?: )")
        case _:
            group.add(1, is_group=False)
