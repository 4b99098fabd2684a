"""Which channel a URL or a receiver of the inventory is."""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from alerts.receivers.alertmanager import Alertmanager
from alerts.receivers.apprise import Apprise
from alerts.receivers.delivery import Channel
from alerts.receivers.log import Log
from alerts.receivers.mail import Mail
from alerts.receivers.webhook import Webhook
from alerts.receivers.zalo import Zalo
from model.alerting import Receiver
from model.invalid import InvalidValueError

_OURS: Final[Mapping[str, Callable[[str], Channel]]] = {"zalo": Zalo, "mailto": Mail, "mailtos": Mail}


def channel_of(url: str) -> Channel:
    """The channel of one of a person's ``channels`` or a receiver's ``urls``.

    Raises:
        InvalidValueError: It cannot be used; the message says how to mend it and does not hold it.
    """
    try:
        scheme = urlsplit(url.strip()).scheme
    except ValueError:
        raise InvalidValueError("this is no URL", "write one such as zalo://TOKEN/CHAT_ID") from None
    return _OURS.get(scheme, Apprise)(url.strip())


def takes_letters(receiver: Receiver) -> bool:
    """Whether one of its channels can carry files."""
    return any(is_mail(url.get_secret_value()) for url in receiver.urls)


def is_mail(url: str) -> bool:
    """Whether it is mail that a URL leads to."""
    return urlsplit(url.strip()).scheme in {"mailto", "mailtos"}


def channels_of(receiver: Receiver) -> tuple[Channel, ...]:
    """The channels of a receiver, all of which are sent to; none for a team, whose people have their own.

    Raises:
        InvalidValueError: As ``channel_of``.
    """
    if receiver.log:
        return (Log(),)
    if receiver.webhook:
        return (Webhook(receiver.webhook.get_secret_value()),)
    if receiver.alertmanager:
        return (Alertmanager([url.get_secret_value() for url in receiver.alertmanager]),)
    return tuple(channel_of(url.get_secret_value()) for url in receiver.urls)
