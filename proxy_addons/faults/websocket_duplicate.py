"""`websocket.duplicate`: a message arrives twice."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Duplicate
from proxy_addons.events import MessagePassing
from proxy_addons.faults.base import Tally
from proxy_addons.faults.passing import MessageFault


class DuplicateWebSocket(MessageFault):
    """Delivers a WebSocket message again, at once or later, as a sender does that missed the acknowledgement."""

    kind: ClassVar[str] = "websocket.duplicate"
    colour: ClassVar[str] = "#dc7633"

    copies: int = Field(default=1, ge=1, le=1000, description="How many times it comes again.")
    apart_ms: float = Field(default=0, ge=0, allow_inf_nan=False, description="The time between two of them.")

    def act(self, message: MessagePassing, tally: Tally) -> Action:  # noqa: ARG002 - each one comes again alike
        return Duplicate(self.copies, self.apart_ms)
