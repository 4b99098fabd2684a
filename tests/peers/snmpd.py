"""A real net-snmp agent on a free port of loopback, with a user for every combination that it offers."""

import os
import shutil
import socket
import subprocess
from itertools import product
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from model.inventory import Credentials
from tests.peers.processes import free_port
from tests.peers.snmp_waiting import agent_answers

AUTH: Final = ("MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512")
# How snmpd.conf(5) writes what the inventory calls DES, AES-128, …
PRIVACY: Final = {
    "DES": "DES",
    "AES-128": "AES",
    "AES-192": "AES192",
    "AES-256": "AES256",
    "AES-192-C": "AES192C",
    "AES-256-C": "AES256C",
}
AUTH_PASSPHRASE: Final = "a phrase to sign with"
PRIVACY_PASSPHRASE: Final = "a phrase to hide with"


def find_snmpd() -> str | None:
    """Where snmpd is, which for an ordinary user is not on PATH."""
    return shutil.which("snmpd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def user_of(auth: str | None, privacy: str | None) -> str:
    """The name of the user with these protocols."""
    return f"{auth or 'no'}_{privacy or 'no'}".lower().replace("-", "")


def secure(auth: str | None = None, privacy: str | None = None, **changes: Any) -> Credentials:
    """The credentials of a user, or what ``changes`` make of them."""
    fields: dict[str, Any] = {"version": "3", "user": user_of(auth, privacy)}
    if auth:
        fields |= {"auth": auth, "auth_passphrase": AUTH_PASSPHRASE}
    if privacy:
        fields |= {"privacy": privacy, "privacy_passphrase": PRIVACY_PASSPHRASE}
    return Credentials(**(fields | changes))


COMBINATIONS: Final = {
    "1": Credentials(version="1", community="public"),
    "2c": Credentials(version="2c", community="public"),
    "3 noAuthNoPriv": secure(),
    **{f"3 {auth}": secure(auth) for auth in AUTH},
    **{f"3 {auth} {privacy}": secure(auth, privacy) for auth, privacy in product(AUTH, PRIVACY)},
}


class Snmpd:
    """One snmpd. Its state, and so its engine id and boots, stays in the folder between two starts."""

    def __init__(self, binary: str, folder: Path, port: int | None = None, also: str = "") -> None:
        self._binary = binary
        self._also = also
        self._folder = folder
        self.port = port or free_port(socket.SOCK_DGRAM)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        state = self._folder / "state"
        state.mkdir(exist_ok=True)
        (self._folder / "snmpd.conf").write_text(_configuration(self.port) + self._also)
        self._log = (self._folder / "log").open("ab")
        self._process = subprocess.Popen(
            [self._binary, "-f", "-Lo", "-I", "-smux"],
            stdout=self._log,
            stderr=self._log,
            # Not -c with -C: they would also leave out the state, in which the boots of the engine are counted.
            env={"SNMPCONFPATH": f"{self._folder}:{state}", "SNMP_PERSISTENT_DIR": str(state), "MIBS": ""},
        )
        if not agent_answers(self.port, "public", self._process):
            raise RuntimeError((self._folder / "log").read_text(errors="replace"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
        self._log.close()


def _configuration(port: int) -> str:
    lines = [f"agentaddress udp:127.0.0.1:{port},udp6:[::1]:{port}", "rocommunity public", "rocommunity6 public"]
    lines += ["syslocation Xuân Đỉnh", "syscontact nobody", "sysname agent"]
    for auth, privacy in ((None, None), *product(AUTH, (None, *PRIVACY))):
        user = user_of(auth, privacy)
        level = "priv" if privacy else "auth" if auth else "noauth"
        lines.append(f"rouser {user} {level}")
        keys = f' {auth} "{AUTH_PASSPHRASE}"' if auth else ""
        keys += f' {PRIVACY[privacy]} "{PRIVACY_PASSPHRASE}"' if privacy else ""
        lines.append(f"createUser {user}{keys}")
    return "\n".join([*lines, ""])
