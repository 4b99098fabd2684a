"""Files that are replaced whole or not at all."""

import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

_PREFIX: Final = ".linkward-"


def replace_whole(
    path: Path, content: bytes, last_look: Callable[[], None] = lambda: None, *, is_for_all: bool = False
) -> None:
    """Replace a file, at once and for good: after a power cut it is the old one or the new one.

    Its owner and rights stay.

    Args:
        path: The file; where it is a link, the file that it leads to.
        content: What it is to hold.
        last_look: Called when all is ready; what it raises leaves the file as it was.
        is_for_all: Whether a new file gets the rights that the system gives to new files; otherwise it is its owner's
            alone.

    Raises:
        OSError: It cannot be written; nothing is left beside it.
    """
    path = Path(os.path.realpath(path))  # a link stays a link
    descriptor, aside = _beside(path, is_for_all=is_for_all)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            _keep_rights(path, descriptor)
            os.fsync(descriptor)
        last_look()
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _beside(path: Path, *, is_for_all: bool) -> tuple[int, Path]:
    """A new file in the same folder, open to be written."""
    if not is_for_all:
        descriptor, name = tempfile.mkstemp(prefix=_PREFIX, dir=path.parent)
        return descriptor, Path(name)
    aside = path.with_name(f"{_PREFIX}{secrets.token_hex(8)}")
    return os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666), aside


def _keep_rights(path: Path, descriptor: int) -> None:
    if not path.exists():
        return
    old = path.stat()
    with suppress(PermissionError):  # only root gives files away
        os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, old.st_mode & 0o7777)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
