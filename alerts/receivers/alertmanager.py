"""Alertmanager, by its API v2: every peer is told, for any of them may be the one that is left.

An alert that fires is said to end in five minutes, and is sent anew each minute (``resend``): it dies if we die.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, Final

from alerts.notice import AlertEntry, Notice
from alerts.receivers.delivery import Configured, Delivery, Outcome, utc_now
from alerts.receivers.http import NoAnswerError, check_url, place_of, post_json, verdict_on
from alerts.receivers.veil import Veil
from alerts.receivers.webhook import moment
from model.invalid import InvalidValueError

LIFE: Final = timedelta(minutes=5)
"""How long an alert is believed when it is not sent anew."""


class Alertmanager(Configured):
    """All peers of one cluster.

    Args:
        urls: Base URL of each, one at least.
        now: The clock that the end of a firing alert is set by.

    Raises:
        InvalidValueError: There is none, or one cannot be posted to.
    """

    kind: Final = "alertmanager"

    def __init__(self, urls: Sequence[str], now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(*urls)
        if not urls:
            raise InvalidValueError("no peer is named", "write the base URL of each, such as http://127.0.0.1:9093")
        self._peers = [_Peer(url) for url in urls]
        self._now = now
        self.place = ", ".join(peer.place for peer in self._peers)

    def send(self, notice: Notice, timeout: float) -> Delivery:
        """Post its alerts once to every peer."""
        return self.post_alerts(notice.alerts, timeout, notice.incident_url)

    def post_alerts(self, entries: Sequence[AlertEntry], timeout: float, incident_url: str = "") -> Delivery:
        """Post alerts once to every peer, to all at the same time.

        Args:
            entries: What fires, and what has ended.
            timeout: Seconds for all of it.
            incident_url: The page about those whose annotations name none.

        Returns:
            Delivered if at least one peer took them; the detail names those that did not.
        """
        now = self._now()
        payload = [_alert(entry, incident_url, now) for entry in entries]
        with ThreadPoolExecutor(len(self._peers)) as threads:
            deliveries = list(threads.map(lambda peer: peer.post(payload, timeout, now), self._peers))
        return self._sum(deliveries)

    def _sum(self, deliveries: Sequence[Delivery]) -> Delivery:
        outcomes = {delivery.outcome for delivery in deliveries}
        failed = [
            f"{peer.place} ({delivery.detail})"
            for peer, delivery in zip(self._peers, deliveries, strict=True)
            if delivery.outcome is not Outcome.DELIVERED
        ]
        taken = f"taken by {len(deliveries) - len(failed)} of {len(deliveries)}"
        detail = f"{taken}; not by {', '.join(failed)}" if failed else taken
        if Outcome.DELIVERED in outcomes:
            return Delivery(Outcome.DELIVERED, detail)
        pauses = [delivery.retry_after for delivery in deliveries if delivery.retry_after is not None]
        worth_it = Outcome.RETRY in outcomes
        return Delivery(Outcome.RETRY if worth_it else Outcome.REFUSED, detail, min(pauses, default=None))


class _Peer:
    """One Alertmanager."""

    def __init__(self, url: str) -> None:
        self._url = check_url(url).rstrip("/") + "/api/v2/alerts"
        self._veil = Veil.of_url(url)
        self.place = place_of(url)

    def post(self, payload: Any, timeout: float, now: datetime) -> Delivery:
        """Once; raises nothing."""
        try:
            answer = post_json(self._url, payload, timeout)
        except NoAnswerError as error:
            return Delivery(Outcome.RETRY, str(error))
        return verdict_on(answer, self._veil, now)


def _alert(entry: AlertEntry, incident_url: str, now: datetime) -> dict[str, Any]:
    return {
        "labels": dict(entry.labels),
        "annotations": dict(entry.annotations),
        "startsAt": moment(entry.starts_at),
        "endsAt": moment(entry.ends_at or now + LIFE),
        "generatorURL": entry.annotations.get("incident_url") or incident_url,
    }
