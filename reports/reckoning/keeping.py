"""What is kept of a month as a document, and back: nothing is rounded, so that both compute to the same review."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from pydantic import TypeAdapter

from model.invalid import InvalidValueError
from model.verdict import Outcome
from reports.reckoning.past import PastMonth
from reports.reckoning.sums import Sums, Weighed
from reports.reckoning.trends import Brief
from reports.sections.others import Recommendation

_ADVICE: Final = TypeAdapter(tuple[Recommendation, ...])
_WEIGHED: Final = ("by_citizens", "by_sites")


def document_of(month: PastMonth) -> dict[str, Any]:
    """As JSON can hold it; the links in columns, since there are many."""
    brief, links = month.brief, list(month.verdicts)
    verdicts = month.verdicts.values()
    return {
        "name": brief.name,
        "sums": None if brief.sums is None else asdict(brief.sums),
        "speeds": list(brief.speeds),
        "links": links,
        "verdicts": [None if verdict is None else verdict.value for verdict in verdicts],
        "busy": {way: [brief.busy.get((link, way)) for link in links] for way in ("download", "upload")},
        "advice": _ADVICE.dump_python(month.advice, mode="json"),
    }


def month_of_document(document: Mapping[str, Any]) -> PastMonth:
    """What ``document_of`` wrote.

    Raises:
        InvalidValueError: It is something else.
    """
    try:
        links, busy = document["links"], document["busy"]
        shares = {
            (link, way): share
            for place, link in enumerate(links)
            for way in ("download", "upload")
            if (share := busy[way][place]) is not None
        }
        brief = Brief(document["name"], _sums(document["sums"]), tuple(document["speeds"]), shares)
        outcomes = [None if word is None else Outcome(word) for word in document["verdicts"]]
        advice = _ADVICE.validate_python(document["advice"])
        return PastMonth(brief, dict(zip(links, outcomes, strict=True)), advice)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise InvalidValueError("this is not what is kept of a month", "let it be computed anew") from error


def _sums(plain: Mapping[str, Any] | None) -> Sums | None:
    if plain is None:
        return None
    return Sums(**{**plain, **{name: Weighed(**plain[name]) for name in _WEIGHED}})
