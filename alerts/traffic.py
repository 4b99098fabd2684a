"""What is known of the lane of one channel: whether it may be sent through, and when again."""

import math
from dataclasses import dataclass, field
from typing import Final

from alerts.backoff import heeded
from alerts.errand import Errand
from alerts.receivers.delivery import Channel

MOST_HUNG: Final = 3
"""Sends of one lane that were given up and hold a thread; with so many it waits until one comes back."""


@dataclass(eq=False, slots=True)
class Traffic:
    """What is known of the lane of one channel.

    After one failure the others may still go; after those of two errands the lane itself is held to be broken, and one
    at a time tries it. Each time it is another, so that one message that is never taken holds up none that would be.

    Attributes:
        channel: Whose lane it is.
        waiting: What would go through it next, in order.
        is_busy: Whether something is being sent.
        hung: Sends that were given up and have not come back.
        failing_since: Begin of the first attempt that failed since the last that did not; ``None`` after a success.
        failures: In a row.
        suspects: What failed since then, at most two.
        retry_at: When the next attempt is due that has to wait for one.
        held_until: Until when the other side has asked to be left alone.
        is_mistrusted: Whether it has failed for so long that what waits for it has been sent on.
    """

    channel: Channel
    waiting: dict[Errand, None] = field(default_factory=dict)
    is_busy: bool = False
    hung: int = 0
    failing_since: float | None = None
    failures: int = 0
    suspects: set[Errand] = field(default_factory=set)
    retry_at: float = -math.inf
    held_until: float = -math.inf
    is_mistrusted: bool = False

    @property
    def is_broken(self) -> bool:
        """Whether more than one errand has failed in a row."""
        return len(self.suspects) > 1

    @property
    def is_idle(self) -> bool:
        """Whether nothing is known of it that would be lost with it."""
        return not (self.waiting or self.is_busy or self.hung)

    def is_due(self, errand: Errand, now: float) -> bool:
        """Whether this may be sent now."""
        return not self.is_busy and self.hung < MOST_HUNG and self._due_at(errand) <= now

    def next_due(self, now: float) -> Errand | None:
        """What to send now."""
        if not self.waiting or self.due_at() > now:
            return None
        return next(errand for errand in self.waiting if self.is_due(errand, now))

    def due_at(self) -> float:
        """When something is to be sent, monotonic seconds; infinity while nothing can be."""
        if self.is_busy or self.hung >= MOST_HUNG or not self.waiting:
            return math.inf
        must_wait = self.is_broken or all(errand in self.suspects for errand in self.waiting)
        return max(self.held_until, self.retry_at) if must_wait else self.held_until

    def succeeded(self) -> None:
        """The other side has answered: what waits may go."""
        self.failing_since, self.failures, self.is_mistrusted = None, 0, False
        self.suspects.clear()
        self.retry_at = -math.inf

    def failed(self, errand: Errand, began_at: float, now: float, retry_after: float | None) -> None:
        """An attempt was in vain. When it is repeated has to be said in ``retry_at``."""
        self.failing_since = began_at if self.failing_since is None else self.failing_since
        self.failures += 1
        self.held_until = now + heeded(retry_after)
        if not self.is_broken:
            self.suspects.add(errand)

    def _due_at(self, errand: Errand) -> float:
        must_wait = self.is_broken or errand in self.suspects
        return max(self.held_until, self.retry_at) if must_wait else self.held_until
