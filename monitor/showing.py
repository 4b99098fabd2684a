"""A change of state that is on the disk is shown, counted, told to whoever waits for it, and logged."""

import logging
from dataclasses import dataclass

from exporters.feed import Feed
from exporters.latest import Latest
from monitor.alerting import Alerting
from monitor.hurry import Hurry
from monitor.memory import Memory
from monitor.states import Change

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Showing:
    """Who is told of changes.

    Attributes:
        memory: Lets them count.
        hurry: Asks at once what would explain them.
        alerting: Decides whether somebody is to be told.
        latest: Shows them in metrics and answers.
        feed: Tells the open pages.
    """

    memory: Memory
    hurry: Hurry
    alerting: Alerting
    latest: Latest
    feed: Feed

    def show(self, change: Change) -> None:
        """Show a change that is on the disk, and let it count."""
        noun, name = change.subject
        if change.transition is not None:
            self.memory.accounts.enter(change.transition)
            self.hurry.turned(change.transition)
        self.alerting.saw(change)
        self.latest.set_state(noun, name, change.shown)
        self.feed.said(change.subject)
        reason = change.transition.evidence.get("because") if change.transition else None
        log.info("%s %s is %s%s", noun, name, change.shown, f": {reason}" if reason else "")

    def show_all(self) -> None:
        """What a reload has made anew in the picture knows nothing of states that have not changed."""
        for (noun, name), (state, _) in self.memory.states.snapshot().items():
            self.latest.set_state(noun, name, state)
