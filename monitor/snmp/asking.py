"""Asking for a batch until the agent answers: smaller when it is too big, without the cell that it fails on."""

from typing import Final, NamedTuple

from monitor.snmp.columns import SYS_UPTIME
from monitor.snmp.plan import Batch
from monitor.snmp.session import NO_SUCH_NAME, TOO_BIG, RefusalError, Session, Value

_SPLITS: Final = 400


class Answer(NamedTuple):
    """One answered request."""

    batch: Batch
    values: dict[str, Value]


class Asker:
    """Asks batches of one poll. What the agent refuses costs at most 400 further requests in all.

    Attributes:
        was_too_big: Whether a batch had to be made smaller: plan smaller ones from now on.
    """

    __slots__ = ("_agent_works", "_session", "_splits", "was_too_big")

    def __init__(self, session: Session) -> None:
        self._session = session
        self._splits = _SPLITS
        self._agent_works = False
        self.was_too_big = False

    async def ask(self, batch: Batch, witness: str | None = None) -> list[Answer]:
        """Ask a batch, and the cell ``witness`` beside it if the agent takes it all at once.

        Returns:
            One answer, or several where it had to be split; a cell that the agent fails on is in none.

        Raises:
            SnmpError: The agent is silent, or it refuses even sysUpTime.
        """
        try:
            asked = batch.oids if witness is None else (*batch.oids, witness)
            return [Answer(batch, await self._session.get_many(asked))]
        except RefusalError as refusal:
            return await self._ask_less(batch, refusal)

    async def _ask_less(self, batch: Batch, refusal: RefusalError) -> list[Answer]:
        answers: list[Answer] = []
        waiting = await self._smaller(batch, refusal)
        while waiting:
            batch = waiting.pop()
            try:
                answers.append(Answer(batch, await self._session.get_many(batch.oids)))
            except RefusalError as again:
                waiting += await self._smaller(batch, again)
        return answers

    async def _smaller(self, batch: Batch, refusal: RefusalError) -> list[Batch]:
        self._splits -= 1
        if self._splits < 0:
            raise refusal
        if refusal.status == TOO_BIG:
            return self._halves(batch, refusal)
        if refusal.status != NO_SUCH_NAME:
            await self._ask_whether_it_works(refusal)
        if refusal.index > len(batch.oids):  # the witness
            return [batch]
        if refusal.index > 0:
            rest = batch.without(batch.oids[refusal.index - 1])
            return [rest] if rest.oids else []
        return self._halves(batch, refusal)

    def _halves(self, batch: Batch, refusal: RefusalError) -> list[Batch]:
        halves = batch.halves()
        if refusal.status in {TOO_BIG, None}:
            self.was_too_big = True
            if halves is None:  # one cell and the head: there is nothing smaller to ask
                raise refusal
        return list(halves or ())

    async def _ask_whether_it_works(self, refusal: RefusalError) -> None:
        # An agent that fails on everything must not be asked for each cell alone.
        if not self._agent_works:
            if not await self._session.get_many((SYS_UPTIME,)):
                raise refusal
            self._agent_works = True
