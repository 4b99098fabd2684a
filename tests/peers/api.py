"""Stands for the daemon behind the API."""

from exporters.latest import Latest
from exporters.status import Status, status_of
from tests.peers.board import full_board
from tests.peers.past import Kept


class Ward:
    """Stands for the daemon; what it shows is what it keeps."""

    def __init__(self) -> None:
        self.kept = Kept()
        self.latest: Latest = full_board()

    def status(self) -> Status:
        """The state of everything."""
        states = {key: state for key, (state, _) in self.kept.states.items()}
        since = {key: at for key, (_, at) in self.kept.states.items() if at is not None}
        return status_of(self.kept.inventory, states, since, self.kept.now())

    async def reload(self) -> list[str]:
        """Nothing is wrong."""
        return []

    def ready(self) -> str | None:
        """It is."""
        return None
