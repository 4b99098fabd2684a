"""What the daemon remembers between two events, room by room."""

from dataclasses import dataclass, field
from datetime import datetime

from model.inventory import Inventory
from monitor.accounts import Accounts
from monitor.heart import Heart
from monitor.hours import Hours
from monitor.quality import LinkQuality
from monitor.service_quality import ServiceQuality
from monitor.smoke import Smoke
from monitor.speed.loading import Loading
from monitor.states import States


@dataclass(frozen=True, slots=True)
class Memory:
    """All that is known now.

    Attributes:
        heart: Since when we have been looking.
        hours: What was measured of each link in the hour that goes on.
        states: The state of everything.
        quality: Windows and verdicts of links.
        services: The same of services.
        accounts: The month's account of links and services.
        smoke: The round-trip times of the last hours.
        loading: What a speed test of ours fills.
    """

    heart: Heart
    hours: Hours
    states: States = field(default_factory=States)
    quality: LinkQuality = field(default_factory=LinkQuality)
    services: ServiceQuality = field(default_factory=ServiceQuality)
    accounts: Accounts = field(default_factory=Accounts)
    smoke: Smoke = field(default_factory=Smoke)
    loading: Loading = field(default_factory=Loading)

    @classmethod
    def begun(cls, utc: datetime, monotonic: float) -> "Memory":
        """Empty, from now on.

        Args:
            utc: Now, aware.
            monotonic: The same, monotonic seconds.
        """
        return cls(Heart(utc, monotonic), Hours(utc))

    def load(self, inventory: Inventory, began: datetime) -> None:
        """Take over an inventory: what stays the same is remembered.

        Args:
            inventory: What is watched.
            began: From when on what is new is accounted for, aware UTC.
        """
        self.hours.load(inventory)
        self.smoke.load(inventory)
        self.quality.load(inventory)
        self.services.load(inventory)
        self.accounts.beat(self.heart.run)
        self.accounts.load(inventory, began, max(began, self.heart.run.until))
