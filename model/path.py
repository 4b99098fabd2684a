"""The way of packets to a target, hop by hop, and where it parts from the way that they usually take."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile, zip_longest
from typing import Final

from model.icmp import IpVersion

SILENT_RUN: Final = 5
"""So many silent hops behind the last answer end a path: what lies further says nothing more."""

_AGAIN: Final = 3  # some routers answer for two hops; nobody stands at three of a path without a circle
_TIME_EXCEEDED: Final[Mapping[IpVersion, int]] = {IpVersion.V4: 11, IpVersion.V6: 3}
_PORT_UNREACHABLE: Final = {(IpVersion.V4, 3, 3), (IpVersion.V6, 1, 4)}
_PROHIBITED: Final = {
    *((IpVersion.V4, 3, code) for code in (9, 10, 13)),
    *((IpVersion.V6, 1, code) for code in (1, 5, 6)),
}


class Note(StrEnum):
    """What is known of a hop."""

    PASSED = "passed"  # a router on the way
    TARGET = "target"  # the target itself answers
    UNREACHABLE = "unreachable"  # whoever is here knows no way onward
    PROHIBITED = "prohibited"  # whoever is here may not let it pass
    SILENT = "silent"

    @property
    def ends_a_path(self) -> bool:
        """Whether nothing gets further than this."""
        return self not in {Note.PASSED, Note.SILENT}


def note_of(version: IpVersion, kind: int, code: int, *, from_target: bool) -> Note:
    """What an ICMP error says of the hop that sent it.

    Args:
        version: Of ICMP.
        kind: The type of the message.
        code: Its code.
        from_target: Whether it comes from the address that the packet was to reach.
    """
    if kind == _TIME_EXCEEDED[version]:
        return Note.PASSED
    if (version, kind, code) in _PORT_UNREACHABLE and from_target:
        return Note.TARGET
    return Note.PROHIBITED if (version, kind, code) in _PROHIBITED else Note.UNREACHABLE


@dataclass(frozen=True, slots=True)
class Hop:
    """One place on the way.

    Attributes:
        ttl: How many hops from here, from 1.
        address: Who answered; ``None`` where nobody did.
        rtt: Round-trip delay in seconds, likewise.
        note: What that says.
        said: The ICMP error in words, where it ended the way.
    """

    ttl: int
    address: str | None = None
    rtt: float | None = None
    note: Note = Note.SILENT
    said: str = ""

    def __str__(self) -> str:
        return f"{self.address or '*'} (hop {self.ttl})"


@dataclass(frozen=True, slots=True)
class Path:
    """The way to a target as one trace saw it.

    Attributes:
        target: Its address.
        hops: One for each TTL from 1, without gaps.
        reached: Whether the target's own address answered.
    """

    target: str
    hops: tuple[Hop, ...]
    reached: bool

    @property
    def last(self) -> Hop | None:
        """The last hop that answered."""
        return next((hop for hop in reversed(self.hops) if hop.address), None)

    @property
    def addresses(self) -> frozenset[str]:
        """Who answered."""
        return frozenset(hop.address for hop in self.hops if hop.address)


def path_of(target: str, answers: Iterable[Hop], longest: int) -> Path:
    """The path that these answers draw.

    It ends at the target, else at the first hop that lets nothing pass, else ``SILENT_RUN`` hops behind the last
    answer.

    Args:
        target: The address that was to be reached.
        answers: At most one hop for each TTL, in any order.
        longest: The highest TTL that was tried.
    """
    known = {hop.ttl: hop for hop in answers}
    end = end_of(known.values()) or min(longest, max(known, default=0) + SILENT_RUN)
    hops = tuple(known.get(ttl) or Hop(ttl) for ttl in range(1, end + 1))
    return Path(target, hops, any(hop.address == target and hop.note.ends_a_path for hop in hops))


def end_of(answers: Iterable[Hop]) -> int | None:
    """The TTL at which a path ends by these answers; ``None`` where they do not tell."""
    ends = [((hop.note is not Note.TARGET), hop.ttl) for hop in answers if hop.note.ends_a_path]
    return min(ends)[1] if ends else None


@dataclass(frozen=True, slots=True)
class PathDifference:
    """How a path compares with the usual one.

    Attributes:
        last_common: The last hop that answers in both, before the two part; ``None`` where they share none.
        missing: Hops of the usual path whose address does not answer now, each address once.
        new: Hops of the path now whose address the usual one does not have, likewise.
        words: The same for a person, one line.
    """

    last_common: Hop | None
    missing: tuple[Hop, ...]
    new: tuple[Hop, ...]
    words: str


def difference(normal: Path, now: Path) -> PathDifference:
    """How the path now compares with the usual one. A silent hop agrees with every address."""
    agreeing = takewhile(_agree, zip_longest(normal.hops, now.hops))
    common = [here for there, here in agreeing if there and here and there.address and here.address]
    missing, new = _only_in(normal, now), _only_in(now, normal)
    last = common[-1] if common else None
    return PathDifference(last, missing, new, _compared(normal, now, last, new))


class End(StrEnum):
    """How a path ends."""

    REACHED = "reached"
    NOBODY = "nobody"  # on the way answers
    REFUSED = "refused"  # by its last hop
    CIRCLE = "circle"  # packets come by the same hops again and again
    SILENCE = "silence"  # behind its last hop


@dataclass(frozen=True, slots=True)
class Course:
    """A path in short, for whoever puts it in words.

    Attributes:
        end: How it ends.
        length: Its hops.
        hops: Who refuses, the circle, or the last who answered; none of a path that is reached or where nobody answers.
        nearest: Who refuses may stand from this hop on: it refuses whatever the TTL, but not each time.
    """

    end: End
    length: int
    hops: tuple[Hop, ...] = ()
    nearest: int = 0


def course_of(path: Path) -> Course:
    """A path in short."""
    length, last = len(path.hops), path.last
    if path.reached:
        return Course(End.REACHED, length)
    if last is None:
        return Course(End.NOBODY, length)
    if last.note.ends_a_path:
        before = max((hop.ttl for hop in path.hops if hop.address and hop.ttl < last.ttl), default=0)
        return Course(End.REFUSED, length, (last,), before + 1)
    circle = _circle(path)
    return Course(End.CIRCLE, length, circle) if circle else Course(End.SILENCE, length, (last,))


def described(path: Path) -> str:
    """A path in words, one line, such as "answers end after 10.0.0.1 (hop 2)"."""
    course = course_of(path)
    match course.end:
        case End.REACHED:
            return f"reached in {_hops(course.length)}"
        case End.NOBODY:
            return "nobody on the way answers"
        case End.REFUSED:
            (last,) = course.hops
            place = f"{last.ttl}" if last.ttl == course.nearest else f"{course.nearest} to {last.ttl}"
            return f"{last.address} (hop {place}) says: {last.said or last.note}"
        case End.CIRCLE:
            return f"packets go in a circle: {', '.join(map(str, course.hops))}"
        case End.SILENCE:
            return f"answers end after {course.hops[0]}"


def _only_in(path: Path, other: Path) -> tuple[Hop, ...]:
    first = {hop.address: hop for hop in reversed(path.hops) if hop.address and hop.address not in other.addresses}
    return tuple(sorted(first.values(), key=lambda hop: hop.ttl))


def _circle(path: Path) -> tuple[Hop, ...]:
    """The hops that packets come by again and again, each at its first time; none where they do not."""
    times = Counter(hop.address for hop in path.hops if hop.address)
    first = {hop.address: hop for hop in reversed(path.hops) if hop.address and times[hop.address] >= _AGAIN}
    return tuple(sorted(first.values(), key=lambda hop: hop.ttl))


def _agree(pair: tuple[Hop | None, Hop | None]) -> bool:
    there, here = pair
    return there is None or here is None or None in {there.address, here.address} or there.address == here.address


def _compared(normal: Path, now: Path, last: Hop | None, new: tuple[Hop, ...]) -> str:
    moved = f"{now.target} was {normal.target} before; " if now.target != normal.target else ""
    if not new and described(now) == described(normal):
        return f"{moved}as usual: {described(now)}"
    usual = _hops(len(normal.hops)) if normal.reached else described(normal)
    return f"{moved}{described(now)}; usually {usual}{_another_way(last, new)}"


def _another_way(last: Hop | None, new: tuple[Hop, ...]) -> str:
    if not new:
        return ""
    start = f"after {last}" if last else "from the first hop on"
    return f"; another way {start}: {', '.join(map(str, new))}"


def _hops(count: int) -> str:
    return f"{count} hop" if count == 1 else f"{count} hops"
