"""What to send next: the order of notices, their ways through channels that fail, and what becomes of each.

Nothing here waits, sends or reads a clock: ``now`` is an argument, monotonic seconds.
"""

import heapq
import itertools
import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from alerts.backoff import Backoff
from alerts.directory import Chain, Directory
from alerts.errand import PASSING, Ending, Errand, Fate, Identity, Parcel, Tries, identity_of, name_of
from alerts.events import Attempt, Event, Happened, Settled, Turned
from alerts.notice import Notice
from alerts.receivers.delivery import Channel, Delivery, Outcome
from alerts.traffic import Traffic

PATIENCE: Final = 60.0
"""Seconds for which a channel may fail before the next is tried, too."""
MOST_WAITING: Final = 10_000
"""Notices that are held in memory."""


class Queue:
    """Notices that wait, and those on their way.

    Those of one incident, receiver and person go one after the other. Beyond that none waits for another, except that
    a channel takes one at a time.
    """

    def __init__(
        self,
        directory: Directory,
        *,
        patience: float = PATIENCE,
        most: int = MOST_WAITING,
        backoff: Backoff = Backoff(),  # noqa: B008  # frozen
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Hold nothing yet.

        Args:
            directory: Where receivers are.
            patience: Seconds for which a channel may fail before the next is tried, too.
            most: Notices held; beyond, the oldest go, and first those that are least of a loss.
            backoff: Pauses between attempts.
            chance: Uniform in [0, 1).
        """
        self._directory = directory
        self._patience = patience
        self._most = most
        self._backoff = backoff
        self._chance = chance
        self._known = directory.channels()
        self._parcels: dict[Identity, Parcel] = {}
        self._passing: dict[Identity, Parcel] = {}  # those among them that are the first to go
        self._files: dict[tuple[object, ...], list[Errand]] = {}
        self._lanes: dict[Channel, Traffic] = {}
        self._deadlines: list[tuple[float, int, Errand]] = []
        self._serial = itertools.count()
        self._events: list[Event] = []

    def __len__(self) -> int:
        return len(self._parcels)

    @property
    def is_full(self) -> bool:
        """Whether another notice would cost one that waits."""
        return len(self._parcels) >= self._most

    def take(self, notices: Iterable[Notice], now: float) -> int:
        """Send these after all that was taken before; one that waits already is not taken again.

        Returns:
            How many had to be given up because too many wait.
        """
        for notice in notices:
            if identity_of(notice) not in self._parcels:
                self._take(notice, now)
        return self._shrink(now)

    def due(self, now: float) -> Sequence[Attempt]:
        """What is to be sent now, at most one for each channel that is free."""
        self._send_on(now)
        attempts: list[Attempt] = []
        while found := [attempt for lane in list(self._lanes.values()) if (attempt := self._next(lane, now))]:
            attempts += found
        return attempts

    def next_due(self) -> float:
        """When to ask again, if nothing happens before; monotonic seconds, infinity if never."""
        lanes = (min(lane.due_at(), self._mistrusted_at(lane)) for lane in self._lanes.values())
        deadline = self._deadlines[0][0] if self._deadlines else math.inf
        return min(deadline, *lanes, math.inf)

    def answered(self, attempt: Attempt, delivery: Delivery, now: float, *, hung: bool = False) -> None:
        """An attempt has ended; ``hung`` if it was given up, and may still come back."""
        errand, lane = attempt.errand, self._lane(attempt.channel)
        lane.is_busy = errand.is_flying = False
        lane.hung += hung
        if delivery.outcome is Outcome.RETRY:
            self._failed(attempt, lane, delivery, now)
        else:
            self._works(lane, now)
        if delivery.outcome is Outcome.DELIVERED:
            self._delivered(errand, attempt.channel, delivery, now)
        elif errand.late is not None:
            self._delivered(errand, *errand.late, now)
        else:
            self._go_on(attempt, delivery, now)

    def came_home(self, attempt: Attempt, delivery: Delivery, now: float) -> None:
        """An attempt that had been given up has come back. If it was taken, better to know late than to send twice."""
        errand, lane = attempt.errand, self._lane(attempt.channel)
        lane.hung -= 1
        if delivery.outcome is not Outcome.DELIVERED:
            return
        self._works(lane, now)
        if errand.is_flying:
            errand.late = attempt.channel, delivery
        elif errand.ending is None:
            self._delivered(errand, attempt.channel, delivery, now)

    def reconfigure(self, directory: Directory, now: float) -> None:
        """Go on with other receivers and channels. What waits for none that is there is given up."""
        self._directory, self._known = directory, directory.channels()
        for lane in self._lanes.values():
            lane.waiting.clear()
        self._files.clear()
        parcels = list(self._parcels.values())
        for parcel in parcels:
            self._redirect(parcel)
        for errand in [errand for parcel in parcels for errand in parcel.errands if not errand.ending]:
            self._files.setdefault(errand.place_in_order, []).append(errand)
        for first in [errands[0] for errands in self._files.values()]:
            self._set_out(first, now)

    def events(self) -> Sequence[Event]:
        """What has happened since this was asked last."""
        events, self._events = self._events, []
        return events

    def prune(self) -> Sequence[Channel]:
        """Forget lanes whose channels are gone, now that nothing uses them; which."""
        gone = [channel for channel, lane in self._lanes.items() if channel not in self._known and lane.is_idle]
        for channel in gone:
            del self._lanes[channel]
        return gone

    def waiting(self) -> Mapping[str, Sequence[Notice]]:
        """What has not been delivered, by receiver, in order; of each receiver that is known, even if nothing."""
        found: dict[str, list[Notice]] = {name: [] for name in self._directory.receivers}
        for parcel in self._parcels.values():
            found.setdefault(parcel.notice.receiver, []).append(parcel.notice)
        return found

    def _take(self, notice: Notice, now: float) -> None:
        parcel = self._parcels[identity_of(notice)] = Parcel(notice)
        if notice.kind in PASSING:
            self._passing[identity_of(notice)] = parcel
        chains, why = self._chains(notice)
        parcel.errands = [Errand(parcel, chain, why) for chain in chains or [()]]
        for errand in parcel.errands:
            file = self._files.setdefault(errand.place_in_order, [])
            file.append(errand)
            self._overtake(file, now)
            if file[0] is errand:
                self._set_out(errand, now)

    def _chains(self, notice: Notice) -> tuple[Sequence[Chain], str]:
        chains = self._directory.chains(notice.receiver, notice.person)
        if chains is None:
            return (), f"there is no receiver {notice.receiver} any more"
        whose = f"{notice.person}, of {notice.receiver}," if notice.person else f"receiver {notice.receiver}"
        return chains, "" if chains else f"{whose} has no channel"

    def _overtake(self, file: Sequence[Errand], now: float) -> None:
        *before, last = file
        for errand in before:
            if not errand.is_flying and errand.is_worthless([last]):
                self._supersede(errand, now)

    def _set_out(self, errand: Errand, now: float) -> None:
        """Let the first of its file wait for every channel that is open to it."""
        if errand.is_flying or errand.ending:
            return
        usable = list(self._usable(errand, now))
        if not usable:
            why = errand.lost or f"refused by all of its channels: {errand.refusals()}"
            self._end(errand, Ending(Fate.GIVEN_UP, now, None, why))
        for channel in usable:
            self._lane(channel).waiting[errand] = None
            self._note_fallback(errand, channel)

    def _usable(self, errand: Errand, now: float) -> Iterator[Channel]:
        """Channels that have not refused it, up to the first of which there is hope."""
        for channel in errand.chain:
            if errand.has_refused(channel):
                continue
            yield channel
            lane = self._lane(channel)
            failing_since = math.inf if lane.failing_since is None else lane.failing_since
            if min(failing_since, errand.has_failed_since(channel)) + self._patience > now:
                return

    def _note_fallback(self, errand: Errand, channel: Channel) -> None:
        if channel not in errand.reached and errand.reached:
            detail = f"it goes on to {name_of(channel)}"
            before = errand.chain[max(errand.chain.index(channel) - 1, 0)]
            self._events.append(Happened(Fate.FALLBACK, errand.notice, before, detail))
        errand.reached.add(channel)

    def _send_on(self, now: float) -> None:
        """Open the next channel to all whose channel has failed for too long."""
        for lane in list(self._lanes.values()):
            if self._mistrusted_at(lane) <= now:
                lane.is_mistrusted = True
                for errand in list(lane.waiting):
                    self._set_out(errand, now)
        while self._deadlines and self._deadlines[0][0] <= now:
            errand = heapq.heappop(self._deadlines)[2]
            if any(errand in self._lane(channel).waiting for channel in errand.reached):
                self._set_out(errand, now)

    def _mistrusted_at(self, lane: Traffic) -> float:
        is_open = lane.failing_since is None or lane.is_mistrusted
        return math.inf if is_open or lane.failing_since is None else lane.failing_since + self._patience

    def _next(self, lane: Traffic, now: float) -> Attempt | None:
        errand = lane.next_due(now)
        if errand is None:
            return None
        # Another lane that is free and comes first in its chain goes before: that is how it is found to work again.
        channel = next(name for name in errand.chain if self._is_due(name, errand, now))
        first = not errand.parcel.begun
        errand.parcel.begun = errand.is_flying = True
        errand.tries.setdefault(channel, Tries(now))
        self._withdraw(errand)
        self._lane(channel).is_busy = True
        return Attempt(errand, channel, now, first)

    def _is_due(self, channel: Channel, errand: Errand, now: float) -> bool:
        lane = self._lane(channel)
        return errand in lane.waiting and lane.is_due(errand, now)

    def _withdraw(self, errand: Errand) -> None:
        for channel in errand.reached:
            self._lane(channel).waiting.pop(errand, None)

    def _works(self, lane: Traffic, now: float) -> None:
        if lane.failing_since is not None:
            self._events.append(Turned(lane.channel, seconds=now - lane.failing_since))
        lane.succeeded()

    def _failed(self, attempt: Attempt, lane: Traffic, delivery: Delivery, now: float) -> None:
        if lane.failing_since is None:
            self._events.append(Turned(lane.channel, delivery.detail))
        lane.failed(attempt.errand, attempt.began_at, now, delivery.retry_after)
        lane.retry_at = now + self._backoff.pause(lane.failures, self._chance())

    def _go_on(self, attempt: Attempt, delivery: Delivery, now: float) -> None:
        errand, tries = attempt.errand, attempt.errand.tries[attempt.channel]
        file = self._files[errand.place_in_order]
        if delivery.outcome is Outcome.REFUSED:
            tries.refusal = delivery.detail
            self._happened(Fate.REFUSED, errand, attempt.channel, delivery.detail)
        else:
            tries.failures += 1
            if tries.failures == 1:
                heapq.heappush(self._deadlines, (tries.first_at + self._patience, next(self._serial), errand))
            self._happened(Fate.RETRIED, errand, attempt.channel, delivery.detail)
        if errand.is_worthless(file[file.index(errand) + 1 :]):
            self._supersede(errand, now)
        else:
            self._set_out(errand, now)

    def _delivered(self, errand: Errand, channel: Channel, delivery: Delivery, now: float) -> None:
        self._end(errand, Ending(Fate.DELIVERED, now, channel, delivery.receipt))

    def _supersede(self, errand: Errand, now: float) -> None:
        self._end(errand, Ending(Fate.SUPERSEDED, now, None, "superseded by a later message about the same incident"))

    def _end(self, errand: Errand, ending: Ending) -> None:
        errand.ending = ending
        self._withdraw(errand)
        happened = Happened(ending.fate, errand.notice, ending.channel, ending.detail, ending.is_surplus)
        self._events.append(happened)
        parcel = errand.parcel
        if parcel.is_over:
            self._parcels.pop(identity_of(parcel.notice), None)
            self._passing.pop(identity_of(parcel.notice), None)
            endings = tuple(errand.ending for errand in parcel.errands if errand.ending)
            self._events.append(Settled(parcel.notice, endings))
        self._make_room(errand, ending.at)

    def _make_room(self, errand: Errand, now: float) -> None:
        """Let the next of its file set out."""
        file = self._files[errand.place_in_order]
        was_first = file[0] is errand
        file.remove(errand)
        if not file:
            del self._files[errand.place_in_order]
        elif was_first:
            self._set_out(file[0], now)

    def _shrink(self, now: float) -> int:
        surplus = max(len(self._parcels) - self._most, 0)
        candidates = itertools.chain(self._passing.values(), self._parcels.values())
        victims = (parcel for parcel in candidates if not parcel.is_flying)
        chosen = list(dict.fromkeys(itertools.islice(victims, 2 * surplus)))[:surplus]
        for parcel in chosen:
            for errand in parcel.errands:
                if errand.ending is None:
                    why = f"more than {self._most} messages wait"
                    self._end(errand, Ending(Fate.GIVEN_UP, now, None, why, is_surplus=True))
        return len(chosen)

    def _redirect(self, parcel: Parcel) -> None:
        """Give its errands the chains that are there now, and each that is new an errand of its own."""
        chains, why = self._chains(parcel.notice)
        why = why or f"a channel of receiver {parcel.notice.receiver} is gone"
        kept = [errand for errand in parcel.errands if errand.chain in chains]
        others = [errand for errand in parcel.errands if errand.chain not in chains]
        others.sort(key=lambda errand: errand.ending is not None)
        fresh = [chain for chain in chains if chain not in {errand.chain for errand in kept}]
        for errand, chain in itertools.zip_longest(others, fresh):
            if errand is None:
                parcel.errands.append(Errand(parcel, chain))
            else:
                errand.chain, errand.lost = chain or (), "" if chain else why
                errand.reached.intersection_update(errand.chain)

    def _happened(self, fate: Fate, errand: Errand, channel: Channel | None, detail: str) -> None:
        self._events.append(Happened(fate, errand.notice, channel, detail))

    def _lane(self, channel: Channel) -> Traffic:
        if channel not in self._lanes:
            self._lanes[channel] = Traffic(channel)
        return self._lanes[channel]
