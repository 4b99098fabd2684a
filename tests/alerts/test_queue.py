"""The core of dispatching, whatever channels do: what holds of every course of events."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.directory import Book, Chain
from alerts.errand import PASSING
from alerts.events import Attempt, Settled
from alerts.notice import Kind, Notice
from alerts.queue import Queue
from alerts.receivers.delivery import Delivery, Outcome
from tests.peers.receiving import AGAIN, NEVER, TAKEN, notice

OUTCOMES = st.sampled_from([TAKEN, AGAIN, AGAIN, NEVER])


class Named:
    """A channel that only has a name."""

    kind = "hook"

    def __init__(self, place: str) -> None:
        self.place = place

    def send(self, notice: Notice, timeout: float) -> Delivery:
        """Nobody sends here."""
        raise NotImplementedError


CHANNELS = [Named(place) for place in "abcd"]
BOOK = Book(
    own={"hook": CHANNELS[:1], "all": CHANNELS[:3]},
    teams=("team",),
    people={"lan": CHANNELS[1:], "minh": CHANNELS[:2]},
)
SMALLER = Book(own={"all": CHANNELS[1:]}, teams=("team",), people={"lan": CHANNELS[:1]})
WHOM = [("hook", ""), ("all", ""), ("team", "lan"), ("team", "minh")]


class Course:
    """One course of events, and what must never be."""

    def __init__(self, data: st.DataObject, most: int = 10_000) -> None:
        self.data = data
        self.now = 0.0
        self.queue = Queue(BOOK, chance=lambda: data.draw(st.floats(0, 0.999)), most=most)
        self.flying: list[Attempt] = []
        self.hung: list[Attempt] = []
        self.order: dict[tuple[object, ...], list[str]] = defaultdict(list)
        self.taken: dict[str, Notice] = {}
        self.settled: list[str] = []
        self.book = BOOK

    def hand_over(self) -> None:
        """Take one more notice."""
        number = len(self.taken)
        receiver, person = self.data.draw(st.sampled_from(WHOM))
        kind = self.data.draw(st.sampled_from(list(Kind)))
        incident = self.data.draw(st.sampled_from("ij"))
        one = notice(f"{number:03}", incident, receiver=receiver, person=person, kind=kind)
        self.taken[one.key] = one
        self.queue.take([one], self.now)

    def pass_time(self) -> None:
        """Let some seconds go by."""
        self.now += self.data.draw(st.sampled_from([0.0, 0.5, 5.0, 40.0, 61.0]))

    def begin(self) -> None:
        """Send what is due: one for each channel, one of each incident and chain, in order."""
        for attempt in self.queue.due(self.now):
            assert attempt.channel not in [other.channel for other in self.flying]
            one, chain = attempt.notice, attempt.errand.chain
            same = [other for other in self.flying if self._file(other) == self._file(attempt)]
            assert not same
            earlier = self.order[one.receiver, one.person, one.incidents, chain]
            assert not earlier or earlier[-1] <= one.key
            earlier.append(one.key)
            self.flying.append(attempt)
        assert not self.queue.due(self.now)

    def answer(self, delivery: Delivery | None = None) -> None:
        """Let one attempt end, or be left behind."""
        if not self.flying:
            return
        attempt = self.flying.pop(self.data.draw(st.integers(0, len(self.flying) - 1)))
        said = delivery or self.data.draw(OUTCOMES)
        is_hung = said.outcome is Outcome.RETRY and self.data.draw(st.booleans())
        if is_hung:
            self.hung.append(attempt)
            assert len([other for other in self.hung if other.channel is attempt.channel]) <= 3
        self.queue.answered(attempt, said, self.now, hung=is_hung)

    def come_home(self, delivery: Delivery | None = None) -> None:
        """Let one attempt that was left behind come back."""
        if self.hung:
            attempt = self.hung.pop(0)
            self.queue.came_home(attempt, delivery or self.data.draw(OUTCOMES), self.now)

    def reload(self) -> None:
        """Change the receivers."""
        self.book = SMALLER if self.book is BOOK else BOOK
        self.queue.reconfigure(self.book, self.now)
        self.order.clear()

    def note(self) -> None:
        """Each notice ends once, and what has not ended waits."""
        self.settled += [event.notice.key for event in self.queue.events() if isinstance(event, Settled)]
        waiting = [one.key for some in self.queue.waiting().values() for one in some]
        assert sorted(self.settled + waiting) == sorted(self.taken)

    def recover(self) -> None:
        """Let everything be taken, and everybody come home."""
        while self.hung:
            self.come_home(AGAIN)
        for _ in range(100_000):
            self.begin()
            while self.flying:
                self.answer(TAKEN)
                self.begin()
            self.note()
            due = self.queue.next_due()
            if not len(self.queue):
                return
            assert due < float("inf"), "something waits for nothing"
            self.now = max(self.now, due)
        raise AssertionError

    @staticmethod
    def _file(attempt: Attempt) -> tuple[str, str, tuple[str, ...], Chain]:
        one = attempt.notice
        return one.receiver, one.person, one.incidents, attempt.errand.chain


STEPS = st.lists(
    st.sampled_from(["hand_over", "hand_over", "pass_time", "begin", "answer", "answer", "come_home", "reload"]),
    min_size=20,
    max_size=80,
)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.data())
def test_whatever_happens_order_is_kept_and_nothing_is_lost(steps: list[str], data: st.DataObject) -> None:
    """One at a time through each channel, in order for each incident; once all channels work, all is settled."""
    course = Course(data)
    for step in steps:
        getattr(course, step)()
        course.note()
    began = course.now
    course.recover()
    assert sorted(course.settled) == sorted(course.taken)
    assert course.now - began <= 60


@settings(max_examples=40, deadline=None)
@given(STEPS, st.data())
def test_whatever_happens_memory_is_bounded(steps: list[str], data: st.DataObject) -> None:
    """Never more than the limit and what is being sent; no opening goes while an update waits."""
    course = Course(data, most=5)
    for step in steps:
        getattr(course, step)()
        course.note()
        flying = len({attempt.notice.key for attempt in course.flying})
        assert len(course.queue) <= max(5, flying)
    course.recover()


@given(st.lists(st.sampled_from(list(Kind)), min_size=1, max_size=20))
def test_only_updates_and_reminders_are_overtaken(kinds: list[Kind]) -> None:
    """Of one incident there wait all openings, resolutions and escalations, and at most the last of the others."""
    queue = Queue(BOOK)
    notices = [notice(f"{place:02}", "i", kind=kind) for place, kind in enumerate(kinds)]
    queue.take(notices, 0.0)
    left = list(queue.waiting()["hook"])
    assert left == [one for one in notices if one.kind not in PASSING or one is notices[-1]]
