"""The child process of ``monitor.probes.expression``: reads questions from its standard input, a socket; answers them.

A question is two lengths of four bytes each, the pattern and the text in UTF-8; an answer is one byte.
"""

import re
import signal
import socket
import struct
import sys
from typing import Final

FOUND: Final = b"1"
ABSENT: Final = b"0"
_LONGEST: Final = 30  # seconds
_LENGTHS: Final = struct.Struct("!II")


def question(pattern: str, text: str) -> bytes:
    """The bytes that ask whether the text holds the pattern."""
    encoded = pattern.encode("utf-8", "surrogatepass"), text.encode("utf-8", "surrogatepass")
    return _LENGTHS.pack(*map(len, encoded)) + b"".join(encoded)


def serve(channel: socket.socket) -> None:
    """Answer questions until the other side closes."""
    with channel.makefile("rb") as stream:
        while lengths := stream.read(_LENGTHS.size):
            pattern, text = (
                stream.read(length).decode("utf-8", "surrogatepass") for length in _LENGTHS.unpack(lengths)
            )
            # Whoever asks kills a search that takes too long; should it die first, the alarm does.
            signal.alarm(_LONGEST)
            found = re.search(pattern, text)
            signal.alarm(0)
            channel.sendall(FOUND if found else ABSENT)


if __name__ == "__main__":
    with socket.socket(fileno=sys.stdin.fileno()) as parent:
        serve(parent)
