"""A webhook: gets what Alertmanager's would, so that what reads Alertmanager reads this.

Format: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config, version 4. Two fields are added that
its readers ignore: ``notificationKey``, the same for every attempt, and ``kind``, why it is told.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import reduce
from typing import Any, Final
from urllib.parse import quote

from alerts.notice import AlertEntry, Notice
from alerts.receivers.delivery import Configured, Delivery, Outcome, utc_now
from alerts.receivers.fingerprint import fingerprint
from alerts.receivers.http import NoAnswerError, check_url, place_of, post_json, verdict_on
from alerts.receivers.veil import Veil

NEVER: Final = "0001-01-01T00:00:00Z"
"""How Alertmanager writes the end of what still fires: the zero time of Go."""

_IN_A_HEADER: Final = "!#$&'()*+,/:;=?@[]|~"


class Webhook(Configured):
    """Posts to one URL.

    Args:
        url: http or https; name and password in it are sent by basic authentication.
        now: The clock, for a ``Retry-After`` that is a date.

    Raises:
        InvalidValueError: The URL cannot be posted to.
    """

    kind: Final = "webhook"

    def __init__(self, url: str, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(url)
        self._url = check_url(url)
        self._veil = Veil.of_url(url)
        self._now = now
        self.place = place_of(url)

    def send(self, notice: Notice, timeout: float) -> Delivery:
        """Post it once; redirects are refused, not followed."""
        headers = {"Idempotency-Key": quote(notice.key, safe=_IN_A_HEADER)}
        try:
            answer = post_json(self._url, payload_of(notice), timeout, headers)
        except NoAnswerError as error:
            return Delivery(Outcome.RETRY, str(error))
        return verdict_on(answer, self._veil, self._now())


def payload_of(notice: Notice) -> dict[str, Any]:
    """What a webhook is sent."""
    return {
        "version": "4",
        "groupKey": notice.group_key,
        "truncatedAlerts": 0,
        "status": "resolved" if notice.is_resolved else "firing",
        "receiver": notice.receiver,
        "groupLabels": dict(notice.group_labels),
        "commonLabels": _common(alert.labels for alert in notice.alerts),
        "commonAnnotations": _common(alert.annotations for alert in notice.alerts),
        "externalURL": notice.incident_url.rpartition("/incidents")[0],
        "alerts": [_alert(alert, notice.incident_url) for alert in notice.alerts],
        "notificationKey": notice.key,
        "kind": notice.kind.value,
    }


def moment(at: datetime) -> str:
    """RFC 3339 in UTC, as Go writes it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _alert(alert: AlertEntry, incident_url: str) -> dict[str, Any]:
    return {
        "status": "resolved" if alert.ends_at else "firing",
        "labels": dict(alert.labels),
        "annotations": dict(alert.annotations),
        "startsAt": moment(alert.starts_at),
        "endsAt": moment(alert.ends_at) if alert.ends_at else NEVER,
        "generatorURL": alert.annotations.get("incident_url") or incident_url,
        "fingerprint": fingerprint(alert.labels),
    }


def _common(sets: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """What all of them agree on, in the order of the first."""
    every = [list(each.items()) for each in sets]
    return dict(reduce(lambda kept, items: [item for item in kept if item in items], every)) if every else {}
