"""Between facts and rows of tables, both ways."""

import json
import math
from collections.abc import Mapping
from datetime import datetime
from functools import singledispatch
from typing import Any, Final, NamedTuple

from sqlalchemy import Table

from history import schema
from history.blocks import packed_figures, packed_sketches, unpacked
from history.errors import DamagedError, HistoryError
from history.facts import (
    AuditEntry,
    Decision,
    Document,
    Fact,
    Heartbeat,
    IncidentRecord,
    InventoryVersion,
    KeptMonth,
    Notification,
    SilenceRecord,
    SpeedTest,
    Step,
    Terms,
)
from history.moments import instant, micros
from history.rollup import RollupBlock, Span
from history.seal import sealed
from model.incident import Incident
from model.incident_json import from_document, to_document
from model.measurement import Reason
from model.state import State
from model.transition import Transition

Values = Mapping[str, Any]

_STEPS: Final = tuple(Step)
_NO_TEXT: Final = '""'  # most speed tests have nothing to tell
_FLOAT: Final = "float"  # JSON has no infinity: {"float": "inf"} stands for it


class Row(NamedTuple):
    """A row and where it belongs."""

    table: Table
    values: Values


def rows_of(fact: Fact, monitor: str) -> list[Row]:
    """The rows that hold a fact.

    Raises:
        ValueError: The fact cannot be: a naive time, an end before its start.
    """
    rows = _rows_of(fact)
    return [Row(table, sealed({**values, "monitor": monitor})) for table, values in rows]


def transition_of(row: Values) -> Transition:
    """The transition in a row."""
    return Transition(
        (row["noun"], row["subject"]),
        State(row["before"]),
        State(row["after"]),
        instant(row["at"]),
        row["uncertainty"],
        instant(row["noticed_at"]),
        from_json(row["evidence"]),
    )


def heartbeat_of(row: Values) -> Heartbeat:
    """The heartbeat in a row."""
    return Heartbeat(instant(row["began"]), instant(row["until"]), bool(row["blind"]))


def block_of(row: Values, packed: bytes | None) -> RollupBlock:
    """The block of rollups in a row, and its sketches where they are there and wanted.

    Raises:
        DamagedError: The bytes are not a block.
    """
    try:
        rollups = unpacked(row["figures"], packed)
    except ValueError as error:
        raise DamagedError("a row of the table rollups", str(error)) from error
    return RollupBlock(
        row["ward"], Span(row["span"]), instant(row["start"]), instant(row["end"]), rollups, row["parts"]
    )


def speed_test_of(row: Values) -> SpeedTest:
    """The speed test in a row."""
    told = from_json(row["detail"])
    detail, evidence = (told, {}) if isinstance(told, str) else (told["detail"], told["evidence"])
    return SpeedTest(
        row["link"],
        row["direction"],
        instant(row["at"]),
        row["seconds"],
        row["octets"],
        row["bits_per_second"],
        None if row["failure"] is None else Reason(row["failure"]),
        detail,
        evidence,
    )


def notification_of(row: Values) -> Notification:
    """The notification in a row."""
    return Notification(
        row["key"],
        row["receiver"],
        instant(row["stored_at"]),
        from_json(row["content"]),
        _optional_instant(row["sent_at"]),
        _optional_instant(row["receipted_at"]),
        _optional_instant(row["given_up_at"]),
        {} if row["detail"] is None else from_json(row["detail"]),
    )


def incident_of(row: Values) -> Incident:
    """The incident in a row.

    Raises:
        HistoryError: A newer program wrote it, and this one does not understand it.
    """
    try:
        return from_document(from_json(row["content"]))
    except ValueError as error:
        what = f"the incident {row['id']} cannot be understood: {error}"
        raise HistoryError(what, "use the version of Linkward that wrote it, or a newer one") from error


def silence_of(row: Values) -> SilenceRecord:
    """The silence in a row."""
    return SilenceRecord(row["id"], instant(row["ends_at"]), row["version"], from_json(row["content"]))


def decision_of(row: Values) -> Decision:
    """The decision in a row."""
    return Decision(
        (row["noun"], row["subject"]),
        row["alertname"],
        instant(row["at"]),
        row["outcome"],
        row["incident"],
        from_json(row["content"]),
        row["requirement"],
    )


def audit_entry_of(row: Values) -> AuditEntry:
    """The audit entry in a row."""
    return AuditEntry(instant(row["at"]), from_json(row["who"]), row["action"], from_json(row["content"]))


def inventory_version_of(row: Values) -> InventoryVersion:
    """The inventory version in a row."""
    return InventoryVersion(row["digest"], instant(row["since"]))


def terms_of(row: Values) -> Terms:
    """The terms in a row."""
    content = None if row["content"] is None else from_json(row["content"])
    return Terms((row["noun"], row["subject"]), instant(row["since"]), row["inventory"], content)


def kept_month_of(row: Values) -> KeptMonth:
    """The kept month in a row."""
    return KeptMonth(
        row["ward"],
        instant(row["start"]),
        instant(row["end"]),
        row["basis"],
        instant(row["kept_at"]),
        from_json(row["content"]),
    )


def to_json(value: Document | str) -> str:
    """JSON without any character that a database might refuse; equal values give equal text."""
    return json.dumps(_finite(value), sort_keys=True, separators=(",", ":"), allow_nan=False)


def from_json(text: str) -> Any:
    """What ``to_json`` wrote."""
    return "" if text == _NO_TEXT else _DECODER.decode(text)


@singledispatch
def _rows_of(fact: object) -> list[Row]:
    raise TypeError(f"{type(fact).__name__} is not a fact")


