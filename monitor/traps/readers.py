"""What reads the messages: loaded where traps are heard, for pysnmp takes memory that a ward without traps keeps."""

import hashlib
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from model.inventory import Credentials, Inventory
from monitor.traps.heard import Heard, WrongCredentialsError
from monitor.traps.outside import CommunityMessage, SecureMessage, read_outside
from monitor.traps.senders import SecureUser, Sender

# RFC 3411 §5: the private enterprise number of pysnmp, which speaks for us, and eight octets of our own choice.
_ENGINE_ID: Final = bytes.fromhex("80004fb805")
_OWN_OCTETS: Final = 8

Admitted = tuple[CommunityMessage | SecureMessage, Any]
"""The outside of a message that may be read, and of version 3 its ticket."""


class Readers:
    """Reads messages of every version.

    Attributes:
        engine_id: Ours, by which devices send SNMPv3 informs; it stays as long as the monitor's name does.
    """

    def __init__(self, monitor: str) -> None:
        """Load nothing yet.

        Args:
            monitor: The monitor's name.
        """
        self.engine_id = _ENGINE_ID + hashlib.sha256(monitor.encode()).digest()[:_OWN_OCTETS]
        self._pdus: ModuleType | None = None
        self._secure: Any = None
        self._users: dict[Credentials, SecureUser] = {}

    def users(self, inventory: Inventory) -> Mapping[str, SecureUser]:
        """The users of SNMPv3 in an inventory, by the names of their credentials; who stays keeps what it knows.

        Raises:
            SnmpError: Credentials miss a part, which the checks of the inventory refuse.
        """
        self._pdus = self._pdus or import_module("monitor.traps.pdus")
        secure = {name: each for name, each in inventory.credentials.items() if each.version == "3"}
        if secure and self._secure is None:
            self._secure = import_module("monitor.traps.secure").SecureReader(self.engine_id)
        self._users = {each: self._users.get(each) or _user(each) for each in secure.values()}
        return {name: self._users[each] for name, each in secure.items()}

    def admit(self, data: bytes, sender: Sender) -> Admitted:
        """Whether a message of this sender may be read; costs some ten microseconds.

        Raises:
            MalformedError: It is no message.
            WrongCredentialsError: It may not.
        """
        outside = read_outside(data)
        if isinstance(outside, CommunityMessage):
            if outside.community not in sender.communities:
                raise WrongCredentialsError("a community that its device does not have")
            return outside, None
        if self._secure is None:
            raise WrongCredentialsError("SNMPv3, for which no credentials are written")
        return outside, self._secure.admit(data, outside, sender.users)

    def read(self, data: bytes, admitted: Admitted) -> Heard:
        """Read a message that may be read; costs some milliseconds.

        Raises:
            MalformedError: It is no notification.
        """
        outside, ticket = admitted
        if isinstance(outside, CommunityMessage):
            if self._pdus is None:
                raise AssertionError
            heard: Heard = self._pdus.read_community(data, outside)
            return heard
        of_secure: Heard = self._secure.read(data, ticket)
        return of_secure


def _user(credentials: Credentials) -> SecureUser:
    user: SecureUser = import_module("monitor.traps.users").User(credentials)
    return user
