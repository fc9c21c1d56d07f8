"""`websocket.stall`: the connection is there and nothing moves."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from proxy_addons.actions import Action, Stall
from proxy_addons.events import Direction, Event
from proxy_addons.faults.base import Fault, Tally, reached

_DIRECTIONS: dict[str, frozenset[Direction]] = {
    "to_client": frozenset({"to_client"}),
    "to_server": frozenset({"to_server"}),
    "both": frozenset({"to_client", "to_server"}),
}


class StallWebSocket(Fault):
    """Keeps a WebSocket open and passes nothing on any more: half-open, no error and no close in the browser.

    What a NAT that forgot the connection does. What was held back goes on when the rule is healed.
    """

    kind: ClassVar[str] = "websocket.stall"
    colour: ClassVar[str] = "#7f7f7f"

    direction: Literal["to_client", "to_server", "both"] = Field(default="both", description="Which way is silent.")
    after_messages: int = Field(default=0, ge=0, description="How many messages pass first; 0: as soon as it is open.")

    def decide(self, event: Event, tally: Tally) -> Sequence[Action]:
        return [Stall(_DIRECTIONS[self.direction])] if reached(event, self.after_messages, tally) else []
