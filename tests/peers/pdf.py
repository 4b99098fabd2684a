"""What others see in a PDF: its text, its fonts, its pages, as poppler reads them."""

import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext (Debian: poppler-utils)")


def _run(program: str, *arguments: str) -> bytes:
    return subprocess.run([program, *arguments], check=True, capture_output=True, timeout=60).stdout


def text_of(path: Path) -> str:
    """Its text in the order of the pages, blanks single."""
    return " ".join(_run("pdftotext", "-enc", "UTF-8", str(path), "-").decode().split())


def lines_of(path: Path) -> str:
    """Its text as it stands on the pages."""
    return unicodedata.normalize("NFC", _run("pdftotext", "-layout", "-enc", "UTF-8", str(path), "-").decode())


def facts_of(path: Path) -> dict[str, str]:
    """What pdfinfo says of it."""
    lines = _run("pdfinfo", str(path)).decode().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def page_sizes_of(path: Path) -> list[tuple[float, float]]:
    """Width and height of each page, in points, as they are seen."""
    count = facts_of(path)["Pages"]
    lines = _run("pdfinfo", "-f", "1", "-l", count, str(path)).decode().splitlines()
    sizes = [line.partition(":")[2].split() for line in lines if line.startswith("Page") and " size:" in line]
    return [(float(words[0]), float(words[2])) for words in sizes]


def fonts_of(path: Path) -> list[tuple[str, bool]]:
    """The fonts, and whether each is embedded."""
    rows = [line.rsplit(maxsplit=5) for line in _run("pdffonts", str(path)).decode().splitlines()[2:]]
    return [(row[0].split()[0], row[1] == "yes") for row in rows]


def words_outside(path: Path) -> list[str]:
    """Words that reach beyond the edges that paper is printed to: 10 mm."""
    edge, found, width, height = 28.3, [], 0.0, 0.0
    for line in _run("pdftotext", "-bbox", "-enc", "UTF-8", str(path), "-").decode().splitlines():
        parts = dict(
            piece.split("=", 1) for piece in line.replace('"', "").rstrip(">").split(">")[0].split() if "=" in piece
        )
        if "<page" in line:
            width, height = float(parts["width"]), float(parts["height"])
        elif "<word" in line:
            xs, ys = (float(parts["xMin"]), float(parts["xMax"])), (float(parts["yMin"]), float(parts["yMax"]))
            if xs[0] < edge or xs[1] > width - edge or ys[0] < edge or ys[1] > height - edge:
                found.append(line.strip())
    return found
