"""Texts made to fit where they go."""

from itertools import accumulate
from typing import Final

from alerts.notice import Words

ELLIPSIS: Final = "…"


def whole_text(words: Words) -> str:
    """Title and text in one, for where there is no title; the title once only."""
    return words.text if words.text.startswith(words.title) else f"{words.title}\n{words.text}".strip()


def body_under(words: Words) -> str:
    """The text for under its title, without the line that says the same; never empty."""
    first, _, rest = words.text.partition("\n")
    return rest.strip() if first.strip() == words.title.strip() and rest.strip() else words.text or words.title


def size(text: str) -> int:
    """Characters as JavaScript and Java count them: those beyond the basic plane, such as most emoji, are two."""
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)  # noqa: PLR2004  # the basic plane's end


def cut_at_line(text: str, limit: int) -> str:
    """The text, or as many of its lines as fit with an ellipsis on the last.

    Args:
        text: Of any length.
        limit: Most characters, as ``size`` counts; 2 at least.
    """
    if size(text) <= limit:
        return text
    kept = _fitting(text, limit - len(ELLIPSIS))
    whole_lines = kept if text[len(kept)] == "\n" else kept.rpartition("\n")[0]
    return (whole_lines.rstrip() or kept) + ELLIPSIS


def _fitting(text: str, limit: int) -> str:
    sizes = accumulate(map(size, text))
    return text[: sum(1 for total in sizes if total <= limit)]
