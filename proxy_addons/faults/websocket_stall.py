"""`websocket.stall`: the connection is there and nothing moves."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Stall
from proxy_addons.events import Event
from proxy_addons.faults.base import Fault, Tally, reached
from proxy_addons.faults.directions import Way, directions


class StallWebSocket(Fault):
    """Keeps a WebSocket open and passes nothing on any more: half-open, no error and no close in the browser.

    What a NAT that forgot the connection does. What was held back goes on after `for_ms`, or when the rule is healed.
    """

    kind: ClassVar[str] = "websocket.stall"
    colour: ClassVar[str] = "#7f7f7f"

    direction: Way = Field(default="both", description="Which way is silent.")
    for_ms: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="For how long; without it, until the rule is healed."
    )
    after_messages: int = Field(default=0, ge=0, description="How many messages pass first; 0: as soon as it is open.")

    def decide(self, event: Event, tally: Tally) -> Action | None:
        return Stall(directions(self.direction), self.for_ms) if reached(event, self.after_messages, tally) else None
