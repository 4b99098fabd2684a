"""What the history knows of the time before this process, and what it is told of what holds from now on."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from history.facts import Document
from history.store import Store
from model.inventory import Inventory
from model.maintenance import Announcement
from model.measurement import SubjectKey
from monitor.accounts import Accounts
from monitor.past import news, remember
from monitor.terms import known_terms, news_of, terms_of


class Recollection:
    """Reads what was, as soon as it can be read; writes what is new, and not before it knows what is old.

    Args:
        store: The history.
        accounts: The month, which is to know what happened in it.
        inventory: What holds now.
    """

    def __init__(self, store: Store, accounts: Accounts, inventory: Callable[[], Inventory]) -> None:
        self._store = store
        self._accounts = accounts
        self._inventory = inventory
        self._began: datetime | None = None  # while the time before is not known
        self._terms: Mapping[SubjectKey, Document] = {}

    async def begin(self, began: datetime) -> datetime | None:
        """Read the time before.

        Args:
            began: When the monitor began, aware UTC.

        Returns:
            The end of its last heartbeat, ``began`` where there is none; ``None`` where nothing can be read.
        """
        last = await remember(self._store, self._accounts, began)
        if last is not None:
            self._began = None
            self._terms = await known_terms(self._store, began)
        else:
            self._began = began
        return last

    async def try_again(self) -> None:
        """A history that could not be read at the start is read as soon as it can be."""
        if self._began is not None and await self.begin(self._began) is not None:
            await self.write({}, datetime.now(UTC))

    async def write(self, announced: Mapping[str, Announcement], now: datetime) -> None:
        """Write down what is new; not before the history has told what is old.

        Args:
            announced: The maintenance that was announced before.
            now: Aware UTC.
        """
        if self._began is not None:
            return
        before, self._terms = self._terms, terms_of(self._inventory())
        facts = [*news(announced, self._accounts.announcements, now), *news_of(before, self._terms, now)]
        if facts:
            await self._store.record(*facts)
