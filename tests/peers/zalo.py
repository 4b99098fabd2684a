"""A double of Zalo's Bot API, with the answers that its pages name."""

import contextlib
import json
from collections.abc import Iterator

from tests.peers.hook import Call, Hook, hook

TOKEN = "1234567890:canary-zalo-token-7f3a"
CHAT = "c0ffee1234"


@contextlib.contextmanager
def zalo(mood: str = "well", status: int = 200) -> Iterator[Hook]:
    """Serve while the block runs.

    Args:
        mood: ``well``, ``limited`` (429), ``hanging``, ``refusing`` (400), or ``broken`` (no JSON).
        status: Of HTTP, with which errors come; where it is 200, the error is in the body only.
    """

    def conduct(call: Call) -> None:
        if mood == "hanging":
            call.hold()
        elif mood == "broken":
            call.answer(status, b"<html>Welcome to the hotel</html>")
        elif call.path != f"/bot{TOKEN}/sendMessage":
            say(call, status, {"ok": False, "error_code": 401, "description": f"no such bot: {call.path}"})
        elif mood == "limited":
            say(call, status, {"ok": False, "error_code": 429, "description": "too many requests"})
        elif mood == "refusing" or call.json["chat_id"] != CHAT or not 0 < len(call.json["text"]) <= 2000:
            say(call, status, {"ok": False, "error_code": 400, "description": "chat not found"})
        else:
            say(call, 200, {"ok": True, "result": {"message_id": "82599fa32f56d00e8941", "date": 1749632637199}})

    with hook(conduct) as found:
        yield found


def say(call: Call, status: int, document: object) -> None:
    """Answer with JSON."""
    call.answer(status, json.dumps(document).encode(), "Content-Type: application/json")
