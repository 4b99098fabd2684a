"""What the page of a link shows of its speed tests."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from exporters.pages.sources import Sources
from exporters.past import PastUnavailableError
from exporters.speed_desk import SpeedResult, SpeedView
from model.inventory import Link
from model.speed_run import DIRECTIONS
from model.speed_schedule import Skip


@dataclass(frozen=True, slots=True)
class SpeedPart:
    """The speed tests of a link that has any.

    Attributes:
        known: What is known of them; ``None`` where the history cannot be read.
        who: Who looks, for the form; empty where that is not known.
        refused: Why the test that was just asked for is not run.
        wrong: The word for what is wrong with the form; empty where nothing is.
    """

    known: SpeedView | None
    who: str = ""
    refused: Skip | None = None
    wrong: str = ""

    @property
    def is_running(self) -> bool:
        """Whether a test goes on."""
        return self.known is not None and self.known.running_since is not None

    @property
    def last(self) -> Sequence[SpeedResult]:
        """The latest test that was run in each direction."""
        run = [test for test in self.known.tests if not test.skip] if self.known else []
        found = (next((test for test in run if test.direction == way), None) for way in DIRECTIONS)
        return [test for test in found if test is not None]

    def asked_by(self, who: str, answer: str) -> "SpeedPart":
        """As it is shown to somebody whose form was answered so: a reason, what is wrong with it, or nothing."""
        refused = Skip(answer) if answer in set(Skip) else None
        return replace(self, who=who, refused=refused, wrong=answer if answer == "name_missing" else "")


async def speed_part(sources: Sources, link: Link) -> SpeedPart | None:
    """The tests of a link as they are now; ``None`` of a link that the inventory does not want tested."""
    if sources.speeds is None or link.speed_test is None:
        return None
    try:
        return SpeedPart(await sources.speeds.view(link.id))
    except PastUnavailableError:
        return SpeedPart(None)
