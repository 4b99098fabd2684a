"""What can be told of an address without any credentials."""

import asyncio
import socket

from model.hosts import is_address
from monitor.snmp.ber import SecureMessage, read_message, request_id_of
from monitor.snmp.channel import Channel
from monitor.snmp.codec import Bench, unknown_engine, write_request
from monitor.snmp.session import SnmpError
from monitor.snmp.usm import discovers


async def resolved(host: str) -> str | None:
    """The first address of a host; ``None`` where its name has none."""
    if is_address(host):
        return host
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return None
    return str(found[0][4][0])


def local_address(address: str, port: int) -> str:
    """Our own address on the way to another, which its list of permitted managers must hold; empty without a way."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((address, port))  # sends nothing
        except OSError:
            return ""
        return str(probe.getsockname()[0])


async def speaks_snmp3(address: str, port: int, timeout: float) -> bool:
    """Whether an SNMPv3 agent tells who it is, which it does for anybody (RFC 3414 §4) and counts as no wrong try."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bench = Bench()
    try:
        channel = Channel(family, (address, port))
    except SnmpError:
        bench.close()
        return False
    try:
        request = write_request(bench, unknown_engine(bench).send_refresh)
        number = request_id_of(request)
        await channel.ask(request, lambda datagram: _tells(datagram, number), timeout)
    except SnmpError:
        return False
    finally:
        channel.close()
        bench.close()
    return True


def _tells(datagram: bytes, number: int) -> bool:
    message = read_message(datagram)
    return isinstance(message, SecureMessage) and discovers(message, number)
