"""What every section is written from."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.document.blocks import Kind, Value
from reports.document.fields import cell
from reports.document.names import Names
from reports.locale import forms
from reports.locale.words import Words
from reports.monthly import MonthlyReport


@dataclass(frozen=True, slots=True)
class Saying:
    """The words that a review is told in, and what people call what is in it."""

    words: Words
    names: Names

    def written(self, value: Value, kind: Kind) -> str:
        """A value as the language writes it, for use in a sentence."""
        return cell(value, kind, self.words).text

    def list(self, ids: Iterable[str]) -> str:
        """What people call these, one after the other; empty for none."""
        return ", ".join(self.names.anything(one) for one in ids)

    def lasted(self, seconds: float | None) -> str:
        """A duration in words."""
        return forms.NOTHING if seconds is None else forms.lasted(seconds, self.words)

    def sign(self, kind: str, about: str, value: float | None) -> str:
        """One thing that speaks for a cause."""
        said = self.words.word("sign", kind)
        parts = [said, self.names.anything(about) if about else "", "" if value is None else f"({value:g})"]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Telling(Saying):
    """The same with the review."""

    report: MonthlyReport
