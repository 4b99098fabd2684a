"""What people write about incidents and outages afterwards: kept in the history's audit."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from history.facts import AuditEntry
from reports.facts import Annotation
from reports.sections.outages import Cause

ANNOTATED: Final = "annotate"


def annotated(about: str, who: str, at: datetime, annotation: Annotation) -> AuditEntry:
    """The fact that somebody wrote something about an incident or an outage; what is empty says nothing."""
    said = {
        "cause": annotation.cause.value if annotation.cause else "",
        "ticket": annotation.ticket,
        "note": annotation.note,
    }
    return AuditEntry(at, who, ANNOTATED, {"about": about, **{key: text for key, text in said.items() if text}})


def annotations(audit: Iterable[AuditEntry]) -> dict[str, Annotation]:
    """By the id of what it is about; of each field what was written last."""
    found: dict[str, Annotation] = {}
    for entry in sorted(audit, key=lambda one: one.at):
        if entry.action != ANNOTATED:
            continue
        about, before = str(entry.content.get("about", "")), Annotation()
        before = found.get(about, before)
        found[about] = Annotation(
            _cause(entry.content.get("cause")) or before.cause,
            str(entry.content.get("ticket") or before.ticket),
            str(entry.content.get("note") or before.note),
        )
    return found


def _cause(word: object) -> Cause | None:
    return Cause(word) if isinstance(word, str) and word in set(Cause) else None  # a newer program knows more of them
