"""What people are told of an incident, in their language: title, text, SMS, and the annotations of its alerts."""

from alerts.words.message import annotations_of, words_of
from alerts.words.telling import Telling

__all__ = ["Telling", "annotations_of", "words_of"]
