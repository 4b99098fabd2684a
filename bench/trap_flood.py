"""A peer that floods a trap port: so many datagrams a second, from one address or from ten thousand of 127/8."""

import json
import socket
import struct
import sys
import time
from collections.abc import Iterator
from ipaddress import IPv4Address
from itertools import cycle
from typing import Any, Final

_IP_PKTINFO: Final = getattr(socket, "IP_PKTINFO", 8)  # Python names it from 3.14 on
_PACKET_INFO: Final = struct.Struct("=I4s4s")  # struct in_pktinfo, ip(7): interface, source, destination
_TICK: Final = 0.005
_LONGEST_LAG: Final = 0.1


def flood(question: dict[str, Any]) -> dict[str, Any]:
    """Send what is asked for.

    Args:
        question: ``port``; ``data`` in hexadecimal; ``first``, the first address that it is from, and ``sources``, how
            many follow; ``rate`` a second; ``seconds``.

    Returns:
        ``sent``, and ``seconds`` that it took.
    """
    data, to = bytes.fromhex(question["data"]), ("127.0.0.1", question["port"])
    sources = cycle(_sources(int(IPv4Address(question["first"])), question["sources"]))
    due, sent = int(question["rate"] * question["seconds"]), 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        began = time.monotonic()
        while sent < due:
            # Who was held up sends no more than a tenth of a second of it at once.
            by_now = min((time.monotonic() - began) * question["rate"], sent + question["rate"] * _LONGEST_LAG)
            for _ in range(min(int(by_now), due) - sent):
                sender.sendmsg([data], [next(sources)], 0, to)
                sent += 1
            time.sleep(_TICK)
        return {"sent": sent, "seconds": time.monotonic() - began}


def _sources(first: int, count: int) -> Iterator[tuple[int, int, bytes]]:
    for number in range(count):
        source = IPv4Address(first + number).packed
        yield socket.IPPROTO_IP, _IP_PKTINFO, _PACKET_INFO.pack(0, source, bytes(4))


def main() -> None:
    """Answer each line of JSON with another."""
    print(json.dumps({}), flush=True)
    for line in sys.stdin:
        print(json.dumps(flood(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
