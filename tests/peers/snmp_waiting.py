"""Waiting until the SNMP agent of a child process answers."""

import socket
import subprocess
import time

from tests.peers.snmp import GET, NULL, UPTIME, number, oid, text, tlv


def agent_answers(port: int, community: str, process: subprocess.Popen[bytes], within: float = 30.0) -> bool:
    """Whether the agent on a port of 127.0.0.1 has answered, before its process ended and the seconds were over."""
    body = number(1) + number(0) + number(0) + tlv(0x30, tlv(0x30, oid(UPTIME) + NULL))
    request = tlv(0x30, number(1) + text(community) + tlv(GET, body))
    deadline = time.monotonic() + within
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.1)
        probe.connect(("127.0.0.1", port))
        while time.monotonic() < deadline and process.poll() is None:
            try:
                probe.send(request)
                probe.recv(2_000)
            except ConnectionRefusedError:
                time.sleep(0.02)
            except TimeoutError:
                continue
            else:
                return True
    return False
