"""Names from anybody on their way into a message: one composed line of bounded length, and the same in ASCII."""

import unicodedata
from typing import Final

from model.text import one_line

LONGEST_NAME: Final = 80
"""Characters of a name that a message repeats."""

_READ: Final = 1_000  # characters of a name that are looked at
_LOOKALIKES: Final = str.maketrans({"đ": "d", "Đ": "D", "\N{EN DASH}": "-", "\N{EM DASH}": "-"})
_OUTSIDE_GSM: Final = str.maketrans("[]{}\\|^~`", "()()//'-'")


def clean(text: str, longest: int = LONGEST_NAME) -> str:
    """The text on one line, in Unicode's composed form (NFC), its blanks single, cut to so many characters."""
    line = one_line(unicodedata.normalize("NFC", text[:_READ]))
    return shorten(unicodedata.normalize("NFC", " ".join(line.split())), longest)


def shorten(text: str, room: int) -> str:
    """The text in at most ``room`` characters: cut behind a word where it has one, and marked as cut."""
    if len(text) <= room:
        return text
    if room < 1:
        return ""
    start = text[: room - 1]
    if not text[room - 1].isspace() and " " in start:
        start = start[: start.rindex(" ")]
    return f"{start.rstrip(' ,;:.(')}…"


def whole_words(text: str, room: int) -> str:
    """As many words of the text as fit into ``room`` characters; none where the first does not."""
    if len(text) <= room:
        return text
    start = text[: max(0, room) + 1]
    return start[: start.rindex(" ")].rstrip(" ,;:.(-") if " " in start else ""


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def utf16_length(text: str) -> int:
    """Characters as UTF-16 counts them, which is never less than Unicode's own count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def unaccented(text: str) -> str:
    """The text in ASCII that a GSM 7-bit message carries at one character each (3GPP TS 23.038 §6.2.1).

    Accents are dropped, and so is what has no counterpart.
    """
    base = unicodedata.normalize("NFKD", text.translate(_LOOKALIKES))
    ascii_only = "".join(letter for letter in base if letter.isascii() and (letter.isprintable() or letter.isspace()))
    return " ".join(ascii_only.translate(_OUTSIDE_GSM).split())
