"""From a path to the text of its files."""

from pathlib import Path
from typing import Final

from monitor.config.problem import WITHOUT_A_LINE, ConfigError, Problem

LARGEST_FILE: Final = 64 * 2**20
"""Bytes; a city has 9 million."""
LARGEST_SECRET: Final = 2**16
"""Bytes of a file that ``${file:…}`` names."""


def inventory_files(path: Path) -> list[Path]:
    """The file itself, or the ``*.yml`` of a folder in order of their names, hidden ones left out.

    Raises:
        ConfigError: The folder cannot be listed or holds no such file.
    """
    if not path.is_dir():
        return [path]
    try:
        found = sorted(file for file in path.iterdir() if file.suffix == ".yml" and not file.name.startswith("."))
    except OSError as error:
        raise ConfigError([_unreadable(path, error)]) from error
    if not found:
        what, mend = "the folder holds no *.yml file", "name the folder that holds the inventory, or its file"
        raise ConfigError([Problem(str(path), WITHOUT_A_LINE, what, mend)])
    return found


def read_text(path: Path, largest: int = LARGEST_FILE) -> str:
    """The text of a UTF-8 file, without a byte order mark.

    Raises:
        ConfigError: It cannot be read, is larger than ``largest`` bytes, or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except (OSError, ValueError) as error:
        raise ConfigError([_unreadable(path, error)]) from error
    if len(content) > largest:
        raise ConfigError([_too_large(path, largest)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError([Problem(str(path), line, "this is not UTF-8", "save the file as UTF-8")]) from error


def _unreadable(path: Path, error: Exception) -> Problem:
    # A ValueError is a path that holds a NUL.
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "no such path"
    mend = "name a file or folder that exists and that this user may read"
    return Problem(str(path), WITHOUT_A_LINE, f"cannot be read ({reason})", mend)


def _too_large(path: Path, largest: int) -> Problem:
    mend = "split it over the *.yml files of a folder" if largest == LARGEST_FILE else "name a file that holds a secret"
    return Problem(str(path), WITHOUT_A_LINE, f"is larger than {largest} bytes", mend)
