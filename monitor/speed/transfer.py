"""One test of one direction over HTTP: streams, a round trip beside them, a slice of both every quarter of a second."""

import resource
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean, median
from typing import Final, Literal
from urllib.parse import urlsplit

import pycurl

from model.icmp import IpVersion
from model.speed_plateau import LEAST, SLICE, Plateau, plateau
from model.speed_run import FASTER, MORE_RAMP, TESTER_BUSY, Ending, LoadWatch, Slice, SpeedRun, is_full, rates_of
from monitor.speed.echo import Echoes
from monitor.speed.hello import Hello, hello
from monitor.speed.order import Order
from monitor.speed.sent import sent
from monitor.speed.streams import Blocks, Stream
from monitor.speed.tcp_facts import TcpFacts

_IDLE_FOR: Final = 0.9  # seconds of round trips before the load
_STALLED_AFTER: Final = 3.0
_CUT_AFTER: Final = 2  # round trips in a row
_MORE_SEEN: Final = 4
_DRAIN_WITHIN: Final = 3.0
_PACED: Final = 0.9  # of what the streams keep to: it is not the link that is slow
_TURN: Final = 0.05
_PAUSE: Final = 0.001  # lets octets gather: woken for each packet, the tester took three times the processor
_TURNS_TO_LOOK: Final = 4  # slices by which the peer keeps to the agreed rate, or does not

Tell = Callable[[Slice | None], None]


@dataclass(slots=True)
class _Course:
    """What is known of a transfer that goes on."""

    slices: list[Slice] = field(default_factory=list)
    settled: int | None = None  # slices before streams were added
    moved_at: float = 0.0
    moved: int = 0

    def plateau(self) -> Plateau | None:
        """Of the streams that it began with."""
        return plateau(rates_of(self.slices)[: self.settled])


