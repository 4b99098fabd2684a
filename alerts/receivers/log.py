"""Messages in the program's own log: to try alerting out, before anybody is to be woken."""

import logging
from dataclasses import dataclass
from typing import Final

from alerts.notice import Notice
from alerts.receivers.delivery import Delivery, Outcome

MESSAGES: Final = __name__
"""The logger that they are written to."""

log = logging.getLogger(MESSAGES)


@dataclass(frozen=True)
class Log:
    """Writes each message on one line."""

    kind: str = "log"
    place: str = "the log of the program"

    def send(self, notice: Notice, timeout: float) -> Delivery:  # noqa: ARG002  # it waits for nobody
        """Write it."""
        log.info("%s | %s", notice.words.title, " | ".join(notice.words.text.splitlines()))
        return Delivery(Outcome.DELIVERED, "")
