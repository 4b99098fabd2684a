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
        render: What writes it; pure, and the same bytes for the same review and language.
    """

    name: str
    media_type: str
    render: Render


Formats = Mapping[str, Format]
"""By their names, in the order in which they are offered; ``monitor/reports.py`` lists them."""
