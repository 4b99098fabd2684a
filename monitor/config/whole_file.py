"""Files that are replaced whole or not at all."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def replace_whole(path: Path, content: bytes, last_look: Callable[[], None] = lambda: None) -> None:
    """Replace a file, at once and for good: after a power cut it is the old one or the new one.

    Its owner and rights stay; a new file is its owner's alone.

    Args:
        path: The file; where it is a link, the file that it leads to.
        content: What it is to hold.
        last_look: Called when all is ready; what it raises leaves the file as it was.

    Raises:
        OSError: It cannot be written; nothing is left beside it.
    """
    path = Path(os.path.realpath(path))  # a link stays a link
    descriptor, name = tempfile.mkstemp(prefix=".linkward-", dir=path.parent)
    aside = Path(name)
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
