"""A review as JSON: the same figures give the same bytes, and the bytes give the figures back.

Canonical form: UTF-8, keys sorted, no spaces, a newline at the end. A number that is not whole is rounded to ten
significant digits, so that the order in which sums were taken does not show; ``sealed`` rounds the review itself, so
that every rendering shows what the JSON says. Times are UTC to the millisecond, with ``Z``.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Final, TypeVar, cast

from pydantic import TypeAdapter

from model.invalid import InvalidValueError
from reports.monthly import CityReport, MonthlyReport, Provenance

FORMAT: Final = "linkward-monthly-review/1"
DIGITS: Final = 10
"""Significant digits of a number that is not whole."""

_Report = TypeVar("_Report", MonthlyReport, CityReport)
_AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})
_KINDS: Final[Mapping[str, TypeAdapter[Any]]] = {"ward": TypeAdapter(MonthlyReport), "city": TypeAdapter(CityReport)}


def sealed(report: _Report, configuration_hash: str, version: str, generated_at: datetime | None = None) -> _Report:
    """The review with its numbers rounded, and with the hash of them."""
    plain = _body(report)
    digest = hashlib.sha256(_written(plain)).hexdigest()
    short = cast("_Report", _KINDS[_kind(report)].validate_python(plain))
    return replace(short, provenance=Provenance(digest, configuration_hash, version, generated_at))


def to_json(report: MonthlyReport | CityReport) -> bytes:
    """The review as canonical JSON, with its hashes and version beside it and without the time at which it was made."""
    origin = {name: value for name, value in _plain(report.provenance).items() if name != "generated_at"}
    return _written({"format": FORMAT, "kind": _kind(report), "provenance": origin, "report": _body(report)}) + b"\n"


def from_json(data: bytes) -> MonthlyReport | CityReport:
    """The review that ``to_json`` wrote.

    Raises:
        InvalidValueError: It is something else, or its figures do not fit their hash.
    """
    mend = "make the review anew with `linkward report`"
    try:
        found = json.loads(data)
        if found["format"] != FORMAT:
            raise InvalidValueError(f"a review of the form {found['format']!r} cannot be read", mend)
        report = cast("MonthlyReport | CityReport", _KINDS[found["kind"]].validate_python(found["report"]))
        origin = Provenance(**found["provenance"])
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidValueError("this is not the JSON of a monthly review", mend) from error
    if hashlib.sha256(_written(found["report"])).hexdigest() != origin.data_hash:
        raise InvalidValueError("the figures of the review do not fit its hash: they were changed", mend)
    return replace(report, provenance=origin)


def _kind(report: MonthlyReport | CityReport) -> str:
    return "city" if isinstance(report, CityReport) else "ward"


def _body(report: MonthlyReport | CityReport) -> dict[str, Any]:
    return {name: value for name, value in _plain(report).items() if name != "provenance"}


def _written(plain: object) -> bytes:
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def _plain(value: Any) -> Any:
    # A city's reviews hold millions of values: the kinds are asked for in the order of how many there are.
    kind = type(value)
    if kind is float:
        return rounded(value)
    if kind in _AS_THEY_ARE:
        return value
    fields = getattr(kind, "__dataclass_fields__", None)
    if fields is not None:
        return {name: _plain(getattr(value, name)) for name in fields}
    if kind is tuple or kind is list:
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return _time(value)
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"a review holds no {kind.__name__}")


def rounded(value: float) -> float | int:
    """To ten significant digits; a whole number is written without a point."""
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short.is_integer() else short


def _time(at: date) -> str:
    if not isinstance(at, datetime):
        return at.isoformat()
    plain = (at if at.tzinfo is UTC else at.astimezone(UTC)).replace(tzinfo=None)
    return f"{plain.isoformat(timespec='milliseconds')}Z"
