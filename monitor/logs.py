"""The log: one line for one event, for people or for machines."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal

from exporters.web.access_log import ACCESS
from model.text import harmless

LogFormat = Literal["text", "json"]

_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class TextFormatter(logging.Formatter):
    """``2026-11-24T07:00:00Z INFO monitor.prober: link office-vnpt is down``."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; what a device said cannot begin another."""
        line = f"{_time(record)} {record.levelname} {record.name}: {harmless(record.getMessage())}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonFormatter(logging.Formatter):
    """One JSON object a line, with what ``extra`` held."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        event = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{key: value for key, value in vars(record).items() if key not in _OWN_FIELDS},
        }
        if record.exc_info:
            event["exception"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False, default=str)


def set_up(level: str, form: LogFormat, *, access: bool = False) -> None:
    """Send the log to standard error.

    Args:
        level: debug, info, warning or error; a library's own chatter below warning is left out.
        form: For people or for machines.
        access: Whether each request to the web server is told, at whatever level.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for ours in ("model", "monitor", "exporters", "alerts", "reports", "history"):
        logging.getLogger(ours).setLevel(level.upper())
    logging.getLogger(ACCESS).setLevel(logging.INFO if access else logging.WARNING)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
