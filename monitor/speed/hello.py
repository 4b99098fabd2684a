"""Asks a peer for the number that its tests must bear; tells a peer from anything else that may answer there."""

import json
from dataclasses import dataclass
from typing import Final

from model.speed_run import Ending
from monitor.speed.asking import Answer, ask
from monitor.speed.order import Order

_SECONDS: Final = 5
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class Hello:
    """What a peer said.

    Attributes:
        nonce: Its number.
        streams: That it serves one client at once.
    """

    nonce: str
    streams: int


def hello(order: Order) -> Hello | tuple[Ending, str]:
    """Ask; where it is no peer, how the test ends and why."""
    answer = ask(order, "/hello", _SECONDS)
    return _read(answer.status, answer.body) if isinstance(answer, Answer) else answer


def _read(status: int, body: bytes) -> Hello | tuple[Ending, str]:
    if status // 100 == 3:  # noqa: PLR2004  # the class of redirections
        return Ending.REDIRECTED, f"HTTP status {status}"
    try:
        said = json.loads(body)
        nonce, streams = said["nonce"], said["streams"]
    except (ValueError, TypeError, KeyError):
        return Ending.NOT_A_PEER, f"what answers is no throughput peer (HTTP status {status})"
    if status != _OK or not isinstance(nonce, str) or not isinstance(streams, int) or streams < 1:
        return Ending.NOT_A_PEER, f"what answers is no throughput peer (HTTP status {status})"
    return Hello(nonce, streams)
