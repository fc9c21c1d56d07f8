"""`eventsource.end`: the server ends an event stream as it should."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, End
from proxy_addons.events import Event
from proxy_addons.faults.base import Fault, Tally, reached


class EndEventSource(Fault):
    """Ends the body of an event stream cleanly: the browser connects again after its reconnection time.

    What a gateway with a limit on the duration of a request does, or a server that restarts with care.
    """

    kind: ClassVar[str] = "eventsource.end"
    colour: ClassVar[str] = "#bcbd22"

    after_events: int = Field(default=0, ge=0, description="How many events pass first; 0: as soon as it is open.")

    def decide(self, event: Event, tally: Tally) -> Action | None:
        return End() if reached(event, self.after_events, tally) else None
