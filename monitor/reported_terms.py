"""What held for links and services, from the terms that the history keeps."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from history.facts import Document, Terms
from model.intervals import instant
from model.inventory import Contracted
from model.requirement import Requirement
from reports.facts import Held, Term


@dataclass(frozen=True, slots=True)
class Read:
    """What held for one subject, and in which ward.

    Attributes:
        ward: Its id; empty without wards.
        site: Id of its site.
        terms: In order of time.
        content: The same as the history has it, for the hash of the configuration.
    """

    ward: str
    site: str
    terms: tuple[Term, ...]
    content: Sequence[tuple[int, Document | None]]

    def within(self, start: int, end: int) -> Sequence[tuple[int, Document | None]]:
        """What came to hold before an end, and of what came before a start the last."""
        known = [row for row in self.content if row[0] < end]
        return [row for place, row in enumerate(known) if place + 1 == len(known) or known[place + 1][0] > start]


@dataclass(slots=True)
class TermsReader:
    """Reads terms; the same requirement is read once."""

    _requirements: dict[str, Requirement | None] = field(default_factory=dict)

    def read(self, rows: Sequence[Terms]) -> Read | None:
        """Of one subject in order of time; ``None`` where the inventory did not hold it at all."""
        last = next((row.content for row in reversed(rows) if row.content is not None), None)
        if last is None:
            return None
        terms = tuple(Term(instant(row.since), self._held(row.content)) for row in rows)
        content = [(instant(row.since), row.content) for row in rows]
        return Read(str(last.get("ward") or ""), str(last.get("site") or ""), terms, content)

    def assumed(self, content: Document) -> Read:
        """What the inventory says now, where the history says nothing: as if it had held ever since."""
        terms = (Term(0, self._held(content)),)
        return Read(str(content.get("ward") or ""), str(content.get("site") or ""), terms, [(0, content)])

    def _held(self, content: Document | None) -> Held | None:
        if content is None:
            return None
        known: Mapping[str, Any] = content
        contracted = known.get("contracted")
        return Held(
            site=str(known.get("site") or ""),
            name=str(known.get("name") or ""),
            service_hours=tuple(known.get("service_hours") or ()),
            citizens_per_hour=known.get("citizens_per_hour"),
            requirement=self._requirement(known.get("requirement")),
            profile=str(known.get("profile") or ""),
            provider=str(known.get("provider") or ""),
            circuit=str(known.get("circuit") or ""),
            role=str(known.get("role") or "primary"),
            contracted=Contracted.model_validate(contracted) if contracted else None,
        )

    def _requirement(self, stated: Any) -> Requirement | None:
        if stated is None:
            return None
        key = json.dumps(stated, sort_keys=True)
        if key not in self._requirements:
            self._requirements[key] = Requirement.model_validate(_as_written(stated))
        return self._requirements[key]


def _as_written(stated: Mapping[str, Any]) -> dict[str, Any]:
    """An older program wrote ``start`` for the day of a change, which the inventory writes as ``from``."""
    changes = [
        {("from" if key == "start" else key): value for key, value in change.items()}
        for change in stated.get("changes", ())
    ]
    return {**stated, "changes": changes}
