"""Sessions and pollers against agents on loopback, closed together at the end of a test."""

from collections.abc import Sequence
from typing import Literal, Self

from model.inventory import Credentials, SnmpPolling
from model.measurement import Failure, SnmpReading
from monitor.snmp.columns import COLUMNS, Column
from monitor.snmp.engines import Engines
from monitor.snmp.poller import ROW_LIMIT, DevicePoller
from monitor.snmp.session import Session

Engine = Literal["gufo", "pysnmp"]
PUBLIC = Credentials(version="2c", community="public")
V1 = Credentials(version="1", community="public")


def polling(port: int, engine: Engine = "gufo", timeout: str = "1s", retries: int = 0) -> SnmpPolling:
    """How to poll a peer on loopback."""
    return SnmpPolling(credentials="v2", port=port, engine=engine, timeout=timeout, retries=retries)


class OpenSession:
    """Opens sessions with agents on ports of loopback."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._opened: list[Session] = []

    async def __call__(
        self,
        port: int,
        engine: Engine = "gufo",
        credentials: Credentials = PUBLIC,
        *,
        timeout: str = "1s",
        retries: int = 0,
    ) -> Session:
        """Open one."""
        session = await self._engines.open("127.0.0.1", polling(port, engine, timeout, retries), credentials)
        self._opened.append(session)
        return session

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for session in self._opened:
            session.close()


class MakePoller:
    """Makes pollers of agents on ports of loopback."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._made: list[DevicePoller] = []

    def __call__(
        self,
        port: int,
        engine: Engine = "gufo",
        credentials: Credentials = PUBLIC,
        columns: Sequence[Column] = COLUMNS,
        *,
        timeout: str = "1s",
        retries: int = 0,
        row_limit: int = ROW_LIMIT,
        address: str = "127.0.0.1",
    ) -> DevicePoller:
        """Make one."""
        how = polling(port, engine, timeout, retries)
        poller = DevicePoller(lambda: self._engines.open(address, how, credentials), columns, row_limit=row_limit)
        self._made.append(poller)
        return poller

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for poller in self._made:
            poller.close()


async def read(poller: DevicePoller) -> SnmpReading:
    """A poll that must succeed."""
    outcome = await poller.poll()
    assert isinstance(outcome, SnmpReading), outcome
    return outcome


async def fail(poller: DevicePoller) -> Failure:
    """A poll that must fail."""
    outcome = await poller.poll()
    assert isinstance(outcome, Failure), outcome
    return outcome
