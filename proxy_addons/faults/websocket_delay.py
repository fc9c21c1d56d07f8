"""`websocket.delay`: a message arrives late."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Delay
from proxy_addons.events import MessagePassing
from proxy_addons.faults.base import Tally
from proxy_addons.faults.passing import MessageFault


class DelayWebSocket(MessageFault):
    """Delivers a WebSocket message later; what comes after it does not wait and overtakes it.

    A client that takes the last message for the newest one now shows an old state.
    """

    kind: ClassVar[str] = "websocket.delay"
    colour: ClassVar[str] = "#f8c471"

    ms: float = Field(default=1000, gt=0, allow_inf_nan=False, description="How much later it arrives.")

    def act(self, message: MessagePassing, tally: Tally) -> Action:  # noqa: ARG002 - each one waits alike
        return Delay(self.ms)
