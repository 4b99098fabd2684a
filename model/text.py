"""Text from strangers (devices, servers, certificates) on its way to a person: one line that only shows.

Label values of ``/metrics`` are another matter, for a program reads them back exactly: ``exporters.labels``.
"""

from typing import Final

LONGEST_LINE: Final = 255
"""Characters of a stranger's text that are worth repeating; as many as a DisplayString has (RFC 2579 §2)."""


def harmless(text: str) -> str:
    """The text on one line; line breaks, terminal escapes and whatever else does not print are spelled out."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def one_line(text: str) -> str:
    """The text on one line, with spaces for what does not print, cut to ``LONGEST_LINE`` characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:LONGEST_LINE]).strip()


def counted(number: int, noun: str) -> str:
    """A number with what it counts, such as ``1 datagram`` or ``0 sites``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
