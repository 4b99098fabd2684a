"""The formats in which a review can be written."""

from typing import Final

from reports.json import to_json
from reports.registry import Format, Formats, Report


def _json(report: Report, _language: str) -> bytes:
    return to_json(report)


FORMATS: Final[Formats] = {one.name: one for one in (Format("json", "application/json", _json, has_language=False),)}
"""By their names. A rendering is one more entry: ``Format("pdf", "application/pdf", render_pdf)``."""


def file_name(report: Report, form: Format, language: str) -> str:
    """Such as ``review-2026-10-xuan-dinh.vi.pdf``; the summary of a city is ``review-2026-10-city…``."""
    scope = report.scope
    place = "city" if scope.wards else scope.ward
    parts = ["review", report.period.name, *([place] if place else []), *scope.sites, *_words(scope.provider)]
    ending = f".{language}.{form.name}" if form.has_language else f".{form.name}"
    return "-".join(parts) + ending


def _words(name: str) -> list[str]:
    """A provider's name as part of a file's; none where it was not narrowed to one."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower()).strip("-")
    return [plain] if plain else []
