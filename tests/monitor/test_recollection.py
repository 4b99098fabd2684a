"""What a new process remembers, and when it may write down what holds now."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from history.errors import HistoryError
from model.inventory import Inventory
from monitor.accounts import Accounts
from monitor.recollection import Recollection
from tests.peers.facts import moment, opened

INVENTORY = Inventory.model_validate({
    "sites": [{"id": "office", "links": [{"id": "l", "target": "icmp://192.0.2.1"}]}]
})


async def test_nothing_is_written_before_the_history_has_told_what_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Terms that held before would look new; once it can be read they are written, and only once."""
    async with opened(f"sqlite:///{tmp_path / 'history.db'}") as store:
        recollection = Recollection(store, Accounts(), lambda: INVENTORY)

        async def refuse(*_: object) -> None:
            raise HistoryError("it cannot be read", "wait")

        with monkeypatch.context() as locked:
            locked.setattr(store, "transitions", refuse)
            assert await recollection.begin(moment(0)) is None
            await recollection.write({}, moment(1))
            await recollection.try_again()
            assert await store.terms(moment(0), moment(10)) == {}
        await recollection.try_again()
        now = datetime.now(UTC)
        (rows,) = (await store.terms(now, now)).values()
        assert len(rows) == 1
        await recollection.try_again()
        await recollection.write({}, now)
        assert len((await store.terms(now, now))["link", "l"]) == 1


async def test_what_held_before_is_not_written_anew(tmp_path: Path) -> None:
    """A restart with the same inventory adds nothing; it begins where the last heartbeat ended, or now."""
    async with opened(f"sqlite:///{tmp_path / 'history.db'}") as store:
        for seconds in (0, 100):
            recollection = Recollection(store, Accounts(), lambda: INVENTORY)
            assert await recollection.begin(moment(seconds)) == moment(seconds)
            await recollection.write({}, moment(seconds))
        assert [row.since for row in (await store.terms(moment(0), moment(200)))["link", "l"]] == [moment(0)]
