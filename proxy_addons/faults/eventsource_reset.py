"""`eventsource.reset`: an event stream breaks in the roughest way."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Reset
from proxy_addons.events import Event
from proxy_addons.faults.base import Fault, Tally, reached


class ResetEventSource(Fault):
    """Resets the connection of an event stream (RST): what was on its way is lost, and the browser connects again."""

    kind: ClassVar[str] = "eventsource.reset"
    colour: ClassVar[str] = "#c2185b"

    after_events: int = Field(default=0, ge=0, description="How many events pass first; 0: as soon as it is open.")

    def decide(self, event: Event, tally: Tally) -> Action | None:
        return Reset() if reached(event, self.after_events, tally) else None
