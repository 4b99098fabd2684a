"""Asks a peer what it sent for a test whose octets came to us: only who sends knows what had to be sent again."""

import json
from typing import Final

from model.speed_access import authorization
from monitor.speed.asking import Answer, ask
from monitor.speed.order import Order

STREAM: Final = 999
"""The number under which that is asked for: no stream of a test has it."""

_PATH: Final = "/sent"
_OK: Final = 200
_SECONDS: Final = 3


def sent(order: Order, nonce: str, received: int) -> tuple[int, int] | None:
    """The octets that it sent, and those of them that it sent again; ``None`` where it does not tell.

    Args:
        order: Of the test.
        nonce: Of the test.
        received: Octets that came: less cannot have been sent.
    """
    answer = ask(order, _PATH, _SECONDS, authorization(order.key.encode(), "GET", _PATH, nonce, STREAM))
    if not isinstance(answer, Answer) or answer.status != _OK:
        return None
    try:
        said = json.loads(answer.body)
        total, again = said["sent"], said["retransmitted"]
    except (ValueError, TypeError, KeyError):
        return None
    if not isinstance(total, int) or not isinstance(again, int) or not 0 <= again <= total or total < received:
        return None
    return total, again
