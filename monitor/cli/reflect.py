"""``linkward reflect``: what runs at a point, so that the ward can tell what its line loses, and how fast it is."""

import asyncio
import errno
import os
import pwd
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from model.hosts import split_port
from model.invalid import InvalidValueError
from model.units import parse_size
from monitor.cli.console import Refusal
from monitor.process import heed, spare_the_collector
from monitor.reflector import Reflector
from monitor.speed.peer import SpeedPeer
from monitor.speed.peer_limits import Limits

KEY: Final = "LINKWARD_SPEED_KEY"
_SHORTEST_KEY: Final = 16


@click.command()
@click.option(
    "--listen",
    metavar="[ADDRESS]:PORT",
    default=":862",
    show_default=True,
    help="UDP address and port of STAMP; without an address, all of this machine.",
)
@click.option(
    "--speed-listen",
    metavar="[ADDRESS]:PORT",
    help="TCP address and port of the throughput peer, such as :8862; left out, there is none.",
)
@click.option(
    "--speed-key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Holds the key that testers share with it; left out, {KEY} does.",
)
@click.option(
    "--speed-hourly",
    metavar="SIZE",
    default="20GB",
    show_default=True,
    help="Most octets that one tester gets within an hour.",
)
@click.option(
    "--user",
    default="nobody",
    show_default=True,
    help="Whom to become, once the ports are open, where it was started by root.",
)
def reflect(listen: str, speed_listen: str | None, speed_key_file: Path | None, speed_hourly: str, user: str) -> None:
    """Answer STAMP test packets (RFC 8762) until stopped; with --speed-listen, throughput tests too.

    \b
    Examples:
      linkward reflect --listen=10.20.0.9:862
      linkward reflect --speed-listen=:8862 --speed-key-file=/etc/linkward/speed.key
    """
    address = _parse("--listen", listen, "862")
    speed_address = None if speed_listen is None else _parse("--speed-listen", speed_listen, "8862")
    peer = None
    if speed_address is not None:
        peer = SpeedPeer(_key(speed_key_file), Limits(octets_per_hour=_size(speed_hourly)))
    account = _account(user)
    try:
        asyncio.run(_serve(address, peer, speed_address, account))
    except ValueError as error:
        raise Refusal(f"--listen={listen}: {error}: write it as 10.20.0.9:862, [2001:db8::9]:862 or :862") from error
    except _ClosedDoorError as closed:
        raise Refusal(str(closed)) from closed
    finally:
        if peer is not None:
            peer.close()


class _ClosedDoorError(Exception):
    """A port could not be opened; the text says why."""


def _parse(option: str, listen: str, usual: str) -> tuple[str, int]:
    host, port = split_port(listen) or ("", None)
    if port is None:
        forms = f"10.20.0.9:{usual}, [2001:db8::9]:{usual} or :{usual}"
        raise Refusal(f"{option}={listen}: not an address and port: write it as {forms}")
    return host, port


def _size(text: str) -> int:
    try:
        return parse_size(text)
    except InvalidValueError as error:
        raise Refusal(f"--speed-hourly={text}: {error.what}: {error.mend}") from error


def _key(file: Path | None) -> bytes:
    try:
        text = os.environ.get(KEY, "") if file is None else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise Refusal(f"--speed-key-file={file}: {why}: name a file that holds the key") from error
    key = text.strip().encode()
    if len(key) < _SHORTEST_KEY:
        where = KEY if file is None else f"the file {file}"
        raise Refusal(
            f"{where} holds no key of at least {_SHORTEST_KEY} characters: whoever reaches the port could fill the "
            "line: make one with `openssl rand -hex 32`, and write it into the link's speed_test.key too"
        )
    return key


def _account(user: str) -> pwd.struct_passwd | None:
    """Whom to become; ``None`` for who is not root, and stays who they are."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(user)
    except KeyError as error:
        raise Refusal(f"--user={user}: this machine has no such user: name one, such as nobody") from error


def _become(account: pwd.struct_passwd | None) -> None:
    if account is not None and account.pw_uid != 0:
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)


async def _serve(
    address: tuple[str, int],
    peer: SpeedPeer | None,
    speed_address: tuple[str, int] | None,
    account: pwd.struct_passwd | None,
) -> None:
    stopped = asyncio.Event()
    heed(dict.fromkeys((signal.SIGTERM, signal.SIGINT), stopped.set))
    reflector = Reflector()
    # At its end too: the interpreter would look half a second for garbage among what was imported.
    spare_the_collector()
    try:
        with _explaining("--listen", "UDP", *address):
            await reflector.start(*address)
        click.echo(f"Reflecting STAMP on UDP port {reflector.port}; Ctrl-C stops.")
        if peer is not None and speed_address is not None:
            with _explaining("--speed-listen", "TCP", *speed_address):
                peer.start(*speed_address)
            click.echo(f"Throughput peer on TCP port {peer.port}.")
        _become(account)
        await stopped.wait()
    finally:
        reflector.close()


@contextmanager
def _explaining(option: str, protocol: str, host: str, port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        shown = f"[{host}]" if ":" in host else host
        raise _ClosedDoorError(f"{option}={shown}:{port}: {_explained(error, protocol, port)}") from error


def _explained(error: OSError, protocol: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            look = "ss -lunp" if protocol == "UDP" else "ss -ltnp"
            return f"{protocol} port {port} is taken: stop what listens there (`{look}`), or choose another port"
        case errno.EACCES | errno.EPERM:
            return f"port {port} is privileged: give CAP_NET_BIND_SERVICE, run as root, or choose a port above 1023"
        case errno.EADDRNOTAVAIL:
            return "this machine does not have that address: see `ip address`, or leave the address out"
        case _:
            return error.strerror or str(error)
