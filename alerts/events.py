"""What the queue of notices asks for, and what it tells."""

from dataclasses import dataclass

from alerts.errand import Ending, Errand, Fate
from alerts.notice import Notice
from alerts.receivers.delivery import Channel


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """A notice that is to be sent now. Each has to be answered.

    Attributes:
        errand: Whose attempt it is.
        channel: Through which.
        began_at: Monotonic seconds.
        is_first: Whether nothing of the notice was tried before.
    """

    errand: Errand
    channel: Channel
    began_at: float
    is_first: bool

    @property
    def notice(self) -> Notice:
        """What to send."""
        return self.errand.notice


@dataclass(frozen=True, slots=True)
class Happened:
    """Something to be counted and logged.

    Attributes:
        fate: What.
        notice: To which notice.
        channel: Through which, or instead of which; ``None`` where it is about none.
        detail: Why, in words.
        is_surplus: Whether it is given up because too many wait, of which it is enough to say how many.
    """

    fate: Fate
    notice: Notice
    channel: Channel | None
    detail: str
    is_surplus: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """A notice is done with: every chain has taken it or never will.

    Attributes:
        notice: Which.
        endings: Of each chain.
    """

    notice: Notice
    endings: tuple[Ending, ...]


@dataclass(frozen=True, slots=True)
class Turned:
    """A lane has begun to fail, or works again.

    Attributes:
        channel: Whose.
        detail: Of a failure what was said; empty once it works again.
        seconds: For how long it had failed.
    """

    channel: Channel
    detail: str = ""
    seconds: float = 0.0


Event = Happened | Settled | Turned
