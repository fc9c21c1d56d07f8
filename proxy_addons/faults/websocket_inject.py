"""`websocket.inject`: a message that the other side never sent."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Insert
from proxy_addons.events import Event
from proxy_addons.faults.base import Fault, Tally
from proxy_addons.faults.passing import beside
from proxy_addons.mutations import stranger


class InjectWebSocket(Fault):
    """Slips a message of its own into a WebSocket: as the client's first one when it opens, or beside the nth message.

    Without `data` it is a JSON object of a kind that nobody knows, with the canary token in it.
    """

    kind: ClassVar[str] = "websocket.inject"
    colour: ClassVar[str] = "#fad7a0"

    data: str | None = Field(default=None, description="What it says.")
    binary: bool = Field(default=False, description="Whether it is a binary message, of the UTF-8 of that.")
    after_messages: int = Field(default=0, ge=0, description="Behind which message; 0: as soon as the socket is open.")
    before: bool = Field(default=False, description="Whether it comes before that message and not behind it.")

    def decide(self, event: Event, tally: Tally) -> Action | None:
        if not beside(event, self.after_messages, tally):
            return None
        data = stranger(tally.key) if self.data is None else self.data.encode()
        return Insert(data, before=self.before, as_text=not self.binary)
