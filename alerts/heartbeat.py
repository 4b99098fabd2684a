"""The dead man's switch: a URL that is fetched each minute, at a service that raises the alarm when that ends."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final, Protocol

import requests
from pydantic import SecretStr

from alerts.lanes import Lane, ThreadWorker, Worker
from alerts.receivers.delivery import Delivery, Outcome
from alerts.receivers.http import USER_AGENT, Answer, place_of, verdict_on
from alerts.receivers.reasons import reason_of
from alerts.receivers.veil import Veil
from alerts.traffic import MOST_HUNG

log = logging.getLogger(__name__)

EVERY: Final = 60.0
"""Seconds from one beat to the next."""
TIMEOUT: Final = 10.0

Ping = Callable[[float], Delivery]
"""Fetches a URL within so many seconds; blocks."""


class Beats(Protocol):
    """Who counts heartbeats."""

    def heartbeat(self, outcome: str) -> None:
        """One was ``delivered``, has ``failed``, or was ``withheld`` because the monitor itself is not well."""


def pinging(url: SecretStr) -> Ping:
    """What fetches a URL. It may hold a token, so nothing that is said of it does."""
    return partial(_fetch, url)


class Heartbeat:
    """Says each minute that the monitor lives."""

    def __init__(
        self,
        ping: Ping | None,
        beats: Beats,
        *,
        is_well: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
        hire: Callable[[str], Worker] = ThreadWorker,
    ) -> None:
        """Say nothing yet.

        Args:
            ping: Says it; ``None`` where nobody is to be told.
            beats: Counts.
            is_well: Whether the monitor does what it is there for; where not, silence is the message.
            clock: Monotonic seconds.
            hire: Makes what runs it.
        """
        self.ping = ping
        self._beats = beats
        self._is_well = is_well
        self._clock = clock
        self._lane = Lane("heartbeat", hire)
        self._trouble_since: float | None = None

    async def work(self) -> None:
        """Beat now and then each minute, until cancelled."""
        due = self._clock()
        try:
            while True:
                await self.beat()
                due = max(due + EVERY, self._clock())
                await asyncio.sleep(due - self._clock())
        finally:
            self._lane.close()

    async def beat(self) -> None:
        """Say it once, and note how that went. Raises nothing."""
        if self.ping is None:
            return
        if not self._is_well():
            self._note("withheld", "the monitor is not well")
            return
        delivery = await self._delivery(self.ping)
        if delivery.outcome is Outcome.DELIVERED:
            self._note("delivered", "")
        else:
            self._note("failed", delivery.detail)

    async def _delivery(self, ping: Ping) -> Delivery:
        silence = Delivery(Outcome.RETRY, f"no answer within {TIMEOUT:g} s")
        if self._lane.hung >= MOST_HUNG:
            return silence
        return await self._lane.run(partial(ping, TIMEOUT), TIMEOUT + 1, lambda _: None) or silence

    def _note(self, outcome: str, trouble: str) -> None:
        self._beats.heartbeat(outcome)
        if trouble and self._trouble_since is None:
            self._trouble_since = self._clock()
            log.warning("the heartbeat does not get out: %s; tried again each minute", trouble)
        elif not trouble and self._trouble_since is not None:
            log.info("the heartbeat gets out again after %.0f s", self._clock() - self._trouble_since)
            self._trouble_since = None


def _fetch(url: SecretStr, timeout: float) -> Delivery:
    # urllib3 tells at debug level what it asks for, and there is a token in the path.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)
    plain = url.get_secret_value()
    try:
        with requests.get(
            plain, headers={"User-Agent": USER_AGENT}, timeout=timeout, allow_redirects=False, stream=True
        ) as response:
            answer = Answer(response.status_code, response.headers)
    except (requests.RequestException, OSError, ValueError) as error:
        return Delivery(Outcome.RETRY, f"{place_of(plain)}: {reason_of(error)}")
    verdict = verdict_on(answer, Veil.of_url(plain), datetime.now(UTC))
    return Delivery(verdict.outcome, f"{place_of(plain)}: {verdict.detail}")
