"""The dead man's switch."""

import asyncio
import logging
import math
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr

from alerts.heartbeat import Heartbeat, pinging
from alerts.receivers.delivery import Delivery
from tests.peers.clock import SteppedLoop
from tests.peers.hook import hook, saying
from tests.peers.receiving import AGAIN, TAKEN, Answer, Hand, Post


class Patient:
    """A heartbeat on a clock that jumps, and the service that hears it."""

    def __init__(self, loop: SteppedLoop, conduct: Callable[[float], Answer]) -> None:
        self.loop = loop
        self.heard: list[float] = []
        self.counted: Counter[str] = Counter()
        self.is_well = True
        self._post = Post(loop)
        self._conduct = conduct
        self.heart = Heartbeat(
            self.ping, self, is_well=lambda: self.is_well, clock=loop.time, hire=lambda _: Hand(self._post)
        )

    def heartbeat(self, outcome: str) -> None:
        """Count."""
        self.counted[outcome] += 1

    def ping(self, timeout: float) -> Delivery:
        """What the service does."""
        assert timeout == 10
        self.heard.append(self.loop.time())
        delivery, self._post.seconds = self._conduct(self.loop.time())
        return delivery

    def live(self, seconds: float) -> None:
        """Let it beat for so long."""

        async def life() -> None:
            work = asyncio.create_task(self.heart.work())
            await asyncio.sleep(seconds)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

        self.loop.run_until_complete(life())


@pytest.fixture
def loop() -> Iterator[SteppedLoop]:
    """A clock that jumps."""
    loop = SteppedLoop()
    yield loop
    loop.close()


def test_it_beats_at_once_and_then_each_minute(loop: SteppedLoop) -> None:
    """However long the answer takes."""
    patient = Patient(loop, lambda at: (TAKEN, at % 7))
    patient.live(301)
    assert patient.heard == [0, 60, 120, 180, 240, 300]
    assert patient.counted["delivered"] >= 5


def test_failure_is_told_when_it_begins_and_when_it_ends(loop: SteppedLoop, caplog: pytest.LogCaptureFixture) -> None:
    """And counted each time."""
    caplog.set_level(logging.INFO)
    patient = Patient(loop, lambda at: (AGAIN if 100 < at < 400 else TAKEN, 0))
    patient.live(601)
    assert [record.getMessage() for record in caplog.records] == [
        "the heartbeat does not get out: 503; tried again each minute",
        "the heartbeat gets out again after 300 s",
    ]
    assert patient.counted == {"delivered": 6, "failed": 5}


def test_a_service_that_hangs_costs_three_threads_and_no_beat_after(loop: SteppedLoop) -> None:
    """Nothing more is begun until one of them comes home; each minute counts as a failure."""
    patient = Patient(loop, lambda at: (TAKEN, 290.0 if at == 60 else 0) if at > 299 else (AGAIN, math.inf))
    patient.live(601)
    assert patient.heard == [0, 60, 120]
    assert patient.counted["failed"] == 11


def test_a_service_that_answers_again_is_beaten_at_again(loop: SteppedLoop) -> None:
    """As soon as one of the threads has come home."""
    patient = Patient(loop, lambda at: (TAKEN, 200.0 if at < 150 else 0))
    patient.live(301)
    assert patient.heard == [0, 60, 120, 240, 300]


def test_a_monitor_that_is_not_well_is_silent(loop: SteppedLoop, caplog: pytest.LogCaptureFixture) -> None:
    """Silence is the message; it is counted as withheld."""
    patient = Patient(loop, lambda _: (TAKEN, 0))
    patient.is_well = False
    patient.live(61)
    assert patient.heard == []
    assert patient.counted == {"withheld": 2}
    assert "the monitor is not well" in caplog.text


def test_nobody_is_told_where_nobody_is_named(loop: SteppedLoop) -> None:
    """Without a URL nothing is sent and nothing counted; one that is added by a reload is used."""
    patient = Patient(loop, lambda _: (TAKEN, 0))
    ping, patient.heart.ping = patient.heart.ping, None
    patient.live(61)
    assert not patient.counted
    patient.heart.ping = ping
    patient.live(1)
    assert patient.counted == {"delivered": 1}


@pytest.mark.parametrize(
    ("status", "outcome", "words"),
    [
        (200, "delivered", "HTTP 200"),
        (204, "delivered", "HTTP 204"),
        (301, "refused", "HTTP 301: it redirects, which is not followed; write the URL that it leads to"),
        (404, "refused", "HTTP 404"),
        (500, "retry", "HTTP 500"),
    ],
)
def test_what_a_real_service_answers(status: int, outcome: str, words: str) -> None:
    """Any 2xx is a heartbeat that was heard; the URL, whose path is a secret, is in no word of it."""
    with hook(saying(status)) as service:
        delivery = pinging(SecretStr(f"{service.url}/ping/uuid?token=t0ken"))(5)
        assert (delivery.outcome, delivery.detail) == (outcome, f"127.0.0.1:{service.port}: {words}")
        assert [call.path for call in service.calls] == ["/ping/uuid?token=t0ken"]


def test_a_service_that_is_not_there() -> None:
    """Is told with the reason, and without the path."""
    with hook(saying(200)) as service:
        gone = service.url
    ping = pinging(SecretStr(f"{gone}/ping/uuid"))
    delivery = ping(5)
    assert delivery.outcome == "retry"
    assert "refused" in delivery.detail
    assert "uuid" not in delivery.detail + repr(ping)
