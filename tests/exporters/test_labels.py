"""Label text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.labels import LONGEST_VALUE, clean, escaped, ip_version, label, labels


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain Nhà văn hóa", "plain Nhà văn hóa"),
        ('say "hi"', 'say \\"hi\\"'),
        ("C:\\x", "C:\\\\x"),
        ("one\ntwo", "one\\ntwo"),
        ("nul\0tab\tdel\x7fnext\x85", "nul tab del next "),
        ("half\ud800", "half\ufffd"),
    ],
)
def test_escapes_are_exact(value: str, text: str) -> None:
    """Quotes, backslashes and line feeds are escaped; control characters and half characters are made harmless."""
    assert escaped(value) == text


def test_long_values_are_cut() -> None:
    """A value longer than the bound is cut before it is escaped, so that no escape is cut in half."""
    assert escaped('"' * 600) == '\\"' * LONGEST_VALUE


def test_empty_labels_are_left_out() -> None:
    """A label without a value is no label."""
    assert labels(site="office", name="", circuit=None) == 'site="office"'


@given(st.text(alphabet=st.characters(), max_size=600))
def test_what_is_read_back_is_clean(value: str) -> None:
    """Unescaping the text of any value gives the cleaned value."""
    inside = label("x", value)[3:-1]
    unescaped = inside.replace("\\\\", "\0").replace('\\"', '"').replace("\\n", "\n").replace("\0", "\\")
    assert unescaped == clean(value)


@pytest.mark.parametrize(
    ("instance", "version"),
    [
        ("10.0.0.1", 4),
        ("10.0.0.1:862", 4),
        ("2001:db8::1", 6),
        ("[2001:db8::1]:862", 6),
        ("[2001:db8::1]", 6),
        ("host.example", None),
        ("host.example:53", None),
        ("", None),
    ],
)
def test_the_version_of_an_address(instance: str, version: int | None) -> None:
    """An address tells its version with and without a port; a name has none."""
    assert ip_version(instance) == version
