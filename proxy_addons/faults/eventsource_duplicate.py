"""`eventsource.duplicate`: an event arrives twice."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Duplicate
from proxy_addons.events import SsePassing
from proxy_addons.faults.base import Tally
from proxy_addons.faults.passing import EventFault


class DuplicateEventSource(EventFault):
    """Delivers an event of a stream again, with the same id, at once or later, as a server does that resumes one event
    too early.
    """

    kind: ClassVar[str] = "eventsource.duplicate"
    colour: ClassVar[str] = "#ba68c8"

    copies: int = Field(default=1, ge=1, le=1000, description="How many times it comes again.")
    apart_ms: float = Field(default=0, ge=0, allow_inf_nan=False, description="The time between two of them.")

    def act(self, event: SsePassing, tally: Tally) -> Action:  # noqa: ARG002 - each one comes again alike
        return Duplicate(self.copies, self.apart_ms)
