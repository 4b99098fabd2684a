"""Which formats there are: one function for each, and one name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reports.monthly import CityReport, MonthlyReport

Report = MonthlyReport | CityReport
Render = Callable[[Report, str], bytes]
"""Makes the file of a review in a language: ``vi``, ``en`` or ``id``."""


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a review.

    Attributes:
        name: As ``--format`` takes it; also the ending of the file.
        media_type: As HTTP names it.
        render: What writes it: the same bytes for the same review and language.
        has_language: Whether its text depends on the language, so that the file's name says which.
        covers_city: Whether it can show the summary of a city too.
    """

    name: str
    media_type: str
    render: Render
    has_language: bool = True
    covers_city: bool = True


Formats = Mapping[str, Format]
"""By their names, in the order in which they are offered; ``monitor/formats.py`` lists them."""
