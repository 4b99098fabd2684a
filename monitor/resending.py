"""Alertmanager believes nothing for long: it is told each minute what fires, and for a while what is over."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from alerts.lanes import Lane
from alerts.pipeline import Pipeline
from alerts.receivers.alertmanager import Alertmanager
from alerts.receivers.delivery import Channel, Delivery, Outcome
from alerts.receivers.resend import Resend

log = logging.getLogger(__name__)

_LOOK_EVERY: Final = 10.0
_WITHIN: Final = 20.0


class Resending:
    """Tells each Alertmanager again what the pipeline has told it.

    Args:
        pipeline: Knows what each receiver was told.
        channels: By the name of a receiver its channels, as they are now.
        now: Aware UTC.
    """

    def __init__(
        self, pipeline: Pipeline, channels: Callable[[], Mapping[str, Sequence[Channel]]], now: Callable[[], datetime]
    ) -> None:
        self._pipeline = pipeline
        self._channels = channels
        self._now = now
        self._resends: dict[str, tuple[Resend, Lane]] = {}

    async def work(self) -> None:
        """Look every ten seconds who is to be told again; ends by being cancelled."""
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            for name, channels in self._channels().items():
                for channel in channels:
                    if isinstance(channel, Alertmanager):
                        await self.tell(name, channel)

    async def tell(self, name: str, channel: Alertmanager) -> None:
        """Tell one cluster, where a minute has passed and its last answer is not still awaited."""
        now = self._now()
        resend, lane = self._resends.setdefault(name, (Resend(), Lane(f"{name} again")))
        if not resend.is_due(now) or lane.hung:
            return
        entries = resend.due(*self._pipeline.alerts_for(name, now), now)
        if entries:
            answer = await lane.run(partial(channel.post_alerts, entries, _WITHIN), _WITHIN + 1, _ignore)
            if answer is None or answer.outcome is not Outcome.DELIVERED:
                log.debug("%s was not told again: %s", name, answer.detail if answer else "no answer")


def _ignore(_: Delivery) -> None:
    """Of what comes too late nothing follows."""
