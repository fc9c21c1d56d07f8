"""`eventsource.reorder`: an event arrives behind the next."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Reorder
from proxy_addons.events import SsePassing
from proxy_addons.faults.base import Tally
from proxy_addons.faults.passing import EventFault


class ReorderEventSource(EventFault):
    """Delivers an event of a stream right behind those that follow it, as several senders without a common order do.

    Where nothing follows, it waits. The id that the browser keeps is then that of the older event.
    """

    kind: ClassVar[str] = "eventsource.reorder"
    colour: ClassVar[str] = "#7b1fa2"

    behind: int = Field(default=1, ge=1, description="Behind how many of those that follow.")

    def act(self, event: SsePassing, tally: Tally) -> Action:  # noqa: ARG002 - each one moves alike
        return Reorder(self.behind)
