"""What a throughput peer's kernel told of the streams that it sent: who receives cannot know what was sent again."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from monitor.speed.tcp_facts import TcpFacts

_MOST: Final = 200  # tests; older ones are forgotten


@dataclass(frozen=True, slots=True)
class Sent:
    """Of all streams of one test that are over.

    Attributes:
        sent: Octets, with those that were sent again.
        retransmitted: Octets that were sent again.
        is_whole: Whether the kernel told of each of them, and none goes on.
    """

    sent: int = 0
    retransmitted: int = 0
    is_whole: bool = True


class SentLedger:
    """Of each test, by the number that was given out for it. Threads may share it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._going: dict[str, int] = {}
        self._sent: OrderedDict[str, Sent] = OrderedDict()

    def begin(self, nonce: str) -> None:
        """A stream begins. One that has begun must ``end``."""
        with self._changed:
            self._going[nonce] = self._going.get(nonce, 0) + 1

    def end(self, nonce: str, facts: TcpFacts | None) -> None:
        """It is over.

        Args:
            nonce: Of its test.
            facts: What the kernel told at its end; ``None`` where it did not.
        """
        with self._changed:
            before = self._sent.pop(nonce, Sent())
            sent, again = (facts.sent, facts.retransmitted) if facts else (0, 0)
            is_whole = before.is_whole and facts is not None
            self._sent[nonce] = Sent(before.sent + sent, before.retransmitted + again, is_whole)
            if len(self._sent) > _MOST:
                self._sent.popitem(last=False)
            self._going[nonce] -= 1
            if not self._going[nonce]:
                del self._going[nonce]
            self._changed.notify_all()

    def told(self, nonce: str, within: float) -> Sent | None:
        """What was sent for a test; ``None`` where that is not known for certain.

        Args:
            nonce: Of the test.
            within: Seconds to wait for streams whose end has not been noticed yet.
        """
        with self._changed:
            self._changed.wait_for(lambda: nonce not in self._going, within)
            found = self._sent.get(nonce)
            return found if found is not None and found.is_whole and nonce not in self._going else None
