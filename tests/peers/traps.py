"""Messages to a trap port: written octet by octet, or by net-snmp's own commands."""

import shutil
import socket
import subprocess
from collections.abc import Sequence
from typing import Any, Final

from model.inventory import Credentials, Inventory
from tests.peers.snmpd import PRIVACY

COLD_START, LINK_DOWN, LINK_UP = (f"1.3.6.1.6.3.1.1.5.{number}" for number in (1, 3, 4))
AUTHENTICATION_FAILURE: Final = "1.3.6.1.6.3.1.1.5.5"
IF_INDEX, IF_ADMIN, IF_OPER = (f"1.3.6.1.2.1.2.2.1.{column}" for column in (1, 7, 8))
_TRAP_V1, _INFORM, _TRAP = 0xA4, 0xA6, 0xA7


def element(tag: int, *content: bytes) -> bytes:
    """One element of BER."""
    octets = b"".join(content)
    length = len(octets)
    if length < 128:
        return bytes((tag, length)) + octets
    return bytes((tag, 0x82)) + length.to_bytes(2, "big") + octets


def number(value: int, tag: int = 0x02) -> bytes:
    """An INTEGER, or another number by its tag."""
    return element(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def oid(text: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = map(int, text.split("."))
    octets = bytearray([40 * first + second])
    for arc in rest:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        octets += bytes(reversed(groups))
    return element(0x06, bytes(octets))


def binding(name: str, value: bytes) -> bytes:
    """A name and its value."""
    return element(0x30, oid(name), value)


def port_bindings(index: int, admin: int = 1, oper: int = 2) -> list[bytes]:
    """The bindings of a linkDown."""
    columns = ((IF_INDEX, index), (IF_ADMIN, admin), (IF_OPER, oper))
    return [binding(f"{column}.{index}", number(value)) for column, value in columns]


def trap(
    kind: str = COLD_START, *bindings: bytes, community: bytes = b"public", request: int = 1, inform: bool = False
) -> bytes:
    """A trap or inform of version 2c."""
    head = [binding("1.3.6.1.2.1.1.3.0", number(4711, 0x43)), binding("1.3.6.1.6.3.1.1.4.1.0", oid(kind))]
    pdu = element(
        _INFORM if inform else _TRAP,
        *(number(request), number(0), number(0)),
        element(0x30, *head, *bindings),
    )
    return element(0x30, number(1), element(0x04, community), pdu)


def trap_v1(generic: int, *bindings: bytes, agent: str = "10.1.1.1", community: bytes = b"public") -> bytes:
    """A trap of version 1."""
    pdu = element(
        _TRAP_V1,
        *(oid("1.3.6.1.4.1.9"), element(0x40, socket.inet_aton(agent)), number(generic), number(0)),
        *(number(4711, 0x43), element(0x30, *bindings)),
    )
    return element(0x30, number(0), element(0x04, community), pdu)


def ward(
    *devices: dict[str, Any], links: Sequence[dict[str, Any]] = (), traps: dict[str, Any] | None = None, **more: Any
) -> Inventory:
    """A ward with one site and these devices, which hears traps on a free port."""
    inventory = {
        "ward": {"id": "w"},
        "credentials": {"v2": {"version": "2c", "community": "public"}},
        "sites": [{"id": "s", "devices": list(devices), "links": list(links)}],
        "traps": {"listen": "127.0.0.1:1162"} if traps is None else traps,
    }
    return Inventory.model_validate(inventory | more)


def router(name: str = "r", address: str = "127.0.0.1", **more: Any) -> dict[str, Any]:
    """A device that is polled."""
    return {"id": name, "address": address, "snmp": {"credentials": "v2"}, **more}


def missing() -> str | None:
    """Why net-snmp's commands cannot be used; ``None`` where they can."""
    return None if shutil.which("snmptrap") else "snmptrap is not installed (Debian: snmp)"


def secure_options(credentials: Credentials) -> list[str]:
    """How net-snmp's commands are told these credentials."""
    if credentials.version != "3":
        assert credentials.community is not None
        return ["-v", credentials.version, "-c", credentials.community.get_secret_value()]
    level = "authPriv" if credentials.privacy else "authNoPriv" if credentials.auth else "noAuthNoPriv"
    options = ["-v", "3", "-u", credentials.user or "", "-l", level]
    if credentials.auth and credentials.auth_passphrase:
        options += ["-a", credentials.auth, "-A", credentials.auth_passphrase.get_secret_value()]
    if credentials.privacy and credentials.privacy_passphrase:
        name = PRIVACY[credentials.privacy].replace("AES1", "AES-1").replace("AES2", "AES-2").replace("C", "-C")
        options += ["-x", name, "-X", credentials.privacy_passphrase.get_secret_value()]
    return options


def trap_command(credentials: Credentials, port: int, kind: str = COLD_START, *bindings: str) -> list[str]:
    """The call of ``snmptrap`` that says this to a port of loopback."""
    engine = ["-e", "0x8000000001020304"] if credentials.version == "3" else []
    command = ["snmptrap", *engine, *secure_options(credentials), f"127.0.0.1:{port}"]
    if credentials.version == "1":
        return [*command, "1.3.6.1.4.1.8072", "10.1.1.1", str(int(kind.rpartition(".")[2]) - 1), "0", "", *bindings]
    return [*command, "", kind, *bindings]


def inform_command(credentials: Credentials, port: int, kind: str = COLD_START, *bindings: str) -> list[str]:
    """The call of ``snmpinform``, which ends with status 0 once it has its receipt."""
    return ["snmpinform", "-r", "1", "-t", "2", *secure_options(credentials), f"127.0.0.1:{port}", "", kind, *bindings]


def caught(credentials: Credentials, *bindings: str, kind: str = COLD_START) -> bytes:
    """The datagram that ``snmptrap`` sends."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(5)
        command = trap_command(credentials, ear.getsockname()[1], kind, *bindings)
        subprocess.run(command, check=True, capture_output=True, timeout=10)
        return ear.recv(65_535)
