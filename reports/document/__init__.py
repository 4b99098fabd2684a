"""A review told in a language, as blocks that every rendering shows."""

from reports.document.blocks import Document
from reports.document.city import city_document
from reports.document.ward import ward_document
from reports.locale.words import words_of
from reports.monthly import CityReport, MonthlyReport

__all__ = ["document_of"]


def document_of(report: MonthlyReport | CityReport, language: str) -> Document:
    """The review in a language.

    Raises:
        InvalidValueError: It is not written in that language.
    """
    words = words_of(language, report.scope.timezone)
    return city_document(report, words) if isinstance(report, CityReport) else ward_document(report, words)