class Transfer:
    """Runs one order to its end.

    Args:
        order: What to do.
        is_ended: Whether whoever gave the order wants no more.
        tell: Told when the load begins, and of every slice.
    """

    def __init__(self, order: Order, is_ended: Callable[[], bool], tell: Tell) -> None:
        self._order = order
        self._is_ended = is_ended
        self._tell = tell
        self._multi = pycurl.CurlMulti()
        self._streams: list[Stream] = []
        self._blocks = Blocks()
        self._nonce: str | None = None
        self._course = _Course()
        self._base: list[float] = []
        self._began = 0.0
        self._version: Literal[4, 6] = 4

    def run(self) -> SpeedRun:
        """The test, whatever becomes of it."""
        greeting = self._greet()
        if isinstance(greeting, tuple):
            return SpeedRun(self._order.way, *greeting)
        try:
            echoes = self._echoes()
        except OSError as error:
            return SpeedRun(self._order.way, Ending.UNREACHABLE, str(error))
        echoes.start()
        try:
            time.sleep(_IDLE_FOR)
            self._base = [rtt for rtt in echoes.taken() if rtt is not None]
            if not self._base:
                return SpeedRun(self._order.way, Ending.UNREACHABLE, "no connection could be made within a second")
            found = self._load(echoes)
        finally:
            echoes.stop()
            self._close()
        return self._with_sent(found)  # only now the peer knows that we have hung up

    def _greet(self) -> tuple[Ending, str] | None:
        if not self._order.key:
            if self._order.way == "send":
                return Ending.UNSUPPORTED, "only a peer that shares a key takes octets in"
            return None
        greeting = hello(self._order)
        if isinstance(greeting, Hello):
            self._nonce = greeting.nonce
            most = min(self._order.streams, greeting.streams)
            self._order = replace(self._order, streams=most, more=min(self._order.more, greeting.streams - most))
            return None
        return greeting

    def _echoes(self) -> Echoes:
        parts = urlsplit(self._order.url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        family, _, _, _, address = found[0]
        self._version = 6 if family == socket.AF_INET6 else 4
        return Echoes((str(address[0]), port), IpVersion(self._version), self._order.source)

    def _load(self, echoes: Echoes) -> SpeedRun:
        self._began = self._course.moved_at = time.monotonic()
        used, waited = _used(), _waited()
        self._tell(None)
        self._add(self._order.streams)
        ending, detail = self._go_on(echoes)
        elapsed = time.monotonic() - self._began
        busy = (_used() - used + _waited() - waited) / elapsed if elapsed > 0 else 0.0
        confirmed = self._finish(ending)
        if ending is Ending.DONE and confirmed is not None and confirmed != self._given():
            ending, detail = Ending.WRONG_LENGTH, f"sent {self._given()} octets, the peer says {confirmed}"
        if ending is Ending.DONE and self._course.plateau() is None:
            ending, detail = Ending.TOO_SHORT, "it was over before it had reached its speed"
        return self._told(ending, detail, busy, confirmed)

    def _add(self, number: int) -> None:
        for _ in range(number):
            stream = Stream(self._order, len(self._streams), self._nonce, self._blocks)
            self._streams.append(stream)
            self._multi.add_handle(stream.handle)

    def _go_on(self, echoes: Echoes) -> tuple[Ending, str]:
        """Move octets until it is enough, or something is wrong."""
        watch = LoadWatch(median(self._base), self._order.bearable)
        used, waited = _used(), _waited()
        due = self._began + SLICE
        while True:
            is_over = self._drive()
            now = time.monotonic()
            if now >= due:
                due += SLICE
                found = self._slice(echoes, now)
                if watch.felt(found.at, found.rtt):
                    return Ending.ABORTED, f"the round trip rose by more than {self._order.bearable * 1e3:.0f} ms"
                busy = (_used() - used + _waited() - waited) / found.at
                if (end := self._look(echoes, now)) is not None:
                    return end
                if self._is_enough(found, busy):
                    return Ending.DONE, ""
            if (failed := self._failure()) is not None:
                return failed
            if is_over:
                return Ending.DONE, "all octets that it may move were moved"

    def _drive(self) -> bool:
        """Let libcurl work for a moment; whether one of the streams has moved all that it may."""
        self._multi.perform()
        over = False
        more = 1
        while more:
            more, succeeded, failed = self._multi.info_read()
            over |= bool(succeeded)
            for handle, code, text in failed:
                stream = next(one for one in self._streams if one.handle is handle)
                stream.gave_up(code, text)
        self._multi.select(_TURN)
        time.sleep(_PAUSE)
        return over

    def _slice(self, echoes: Echoes, now: float) -> Slice:
        course = self._course
        moved = sum(stream.moved for stream in self._streams)
        rtts = [rtt for rtt in echoes.taken() if rtt is not None]
        found = Slice(now - self._began, moved, len(self._streams), max(rtts, default=None))
        course.slices.append(found)
        if moved > course.moved:
            course.moved, course.moved_at = moved, now
        self._tell(found)
        return found

    def _look(self, echoes: Echoes, now: float) -> tuple[Ending, str] | None:
        """What is wrong, as far as no stream has said so itself."""
        order, course = self._order, self._course
        if self._is_ended():
            return Ending.STOPPED, ""
        if now - course.moved_at > _STALLED_AFTER:
            is_cut = echoes.lost_in_a_row >= _CUT_AFTER
            return (Ending.CUT if is_cut else Ending.STALLED), f"no octet for {_STALLED_AFTER:.0f} s"
        late = rates_of(course.slices)[-_TURNS_TO_LOOK:]
        if order.rate and len(course.slices) > 2 * _TURNS_TO_LOOK and fmean(late) > FASTER * order.rate:
            return Ending.TOO_FAST, f"{fmean(late) / 1e6:.1f} Mbit/s instead of {order.rate / 1e6:.1f} at most"
        return None

    def _is_enough(self, latest: Slice, busy: float) -> bool:
        order, course = self._order, self._course
        if latest.at >= order.seconds or latest.octets >= order.octets:
            return True
        if course.settled is not None:
            return len(course.slices) - course.settled >= MORE_RAMP + _MORE_SEEN
        found = course.plateau()
        if found is None or not (found.is_certain or self._is_late(latest)):
            return False
        rtts = [one.rtt for one in course.slices[found.start :] if one.rtt is not None]
        loaded = median(rtts) if rtts else None
        is_paced = order.pace is not None and found.mean >= _PACED * order.pace * order.streams
        if is_paced or busy >= TESTER_BUSY or not order.more or is_full(median(self._base), loaded, None):
            return found.is_certain  # further streams would show nothing
        course.settled = len(course.slices)
        self._add(order.more)
        return False

    def _is_late(self, latest: Slice) -> bool:
        """Whether there is just time left for further streams."""
        left = self._order.seconds - latest.at
        return left <= (MORE_RAMP + _MORE_SEEN + 1) * SLICE and len(self._course.slices) > 2 * LEAST

    def _failure(self) -> tuple[Ending, str] | None:
        return next((stream.failure for stream in self._streams if stream.failure), None)

    def _given(self) -> int:
        return sum(stream.octets for stream in self._streams)

    def _finish(self, ending: Ending) -> int | None:
        """End the streams; what the peer says it took, where it took something and all of it was sent."""
        is_sending = self._order.way == "send" and ending is Ending.DONE
        if not is_sending:
            for stream in self._streams:
                stream.hang_up(at_once=True)
            return None
        for stream in self._streams:
            stream.is_stopping = True
        until = time.monotonic() + _DRAIN_WITHIN
        hung_up: set[int] = set()
        while time.monotonic() < until:
            self._drive()
            for number, stream in enumerate(self._streams):
                if stream.is_paused and number not in hung_up:
                    hung_up.add(number)
                    stream.hang_up(at_once=False)
            said = [stream.confirmed for stream in self._streams]
            if all(one is not None for one in said):
                return sum(one for one in said if one is not None)
        return None

    def _told(self, ending: Ending, detail: str, busy: float, confirmed: int | None) -> SpeedRun:
        facts = [known for stream in self._streams if (known := stream.facts())]
        is_sending, course = self._order.way == "send", self._course
        total, again = (_sum_of(facts) if is_sending else None) or (None, None)
        return SpeedRun(
            way=self._order.way,
            ending=ending,
            detail=detail,
            slices=tuple(course.slices),
            settled=len(course.slices) if course.settled is None else course.settled,
            base_rtts=tuple(self._base),
            octets=self._given(),
            sent_octets=total,
            retransmitted=again,
            segment=max(
                (one.segment if is_sending else min(one.segment, one.segment_in) for one in facts), default=None
            ),
            ip_version=self._version,
            busy=busy,
            confirmed=confirmed,
        )

    def _with_sent(self, found: SpeedRun) -> SpeedRun:
        """With what the peer sent, and sent again, where it did and tells."""
        if found.way == "send" or self._nonce is None or not found.ending.may_count:
            return found
        total, again = sent(self._order, self._nonce, found.octets) or (None, None)
        return replace(found, sent_octets=total, retransmitted=again)

    def _close(self) -> None:
        for stream in self._streams:
            stream.close()
        self._multi.close()


def _sum_of(facts: Sequence[TcpFacts]) -> tuple[int, int] | None:
    return (sum(one.sent for one in facts), sum(one.retransmitted for one in facts)) if facts else None


def _used() -> float:
    """Seconds of a processor that this process has taken."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _waited() -> float:
    """Seconds that it was ready to run and did not; zero where the kernel does not tell."""
    try:
        with open("/proc/self/schedstat", encoding="ascii") as file:  # noqa: PTH123  # read four times a second
            return int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
