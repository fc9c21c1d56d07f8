"""`websocket.reset`: a WebSocket breaks in the roughest way."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Reset
from proxy_addons.events import Event
from proxy_addons.faults.base import Fault, Tally, reached


class ResetWebSocket(Fault):
    """Resets the connection of a WebSocket (RST): what was on its way is lost, and the browser reports 1006.

    What a firewall does whose table was emptied, and a server that is killed with unread data.
    """

    kind: ClassVar[str] = "websocket.reset"
    colour: ClassVar[str] = "#922b21"

    after_messages: int = Field(default=0, ge=0, description="How many messages pass first; 0: as soon as it is open.")

    def decide(self, event: Event, tally: Tally) -> Action | None:
        return Reset() if reached(event, self.after_messages, tally) else None
