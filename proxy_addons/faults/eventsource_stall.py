"""`eventsource.stall`: the stream is open and silent."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Stall
from proxy_addons.events import Event
from proxy_addons.faults.base import Fault, Tally, reached


class StallEventSource(Fault):
    """Keeps an event stream open and passes nothing on any more; an EventSource never notices by itself.

    What a buffering proxy does. What was held back goes on after `for_ms`, or when the rule is healed.
    """

    kind: ClassVar[str] = "eventsource.stall"
    colour: ClassVar[str] = "#8c564b"

    after_events: int = Field(default=0, ge=0, description="How many events pass first; 0: as soon as it is open.")
    for_ms: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="For how long; without it, until the rule is healed."
    )

    def decide(self, event: Event, tally: Tally) -> Action | None:
        return Stall(frozenset({"to_client"}), self.for_ms) if reached(event, self.after_events, tally) else None
