"""Log lines stay single lines, whatever a device puts into them."""

import json
import logging

import pytest

from monitor.logs import JsonFormatter, TextFormatter


def record(message: str, **extra: object) -> logging.LogRecord:
    """A log record at a known time."""
    made = logging.makeLogRecord({"name": "monitor.prober", "levelname": "INFO", "msg": message, **extra})
    made.created = 1_795_503_600.25
    return made


@pytest.mark.parametrize("text", ["a\nb", "\x1b[31mred", "a\rb", "a\u2028b", "\x00"])
def test_a_text_line_is_one_printable_line(text: str) -> None:
    """Line breaks and terminal escapes from a device appear escaped."""
    line = TextFormatter().format(record(f"link {text} is down"))
    assert line.isprintable()
    assert line.startswith("2026-11-24T07:00:00.250Z INFO monitor.prober: link ")


def test_vietnamese_stays_readable() -> None:
    """Diacritics are printable and are left alone."""
    assert "Trụ sở UBND phường" in TextFormatter().format(record("site Trụ sở UBND phường is up"))


def test_json_is_one_object_with_its_extra_fields() -> None:
    """Machines get every field, on one line."""
    line = JsonFormatter().format(record("link\nis down", link="office-vnpt"))
    assert "\n" not in line
    event = json.loads(line)
    assert event["message"] == "link\nis down"
    assert event["link"] == "office-vnpt"
    assert event["level"] == "info"
    assert event["time"] == "2026-11-24T07:00:00.250Z"
