"""Slips of the pen that YAML takes for something else: what somebody meant, from a line or a piece of text."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

from monitor.config.problem import Problem
from monitor.config.shape import fields_of, records, shape_of_field

Slip = tuple[str, str]
"""What is wrong, and how to mend it."""

# Blanks beside U+0020, and signs without width; U+200D is left out because it joins the parts of emoji.
_INVISIBLE: Final = re.compile(
    "[\xa0\xad\u1680\u2000-\u200c\u200e\u200f\u202a-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff]"
)
_COMMENT: Final = re.compile(r"(?:^|(?<=\s))#.*")
_OPENING: Final = "\u201c\u201e\xab\u2018\u201a"
_CURLY: Final = f"{_OPENING}\u201d\u201f\xbb\u2019\u201b"
_CURLY_TEXT: Final = re.compile(rf"[{_CURLY}](?P<inside>[^{_CURLY}]*)[{_CURLY}]|[{_OPENING}](?P<open>[^{_CURLY}]*)")
_CURLY_AT_START: Final = re.compile(rf"(?:^|[:\-,\[{{])\s*[{_CURLY}]|[\"'][^\"']*[{_CURLY}]")
_GLUED: Final = re.compile(r"(?:- +)?(?P<key>[a-z_0-9]+):(?P<value>[^\s:/].*)", re.DOTALL)
_DASH: Final = re.compile(r"-(?P<rest>[A-Za-z_][\w-]*:?)")
_FIRST_PART: Final = re.compile(r"[0-9]+")
_SECOND_PART: Final = re.compile(r"[0-9]+(?![0-9])[^,]*")
_THOUSAND: Final = re.compile(r"[0-9]{3}(?![0-9])")


def without_invisible(text: str, file: str) -> tuple[str, list[Problem]]:
    """The text with plain spaces for the blanks of web pages and without signs that have no width.

    Returns:
        The text, its lines as they were; and a problem for each line that held such a sign outside of a comment.
    """
    if text.isascii() or not _INVISIBLE.search(text):
        return text, []
    lines = enumerate(text.splitlines(), 1)
    found = ((number, _INVISIBLE.search(_COMMENT.sub("", line))) for number, line in lines)
    problems = [_invisible(file, number, match[0]) for number, match in found if match]
    return _INVISIBLE.sub(lambda match: " " if unicodedata.category(match[0]) == "Zs" else "", text), problems


def _invisible(file: str, line: int, sign: str) -> Problem:
    is_blank = unicodedata.category(sign) == "Zs"
    what = f"an invisible sign stands here, {unicodedata.name(sign).lower()} (U+{ord(sign):04X})"
    mend = "write an ordinary space instead" if is_blank else "take it out, or type the word anew"
    return Problem(file, line, what, mend)


def in_curly_quotes(text: str) -> tuple[str, Slip] | None:
    """The text between curly quotes, which YAML counts among the text; ``None`` where it is not wrapped in them."""
    match = _CURLY_TEXT.fullmatch(text) if text.startswith(tuple(_CURLY)) else None
    if match is None:
        return None
    inside = match["open"] if match["inside"] is None else match["inside"]
    return inside, _curly(text)


def curly_quote(line: str) -> Slip | None:
    """What to say of a line that cannot be read and that has a curly quote where a straight one may be meant."""
    return _curly(line) if _CURLY_AT_START.search(line) else None


def _curly(text: str) -> Slip:
    signs = " ".join(dict.fromkeys(sign for sign in text if sign in _CURLY))
    return f"a curly quote stands here ({signs})", "write straight quotes: \"…\" or '…'"


def missing_blank(text: str) -> Slip | None:
    """What to say of a line or text that lacks the blank after its dash or after its first colon."""
    dash = _DASH.match(text)
    if dash:
        rest = f"{dash['rest']} …" if dash["rest"].endswith(":") else dash["rest"]
        return "a list entry has no blank after its dash", f"begin it with a dash and a space: `- {rest}`"
    pair = glued(text)
    if pair is None:
        return None
    key, value = pair
    is_hidden = known_keys()[key] or "@" in value or "${" in value
    shown = "…" if is_hidden else value.partition("\n")[0].partition(" ")[0]
    return f"`{key}:` has no blank after it", f"write a blank after the colon: `{key}: {shown}`"


def glued(text: str) -> tuple[str, str] | None:
    """A key of the inventory and its value, where the blank between colon and value is missing."""
    match = _GLUED.fullmatch(text)
    return (match["key"], match["value"]) if match and match["key"] in known_keys() else None


def divided_number(key: str, first: str, second: str) -> tuple[str, Slip] | None:
    """The number that a comma has divided inside braces, as in ``{download: 1,5Gbit/s}``.

    Args:
        key: Whose value it is.
        first: What stands before the comma.
        second: What stands after it.

    Returns:
        The number with a point, or without a comma between thousands; ``None`` where it is something else.
    """
    if not _FIRST_PART.fullmatch(first) or not _SECOND_PART.fullmatch(second):
        return None
    mended = f"{first}{'' if _THOUSAND.match(second) else '.'}{second}"
    way = "a decimal with a point" if known_keys().get(key) else mended
    return mended, (f"a comma divides the number of `{key}`", f"write {way}; text with a comma needs quotes")


@cache
def known_keys() -> Mapping[str, bool]:
    """Every key of the inventory, and whether its value is a secret in any of its tables."""
    shapes = [(key, shape_of_field(field)) for _, record in records() for key, field in fields_of(record).items()]
    secret = {key for key, shape in shapes if shape.is_secret or shape.item().is_secret}
    return {key: key in secret for key, _ in shapes}
