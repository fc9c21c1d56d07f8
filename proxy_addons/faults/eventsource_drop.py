"""`eventsource.drop`: an event never arrives."""

from typing import ClassVar

from proxy_addons.actions import Action, Drop
from proxy_addons.events import SsePassing
from proxy_addons.faults.base import Tally
from proxy_addons.faults.passing import EventFault


class DropEventSource(EventFault):
    """Loses an event of a stream: what comes after it goes on, so that the page has a gap that it must notice.

    Its id is lost with it: a browser that connects again names the one before, or the one after.
    """

    kind: ClassVar[str] = "eventsource.drop"
    colour: ClassVar[str] = "#f48fb1"

    def act(self, event: SsePassing, tally: Tally) -> Action:  # noqa: ARG002 - each one is lost alike
        return Drop()
