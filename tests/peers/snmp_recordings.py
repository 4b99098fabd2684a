"""Recordings of real devices in the .snmprec form, read without the code under test, and a responder for them.

They lie beside the project, in ``../shared`` or where ``LINKWARD_SHARED`` says, and are no part of it.
"""

import codecs
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.peers.processes import free_port
from tests.peers.snmp_waiting import agent_answers

SHARED: Final = Path(os.environ.get("LINKWARD_SHARED") or Path(__file__).parents[2].parent / "shared")
DEVICES: Final = SHARED / "devices"
RESPONDER: Final = SHARED / "tools" / "agentsim" / "agentsim.c"
_TAG: Final = re.compile(r"(\d+)([xe]?)(:\w+)?")
_START: Final = re.compile(rb"(?:initial|offset)=(-?\d+)")


def recordings() -> list[Path]:
    """All recordings, none where the folder is absent."""
    return sorted(DEVICES.glob("*.snmprec"))


def missing_tools() -> str:
    """Why recordings cannot be served here; empty if they can."""
    if not recordings():
        return f"no recordings of devices in {DEVICES.name}/ beside the project"
    if not RESPONDER.exists() or shutil.which("cc") is None:
        return "no C compiler, or no source of the responder for recordings"
    return ""


def read_recording(path: Path) -> dict[str, int | bytes | str]:
    """OID → value as an agent sends it: numbers, octets, OIDs as text. The first of two equal OIDs counts."""
    cells: dict[str, int | bytes | str] = {}
    for line in path.read_bytes().splitlines():
        parts = line.split(b"|", 2)
        match = _TAG.fullmatch(parts[1].decode()) if len(parts) == 3 else None
        if match is None:
            continue
        name = parts[0].decode().strip(".")
        if all(arc.isdigit() for arc in name.split(".")):
            cells.setdefault(name, _value(int(match[1]), match[2], parts[2], simulated=match[3] is not None))
    return cells


def _value(tag: int, form: str, value: bytes, *, simulated: bool) -> int | bytes | str:
    if simulated:
        start = _START.search(value)
        value = start[1] if start else b"0"
    if tag == 2:
        return int(value or 0)
    if tag in {65, 66, 67, 70}:
        return int(value or 0) % (2**64 if tag == 70 else 2**32)
    if tag == 6:
        return value.decode().strip(".")
    if form == "x":
        hexadecimal = re.match(rb"(?:[0-9a-fA-F]{2})*", value)
        return bytes.fromhex(hexadecimal.group().decode()) if hexadecimal else b""
    return codecs.escape_decode(value)[0] if form == "e" else value


@contextmanager
def serving(folder: Path, files: Sequence[Path]) -> Iterator[int]:
    """A responder that answers from the recording that the community names; gives its port."""
    binary = folder / "responder"
    subprocess.run(["cc", "-O2", "-o", binary, RESPONDER, "-lm"], check=True, capture_output=True)
    port = free_port(socket.SOCK_DGRAM)
    command: list[str | Path] = [
        binary,
        "-b",
        "127.0.0.1",
        "-p",
        str(port),
        "-C",
        "-s",
        folder / "statistics.json",
        *files,
    ]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            if not agent_answers(port, files[0].stem, process):
                raise RuntimeError("the responder does not answer")
            yield port
        finally:
            process.terminate()


def column(cells: Mapping[str, int | bytes | str], prefix: str) -> dict[int, int | bytes | str]:
    """Last arc → value of the cells right under a column."""
    start = f"{prefix}."
    suffixes = ((name[len(start) :], value) for name, value in cells.items() if name.startswith(start))
    return {int(suffix): value for suffix, value in suffixes if suffix.isdigit()}
