"""Silences as facts of the history, and back."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime

from history.facts import Document, SilenceRecord
from model.iso_time import to_text, to_time
from model.matcher import parse_matcher
from model.silence import Silence

log = logging.getLogger(__name__)


def silence_record(silence: Silence) -> SilenceRecord:
    """The fact that a silence was made, or was ended by somebody."""
    content: Document = {
        "matchers": [str(matcher) for matcher in silence.matchers],
        "starts_at": to_text(silence.starts_at),
        "ends_at": to_text(silence.ends_at),
        "author": silence.author,
        "comment": silence.comment,
        "created_at": to_text(silence.created_at),
        "ended_at": to_text(silence.ended_at) if silence.ended_at else None,
        "ended_by": silence.ended_by,
    }
    return SilenceRecord(silence.id, silence.until, 2 if silence.ended_at else 1, content)


def known_silences(records: Iterable[SilenceRecord]) -> Iterator[Silence]:
    """The silences of the history; one that cannot be read is logged."""
    for record in records:
        try:
            yield _silence(record)
        except (KeyError, TypeError, ValueError) as error:
            log.error("silence %s cannot be read and mutes nothing: %s", record.id, error)  # noqa: TRY400  # a trace tells nobody more


def _silence(record: SilenceRecord) -> Silence:
    content = record.content
    matchers = content["matchers"]
    if not isinstance(matchers, list):
        raise TypeError("its matchers are no list")
    ended = content.get("ended_at")
    return Silence(
        id=record.id,
        matchers=tuple(parse_matcher(str(matcher)) for matcher in matchers),
        starts_at=_time(content, "starts_at"),
        ends_at=_time(content, "ends_at"),
        author=str(content["author"]),
        comment=str(content["comment"]),
        created_at=_time(content, "created_at"),
        ended_at=to_time(str(ended)) if ended else None,
        ended_by=str(content.get("ended_by", "")),
    )


def _time(content: Document, key: str) -> datetime:
    return to_time(str(content[key]))
