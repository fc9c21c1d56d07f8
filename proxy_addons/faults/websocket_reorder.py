"""`websocket.reorder`: a message arrives behind the next."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Reorder
from proxy_addons.events import MessagePassing
from proxy_addons.faults.base import Tally
from proxy_addons.faults.passing import MessageFault


class ReorderWebSocket(MessageFault):
    """Delivers a WebSocket message right behind those that follow it, as several senders without a common order do.

    Where nothing follows, it waits.
    """

    kind: ClassVar[str] = "websocket.reorder"
    colour: ClassVar[str] = "#eb984e"

    behind: int = Field(default=1, ge=1, description="Behind how many of those that follow.")

    def act(self, message: MessagePassing, tally: Tally) -> Action:  # noqa: ARG002 - each one moves alike
        return Reorder(self.behind)
