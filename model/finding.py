"""What a check of the inventory finds, and where: the outcome of ``model.references`` and ``model.consistency``."""

from collections.abc import Collection
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Where a value stands: the file's keys and the places in lists, such as ``("sites", 0, "links", 2, "target")``."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with an inventory, or only strange.

    Attributes:
        path: The value that it is about. A key that the file leaves out stands for the record it belongs to.
        what: What is wrong.
        mend: How to mend it.
        other: The other place that it collides with.
        sought: The name that was looked for and not found.
        candidates: The names that could have been meant.
        about: The id of the record whose other keys it follows from, where that is not the one that holds the value.
        is_warning: It works as it stands, but hardly as meant.
    """

    path: Path
    what: str
    mend: str
    other: Path | None = None
    sought: str | None = None
    candidates: Collection[str] = ()
    about: str | None = None
    is_warning: bool = False
