"""What is wrong with a configuration, where, and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

WITHOUT_A_LINE: Final = 0


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong with a configuration; problems are ordered by place.

    Attributes:
        file: The file as the user named it.
        line: Counted from 1; ``WITHOUT_A_LINE`` where the whole file is meant.
        what: What is wrong. Never holds a secret.
        mend: How to mend it.
    """

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}: {self.mend}"


class ConfigError(Exception):
    """A configuration that cannot be used; its text has one line for each problem.

    Attributes:
        problems: All that was found, in the order of the files, each once.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))
