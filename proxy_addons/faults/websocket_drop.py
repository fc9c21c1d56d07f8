"""`websocket.drop`: a message never arrives."""

from typing import ClassVar

from proxy_addons.actions import Action, Drop
from proxy_addons.events import MessagePassing
from proxy_addons.faults.base import Tally
from proxy_addons.faults.passing import MessageFault


class DropWebSocket(MessageFault):
    """Loses a WebSocket message: what comes after it goes on, so that the other side has a gap that it must notice.

    TCP never does this; brokers, queues that overflow and restarting servers do.
    """

    kind: ClassVar[str] = "websocket.drop"
    colour: ClassVar[str] = "#f1948a"

    def act(self, message: MessagePassing, tally: Tally) -> Action:  # noqa: ARG002 - each one is lost alike
        return Drop()
