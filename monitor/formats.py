"""The formats in which a review can be written.

What writes them is imported when something is to be written: the daemon knows their names, and processes of its own
write.
"""

from typing import Final

from model.inventory import Reports
from monitor.late import late
from reports.registry import Format, Formats, Report

_to_json: Final = late("reports.json", "to_json")

_SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _json(report: Report, _language: str) -> bytes:
    written: bytes = _to_json(report)
    return written


FORMATS: Final[Formats] = {
    one.name: one
    for one in (
        Format("pdf", "application/pdf", late("reports.pdf", "to_pdf")),
        Format("html", "text/html; charset=utf-8", late("reports.html", "to_html")),
        Format("xlsx", _SPREADSHEET, late("reports.xlsx", "to_xlsx")),
        Format("json", "application/json", _json, has_language=False),
    )
}
"""By their names, in the order in which they are offered."""


def formats_of(reports: Reports) -> tuple[Format, ...]:
    """Those that an inventory wants, each once."""
    return tuple(FORMATS[name] for name in dict.fromkeys(reports.formats))


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
