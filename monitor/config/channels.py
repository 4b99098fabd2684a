"""Whether the ways out that an inventory names can be used: found when it is loaded, not at the first message."""

from collections.abc import Iterable, Iterator

from pydantic import SecretStr

from alerts.receivers.channels import channel_of, channels_of, takes_letters
from alerts.receivers.mail import Mail
from model.finding import Finding, Path
from model.invalid import InvalidValueError
from model.inventory import Inventory


def check_channels(inventory: Inventory) -> Iterator[Finding]:
    """Each channel of a person and each receiver that cannot be used; what is said of it holds no secret."""
    for name, person in inventory.people.items():
        yield from _urls(("people", name, "channels"), person.channels)
    for name, receiver in inventory.alerts.receivers.items():
        path = ("alerts", "receivers", name)
        if receiver.urls:
            yield from _urls((*path, "urls"), receiver.urls)
            continue
        try:
            channels_of(receiver)
        except InvalidValueError as error:
            yield Finding(path, error.what, error.mend)
    yield from _reports(inventory)


def _reports(inventory: Inventory) -> Iterator[Finding]:
    """The review has files, which only mail can carry."""
    for number, name in enumerate(inventory.reports.receivers):
        receiver = inventory.alerts.receivers.get(name)
        if receiver is not None and not takes_letters(receiver):
            mend = "name one whose `urls` hold a mailto:// or mailtos:// URL, or write the URL under `mail_to`"
            yield Finding(("reports", "receivers", number), f"receiver `{name}` cannot take files", mend)
    for number, url in enumerate(inventory.reports.mail_to):
        try:
            Mail(url.get_secret_value())
        except InvalidValueError as error:
            yield Finding(("reports", "mail_to", number), error.what, error.mend)


def _urls(path: Path, urls: Iterable[SecretStr]) -> Iterator[Finding]:
    for number, url in enumerate(urls):
        try:
            channel_of(url.get_secret_value())
        except InvalidValueError as error:
            yield Finding((*path, number), error.what, error.mend)
