"""Asks a peer for the number that its tests must bear; tells a peer from anything else that may answer there."""

import json
from dataclasses import dataclass
from typing import Final

import pycurl

from model.speed_run import Ending
from monitor.speed.order import Order
from monitor.speed.streams import settings

_SECONDS: Final = 5
_LONGEST: Final = 4_096
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
    handle, body = pycurl.Curl(), bytearray()

    def take(data: bytes) -> int | None:
        body.extend(data)
        return -1 if len(body) > _LONGEST else None

    try:
        for option, value in settings(order.url.rstrip("/") + "/hello", order.source).items():
            handle.setopt(option, value)
        handle.setopt(pycurl.TIMEOUT, _SECONDS)
        handle.setopt(pycurl.WRITEFUNCTION, take)
        handle.perform()
        status = handle.getinfo(pycurl.RESPONSE_CODE)
    except pycurl.error as error:
        return _gave_up(error)
    finally:
        handle.close()
    return _read(int(status), bytes(body))


def _gave_up(error: pycurl.error) -> tuple[Ending, str]:
    code, text = int(error.args[0]), str(error.args[-1])
    if code in {pycurl.E_COULDNT_CONNECT, pycurl.E_COULDNT_RESOLVE_HOST, pycurl.E_OPERATION_TIMEDOUT}:
        return Ending.UNREACHABLE, text
    if code == pycurl.E_INTERFACE_FAILED:
        return Ending.LOCAL, text
    return Ending.NOT_A_PEER, text


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
