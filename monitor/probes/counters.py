"""What became of the packets that a probe has sent."""

from dataclasses import dataclass, fields
from typing import Final

from model.text import counted


@dataclass(slots=True)
class PacketCounters:
    """Since they were made.

    Attributes:
        sent: Requests handed to the kernel.
        answered: Answers that became a reading.
        duplicates: Further answers to an answered request.
        late: Answers that came after the time-out; they were counted as lost (RFC 6673 §4).
        alien: Answers that nobody waits for, from a wrong address or with wrong content.
        dropped: Answers lost in this machine because a socket's buffer was full.
    """

    sent: int = 0
    answered: int = 0
    duplicates: int = 0
    late: int = 0
    alien: int = 0
    dropped: int = 0

    def __add__(self, other: "PacketCounters") -> "PacketCounters":
        return PacketCounters(*(getattr(self, name) + getattr(other, name) for name in _NAMES))


_NAMES: Final = tuple(field.name for field in fields(PacketCounters))


def strangers(count: int) -> str:
    """What to add to "no answer" where so many datagrams came that were none; empty where nothing came."""
    return f"; what came back ({counted(count, 'datagram')}) was no answer to it" if count else ""
