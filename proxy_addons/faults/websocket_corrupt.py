"""`websocket.corrupt`: a message arrives that makes no sense."""

from typing import ClassVar, Literal

from pydantic import Field

from proxy_addons.actions import Action, Replace
from proxy_addons.events import MessagePassing
from proxy_addons.faults.base import Tally
from proxy_addons.faults.corruption import Corrupting
from proxy_addons.faults.passing import MessageFault


class CorruptWebSocket(Corrupting, MessageFault):
    """Changes a WebSocket message by a mutation of its JSON, by a JSON Pointer with a replacement, or to other data;
    without any of these, it is cut in half.

    `frame` alone leaves the data as they are: text that comes as binary is a Blob in a browser, binary that comes as
    text need not be UTF-8, and then the browser fails the connection (1007).
    """

    kind: ClassVar[str] = "websocket.corrupt"
    colour: ClassVar[str] = "#e74c3c"

    frame: Literal["text", "binary"] | None = Field(
        default=None, description="As what it goes out; without it, as what it came."
    )

    def act(self, message: MessagePassing, tally: Tally) -> Action | None:
        as_text = None if self.frame is None else self.frame == "text"
        if self.frame and not self.changes_data:
            return None if as_text == message.text else Replace(message.data, as_text)
        data = self.corrupted(message.data, tally)
        return None if data is None else Replace(data, as_text)
