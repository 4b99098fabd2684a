"""One short question to a peer, and its short answer."""

from dataclasses import dataclass
from typing import Final

import pycurl

from model.speed_run import Ending
from monitor.speed.order import Order
from monitor.speed.streams import settings

_LONGEST: Final = 4_096


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer said.

    Attributes:
        status: Of HTTP.
        body: At most 4 kB.
    """

    status: int
    body: bytes


def ask(order: Order, path: str, seconds: int, signature: str = "") -> Answer | tuple[Ending, str]:
    """Its answer; where there is none, how a test ends by that, and why.

    Args:
        order: Of the test that it is asked for.
        path: What is asked for.
        seconds: In which all of it must be over.
        signature: The value of ``Authorization``; empty for none.
    """
    handle, body = pycurl.Curl(), bytearray()

    def take(data: bytes) -> int | None:
        body.extend(data)
        return -1 if len(body) > _LONGEST else None

    try:
        for option, value in settings(order.url.rstrip("/") + path, order.source).items():
            handle.setopt(option, value)
        if signature:
            handle.setopt(pycurl.HTTPHEADER, [f"Authorization: {signature}"])
        handle.setopt(pycurl.TIMEOUT, seconds)
        handle.setopt(pycurl.WRITEFUNCTION, take)
        handle.perform()
        return Answer(int(handle.getinfo(pycurl.RESPONSE_CODE)), bytes(body))
    except pycurl.error as error:
        return _gave_up(error)
    finally:
        handle.close()


def _gave_up(error: pycurl.error) -> tuple[Ending, str]:
    code, text = int(error.args[0]), str(error.args[-1])
    if code in {pycurl.E_COULDNT_CONNECT, pycurl.E_COULDNT_RESOLVE_HOST, pycurl.E_OPERATION_TIMEDOUT}:
        return Ending.UNREACHABLE, text
    if code == pycurl.E_INTERFACE_FAILED:
        return Ending.LOCAL, text
    return Ending.NOT_A_PEER, text
