"""Negotiation of format and encoding."""

import pytest

from exporters.exposition import Style
from exporters.negotiation import gzip_accepted, style_for

_PROMETHEUS_2 = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
_PROMETHEUS_3 = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)


@pytest.mark.parametrize(
    ("accept", "style"),
    [
        ("", Style.TEXT),
        ("*/*", Style.TEXT),
        ("text/html,application/xhtml+xml", Style.TEXT),
        (_PROMETHEUS_2, Style.OPENMETRICS),
        (_PROMETHEUS_3, Style.OPENMETRICS),
        ("text/plain;version=0.0.4", Style.TEXT),
        ("application/openmetrics-text;q=0.2, text/plain", Style.TEXT),
        ("application/openmetrics-text; version=2.0.0, text/plain;q=0.1", Style.TEXT),
        ("application/openmetrics-text;q=0", Style.TEXT),
        ("application/openmetrics-text;q=much", Style.TEXT),
    ],
)
def test_the_best_liked_format_is_given(accept: str, style: Style) -> None:
    """The header's favourite among our formats wins; text is for everyone else."""
    assert style_for(accept) is style


@pytest.mark.parametrize(
    ("header", "accepted"),
    [("", False), ("gzip", True), ("gzip;q=0", False), ("br, gzip;q=0.5", True), ("*", True), ("identity", False)],
)
def test_gzip_only_for_who_asks(header: str, accepted: bool) -> None:  # noqa: FBT001  # a parameter of a table
    """Only a header that allows gzip gets it."""
    assert gzip_accepted(header) is accepted
