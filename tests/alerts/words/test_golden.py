"""The messages as people get them. ``REGENERATE=1`` writes the golden texts anew: read them before they go in."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerts.notice import Kind
from alerts.words import annotations_of, words_of
from model.incident import AlertName, Incident
from model.inventory import Language
from tests.alerts.words.stories import BEGAN, FAULTS, LANGUAGES, LATER, closed, telling

GOLDEN = Path(__file__).parents[2] / "data" / "alerts"
NOTICED = BEGAN + timedelta(seconds=4)


def told(name: str, incident: Incident, kind: Kind, now: datetime, language: Language, **more: object) -> str:
    """One message as a section of a golden text."""
    words = words_of(incident, kind, telling(language, now, **more))
    return f"=== {name}: {kind}\n{words.title}\n\n{words.text}\n\n[SMS {len(words.sms)}] {words.sms}\n"


def annotated(incident: Incident, language: Language) -> str:
    """The annotations of the first alert."""
    annotations = annotations_of(incident.entries[0], incident, telling(language, NOTICED))
    return "".join(f"{name}: {text}\n" for name, text in annotations.items())


def sections(alert: AlertName, language: Language) -> Iterator[str]:
    """All that is told of one kind of fault."""
    for name, incident in FAULTS.items():
        if name.split()[0] == alert:
            yield told(name, incident, Kind.OPENED, NOTICED, language)
            yield annotated(incident, language)
            over = closed(incident)
            assert over.closed_at is not None
            yield told(name, over, Kind.RESOLVED, over.closed_at + timedelta(seconds=3), language)
    for name, (kind, incident, now, more) in LATER.items():
        if name.split()[0] == alert:
            yield told(name, incident, kind, now, language, **more)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("alert", AlertName)
def test_messages_read_as_agreed(alert: AlertName, language: Language) -> None:
    """Every kind of fault is told in every language as the golden text has it."""
    path = GOLDEN / f"{alert}.{language}.txt"
    text = "\n".join(sections(alert, language))
    assert text
    if os.environ.get("REGENERATE"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
