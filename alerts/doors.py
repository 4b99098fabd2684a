"""From the inventory to the channels that lead to its receivers."""

from collections.abc import Mapping

from alerts.directory import Book
from alerts.receivers.channels import channel_of, channels_of
from alerts.receivers.delivery import Channel
from model.alerting import Alerts, Person


class Doors:
    """Opens channels, and keeps each as long as it is configured the same, with all that it remembers."""

    def __init__(self) -> None:
        self._open: dict[Channel, Channel] = {}

    def book(self, alerts: Alerts, people: Mapping[str, Person]) -> Book:
        """The directory of an inventory.

        Raises:
            InvalidValueError: A URL cannot be used; the message says how to mend it and does not hold it. What was
                open stays so.
        """
        known = dict(self._open)
        own = {
            name: tuple(known.setdefault(channel, channel) for channel in channels_of(receiver))
            for name, receiver in alerts.receivers.items()
            if not receiver.team
        }
        persons = {
            name: tuple(
                known.setdefault(channel, channel)
                for channel in (channel_of(url.get_secret_value()) for url in person.channels)
            )
            for name, person in people.items()
        }
        book = Book(own, tuple(name for name, receiver in alerts.receivers.items() if receiver.team), persons)
        self._open = {channel: known[channel] for channel in book.channels()}
        return book
