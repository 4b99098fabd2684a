"""``linkward reflect``: what runs at a point, so that the ward can tell which direction loses packets."""

import asyncio
import errno
import signal

import click

from model.hosts import split_port
from monitor.cli.console import Refusal
from monitor.process import heed, spare_the_collector
from monitor.reflector import Reflector


@click.command()
@click.option(
    "--listen",
    metavar="[ADDRESS]:PORT",
    default=":862",
    show_default=True,
    help="UDP address and port; without an address, all of this machine.",
)
def reflect(listen: str) -> None:
    """Answer STAMP test packets (RFC 8762) until stopped.

    Example: linkward reflect --listen=10.20.0.9:862
    """
    host, port = _parse(listen)
    try:
        asyncio.run(_serve(host, port))
    except ValueError as error:
        raise Refusal(f"--listen={listen}: {error}: write it as 10.20.0.9:862, [2001:db8::9]:862 or :862") from error
    except OSError as error:
        raise Refusal(f"--listen={listen}: {_explained(error, port)}") from error


def _parse(listen: str) -> tuple[str, int]:
    host, port = split_port(listen) or ("", None)
    if port is None:
        raise Refusal(
            f"--listen={listen}: not an address and port: write it as 10.20.0.9:862, [2001:db8::9]:862 or :862"
        )
    return host, port


async def _serve(host: str, port: int) -> None:
    stopped = asyncio.Event()
    heed(dict.fromkeys((signal.SIGTERM, signal.SIGINT), stopped.set))
    reflector = Reflector()
    # At its end too: the interpreter would look half a second for garbage among what was imported.
    spare_the_collector()
    try:
        await reflector.start(host, port)
        click.echo(f"Reflecting STAMP on UDP port {reflector.port}; Ctrl-C stops.")
        await stopped.wait()
    finally:
        reflector.close()


def _explained(error: OSError, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"UDP port {port} is taken: stop what listens there (`ss -lunp`), or choose another port"
        case errno.EACCES | errno.EPERM:
            return f"port {port} is privileged: give CAP_NET_BIND_SERVICE, run as root, or choose a port above 1023"
        case errno.EADDRNOTAVAIL:
            return "this machine does not have that address: see `ip address`, or leave the address out"
        case _:
            return error.strerror or str(error)