@_rows_of.register
def _transition_rows(fact: Transition) -> list[Row]:
    values = {
        "noun": fact.subject[0],
        "subject": fact.subject[1],
        "at": micros(fact.at),
        "before": fact.before.value,
        "after": fact.after.value,
        "uncertainty": float(fact.uncertainty),
        "noticed_at": micros(fact.noticed_at),
        "evidence": to_json(fact.evidence),
    }
    return [Row(schema.TRANSITIONS, values)]


@_rows_of.register
def _heartbeat_rows(fact: Heartbeat) -> list[Row]:
    _check_order(fact.began, fact.until)
    values = {"began": micros(fact.began), "blind": int(fact.blind), "until": micros(fact.until)}
    return [Row(schema.HEARTBEATS, values)]


@_rows_of.register
def _block_rows(fact: RollupBlock) -> list[Row]:
    _check_order(fact.start, fact.end)
    key = {
        "ward": fact.ward,
        "span": fact.span.value,
        "start": micros(fact.start),
        "end": micros(fact.end),
        "parts": fact.parts,
    }
    figures = Row(schema.ROLLUPS, {**key, "figures": packed_figures(fact.rollups)})
    packed = packed_sketches(fact.rollups)
    return [figures] if packed is None else [figures, Row(schema.SKETCHES, {**key, "packed": packed})]


@_rows_of.register
def _speed_test_rows(fact: SpeedTest) -> list[Row]:
    values = {
        "link": fact.link,
        "direction": fact.direction,
        "at": micros(fact.at),
        "seconds": float(fact.seconds),
        "octets": fact.octets,
        "bits_per_second": None if fact.bits_per_second is None else float(fact.bits_per_second),
        "failure": None if fact.failure is None else fact.failure.value,
        "detail": to_json({"detail": fact.detail, "evidence": fact.evidence} if fact.evidence else fact.detail),
    }
    return [Row(schema.SPEED_TESTS, values)]


@_rows_of.register
def _notification_rows(fact: Notification) -> list[Row]:
    values = {
        "key": fact.key,
        "receiver": fact.receiver,
        "stored_at": micros(fact.stored_at),
        "content": to_json(fact.content),
        "step": _STEPS.index(fact.step),
        "sent_at": _optional_micros(fact.sent_at),
        "receipted_at": _optional_micros(fact.receipted_at),
        "given_up_at": _optional_micros(fact.given_up_at),
        "detail": to_json(fact.detail) if fact.detail else None,
    }
    return [Row(schema.NOTIFICATIONS, values)]


@_rows_of.register
def _incident_rows(fact: IncidentRecord) -> list[Row]:
    incident = fact.incident
    values = {
        "id": incident.id,
        "opened_at": micros(incident.opened_at),
        "closed_at": _optional_micros(incident.closed_at),
        "version": incident.version,
        "content": to_json(to_document(incident)),
    }
    return [Row(schema.INCIDENTS, values)]


@_rows_of.register
def _silence_rows(fact: SilenceRecord) -> list[Row]:
    values = {
        "id": fact.id,
        "ends_at": micros(fact.ends_at),
        "version": fact.version,
        "content": to_json(fact.content),
    }
    return [Row(schema.SILENCES, values)]


@_rows_of.register
def _decision_rows(fact: Decision) -> list[Row]:
    values = {
        "noun": fact.subject[0],
        "subject": fact.subject[1],
        "alertname": str(fact.alertname),
        "requirement": str(fact.requirement),
        "at": micros(fact.at),
        "outcome": str(fact.outcome),
        "incident": fact.incident,
        "content": to_json(fact.content),
    }
    return [Row(schema.DECISIONS, values)]


@_rows_of.register
def _audit_rows(fact: AuditEntry) -> list[Row]:
    values = {
        "at": micros(fact.at),
        "who": to_json(fact.who),
        "action": fact.action,
        "content": to_json(fact.content),
    }
    return [Row(schema.AUDIT, values)]


@_rows_of.register
def _inventory_rows(fact: InventoryVersion) -> list[Row]:
    return [Row(schema.INVENTORIES, {"digest": fact.digest, "since": micros(fact.since)})]


@_rows_of.register
def _terms_rows(fact: Terms) -> list[Row]:
    values = {
        "noun": fact.subject[0],
        "subject": fact.subject[1],
        "since": micros(fact.since),
        "inventory": fact.inventory,
        "content": None if fact.content is None else to_json(fact.content),
    }
    return [Row(schema.TERMS, values)]


@_rows_of.register
def _kept_month_rows(fact: KeptMonth) -> list[Row]:
    _check_order(fact.start, fact.end)
    values = {
        "ward": fact.ward,
        "start": micros(fact.start),
        "end": micros(fact.end),
        "basis": fact.basis,
        "kept_at": micros(fact.kept_at),
        "content": to_json(fact.content),
    }
    return [Row(schema.KEPT_MONTHS, values)]


def _optional_micros(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def _optional_instant(number: int | None) -> datetime | None:
    return None if number is None else instant(number)


def _check_order(start: Any, end: Any) -> None:
    if end < start:
        raise ValueError(f"{end.isoformat()} is before {start.isoformat()}")


def _finite(value: Any) -> Any:
    match value:
        case float() if not math.isfinite(value):
            return {_FLOAT: str(value)}
        case Mapping():
            return {key: _finite(part) for key, part in value.items()}
        case list() | tuple():
            return [_finite(part) for part in value]
        case _:
            return value


def _with_infinity(pairs: dict[str, Any]) -> Any:
    return float(pairs[_FLOAT]) if pairs.keys() == {_FLOAT} and isinstance(pairs[_FLOAT], str) else pairs


_DECODER: Final = json.JSONDecoder(object_hook=_with_infinity)  # to make one takes longer than to read a row
