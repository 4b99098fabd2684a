"""Instants as text, to the microsecond and in UTC: exact, and sorted alike."""

from datetime import UTC, datetime


def to_text(at: datetime) -> str:
    """Such as ``2026-11-01T07:30:00.000000+00:00``.

    Raises:
        ValueError: The time is naive, and so names no instant.
    """
    return _aware(at).isoformat(timespec="microseconds")


def to_time(text: str) -> datetime:
    """The instant, aware UTC.

    Raises:
        ValueError: The text is no time (ISO 8601), or one without a zone.
    """
    return _aware(datetime.fromisoformat(text))


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at.astimezone(UTC)
