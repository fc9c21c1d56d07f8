"""`websocket.abort`: the network loses a WebSocket."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Abort, Action
from proxy_addons.events import Event
from proxy_addons.faults.base import Fault, Tally, reached


class AbortWebSocket(Fault):
    """Ends a WebSocket without a close frame (FIN): the browser reports close code 1006.

    This is what a page sees when the server's process dies or a load balancer drops an idle connection.
    """

    kind: ClassVar[str] = "websocket.abort"
    colour: ClassVar[str] = "#d62728"

    after_messages: int = Field(default=0, ge=0, description="How many messages pass first; 0: as soon as it is open.")

    def decide(self, event: Event, tally: Tally) -> Action | None:
        return Abort() if reached(event, self.after_messages, tally) else None
